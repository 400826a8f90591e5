"""The two tables that stand first, on the screen and in the report: what each policy changes, and by year.

A table keeps to one statistic and one window: the relative change of the mean with half its 90 % interval; only the
column of single worlds says what they do. Both are made here and nowhere else, so that all say the same.
"""

from __future__ import annotations

from typing import NamedTuple

from supplysim.experiment.comparison import Comparison
from supplysim.experiment.objectives import OBJECTIVES, ON_SCREEN, aims_of
from supplysim.experiment.statistics import mean_interval, quantiles
from supplysim.report.formatting import between, millions, rough, tight
from supplysim.run import BASELINE

CHIPS = "chips"  # the objective told most fully
WORLDS = "9 of 10 worlds"
HOW_TO_READ = (
    "Change of the mean over worlds; ± is how far simulating more worlds could move it (90 %), not how far the "
    "assumptions could be wrong. 9 of 10 worlds: the change in single worlds, 5 to 95 %."
)


class Told(NamedTuple):
    """A table: headings and rows, the scenario as it stands first."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def main(comparison: Comparison) -> Told:
    """Return what each policy changes over the window, on every objective that the runs report, and what it costs."""
    window, aims = comparison.window, aims_of(comparison.measures)
    chips = aims.get(CHIPS)
    columns, first = [""], [BASELINE]
    for name, aim in aims.items():
        levels = comparison.values(BASELINE, aim.measure, window)
        columns.append(aim.heading if name == CHIPS else f"{aim.heading}, %")
        first.append(f"{rough(float(levels.mean()))}{aim.unit}")
        if name == CHIPS:
            low, high = quantiles(levels, (0.05, 0.95))[0]
            columns.append(WORLDS)
            first.append(f"{rough(low)} to {rough(high)}")
    payers = paying(comparison)
    if payers:
        columns.append(f"$M a year ({', '.join(payers)})")
        first.append("")
    rows = [tuple(first)]
    for arm in comparison.arms:
        cells = [arm]
        for name, aim in aims.items():
            effect = comparison.effect(arm, aim.measure)
            unit = " %" if name == CHIPS else ""
            cells.append(tight(effect.relative, effect.relative_low, effect.relative_high, unit))
            if aim is chips:
                cells.append(between(effect.worlds_low, effect.worlds_high))
        if payers:
            cells.append(" + ".join(millions(yearly_cost(comparison, arm, payer)) for payer in payers))
        rows.append(tuple(cells))
    return Told(tuple(columns), rows)


def by_year(comparison: Comparison, objective: str = CHIPS) -> Told:
    """Return the relative change of the mean in the first three years of the policies and the last."""
    aim, years = OBJECTIVES[objective], [str(year) for year in comparison.told_years]
    columns = tuple(_called(comparison, year) for year in comparison.told_years)
    levels = [float(comparison.values(BASELINE, aim.measure, year).mean()) for year in years]
    rows = [(BASELINE, *(f"{rough(level)}{aim.unit}" for level in levels))]
    spread = [quantiles(comparison.values(BASELINE, aim.measure, year), (0.05, 0.95))[0] for year in years]
    rows.append((WORLDS, *(f"{rough(low)} to {rough(high)}" for low, high in spread)))
    for arm in comparison.arms:
        found = comparison.effects(arm, [(aim.measure, year) for year in years])
        rows.append((arm, *(tight(one.relative, one.relative_low, one.relative_high) for one in found)))
    return Told((f"{objective}, by year", *columns), rows)


def paying(comparison: Comparison) -> list[str]:
    """Return who pays, of those whose costs the runs report."""
    return [payer for payer, measures in ON_SCREEN.items() if all(name in comparison.measures for name in measures)]


def yearly_cost(comparison: Comparison, arm: str, payer: str) -> float:
    """Return what an arm costs a payer beyond the baseline, US$ a year of the window, not discounted, mean."""
    return mean_interval(comparison.cost_a_year(arm, ON_SCREEN[payer])).mean


def _called(comparison: Comparison, year: int) -> str:
    place = comparison.policy_years.index(year) + 1
    return f"{comparison.periods[year].label}, year {place}"
