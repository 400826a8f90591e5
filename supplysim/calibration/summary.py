"""One run up to the end of 2024, summed up in numbers: what happened, and what the public saw of it.

Sums are taken on the run's own columns: calibration calls this thousands of times.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from supplysim.evidence import HUBS
from supplysim.outputs import observation
from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.run import BASELINE, Finished, Point, run_arms
from supplysim.setup.scenario import Scenario
from supplysim.world.records import CASE_LISTING, CASE_PROSECUTION

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.world.state import World

LAST_DAY = date(2024, 12, 30)  # a Monday: 104 weeks from the start, and nothing later is ever simulated
MONTHS_A_WEEK = 12 / WEEKS_A_YEAR
SUMMED = (
    "delivered",
    "ordered",
    "refused",
    "seized_border",
    "seized_cases",
    "prosecutions",
    "listings",
    "entries",
    "exits",
    "licensed_h100e",
    "rented_h100e",
    "domestic_h100e",
)


def until_2024(scenario: Scenario) -> Scenario:
    """Return the scenario cut off at the end of 2024, without policies: all that calibration may see."""
    return scenario.with_(time={"end": LAST_DAY, "policy_start": scenario.start}, policies=[])


def simulate(task: tuple[int, dict[str, float]], scenario: Scenario) -> dict[str, float]:
    """Run one (seed, parameters) to the end of the scenario and return `summarise` of it."""
    return run_arms(scenario, {BASELINE: ()}, Point(0, *task), {"summary": _summary})[BASELINE]["summary"]


def _summary(run: Finished) -> dict[str, float]:
    return summarise(run.engine)


def summarise(model: Engine) -> dict[str, float]:
    """Return what happened in the last year of a run, and what the public record of the whole run says.

    Returns
    -------
    dict of str to float
        Chips, H100e, firms and cases of the year; ``mark_up`` and ``paid`` (price paid) in multiples of
        list; ``sellers``, mean of active small ones; ``order_*`` in chips; ``case_months`` from the start
        of trading to removal, mean (NaN without a removal); ``via:XX`` share of deliveries;
        ``public:*`` as in `observation`.
    """
    world, weeks = model.world, model.week
    year = world.tally[weeks - WEEKS_A_YEAR : weeks]
    found = {name: float(year[name].sum()) for name in SUMMED}
    chips = year["delivered_by"].sum(axis=0)
    found["delivered_h100e"] = float(chips @ world.chips[0]["h100e"])
    list_value = float(chips @ world.chips[0]["list_price"])
    found["paid"] = float(year["value"].sum()) / list_value if list_value else np.nan
    found["mark_up"] = float(year["mark_up"].mean())
    found["sellers"] = float((year["active_intermediaries"] - year["active_fronts"]).mean())
    found["delivered_before"] = float(world.tally[: weeks - WEEKS_A_YEAR]["delivered"].sum())
    return found | orders(world, weeks) | cases(world, weeks) | routes(year) | public(world, weeks)


def orders(world: World, weeks: int) -> dict[str, float]:
    """Return median and largest order of the last year, and the share of units in the largest 1 % of orders."""
    placed = world.orders[: world.counts[0]["orders"]]
    size = np.sort(placed["quantity"][placed["week"] >= weeks - WEEKS_A_YEAR])
    if size.size == 0:
        return {"order_median": np.nan, "order_largest": 0.0, "order_top_share": np.nan}
    top = size[-max(1, size.size // 100) :].sum() / size.sum()
    return {"order_median": float(np.median(size)), "order_largest": float(size[-1]), "order_top_share": float(top)}


def cases(world: World, weeks: int) -> dict[str, float]:
    """Return months from the start of trading to removal, mean over the removals of the last year."""
    closed = world.office.cases[: world.counts[0]["cases"]]
    removed = (closed["outcome"] == CASE_PROSECUTION) | (closed["outcome"] == CASE_LISTING)
    of_year = closed[removed & closed["true"] & (closed["closed"] >= weeks - WEEKS_A_YEAR)]
    months = (of_year["closed"] - of_year["started"]) * MONTHS_A_WEEK
    return {"case_months": float(months.mean()) if months.size else np.nan}


def routes(year: np.ndarray) -> dict[str, float]:
    """Return the share of the year's deliveries that left for China from each hub."""
    via, total = year["via"].sum(axis=0), float(year["delivered"].sum())
    return {
        f"via:{code}": float(via[observation.TRANSITS[code]]) / total if total else np.nan
        for code in HUBS
        if code in observation.TRANSITS
    }


def public(world: World, weeks: int) -> dict[str, float]:
    """Return what the public saw by the end: seizures and prosecutions so far, listings and trade gaps of the year."""
    record = observation.public_record(world, weeks)
    year = {name: line[weeks - WEEKS_A_YEAR :] for name, line in record.items()}
    return {
        "public:seizures": float(record["seizures_published"].sum()),
        "public:prosecutions": float(record["prosecutions_published"].sum()),
        "public:listings": float(year["listing_count"].mean()),
        **{f"public:gap:{code}": float(year[f"mirror_gap:{code}"].sum()) for code in observation.TRANSITS},
    }
