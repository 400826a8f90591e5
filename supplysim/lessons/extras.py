"""What lessons quote beside the measures, worked out from the quarters of a run: by year, and quarter by quarter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from supplysim.experiment.comparison import Comparison
from supplysim.outputs.measures import MEASURES
from supplysim.outputs.quarters import kept
from supplysim.run import Run

QUARTERS = 4  # a year
DRAWN = ("delivered", "seized", "prosecutions", "active_intermediaries", "rented_h100e", "public_seized", "refused")
PLACE = {name: at for at, name in enumerate(kept())}
# Name in a lesson -> the quarterly column it is the yearly sum of.
SUMS = {
    "public_seized": "seizures_published",
    "public_prosecutions": "prosecutions_published",
    "true_leads": "true_leads",
    **{name.replace("delivered_via:", "chips_via:"): name for name in PLACE if name.startswith("delivered_via:")},
    **{name: name for name in PLACE if name.startswith("touched:")},
}


def is_extra(quantity: str) -> bool:
    """Whether a quantity is one of those that `with_extras` adds."""
    return quantity not in MEASURES


def with_extras(comparison: Comparison) -> Comparison:
    """Return a comparison whose runs have the extras among their yearly values; they must have their quarters.

    Added: the names of `SUMS`, ``cost`` (government and industry), and ``measure:q1`` to ``:q4`` of `DRAWN`.
    """
    return replace(comparison, runs=[tuple(map(_added, pair)) for pair in comparison.runs])


def _added(run: Run) -> Run:
    years = len(run.years)
    rows = np.full((years * QUARTERS, len(PLACE)), np.nan)  # a year that ends early has no last quarters
    rows[: len(run.quarters)] = run.quarters
    parts = rows.reshape(years, QUARTERS, -1)
    sums = parts.sum(axis=1)
    extra = {name: sums[:, PLACE[column]] for name, column in SUMS.items()}
    extra["cost"] = sums[:, PLACE["government_cost"]] + sums[:, PLACE["industry_cost"]]
    for name in DRAWN:
        for quarter in range(QUARTERS):
            extra[f"{name}:q{quarter + 1}"] = parts[:, quarter, PLACE[SUMS.get(name, name)]]
    return replace(run, yearly=run.yearly | {name: tuple(values.tolist()) for name, values in extra.items()})
