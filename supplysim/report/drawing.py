"""The figures of a report, drawn by a second process while the first writes the tables, unless they were drawn before.

Where no second process can be had, and in one that has loaded matplotlib anyway, this one draws.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import fields, replace
from io import BytesIO
from threading import Thread
from typing import Any

from supplysim.experiment.comparison import Comparison
from supplysim.report import world
from supplysim.report.brief.chart import Chart
from supplysim.report.drawn_before import Files, find, keep, key
from supplysim.report.figures import PICTURES

FILES = ("comparison.png", *(f"{picture.name}.{kind}" for picture in PICTURES for kind in ("png", "svg")))
LITTLE = 1  # of nine levels of compression: a quarter of the usual time, for files a little larger
LONGEST = 120.0  # seconds that a second process may draw
DRAWN = "delivered"  # the one measure that figures show


def started() -> subprocess.Popen[bytes] | None:
    """Start the second process, which loads matplotlib and waits to be asked; None where there is or can be none."""
    if "matplotlib" in sys.modules or not sys.executable:
        return None
    program = f"import sys; sys.path[:] = {sys.path!r}; from supplysim.report.drawing import serve; serve()"
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    with suppress(OSError, ValueError):  # no more processes, no such program
        command = [sys.executable, "-c", program]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **pipes)
    return None


def begin(comparison: Comparison, charts: Sequence[Chart] = ()) -> Callable[[], Files]:
    """Have the figures, and the charts of a brief, drawn and return what waits for them.

    It raises whatever kept them from being drawn.
    """
    shown = _bare(comparison)
    name = key(shown, charts)
    found = find(name)
    if found is not None:
        return lambda: found
    process, answer = started(), Future[Files | None]()
    if process is None:
        answer.set_result(None)
    else:
        question = pickle.dumps((shown, tuple(charts)))
        Thread(target=_ask, args=(process, question, answer), daemon=True).start()

    def wait() -> Files:
        files = answer.result()
        made = draw(comparison, charts) if files is None else files
        keep(name, made)
        return made

    return wait


def _ask(process: subprocess.Popen[bytes], question: bytes, answer: Future[Files | None]) -> None:
    """Put into `answer` what the process answers: files or an error; None if it is no process that can draw."""
    try:
        with process:
            try:
                reply, _ = process.communicate(question, timeout=LONGEST)
            except BaseException:
                process.kill()
                raise
        if process.returncode < 0:
            raise ChildProcessError(f"the process that draws was ended by signal {-process.returncode}")
        found = None
        with suppress(Exception):
            found = pickle.loads(reply)
        if isinstance(found, str):
            raise RuntimeError(found)
        answer.set_result(found)
    except Exception as error:
        answer.set_exception(error)


def _bare(comparison: Comparison) -> Comparison:
    """Return what figures show of a comparison: no policy, as its class may stand in no module, and one measure."""
    runs = [
        tuple(replace(run, yearly={DRAWN: run.yearly[DRAWN]}, quarters=run.quarters[:0], parameters={}) for run in pair)
        for pair in comparison.runs
    ]
    shown = {field.name: getattr(comparison, field.name) for field in fields(Comparison)}
    bare = Comparison(**shown | {"runs": runs, "arms": dict.fromkeys(comparison.arms, ())})
    bare.known_effects.update({(arm, DRAWN, bare.window): comparison.effect(arm) for arm in bare.arms})
    return bare


def serve() -> None:
    """Be the second process: load matplotlib, then draw what comes in on standard input; end if nothing does."""
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the runs, and then the finished ones are drawn
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    from supplysim.report.settings import undisturbed

    with undisturbed(), suppress(ImportError):
        from supplysim.report.figures import charts, overview, ranges  # noqa: F401
    question = sys.stdin.buffer.read()
    if not question:
        return
    try:
        answer: Files | str = draw(*pickle.loads(question))
    except Exception as error:
        answer = f"{type(error).__name__}: {error}"
    with out:
        out.write(pickle.dumps(answer))


def draw(comparison: Comparison, charts: Sequence[Chart] = ()) -> Files:
    """Draw the figures in this process, as matplotlib comes, whatever is set for other figures."""
    from supplysim.report.settings import undisturbed

    with undisturbed():
        from supplysim.report.figures.overview import overview
        from supplysim.report.figures.ranges import ranges
        from supplysim.report.html import svg

        figures = {picture.name: world.figure(picture.draw(comparison)) for picture in PICTURES}
        figures |= {chart.name: world.figure(ranges(chart)) for chart in charts}
        files = {f"{name}.svg": svg(figure).encode() for name, figure in figures.items()}
        for name, figure in {"comparison": world.figure(overview(comparison)), **figures}.items():
            sink = BytesIO()
            figure.savefig(sink, format="png", pil_kwargs={"compress_level": LITTLE})
            files[f"{name}.png"] = sink.getvalue()
    return files
