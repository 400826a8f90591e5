"""The kill matrix: signals to the parent alone, at moments spread over a comparison, and what they leave behind.

    python -m benchmarks.kills [SIGNALS]

Counts processes that outlive their parent, files under a final name that are not whole, and different numbers after
the same command was repeated: all three have to be 0.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import psutil

from supplysim._compiled import cache_folder

SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGKILL")
MOMENTS = 64
PATIENCE = 15.0  # seconds in which workers and helpers must be gone
QUESTION = ("compare", "minimal", "-p", "border", "--pairs", "16", "--workers", "2")
TABLES = ("comparison.csv", "ledger.csv", "ranking.csv")
ENDS = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>\n", ".html": b"</html>\n", ".parquet": b"PAR1", ".json": b"}\n"}


class Outcome(NamedTuple):
    """What one signal left behind."""

    signal: str
    share: float  # of the time that the command takes, at which it was sent
    status: int
    survivors: int
    halves: int
    different: int


def place(folder: Path) -> Path:
    """Return a cache of its own with the compiled code of all."""
    folder.mkdir(parents=True)
    (folder / "kernels").symlink_to(cache_folder().parent)
    return folder


def started(cache: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start the comparison as a user would."""
    command = [sys.executable, "-m", "supplysim", *QUESTION, "--out", str(out)]
    environment = os.environ | {"SUPPLYSIM_CACHE": str(cache), "COLUMNS": "120"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def answer(cache: Path, out: Path) -> tuple[bytes, ...]:
    """Return what the command says and writes when nobody stops it."""
    shown, errors = started(cache, out).communicate()
    if not shown:
        raise RuntimeError(errors.decode())
    return tuple((out / name).read_bytes() for name in TABLES)


def left(cache: Path) -> list[psutil.Process]:
    """Return the processes that were started with this cache and are still there."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SUPPLYSIM_CACHE") == str(cache) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):  # gone, or not ours
            continue
    return found


def halves(out: Path) -> int:
    """Return how many files stand under their final name and are not whole."""
    paths = [path for path in out.glob("*") if path.is_file()]
    return sum(not path.read_bytes().endswith(ENDS.get(path.suffix, b"")) or not path.stat().st_size for path in paths)


def kill(name: str, share: float, takes: float, folder: Path, reference: tuple[bytes, ...]) -> Outcome:
    """Send a signal to the parent at a share of its time, look what is left, and repeat the command."""
    cache, out = place(folder / "cache"), folder / "out"
    process = started(cache, out)
    time.sleep(share * takes)
    process.send_signal(getattr(signal, name))
    process.communicate()
    limit = time.monotonic() + PATIENCE
    while (alive := left(cache)) and time.monotonic() < limit:
        time.sleep(0.1)
    for one in alive:
        one.kill()
    broken = halves(out)
    return Outcome(name, share, process.returncode, len(alive), broken, int(answer(cache, out) != reference))


def matrix(count: int) -> Iterator[Outcome]:
    """Yield the outcome of signals spread evenly over the command's time, each kind in turn."""
    with tempfile.TemporaryDirectory() as root:
        begun = time.monotonic()
        reference = answer(place(Path(root) / "reference" / "cache"), Path(root) / "reference" / "out")
        takes = time.monotonic() - begun
        for number, name in enumerate(islice(cycle(SIGNALS), count)):
            share = (number // len(SIGNALS) + 0.5) * len(SIGNALS) / count
            yield kill(name, share, takes, Path(root) / str(number), reference)


def main(arguments: list[str]) -> int:
    begun, outcomes = time.monotonic(), []
    for outcome in matrix(int(arguments[0]) if arguments else MOMENTS):
        outcomes.append(outcome)
        print(f"{outcome.signal:8} at {outcome.share:4.0%}: status {outcome.status}", file=sys.stderr, flush=True)
    print("| signal to the parent alone | sent | survivors | half-written files | different bits | statuses |")
    print("|---|---|---|---|---|---|")
    for name in SIGNALS:
        rows = [outcome for outcome in outcomes if outcome.signal == name]
        sums = [sum(getattr(row, field) for row in rows) for field in ("survivors", "halves", "different")]
        statuses = ", ".join(f"{status}: {n}" for status, n in sorted(Counter(row.status for row in rows).items()))
        print(f"| {name} | {len(rows)} | {' | '.join(map(str, sums))} | {statuses} |")
    print(f"\n{len(outcomes)} signals in {time.monotonic() - begun:.0f} s")
    return int(any(row.survivors or row.halves or row.different for row in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
