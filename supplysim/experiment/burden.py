"""What a policy costs those who trade honestly: false alarms, waiting, and chips they lose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplysim.outputs.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.comparison import Comparison

# More is worse in every one of them.
BURDENS = (
    "honest_flagged",
    "honest_delay_weeks",
    "honest_lost",
    "false_leads",
    "false_cases",
    "honest_disabled",
    "honest_inspected",
)


def burden(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy and burden: see `change_row`."""
    import pandas as pd

    rows = [
        {"policy": arm, "measure": measure, **change_row(comparison, arm, measure)}
        for arm in comparison.arms
        for measure in reported(comparison, BURDENS)
    ]
    return pd.DataFrame(rows)


def reported(comparison: Comparison, measures: Sequence[str]) -> list[str]:
    """Return those of the measures that the runs report: a stand-in for the model may report fewer."""
    return [measure for measure in measures if measure in comparison.measures]


def change_row(comparison: Comparison, arm: str, measure: str) -> dict[str, Any]:
    """Return the paired change of a measure over the window, in its unit.

    `change` is the mean, `low` and `high` the ends of its 90 % interval, `relative` the mean over that of
    the baseline; US$ are not discounted.
    """
    effect = comparison.effect(arm, measure)
    return {
        "unit": MEASURES[measure].unit,
        "baseline_median": effect.baseline_median,
        "change": effect.mean,
        "low": effect.mean_low,
        "high": effect.mean_high,
        "relative": effect.relative,
        "verdict": effect.verdict,
        "pairs": effect.pairs,
    }
