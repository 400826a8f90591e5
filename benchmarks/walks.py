"""How much code one question walks through: files and functions of the package, for five walks.

    python -m benchmarks.walks

A function counts once; comprehensions, lambdas and code at the top of a module do not count. The model's own walks run
as plain Python, so that its rules count like any other function.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWN = tuple(str(ROOT / folder) + os.sep for folder in ("supplysim", "viz"))


@contextlib.contextmanager
def walked() -> Iterator[set[tuple[str, str, int]]]:
    """Collect (file, function, line) of all that is called of the package."""
    seen: set[tuple[str, str, int]] = set()

    def called(frame: object, event: str, _: object) -> None:
        code = frame.f_code  # type: ignore[attr-defined]
        if event == "call" and code.co_filename.startswith(OWN):
            seen.add((code.co_filename, code.co_name, code.co_firstlineno))

    sys.setprofile(called)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def compare() -> None:
    """Compare one policy on the small world, four pairs, all files written."""
    from supplysim.cli import main

    seed = str(time.time_ns() % 10**9)  # one that no store has seen
    asked = ["compare", "minimal", "-p", "border=0.5@2024-06", "--pairs", "4", "--workers", "1", "--seed", seed]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main([*asked, "--out", tempfile.mkdtemp()])


def policy() -> None:
    """Follow the text of a policy to what it makes of the odds of a hop."""
    from supplysim.engine import Engine

    engine = Engine("minimal", ["border=0.5@2023-02"], 3)
    engine.run(8)


def order() -> None:
    """Run a week of the model, in which orders are placed, bought, sent and arrive."""
    ready = WORLDS["order"]
    ready.run(ready.week + 1)  # type: ignore[attr-defined]


def slider() -> None:
    """Move a lever, up to the tiles that change."""
    session = WORLDS["slider"]
    session.act({"do": "levers", "seq": 1, "drag": 5, "levers": {"border": 0.4}})  # type: ignore[attr-defined]
    session.explore()  # type: ignore[attr-defined]


def lesson() -> None:
    """Take a lesson from its file to a scored prediction."""
    from supplysim.lessons import Attempt, results
    from supplysim.lessons import lesson as read

    attempt = Attempt(read("squeeze-one-port").opening).lock(1, 70)
    attempt.after(read("squeeze-one-port"), results()["squeeze-one-port"])


WORLDS: dict[str, object] = {}
WALKS: dict[str, Callable[[], None]] = {
    "compare": compare,
    "policy": policy,
    "order": order,
    "slider": slider,
    "lesson": lesson,
}
PLAIN_PYTHON = ("policy", "order")


def prepare(name: str) -> None:
    """Make what stands there before the walk begins."""
    if name == "order":
        from supplysim.engine import Engine

        engine = Engine("minimal", (), 3)
        engine.run(60)
        WORLDS[name] = engine
    if name == "slider":
        from supplysim.viz.visit import Visit

        WORLDS[name] = Visit("", lambda: None)


def main() -> None:
    """Walk one way, or each in a process of its own."""
    if len(sys.argv) > 1:
        name = sys.argv[1]
        prepare(name)
        with walked() as seen:
            WALKS[name]()
        functions = {call for call in seen if not call[1].startswith("<")}
        print(f"{name:8} {len({file for file, *_ in functions}):4} files {len(functions):5} functions", flush=True)
        os._exit(0)  # workers of a session are not waited for
    for name in WALKS:
        plain = {"NUMBA_DISABLE_JIT": "1"} if name in PLAIN_PYTHON else {}
        command = [sys.executable, "-m", "benchmarks.walks", name]
        subprocess.run(command, cwd=ROOT, env=os.environ | plain, check=True, timeout=1200)


if __name__ == "__main__":
    main()
