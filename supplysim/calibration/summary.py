"""One run up to the end of a calibration, summed up in numbers: what happened, and what the public saw of it.

Names without a year are about 2024, which every calibration has; ``2025:NAME`` is the same of 2025. Sums are taken on
the run's own columns: calibration calls this thousands of times.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplysim.calibration.targets import LAST_YEAR, LAST_YEARS
from supplysim.evidence import HUBS, RULES_OF, table
from supplysim.outputs import observation
from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.run import BASELINE, Finished, Point, run_arms
from supplysim.setup.scenario import Scenario
from supplysim.world.records import CASE_LISTING, CASE_PROSECUTION

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.world.state import World

START_YEAR = 2023  # of the scenarios that are calibrated: week 0 is the first Monday
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
    "value",
    "licensed_h100e",
    "rented_h100e",
    "offshore_h100e",
    "domestic_h100e",
)


def until(scenario: Scenario, last: int = LAST_YEAR) -> Scenario:
    """Return the scenario cut off at the end of a year, without policies: all that a calibration to it may see."""
    end = scenario.start + timedelta(weeks=_weeks_to(last))
    return scenario.with_(time={"end": end, "policy_start": scenario.start}, policies=[])


def _weeks_to(year: int) -> int:
    return (year + 1 - START_YEAR) * WEEKS_A_YEAR


def key(year: int, name: str) -> str:
    """Return what a number of a year is called in a summary."""
    return name if year == LAST_YEAR else f"{year}:{name}"


@cache
def version() -> str:
    """Return a hash of this file: what an older one made of a run lacks what a new target needs."""
    return blake2b(Path(__file__).read_bytes(), digest_size=4).hexdigest()


def simulate(task: tuple[int, dict[str, float]], scenario: Scenario) -> dict[str, float]:
    """Run one (seed, parameters) to the end of the scenario and return `summarise` of it."""
    return run_arms(scenario, {BASELINE: ()}, Point(0, *task), {"summary": _summary})[BASELINE]["summary"]


def _summary(run: Finished) -> dict[str, float]:
    return summarise(run.engine)


def summarise(model: Engine) -> dict[str, float]:
    """Return `year_of` each calibrated year that a run has finished, and its `public` record; see `key` for names."""
    years = [year for year in LAST_YEARS if _weeks_to(year) <= model.week]
    world = model.world
    record = observation.public_record(world, model.week)  # what is public by a week does not hang on later ones
    found = {year: year_of(world, _weeks_to(year)) | public(record, _weeks_to(year)) for year in years}
    return {key(year, name): value for year, values in found.items() for name, value in values.items()}


def year_of(world: World, weeks: int) -> dict[str, float]:
    """Return what happened in the year that ends after `weeks`.

    Returns
    -------
    dict of str to float
        Chips, H100e, US$, firms and cases of the year; ``abroad_h100e``, rented or owned offshore; ``mark_up``,
        ``paid`` (price paid) and ``price_over_list:K`` (of chips ordered, by class) in multiples of list;
        ``sellers``, mean of active small ones; ``order_*`` in chips; ``prosecutions_us`` and ``_host``, and
        ``_us_so_far`` since the start; ``case_months`` from the start of trading to removal, mean (NaN without a
        removal); ``via:XX`` share of deliveries.
    """
    year = world.tally[weeks - WEEKS_A_YEAR : weeks]
    found = {name: float(year[name].sum()) for name in SUMMED}
    found["abroad_h100e"] = found["rented_h100e"] + found["offshore_h100e"]
    chips = year["delivered_by"].sum(axis=0)
    found["delivered_h100e"] = float(chips @ world.chips[0]["h100e"])
    list_value = float(chips @ world.chips[0]["list_price"])
    found["paid"] = found["value"] / list_value if list_value else np.nan
    found["mark_up"] = float(year["mark_up"].mean())
    found["sellers"] = float((year["active_intermediaries"] - year["active_fronts"]).mean())
    return found | prices(year) | orders(world, weeks) | cases(world, weeks) | routes(year)


def prices(year: np.ndarray) -> dict[str, float]:
    """Return price over list by class, over the chips ordered in the year (NaN without an order)."""
    paid, listed = year["paid_by"].sum(axis=0), year["listed_by"].sum(axis=0)
    return {
        f"price_over_list:{row['code']}": float(paid[at] / listed[at]) if listed[at] else np.nan
        for at, row in enumerate(table("chips"))
    }


def orders(world: World, weeks: int) -> dict[str, float]:
    """Return median and largest order of the year, and the share of units in the largest 1 % of orders."""
    placed = world.orders[: world.counts[0]["orders"]]
    size = np.sort(placed["quantity"][_in_year(placed["week"], weeks)])
    if size.size == 0:
        return {"order_median": np.nan, "order_largest": 0.0, "order_top_share": np.nan}
    top = size[-max(1, size.size // 100) :].sum() / size.sum()
    return {"order_median": float(np.median(size)), "order_largest": float(size[-1]), "order_top_share": float(top)}


def cases(world: World, weeks: int) -> dict[str, float]:
    """Return prosecutions by who prosecuted, and months from the start of trading to removal, mean of the year's."""
    ended = world.office.cases[: world.counts[0]["cases"]]
    in_year, prosecuted = _in_year(ended["closed"], weeks), ended["outcome"] == CASE_PROSECUTION
    by_us = np.array([row["country"] == RULES_OF for row in table("agencies")])[ended["agency"]]
    of_year = ended[in_year & ended["true"] & (prosecuted | (ended["outcome"] == CASE_LISTING))]
    months = (of_year["closed"] - of_year["started"]) * MONTHS_A_WEEK
    return {
        "prosecutions_us": float((prosecuted & in_year & by_us).sum()),
        "prosecutions_us_so_far": float((prosecuted & (ended["closed"] < weeks) & by_us).sum()),
        "prosecutions_host": float((prosecuted & in_year & ~by_us).sum()),
        "case_months": float(months.mean()) if months.size else np.nan,
    }


def _in_year(week: np.ndarray, weeks: int) -> np.ndarray:
    """Return which weeks lie in the year that ends after `weeks`."""
    return (week >= weeks - WEEKS_A_YEAR) & (week < weeks)


def routes(year: np.ndarray) -> dict[str, float]:
    """Return the share of the year's deliveries that left for China from each hub."""
    via, total = year["via"].sum(axis=0), float(year["delivered"].sum())
    return {
        f"via:{code}": float(via[observation.TRANSITS[code]]) / total if total else np.nan
        for code in HUBS
        if code in observation.TRANSITS
    }


def public(record: dict[str, np.ndarray], weeks: int) -> dict[str, float]:
    """Return what the public saw by a week: seizures and prosecutions so far, listings and trade gaps of the year."""
    year = {name: line[weeks - WEEKS_A_YEAR : weeks] for name, line in record.items()}
    return {
        "public:seizures": float(record["seizures_published"][:weeks].sum()),
        "public:prosecutions": float(record["prosecutions_published"][:weeks].sum()),
        "public:listings": float(year["listing_count"].mean()),
        **{f"public:gap:{code}": float(year[f"mirror_gap:{code}"].sum()) for code in observation.TRANSITS},
    }
