"""A comparison as data frames: effects, ledger and runs, with the columns of the files of the same names."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.assumptions import Assumption, assumptions
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.fingerprint import parameters_hash
from supplysim.experiment.ledger import NOISE, entries
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, PairedEffect, mean_interval
from supplysim.experiment.unit_cost import CostPerUnit
from supplysim.experiment.volume import by_volume
from supplysim.language import gettext_noop
from supplysim.run import BASELINE
from supplysim.setup.states import states_of

if TYPE_CHECKING:
    import pandas as pd

MEASURE = "delivered"  # by which worlds are small or large
COST_PER_CHIP = "cost_per_chip_prevented"
COST_PER_H100E_YEAR = "cost_per_h100e_year"
NO_CHANGE = gettext_noop("no change")
ALL_YEARS, BEFORE = "all", "before"  # in place of the number of a year of the policies
VERDICTS = {FALL: gettext_noop("falls"), RISE: gettext_noop("rises"), NO_EFFECT: gettext_noop("not clear")}


def effects(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy, measure and year, the window included; see `Comparison.table`."""
    import pandas as pd

    return pd.DataFrame([row for arm in comparison.arms for row in _effects_of(comparison, arm)])


def ledger(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy: the mean of every entry, then the ends of their 90 % intervals."""
    import pandas as pd

    rows = []
    for arm, ledgers in comparison.ledgers.items():
        pairs = [entries(ledger) for ledger in ledgers]
        values = {name: np.array([pair[name] for pair in pairs]) for name in pairs[0]}
        means = {name: mean_interval(value) for name, value in (values | {NOISE: comparison.rerouting_noise}).items()}
        bounds = {f"{name}_{end}": getattr(mean, end) for name, mean in means.items() for end in ("low", "high")}
        rows.append({"policy": arm} | {name: mean.mean for name, mean in means.items()} | bounds)
    return pd.DataFrame(rows)


def worlds(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy and objective: the relative change over the window by several statistics."""
    import pandas as pd

    window, aims = comparison.window, aims_of(comparison.measures, beside=True)
    levels = {aim.measure: comparison.values(BASELINE, aim.measure, window) for aim in aims.values()}
    volume = comparison.values(BASELINE, MEASURE, window)
    return pd.DataFrame(
        [
            {"policy": arm, "objective": objective, "measure": aim.measure}
            | asdict(by_volume(levels[aim.measure], comparison.values(arm, aim.measure, window), volume))
            for arm in comparison.arms
            for objective, aim in aims.items()
        ]
    )


def assumed(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy, objective and assumption, the strongest of each first; see `assumptions`."""
    import pandas as pd

    rows = [
        {"policy": arm, "objective": objective} | asdict(one)
        for arm in comparison.arms
        for objective, aim in aims_of(comparison.measures).items()
        for one in assumptions(comparison, arm, aim.measure)
    ]
    columns = dict.fromkeys(["policy", "objective", *Assumption.__annotations__])
    return pd.DataFrame(rows, columns=[*columns])


def runs(comparison: Comparison) -> pd.DataFrame:
    """Return one row a run and year: pair, policy, seed, parameters, year with its days, and every measure."""
    import pandas as pd

    hashes = {pair[0].pair: parameters_hash(pair[0].parameters) for pair in comparison.runs}  # all runs of a pair share
    return pd.DataFrame(
        [
            {
                "pair": run.pair,
                "policy": run.arm,
                "seed": run.seed,
                "parameters": hashes[run.pair],
                "year": year,
                **_days(comparison, str(year)),
                **{measure: values[position] for measure, values in run.yearly.items()},
                **{f"state:{name}": value for name, value in states_of(run.parameters).items()},
                **{f"parameter:{name}": value for name, value in comparison.draws[run.pair].items()},
            }
            for pair in comparison.runs
            for run in pair
            for position, year in enumerate(run.years)
        ]
    )


def _effects_of(comparison: Comparison, arm: str) -> list[dict[str, Any]]:
    rows = [_effect(arm, *place, effect) for place, effect in comparison.effects_of(arm).items()]
    costs = {
        COST_PER_CHIP: (comparison.cost_per_chip(arm), comparison.chips_prevented(arm)),
        COST_PER_H100E_YEAR: (comparison.cost_per_h100e_year(arm), comparison.h100e_years_denied(arm)),
    }
    ratios = [_ratio(arm, name, comparison.window, cost, denied) for name, (cost, denied) in costs.items()]
    rows += [{**dict.fromkeys(rows[0], np.nan), **ratio} for ratio in ratios]
    return [
        row | _days(comparison, row["year"]) | {"policy_year": _policy_year(comparison, row["year"])} for row in rows
    ]


def _days(comparison: Comparison, year: str) -> dict[str, str]:
    """Return the first and last day of a row: a key of a year is no calendar year where a scenario starts in July."""
    keys = comparison.policy_years if year == comparison.window else (int(year),)
    first, last = comparison.periods[keys[0]], comparison.periods[keys[-1]]
    return {"first_day": first.first.isoformat(), "last_day": last.last.isoformat()}


def _policy_year(comparison: Comparison, year: str) -> str:
    """Return which year of the policies a row is, counted from 1; ``"all"`` of the window, ``"before"`` of others."""
    years = [*map(str, comparison.policy_years)]
    if year in years:
        return str(years.index(year) + 1)
    return ALL_YEARS if year == comparison.window else BEFORE


def _effect(arm: str, measure: str, year: str, effect: PairedEffect) -> dict[str, Any]:
    return {
        "policy": arm,
        "measure": measure,
        "year": year,
        "baseline_median": effect.baseline_median,
        "policy_median": effect.policy_median,
        "effect_median": effect.median,
        "effect_p05": effect.p05,
        "effect_p95": effect.p95,
        "effect_mean": effect.mean,
        "effect_se": effect.standard_error,
        "relative_effect": effect.relative,
        "pairs": effect.pairs,
        "pairs_down": effect.pairs_down,
        "variance_ratio": effect.variance_ratio,
        "effect_low": effect.mean_low,
        "effect_high": effect.mean_high,
        "baseline_median_se": effect.baseline_error,
        "policy_median_se": effect.policy_error,
        "effect_median_se": effect.median_error,
        "relative_effect_se": effect.relative_error,
        **relative(effect),
    }


def relative(effect: PairedEffect) -> dict[str, Any]:
    """Return the relative change of the means with its 90 % interval, and where single worlds lie, by their keys.

    `worlds_median` is that of single worlds; `worlds_left_out` counts those with nothing to take a share of.
    """
    return {
        "ratio": effect.relative,
        "ratio_low": effect.relative_low,
        "ratio_high": effect.relative_high,
        "worlds_low": effect.worlds_low,
        "worlds_median": effect.relative_median,
        "worlds_high": effect.worlds_high,
        "worlds_left_out": effect.pairs - effect.worlds,
        "verdict": VERDICTS[effect.verdict] if effect.mean or effect.standard_error else NO_CHANGE,
    }


def _ratio(arm: str, measure: str, year: str, cost: CostPerUnit, denied: np.ndarray) -> dict[str, Any]:
    """Return the row of a ratio of means: one estimate, and an interval instead of quantiles."""
    return {
        "policy": arm,
        "measure": measure,
        "year": year,
        **dict.fromkeys(("policy_median", "effect_median", "effect_mean"), cost.estimate),
        "effect_p05": cost.low,
        "effect_p95": cost.high,
        "effect_low": cost.low,
        "effect_high": cost.high,
        "pairs": denied.size,
        "pairs_down": int((denied > 0.0).sum()),
    }
