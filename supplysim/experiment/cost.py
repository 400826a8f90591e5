"""What a policy costs, and what that is for each chip it keeps from being delivered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from supplysim.evidence import parameters
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, mean_error, student_t

DISCOUNT_RATE = parameters()["discount_rate"].default  # a year
WEEKS_A_YEAR = 52


def discounted(weekly_cost: Any) -> float:
    """Return the value, in the first week, of a series of weekly costs, US$: Σ c_t · (1 + r)^(−t/52)."""
    cost = np.asarray(weekly_cost, dtype=float)
    return float(cost @ (1.0 + DISCOUNT_RATE) ** (-np.arange(cost.size) / WEEKS_A_YEAR))


@dataclass(frozen=True)
class CostPerChip:
    """US$ a chip prevented, with its 90 % interval; NaN unless the verdict is ``"clear fall"``."""

    estimate: float
    low: float
    high: float
    verdict: str


def cost_per_chip(cost: Any, prevented: Any) -> CostPerChip:
    """Return mean cost over mean chips prevented.

    The interval is Fieller's, the set of ratios R for which the mean of ``cost − R · prevented`` is
    not significantly different from 0: with c̄, p̄ the means, v their (co)variances and t the quantile
    of `student_t`, the roots of (p̄² − t² v_pp) R² − 2 (c̄ p̄ − t² v_cp) R + (c̄² − t² v_cc) = 0. It is
    finite exactly when the interval of the fall leaves out 0; otherwise there is no number to give.

    Parameters
    ----------
    cost : array_like, shape (pairs,)
        Extra cost of the policy, US$.
    prevented : array_like, shape (pairs,)
        Fall in delivered chips.
    """
    cost, prevented = np.asarray(cost, dtype=float), np.asarray(prevented, dtype=float)
    mean_prevented = prevented.mean()
    half_width = mean_error(prevented)[1]
    if not abs(mean_prevented) > half_width:
        return CostPerChip(np.nan, np.nan, np.nan, NO_EFFECT)
    if mean_prevented < 0.0:
        return CostPerChip(np.nan, np.nan, np.nan, RISE)
    mean_cost = cost.mean()
    covariance = np.cov(cost, prevented) / cost.size * student_t(cost.size) ** 2
    square = mean_prevented**2 - covariance[1, 1]
    cross = mean_cost * mean_prevented - covariance[0, 1]
    root = np.sqrt(max(cross**2 - square * (mean_cost**2 - covariance[0, 0]), 0.0))
    return CostPerChip(
        estimate=float(mean_cost / mean_prevented),
        low=float((cross - root) / square),
        high=float((cross + root) / square),
        verdict=FALL,
    )
