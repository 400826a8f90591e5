"""What common random numbers save: (Var baseline + Var policy) / Var effect on delivered chips, by lever.

With common numbers both worlds of a pair have the same seed. The comparison beside it gives the baseline
seeds of its own; there the ratio is 1 but for chance, and the levers share that chance with the one baseline.
A ratio of 4 means that one pair with common numbers is worth four without. Parameters are central; chips are
summed from the start of the policy. The range holds 5-95 % of 2 000 resamples of the seeds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.figures import Figure
from supplysim.engine import Engine
from supplysim.setup.scenario import Scenario

TITLE = "Common random numbers"
LEVERS = ("due_diligence", "whistleblower", "enforcement_budget", "location_verification")
RESAMPLES = 2000


def measure(
    name: str, seeds: int = 16, levers: Sequence[str] = LEVERS, horizons: Sequence[int] = (52, 104)
) -> list[Figure]:
    """Return the variance ratio of every lever and horizon, with the same seeds and with different ones."""
    scenario = Scenario.load(name)
    ours, others = range(1, seeds + 1), range(seeds + 1, 2 * seeds + 1)
    usual = delivered(scenario, (), ours, horizons)
    elsewhere = delivered(scenario, (), others, horizons)
    figures = []
    for lever in levers:
        shifted = delivered(scenario, (lever,), ours, horizons)
        for column, weeks in enumerate(horizons):
            for baseline, how in ((usual, "same seeds"), (elsewhere, "different seeds")):
                ratio, low, high = variance_ratio(baseline[:, column], shifted[:, column])
                figures.append(Figure(f"{lever}, {weeks} weeks, {how}", ratio, "times", low, high))
    return figures


def delivered(scenario: Scenario, policies: Sequence[str], seeds: Sequence[int], horizons: Sequence[int]) -> np.ndarray:
    """Return chips delivered from the policy start up to each horizon, shape (seeds, horizons)."""
    start = scenario.week_of(scenario.policy_start)
    totals = np.empty((len(seeds), len(horizons)))
    for row, seed in enumerate(seeds):
        engine = Engine(scenario, policies, seed)
        engine.run(start + max(horizons))
        chips = engine.weekly()["delivered"].to_numpy()
        totals[row] = [chips[start : start + weeks].sum() for weeks in horizons]
    return totals


def variance_ratio(baseline: np.ndarray, policy: np.ndarray) -> tuple[float, float, float]:
    """Return (Var baseline + Var policy) / Var (policy - baseline) with a resampled 5-95 % range."""

    def ratio(b: np.ndarray, p: np.ndarray) -> np.ndarray:
        both, effect = np.var(b, axis=-1) + np.var(p, axis=-1), np.var(p - b, axis=-1)
        return np.divide(both, effect, out=np.full_like(effect, np.inf), where=effect > 0)

    drawn = np.random.default_rng(1).integers(baseline.size, size=(RESAMPLES, baseline.size))
    low, high = np.quantile(ratio(baseline[drawn], policy[drawn]), (0.05, 0.95), method="nearest")
    return float(ratio(baseline[None], policy[None])[0]), float(low), float(high)
