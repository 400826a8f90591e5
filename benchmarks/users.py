"""What users wait for: the commands of the README, each in a fresh process with a store of its own, by the clock."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, elapsed, figure

TITLE = "What users wait for"
LARGE = ("--pairs", "64")  # eight arms of four years: as it stands, the six recommendations, all six


def measure(scenario: str, repeats: int = 3, large: tuple[str, ...] = LARGE) -> list[Figure]:
    """Return seconds of a comparison with its report, of the same again, and of the question asked by default."""
    with tempfile.TemporaryDirectory() as folder:
        out = ("--out", str(Path(folder) / "out"))

        def ask(*options: str, store: str = "store") -> float:
            return _seconds(["compare", scenario, *options], Path(folder) / store)

        first = ask(*large, *out)
        again = [ask(*large, *out) for _ in range(repeats)]
        without = [ask(*large) for _ in range(repeats)]
        spent = -_children()
        default = ask(store="another") if large == LARGE else None
        spent += _children()
    runs = f"8 arms x {large[1]} pairs x 4 years"
    figures = [
        Figure(f"{runs}, with report", first, "s"),
        figure("same question again, with report", again, "s"),
        figure("same question again, without", without, "s"),
    ]
    if default is None:
        return figures
    return [*figures, Figure("default question", default, "s"), Figure("default question, processor time", spent, "s")]


def _seconds(arguments: list[str], store: Path) -> float:
    command = [str(Path(sys.executable).with_name("supplysim")), *arguments]
    settings = os.environ | {"SUPPLYSIM_CACHE": str(store)}
    return elapsed(lambda: subprocess.run(command, env=settings, capture_output=True, check=True, timeout=3600))


def _children() -> float:
    """Return the processor time of all processes that were started and are over, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
