"""The one way to run a world: arms at a point, sharing the weeks in which they are equal, each boiled down to outputs.

Command line, app, emulator, calibration, sensitivity, validation and lessons are users of `run_arms`. No compiled
code is loaded before a world is run, so a process that only asks others stays light.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError, RunFailed, shown
from supplysim.outputs.account import Account, account, discount_rate
from supplysim.outputs.adaptive import settled
from supplysim.outputs.measures import yearly_values
from supplysim.outputs.periods import first_key
from supplysim.policies.base import Policy
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of

if TYPE_CHECKING:
    from supplysim.engine import Engine

BASELINE = "baseline"
Arms = Mapping[str, tuple[Policy, ...]]
MOST = 32  # worlds kept by a process that keeps them, about 10 MB each


class Point(NamedTuple):
    """Where a pair stands: its place in the comparison, the seed of the model and the parameters."""

    pair: int
    seed: int
    parameters: dict[str, float]


@dataclass(frozen=True)
class Finished:
    """A run that is over, and what several outputs need of it, worked out once.

    Attributes
    ----------
    engine : Engine
    first_week : int
        First week of the window of the account: before it the arms of a pair are equal.
    parameters : dict of str to float
        Of the point.
    arm : str
    """

    engine: Engine
    first_week: int
    parameters: dict[str, float]
    arm: str = BASELINE

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """What happened by week, see `Engine.columns`."""
        return self.engine.columns()


Output = Callable[[Finished], Any]


def years(run: Finished) -> tuple[tuple[int, ...], dict[str, tuple[float, ...]]]:
    """Return the model years and every measure in each of them."""
    return yearly_values(run.columns, first_key(run.engine.scenario.start))


def quarters(run: Finished) -> np.ndarray:
    """Return the run by quarters, shape (quarters, `outputs.quarters.kept`)."""
    from supplysim.outputs import by_quarter  # compiled code, as below

    return by_quarter.quarters(run.columns, run.engine.world)


def books(run: Finished) -> Account:
    """Return the account of the window."""
    return account(run.columns, run.first_week, discount_rate(run.engine.scenario, run.parameters))


SUMMARY: dict[str, Output] = {"years": years, "quarters": quarters, "account": books}


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
    parameters : dict of str to float
    years : tuple of int, length Y
    yearly : dict of str to tuple of float
        Measure -> its value of every year, length Y, in the measure's unit.
    account : Account
        Totals of the policy window for the displacement ledger and the costs.
    quarters : ndarray, shape (quarters, `outputs.quarters.kept`)
        Empty if it was read from a store without them.
    """

    pair: int
    arm: str
    seed: int
    parameters: dict[str, float]
    years: tuple[int, ...]
    yearly: dict[str, tuple[float, ...]]
    account: Account
    quarters: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), compare=False)


class Drive(NamedTuple):
    """How an arm is brought to its end: from a week on, by a function of its engine, then to the end."""

    week: int
    act: Callable[[Engine], None]


@dataclass
class Kept:
    """Worlds of one scenario that stand at the first week in which any policy of interest acts.

    A process that is asked again and again about the same worlds keeps them; what comes out is equal to the bit.

    Attributes
    ----------
    most : int
        Worlds kept; 0 keeps none.
    family : tuple
        What they share: the scenario, in whatever states, and the first week; for another family all are dropped.
    worlds : dict
        Pair, seed and parameters -> run, packed, and the room it had. The first pairs stay: every question begins with
        them, in any process.
    """

    most: int = 0
    family: tuple[Any, ...] = ()
    worlds: dict[tuple[Any, ...], tuple[Engine, dict[str, int]]] = field(default_factory=dict)

    def at(self, scenario: Scenario, point: Point, first_week: int, check: bool = False) -> Engine:
        """Return a run of the scenario as it stands, all of it checked, that has come no further than `first_week`.

        In the states at the point; give the scenario with all of them, so that its worlds stay one family.
        """
        from supplysim.engine import Engine  # compiled code: only the process that runs it loads it
        from supplysim.world.copies import packed

        admitted = gate.Admitted(scenario.settled(states_of(point.parameters)), (), point.seed, point.parameters)
        if self.most == 0 or check:
            return Engine(admitted, check=check)
        family, key = (scenario.hash(), first_week), (point.pair, point.seed, tuple(point.parameters.items()))
        if self.family != family:
            self.family, self.worlds = family, {}
        if key not in self.worlds:
            last = max(self.worlds, key=lambda key: key[0], default=key)
            if len(self.worlds) >= self.most and point.pair < last[0]:
                del self.worlds[last]
            if len(self.worlds) >= self.most:
                return Engine(admitted)
            trunk = Engine(admitted)
            trunk.run(first_week)
            trunk.world, room = packed(trunk.world)
            self.worlds[key] = trunk, room
        kept, room = self.worlds[key]
        return kept.fork((), room=room)


HERE = Kept()  # of this process


def run_arms(
    scenario: Scenario,
    arms: Arms,
    point: Point,
    outputs: Mapping[str, Output] = SUMMARY,
    first_week: int = 0,
    drive: Mapping[str, Drive] | None = None,
    check: bool = False,
) -> dict[str, dict[str, Any]]:
    """Run arms at a point, the weeks that they share once, then each from where it parts; return arm -> outputs.

    The bits are those of separate runs, see `Engine.fork`.

    Parameters
    ----------
    scenario : Scenario
    arms : mapping
        Name -> policies of the arm besides the scenario's own.
    point : Point
    outputs : mapping of str to callable
        Name -> what is made of a finished run.
    first_week : int
        First week of the window of the account; no policy acts before it.
    drive : mapping, optional
        Arm -> from which week on, and how, it is brought to its end instead of by `Engine.run`. That week must not
        be before `first_week`: a world that is kept has come so far.
    check : bool
        Assert conservation of chips, orders and money after every week.

    Raises
    ------
    InputError
        If something that is asked is wrong: see `gate.admit`.
    RunFailed
        If a run fails; names the pair, the seed and the arm.
    """
    if not isinstance(arms, Mapping):
        raise InputError("arms", arms, "it is not a mapping of names to policies", 'write {"baseline": ()}')
    if not isinstance(point, tuple) or len(point) != len(Point._fields):
        raise InputError("point", point, "it is no Point", "write Point(pair, seed, parameters)")
    scenario = gate.scenario_of(scenario)
    pair = gate.whole(point[0], "point.pair", 0, gate.SEEDS - 1, "count pairs from 0")
    point = Point(pair, gate.seed_of(point[1], "point.seed"), gate.parameters_of(point[2]))
    whole, scenario = scenario, scenario.settled(states_of(point.parameters))
    first_week = gate.whole(first_week, "first_week", 0, scenario.weeks, "choose a week of the scenario")
    check = arguments.truth(check, "check")
    drive, made, arm = _checked(arms, outputs, drive, scenario.weeks), {}, BASELINE
    try:
        trunk, over = HERE.at(whole, point, first_week, check), None
        courses, parting = {}, {}
        for arm, policies in arms.items():
            courses[arm] = trunk.course(settled(trunk, gate.policies_of(policies, trunk.scenario)))
            parting[arm] = min(courses[arm].week, drive[arm].week) if arm in drive else courses[arm].week
        order = sorted(arms, key=lambda name: parting[name])
        for arm in order:
            course = courses[arm]
            if parting[arm] < trunk.week:
                raise ValueError(
                    f"it is to be driven from week {parting[arm]}, and the shared past ends in week {trunk.week}"
                )
            trunk.run(parting[arm])
            branch = trunk if arm == order[-1] and course.policies == trunk.policies else trunk.fork(course, over)
            if arm in drive:
                drive[arm].act(branch)
            branch.run()
            finished = Finished(branch, first_week, point.parameters, arm)
            made[arm] = {name: reduce(finished) for name, reduce in outputs.items()}
            over = None if branch is trunk else branch
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise failed(point, arm, error) from error
    return {arm: made[arm] for arm in arms}


def _checked(arms: Arms, outputs: Any, drive: Any, weeks: int) -> dict[str, Drive]:
    """Return how arms are driven, once it, their names and the outputs are known to be what they should."""
    for name in arms:
        arguments.one_of(str, name, "arms", "name each arm by a text")
    for name, output in arguments.table(outputs, "outputs", 'write {"years": run.years}').items():
        arguments.function(output, f"outputs: {shown(name)}", "give a function of a Finished run")
    driven: dict[str, Drive] = {}
    for name, how in arguments.table({} if drive is None else drive, "drive", "write {arm: Drive(week, act)}").items():
        place = f"drive: {shown(name)}"
        arguments.known(name, arms, "drive", "arm")
        arguments.one_of(Drive, how, place, "write Drive(week, act)")
        week = gate.whole(how.week, f"{place}.week", 0, weeks, "choose a week of the scenario")
        driven[name] = Drive(week, arguments.function(how.act, f"{place}.act", "give a function of an Engine"))
    return driven


def run_pair(scenario: Scenario, arms: Arms, point: Point, first_week: int) -> tuple[Run, ...]:
    """Run arms at a point and return what is kept of each, in their order; see `run_arms`."""
    made = run_arms(scenario, arms, point, SUMMARY, first_week)
    runs = []
    for arm, of in made.items():
        years, yearly = of["years"]
        runs.append(Run(point.pair, arm, point.seed, point.parameters, years, yearly, of["account"], of["quarters"]))
    return tuple(runs)


def failed(point: Point, arm: str, error: Exception) -> RunFailed:
    """Return the error that says which run failed and how to repeat it."""
    states = "".join(f" in the state {name}={value}" for name, value in states_of(point.parameters).items())
    return RunFailed(
        f"pair {point.pair} failed in arm {arm!r} ({type(error).__name__}: {error}); "
        f"repeat it with rng={point.seed} and parameters={json.dumps(point.parameters)}{states}"
    )


def pair_seed(seed: int, pair: int) -> int:
    """Return the model seed of a pair of a comparison: a hash of both, so that neighbouring seeds share no world.

    It stays below 2^53, so that every reader of JSON keeps it whole.
    """
    return int.from_bytes(blake2b(f"{seed}:{pair}".encode(), digest_size=8).digest()) >> 11


def points_of(draws: Iterable[dict[str, float]], seed: int) -> list[Point]:
    """Return the points of a comparison: pair r has the parameters ``draws[r]`` and its own seed, see `pair_seed`."""
    return [Point(pair, pair_seed(seed, pair), draw) for pair, draw in enumerate(draws)]
