"""A class with phones: every phone asks and votes as its page does while the teacher steps; errors and waits are counted.

python tests/browser/phones.py [--phones 30] [--seconds 600]
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any

from conftest import Server
from crowd import memory_mb
from visitor import Visitor, get

PAUSE = 1.5  # seconds between two questions of a phone
STEPS = ("vote", "truth", "why", "public")


def sit(url: str, code: str, number: int, until: float, times: list[float], errors: list[str]) -> None:
    """Be a phone in a room until some time; note how long each answer took."""
    dice = random.Random(number)

    def ask(path: str, message: Any = None) -> Any:
        body = None if message is None else json.dumps(message).encode()
        request = urllib.request.Request(f"{url}/room/{code}/{path}", body, {"Cookie": cookie})
        started = time.monotonic()
        with urllib.request.urlopen(request, timeout=30) as answer:
            seen = json.loads(answer.read())
        times.append(time.monotonic() - started)
        return seen

    try:
        cookie = get(f"{url}/room/{code}")[2]
        while time.monotonic() < until:
            if ask("now")["step"] == "vote":
                with suppress(urllib.error.HTTPError):  # the truth may come first
                    ask("answer", {"option": dice.randrange(4), "sure": 50})
            time.sleep(PAUSE)
    except Exception as error:  # what went wrong is what is counted
        errors.append(f"{number}: {type(error).__name__} {error}")


def lesson(url: str, phones: int, seconds: float, every: float) -> tuple[list[float], list[str], dict[str, Any]]:
    """Return answer times, errors and what stands on the wall, after a lesson whose teacher steps now and then."""
    times: list[float] = []
    errors: list[str] = []
    wall = Visitor(url, "/present/squeeze-one-port")
    wall.act({"do": "room", "what": "room", "order": "open", "page": url, "seq": 1})
    wall.wait(lambda: wall.view["room"]["room"], 60)
    code, until = wall.view["room"]["room"]["code"], time.monotonic() + seconds
    threads = [threading.Thread(target=sit, args=(url, code, number, until, times, errors)) for number in range(phones)]
    for thread in threads:
        thread.start()
    turns = zip(itertools.count(2), itertools.cycle(STEPS), strict=False)
    while time.monotonic() < until - every:
        pause = time.monotonic() + every
        while time.monotonic() < pause:
            wall.listen(0.2)
        seq, step = next(turns)
        wall.act({"do": "room", "what": "step", "to": step, "seq": seq})
        wall.wait(lambda seq=seq: wall.view.get("seq", 0) >= seq, 60)
    for thread in threads:
        thread.join()
    while wall.listen(1.0):
        pass
    wall.close()
    return times, errors, wall.view["room"]


def told(times: list[float]) -> str:
    """Return how long answers took."""
    ordered = sorted(times)
    middle, late = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    return (
        f"{len(times)} answers, median {1e3 * middle:.0f} ms, 95 % {1e3 * late:.0f} ms, most {1e3 * ordered[-1]:.0f} ms"
    )


def main() -> int:
    """Print what was measured; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=600)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(SUPPLYSIM_DATA=folder, SUPPLYSIM_APP_WORKERS="1")
        try:
            before = memory_mb(server.process.pid)
            times, errors, wall = lesson(server.url, asked.phones, asked.seconds, 20.0)
            after = memory_mb(server.process.pid)
            if "Traceback (most" in server.log.read_text():
                errors.append("a traceback stands in the server's log")
        finally:
            server.stop()
    print(f"{asked.phones} phones, {asked.seconds:.0f} s: {told(times)}; {len(errors)} errors")
    print(f"joined {wall['room']['joined']}; server memory {before:.0f} MB before, {after:.0f} MB after")
    for error in errors[:10]:
        print(error, file=sys.stderr)
    return bool(errors)


if __name__ == "__main__":
    raise SystemExit(main())
