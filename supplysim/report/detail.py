"""The tables behind the answer, in the report: objectives, years, for whom it is true, who beats whom, assumptions.

One statistic and one window in a table; the numbers are rounded by what rounds them on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplysim.evidence import parameters
from supplysim.experiment.objectives import Objective, aims_of
from supplysim.experiment.study import Study
from supplysim.experiment.ties import TIE
from supplysim.report import effects
from supplysim.report.formatting import between, minus, percent, rough, share, tight
from supplysim.report.html import Table
from supplysim.report.standing import number

if TYPE_CHECKING:
    import pandas as pd

OBJECTIVES_NOTE = (
    "Change of the mean, ± half its 90 % interval of simulation; below it where 9 of 10 single worlds lie. Frontier "
    "compute moves with what is newest; the fixed bar is 1 H100 equivalent a chip."
)
YEARS_NOTE = "Change of the mean in each year of the policies, ± half its 90 % interval of simulation."
WORLDS_NOTE = (
    "Mean: change of the mean, in which large worlds weigh more. Median: change in the median world. Thirds: change of "
    "the mean among worlds with few, some and many chips delivered as things stand. Fall: share of worlds in which the "
    "measure falls. Worlds that deliver nothing are left out."
)


def objectives(study: Study) -> Table:
    """Return the change of every objective, and of those beside them, under every policy."""
    aims = aims_of(study.measures, beside=True)
    levels = {name: study.values("baseline", aim.measure, study.window).mean() for name, aim in aims.items()}
    rows = [("baseline", *(f"{rough(float(levels[name]))}{aim.unit}" for name, aim in aims.items()))]
    for arm in study.arms:
        found = [study.effect(arm, aim.measure) for aim in aims.values()]
        told = (
            f"{tight(one.relative, one.relative_low, one.relative_high)}\n{between(one.worlds_low, one.worlds_high)}"
            for one in found
        )
        rows.append((arm, *told))
    return ("Policy", *(aim.heading for aim in aims.values())), rows


def years(study: Study) -> list[tuple[str, Table]]:
    """Return the effects by year, a table an objective, with its heading."""
    tables = ((aim, effects.by_year(study, name)) for name, aim in aims_of(study.measures).items())
    return [(aim.heading, (table.columns, table.rows)) for aim, table in tables]


def worlds(study: Study, frame: pd.DataFrame) -> list[tuple[str, Table]]:
    """Return mean, median world and thirds of worlds, a table an objective."""
    heads = ("Mean", "Median", "Few chips", "Some", "Many", "Fall")
    names = ("ratio", "median", "low", "middle", "high")
    found: list[tuple[str, Table]] = []
    for name, aim, rows in _by_objective(study, frame):
        body: list[tuple[str, ...]] = [
            (row["policy"], *(_percent(row[key]) for key in names), share(row["share_down"]) if row["worlds"] else "")
            for row in rows
        ]
        found.append((aim.heading, ((f"{name}: policy", *heads), body)))
    return found


def matches(study: Study) -> dict[str, tuple[str, Table]]:
    """Return objective -> heading and table of who beats whom in what share of the worlds; ties are called ties."""
    found = {}
    for name, aim in aims_of(study.measures).items():
        one = study.matches(aim.measure)
        body = []
        for i, row in enumerate(one.names):
            cells = [
                "" if row == column else _odds(one.verdict(row, column), one.better[i, j])
                for j, column in enumerate(one.names)
            ]
            body.append((row, *cells))
        found[name] = aim.heading, ((f"{name}: row against column", *one.names), body)
    return found


def assumed(study: Study, frame: pd.DataFrame) -> list[tuple[str, Table]]:
    """Return what effects hang on most, with the effect at both ends, a table an objective."""
    known = parameters()
    found: list[tuple[str, Table]] = []
    for name, aim, rows in _by_objective(study, frame):
        body: list[tuple[str, ...]] = []
        for row in rows:
            parameter = known.get(row["parameter"])
            unit, meaning = ("", "") if parameter is None else (f" {parameter.unit}", parameter.meaning)
            called = row["parameter"] + (f" (or {row['instead']})" if row["instead"] else "")
            drawn = f"{number(row['low'])} to {number(row['high'])}{unit}"
            clear = "yes" if row["stands_out"] else "may be chance"
            body.append(
                (row["policy"], called, meaning, drawn, _percent(row["at_low"]), _percent(row["at_high"]), clear)
            )
        heads = (f"{name}: policy", "Assumption", "Meaning", "5-95 % of draws", "At low", "At high", "Stands out")
        if body:
            found.append((aim.heading, (heads, body)))
    return found


def _by_objective(study: Study, frame: pd.DataFrame) -> list[tuple[str, Objective, list[Mapping[str, Any]]]]:
    aims = aims_of(study.measures)
    return [(name, aim, frame[frame["objective"] == name].to_dict("records")) for name, aim in aims.items()]


def _percent(value: float) -> str:
    return percent(value) if isfinite(value) else ""


def _odds(verdict: str, better: float) -> str:
    return minus(f"{verdict} {better:.2f}") if isfinite(better) else TIE
