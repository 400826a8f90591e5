"""The account of a run: what flowed and what was spent over the window of the policies, in two dozen numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.setup.scenario import Scenario

CHANNELS = ("licensed", "rented", "offshore", "domestic")
_ROUTE = "delivered_via:"


@dataclass(frozen=True)
class Account:
    """Totals of one run over the window from the first policy week to the end.

    Attributes
    ----------
    ordered, delivered, seized, cancelled, disabled : int
        Flows, chips. Disabled chips were delivered before.
    outstanding : int
        Open orders and chips in transit at the end, chips.
    delivered_h100e : float
        Compute delivered, H100 equivalents.
    in_use_h100e_years : float
        Delivered compute in use, over time: Σ H100e in use at the end of a week / 52, H100e-years.
    channels : dict of str to float
        Compute obtained by the other channels, H100 equivalents.
    routes : dict of str to int
        Chips delivered by country of the route.
    government_cost, industry_cost : float
        US$, discounted to the start of the window at the run's rate.
    """

    ordered: int
    delivered: int
    seized: int
    cancelled: int
    disabled: int
    outstanding: int
    delivered_h100e: float
    in_use_h100e_years: float
    channels: dict[str, float]
    routes: dict[str, int]
    government_cost: float
    industry_cost: float


def account(weekly: Mapping[str, Any], first_week: int, discount_rate: float) -> Account:
    """Add up the weekly columns of a run from `first_week` to its end.

    Parameters
    ----------
    weekly : mapping of str to array_like, shape (weeks,)
        As `Engine.columns` or `SupplyChain.weekly` gives it.
    first_week : int
        First week in which a policy may act; the worlds of a pair are equal before.
    discount_rate : float
        Of costs, a year.
    """

    def window(name: str) -> np.ndarray:
        return np.asarray(weekly[name])[first_week:]

    return Account(
        **{name: int(window(name).sum()) for name in ("ordered", "delivered", "seized", "cancelled", "disabled")},
        outstanding=int(window("open")[-1]) + int(window("in_transit")[-1]),
        delivered_h100e=float(window("delivered_h100e").sum()),
        in_use_h100e_years=float(window("in_use_h100e").sum()) / WEEKS_A_YEAR,
        channels={channel: float(window(f"{channel}_h100e").sum()) for channel in CHANNELS},
        routes={name.removeprefix(_ROUTE): int(window(name).sum()) for name in weekly if name.startswith(_ROUTE)},
        government_cost=discounted(window("government_cost"), discount_rate),
        industry_cost=discounted(window("industry_cost"), discount_rate),
    )


def discount_rate(scenario: Scenario, parameters: Mapping[str, float]) -> float:
    """Return the yearly discount rate of a run: the pair's draw, else the scenario's number, else the evidence's."""
    return (scenario.central_parameters() | dict(parameters))["discount_rate"]


def discounted(weekly_cost: Any, rate: float) -> float:
    """Return the value, in the first week, of a series of weekly costs, US$: Σ c_t · (1 + r)^(−t/52)."""
    cost = np.asarray(weekly_cost, dtype=float)
    return float(cost @ (1.0 + rate) ** (-np.arange(cost.size) / WEEKS_A_YEAR))
