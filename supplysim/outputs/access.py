"""The access table: what a buyer in China pays, waits for and risks, channel by channel (MODEL 16.7).

The comparison of the public debate, produced by the model wherever it can be, and from named evidence where not.
NaN says that neither knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.evidence import quantities
from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.world.records import ARRIVED

if TYPE_CHECKING:
    from supplysim.world.state import World

CHANNELS = ("smuggled", "licensed", "rented", "offshore", "domestic")

# Column -> unit, meaning.
COLUMNS = {
    "price": ("US$/H100e", "paid by the buyer; rented: US$ an H100e-year, for contracts of the year"),
    "wait": ("weeks", "from order to delivery, mean over chips that arrived"),
    "seized_share": ("share", "of chips that are seized rather than delivered"),
    "caught_chance": ("1/year", "chance that an active seller is prosecuted or listed within a year"),
    "chip_h100e": ("H100e/chip", "compute of a chip sold; an H100e is the training throughput of an H100"),
    "training": ("TFLOP/s", "effective training throughput of a chip sold"),
    "inference": ("TFLOP/s", "effective inference throughput of a chip sold, equivalent"),
    "taste": ("utility", "software support and whatever else speaks for the channel beside price and wait"),
    "quantity": ("H100e", "acquired in the year; rented: newly rented"),
    "source": ("", "what does not come from the model, and from where"),
}

SOURCES = {
    "smuggled": "model; throughput of an H100e: Q043 Q045a",
    "licensed": "price and throughput of an H20: Q089c Q089d Q044a Q045b; of a licensed class: list price, Q043 Q045a; "
    "lawful; no wait modelled; the taste holds the price",
    "offshore": "list price of the mix of direct contracts; throughput: Q043 Q045a; lawful; no wait modelled",
    "rented": "price index of the model x rental_reference (Q086 Q141); throughput: Q043 Q045a; let by the H100e; "
    "lawful; no wait modelled",
    "domestic": "throughput of a 910C: Q044b Q045c; lawful; no price in the evidence; no wait modelled; "
    "the taste holds the price",
}


def value(identity: str) -> float:
    """Return a quantity's central value, or the middle of its range."""
    row = quantities()[identity]
    known = [row.central] if row.central is not None else [end for end in (row.low, row.high) if end is not None]
    return sum(known) / len(known)


# Effective throughput, TFLOP/s: training, inference.
H100 = np.array([value("Q043"), value("Q045a")])
H20 = np.array([value("Q044a"), value("Q045b")])
ASCEND_910C = np.array([value("Q044b"), value("Q045c")])
H20_PRICES = {2024: value("Q089c"), 2025: value("Q089d")}  # US$/chip; the nearest year's outside


def access(world: World, columns: Mapping[str, np.ndarray], first_year: int) -> dict[tuple[int, str], dict[str, Any]]:
    """Return the access table, by year and channel: one value a column of `COLUMNS`.

    Parameters
    ----------
    world : World
        A run.
    columns : mapping of str to ndarray, shape (weeks,)
        Its weekly books.
    first_year : int
        Calendar year of week 0.
    """
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    last = columns["delivered"].size
    for first in range(0, last, WEEKS_A_YEAR):
        year, span = first_year + first // WEEKS_A_YEAR, slice(first, min(first + WEEKS_A_YEAR, last))
        weeks = {name: column[span] for name, column in columns.items()}
        for channel, row in (
            ("smuggled", smuggled(world, weeks, span)),
            ("licensed", licensed(world, weeks, span, year)),
            ("rented", rented(world, weeks, span)),
            ("offshore", offshore(world, weeks, span)),
            ("domestic", domestic(world, weeks, span)),
        ):
            rows[year, channel] = {name: float(row[name]) for name in COLUMNS if name != "source"}
            rows[year, channel]["source"] = SOURCES[channel]
    return rows


def smuggled(world: World, weeks: Mapping[str, np.ndarray], span: slice) -> dict[str, float]:
    """Return a year of diverted chips: all of it happens in the model."""
    p = world.parameters[0]
    total = {name: weeks[name].sum() for name in ("value", "delivered", "delivered_h100e", "seized")}
    caught = weeks["prosecutions"].sum() + weeks["listings"].sum()
    firm_years = weeks["active_intermediaries"].sum() / WEEKS_A_YEAR
    chip_h100e = _over(total["delivered_h100e"], total["delivered"])
    return {
        "price": _over(total["value"], total["delivered_h100e"]),
        "wait": realised_wait(world, span),
        "seized_share": _over(total["seized"], total["seized"] + total["delivered"]),
        "caught_chance": 1.0 - np.exp(-_over(caught, firm_years)),
        **_chip(chip_h100e, H100 * chip_h100e),
        "taste": float(p["taste_base"] + p["taste"]),
        "quantity": total["delivered_h100e"],
    }


def licensed(world: World, weeks: Mapping[str, np.ndarray], span: slice, year: int) -> dict[str, float]:
    """Return a year of chips under licence: chips made for China, and the classes that licences cover.

    What is bought is split as licences are.
    """
    now, chips = world.conditions[span], world.chips[0]
    whole = now["licensed_quota"].sum(axis=1, keepdims=True)
    part = np.divide(now["licensed_quota"], whole, out=np.zeros_like(now["licensed_quota"]), where=whole > 0.0)
    compute = weeks["licensed_h100e"] @ part  # H100e by class, chips made for China last
    chip_h100e = np.array([*chips["h100e"], H20[0] / H100[0]])
    price = np.array([*chips["list_price"], np.interp(year, list(H20_PRICES), list(H20_PRICES.values()))])
    throughput = np.vstack([H100 * chips["h100e"][:, None], H20])
    sold = compute / chip_h100e
    duty = _over(weeks["licensed_h100e"] @ now["licensed_price"], compute.sum())
    return {
        "price": duty * _over(sold @ price, compute.sum()),
        **_lawful(),
        **_chip(_over(compute.sum(), sold.sum()), [_over(sold @ column, sold.sum()) for column in throughput.T]),
        "taste": float(now["licensed_taste"].mean()),
        "quantity": compute.sum(),
    }


def rented(world: World, weeks: Mapping[str, np.ndarray], span: slice) -> dict[str, float]:
    """Return a year of compute rented abroad: the price at which what providers offer is let."""
    p, buyers = world.parameters[0], world.buyers
    new = weeks["rented_h100e"]
    own = buyers["weight"] @ world.tastes[buyers["kind"], 0]
    return {
        "price": float(p["rental_reference"]) * _over(new @ weeks["rental_price"], new.sum()),
        **_lawful(),
        **_chip(1.0, H100),
        "taste": float(world.conditions[span]["rented_taste"].mean() + p["rented_shift"] + own),
        "quantity": new.sum(),
    }


def offshore(world: World, weeks: Mapping[str, np.ndarray], span: slice) -> dict[str, float]:
    """Return a year of chips that offshore subsidiaries bought on direct contracts, in the mix that was sold so."""
    chips, p = world.chips[0], world.parameters[0]
    sold = world.conditions["direct"][span].sum(axis=0).reshape(-1, chips["h100e"].size).sum(axis=0)
    chip_h100e = _over(sold @ chips["h100e"], sold.sum())
    own = world.buyers["weight"] @ world.tastes[world.buyers["kind"], 0]
    return {
        "price": _over(sold @ chips["list_price"], sold @ chips["h100e"]),
        **_lawful(),
        **_chip(chip_h100e, H100 * chip_h100e),
        "taste": float(world.conditions[span]["rented_taste"].mean() + p["rented_shift"] + own),
        "quantity": weeks["offshore_h100e"].sum(),
    }


def domestic(world: World, weeks: Mapping[str, np.ndarray], span: slice) -> dict[str, float]:
    """Return a year of domestic chips: bought for taste, at a price nobody has published."""
    own = world.buyers["weight"] @ world.tastes[world.buyers["kind"], 1]
    return {
        "price": np.nan,
        **_lawful(),
        **_chip(ASCEND_910C[0] / H100[0], ASCEND_910C),
        "taste": float(world.conditions[span]["domestic_taste"].mean() + own),
        "quantity": weeks["domestic_h100e"].sum(),
    }


def realised_wait(world: World, span: slice) -> float:
    """Return the weeks from order to arrival, mean over the chips that arrived in some weeks.

    What buyers expect beforehand, without transport, is the weekly column ``wait``.
    """
    shipments = world.shipments[: world.counts[0]["shipments"]]
    there = (shipments["status"] == ARRIVED) & (shipments["arrives"] >= span.start) & (shipments["arrives"] < span.stop)
    shipments = shipments[there]
    weeks = shipments["arrives"] - world.orders["week"][shipments["order"]]
    return _over(weeks @ shipments["quantity"], shipments["quantity"].sum())


def _chip(h100e: float, throughput: np.ndarray | list[float]) -> dict[str, float]:
    return {"chip_h100e": h100e, "training": throughput[0], "inference": throughput[1]}


def _lawful() -> dict[str, float]:
    """Return the entries of a lawful channel: nothing to seize, nobody to catch, no wait in the model."""
    return {"wait": np.nan, "seized_share": 0.0, "caught_chance": 0.0}


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
