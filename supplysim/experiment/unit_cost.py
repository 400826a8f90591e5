"""What a unit denied costs: a ratio of two means over pairs, and when there is no such number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, mean_interval, mean_intervals

PARTS, ROUNDS = 16, 10  # the step in which an end lies is divided so often: beyond the digits of anything shown


@dataclass(frozen=True)
class CostPerUnit:
    """US$ a unit denied, with its 90 % interval; NaN unless the verdict is ``"clear fall"``."""

    estimate: float
    low: float
    high: float
    verdict: str


def cost_per_unit(cost: Any, denied: Any) -> CostPerUnit:
    """Return mean cost over mean units denied.

    The interval is Fieller's: the ratios R for which the interval of the mean of ``cost − R · denied``, that of
    `mean_interval`, holds 0. It is finite exactly when the interval of the fall leaves out 0; otherwise there is
    no number to give.

    Parameters
    ----------
    cost : array_like, shape (pairs,)
        Extra cost of the policy, US$.
    denied : array_like, shape (pairs,)
        Fall in delivered chips, or in H100e-years of compute in use.
    """
    cost, denied = np.asarray(cost, dtype=float), np.asarray(denied, dtype=float)
    fall = mean_interval(denied)
    if not (fall.low > 0.0 or fall.high < 0.0):
        return CostPerUnit(np.nan, np.nan, np.nan, NO_EFFECT)
    if fall.mean < 0.0:
        return CostPerUnit(np.nan, np.nan, np.nan, RISE)
    estimate = float(cost.mean() / fall.mean)
    step = float(np.abs(cost).mean()) / fall.low or 1.0
    low, high = (_end(cost, denied, estimate, side * step) for side in (-1.0, 1.0))
    return CostPerUnit(estimate, low, high, FALL)


def _end(cost: np.ndarray, denied: np.ndarray, inside: float, step: float) -> float:
    """Return the last ratio that the pairs allow, going from one inside the interval in the direction of the step."""

    def allowed(ratios: np.ndarray) -> np.ndarray:
        _, _, low, high = mean_intervals(cost - ratios[:, None] * denied)
        return (low <= 0.0) & (high >= 0.0)

    while allowed(np.array([inside + step]))[0]:
        inside, step = inside + step, 2.0 * step
    for _ in range(ROUNDS):
        step /= PARTS
        inside += step * float(np.logical_and.accumulate(allowed(inside + step * np.arange(1.0, PARTS))).sum())
    return inside
