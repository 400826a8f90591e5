"""The kill matrix: signals to the parent alone, at moments spread over a comparison, and what they leave behind.

    python -m benchmarks.kills [SIGNALS]

A third of the moments lie in the start, a third from the first finished pair on, a third from the first written file
on; at each moment every kind of signal stops the same comparison once, which then goes on to its end. Counted are
processes that outlive their parent, files under a final name that are not whole, and different numbers in the end: all
three have to be 0.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from difflib import unified_diff
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

import psutil

from supplysim._compiled import cache_folder

SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP", "SIGKILL")
SIGNALS_SENT = 64
STRIDE = 7  # shares no factor with the number of moments
PATIENCE = 15.0  # seconds in which workers and helpers must be gone
LONGEST = 600.0  # seconds for a comparison
QUESTION = ("compare", "minimal", "-p", "border", "--pairs", "24", "--workers", "2")
ENDS = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>\n", ".html": b"</html>\n", ".parquet": b"PAR1", ".json": b"}\n"}


class Outcome(NamedTuple):
    """What one signal left behind."""

    signal: str
    moment: float  # 0 to 1 the start, 1 to 2 the runs, 2 to 3 the writing
    status: int
    survivors: int
    halves: int


class Phases(NamedTuple):
    """How long a comparison that nobody stops takes to its first pair, from there to its first file, and to its end."""

    start: float
    runs: float
    writing: float


def place(folder: Path) -> Path:
    """Return a cache of its own with the compiled code of all."""
    folder.mkdir(parents=True)
    (folder / "kernels").symlink_to(cache_folder().parent)
    return folder


def started(cache: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start the comparison as a user would."""
    command = [sys.executable, "-m", "supplysim", *QUESTION, *options]
    environment = os.environ | {"SUPPLYSIM_CACHE": str(cache), "COLUMNS": "120"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def ended(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Return what a process says to its end; one that hangs is killed, and is an error."""
    try:
        return process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def answer(cache: Path) -> bytes:
    """Return every number of the comparison, as the command gives them when nobody stops it."""
    shown, errors = ended(started(cache, "--json"))
    if not shown:
        raise RuntimeError(errors.decode())
    return shown


def difference(reference: bytes, numbers: bytes) -> str:
    """Return the lines in which two answers differ, those of the reference first."""
    lines = unified_diff(*(text.decode().splitlines() for text in (reference, numbers)), n=0, lineterm="")
    return "\n".join(islice(lines, 40))


def measured(cache: Path, out: Path) -> Phases:
    """Return how long the phases of the command take."""
    times = [time.monotonic()]
    process = started(cache, "--out", str(out))
    for phase in (1, 2, 3):
        await_phase(process, phase, cache, out)
        times.append(time.monotonic())
    return Phases(*(late - early for early, late in pairwise(times)))


def await_phase(process: subprocess.Popen[bytes], phase: int, cache: Path, out: Path) -> None:
    """Wait until a phase has begun: 1 the runs, 2 the writing; 3 the end."""
    signs = {1: lambda: any(cache.glob("runs/*/*/*.parquet")), 2: lambda: any(out.glob("*"))}
    if phase == 3:
        ended(process)
    limit = time.monotonic() + LONGEST
    while phase in signs and process.poll() is None and not signs[phase]():
        if time.monotonic() > limit:
            process.kill()
        time.sleep(0.01)


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


def kill(name: str, moment: float, phases: Phases, cache: Path, out: Path) -> Outcome:
    """Start the comparison, send a signal to the parent at a moment, and look what is left."""
    shutil.rmtree(out, ignore_errors=True)
    phase = int(moment)
    process = started(cache, *(("--out", str(out)) if phase == 2 else ()))
    await_phase(process, phase, cache, out)
    time.sleep((moment - phase) * phases[phase])
    process.send_signal(getattr(signal, name))
    with suppress(subprocess.TimeoutExpired):  # whoever is left holds the pipes open
        process.communicate(timeout=LONGEST / 5)
    limit = time.monotonic() + PATIENCE
    while (alive := left(cache)) and time.monotonic() < limit:
        time.sleep(0.1)
    for one in alive:
        one.kill()
    ended(process)
    return Outcome(name, moment, process.returncode, len(alive), halves(out))


def matrix(count: int) -> Iterator[Outcome | bool]:
    """Yield the outcome of each signal and, after those of a moment, whether the numbers differ in the end."""
    moments = -(-count // len(SIGNALS))
    with tempfile.TemporaryDirectory() as root:
        cache, out = place(Path(root) / "cache"), Path(root) / "out"
        phases = measured(cache, out)
        reference = answer(cache)
        told = f"start {phases.start:.1f} s, runs {phases.runs:.1f} s, writing {phases.writing:.1f} s"
        print(told, file=sys.stderr, flush=True)
        for place_in_order in range(moments):
            number = place_in_order * STRIDE % moments  # start, runs and writing in turn
            cache, out = place(Path(root) / str(number) / "cache"), Path(root) / str(number) / "out"
            for name in SIGNALS:
                yield kill(name, 3.0 * (number + 0.5) / moments, phases, cache, out)
            numbers = answer(cache)
            if numbers != reference:
                print(difference(reference, numbers), file=sys.stderr, flush=True)
            yield numbers != reference


def main(arguments: list[str]) -> int:
    begun, outcomes, different = time.monotonic(), [], []
    for outcome in matrix(int(arguments[0]) if arguments else SIGNALS_SENT):
        if isinstance(outcome, bool):
            different.append(outcome)
            print(f"{'other' if outcome else 'the same'} numbers in the end", file=sys.stderr, flush=True)
        else:
            outcomes.append(outcome)
            print(*outcome, file=sys.stderr, flush=True)
    print("| signal to the parent alone | sent | survivors | half-written files | statuses |\n|---|---|---|---|---|")
    for name in SIGNALS:
        rows = [outcome for outcome in outcomes if outcome.signal == name]
        statuses = ", ".join(f"{status}: {n}" for status, n in sorted(Counter(row.status for row in rows).items()))
        sums = [sum(getattr(row, field) for row in rows) for field in ("survivors", "halves")]
        print(f"| {name} | {len(rows)} | {' | '.join(map(str, sums))} | {statuses} |")
    print(
        f"\n{len(outcomes)} signals, {sum(different)} of {len(different)} comparisons with other numbers in the end; ",
        end="",
    )
    print(f"{time.monotonic() - begun:.0f} s")
    return int(any(row.survivors or row.halves for row in outcomes) or any(different))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
