"""Seconds until the command line answers, each in a fresh process with the compiled code cached."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure, elapsed, figure

TITLE = "Start-up"
COMMANDS = {"supplysim list": ["list"], "supplysim run minimal": ["run", "minimal", "--json"]}


def measure(repeats: int) -> list[Figure]:
    """Return the seconds of each command by the clock."""

    def answer(arguments: list[str]) -> float:
        command = [str(Path(sys.executable).with_name("supplysim")), *arguments]
        return elapsed(lambda: subprocess.run(command, capture_output=True, check=True, timeout=300))

    for arguments in COMMANDS.values():
        answer(arguments)
    return [figure(name, [answer(arguments) for _ in range(repeats)], "s") for name, arguments in COMMANDS.items()]
