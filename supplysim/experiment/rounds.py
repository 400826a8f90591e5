"""The course of a comparison: rounds of pairs until they are enough, then replicates; under one rule or several."""

from __future__ import annotations

import time
from collections.abc import Sequence

from supplysim.experiment.comparison import Comparison
from supplysim.experiment.executors import Crew, Progress
from supplysim.experiment.pairs import Pair, Simulate
from supplysim.experiment.precision import rounds
from supplysim.experiment.runner import Runner
from supplysim.experiment.store import Store
from supplysim.experiment.study import Study
from supplysim.experiment.variance import replicate_seed, replicates_of
from supplysim.run import Arms, Point, points_of
from supplysim.setup.scenario import Scenario


class Rounds:
    """What was asked, how far it has been answered, and what the answer is so far.

    Parameters
    ----------
    worlds : sequence of Scenario
        The scenario first, then the same under other decision rules.
    arms, draws, seed, parameters, rule, first_week
        See `Comparison`; `draws` are for the most pairs that may be run.
    crew, store, simulate, quarters
        See `Runner`.
    precision, replicates
        See `compare`.
    """

    def __init__(
        self,
        worlds: Sequence[Scenario],
        arms: Arms,
        draws: list[dict[str, float]],
        seed: int,
        parameters: str,
        rule: str | None,
        first_week: int,
        crew: Crew,
        store: Store | None,
        simulate: Simulate | None,
        precision: float | None,
        replicates: int | None,
        quarters: bool = False,
    ) -> None:
        self.arms, self.draws, self.seed, self.parameters = dict(arms), draws, seed, parameters
        self.rule, self.first_week, self.precision, self.replicates = rule, first_week, precision, replicates
        self.runners = [Runner(world, arms, first_week, crew, store, simulate, quarters) for world in worlds]
        self.asked: list[Point] = []  # the pairs of the present round and those before
        self.repeated: list[Point] = []
        self.started = time.perf_counter()

    def run(self, progress: Progress | None = None) -> None:
        """Run what is needed; `progress` counts over rounds, rules and replicates."""
        points = points_of(self.draws, self.seed)
        for size in [len(points)] if self.precision is None else rounds(len(points)):
            self.asked = points[:size]
            self.repeated = []
            total = size * len(self.runners) + self._repeats()
            for number, runner in enumerate(self.runners):
                runner.run(self.asked, _part(progress, number * size, total))
            if self.precision is not None and size < len(points):
                study = self.study()
                if study is not None and study.reached <= self.precision:
                    break
        chosen = self.asked[: self._repeats()]
        self.repeated = [point._replace(seed=replicate_seed(point.seed)) for point in chosen]
        before = len(self.asked) * len(self.runners)
        self.runners[0].run(self.repeated, _part(progress, before, before + len(chosen)))

    def study(self) -> Study | None:
        """Return what the finished pairs say; None if there are none."""
        members = [
            self._comparison(runner, runner.finished(self.asked))
            for runner in self.runners
            if runner.finished(self.asked)
        ]
        own = self.runners[0].finished(self.asked)
        if not own:
            return None
        return Study(
            **vars(self._comparison(self.runners[0], own)) | {"rule": self.rule},
            precision=self.precision,
            replicates=self.runners[0].finished(self.repeated),
            by_rule={member.scenario.rules.decision: member for member in members} if len(self.runners) > 1 else {},
            reused=sum(runner.reused for runner in self.runners),
        )

    def _comparison(self, runner: Runner, runs: list[Pair]) -> Comparison:
        return Comparison(
            scenario=runner.scenario,
            arms=self.arms,
            runs=runs,
            draws=self.draws[: len(self.asked)],
            seed=self.seed,
            parameters=self.parameters,
            rule=runner.scenario.rules.decision,
            first_week=self.first_week,
            wall_time=time.perf_counter() - self.started,
        )

    def _repeats(self) -> int:
        if self.replicates is None:
            return replicates_of(len(self.asked), self.parameters)
        return min(self.replicates, len(self.asked))


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return the progress of one part of the work as progress of the whole."""
    if progress is None:
        return None
    return lambda done, _, pair: progress(before + done, total, pair)
