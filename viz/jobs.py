"""What a session waits for: packages of one world in exact pairs, more and more of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace

from supplysim.viz.known_runs import Place
from supplysim.viz.turns import Wish

from supplysim.api import Study
from supplysim.experiment.arms import first_week_of
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.effects import Summary, summarise
from supplysim.experiment.pairs import Pair, Pairing
from supplysim.language import language
from supplysim.outputs import periods
from supplysim.outputs.measures import policy_years
from supplysim.policies.base import Policy
from supplysim.run import BASELINE, Point, Run, points_of
from supplysim.setup.scenario import Scenario

STEPS = (8, 16, 32, 64)


@dataclass(frozen=True)
class World:
    """What two runs of a pair share: scenario, seed of the first pair, where parameters come from."""

    scenario: Scenario
    seed: int = 1
    parameters: str = "prior"

    def key(self) -> tuple[str, int, str]:
        """Return what tells worlds apart."""
        return self.scenario.hash(), self.seed, self.parameters

    def points(self, pairs: int) -> list[Point]:
        """Return where the first pairs stand: the command line's points."""
        return points_of(parameter_draws(self.scenario, self.parameters, pairs, self.seed), self.seed)


@dataclass(eq=False)
class Job:
    """What a session waits for: packages of one world, from few pairs to many.

    Attributes
    ----------
    deliver : callable
        Called with the job and the number of pairs that are done, from another thread.
    party : hashable, optional
        Who takes turns; default: the owner.
    steps : sequence of int
        Numbers of pairs, ascending, at which it is told of beside the target.
    done : list of tuple of Run
        Finished pairs from the first on, each the world as it stands first, then the packages in their order.
    failed : str
        Why it stopped, in its language; empty if it did not.
    language : str
        What is spoken where it is delivered: what its session read when it asked.
    """

    owner: Hashable
    world: World
    packages: tuple[tuple[Policy, ...], ...]
    deliver: Callable[[Job, int], None]
    target: int = STEPS[-1]
    party: Hashable = None
    steps: Sequence[int] = STEPS
    done: list[Pair] = field(default_factory=list)
    told: int = 0
    failed: str = ""
    language: str = field(default_factory=language)
    pairing: Pairing = field(init=False)
    places: list[list[Place]] = field(default_factory=list)  # of every pair's runs
    runs: dict[Place, Run] = field(default_factory=dict)
    timer: threading.Timer | None = None

    def __post_init__(self) -> None:
        arms = {BASELINE: (), **{str(place): package for place, package in enumerate(self.packages, 1)}}
        self.pairing = Pairing(self.world.scenario, arms, first_week_of(self.world.scenario, arms))

    @property
    def wish(self) -> Wish:
        """Return on whose account the runs are."""
        return Wish(self.owner if self.party is None else self.party, session_of(self.owner))

    @property
    def arms(self) -> int:
        """Return the number of runs of a pair."""
        return 1 + len(self.packages)

    def summary(self, pairs: int, arm: int = 1) -> Summary:
        """Return what the first pairs say about a package, counted from 1."""
        names = [*map(str, range(1, self.arms))]
        return summary_of(self.study(names, pairs), names[arm - 1])

    def study(self, names: Sequence[str], pairs: int) -> Study:
        """Return the first pairs as the command line's comparison of packages with these names."""
        world, arms = self.world, dict(zip(names, self.packages, strict=True))
        points = world.points(pairs)
        runs = [
            tuple(
                replace(run, pair=point.pair, arm=name, parameters=point.parameters)
                for name, run in zip([BASELINE, *arms], pair, strict=True)
            )
            for point, pair in zip(points, self.done[:pairs], strict=True)
        ]
        draws, first_week = [point.parameters for point in points], self.pairing.first_week
        return Study(world.scenario, arms, runs, draws, world.seed, world.parameters, None, first_week, 0.0)


def summary_of(study: Study, arm: str) -> Summary:
    """Return what a study says about one of its arms."""
    place = 1 + [*study.arms].index(arm)
    base, policy = ([pair[where] for pair in study.runs] for where in (0, place))
    rows = periods.years(study.scenario.start, study.scenario.weeks)
    window = policy_years(base[0].years, study.first_week)
    return summarise(base, policy, window, study.first_week, rows, study.adjustment(arm))


def session_of(owner: Hashable) -> Hashable:
    """Return the session of an owner, which may be a session's number and what it is for."""
    return owner[0] if isinstance(owner, tuple) else owner
