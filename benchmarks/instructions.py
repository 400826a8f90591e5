"""Instructions of the worlds that users run: prior points, as it stands and under all six recommendations.

A count does not depend on what else the machine does. Valgrind counts a process that runs the worlds and one that only
sets them up; the difference is the compiled weeks. `BASELINE` is what they cost when the rules were last changed; more
than `TOLERANCE` times that fails `tests/test_benchmarks.py`. Where nothing counts, the ratio of a run to its floor
(`floor.py`) is held to `MOST_OVER_FLOOR` there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from benchmarks.figures import MILLION, Figure

TITLE = "Instructions of fixed worlds"
SCENARIO, PAIRS, SEED = "baseline-2024", 3, 7
BASELINE = {"central": 97.5, "prior": 149.4}  # million a simulated year; prior: the points of decision 19, other worlds
LEVEL = "x86-64-v3"  # of the processor on which they were counted
TOLERANCE = 1.05
ELSEWHERE = 1.3  # on other processors, for which other code is made
MOST_OVER_FLOOR = 9.0  # loose: what else the machine does moves it

Task = tuple[int, dict[str, float], bool]  # seed, parameters, whether the six recommendations are in force


def measure(repeats: int = 1) -> list[Figure]:
    """Return million instructions a simulated year by kind of world, and against the baseline."""
    found = counted()
    if found is None:
        return [Figure("NOT COUNTED: needs valgrind, and object code for AVX2", float("nan"), "")]
    figures = [Figure(f"{kind} worlds", value, "million/year") for kind, value in found.items()]
    return figures + [
        Figure(f"{kind} worlds, over the baseline", found[kind] / BASELINE[kind], "times") for kind in found
    ]


def counted() -> dict[str, float] | None:
    """Return million instructions a simulated year by kind of world, None where nothing can count them."""
    from supplysim._compiled import OBJECT_CODE
    from supplysim.setup.scenario import Scenario

    if shutil.which("valgrind") is None or OBJECT_CODE is None or "v4" in OBJECT_CODE.name:
        return None
    years = Scenario.load(SCENARIO).weeks / 52.0
    tasks = {"central": [(SEED, {}, False)], "prior": prior_tasks()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = {
            (kind, run): pool.submit(_instructions, worlds, run)
            for kind, worlds in tasks.items()
            for run in (True, False)
        }
        totals = {key: count.result() for key, count in counts.items()}
    return {
        kind: (totals[kind, True] - totals[kind, False]) / MILLION / (len(worlds) * years)
        for kind, worlds in tasks.items()
    }


def prior_tasks() -> list[Task]:
    """Return the worlds of the first pairs of a comparison."""
    from supplysim.experiment.design import parameter_draws
    from supplysim.run import points_of
    from supplysim.setup.scenario import Scenario

    points = points_of(parameter_draws(Scenario.load(SCENARIO), "prior", PAIRS, SEED), SEED)
    return [(point.seed, point.parameters, policed) for point in points for policed in (False, True)]


def _instructions(tasks: list[Task], run: bool) -> int:
    """Return the instructions of a process that sets worlds up, and perhaps runs them."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    command += [sys.executable, "-m", "benchmarks.instructions", "run" if run else "set-up"]
    done = subprocess.run(
        command,
        input=json.dumps(tasks),
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
        timeout=3600,
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if found is None:
        raise RuntimeError(f"valgrind gave no count: {done.stderr[-500:]}")
    return int(found.group(1).replace(",", ""))


def main() -> None:
    """Set up the worlds that standard input lists; run them when asked to."""
    from supplysim.engine import Engine
    from supplysim.policies import six

    for seed, parameters, policed in json.load(sys.stdin):
        engine = Engine(SCENARIO, six() if policed else (), seed, parameters)
        if sys.argv[1] == "run":
            engine.run()


if __name__ == "__main__":
    main()
