"""Twenty visitors who move sliders for two minutes: errors, answer times and the server's memory.

python tests/browser/crowd.py [--visitors 20] [--seconds 120]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import threading
import time
from pathlib import Path

from conftest import Server
from visitor import Visitor

LEVERS = ("border", "due_diligence", "whistleblower", "location_verification", "intelligence", "enforcement_budget")


def play(url: str, number: int, until: float, times: list[float], errors: list[str]) -> None:
    """Move a lever about once a second, wait for the answer, note how long it took."""
    dice = random.Random(number)
    try:
        visitor = Visitor(url, "/")
        seq = 1
        while time.monotonic() < until:
            seq += 1
            levers = {dice.choice(LEVERS): dice.randint(0, 100) / 100}
            started = time.monotonic()
            visitor.act({"do": "levers", "seq": seq, "drag": seq, "levers": levers})
            visitor.wait(lambda seq=seq: visitor.view.get("seq", 0) >= seq, 30)
            times.append(time.monotonic() - started)
            if visitor.view.get("failed") or not visitor.view.get("tiles"):
                errors.append(f"visitor {number}: {visitor.view.get('failed')}")
            pause = time.monotonic() + dice.uniform(0.6, 1.4)
            while (rest := pause - time.monotonic()) > 0:
                visitor.listen(rest)
        visitor.close()
    except Exception as error:  # what went wrong is what is counted
        errors.append(f"visitor {number}: {type(error).__name__} {error}")


def memory_mb(process: int) -> float:
    """Return the memory of a process and of its children, MB."""
    total = 0.0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(folder.name) == process:
            total += int(status["VmRSS"].split()[0]) / 1024
    return total


def crowd(visitors: int, seconds: float) -> tuple[list[float], list[str], list[float]]:
    """Return answer times in seconds, errors, and the server's memory now and then, MB."""
    server = Server()
    try:
        times: list[float] = []
        errors: list[str] = []
        memory: list[float] = []
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=play, args=(server.url, n, until, times, errors)) for n in range(visitors)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            memory.append(memory_mb(server.process.pid))
            time.sleep(5)
        if "Traceback (most" in server.log.read_text():
            errors.append("a traceback stands in the server's log")
    finally:
        server.stop()
    return times, errors, memory


def main() -> int:
    """Print what was measured; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    asked = parser.parse_args()
    times, errors, memory = crowd(asked.visitors, asked.seconds)
    ordered = sorted(times)
    print(f"{asked.visitors} visitors, {asked.seconds:.0f} s, {len(times)} moves, {len(errors)} errors")
    print(
        f"answer: median {1e3 * statistics.median(ordered):.0f} ms, 95 % {1e3 * ordered[int(0.95 * len(ordered))]:.0f} ms"
    )
    third = len(memory) // 3
    early, late = statistics.mean(memory[third : 2 * third]), statistics.mean(memory[2 * third :])
    print(f"server memory: second third {early:.0f} MB, last third {late:.0f} MB, most {max(memory):.0f} MB")
    for error in errors[:10]:
        print(error, file=sys.stderr)
    return bool(errors)


if __name__ == "__main__":
    raise SystemExit(main())
