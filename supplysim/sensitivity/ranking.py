"""How the six recommendations rank: what each cuts from deliveries in 2025 and 2026, in one world after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.policies import six

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

LEVERS = tuple(policy.lever for policy in six())
VOLUME_2024, VOLUME_LATER = "delivered 2024", "delivered 2025-26"
CALIBRATED = slice(WEEKS_A_YEAR, 2 * WEEKS_A_YEAR)  # weeks of 2024


def outcomes(task: tuple[int, dict[str, float]], scenario: Scenario) -> dict[str, float]:
    """Run the scenario as it stands and under each of the six, on one seed and one set of parameters.

    Returns
    -------
    dict of str to float
        `VOLUME_2024` and `VOLUME_LATER` (chips, no new policy), and for each lever the fall in later deliveries as a
        share of those without it.
    """
    from supplysim.engine import Engine

    seed, parameters = task
    model = Engine(scenario, seed=seed, parameters=parameters)
    first = model.before.policy_start
    model.run(until=first)
    later = slice(first, model.weeks)
    falls = {}
    branches = [model.fork((policy,)) for policy in six()]
    model.run()
    delivered = model.world.tally["delivered"]
    without = float(delivered[later].sum())
    for lever, branch in zip(LEVERS, branches, strict=True):
        branch.run()
        falls[lever] = 1.0 - float(branch.world.tally["delivered"][later].sum()) / max(without, 1.0)
    return {VOLUME_2024: float(delivered[CALIBRATED].sum()), VOLUME_LATER: without, **falls}


def order(falls: np.ndarray) -> np.ndarray:
    """Return the levers from the largest mean fall to the smallest, as columns of `falls`, shape (runs, levers)."""
    return np.argsort(-falls.mean(axis=0), kind="stable")


def rank_correlation(falls: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of each run's falls with reference falls, shape (runs,)."""
    ranks = np.argsort(np.argsort(falls, axis=1), axis=1)
    known = np.argsort(np.argsort(reference))
    n = falls.shape[1]
    return 1.0 - 6.0 * ((ranks - known) ** 2).sum(axis=1) / (n * (n * n - 1))
