"""Run the benchmarks, show them and write them down: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# Name -> what it measures, as `--help` lists it; the names are modules of this folder.
USUAL = {
    "speed": "ms a simulated year of a compiled run, also in a machine-relative unit, and set-up time",
    "phase_times": "ms a simulated year of each phase",
    "firm_by_firm": "the asks phase through Mesa's AgentSet.do against the same rules in one kernel",
    "floor": "the same beside its floor: the week's random numbers drawn and every column touched once",
    "memory": "peak memory of a run in a fresh process, and what imports and the run add",
}
SLOW = {
    "growth": "time and memory with 1, 10 and 100 times the firms, more weeks, and 1,000 runs",
    "starsim": "time per agent and week against a Starsim SIR model (needs starsim)",
    "start_up": "seconds until the command line answers",
    "users": "seconds of comparisons as users ask for them, with report and again (some minutes)",
    "instructions": "instructions of fixed worlds, against what the rules cost when they last changed",
    "cold": "seconds to compile every kernel into an empty cache (a minute or more)",
    "overhead": "ms a run of a comparison beside its simulated weeks",
    "cluster": "pairs a second on Dask with 1 and 2 workers, and the scheduler's time a task",
    "coverage": "share of 90 % intervals that hold a known mean, by kind of values and number of pairs",
    "compare": "pairs a second of 8 arms x 4 pairs with 1 and 2 workers",
    "crn": "variance ratio of common random numbers, 4 levers x 16 seeds",
}
WITH_GOALS = ("start_up", "users", "instructions", "growth", "starsim", "cold")  # and some of the usual ones
MODULES = {"compare": "throughput", "crn": "common_numbers"}


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    listed = [f"  {name:<14}{what}" for name, what in USUAL.items()]
    listed += [f"  --{name:<12}{what}" for name, what in SLOW.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure supplysim on this machine; medians, with the range of the repeats, beside the goals.",
        epilog="Measured always, and with an option:\n" + "\n".join(listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scenario", default="baseline-2024", help="name or file (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=9, help="of every timing (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"), help="(default: %(default)s)")
    for name in SLOW:
        parser.add_argument(f"--{name}", action="store_true", help="see below")
    parser.add_argument("--goals", action="store_true", help="measure everything that has a goal (half an hour)")
    options = parser.parse_args()
    if options.goals:
        vars(options).update(dict.fromkeys(WITH_GOALS, True))
        options.starsim = find_spec("starsim") is not None
    if options.repeats < 1:
        parser.error(f"--repeats {options.repeats}: at least 1 is needed")
    return options


def measurements(options: argparse.Namespace) -> dict[str, Callable]:
    """Return the benchmarks asked for: name -> a call that measures."""

    def measure(name: str) -> Callable:
        return import_module(f"benchmarks.{MODULES.get(name, name)}").measure

    scenario, repeats = options.scenario, options.repeats
    calls = {name: (lambda name=name: measure(name)(scenario, repeats)) for name in USUAL if name != "memory"}
    calls["memory"] = lambda: measure("memory")(scenario)
    ways = {
        "cold": (),
        "compare": (scenario,),
        "crn": (scenario,),
        "overhead": (scenario,),
        "cluster": (scenario,),
        "coverage": (),
        "users": (scenario,),
        "growth": (scenario, repeats),
        "starsim": (repeats,),
    }
    for name in SLOW:
        if getattr(options, name):
            calls[name] = lambda name=name: measure(name)(*ways.get(name, (repeats,)))
    return calls


def main() -> None:
    """Measure, show a table a benchmark, and write the file."""
    options = arguments()
    from rich.console import Console
    from rich.table import Table

    from benchmarks.goals import GOALS
    from supplysim._compiled import COMPILED
    from supplysim.compile import main as compile_kernels
    from supplysim.report.appendix import source_revision, versions

    console = Console()
    compile_kernels()
    written = {
        "scenario": options.scenario,
        "repeats": options.repeats,
        "compiled": COMPILED,
        "versions": versions(),
        "revision": source_revision(),
        "machine": {"architecture": platform.machine(), "processors": os.cpu_count()},
        "benchmarks": {},
    }
    for name, call in measurements(options).items():
        with console.status(f"measuring: {name}"):
            figures = call()
        title = import_module(f"benchmarks.{MODULES.get(name, name)}").TITLE
        table = Table(title=title, title_justify="left")
        table.add_column("what", no_wrap=True)
        for column in ("median", "low", "high"):
            table.add_column(column, justify="right")
        for column in ("unit", "goal", "once"):
            table.add_column(column)
        for found in figures:
            goal, once = GOALS.get(found.name, (None, ""))
            numbers = map(shown, (found.value, found.low, found.high))
            table.add_row(found.name, *numbers, found.unit, against(found.value, goal), once)
        console.print(table)
        written["benchmarks"][name] = [
            {key: storable(value) for key, value in found._asdict().items()} for found in figures
        ]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(written, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    console.print(f"written: {options.out}")


def shown(value: float | None) -> str:
    """Return a number for the table, three significant digits or whole."""
    if value is None or not math.isfinite(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def against(value: float, goal: float | None) -> str:
    """Return the goal of a figure and whether it is reached, nothing for a figure without one."""
    if goal is None:
        return ""
    return f"{shown(goal)} {'met' if value <= goal else 'missed'}"


def storable(value: object) -> object:
    """Return a value that JSON has: an infinite ratio becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    main()
