"""What a policy costs, as a budget office tells it: by fiscal year of the United States, payers beside one another.

A fiscal year begins on 1 October. Runs are kept by quarters of 13 weeks; a quarter counts for the fiscal year that its
middle day lies in. Where runs have no quarters the model's own years stand in their place, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from supplysim.experiment.study import Study
from supplysim.outputs.combining import WEEKS_A_QUARTER
from supplysim.outputs.quarters import kept
from supplysim.report.brief.words import millions
from supplysim.report.html import Table
from supplysim.run import BASELINE

COLUMNS = {  # measure -> who
    "us_cost": "US appropriation",
    "us_receipts": "Receipts: fines to the US",
    "industry_cost": "Private-sector mandate",
    "foreign_cost": "Foreign governments",
}
MOST = 6  # years in rows of their own
QUARTERS_A_YEAR = 4
NOTE = (
    "Millions of US$ beyond things as they stand, not discounted: mean over worlds, and in brackets 9 of 10 worlds. "
    "Fines are receipts and are not taken off the appropriation; nothing is added up across payers."
)
FISCAL = "Fiscal years run from October to September; quarters of 13 weeks are counted by their middle day."
CALENDAR = "Calendar years of the model, not fiscal years: these runs were kept without their quarters."


def budget(study: Study, arm: str) -> tuple[Table, str] | None:
    """Return the table of a policy and the note below it; None if the runs report no costs."""
    measures = [name for name in COLUMNS if name in study.measures]
    if not measures:
        return None
    by_quarter = _has_quarters(study)
    found = dict(_fiscal(study, arm, measures) if by_quarter else _years(study, arm, measures))
    names = list(found)
    rows = [(name, *_cells(found[name])) for name in names[:MOST]]
    if len(names) > MOST:
        later = names[MOST:]
        rows.append((f"{later[0]} to {later[-1]}", *_cells(np.sum([found[name] for name in later], axis=0))))
    if len(names) > 1:
        rows.append(("All years", *_cells(np.sum([*found.values()], axis=0))))
    heads = ("Fiscal year" if by_quarter else "Year", *(COLUMNS[name] for name in measures))
    return (heads, rows), f"{NOTE} {FISCAL if by_quarter else CALENDAR}"


def _cells(values: np.ndarray) -> Iterator[str]:
    """Yield mean and 9 of 10 worlds of what each payer pays, from shape (pairs, payers)."""
    for column in np.asarray(values).T:
        low, high = np.quantile(column, (0.05, 0.95))
        mean = millions(float(column.mean()))
        ends = millions(float(low)), millions(float(high))
        yield mean if ends[0] == ends[1] == mean else f"{mean} ({ends[0]} to {ends[1]})"


def _has_quarters(study: Study) -> bool:
    shapes = {run.quarters.shape for pair in study.runs for run in pair}
    return len(shapes) == 1 and all(size > 0 for size in shapes.pop())


def _fiscal(study: Study, arm: str, measures: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a fiscal year's name and what the policy costs in it, shape (pairs, payers)."""
    columns = [kept().index(name) for name in measures]
    place = [BASELINE, *study.arms].index(arm)
    sides = [np.array([pair[side].quarters[:, columns] for pair in study.runs]) for side in (0, place)]
    extra = sides[1] - sides[0]
    first = study.first_week // WEEKS_A_QUARTER
    years: dict[int, list[int]] = {}
    for quarter in range(first, extra.shape[1]):
        middle = study.scenario.start + timedelta(weeks=WEEKS_A_QUARTER * (quarter + 0.5))
        years.setdefault(middle.year + (middle.month >= 10), []).append(quarter)
    for year, quarters in years.items():
        part = "" if len(quarters) == QUARTERS_A_YEAR else f" ({len(quarters)} quarter{'s' * (len(quarters) > 1)})"
        yield f"{year}{part}", extra[:, quarters].sum(axis=1)


def _years(study: Study, arm: str, measures: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a model year's name and what the policy costs in it, shape (pairs, payers)."""
    for year in study.policy_years:
        sides = [
            np.column_stack([study.values(side, name, str(year)) for name in measures]) for side in (BASELINE, arm)
        ]
        yield study.periods[year].label, sides[1] - sides[0]
