"""From money to a portfolio: searched on the quick estimate, chosen and reported on exact runs of other worlds.

Three sets of worlds, none of which is used twice: the quick estimate and the cost curves were made in worlds of seed 1;
the best candidates of every budget are set against each other in a few worlds (`REFINED`); what is reported comes from
fresh ones, so that a candidate that was lucky in the search is not reported with its luck.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from supplysim import arguments
from supplysim.api import Study
from supplysim.decision.apart import WORLDS, Apart
from supplysim.decision.decision import Decision as Found
from supplysim.decision.document import document, table
from supplysim.decision.portfolio import Portfolio, Searched, distinct
from supplysim.decision.problem import Asked, problem
from supplysim.decision.question import PAIRS, PROPOSALS, SEED, Question, question
from supplysim.decision.spending import spending
from supplysim.emulator.predict import emulator
from supplysim.experiment.arms import Policies
from supplysim.experiment.beliefs import Believed
from supplysim.experiment.beside import check_beside, run_beside
from supplysim.experiment.compare import SCENARIO, answer, ask
from supplysim.experiment.compare import Question as Comparison
from supplysim.experiment.store import Store
from supplysim.experiment.uncertainty import replicate_seed
from supplysim.folders import writable_folder, write_together
from supplysim.policies.text import Package, parse
from supplysim.report import files, world
from supplysim.report.decision.brief import of_brief
from supplysim.report.decision.page import html, page
from supplysim.report.document import text
from supplysim.setup.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

REFINED = 16  # worlds in which the candidates of a budget are set against each other
CANDIDATES = 3  # of a budget that are refined
REPORTED = 2  # of them that are reported: the best and the runner-up
TESTED = ("rank_correlation", "bias", "sign", "median_error")  # what is told of the quick estimate
_MEASURED = ("compute_h100e", "frontier_h100e")
LATER = (1, 2)  # years after the start that are told of
MAIN = ("chips", "compute", "frontier")  # objectives whose own best is reported too


@dataclass(frozen=True, eq=False, repr=False)
class Decision(Found):
    """A decision that can be shown and saved; its numbers are those of `decision.Decision`."""

    def _repr_html_(self) -> str:
        """Return the tables and what is said below them, for notebooks."""
        return html(self)

    def document(self) -> dict[str, Any]:
        """Return the decision as names and numbers, for JSON; money in US$ a year."""
        return document(self)

    def table(self) -> pd.DataFrame:
        """Return one row a budget and option: what it is, costs and does, quick and exact."""
        return table(self)

    def to_json(self) -> str:
        """Return the decision as JSON; what is undefined is null."""
        return text(self.document())

    def save(self, folder: str | Path) -> list[Path]:
        """Write the decision, and the comparison behind it, into a folder; return the files."""
        written = [] if self.study is None else files.save(self.study, folder, findings=of_brief(self))
        rows = world.table(self.table())
        writers: dict[str, Callable[[Path], Any]] = {
            "decision.html": partial(_text, page(self)),
            "decision.json": partial(_text, json.dumps(json.loads(self.to_json()), indent=2) + "\n"),
            "decision.csv": lambda path: rows.to_csv(path, index=False, lineterminator="\n"),
        }
        return [*write_together(folder, writers), *written]


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def decide(
    scenario: str | Path | Scenario = SCENARIO,
    budgets: Any = (10, 30, 100),
    *,
    proposals: Policies = PROPOSALS,
    pairs: int = PAIRS,
    seed: int = SEED,
    states: Mapping[str, str] | None = None,
    beliefs: Believed = None,
    beside: str | None = None,
    rules: str | None = None,
    quick: bool = False,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | str | Path | bool | None = None,
    out: str | Path | None = None,
    **asked: Unpack[Asked],
) -> Decision:
    """Find what to fund with each of some budgets, how sure that is, and what would change it.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file or object; the world of 2027 if left out.
    budgets : number or iterable of number
        Millions of US$ a year, mean over worlds and over the years of the policies.
    proposals : iterable, optional
        Policies as in `compare` that are reported beside the portfolios.
    pairs, seed : int
        Worlds of the report, and their seed; 1 is taken by the search.
    states : mapping of str to str, optional
        States of the world that have one value for certain.
    beliefs : str, Path or mapping, optional
        Assumptions of one's own as in `compare`: the exact runs are of that world, the search of the shipped one.
    beside : {"default"}, optional
        With `beliefs`: decide under the shipped assumptions as well, and try each of one's own alone in some worlds;
        ``decision.beside`` and ``decision.apart`` have it.
    rules : {"all"}, optional
        Run the report under every decision rule of the traders as well: regret and what loses then count all of them.
    quick : bool
        Only search: nothing runs, and the answer says so.
    workers, executor, progress, store
        As in `compare`.
    out : str or Path, optional
        Folder to save to.
    **asked
        Payer, objective and limits: `payer`, `objective`, `levers`, `without`, `authorities`, `net`, `burden`, `target`
        and `worth`, see `problem.Asked`.

    Raises
    ------
    InputError
        If anything is wrong, or there is no quick estimate to search in; nothing has run then.
    Interrupted
        On Ctrl-C; finished runs are kept.
    """
    whole = question(
        scenario,
        problem(budgets, **asked),
        proposals,
        pairs=pairs,
        seed=seed,
        states=states,
        beliefs=beliefs,
        rules=rules,
    )
    check_beside(beside, beliefs, ())
    folder = None if out is None else writable_folder(out)
    first = search(whole)
    if arguments.truth(quick, "quick"):
        found = first
    else:
        settings: dict[str, Any] = {"workers": workers, "executor": executor, "store": store, "progress": progress}
        found = run(first, **settings)
        if beside is not None:
            found = told_apart(replace(found, beside=run(search(shipped(whole)), **settings)), **settings)
    if folder is not None:
        found.save(folder)
    return found


def shipped(asked: Question) -> Question:
    """Return the same question without beliefs."""
    return replace(asked, scenario=asked.default, beliefs=None, notes=())


def search(asked: Question) -> Decision:
    """Return what the quick estimate says; no run."""
    known = emulator(asked.searched, asked.case)
    assert known is not None
    found = Searched(asked.problem, known, spending(asked.searched))
    portfolios = {budget: found.best(budget, CANDIDATES) for budget in asked.problem.budgets}
    every = distinct([each for listed in portfolios.values() for each in listed])  # exact runs may put another first
    others = {
        budget: {name: found.best(budget, 1, name)[0] for name in MAIN if name != asked.problem.objective}
        for budget in asked.problem.budgets
    }
    return Decision(
        question=asked,
        portfolios=portfolios,
        others=others,
        frontier=found.frontier(),
        later={each.name: found.later(each, LATER) for each in every},
        waiting={each.name: found.waiting(each) for each in every},
        accuracy={
            measure: {name: known.report[measure][name] for name in TESTED} for measure in ("delivered", *_MEASURED)
        },
    )


def run(first: Decision, **settings: Any) -> Decision:
    """Return a decision on exact runs: `refined`, then `reported`; settings as in `decide`."""
    return reported(refined(first, **settings), **settings)


def refined(first: Decision, **settings: Any) -> Decision:
    """Return it with the candidates of every budget in the order that exact runs of some worlds give them."""
    every = distinct([each for listed in first.portfolios.values() for each in listed])
    if not every:
        return first
    asked = first.question
    return first.ordered(answer(_asked(asked, every, (), REFINED, replicate_seed(asked.seed)), Study, **settings))


def reported(first: Decision, **settings: Any) -> Decision:
    """Return it with exact runs of fresh worlds: the best, the runners-up, other objectives' best, the proposals."""
    asked = first.question
    best = [each for listed in first.portfolios.values() for each in listed[:REPORTED]]
    best += [each for by_aim in first.others.values() for each in by_aim.values()]
    settings |= {"quarters": True}  # the brief has fiscal years
    whole = _asked(asked, distinct(best), asked.proposals, asked.pairs, asked.seed, asked.rules)
    return first.with_runs(answer(whole, Study, **settings))


def told_apart(found: Decision, **settings: Any) -> Decision:
    """Return a decision beside the shipped assumptions with what each assumption of its own does alone."""
    assert found.beside is not None
    asked = found.question
    rivals = {
        budget: distinct([each for side in (found, found.beside) for each in side.portfolios[budget][:REPORTED]])
        for budget in found.budgets
        if found.best(budget).package
    }
    every = distinct([each for listed in rivals.values() for each in listed])
    if not every:
        return found
    whole = _asked(asked, every, (), min(WORLDS, asked.pairs), asked.seed)
    progress = settings.pop("progress", None)
    study = answer(whole, Study, progress=progress, **settings)
    beside = run_beside(study, whole, lambda: progress, **settings)
    names = {budget: tuple(each.name for each in listed) for budget, listed in rivals.items()}
    best = {budget: found.best(budget).name for budget in rivals}
    return replace(found, apart=Apart(beside, found.measure, best, names))


def _asked(
    asked: Question,
    portfolios: Sequence[Portfolio],
    proposals: Sequence[Package],
    pairs: int,
    seed: int,
    rules: str | None = None,
) -> Comparison:
    packages = [parse(each.name, asked.scenario) for each in portfolios]
    names = {each.name for each in packages}
    arms = [*packages, *(each for each in proposals if each.name not in names)]
    return ask(asked.default, arms, pairs, seed=seed, replicates=0, beliefs=asked.beliefs, rules=rules)
