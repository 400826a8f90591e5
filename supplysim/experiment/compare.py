"""Compare policies with the scenario as it stands: same seeds, same parameters, only the policy differs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from supplysim.environment import reason
from supplysim.errors import InputError, nearest
from supplysim.experiment.arms import Policies, arms_of, first_week_of
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Crew, Interrupted
from supplysim.experiment.pairs import Simulate
from supplysim.experiment.rounds import Question, Rounds, S
from supplysim.experiment.runner import Runner
from supplysim.experiment.store import Store
from supplysim.experiment.study import ALL_RULES, Study
from supplysim.folders import writable_folder
from supplysim.setup.scenario import Scenario

log = logging.getLogger(__name__)

RULES = ("expected_utility", "salience", "habit")


def compare(
    scenario: str | Path | Scenario,
    policies: Policies = None,
    pairs: int = 32,
    *,
    seed: int = 1,
    parameters: str = "prior",
    rule: str | None = None,
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = 0,
    **settings: Any,
) -> Study:
    """Run each policy and the scenario as it stands on the same seeds and parameters; see `ask` and `answer`."""
    return answer(
        ask(
            scenario,
            policies,
            pairs,
            seed=seed,
            parameters=parameters,
            rule=rule,
            precision=precision,
            rules=rules,
            replicates=replicates,
        ),
        Study,
        **settings,
    )


def ask(
    scenario: str | Path | Scenario,
    policies: Policies = None,
    pairs: int = 32,
    *,
    seed: int = 1,
    parameters: str = "prior",
    rule: str | None = None,
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = 0,
) -> Question:
    """Check what is asked, and draw the parameters; nothing runs and nothing is written.

    Parameters
    ----------
    scenario, policies, pairs, seed, parameters, rule, precision, rules, replicates
        As in `supplysim.compare`.

    Raises
    ------
    InputError
        If the scenario, a policy or a number is wrong.
    """
    world = loaded(scenario)
    if rule is not None:
        world = world.with_(rules={"decision": rule})
    if precision is not None and not 0.0 < precision < 1.0:
        raise InputError("precision", precision, "it is a share of the baseline between 0 and 1", "choose 0.02, say")
    if replicates is not None and replicates < 0:
        raise InputError("replicates", replicates, "there cannot be fewer than none", "choose 0 or more")
    arms = arms_of(policies, world)
    others = [world.with_(rules={"decision": name}) for name in _rules(rules) if name != world.rules.decision]
    return Question(
        worlds=[world, *others],
        arms=arms,
        draws=parameter_draws(world, parameters, pairs, seed),
        seed=seed,
        parameters=parameters,
        rule=rule,
        first_week=first_week_of(world, arms),
        precision=precision,
        replicates=replicates,
    )


def answer(
    question: Question,
    kind: type[S],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    store: Store | str | Path | bool | None = None,
    simulate: Simulate | None = None,
    quarters: bool = False,
) -> S:
    """Run what a question needs and is not in the store.

    Parameters
    ----------
    question : Question
    kind : type of Study
        What the answer is made as.
    workers : int, optional
        Processes; default: one a processor. In a script, more than one needs the usual
        ``if __name__ == "__main__":`` around the call.
    executor : concurrent.futures.Executor, optional
        Runs the pairs instead of a process pool (threads, a Dask client's, MPI).
    progress : callable, optional
        Called as ``progress(done, total, runs)`` after each pair; `total` grows if more turn out to be needed.
    store : Store, str, Path or bool, optional
        Where finished runs are kept; False: nowhere. Default: in the user's cache, whatever `out` says; nowhere for
        a stand-in.
    simulate : callable, optional
        Returns the weekly and the yearly table of (scenario, policies, seed, parameters); default: the model.
    quarters : bool
        Read the quarters of runs that are in the store as well; fresh runs always have them.

    Raises
    ------
    InputError
        If the store cannot be written at the start. One that fills up later is told of and done without.
    Interrupted
        On Ctrl-C; its `comparison` holds the finished pairs, if any.
    """
    with Crew(executor, workers) as crew:
        kept = _store(store, simulate)
        first_week = question.first_week
        runners = [
            Runner(world, question.arms, first_week, crew, kept, simulate, quarters) for world in question.worlds
        ]
        course = Rounds(question, runners, kind)
        try:
            course.run(progress)
        except Interrupted as stop:
            stop.comparison = course.study()
            raise
    study = course.study()
    assert study is not None
    return study


def loaded(scenario: str | Path | Scenario) -> Scenario:
    """Return a scenario given by name, file or object."""
    return Scenario.load(scenario) if isinstance(scenario, (str, Path)) else scenario


def _rules(asked: str | Iterable[str] | None) -> list[str]:
    """Return the decision rules asked for."""
    names = list(RULES) if asked == ALL_RULES else [asked] if isinstance(asked, str) else list(asked or ())
    for name in names:
        if name not in RULES:
            raise InputError("rules", name, "there is no such decision rule", nearest(name, [*RULES, ALL_RULES]))
    return names


def _store(asked: Store | str | Path | bool | None, simulate: Simulate | None) -> Store | None:
    """Return where to keep finished runs; None for nowhere."""
    if asked is False or (asked is None and simulate is not None):
        return None
    if isinstance(asked, Store):
        return asked
    if isinstance(asked, (str, Path)):
        return Store(writable_folder(asked))
    store = Store()
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("finished runs cannot be kept in %s (%s)", store.folder, reason(error))
        return None
    return store
