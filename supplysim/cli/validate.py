"""``supplysim validate``: the scoreboard of limit cases, conservation, targets of 2024 and stylised facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

from rich.progress import Progress, TaskID
from rich.text import Text

from supplysim.cli.names import numbers, typed, world
from supplysim.cli.progress import progress_bar
from supplysim.cli.screen import console
from supplysim.cli.tables import print_table
from supplysim.edition import stamp
from supplysim.errors import INTERRUPTED, InputError
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.store import Store
from supplysim.folders import writable_folder, write_together
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import FAIL, PASS, Score
from supplysim.validation.scoreboard import (
    OWN,
    RULES,
    Scoreboard,
    ensembles,
    rules_in_words,
    scoreboard,
    sizes,
    without_runs,
)

SCENARIO = "baseline-2024"
QUICK_DRAWS = 64
STYLE = {PASS: "green", FAIL: "red"}


def validate_command(
    draws: int,
    pairs: int,
    quick: bool,
    rules: str,
    settings: Sequence[str],
    seed: int,
    out: Path | None,
    workers: int | None,
    as_json: bool,
) -> int:
    """Run everything that the model can be held against and tell the scores.

    Parameters
    ----------
    draws : int
        Worlds of the baseline for the targets of 2024.
    pairs : int
        Worlds of the paired facts; 0 leaves these out.
    quick : bool
        At most `QUICK_DRAWS` draws and no pairs.
    rules : {"scenario", "all"}
        The scenario's decision and triage rule, or these and each other rule by itself.
    settings : sequence of str
        Parameters of the worlds that are sampled, as ``fte=20``; limit cases have worlds of their own.
    seed : int
    out : Path, optional
        Folder for scoreboard.csv, .md and .json.
    workers : int, optional
    as_json : bool

    Returns
    -------
    int
        Exit status: 0, 1 if a check that must hold does not, 130 on Ctrl-C.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    if quick:
        draws, pairs = min(draws, QUICK_DRAWS), 0
    scenario = world(SCENARIO, settings)
    folder = None if out is None else writable_folder(out)
    sets = RULES if rules == "all" else RULES[:OWN]
    single = without_runs()
    sampled: list[Ensemble] = []
    command = f"supplysim validate --draws {draws} --pairs {pairs} --rules {rules} --seed {seed}" + typed(settings)

    def write(board: Scoreboard) -> None:
        if folder is not None:
            done = "" if len(sampled) == len(sets) else f"; {len(sampled)} of {len(sets)} sets of rules"
            _write(board, folder, f"`{command}`, {date.today():%Y-%m-%d}, {stamp()}{done}.", numbers(settings))

    status = None
    try:
        with progress_bar(quiet=as_json) as bar:
            total = sum(sizes(changed, not n, draws, pairs)[0] for n, changed in enumerate(sets))
            shown = bar.add_task(SCENARIO, total=total)
            tell = partial(_advance, bar, shown)
            for ensemble in ensembles(scenario, sets, draws, pairs, seed, None, workers, tell, Store()):
                bar.update(shown, description=f"after {rules_in_words(ensemble.scenario)}")
                sampled.append(ensemble)
                if len(sampled) < len(sets):
                    with suppress(InputError):  # told in the end: a killed run leaves what it has, where it can
                        write(scoreboard(single, sampled))
    except Interrupted:
        done = f"Stopped after {len(sampled)} of {len(sets)} sets of rules"
        notice = f"{done}; finished runs are kept, and the same command goes on from there."
        console(stderr=True).print(notice, soft_wrap=True)
        status = INTERRUPTED
    if sampled:
        board = scoreboard(single, sampled)
        _tell(board, as_json, numbers(settings))
        write(board)
        if out is not None and not as_json:
            console().print(f"Written to {out}", soft_wrap=True)
        status = status or int(board.failed > 0)
    return status or 0


def _advance(bar: Progress, task: TaskID, *_: object) -> None:
    bar.advance(task)


def _write(board: Scoreboard, folder: Path, headline: str, settings: Mapping[str, float]) -> None:
    import pandas as pd

    document = json.dumps(board.document() | {"set": settings}, indent=2) + "\n"

    write_together(
        folder,
        {
            "scoreboard.csv": lambda path: pd.DataFrame(board.rows()).to_csv(path, index=False),
            "scoreboard.md": lambda path: path.write_text(board.markdown(headline), encoding="utf-8"),
            "scoreboard.json": lambda path: path.write_text(document, "utf-8"),
        },
    )


def _tell(board: Scoreboard, as_json: bool, settings: Mapping[str, float]) -> None:
    if as_json:
        print(json.dumps(board.document() | {"set": settings}, indent=2))
        return
    screen = console()
    for section, rules in dict.fromkeys((score.section, score.rules) for score in board.scores):
        title = f"{section.capitalize()}{f': {rules}' if rules else ''}"
        rows = [
            (score.id, score.statement, score.found, Text(_told(score), STYLE.get(score.verdict, "yellow")))
            for score in board.scores
            if (score.section, score.rules) == (section, rules)
        ]
        print_table(screen, title, ("Check", "What", "Found", "Result"), rows, left=4, prose=(1, 2))
    screen.print(board.rival)
    failed = board.failed
    screen.print("All that must hold does." if not failed else f"{failed} of the checks that must hold fail.")


def _told(score: Score) -> str:
    """Return a verdict in words: some facts may fail."""
    return score.verdict if score.verdict != FAIL or score.broken else "fails (may)"
