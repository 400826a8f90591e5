"""What a run of a comparison costs beside simulated weeks: set-up, forks, books, the store; processor time.

A pair is one seed run in every arm: as it stands, under each of the six recommendations, and under all six.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from benchmarks.figures import Figure
from supplysim import engine
from supplysim.experiment.arms import arms_of, first_week_of
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Crew
from supplysim.experiment.runner import Runner
from supplysim.experiment.store import Store
from supplysim.run import points_of
from supplysim.setup.scenario import Scenario

TITLE = "Overhead of a run in a comparison"


def measure(name: str, pairs: int = 6) -> list[Figure]:
    """Return ms a run inside the compiled weeks and beside them, with and without forks and store."""
    scenario = Scenario.load(name)
    arms = arms_of(None, scenario)
    first_week = first_week_of(scenario, arms)
    points = points_of(parameter_draws(scenario, "prior", pairs + 1, 7), 7)
    runs = pairs * (len(arms) + 1)
    with TemporaryDirectory() as folder:
        runner = Runner(scenario, arms, first_week, Crew(workers=1), Store(folder))
        runner.run(points[:1])  # loads the compiled code
        with weeks() as inside:
            started = time.process_time()
            runner.run(points[1:])
            total = time.process_time() - started
        size = sum(path.stat().st_size for path in Store(folder).files())
    with weeks() as apart:
        for point in points[1:]:
            for policies in ((), *arms.values()):
                run = engine.Engine(scenario, policies, point.seed, point.parameters)
                run.run()
    return [
        Figure("simulated weeks, each run apart", 1e3 * sum(apart) / runs, "ms/run"),
        Figure("simulated weeks, forked", 1e3 * sum(inside) / runs, "ms/run"),
        Figure("beside them: set-up, forks, books, store", 1e3 * (total - sum(inside)) / runs, "ms/run"),
        Figure("stored before packing", size / (runs + len(arms) + 1), "bytes/run"),
    ]


@contextmanager
def weeks() -> Iterator[list[float]]:
    """Collect the processor time spent in compiled weeks."""
    spent: list[float] = []
    compiled = engine.run

    def timed(*arguments: object) -> int:
        started = time.process_time()
        week = compiled(*arguments)
        spent.append(time.process_time() - started)
        return week

    engine.run = timed
    try:
        yield spent
    finally:
        engine.run = compiled
