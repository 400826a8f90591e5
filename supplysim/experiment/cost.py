"""What a policy costs, and what that is for each chip, or H100e-year of compute, that it denies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, mean_error, student_t

if TYPE_CHECKING:
    from supplysim.scenario import Scenario

WEEKS_A_YEAR = 52


def discount_rate(scenario: Scenario, parameters: Mapping[str, float]) -> float:
    """Return the yearly discount rate of a run: the pair's draw, else the scenario's number, else the evidence's."""
    return (scenario.central_parameters() | dict(parameters))["discount_rate"]


def discounted(weekly_cost: Any, rate: float) -> float:
    """Return the value, in the first week, of a series of weekly costs, US$: Σ c_t · (1 + r)^(−t/52)."""
    cost = np.asarray(weekly_cost, dtype=float)
    return float(cost @ (1.0 + rate) ** (-np.arange(cost.size) / WEEKS_A_YEAR))


@dataclass(frozen=True)
class CostPerUnit:
    """US$ a unit denied, with its 90 % interval; NaN unless the verdict is ``"clear fall"``."""

    estimate: float
    low: float
    high: float
    verdict: str


def cost_per_unit(cost: Any, denied: Any) -> CostPerUnit:
    """Return mean cost over mean units denied.

    The interval is Fieller's, the set of ratios R for which the mean of ``cost − R · denied`` is
    not significantly different from 0: with c̄, d̄ the means, v their (co)variances and t the quantile
    of `student_t`, the roots of (d̄² − t² v_dd) R² − 2 (c̄ d̄ − t² v_cd) R + (c̄² − t² v_cc) = 0. It is
    finite exactly when the interval of the fall leaves out 0; otherwise there is no number to give.

    Parameters
    ----------
    cost : array_like, shape (pairs,)
        Extra cost of the policy, US$.
    denied : array_like, shape (pairs,)
        Fall in delivered chips, or in H100e-years of compute in use.
    """
    cost, denied = np.asarray(cost, dtype=float), np.asarray(denied, dtype=float)
    mean_denied = denied.mean()
    half_width = mean_error(denied)[1]
    if not abs(mean_denied) > half_width:
        return CostPerUnit(np.nan, np.nan, np.nan, NO_EFFECT)
    if mean_denied < 0.0:
        return CostPerUnit(np.nan, np.nan, np.nan, RISE)
    mean_cost = cost.mean()
    covariance = np.cov(cost, denied) / cost.size * student_t(cost.size) ** 2
    square = mean_denied**2 - covariance[1, 1]
    cross = mean_cost * mean_denied - covariance[0, 1]
    root = np.sqrt(max(cross**2 - square * (mean_cost**2 - covariance[0, 0]), 0.0))
    return CostPerUnit(
        estimate=float(mean_cost / mean_denied),
        low=float((cross - root) / square),
        high=float((cross + root) / square),
        verdict=FALL,
    )
