"""From years to the whole window: flows add up, shares and prices are averaged with their own weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

# Chips, compute, events and dollars of a year.
SUMMED = frozenset(
    {
        "ordered",
        "attempted",
        "refused",
        "delivered",
        "delivered_h100e",
        "seized",
        "disabled",
        "entries",
        "prosecutions",
        "prosecutions_us",
        "prosecutions_host",
        "listings",
        "lapsed_cases",
        "honest_flagged",
        "honest_lost",
        "honest_sales",
        "honest_delay_weeks",
        "honest_disabled",
        "honest_inspected",
        "false_leads",
        "false_cases",
        "false_cases_us",
        "false_cases_host",
        "notifications",
        "government_cost",
        "industry_cost",
        "programme_cost",
        "customs_cost",
        "seller_cost",
        "buyer_cost",
        "rented_h100e",
        "licensed_h100e",
        "domestic_h100e",
    }
)
# Shares of chips: weighting by what they are shares of gives the share of the whole window.
WEIGHTS = {"interdiction_rate": ("delivered", "seized"), "exposed_share": ("delivered",), "route_share": ("delivered",)}


def total(measure: str, yearly: Mapping[str, np.ndarray], years: Sequence[int]) -> np.ndarray:
    """Return a measure over several years of every run.

    Flows are summed. `interdiction_rate`, `exposed_share` and `route_share:XX` are averaged with the
    chips they are shares of as weights, which equals the share over the whole window. All others
    (prices, stocks such as active intermediaries, shares whose base is not reported) are the plain mean
    of the years. A year in which a share is undefined does not count.

    Parameters
    ----------
    measure : str
    yearly : mapping
        Measure -> values of all runs and years, shape (runs, years).
    years : sequence of int
        Positions of the years to take together.

    Returns
    -------
    ndarray, shape (runs,)
        In the unit of the measure; NaN if it is defined in none of the years.
    """
    values = yearly[measure][:, years]
    if measure in SUMMED:
        return values.sum(axis=1)
    weights = np.ones_like(values)
    if base := WEIGHTS.get(measure.split(":")[0]):
        weights = np.sum([yearly[name][:, years] for name in base], axis=0)
    known = np.isfinite(values)
    weight = np.where(known, weights, 0.0).sum(axis=1)
    weighted = np.where(known, values * weights, 0.0).sum(axis=1)
    return np.divide(weighted, weight, out=np.full(weight.shape, np.nan), where=weight > 0.0)
