"""The course of a comparison: rounds of pairs until they are enough, then replicates; under one rule or several."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from supplysim.experiment.comparison import Comparison
from supplysim.experiment.executors import Progress
from supplysim.experiment.runner import Runner
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import replicate_seed, replicates_of, rounds
from supplysim.run import Arms, Point, points_of
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
        for size in [len(points)] if self.question.precision is None else rounds(len(points)):
            self.asked = points[:size]
            self.repeated = []
            total = size * len(self.runners) + self._repeats()
            for number, runner in enumerate(self.runners):
                runner.run(self.asked, _part(progress, number * size, total))
            if self.question.precision is not None and size < len(points):
                study = self.study()
                if study is not None and study.reached <= self.question.precision:
                    break
        chosen = self.asked[: self._repeats()]
        self.repeated = [point._replace(seed=replicate_seed(point.seed)) for point in chosen]
        before = len(self.asked) * len(self.runners)
        self.runners[0].run(self.repeated, _part(progress, before, before + len(chosen)))

    def study(self) -> S | None:
        """Return what the finished pairs say; None if there are none."""
        own, *_ = self.runners
        if not own.finished(self.asked):
            return None
        others = self.runners if len(self.runners) > 1 else ()
        rules = {runner.scenario.rules.decision: runner for runner in others if runner.finished(self.asked)}
        return self.kind(
            **self._data(own, self.question.rule),
            precision=self.question.precision,
            replicates=own.finished(self.repeated),
            by_rule={rule: Comparison(**self._data(runner, rule)) for rule, runner in rules.items()},
            reused=sum(runner.reused for runner in self.runners),
        )

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
