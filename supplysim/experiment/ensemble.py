"""A pair: the scenario as it stands and every policy, run on the same seed and the same parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from supplysim.errors import InputError
from supplysim.experiment.cost import discount_rate
from supplysim.experiment.executors import Crew
from supplysim.experiment.fingerprint import parameters_hash
from supplysim.experiment.ledger import Account, account

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.engine import Engine
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

BASELINE = "baseline"

Arms = Mapping[str, "tuple[Policy, ...]"]
Simulate = Callable[["Scenario", "tuple[Policy, ...]", int, dict[str, float]], "tuple[pd.DataFrame, pd.DataFrame]"]


class RunFailed(RuntimeError):
    """A run stopped with an error; the message says which, so that it can be repeated alone."""


class Point(NamedTuple):
    """Where a pair stands: its place in the comparison, the seed of the model and the parameters."""

    pair: int
    seed: int
    parameters: dict[str, float]


@dataclass(frozen=True)
class Run:
    """What is kept of one run.

    Attributes
    ----------
    pair : int
        Position of the pair in the comparison, from 0.
    arm : str
        Name of the policy, or ``"baseline"``.
    seed : int
        Seed of the model.
    parameters_hash : str
        Fingerprint of the parameter values.
    years : tuple of int, length Y
    yearly : dict of str to tuple of float
        Measure -> its value of every year, length Y, in the measure's unit.
    account : Account
        Whole-window totals for the displacement ledger and the costs.
    """

    pair: int
    arm: str
    seed: int
    parameters_hash: str
    years: tuple[int, ...]
    yearly: dict[str, tuple[float, ...]]
    account: Account


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

    def __call__(self, task: tuple[Point, tuple[str, ...]]) -> tuple[Run, ...]:
        """Run the named arms at a point, in the order given.

        Raises
        ------
        RunFailed
            If a run fails; names the pair, the seed and the arm.
        """
        point, names = task
        arms = {name: self.arms[name] for name in names}
        if self.simulate is None:
            return forked(self.scenario, arms, point, self.first_week)
        return tuple(self._stand_in(point, name, policies) for name, policies in arms.items())

    def _stand_in(self, point: Point, arm: str, policies: tuple[Policy, ...]) -> Run:
        assert self.simulate is not None
        try:
            weekly, yearly = self.simulate(self.scenario, policies, point.seed, point.parameters)
        except InputError:
            raise
        except Exception as error:
            raise _failed(point, arm, error) from error
        values = {measure: tuple(map(float, yearly[measure])) for measure in yearly}
        years = tuple(map(int, yearly.index))
        totals = account(weekly, self.first_week, discount_rate(self.scenario, point.parameters))
        return Run(point.pair, arm, point.seed, parameters_hash(point.parameters), years, values, totals)


def forked(scenario: Scenario, arms: Arms, point: Point, first_week: int) -> tuple[Run, ...]:
    """Run arms at a point on the model: the weeks that they share once, then each from where it parts.

    The bits are those of separate runs, see `Engine.fork`.

    Raises
    ------
    RunFailed
        If a run fails; names the pair, the seed and the arm.
    """
    from supplysim.engine import Engine  # compiled code: only the process that runs it loads it

    runs, arm = {}, BASELINE
    fingerprint, rate = parameters_hash(point.parameters), discount_rate(scenario, point.parameters)
    try:
        trunk, over = Engine(scenario, (), point.seed, point.parameters), None
        courses = {}
        for arm, policies in arms.items():
            courses[arm] = trunk.course(policies)
        for arm in sorted(courses, key=lambda name: courses[name].week):
            course = courses[arm]
            trunk.run(course.week)
            branch = trunk if course.policies == trunk.policies else trunk.fork(course, over)
            branch.run()
            years, yearly, totals = _summed_up(branch, first_week, rate)
            runs[arm] = Run(point.pair, arm, point.seed, fingerprint, years, yearly, totals)
            over = None if branch is trunk else branch
    except InputError:
        raise
    except Exception as error:
        raise _failed(point, arm, error) from error
    return tuple(runs[arm] for arm in arms)


def _summed_up(
    engine: Engine, first_week: int, rate: float
) -> tuple[tuple[int, ...], dict[str, tuple[float, ...]], Account]:
    from supplysim.outputs.measures import yearly_values

    columns = engine.columns()
    return *yearly_values(columns, engine.scenario.start.year), account(columns, first_week, rate)


def _failed(point: Point, arm: str, error: Exception) -> RunFailed:
    return RunFailed(
        f"pair {point.pair} failed in arm {arm!r} ({type(error).__name__}: {error}); "
        f"repeat it with rng={point.seed} and parameters={json.dumps(point.parameters)}"
    )


def points_of(draws: Sequence[dict[str, float]], seed: int) -> list[Point]:
    """Return the points of a comparison: pair r has the parameters ``draws[r]`` and the seed ``seed + r``."""
    return [Point(pair, seed + pair, draw) for pair, draw in enumerate(draws)]


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
    """Run every pair, keeping nothing; pair r has the parameters ``draws[r]`` and the seed ``seed + r``.

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
