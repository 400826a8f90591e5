"""Pairs a second of a comparison with one and two workers, starting the workers included.

A pair is one seed run in every arm: as it stands, under each of the six recommendations, and under all six.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Figure, elapsed
from supplysim.experiment.arms import arms_of
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.pairs import run_pairs
from supplysim.setup.scenario import Scenario

TITLE = "Throughput of a comparison"


def measure(
    name: str, pairs: int = 4, policies: Sequence[str] | None = None, workers: Sequence[int] = (1, 2)
) -> list[Figure]:
    """Return pairs and runs a second by number of workers."""
    scenario = Scenario.load(name)
    arms = arms_of(policies, scenario)
    draws = parameter_draws(scenario, "central", pairs, 1)
    first_week = scenario.week_of(scenario.policy_start)
    run_pairs(scenario, {}, draws[:1], 1, first_week, workers=1)  # loads the compiled code here
    figures = []
    for count in workers:
        took = elapsed(lambda: run_pairs(scenario, arms, draws, 1, first_week, workers=count))  # noqa: B023
        who = f"{count} worker" + ("s" if count > 1 else "")
        figures.append(Figure(f"{who}, {pairs} pairs of {len(arms) + 1} arms", pairs / took, "pairs/s"))
        figures.append(Figure(f"{who}, runs", pairs * (len(arms) + 1) / took, "runs/s"))
    return figures
