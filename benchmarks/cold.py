"""Time to compile every kernel into an empty cache, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from benchmarks.figures import Figure, elapsed

TITLE = "Cold compile"


def measure(environment: Mapping[str, str] | None = None) -> list[Figure]:
    """Return seconds of `python -m supplysim.compile` with `SUPPLYSIM_CACHE` empty, then filled."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "SUPPLYSIM_CACHE": folder, **(environment or {})}

        def compile_all() -> None:
            subprocess.run(
                [sys.executable, "-m", "supplysim.compile"], env=settings, capture_output=True, check=True, timeout=3600
            )

        return [
            Figure("into an empty cache", elapsed(compile_all), "s"),
            Figure("again, from the cache", elapsed(compile_all), "s"),
        ]
