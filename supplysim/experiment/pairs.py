"""A pair as a task for a worker: the arms that are missing, at a point, by the model or by a stand-in for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError
from supplysim.experiment.executors import Crew
from supplysim.outputs.account import account, discount_rate
from supplysim.policies.base import Policy
from supplysim.run import BASELINE, Arms, Point, Run, failed, points_of, run_pair
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of

if TYPE_CHECKING:
    import pandas as pd

Pair = tuple[Run, ...]
Simulate = Callable[[Scenario, tuple[Policy, ...], int, dict[str, float]], "tuple[pd.DataFrame, pd.DataFrame]"]


@dataclass(frozen=True)
class Pairing:
    """What is run at a point: arms of a scenario; sent to workers.

    Attributes
    ----------
    scenario : Scenario
    arms : mapping
        Name -> policies of the arm; the baseline has none.
    first_week : int
        First week of the window of the ledger and the costs.
    simulate : callable, optional
        Returns the weekly and the yearly table of a run; default: the model.
    """

    scenario: Scenario
    arms: Arms
    first_week: int
    simulate: Simulate | None = None

    def __call__(self, task: tuple[Point, tuple[str, ...]]) -> Pair:
        """Run the named arms at a point, in the order given.

        Arms that are the same in the state of the world at that point, a law's without the law say, are run once.

        Raises
        ------
        RunFailed
            If a run fails; names the pair, the seed and the arm.
        """
        point, names = task
        scenario = self.scenario.settled(states_of(point.parameters))
        arms = {name: gate.in_force(self.arms[name], scenario) for name in names}
        first = {policies: name for name, policies in reversed(arms.items())} if scenario.states else {}
        different = {name: policies for name, policies in arms.items() if first.get(policies, name) == name}
        if self.simulate is None:
            runs = run_pair(self.scenario, different, point, self.first_week)
        else:
            runs = tuple(self._stand_in(scenario, point, name, policies) for name, policies in different.items())
        if len(different) == len(arms):
            return runs
        made = dict(zip(different, runs, strict=True))
        return tuple(replace(made[first[policies]], arm=name) for name, policies in arms.items())

    def in_force(self, point: Point) -> tuple[tuple[Policy, ...], Arms]:
        """Return which policies act in the states at a point: the scenario's own that do not always, and each arm's."""
        if not self.scenario.states:
            return (), self.arms
        settled, always = self.scenario.settled(states_of(point.parameters)), self.scenario.without_states().policies
        own = tuple(policy for policy in settled.policies if policy not in always)
        return own, {arm: gate.in_force(policies, settled) for arm, policies in self.arms.items()}

    def _stand_in(self, scenario: Scenario, point: Point, arm: str, policies: tuple[Policy, ...]) -> Run:
        assert self.simulate is not None
        try:
            weekly, yearly = self.simulate(scenario, policies, point.seed, point.parameters)
        except InputError:
            raise
        except Exception as error:
            raise failed(point, arm, error) from error
        values = {measure: tuple(map(float, yearly[measure])) for measure in yearly}
        years = tuple(map(int, yearly.index))
        totals = account(weekly, self.first_week, discount_rate(scenario, point.parameters))
        return Run(point.pair, arm, point.seed, point.parameters, years, values, totals)


def run_pairs(
    scenario: Scenario,
    arms: Arms,
    draws: Sequence[dict[str, float]],
    seed: int,
    first_week: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    simulate: Simulate | None = None,
) -> list[tuple[Run, ...]]:
    """Run every pair, keeping nothing; pair r has the parameters ``draws[r]`` and the seed `pair_seed`.

    The result does not depend on the executor, the number of workers or the order of completion.
    See `run_ordered` for `executor`, `workers`, `progress` and Ctrl-C.

    Returns
    -------
    list of tuple of Run
        One tuple a pair: the baseline first, then the arms in their order.
    """
    arms = {BASELINE: (), **arms}
    tasks = [(point, tuple(arms)) for point in points_of(draws, seed)]
    with Crew(executor, workers) as crew:
        return crew.run_ordered(Pairing(scenario, arms, first_week, simulate), tasks, progress)
