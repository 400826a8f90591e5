"""What a run costs: money of later years is worth less than money of the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

WEEKS_A_YEAR = 52


def discount_rate(scenario: Scenario, parameters: Mapping[str, float]) -> float:
    """Return the yearly discount rate of a run: the pair's draw, else the scenario's number, else the evidence's."""
    return (scenario.central_parameters() | dict(parameters))["discount_rate"]


def discounted(weekly_cost: Any, rate: float) -> float:
    """Return the value, in the first week, of a series of weekly costs, US$: Σ c_t · (1 + r)^(−t/52)."""
    cost = np.asarray(weekly_cost, dtype=float)
    return float(cost @ (1.0 + rate) ** (-np.arange(cost.size) / WEEKS_A_YEAR))
