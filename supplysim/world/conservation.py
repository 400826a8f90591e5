"""The laws that hold in every week of every world, in whole units (MODEL 14)."""

from __future__ import annotations

import numpy as np

from supplysim.agents.kinds import KINDS
from supplysim.world.columns import GENERATIONS
from supplysim.world.state import World

BOOKS = ("direct", "in_transit", "seized", "deployed", "disabled")


class ConservationError(AssertionError):
    """Something was lost or made out of nothing: the model is wrong, not its input."""


def chip_imbalance(w: World) -> np.ndarray:
    """Return chips minted less chips found anywhere, int64, shape (generations,); zero by law."""
    chips = w.chips[0]
    by_product = chips["minted"] - sum(chips[book] for book in BOOKS)
    held = sum(kind.chips(w) for kind in KINDS) + chips["honest_disabled"]
    return by_product.reshape(-1, GENERATIONS).sum(axis=0) - held


def money_imbalance(w: World) -> int:
    """Return the sum of all cash, US$; zero by law."""
    accounts = w.accounts[0]
    firms = sum(kind.rows(w)["cash"].sum() for kind in KINDS if kind.has("cash"))
    return int(firms + sum(accounts[name] for name in w.accounts.dtype.names or ()))


def fund_imbalance(w: World, week: int) -> int:
    """Return what the fund holds less start money and fines, plus awards and staff paid, US$; zero by law."""
    past = w.tally[: week + 1]
    came, went = (
        sum(past[flow].sum() for flow in flows)
        for flows in (("fund_start", "fund_fines"), ("fund_awards", "fund_staff"))
    )
    return int(w.office.agencies["fund"].sum() - came + went)


def order_imbalance(w: World, week: int) -> int:
    """Return chips ordered less delivered, seized, cancelled, open and in transit up to a week; zero by law."""
    past, now = w.tally[: week + 1], w.tally[week]
    gone = sum(past[flow].sum() for flow in ("delivered", "seized_border", "seized_cases", "cancelled"))
    return int(past["ordered"].sum() - gone - now["open"] - now["in_transit"])


def featured_exceeds(w: World) -> bool:
    """Return whether featured chips anywhere exceed the chips they are among, or any stock is negative."""
    chips = w.chips[0]
    pairs = [
        (chips[f"{book}_{feature}"], chips[whole])
        for book, whole in (("transit", "in_transit"), ("deployed", "deployed"))
        for feature in ("reporting", "switched")
    ]
    for kind in KINDS:
        for feature in kind.featured:
            part, stock = kind.rows(w)[feature], kind.rows(w)[kind.stock[0]]
            pairs.append((part, stock if part.ndim == stock.ndim else stock.sum(axis=1)))
    return any(bool(((part < 0) | (part > held)).any()) for part, held in pairs)


def assert_conserved(w: World, week: int) -> None:
    """Raise ConservationError if a law is broken at the end of a week."""
    if chip_imbalance(w).any():
        raise ConservationError(f"week {week}: chips out of balance by {chip_imbalance(w).tolist()}")
    if money_imbalance(w):
        raise ConservationError(f"week {week}: money out of balance by {money_imbalance(w)} US$")
    if fund_imbalance(w, week) or w.office.agencies["fund"].min() < 0:
        raise ConservationError(f"week {week}: whistleblower fund out of balance by {fund_imbalance(w, week)} US$")
    if order_imbalance(w, week):
        raise ConservationError(f"week {week}: orders out of balance by {order_imbalance(w, week)} chips")
    if featured_exceeds(w):
        raise ConservationError(f"week {week}: more featured chips than chips")
