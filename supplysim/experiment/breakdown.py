"""What a policy changes by route, mode, buyer class, month: and any measure of one's own, on the pairs of a study.

Yearly measures and totals by route are on record. All else is in the records of a run, which are not kept: its pairs
are run again, with the same seeds and parameters, and so the same numbers to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.executors import Progress, run_ordered
from supplysim.experiment.statistics import paired_effects
from supplysim.run import BASELINE, Arms, Finished, Point, run_arms
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of

if TYPE_CHECKING:
    import pandas as pd


Measure = Callable[[Finished], Mapping[str, float]]
ROUTE = "route"  # last country before China: on record
# What delivered chips can be divided by -> the column of `readable.shipments`.
COLUMNS = {"class": "buyer_class", "mode": "mode", "chip": "chip", "vendor": "vendor", "country": "bought_in"}
MONTH = "month"
BY = (ROUTE, *COLUMNS, MONTH)


def breakdown(
    study: Comparison, by: str, *, workers: int | None = None, executor: Executor | None = None
) -> pd.DataFrame:
    """Return chips delivered over the window, divided, as levels and paired changes.

    Parameters
    ----------
    study : Comparison
    by : {"route", "class", "mode", "chip", "vendor", "country", "month"}
        Last country before China (on record, at once); class of the buyer, mode of the last leg, class of the chip, its
        vendor, country where it was bought, month of arrival (the pairs are run again).

    Returns
    -------
    DataFrame
        As `analyse`; the parts of each policy add up to what it delivers.

    Raises
    ------
    InputError
        For another division: what is not told apart in the records of a run cannot be divided.
    """
    arguments.known(by, BY, "by", "division")
    if by == ROUTE:
        found = [{run.arm: run.account.routes for run in pair} for pair in study.runs]
        return _table(study, found, by)
    return analyse(study, partial(delivered, by=by), workers=workers, executor=executor, name=by)


def delivered(run: Finished, by: str) -> dict[str, float]:
    """Return the chips of a finished run that arrived in its window, divided as in `breakdown`."""
    from supplysim.experiment.readable import shipments

    sent = shipments(run.engine)
    sent = sent[(sent["status"] == "arrived") & (sent["arrives"] >= run.first_week)]
    if by == MONTH:
        import pandas as pd

        start = pd.Timestamp(run.engine.scenario.start)
        keys = (start + pd.to_timedelta(sent["arrives"] * 7, unit="D")).dt.strftime("%Y-%m")
        last = pd.date_range(start, periods=run.engine.week, freq="7D")[run.first_week :].strftime("%Y-%m")
        sums = sent["quantity"].groupby(keys).sum().reindex(sorted({*last}), fill_value=0)
    else:
        sums = sent.groupby(COLUMNS[by], observed=False)["quantity"].sum()
    return {str(key): float(value) for key, value in sums.items()}


def analyse(
    study: Comparison,
    measure: Measure,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    name: str = "measure",
) -> pd.DataFrame:
    """Return measures of one's own over the pairs of a study, as levels and paired changes.

    Parameters
    ----------
    study : Comparison
    measure : callable
        Takes a finished run (`engine` with `orders()`, `shipments()`, `cases()`, ...; `columns` by week; `first_week`
        of the window) and returns named numbers, the same names of every run; what one run lacks is 0.
    workers, executor, progress
        As in `compare`. A function of a notebook goes to workers by cloudpickle.
    name : str
        What to call the column of names.

    Returns
    -------
    DataFrame
        One row a policy and name: `baseline` and `with_policy` (means over pairs), `effect` (mean paired difference),
        `effect_low` and `effect_high` (90 % interval of that mean), `pairs`.

    Raises
    ------
    InputError
        If the measure is no function, or returns no numbers by name.
    """
    arguments.function(measure, "measure", "give a function of a finished run that returns {name: number}")
    task = Analysis(study.scenario, {BASELINE: (), **study.arms}, study.first_week, measure)
    points = [Point(pair[0].pair, pair[0].seed, study.draws[pair[0].pair]) for pair in study.runs]
    return _table(study, run_ordered(task, points, executor, workers, progress), name)


@dataclass(frozen=True)
class Analysis:
    """What a worker is sent: arms of a scenario, and what is made of each finished run."""

    scenario: Scenario
    arms: Arms
    first_week: int
    measure: Measure

    def __call__(self, point: Point) -> dict[str, dict[str, float]]:
        """Return arm -> named numbers at a point."""
        settled = self.scenario.settled(states_of(point.parameters))
        arms = {name: gate.in_force(policies, settled) for name, policies in self.arms.items()}
        made = run_arms(settled, arms, point, {"own": self.measure}, self.first_week)
        return {arm: _numbers(of["own"]) for arm, of in made.items()}


def _numbers(found: Any) -> dict[str, float]:
    """Return what a measure made, once it is known to be numbers by name."""
    remedy = "return {name: number}"
    table = arguments.table(found, "measure", remedy)
    for key, value in table.items():
        if not gate.is_number(value):
            raise InputError(f"measure: {key}", value, "it is not a number", remedy)
    return {str(key): float(value) for key, value in table.items()}


def _table(study: Comparison, found: Sequence[Mapping[str, Mapping[str, float]]], name: str) -> pd.DataFrame:
    """Return levels and paired changes of named numbers: one entry a pair, arm -> name -> number."""
    import pandas as pd

    names = list(dict.fromkeys(key for pair in found for values in pair.values() for key in values))

    def values(arm: str) -> np.ndarray:
        return np.array([[pair[arm].get(key, 0.0) for pair in found] for key in names], dtype=float)

    base, rows = values(BASELINE), []
    for arm in study.arms if names else ():
        for key, one, effect in zip(names, values(arm), paired_effects(base, values(arm), None), strict=True):
            level = base[names.index(key)]
            rows.append(
                {
                    "policy": arm,
                    name: key,
                    "baseline": level.mean(),
                    "with_policy": one.mean(),
                    "effect": effect.mean,
                    "effect_low": effect.mean_low,
                    "effect_high": effect.mean_high,
                    "pairs": len(found),
                }
            )
    columns = ["policy", name, "baseline", "with_policy", "effect", "effect_low", "effect_high", "pairs"]
    return pd.DataFrame(rows, columns=columns)
