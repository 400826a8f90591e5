"""Projection: 2025 and 2026 with the posterior under the dated rules, as intervals that anyone can score.

Run as ``python -m supplysim.calibration.projection --date 2026-11-22``; it writes docs/predictions-2025.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.edition import stamp
from supplysim.evidence import DESTINATION
from supplysim.evidence import table as evidence_table
from supplysim.experiment.design import parameter_draws, posterior_of, posterior_origin
from supplysim.experiment.executors import run_ordered
from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.report.formatting import plain, triple
from supplysim.report.markdown import notice, table
from supplysim.run import BASELINE, Finished, Point, run_arms
from supplysim.validation.scoring.quantities import quantities
from supplysim.validation.scoring.rivals import RIVALS, rivals
from supplysim.world.records import ARRIVED

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.setup.scenario import Scenario

SCENARIO = "history-2022-2026"
FIRST_YEAR = 2023
CHECKED, PREDICTED = 2024, (2025, 2026)
DRAWS, SEED = 400, 20_240
MILLION = 1e6


def project(task: tuple[int, dict[str, float]], scenario: Scenario) -> dict[str, float]:
    """Run one draw and return ``year:name`` -> value of the calibrated and the predicted years."""
    return run_arms(scenario, {BASELINE: ()}, Point(0, *task), {"years": _years})[BASELINE]["years"]


def _years(run: Finished) -> dict[str, float]:
    years = (CHECKED, *PREDICTED)
    return {f"{year}:{name}": value for year in years for name, value in year_of(run.engine, year).items()}


def year_of(model: Engine, year: int) -> dict[str, float]:
    """Return what is predicted of a year of a run.

    Returns
    -------
    dict of str to float
        ``delivered``, ``seized`` (chips), ``h100e``, ``value`` (million US$ paid), ``prosecutions``, ``listings``,
        ``mark_up`` (reference price over list), ``mark_up:K`` (price paid over list by class; NaN without a
        delivery) and ``route:XX`` (share of deliveries that left for China from there).
    """
    world, first = model.world, (year - FIRST_YEAR) * WEEKS_A_YEAR
    weeks = world.tally[first : first + WEEKS_A_YEAR]
    chips, list_price = weeks["delivered_by"].sum(axis=0), world.chips[0]["list_price"]
    total = float(weeks["delivered"].sum())
    found = {
        "delivered": total,
        "h100e": float(chips @ world.chips[0]["h100e"]),
        "value": float(weeks["value"].sum()) / MILLION,
        "seized": float(weeks["seized_border"].sum() + weeks["seized_cases"].sum()),
        "prosecutions": float(weeks["prosecutions"].sum()),
        "listings": float(weeks["listings"].sum()),
        "mark_up": float(weeks["mark_up"].mean()),
    }
    via = weeks["via"].sum(axis=0)
    shares = {
        f"route:{row['code']}": float(via[at]) / total if total else np.nan
        for at, row in enumerate(evidence_table("countries"))
        if row["code"] != DESTINATION
    }
    return found | price_by_class(world, first, list_price) | shares


def price_by_class(world: Any, first: int, list_price: np.ndarray) -> dict[str, float]:
    """Return price paid over list by class of chip, over the consignments that arrived in a year."""
    sent = world.shipments[: world.counts[0]["shipments"]]
    there = (sent["status"] == ARRIVED) & (sent["arrives"] >= first) & (sent["arrives"] < first + WEEKS_A_YEAR)
    sent = sent[there]
    generation = world.orders["generation"][sent["order"]]
    chips = np.bincount(generation, weights=sent["quantity"], minlength=list_price.size)
    paid = np.bincount(generation, weights=sent["quantity"] * sent["unit_price"], minlength=list_price.size)
    return {
        f"mark_up:{row['code']}": float(paid[at] / chips[at] / list_price[at]) if chips[at] else np.nan
        for at, row in enumerate(evidence_table("chips"))
    }


NAMES = {
    "delivered": "chips delivered",
    "h100e": "compute delivered, H100e",
    "value": "value paid, million US$",
    "seized": "chips seized",
    "prosecutions": "prosecutions of diverters",
    "listings": "listings of diverters",
    "mark_up": "reference price over list",
}


def name_of(key: str) -> str:
    """Return a predicted number in words."""
    if key in NAMES:
        return NAMES[key]
    kind, code = key.split(":")
    if kind == "route":
        names = {row["code"]: row["name"] for row in evidence_table("countries")}
        return f"share of deliveries by way of {names[code]}"
    chips = {row["code"]: row["skus"] for row in evidence_table("chips")}
    return f"price paid over list, {chips[code].replace('/', ' and ').replace(' B300', ' and B300')}"


COUNTED = {"h100e": "delivered_h100e"} | {name: name for name in ("delivered", "seized", "listings", "mark_up")}


def naive(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what each naive rival says of the predicted numbers, a row each; none of what no rival knows."""
    rows = []
    for key in keys:
        name = COUNTED.get(key, key.replace("mark_up:", "price_over_list:").replace("route:", "route_share:"))
        if name not in quantities():
            continue
        said = [rivals(quantities()[name], date(year, 1, 1), date(year, 12, 31)) for year in PREDICTED]
        rows += [
            (name_of(key), rival, *(_interval(of[rival]) for of in said))
            for rival in RIVALS
            if any(of[rival] is not None for of in said)
        ]
    return rows


def document(results: dict[str, np.ndarray], scenario: Scenario, made: dict[str, Any], day: str, command: str) -> str:
    """Return the predictions as Markdown."""
    keys = [key.partition(":")[2] for key in results if key.startswith(f"{CHECKED}:")]
    rows = [(name_of(key), *(_interval(results[f"{year}:{key}"]) for year in (*PREDICTED, CHECKED))) for key in keys]
    draws = len(next(iter(results.values())))
    low, middle, high = np.nanquantile(results[f"{CHECKED}:delivered"], [0.05, 0.5, 0.95])
    return (
        "\n\n".join(
            [
                notice(command, stamp()),
                "# Predictions for 2025 and 2026",
                f"Written down on {day}. Scenario `{scenario.name}` (hash {scenario.hash()[:12]}): the dated rules, "
                f"no other policy. {draws} draws from the posterior of `{made['command']}` (source "
                f"{(made['source_revision'] or 'unknown')[:12]}), which has seen nothing after {CHECKED}; seeds from "
                f"{SEED}. 5 / 50 / 95 %: each year's truth should lie outside in one case of ten.",
                "On that day 2025 and most of 2026 are past. No outcome was looked for or fitted to; but the model "
                "was specified with evidence tables that hold some numbers about these years (Q133 behind the demand "
                "series, the published supply, the dates of rules), so this is a test of the mechanism given such "
                "inputs.",
                "These are what the model implies under stated inputs, put down so that they can be scored. It "
                "explores and compares; it does not forecast. Supply of 2025 is published; that of 2026, demand "
                "after 2024 and the size of each rule's effect are assumptions (scenarios/, evidence/series.csv), so "
                "an error may be theirs.",
                table(("", *map(str, PREDICTED), f"{CHECKED} (calibrated)"), rows),
                f"Fresh runs of {CHECKED} give {triple((low, middle, high))} chips: the calibration's own runs are in "
                "calibration.md, so the two can be compared.",
                "## Naive rivals",
                "The same numbers without a model: the published arithmetic of 2024 times the growth of the world's "
                "volume, and the last number published times the growth of the world's compute "
                "(docs/decisions/0020). They are told the supply that the model is told.",
                table(("", "said by", *map(str, PREDICTED)), naive(keys)),
                "## How to score",
                "A prediction is right if the number published for the year, defined as here, lies within the "
                "interval. Years are model years of 52 weeks. *Diverters* are firms that divert chips; prosecutions "
                "and listings count cases that end in the year, whether or not they are published in it. Seizures "
                "are all, published or not (half are, by assumption).",
            ]
        )
        + "\n"
    )


def _interval(values: np.ndarray | None) -> str:
    known = np.empty(0) if values is None else values[np.isfinite(values)]
    return "–" if known.size == 0 else " / ".join(plain(value) for value in np.quantile(known, [0.05, 0.5, 0.95]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the posterior through the scenario and write the document and its draws."""
    from supplysim.setup.scenario import Scenario

    parser = argparse.ArgumentParser(prog="python -m supplysim.calibration.projection", description=__doc__)
    parser.add_argument("--date", required=True, help="day to write into the document")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    given = parser.parse_args(arguments)
    scenario = Scenario.load(SCENARIO)
    draws = parameter_draws(scenario, "posterior", given.draws, SEED)
    tasks = [(SEED + at, draw) for at, draw in enumerate(draws)]
    found = run_ordered(partial(project, scenario=scenario), tasks, None, given.workers)
    results = {name: np.array([row[name] for row in found]) for name in found[0]}
    command = f"python -m supplysim.calibration.projection --date {given.date} --draws {given.draws}"
    text = document(results, scenario, posterior_origin(posterior_of(scenario)), given.date, command)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "predictions-2025.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
