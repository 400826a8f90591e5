"""Compare policies with the scenario as it stands: same seeds, same parameters, only the policy differs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from supplysim import arguments
from supplysim.environment import reason
from supplysim.errors import InputError, nearest
from supplysim.experiment.arms import Policies, arms_of, first_week_of
from supplysim.experiment.beliefs import Beliefs, Believed, beliefs_of
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Crew, Interrupted, Progress
from supplysim.experiment.given import Conditions, Given, conditions
from supplysim.experiment.given_draws import GIVEN, given_draws
from supplysim.experiment.laws import with_laws_held
from supplysim.experiment.pairs import Simulate
from supplysim.experiment.runner import Runner
from supplysim.experiment.store import Store
from supplysim.experiment.study import ALL_RULES, Study
from supplysim.experiment.uncertainty import next_round, replicate_seed, replicates_of
from supplysim.folders import writable_folder
from supplysim.limits import LIMITS, within
from supplysim.outputs.periods import by_key
from supplysim.run import Arms, Point, points_of
from supplysim.setup import gate
from supplysim.setup.rules import DECISIONS
from supplysim.setup.scenario import Scenario

S = TypeVar("S", bound=Study)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A comparison that was checked and has not run yet.

    Attributes
    ----------
    worlds : sequence of Scenario
        The scenario first, then the same under other decision rules.
    arms, draws, seed, parameters, rule, first_week
        See `Comparison`; `draws` are for the most pairs that may be run.
    precision, replicates
        See `compare`.
    given : tuple of Given
        Conditions; worlds that do not fulfil them are run and kept, and do not count.
    beliefs : Beliefs, optional
        Assumptions of one's own, which the worlds have.
    """

    worlds: Sequence[Scenario]
    arms: Arms
    draws: list[dict[str, float]]
    seed: int
    parameters: str
    rule: str | None
    first_week: int
    precision: float | None
    replicates: int | None
    given: tuple[Given, ...] = ()
    beliefs: Beliefs | None = None


class Rounds(Generic[S]):
    """How far a question has been answered, and what the answer is so far.

    Parameters
    ----------
    question : Question
    runners : sequence of Runner
        One a world of the question, in their order.
    kind : type of Study
        What the answer is made as.
    """

    def __init__(self, question: Question, runners: Sequence[Runner], kind: type[S]) -> None:
        self.question, self.runners, self.kind = question, runners, kind
        self.asked: list[Point] = []  # the pairs of the present round and those before
        self.repeated: list[Point] = []
        self.started = time.perf_counter()

    def run(self, progress: Progress | None = None) -> None:
        """Run what is needed; `progress` counts over rounds, rules and replicates."""
        points = points_of(self.question.draws, self.question.seed)
        own, *others = self.runners
        asked, most, wide = self.question.precision, len(points), np.inf
        while len(self.asked) < most and wide > 1.0:
            size = most if asked is None else next_round(len(self.asked), wide, most)
            self.asked = points[:size]
            self.repeated = [point._replace(seed=replicate_seed(point.seed)) for point in points[: self._repeats()]]
            first = size + len(self.repeated)
            total = first + size * len(others)
            own.run([*self.asked, *self.repeated], _part(progress, 0, total))  # together: the store is read once
            for number, runner in enumerate(others):
                runner.run(self.asked, _part(progress, first + number * size, total))
            if asked is not None and size < most:
                with suppress(InputError):  # too few fulfil what is given so far
                    study = self.study()
                    wide = study.reached / asked if study is not None and np.isfinite(study.reached) else np.inf

    def study(self) -> S | None:
        """Return what the finished pairs say; None if there are none.

        Raises
        ------
        InputError
            If too few of them fulfil what is given.
        """
        own, *_ = self.runners
        if not own.finished(self.asked):
            return None
        others = self.runners if len(self.runners) > 1 else ()
        rules = {runner.scenario.rules.decision: runner for runner in others if runner.finished(self.asked)}
        study = self.kind(
            **self._data(own, self.question.rule),
            precision=self.question.precision,
            replicates=own.finished(self.repeated),
            by_rule={rule: Comparison(**self._data(runner, rule)) for rule, runner in rules.items()},
            reused=sum(runner.reused for runner in self.runners),
        )
        return study.given(self.question.given) if self.question.given else study

    def _data(self, runner: Runner, rule: str | None) -> dict[str, Any]:
        """Return the fields of `Comparison` of what a runner has finished."""
        return {
            "scenario": runner.scenario,
            "arms": dict(self.question.arms),
            "runs": runner.finished(self.asked),
            "draws": self.question.draws[: len(self.asked)],
            "seed": self.question.seed,
            "parameters": self.question.parameters,
            "rule": rule,
            "first_week": self.question.first_week,
            "wall_time": time.perf_counter() - self.started,
            "beliefs": self.question.beliefs,
        }

    def _repeats(self) -> int:
        if self.question.replicates is None:
            return replicates_of(len(self.asked), self.question.parameters)
        return min(self.question.replicates, len(self.asked))


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return the progress of one part of the work as progress of the whole."""
    if progress is None:
        return None
    return lambda done, _, pair: progress(before + done, total, pair)


log = logging.getLogger(__name__)

SCENARIO = "baseline-2027"  # what policies are compared with unless another world is asked for
SEED = 7  # unless another is asked for
PRECISION = 0.02  # of the baseline, unless a number of pairs is asked for
MOST_PAIRS = 256  # run to reach a precision, unless another number is asked for


def compare(
    scenario: str | Path | Scenario = SCENARIO,
    policies: Policies = None,
    pairs: int | None = None,
    *,
    seed: int = SEED,
    parameters: str = "prior",
    rule: str | None = None,
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = None,
    states: Mapping[str, str] | None = None,
    given: Conditions = None,
    beliefs: Believed = None,
    draws: Any = None,
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
            states=states,
            given=given,
            beliefs=beliefs,
            draws=draws,
        ),
        Study,
        **settings,
    )


def ask(
    scenario: str | Path | Scenario = SCENARIO,
    policies: Policies = None,
    pairs: int | None = None,
    *,
    seed: int = SEED,
    parameters: str = "prior",
    rule: str | None = None,
    precision: float | None = None,
    rules: str | Iterable[str] | None = None,
    replicates: int | None = None,
    states: Mapping[str, str] | None = None,
    given: Conditions = None,
    beliefs: Believed = None,
    draws: Any = None,
) -> Question:
    """Check what is asked, and draw parameters and states; nothing runs and nothing is written.

    Without `pairs` and `precision`, pairs are run until `PRECISION` is reached, but no more than `MOST_PAIRS`.

    Parameters
    ----------
    scenario, policies, pairs, seed, parameters, rule, precision, rules, replicates, states, given, beliefs, draws
        As in `supplysim.compare`.

    Raises
    ------
    InputError
        If the scenario, a policy or a number is wrong.
    """
    policies = gate.entries_of(policies)
    world = gate.joined(loaded(scenario), policies)
    if states is not None:
        world = world.fixed(states)
    if rule is not None:
        world = replace(world.with_(rules={"decision": rule}), states=world.states)  # which may hold a bill
    believed = beliefs_of(beliefs, world)
    if believed is not None:
        world = believed.world
    drawn = None if draws is None else _own_draws(draws, world, pairs, precision, parameters)
    if drawn is not None:
        pairs, parameters = len(drawn), GIVEN
    if pairs is None and precision is None:
        precision = PRECISION
    if pairs is not None:
        pairs = within("pairs", gate.whole(pairs, "pairs", 1, None, "choose 32, say"), LIMITS["pairs"])
    if replicates is not None:
        replicates = gate.whole(replicates, "replicates", 0, None, "choose 0 or more")
        replicates = within("replicates", replicates, LIMITS["replicates"])
    if precision is not None:
        if not gate.is_number(precision):
            raise InputError("precision", precision, "it is not a number", "choose 0.02, say")
        precision = within("precision", float(precision), LIMITS["precision"])
    seed = gate.seed_of(seed)
    arms = arms_of(policies, world)
    world = with_laws_held(world, arms)
    others = [
        replace(world.with_(rules={"decision": name}), states=world.states)
        for name in _rules(rules)
        if name != world.rules.decision
    ]
    return Question(
        worlds=[world, *others],
        arms=arms,
        draws=parameter_draws(world, parameters, pairs or MOST_PAIRS, seed) if drawn is None else drawn,
        seed=seed,
        parameters=parameters,
        rule=rule,
        first_week=first_week_of(world, arms),
        precision=precision,
        replicates=replicates,
        given=conditions(given, by_key(world.start, world.weeks)),
        beliefs=believed,
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
        If the store cannot be written at the start (one that fills up later is told of and done without), or too few
        of the finished pairs fulfil what is given.
    Interrupted
        On Ctrl-C; its `comparison` holds the finished pairs, if any.
    """
    for place, given in (("progress", progress), ("simulate", simulate)):
        if given is not None:
            arguments.function(given, place, "give a function, or leave it out")
    with Crew(executor, workers) as crew:
        kept = store_for(store, simulate)
        first_week = question.first_week
        runners = [
            Runner(world, question.arms, first_week, crew, kept, simulate, quarters) for world in question.worlds
        ]
        course = Rounds(question, runners, kind)
        try:
            course.run(progress)
        except Interrupted as stop:
            with suppress(InputError):  # too few fulfil what is given: nothing is told of them
                stop.comparison = course.study()
            raise
    study = course.study()
    assert study is not None
    return study


def _own_draws(
    draws: Any, world: Scenario, pairs: int | None, precision: float | None, parameters: str
) -> list[dict[str, float]]:
    """Return the parameters of pairs that were given, once nothing else is said of how many and where from."""
    for place, value, usual in (
        ("pairs", pairs, None),
        ("precision", precision, None),
        ("parameters", parameters, "prior"),
    ):
        if value != usual:
            raise InputError(place, value, "the rows of draws say that", "leave it out, or leave out draws")
    return given_draws(draws, world)


def loaded(scenario: str | Path | Scenario) -> Scenario:
    """Return a scenario given by name, file or object."""
    return gate.scenario_of(scenario)


def _rules(asked: str | Iterable[str] | None) -> list[str]:
    """Return the decision rules asked for."""
    listed = [asked] if isinstance(asked, str) else [] if asked is None else asked
    names = arguments.items(listed, "rules", f'write "{ALL_RULES}"')
    names = list(DECISIONS) if names == [ALL_RULES] else names
    for name in names:
        if not isinstance(name, str) or name not in DECISIONS:
            raise InputError(
                "rules", name, "there is no such decision rule", nearest(str(name), [*DECISIONS, ALL_RULES])
            )
    return names


def store_for(asked: Store | str | Path | bool | None, simulate: Simulate | None) -> Store | None:
    """Return where to keep finished runs; None for nowhere."""
    if isinstance(asked, Store):
        return asked
    if isinstance(asked, (str, Path)):
        return Store(writable_folder(asked))
    if not (simulate is None if asked is None else arguments.truth(asked, "store")):
        return None
    store = Store()
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        log.warning("finished runs cannot be kept in %s (%s)", store.folder, reason(error))
        return None
    return store
