"""The books of a run as plain columns: what ensembles sum up, without building a table.

The same numbers, to the bit, as `measures.weekly`, `measures.yearly` and `ledger.account`, which work on pandas
tables for people: with those a run would wait a third of its time for its tables (measured: 60 ms of 210).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim.evidence import table
from supplysim.experiment.cost import discounted
from supplysim.experiment.ledger import CHANNELS, Account
from supplysim.measures import MEASURES, WEEKS_A_YEAR

if TYPE_CHECKING:
    from supplysim.engine import Engine


def weekly_columns(run: Engine) -> dict[str, np.ndarray]:
    """Return what happened in the weeks run so far, one array a column of `measures.weekly`, shape (weeks,)."""
    weeks, base, p = run.week, run.before, run.world.parameters[0]
    used, h100e = run.world.tally[:weeks], run.world.chips[0]["h100e"]
    book = {name: np.ascontiguousarray(used[name]) for name in used.dtype.names or () if used[name].ndim == 1}
    book["seized"] = book["seized_border"] + book["seized_cases"]
    book["newcomers"] = book["entries"] + book["returns"]
    book["delivered_h100e"] = used["delivered_by"] @ h100e
    book["in_use_h100e"] = np.cumsum((used["delivered_by"] - used["disabled_by"]) @ h100e)
    leads, via = np.ascontiguousarray(used["leads"]), np.ascontiguousarray(used["via"])
    for generation, row in enumerate(table("chips")):
        book[f"delivered:{row['code']}"] = used["delivered_by"][:, generation]
    for country, row in enumerate(table("countries")):
        if row["code"] != "CN":
            book[f"delivered_via:{row['code']}"] = via[:, country]
    for channel, row in enumerate(table("channels")):
        book[f"true_leads:{row['code']}"] = leads[:, channel, 1]
        book[f"false_leads:{row['code']}"] = leads[:, channel, 0]
    book["false_leads"], book["true_leads"] = leads[:, :, 0].sum(axis=1), leads[:, :, 1].sum(axis=1)
    government, industry, per_chip = np.zeros(weeks), np.zeros(weeks), np.zeros(weeks)
    for policy in run.policies:
        government += policy.government_cost(base)[:weeks]
        industry += policy.industry_cost(base)[:weeks]
        per_chip += policy.industry_cost_per_chip(base)[:weeks]
        government += policy.award_share_of_fines(base)[:weeks] * book["fines"]
    book["government_cost"] = (
        government + p["inspection_cost"] * book["honest_inspected"] + p["check_cost"] * book["checks"]
    )
    book["industry_cost"] = (
        industry
        + per_chip * book["honest_filled"]
        + p["report_cost"] * book["notifications"]
        + p["checked_cost"] * book["checks"]
        + p["delay_cost"] * (book["honest_delay"] + p["stop_delay"] * book["honest_stopped"])
    )
    return book


def yearly_values(
    weeks: dict[str, np.ndarray], first_year: int
) -> tuple[tuple[int, ...], dict[str, tuple[float, ...]]]:
    """Return the model years (52 weeks) and every measure in each of them."""
    count = weeks["delivered"].size
    edges = [*range(0, count, WEEKS_A_YEAR), count]
    years: list[dict[str, Totals]] = [{} for _ in edges[1:]]
    for kind in (np.int64, np.float64):
        names = [name for name, column in weeks.items() if column.dtype == kind]
        columns = np.array([weeks[name] for name in names])
        for year, first, last in zip(years, edges, edges[1:], strict=False):
            totals = columns[:, first:last].sum(axis=1).tolist()
            year.update((name, Totals(total, last - first)) for name, total in zip(names, totals, strict=True))
    values = {name: tuple(measure.of_year(year) for year in years) for name, measure in MEASURES.items()}
    return tuple(first_year + position for position in range(len(years))), values


class Totals(NamedTuple):
    """A column of a year that has been added up: all that measures ask of it."""

    total: float
    weeks: int

    def sum(self) -> float:
        """Return the sum over the weeks."""
        return self.total

    def mean(self) -> float:
        """Return the mean over the weeks."""
        return self.total / self.weeks


def window_account(weeks: dict[str, np.ndarray], first_week: int) -> Account:
    """Return the totals from `first_week` to the end; see `Account`."""

    def total(name: str) -> int:
        return int(weeks[name][first_week:].sum())

    via = "delivered_via:"
    return Account(
        **{name: total(name) for name in ("ordered", "delivered", "seized", "cancelled", "disabled")},
        outstanding=int(weeks["open"][-1]) + int(weeks["in_transit"][-1]),
        delivered_h100e=float(weeks["delivered_h100e"][first_week:].sum()),
        channels={channel: float(weeks[f"{channel}_h100e"][first_week:].sum()) for channel in CHANNELS},
        routes={name.removeprefix(via): total(name) for name in weeks if name.startswith(via)},
        government_cost=discounted(weeks["government_cost"][first_week:]),
        industry_cost=discounted(weeks["industry_cost"][first_week:]),
    )
