"""How the six recommendations rank: what each cuts from deliveries in 2025 and 2026, in one world after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.outputs.measures import WEEKS_A_YEAR
from supplysim.policies import six
from supplysim.run import BASELINE, Arms, Finished, Point, run_arms

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
    arms: Arms = {BASELINE: (), **{policy.lever: (policy,) for policy in six()}}
    first = scenario.week_of(scenario.policy_start)
    made = run_arms(scenario, arms, Point(0, *task), {"volumes": _volumes}, first)
    (in_2024, without), *others = (made[arm]["volumes"] for arm in arms)
    falls = {lever: 1.0 - later / max(without, 1.0) for lever, (_, later) in zip(LEVERS, others, strict=True)}
    return {VOLUME_2024: in_2024, VOLUME_LATER: without, **falls}


def _volumes(run: Finished) -> tuple[float, float]:
    """Return chips delivered in 2024, and from the policy start to the end."""
    delivered = run.engine.world.tally["delivered"]
    return float(delivered[CALIBRATED].sum()), float(delivered[run.first_week : run.engine.weeks].sum())


def order(falls: np.ndarray) -> np.ndarray:
    """Return the levers from the largest mean fall to the smallest, as columns of `falls`, shape (runs, levers)."""
    return np.argsort(-falls.mean(axis=0), kind="stable")


def rank_correlation(falls: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return Spearman's correlation of each run's falls with reference falls, shape (runs,)."""
    ranks = np.argsort(np.argsort(falls, axis=1), axis=1)
    known = np.argsort(np.argsort(reference))
    n = falls.shape[1]
    return 1.0 - 6.0 * ((ranks - known) ** 2).sum(axis=1) / (n * (n * n - 1))
