"""How many pairs are enough: until the interval of every effect on deliveries is narrow against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.statistics import mean_interval

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison

MEASURE = "delivered"
FIRST_ROUND = 32  # pairs; fewer would say little about their own spread


def rounds(most: int) -> Iterator[int]:
    """Yield the numbers of pairs after which to look: powers of two, which keep the Sobol sequence balanced.

    Looking a few times only, and doubling in between, leaves the intervals' coverage as it is (tested).
    """
    size = FIRST_ROUND
    while size < most:
        yield size
        size *= 2
    yield most


def half_widths(comparison: Comparison) -> dict[str, float]:
    """Return half the 90 % interval of each arm's mean effect on deliveries over the mean baseline."""
    baseline = comparison.values("baseline", MEASURE, comparison.window)
    return {arm: half_width(baseline, comparison.values(arm, MEASURE, comparison.window)) for arm in comparison.arms}


def half_width(baseline: np.ndarray, policy: np.ndarray) -> float:
    """Return half the 90 % interval of the mean of policy − baseline, over the mean baseline; NaN of nothing."""
    _, low, high = mean_interval(policy - baseline)
    level = abs(float(baseline.mean()))
    if high == low:
        return 0.0
    return (high - low) / 2.0 / level if level else np.nan


def widest(comparison: Comparison) -> float:
    """Return the largest of the `half_widths`; NaN if one is unknown."""
    return float(np.max([*half_widths(comparison).values()], initial=0.0))
