"""Run the benchmarks, show them and write them down: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
from collections.abc import Callable
from importlib import import_module
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
    "cold": "seconds to compile every kernel into an empty cache (a minute or more)",
    "overhead": "ms a run of a comparison beside its simulated weeks",
    "cluster": "pairs a second on Dask with 1 and 2 workers, and the scheduler's time a task",
    "coverage": "share of 90 % intervals that hold a known mean, by kind of values and number of pairs",
    "compare": "pairs a second of 8 arms x 4 pairs with 1 and 2 workers",
    "crn": "variance ratio of common random numbers, 4 levers x 16 seeds",
}
MODULES = {"compare": "throughput", "crn": "common_numbers"}


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    listed = [f"  {name:<14}{what}" for name, what in USUAL.items()]
    listed += [f"  --{name:<12}{what}" for name, what in SLOW.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure supplysim on this machine; times are medians, with the range of the repeats.",
        epilog="Measured always, and with an option:\n" + "\n".join(listed),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scenario", default="baseline-2024", help="name or file (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=9, help="of every timing (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"), help="(default: %(default)s)")
    for name in SLOW:
        parser.add_argument(f"--{name}", action="store_true", help="see below")
    options = parser.parse_args()
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
        table.add_column("unit")
        for found in figures:
            table.add_row(found.name, *map(shown, (found.value, found.low, found.high)), found.unit)
        console.print(table)
        written["benchmarks"][name] = [
            {key: storable(value) for key, value in found._asdict().items()} for found in figures
        ]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(written, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    console.print(f"written: {options.out}")


def shown(value: float | None) -> str:
    """Return a number for the table, three significant digits or whole."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def storable(value: object) -> object:
    """Return a value that JSON has: an infinite ratio becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    main()
