"""``supplysim compare``: policies against the scenario as it stands, pair by pair."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from supplysim.api import Study
from supplysim.cli.cards import tell_cards
from supplysim.cli.design import design, told_by
from supplysim.cli.names import believed, chances, in_states, named, numbers, world
from supplysim.cli.progress import RunningEstimate, progress_bar
from supplysim.cli.screen import console
from supplysim.cli.tables import print_effects, print_facts, print_table, print_title
from supplysim.errors import INTERRUPTED, InputError
from supplysim.experiment.arms import Policies, arms_of
from supplysim.experiment.beside import Beside, check_beside, run_beside
from supplysim.experiment.cards_table import cards_of
from supplysim.experiment.cluster import dask_executor
from supplysim.experiment.compare import MOST_PAIRS, answer, ask
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.firings import Fired, firings
from supplysim.experiment.given import Given, conditions
from supplysim.folders import writable_folder, write_together
from supplysim.outputs.periods import by_key
from supplysim.packs import badge, described
from supplysim.report import by_state, document, effects, own, standing, text
from supplysim.setup.states import weighed

if TYPE_CHECKING:
    from rich.console import Console

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.shapley import Coalitions
    from supplysim.setup.scenario import Scenario

FOREMOST = ("report.html", "comparison.csv")  # files named on the screen


def compare_command(
    scenario: str,
    policies: Sequence[str],
    *,
    names: Sequence[str] = (),
    settings: Sequence[str] = (),
    pairs: int | None,
    seed: int,
    parameters: str,
    rule: str | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
    precision: float | None = None,
    rules: str | None = None,
    replicates: int | None = None,
    dask: str | None = None,
    attribute: bool = False,
    states: Sequence[str] = (),
    probabilities: Sequence[str] = (),
    given: Sequence[str] = (),
    beliefs: Path | None = None,
    beside: str | None = None,
    draws: Path | None = None,
) -> int:
    """Compare policies and tell the result; see `supplysim.compare` for the arguments.

    `names` are what to call the policies, one each; `settings` are parameters of the scenario, as ``fte=20``; `states`
    have a value for certain, as ``law=passed``; `probabilities` of states count instead, as ``law:passed=0.3``.
    With `attribute`, the effect of every package among the policies is divided among its members as well: its
    coalitions run as further arms of the same comparison. `given` are conditions on the worlds that count.
    `draws` is a table of parameters, one row a world. `beliefs` is a file of assumptions of one's own; `beside`
    ("default") answers under the shipped ones as well.

    Returns
    -------
    int
        Exit status: 0, or 130 on Ctrl-C, after telling (and saving) what the finished pairs say.

    Raises
    ------
    InputError
        If an argument is wrong, or the disk is full.
    """
    if dask is not None and workers is not None:
        raise InputError("--dask", dask, "--workers is given too", "leave one of them out")
    started = time.perf_counter()
    place = world(scenario, settings)
    asked: list[str] = []
    packages: Sequence[Coalitions] = ()
    packages_typed = named(policies, names, place)
    place = in_states(place, packages_typed, settings, states)
    counted = chances(probabilities)
    weighed(place.states, counted, "--state-probability")
    check_beside(beside, beliefs, given)
    own = believed(beliefs, place, settings)
    arms: Policies = packages_typed
    if attribute:
        from supplysim.experiment.shapley import studies, with_coalitions

        whole = arms_of(arms, place)
        asked, packages = list(whole), studies(whole, seed)
        arms = with_coalitions(whole, packages)
        if not as_json:
            console(stderr=True).print(text.runs_needed(len(arms) + 1, pairs or MOST_PAIRS))
    rows = None if draws is None else design(draws)
    with told_by(draws):
        question = ask(
            place,
            arms,
            pairs,
            seed=seed,
            parameters=parameters,
            rule=rule,
            precision=precision,
            rules=rules,
            replicates=replicates,
            given=_conditions(given, place),
            beliefs=own,
            draws=rows,
        )
    folder = None if out is None else writable_folder(out)

    def finish(study: Study, whole: bool = True) -> None:
        chosen = (study.only(asked) if attribute else study).reweighted(counted)
        attributions = _attributions(packages, study)
        fired = firings(chosen, workers) if whole else []
        tell(chosen, as_json, attributions, numbers(settings), fired)
        written = [] if folder is None else chosen.save(folder, attributions)
        if folder is not None and fired:
            record = document.text([one.document() for one in fired])
            written += write_together(folder, {"triggers.json": lambda path: path.write_text(record, "utf-8")})
        if not as_json:
            _tell_files(console(), written, time.perf_counter() - started)

    try:
        with ExitStack() as open_:
            executor = None if dask is None else open_.enter_context(dask_executor(dask))
            bar = open_.enter_context(progress_bar(quiet=as_json))
            how: dict[str, Any] = {"workers": workers, "executor": executor}
            study = answer(question, Study, progress=RunningEstimate(bar), quarters=folder is not None, **how)
            if beside is not None:
                study = replace(study, beside=run_beside(study, question, lambda: RunningEstimate(bar), **how))
    except Interrupted as stop:
        so_far = stop.comparison
        done = 0 if so_far is None else so_far.pairs if so_far.left is None else so_far.left.of
        notice = f"Stopped; {done} pairs are finished and kept. The same command goes on from there."
        if given and so_far is None:  # too few fulfil what is given to say anything
            notice = "Stopped; finished pairs are kept. The same command goes on from there."
        console(stderr=True).print(notice, soft_wrap=True)
        if stop.comparison is not None:
            finish(stop.comparison, whole=False)
        return INTERRUPTED
    finish(study)
    return 0


def _conditions(given: Sequence[str], scenario: Scenario) -> tuple[Given, ...]:
    return conditions(given, by_key(scenario.start, scenario.weeks), "--given")


def _attributions(packages: Sequence[Coalitions], study: Study) -> list[Attribution]:
    if not packages:
        return []
    from supplysim.experiment.attribution import Attribution

    return [Attribution(each, study) for each in packages]


def tell(
    comparison: Study,
    as_json: bool,
    attributions: Sequence[Attribution] = (),
    settings: Mapping[str, float] | None = None,
    fired: Sequence[Fired] = (),
) -> None:
    """Print a comparison, and what its packages are made of, for a person, or as JSON and nothing else.

    `settings` are the parameters that were set, which JSON records; people read them in the title.
    `fired` is what became of triggers.
    """
    if as_json:
        triggers = {"triggers": [one.document() for one in fired]} if fired else {}
        divided: dict[str, Any] = {"attribution": [each.document() for each in attributions]} if attributions else {}
        print(
            document.text(comparison.document() | {"set": dict(settings or {})} | described() | triggers | divided),
            flush=True,
        )
        return
    screen = console()
    made = filter(None, (f"supplysim {version('supplysim')}", f"seed {comparison.seed}", badge()))
    print_title(screen, text.question(comparison), " · ".join(made))
    screen.print(Text(text.setting(comparison), style="dim"))
    _tell_own(screen, comparison)
    cards = cards_of(comparison)
    if cards:
        tell_cards(screen, comparison)
    if comparison.beside is not None:
        screen.print(Text("\nUnder your own assumptions", style="bold"))
    if len(cards) < len(comparison.arms):
        print_effects(screen, *effects.main(comparison))
        screen.print(Text(effects.HOW_TO_READ, style="dim"))
        if len(comparison.told_years) > 1:
            print_effects(screen, *effects.by_year(comparison))
    if comparison.beside is not None:
        _tell_beside(screen, comparison.beside)
    if by_state.shown(comparison.states):
        _tell_states(screen, comparison)
    print_facts(screen, [*(("Trigger", one.told()) for one in fired), *_facts(comparison)])
    for attribution in attributions:
        _tell_attribution(screen, attribution)
    for sentence in text.LIMITS:
        screen.print(Text(sentence, style="bold"))
    sys.stdout.flush()


def _tell_own(screen: Console, study: Study) -> None:
    """Print the assumptions of the reader's own, before any answer."""
    if study.beliefs is not None:
        name, _, shipped, believed_, source, _ = own.CHANGED
        print_facts(screen, [("Your own", f"{own.title(study.beliefs)}.")])
        rows = [(one.name, one.default, one.believed, one.source) for one in study.beliefs.changed()]
        print_table(screen, "", (name, shipped, believed_, source), rows, prose=(0, 1, 2, 3))


def _tell_beside(screen: Console, beside: Beside) -> None:
    """Print the table of effects as shipped, and which assumption did it."""
    screen.print(Text("\nAs shipped", style="bold"))
    print_effects(screen, *effects.main(beside.default))
    columns, rows = own.moved(beside)
    print_table(screen, "", columns, rows, prose=(0,))
    print_facts(screen, [("Beside", own.said(beside))])


def _tell_states(screen: Console, study: Study) -> None:
    """Print effects by state of the world, as far as pairs tell them apart."""
    table = by_state.short(study)
    if table is not None:
        print_effects(screen, *table)
    screen.print(Text(" ".join(filter(None, (by_state.SHORT_NOTE, by_state.probabilities(study)))), style="dim"))


def _facts(study: Study) -> list[tuple[str, str]]:
    """Return what is said below the tables: the order, what it hangs on, the precision asked for, notes."""
    asked = study.precision is not None
    further = {"Precision": text.precision(study) if asked else None, "Scale": text.against_published(study)}
    notes = [("Note" if place == 0 else "", note) for place, note in enumerate(study.notes)]
    return [*standing.facts(study), *((key, told) for key, told in further.items() if told), *notes]


def _tell_files(screen: Console, written: Sequence[Path], seconds: float) -> None:
    """Print where the files are and how long it took."""
    names = [path.name for path in written]
    first = [name for name in FOREMOST if name in names]
    if not written:
        told = "No files: --out FOLDER writes a report and every table."
    else:
        more = len(names) - len(first)
        told = f"Files: {', '.join([str(written[0].parent / first[0]), *first[1:]] if first else [])}, {more} more."
    screen.print(f"{told}   {seconds:.0f} s", soft_wrap=True)


def _tell_attribution(screen: Console, attribution: Attribution) -> None:
    name = attribution.study.name
    title = f"\nWhat brings the effect of {name}"
    print_table(screen, title, text.ATTRIBUTION_COLUMNS, text.attribution_rows(attribution), prose=(0,))
    screen.print(text.HOW_TO_READ_ATTRIBUTION)
    title = f"\nHow the policies of {name} act together"
    print_table(screen, title, text.INTERACTION_COLUMNS, text.interaction_rows(attribution), prose=(0,))
    screen.print(text.HOW_TO_READ_INTERACTIONS)
