"""Peak memory of one run in a fresh process, without agents: imports, compiled code, the run itself.

The peak is `VmHWM` where the system has it: `ru_maxrss` of a child also counts the parent that started it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure

TITLE = "Peak memory"
PROGRAM = """
import json, sys
from benchmarks.memory import peak

bare = peak()
from supplysim.engine import Engine
imported = peak()
Engine("minimal", seed=1).run()
loaded = peak()
Engine(sys.argv[1], seed=7).run()
print(json.dumps([bare, imported, loaded, peak()]))
"""


def peak() -> float:
    """Return the peak memory of this process so far, MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        found = [int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        if found:
            return found[0] / 1024
    per_mib = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mib


def measure(scenario: str) -> list[Figure]:
    """Return MiB: the peak, and what each stage added to it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, scenario], capture_output=True, text=True, check=True, timeout=600
    )
    bare, imported, loaded, ran = json.loads(done.stdout)
    return [
        Figure("peak of one run", ran, "MiB"),
        Figure("after imports", imported, "MiB"),
        Figure("added after imports", ran - imported, "MiB"),
        Figure("of which compiled code and a minimal world", loaded - imported, "MiB"),
        Figure("of which this scenario's world and run", ran - loaded, "MiB"),
        Figure("Python alone", bare, "MiB"),
    ]
