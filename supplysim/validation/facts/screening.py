"""The fact about false alarms: what is stricter flags more honest orders (F9)."""

from __future__ import annotations

import numpy as np

from supplysim.validation.arms import BASELINE, HALF_DILIGENCE, STRICTNESS
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Finding, above_zero, mean_interval, said

BY_INTENSITY = (BASELINE, HALF_DILIGENCE, STRICTNESS[0.3])
BY_STRICTNESS = tuple(STRICTNESS.values())


def flagged_share(ensemble: Ensemble, arm: str) -> np.ndarray:
    """Return the share of honest orders of the window that were flagged, shape (pairs,)."""
    return ensemble.sums(arm, "honest_flagged") / ensemble.sums(arm, "honest_orders")


def fill(ensemble: Ensemble, arm: str) -> np.ndarray:
    """Return the share of honest demand of the window that was met, shape (pairs,)."""
    return ensemble.sums(arm, "honest_filled") / ensemble.sums(arm, "honest_ordered")


def false_alarms(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F9: every step of intensity or strictness flags more honest orders; what is met of their demand is told."""
    numbers, passed = {}, True
    for steps in (BY_INTENSITY, BY_STRICTNESS):
        for before, after in zip(steps, steps[1:], strict=False):
            change = mean_interval(flagged_share(ensemble, after) - flagged_share(ensemble, before))
            numbers[f"{before} -> {after}"] = change
            passed = passed and above_zero(change)
    texts = []
    for arm in dict.fromkeys((*BY_INTENSITY, *BY_STRICTNESS)):
        met = mean_interval(fill(ensemble, arm) - fill(ensemble, BASELINE))
        numbers[f"fill: {arm}"] = met
        flagged = 100.0 * flagged_share(ensemble, arm).mean()
        texts.append(f"{arm}: {flagged:.1f} % flagged, fill {said(met, '+.2f', 100.0)} points")
    return Finding(passed, "; ".join(texts), numbers)
