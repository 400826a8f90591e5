"""What the records of a run say of firms: how long until they are removed, how soon they are back, what they weigh."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.world.records import ARRIVED, CASE_LISTING, CASE_PROSECUTION

if TYPE_CHECKING:
    from supplysim.engine import Engine

YEAR = 2024
WEEKS_A_YEAR = 52
HALF_A_YEAR = 26  # weeks in which the loss of brokers is read
REMOVED = 3  # brokers taken out together
Shells = dict[tuple[int, int], tuple[int, int]]


def run_noting_shells(engine: Engine) -> Shells:
    """Run to the end and return (slot, shell) -> (principal, week in which the shell began)."""
    shells: Shells = {}
    _note(engine, shells, 0)
    while engine.week < engine.weeks:
        engine.run(engine.week + 1)
        _note(engine, shells, engine.week - 1)
    return shells


def _note(engine: Engine, shells: Shells, week: int) -> None:
    firms = engine.world.intermediaries
    for row in np.flatnonzero((firms["shell"] >= 0) & (firms["born"] == week)):
        shells[int(row), int(firms[row]["shell"])] = (int(firms[row]["principal"]), week)


def lags(engine: Engine, shells: Shells) -> dict[str, np.ndarray]:
    """Return the lags around removals, each an array of weeks.

    Returns
    -------
    dict
        ``case_weeks`` from opening to the end of cases that removed a firm; ``return_weeks`` from a removal
        to the principal's next shell, where there was one; ``trade_weeks`` and ``removed_in`` from the start
        of a removed shell to its removal, and the week of that.
    """
    cases = engine.world.office.cases[: engine.world.counts[0]["cases"]]
    removing = cases[np.isin(cases["outcome"], (CASE_PROSECUTION, CASE_LISTING))]
    back = []
    for case in removing:
        principal = shells[int(case["target"]), int(case["shell"])][0]
        later = [born for other, born in shells.values() if other == principal and born > case["closed"]]
        if later:
            back.append(min(later) - int(case["closed"]))
    return {
        "case_weeks": (removing["closed"] - removing["opened"]).copy(),
        "return_weeks": np.array(back, dtype=int),
        "trade_weeks": (removing["closed"] - removing["started"]).copy(),
        "removed_in": removing["closed"].copy(),
    }


def order_sizes(engine: Engine) -> dict[str, float]:
    """Return the median order of 2024 and the share of its units in the largest 1 % of orders, NaN without orders."""
    first, last = (engine.scenario.week_of(date(year, 1, 1)) for year in (YEAR, YEAR + 1))
    orders = engine.world.orders[: engine.world.counts[0]["orders"]]
    return size_shares(orders["quantity"][(orders["week"] >= first) & (orders["week"] < last)])


def size_shares(quantity: np.ndarray) -> dict[str, float]:
    """Return the median of some orders and the share of units in their largest 1 %, at least one order."""
    if quantity.size == 0:
        return {"order_median": np.nan, "top_share": np.nan}
    ordered = np.sort(quantity)
    largest = ordered[-max(1, ordered.size // 100) :]
    return {"order_median": float(np.median(ordered)), "top_share": float(largest.sum() / ordered.sum())}


def delivered_within(engine: Engine) -> dict[str, np.ndarray]:
    """Return of every shell that a case removed the share of what it bought while the case was open that arrived."""
    world = engine.world
    cases = world.office.cases[: world.counts[0]["cases"]]
    removing = cases[np.isin(cases["outcome"], (CASE_PROSECUTION, CASE_LISTING))]
    sent = world.shipments[: world.counts[0]["shipments"]]
    shares = []
    for case in removing:
        its = sent[(sent["seller"] == case["target"]) & (sent["shell"] == case["shell"])]
        its = its[its["week"] >= case["opened"]]
        if its.size:
            arrived = its["quantity"][its["status"] == ARRIVED].sum()
            shares.append(float(arrived / its["quantity"].sum()))
    return {"delivered_within": np.array(shares)}


def later_purchases(engine: Engine, first: int) -> dict[str, np.ndarray]:
    """Return rows of slot, shell and the chips it bought from a week on and delivered in the half year from it."""
    world = engine.world
    done = world.shipments[: world.counts[0]["shipments"]]
    done = done[(done["status"] == ARRIVED) & (done["week"] >= first) & (done["arrives"] < first + HALF_A_YEAR)]
    found: dict[tuple[int, int], int] = {}
    for lot in done:
        shell = int(lot["seller"]), int(lot["shell"])
        found[shell] = found.get(shell, 0) + int(lot["quantity"])
    rows = [(*shell, chips) for shell, chips in found.items()]
    return {"later_purchases": np.array(rows, dtype=int).reshape(-1, 3)}


def remove_largest(engine: Engine) -> dict[str, Any]:
    """Take the shells that delivered most in the past year out of business together; they do not come back.

    Returns
    -------
    dict
        ``removed``: rows of slot and shell, none if nobody delivered; ``share`` of the year's deliveries that were
        theirs.
    """
    world = engine.world
    done = world.shipments[: world.counts[0]["shipments"]]
    done = done[(done["status"] == ARRIVED) & (done["arrives"] >= engine.week - WEEKS_A_YEAR)]
    firms = world.intermediaries
    current = firms["active"][done["seller"]] & (firms["shell"][done["seller"]] == done["shell"])
    delivered = np.bincount(done["seller"][current], weights=done["quantity"][current], minlength=firms.size)
    if not delivered.any():
        return {"removed": np.empty((0, 2), dtype=int), "share": 0.0}
    largest = [int(row) for row in np.argsort(-delivered, kind="stable")[:REMOVED] if delivered[row] > 0]
    for row in largest:
        world.accounts["outside"] += firms[row]["cash"]  # the principal takes its cash, as when any shell closes
        firms["cash"][row] = 0
        firms["active"][row] = False
        desks = world.office.desks[:, row]
        for name in ("evidence", "looked", "ready", "on_case"):
            desks[name] = 0
    removed = [(row, int(firms["shell"][row])) for row in largest]
    return {
        "removed": np.array(removed, dtype=int).reshape(-1, 2),
        "share": float(delivered[largest].sum() / done["quantity"].sum()),
    }
