"""How time and memory grow with firms, weeks and runs: exponents near 1 are the aim, and flat memory.

Firms of every kind, the market and the traders at the start are multiplied together. Every size runs in a process of
its own, so that the peak memory is its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np

from benchmarks.figures import Figure, figure

TITLE = "Growth with firms, weeks and runs"
PROGRAM = """
import json, sys, time
from benchmarks.memory import peak
from supplysim.engine import Engine
from supplysim.setup.scenario import Scenario

name, size, weeks = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
base = Scenario.load(name)
kinds = ("distributors", "end_users", "intermediaries", "buyers")
many = {kind: size * getattr(base.population, kind) for kind in kinds}
scale = size * base.population.market_scale
scenario = base.with_(population={**many, "market_scale": scale})
start = size * Engine(base, seed=1).world.parameters[0]["intermediaries_at_start"]
numbers = {"intermediaries_at_start": start, "market_scale": scale}
Engine(base, seed=1).run()
began = time.process_time()
model = Engine(scenario, seed=1, parameters=numbers)
built = time.process_time()
model.run(weeks)
print(json.dumps([sum(many.values()), built - began, time.process_time() - built, peak()]))
"""


def measure(
    scenario: str,
    repeats: int,
    sizes: tuple[int, ...] = (1, 10, 100),
    weeks: int = 52,
    runs: tuple[int, int] = (100, 1000),
) -> list[Figure]:
    """Return seconds and MiB by number of firms, exponents of growth, and memory after many runs."""
    figures, firms, setup, run = [], [], [], []
    for size in sizes:
        samples = [one(scenario, size, weeks) for _ in range(repeats if size < max(sizes) else min(repeats, 3))]
        count, built, ran, memory = np.array(samples).T
        firms.append(float(count[0]))
        setup.append(float(np.median(built)))
        run.append(float(np.median(ran)))
        label = f"{int(count[0]):,} firms"
        figures += [
            figure(f"set-up, {label}", built, "s"),
            figure(f"{weeks} weeks, {label}", ran, "s"),
            figure(f"peak memory, {label}", memory, "MiB"),
        ]
    half, whole = (np.median([one(scenario, sizes[0], n)[2] for _ in range(repeats)]) for n in (weeks, 2 * weeks))
    first, last = after_runs(scenario, runs)
    return [
        *figures,
        Figure(
            f"an agent-week with {max(sizes)} times the firms, over that with 1",
            run[-1] / run[0] / (firms[-1] / firms[0]),
            "times",
        ),
        Figure("exponent of the run with firms", exponent(firms, run), "power"),
        Figure("exponent of set-up with firms", exponent(firms, setup), "power"),
        Figure("exponent of the run with weeks", math.log2(whole / half), "power"),
        Figure(f"memory after {runs[0]:,} runs in one process", first, "MiB"),
        Figure(f"memory after {runs[1]:,} runs in one process", last, "MiB"),
    ]


def exponent(sizes: list[float], times: list[float]) -> float:
    """Return the slope of log time over log size, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def one(scenario: str, size: int, weeks: int) -> list[float]:
    """Return firms, set-up and run (s) and peak memory (MiB) of one size, in a fresh process."""
    command = [sys.executable, "-c", PROGRAM, scenario, str(size), str(weeks)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=3600).stdout)


MANY = """
import json
from benchmarks.memory import peak
from supplysim.engine import Engine
import sys
seen, counts = [], [int(count) for count in sys.argv[2:]]
for run in range(1, max(counts) + 1):
    Engine(sys.argv[1], seed=run).run(26)
    if run in counts:
        seen.append(peak())
print(json.dumps(seen))
"""


def after_runs(scenario: str, runs: tuple[int, int]) -> list[float]:
    """Return peak memory (MiB) after so many runs of half a year in one process."""
    command = [sys.executable, "-c", MANY, scenario, *map(str, runs)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=3600).stdout)
