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
from supplysim.experiment import Attribution, Comparison, Interrupted, compare, document, words
from supplysim.experiment.attribution import save_attributions
from supplysim.experiment.compare import arms_of
from supplysim.experiment.files import writable_folder
from supplysim.experiment.study import studies, with_coalitions
from supplysim.scenario import Scenario

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
    attribute: bool = False,
) -> int:
    """Compare policies and tell the result; see `supplysim.experiment.compare` for the arguments.

    With `attribute`, the effect of every package among the policies is divided among its members as well.

    Returns
    -------
    int
        Exit status: 0, or 130 on Ctrl-C, after telling (and saving) what the finished pairs say.

    Raises
    ------
    InputError
        If an argument is wrong.
    """
    if attribute:
        settings = {"pairs": pairs, "seed": seed, "parameters": parameters, "rule": rule, "workers": workers}
        return _with_attribution(scenario, policies, settings, out, as_json)
    try:
        with progress_bar(quiet=as_json) as bar:
            result = compare(
                scenario, policies, pairs, seed, parameters, rule, workers, progress=_Estimate(bar), out=out
            )
    except Interrupted as stop:
        _say_stopped(stop, pairs)
        if stop.comparison is not None:
            tell(stop.comparison, out, as_json)
        return INTERRUPTED
    tell(result, out, as_json)
    return 0


def _with_attribution(
    name: str, policies: Sequence[str], settings: dict[str, Any], out: Path | None, as_json: bool
) -> int:
    """Run the policies and the coalitions of every package as one comparison; tell and save both results."""
    scenario = Scenario.load(name)
    asked = arms_of(policies, scenario)
    packages = studies(asked, settings["seed"])
    folder = None if out is None else writable_folder(out)
    arms = with_coalitions(asked, packages)
    if not as_json:
        Console(stderr=True).print(words.runs_needed(len(arms) + 1, settings["pairs"]), highlight=False)
    status = 0
    try:
        with progress_bar(quiet=as_json) as bar:
            everything = compare(scenario, arms, **settings, progress=_Estimate(bar))
    except Interrupted as stop:
        _say_stopped(stop, settings["pairs"])
        if stop.comparison is None:
            return INTERRUPTED
        everything, status = stop.comparison, INTERRUPTED
    result, attributions = everything.only(asked), [Attribution(study, everything) for study in packages]
    if folder is not None:
        result.save(folder)
        save_attributions(attributions, folder)
    tell(result, out, as_json, attributions)
    return status


def _say_stopped(stop: Interrupted, pairs: int) -> None:
    Console(stderr=True).print(f"Stopped; {len(stop.finished)} of {pairs} pairs are finished.")


def tell(comparison: Comparison, out: Path | None, as_json: bool, attributions: Sequence[Attribution] = ()) -> None:
    """Print a comparison, and what its packages are made of, for a person, or as JSON and nothing else."""
    if as_json:
        divided = {"attribution": [each.document() for each in attributions]} if attributions else {}
        print(document.text(document.document(comparison) | divided))
        return
    console = Console()
    title = f"{comparison.scenario.title}: {comparison.window}, {words.pairs(comparison)}"
    _print_table(console, title, words.COLUMNS, words.rows(comparison))
    for sentence in filter(None, (words.HOW_TO_READ, words.against_published(comparison))):
        console.print(sentence, highlight=False)
    for attribution in attributions:
        _tell_attribution(console, attribution)
    for sentence in words.LIMITS:
        console.print(sentence, highlight=False)
    if out is not None:
        console.print(f"Written to {out}", highlight=False, soft_wrap=True)


def _tell_attribution(console: Console, attribution: Attribution) -> None:
    name = attribution.study.name
    _print_table(
        console, f"\nWhat brings the effect of {name}", words.ATTRIBUTION_COLUMNS, words.attribution_rows(attribution)
    )
    console.print(words.HOW_TO_READ_ATTRIBUTION, highlight=False)
    title = f"\nHow the policies of {name} act together"
    _print_table(console, title, words.INTERACTION_COLUMNS, words.interaction_rows(attribution))
    console.print(words.HOW_TO_READ_INTERACTIONS, highlight=False)


def _print_table(console: Console, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=0, show_edge=False)
    for position, heading in enumerate(heads):
        table.add_column(heading, justify="right" if position else "left", no_wrap=position in WHOLE)
    for row in rows:
        table.add_row(*row)
    console.print(table)


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
