"""Processor time of each phase by simulated year, stepping phase by phase from Python.

Handing the world to compiled code costs the same whatever the phase. An empty step (no phases, but the same
check for room in the tables) is timed in every week; its median is taken off every phase. A phase that does
next to nothing can therefore come out slightly below zero. The sum is set against an undivided run.
"""

from __future__ import annotations

from time import process_time

import numpy as np

from benchmarks.figures import Figure, figure, seconds
from supplysim.engine import Engine
from supplysim.week import PHASES, run

TITLE = "Time of each phase"


def measure(scenario: str, repeats: int) -> list[Figure]:
    """Return ms a simulated year by phase, their sum, the undivided run, and the cost of crossing."""
    Engine(scenario, seed=1).run()
    by_phase, crossing, whole = [], [], []
    for repeat in range(repeats):
        times, empty = step_through(Engine(scenario, seed=repeat))
        years = len(empty) / 52.0
        crossing.append(1e6 * float(np.median(empty)))
        by_phase.append(1e3 * (times - np.median(empty)).sum(axis=0) / years)
        whole.append(1e3 * seconds(Engine(scenario, seed=repeat).run) / years)
    table = np.array(by_phase)
    return [
        *(figure(phase.name, table[:, index], "ms") for index, phase in enumerate(PHASES)),
        figure("sum of the phases", table.sum(axis=1), "ms"),
        figure("undivided run", whole, "ms"),
        figure("crossing into compiled code, each call", crossing, "us"),
    ]


def step_through(engine: Engine) -> tuple[np.ndarray, np.ndarray]:
    """Run a world phase by phase.

    Returns
    -------
    times : ndarray, shape (weeks, phases)
        Seconds of each call.
    empty : ndarray, shape (weeks,)
        Seconds of a call that runs no phase.
    """
    times, empty = np.empty((engine.weeks, len(PHASES))), np.empty(engine.weeks)
    while engine.week < engine.weeks:
        week = engine.week
        started = process_time()
        room = run(engine.world, week, week + 1, 1, 0) > week
        empty[week] = process_time() - started
        if not room:
            engine._make_room()
            continue
        for index in range(len(PHASES)):
            started = process_time()
            run(engine.world, week, week + 1, index, index)
            times[week, index] = process_time() - started
        engine.week += 1
    return times, empty
