"""``supplysim compare``: policies against the scenario as it stands, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from supplysim.cli import INTERRUPTED
from supplysim.experiment import Comparison, Interrupted, compare, words

WHOLE = (0, 1, 2)  # columns that a narrow terminal must not wrap


def compare_command(
    scenario: str,
    policies: Sequence[str],
    pairs: int,
    seed: int,
    parameters: str,
    rule: str | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Compare policies and tell the result; see `supplysim.experiment.compare` for the arguments.

    Returns
    -------
    int
        Exit status: 0, or 130 on Ctrl-C, after telling (and saving) what the finished pairs say.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    try:
        with progress_bar(quiet=as_json) as bar:
            result = compare(
                scenario, policies, pairs, seed, parameters, rule, workers, progress=_Estimate(bar), out=out
            )
    except Interrupted as stop:
        Console(stderr=True).print(f"Stopped; {len(stop.finished)} of {pairs} pairs are finished.")
        if stop.comparison is not None:
            tell(stop.comparison, out, as_json)
        return INTERRUPTED
    tell(result, out, as_json)
    return 0


def tell(comparison: Comparison, out: Path | None, as_json: bool) -> None:
    """Print a comparison for a person, or as JSON and nothing else."""
    if as_json:
        print(comparison.to_json())
        return
    console = Console()
    title = f"{comparison.scenario.title}: {comparison.window}, {words.pairs(comparison)}"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=0, show_edge=False)
    for position, heading in enumerate(words.COLUMNS):
        table.add_column(heading, justify="right" if position else "left", no_wrap=position in WHOLE)
    for row in words.rows(comparison):
        table.add_row(*row)
    console.print(table)
    for sentence in filter(None, (words.HOW_TO_READ, words.against_published(comparison), *words.LIMITS)):
        console.print(sentence, highlight=False)
    if out is not None:
        console.print(f"Written to {out}", highlight=False, soft_wrap=True)


def progress_bar(quiet: bool) -> Progress:
    """Return a progress bar on standard error: count, time gone and left, the result so far."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)


class _Estimate:
    """Progress callback that keeps the running estimate of the last arm beside the bar."""

    def __init__(self, bar: Progress) -> None:
        self.bar, self.task = bar, bar.add_task("compiling and running", total=None)
        self.baseline = self.policy = 0

    def __call__(self, done: int, total: int, runs: Sequence[Any]) -> None:
        self.baseline += runs[0].account.delivered
        self.policy += runs[-1].account.delivered
        text = "nothing delivered so far"
        if self.baseline:
            text = f"{runs[-1].arm}: {words.percent(self.policy / self.baseline - 1.0)} delivered so far"
        self.bar.update(self.task, completed=done, total=total, description=text)
