"""``supplysim score``: predictions held against what was published, with naive rivals beside."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from supplysim.cli.names import numbers, typed, world
from supplysim.cli.progress import progress_bar
from supplysim.cli.screen import console
from supplysim.cli.tables import Cell, print_table
from supplysim.edition import stamp
from supplysim.errors import INTERRUPTED, InputError
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.given import conditions
from supplysim.folders import safe, writable_folder, write_together
from supplysim.outputs.periods import by_key
from supplysim.report import document
from supplysim.validation.scoring.asking import score, score_frozen
from supplysim.validation.scoring.card import Card
from supplysim.validation.scoring.outcome import outcomes
from supplysim.validation.scoring.page import HEADS, HOW_TO_READ, TOTALS, lines_of, page, title_of, totals_of


def score_command(
    published: str,
    *,
    scenario: str,
    draws: int,
    parameters: str,
    given: Sequence[str],
    settings: Sequence[str],
    seed: int,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    predictions: str | None = None,
) -> int:
    """Score a scenario, or frozen predictions, against a file of outcomes; see `scoring.score` for the arguments.

    `settings` are parameters of the scenario, as ``fte=20``; `out` is a folder for score.csv, score.json and score.md.

    Returns
    -------
    int
        Exit status: 0, or 130 on Ctrl-C.

    Raises
    ------
    InputError
        If an argument or a row of the file is wrong, or too few worlds fulfil what is given.
    """
    if predictions is not None:
        for option, texts in (("--given", given), ("--set", settings)):
            if texts:
                rule = "it moves worlds, and --predictions has been written down already"
                raise InputError(option, texts[0], rule, "leave one of the two out")
        frozen_folder = None if out is None else writable_folder(out)
        card = score_frozen(published, predictions)
        _end(card, as_json, settings, frozen_folder, f"supplysim score {published} --predictions {predictions}")
        return 0
    place = world(scenario, settings)
    rows = outcomes(published)
    held = conditions(given, by_key(place.start, place.weeks), "--given")
    folder = None if out is None else writable_folder(out)
    command = (
        f"supplysim score {published} --scenario {scenario} --draws {draws} --parameters {parameters} --seed {seed}"
        + "".join(f" --given {each.text}" for each in held)
        + typed(settings)
    )
    try:
        with progress_bar(quiet=as_json) as bar:
            shown = bar.add_task("worlds", total=None)
            card = score(
                rows,
                place,
                draws,
                parameters=parameters,
                seed=seed,
                given=held,
                workers=workers,
                progress=lambda done, total, _: bar.update(shown, completed=done, total=total),
            )
    except Interrupted:
        notice = "Stopped; finished worlds are kept. The same command goes on from there."
        console(stderr=True).print(notice, soft_wrap=True)
        return INTERRUPTED
    _end(card, as_json, settings, folder, command)
    return 0


def _end(card: Card, as_json: bool, settings: Sequence[str], folder: Path | None, command: str) -> None:
    """Tell the scores, and write them if there is a folder for it."""
    _tell(card, as_json, settings)
    if folder is not None:
        _write(card, folder, command, settings)
        if not as_json:
            console().print(f"Written to {folder}", soft_wrap=True)


def _document(card: Card, settings: Sequence[str]) -> str:
    return document.text(card.document() | {"set": numbers(settings)})


def _tell(card: Card, as_json: bool, settings: Sequence[str]) -> None:
    if as_json:
        print(_document(card, settings), flush=True)
        return
    screen = console()
    screen.print(f"{card.title}. {card.standing}")
    if card.left is not None:
        screen.print(f"{card.left.text}.")
    rows: list[Sequence[Cell]] = []
    for row in card.rows:
        rows += [tuple(Text(cell, style="bold") for cell in title_of(row)), *lines_of(row)]
    print_table(screen, "", HEADS, rows, prose=(0,))
    print_table(screen, "Means over the outcomes", TOTALS, totals_of(card), left=2)
    for sentence in HOW_TO_READ:
        screen.print(sentence)
    sys.stdout.flush()


def _write(card: Card, folder: Path, command: str, settings: Sequence[str]) -> None:
    import pandas as pd

    write_together(
        folder,
        {
            "score.csv": lambda path: safe(pd.DataFrame(card.records())).to_csv(path, index=False),
            "score.json": lambda path: path.write_text(_document(card, settings) + "\n", "utf-8"),
            "score.md": lambda path: path.write_text(page(card, f"`{command}`, {stamp()}."), "utf-8"),
        },
    )
