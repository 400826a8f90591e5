"""``supplysim decide``: what to fund with each budget, searched at once and then run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from rich.text import Text

from supplysim.api import result_folder
from supplysim.cli.compare import RunningEstimate, print_title, progress_bar
from supplysim.cli.names import believed, in_states, world
from supplysim.cli.screen import console
from supplysim.cli.tables import print_facts, print_table
from supplysim.decision import decide
from supplysim.decision.decision import Decision
from supplysim.decision.problem import problem
from supplysim.decision.question import PROPOSALS, question
from supplysim.errors import INTERRUPTED, InputError
from supplysim.experiment.beside import check_beside
from supplysim.experiment.executors import Interrupted
from supplysim.policies.text import parse
from supplysim.report import decision as told
from supplysim.report.effects import Told


def decide_command(
    scenario: str,
    *,
    budgets: str,
    payer: str,
    objective: str,
    levers: str | None,
    without: str | None,
    authorities: str | None,
    net: bool,
    burden: float | None,
    target: float,
    worth: float | None,
    proposals: Sequence[str],
    settings: Sequence[str],
    states: Sequence[str],
    beliefs: Path | None,
    beside: str | None,
    pairs: int,
    seed: int,
    quick: bool,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Decide and tell the result; see `supplysim.decide` for the arguments.

    The quick estimate is printed first, so that an answer stands there while the exact runs come in.

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
    asked = problem(
        money(budgets),
        payer,
        objective,
        listed(levers),
        listed(without) or (),
        listed(authorities),
        net,
        burden,
        target,
        worth,
    )
    place = world(scenario, settings)
    typed = [parse(text, place) for text in proposals or PROPOSALS]
    check_beside(beside, beliefs, ())
    own = believed(beliefs, place, settings)
    fixed = dict(text.partition("=")[::2] for text in states)
    in_states(place, typed, settings, states)  # refuses what is written wrongly
    asked_of = question(place, asked, typed, pairs=pairs, seed=seed, states=fixed or None, beliefs=own)
    folder = None if out is None else result_folder(out)
    found = decide.search(asked_of)
    if not as_json:
        tell_title(found)
        tell(told.quick(found))
        print_facts(console(), told.portfolios(found))
        console().print(f"Quick estimate after {time.perf_counter() - started:.1f} s.", style="dim")
    if not quick:
        try:
            for stage in (decide.refined, decide.reported):
                with progress_bar(quiet=as_json) as bar:
                    found = stage(found, workers=workers, progress=RunningEstimate(bar))
            if beside is not None:
                other = decide.search(decide.shipped(asked_of))
                for stage in (decide.refined, decide.reported):
                    with progress_bar(quiet=as_json) as bar:
                        other = stage(other, workers=workers, progress=RunningEstimate(bar))
                found = replace(found, beside=other)
        except Interrupted:
            notice = "Stopped; finished runs are kept. The same command goes on from there."
            console(stderr=True).print(notice, soft_wrap=True)
            if as_json:
                print(found.to_json(), flush=True)
            return INTERRUPTED
    if as_json:
        print(found.to_json(), flush=True)
    else:
        tell_rest(found)
    written = [] if folder is None else found.save(folder)
    if not as_json:
        files = f"Files: {written[0].parent / 'decision.html'}, {len(written) - 1} more." if written else told_files()
        console().print(f"{files}   {time.perf_counter() - started:.0f} s", soft_wrap=True)
    return 0


def told_files() -> str:
    """Return what is said when nothing was written."""
    return "No files: --out FOLDER writes the decision, a report and every table."


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


def tell_title(found: Decision) -> None:
    """Print what was asked."""
    screen = console()
    print_title(screen, told.question(found), f"supplysim {version('supplysim')} · seed {found.question.seed}")


def tell(table: Told) -> None:
    """Print a table, errors of simulation in faint letters."""
    rows = [[Text(cell) for cell in row] for row in table.rows]
    for cell in (cell for row in rows for cell in row[1:]):
        cell.highlight_regex("±.*", style="dim")
    print_table(console(), "", table.columns, rows, prose=(0,), names_above=True)


def tell_rest(found: Decision) -> None:
    """Print what exact runs say, or that nothing was run, and what is said below the tables."""
    screen = console()
    if found.study is not None:
        screen.print(Text(told.setting(found), style="dim"))
        tell(told.exact(found))
        screen.print(Text(told.HOW_TO_READ, style="dim"))
        print_facts(screen, told.portfolios(found))
        if found.beside is not None:
            screen.print("As shipped")
            tell(told.exact(found.beside))
            print_facts(screen, told.moved(found))
    print_facts(screen, told.facts(found))
    if found.study is None:
        screen.print(told.QUICK)
    screen.print(Text(told.LIMITS, style="bold"))
