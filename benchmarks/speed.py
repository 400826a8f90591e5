"""Processor time of a whole run of compiled code in one process, by simulated year, and of set-up.

The machine's unit is the time to draw one million keyed uniforms, measured beside every repeat: a ratio to it
changes less from machine to machine than milliseconds do.
"""

from __future__ import annotations

import numpy as np

from benchmarks.figures import MILLION, Figure, figure, reference_seconds, seconds
from benchmarks.instructions import SCENARIO, prior_tasks
from supplysim.engine import Engine
from supplysim.policies import six

TITLE = "Speed of a run"


def measure(scenario: str, repeats: int, draws: int = MILLION) -> list[Figure]:
    """Return milliseconds a simulated year, the same in the machine's unit, and set-up time."""
    slots = np.arange(draws)
    Engine(scenario, seed=1).run()  # loads the compiled code and touches memory once
    reference_seconds(slots)
    setup, running, unit = [], [], []
    for repeat in range(repeats):
        before = reference_seconds(slots)
        setup.append(seconds(lambda seed=repeat: Engine(scenario, seed=seed)))
        model = Engine(scenario, seed=repeat)
        running.append(seconds(model.run))
        unit.append((before + reference_seconds(slots)) / 2.0 * MILLION / draws)
    years = model.weeks / 52.0
    per_year = [1e3 * time / years for time in running]
    relative = [time / years / machine for time, machine in zip(running, unit, strict=True)]
    return [
        figure("run, a simulated year", per_year, "ms"),
        figure("run, a simulated year, in the machine's unit", relative, "million draws"),
        figure(f"run, all {model.weeks} weeks", [1e3 * time for time in running], "ms"),
        figure("prior worlds with policies, a simulated year", prior_years(repeats), "ms"),
        figure("set-up of a world", [1e3 * time for time in setup], "ms"),
        figure("machine's unit: one million draws", [1e3 * time for time in unit], "ms"),
    ]


def prior_years(repeats: int) -> list[float]:
    """Return milliseconds a simulated year of the worlds whose instructions are counted, by repeat."""
    tasks = [task for task in prior_tasks() if task[2]]
    times = []
    for _ in range(repeats):
        models = [Engine(SCENARIO, six(), seed, parameters) for seed, parameters, _ in tasks]
        times.append(1e3 * sum(seconds(model.run) for model in models) / sum(model.weeks / 52.0 for model in models))
    return times
