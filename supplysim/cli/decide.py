"""``supplysim decide``: what to fund with each budget, searched at once and then run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from supplysim.cli.names import believed, in_states, world
from supplysim.cli.screen import console
from supplysim.cli.tables import print_effects, print_facts, print_title
from supplysim.decision.answer import Answer, Part, Place, place_of
from supplysim.decision.problem import problem
from supplysim.decision.question import PROPOSALS, Question, question
from supplysim.errors import INTERRUPTED, InputError
from supplysim.experiment.beside import check_beside
from supplysim.experiment.executors import Interrupted
from supplysim.folders import writable_folder
from supplysim.policies.text import parse

if TYPE_CHECKING:
    from supplysim.decision.decide import Decision

NO_FILES = "No files: --out FOLDER writes the decision, a report and every table."


def decide_command(
    scenario: str,
    *,
    budgets: str,
    proposals: Sequence[str],
    settings: Sequence[str],
    states: Sequence[str],
    beliefs: Path | None,
    beside: str | None,
    rules: str | None,
    pairs: int,
    seed: int,
    quick: bool,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """Decide and tell the result; see `supplysim.decide` for the arguments.

    The quick estimate is printed first, so that an answer stands there while the exact runs come in. What was told
    before of the same question is told again at once; files are made anew.

    Returns
    -------
    int
        Exit status: 0, or 130 on Ctrl-C.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    started = time.perf_counter()
    names: dict[str, Any] = {name: listed(asked.pop(name)) for name in ("levers", "without", "authorities")}
    what = problem(money(budgets), **names, **asked)
    here = world(scenario, settings)
    typed = [parse(text, here) for text in proposals or PROPOSALS]
    check_beside(beside, beliefs, ())
    own = believed(beliefs, here, settings)
    fixed = dict(text.partition("=")[::2] for text in states)
    in_states(here, typed, settings, states)  # refuses what is written wrongly
    asked_of = question(here, what, typed, pairs=pairs, seed=seed, states=fixed or None, beliefs=own, rules=rules)
    place = place_of(asked_of, quick, beside)
    found = place.find() if place is not None and out is None else None
    if found is None:
        return _made(asked_of, place, beside, quick, workers, out, as_json, started)
    if as_json:
        print(found.document, flush=True)
        return 0
    _tell_title(found.title, seed)
    for part in found.parts:
        _tell(part)
    _tell_end(found)
    _tell_files([], started)
    return 0


def _made(
    asked: Question,
    place: Place | None,
    beside: str | None,
    quick: bool,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    started: float,
) -> int:
    """Search and run what is asked, tell and keep it; return the exit status."""
    from supplysim.cli.progress import RunningEstimate, progress_bar
    from supplysim.decision import decide
    from supplysim.report.decision.told import quickly, told
    from supplysim.report.decision.words import question as title

    folder = None if out is None else writable_folder(out)
    found = decide.search(asked)
    first = quickly(found)
    if not as_json:
        _tell_title(title(found), asked.seed)
        _tell(first)
        console().print(f"Quick estimate after {time.perf_counter() - started:.1f} s.", style="dim")

    def run(searched: Decision) -> Decision:
        for stage in (decide.refined, decide.reported):
            with progress_bar(quiet=as_json) as bar:
                searched = stage(searched, workers=workers, progress=RunningEstimate(bar))
        return searched

    try:
        if not quick:
            found = run(found)
            if beside is not None:
                found = replace(found, beside=run(decide.search(decide.shipped(asked))))
                with progress_bar(quiet=as_json) as bar:
                    found = decide.told_apart(found, workers=workers, progress=RunningEstimate(bar))
    except Interrupted:
        notice = "Stopped; finished runs are kept. The same command goes on from there."
        console(stderr=True).print(notice, soft_wrap=True)
        if as_json:
            print(found.to_json(), flush=True)
        return INTERRUPTED
    whole = told(found, first, found.to_json())
    if as_json:
        print(whole.document, flush=True)
    else:
        for part in whole.parts[1:]:
            _tell(part)
        _tell_end(whole)
    written = [] if folder is None else found.save(folder)
    if not as_json:
        _tell_files(written, started)
    if place is not None:
        place.keep(whole)
    return 0


def money(text: str) -> list[float]:
    """Return budgets as typed, ``10,30,100``, in millions.

    Raises
    ------
    InputError
        If one is no number.
    """
    found = []
    for part in text.split(","):
        try:
            found.append(float(part))
        except ValueError as error:
            remedy = "write --budget 10,30,100 for millions of US$ a year"
            raise InputError("--budget", part.strip() or None, "it is no number", remedy) from error
    return found


def listed(text: str | None) -> list[str] | None:
    """Return names as typed with commas between them."""
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _tell_title(title: str, seed: int) -> None:
    """Print what was asked."""
    print_title(console(), title, f"supplysim {version('supplysim')} · seed {seed}")


def _tell(part: Part) -> None:
    """Print a table with what belongs to it."""
    screen = console()
    if part.above:
        screen.print(Text(part.above, style="dim"))
    print_effects(screen, part.columns, part.rows)
    if part.note:
        screen.print(Text(part.note, style="dim"))
    print_facts(screen, [(key, line) for key, line in part.facts])


def _tell_end(found: Answer) -> None:
    """Print what is said below all tables."""
    screen = console()
    print_facts(screen, [(key, line) for key, line in found.facts])
    if found.copies:
        screen.print(Text("To copy into supplysim compare", style="bold"))
    for line in found.copies:
        screen.print(line, soft_wrap=True)
    for line in found.closing:
        screen.print(Text(line, style="bold"))


def _tell_files(written: Sequence[Path], started: float) -> None:
    """Print where the files are and how long it took."""
    files = f"Files: {written[0].parent / 'decision.html'}, {len(written) - 1} more." if written else NO_FILES
    console().print(f"{files}   {time.perf_counter() - started:.0f} s", soft_wrap=True)
