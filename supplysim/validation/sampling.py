"""One world sampled under every arm: weekly numbers and what the records say, small enough to keep and send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.executors import run_ordered
from supplysim.limits import LIMITS, within
from supplysim.run import Drive, Finished, Output, Point, pair_seed, run_arms
from supplysim.setup import gate
from supplysim.validation.arms import BASELINE, NEUTRAL, REMOVAL
from supplysim.validation.shells import (
    delivered_within,
    lags,
    later_purchases,
    order_sizes,
    remove_largest,
    run_noting_shells,
)

if TYPE_CHECKING:
    from supplysim.engine import Engine
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

WEEKLY = (
    "ordered",
    "delivered",
    "delivered_reporting",
    "seized",
    "active_intermediaries",
    "prosecutions",
    "listings",
    "mark_up",
    "honest_orders",
    "honest_flagged",
    "honest_ordered",
    "honest_filled",
)
WEEKS_A_YEAR = 52
ALL_COLUMNS = (BASELINE, NEUTRAL)  # arms that are compared in every weekly number


Task = tuple[int, dict[str, float], bool]  # seed, parameters, whether every arm is wanted


@dataclass(frozen=True)
class Sample:
    """What is kept of one run.

    Attributes
    ----------
    weekly : dict of str to ndarray, shape (weeks,)
        Columns of `Engine.weekly`.
    through : ndarray, shape (countries,)
        Chips that arrived from the policy start on, bought in a country or sent through it.
    details : dict
        Of the baseline: `order_sizes`, `lags`, `delivered_within`, `later_purchases`; of the removal: what
        `remove_largest` returns.
    """

    weekly: dict[str, np.ndarray]
    through: np.ndarray
    details: dict[str, Any] = field(default_factory=dict)


def sample_pair(task: Task, scenario: Scenario, arms: Mapping[str, tuple[Policy, ...]]) -> dict[str, Sample]:
    """Run one world under the baseline and, if the task says so, under every other arm.

    Parameters
    ----------
    task : tuple
        (seed, parameters, whether to run the other arms).
    scenario : Scenario
    arms : mapping
        Name -> policies, as `arms` gives them.
    """
    seed, parameters, everything = task
    wanted = {arm: policies for arm, policies in arms.items() if everything or arm == BASELINE}
    first = scenario.week_of(scenario.policy_start)
    details: dict[str, dict[str, Any]] = {}

    def baseline(engine: Engine) -> None:
        shells = run_noting_shells(engine)
        details[BASELINE] = lags(engine, shells) | order_sizes(engine) | delivered_within(engine)
        details[BASELINE] |= later_purchases(engine, first)

    def removal(engine: Engine) -> None:
        details[REMOVAL] = remove_largest(engine)

    drive = {BASELINE: Drive(0, baseline), REMOVAL: Drive(first, removal)}
    outputs: dict[str, Output] = {"weekly": weekly, "through": lambda run: chips_through(run.engine, first)}
    driven = {arm: how for arm, how in drive.items() if arm in wanted}
    made = run_arms(scenario, wanted, Point(0, seed, parameters), outputs, 0, driven)
    return {arm: Sample(of["weekly"], of["through"], details.get(arm, {})) for arm, of in made.items()}


def weekly(run: Finished) -> dict[str, np.ndarray]:
    """Return every column of `Engine.weekly` for `ALL_COLUMNS`, those of `WEEKLY` for other arms."""
    if run.arm in ALL_COLUMNS:
        return {name: np.array(column, dtype=float) for name, column in run.columns.items()}
    return {name: tallied(run.engine, name) for name in WEEKLY}


def tallied(engine: Engine, name: str) -> np.ndarray:
    """Return one column of `Engine.weekly` as it stands in the books: making all of them takes longer."""
    books = engine.world.tally[: engine.week]
    if name == "seized":
        return (books["seized_border"] + books["seized_cases"]).astype(float)
    return books[name].astype(float)


def chips_through(engine: Engine, first: int) -> np.ndarray:
    """Return chips that arrived from week `first` on, by every country they were bought in or sent through."""
    from supplysim.world.columns import COUNTRIES
    from supplysim.world.records import ARRIVED

    world = engine.world
    done = world.shipments[: world.counts[0]["shipments"]]
    done = done[(done["status"] == ARRIVED) & (done["arrives"] >= first)]
    origin = world.distributors["country"][done["distributor"]]
    transit = world.routes.row["transit"][done["route"]]
    through = np.zeros(COUNTRIES)
    np.add.at(through, origin, done["quantity"])
    elsewhere = (transit >= 0) & (transit != origin)
    np.add.at(through, transit[elsewhere], done["quantity"][elsewhere])
    return through


@dataclass(frozen=True)
class Ensemble:
    """Worlds sampled under the same arms; `extra` are further baselines, for what needs no pair.

    Attributes
    ----------
    scenario : Scenario
    pairs : list of dict of str to Sample
        One dict a world, arm -> sample.
    extra : list of Sample
        Baselines of more worlds.
    """

    scenario: Scenario
    pairs: Sequence[Mapping[str, Sample]]
    extra: Sequence[Sample] = ()

    @property
    def first(self) -> int:
        """First week of the policies."""
        return self.scenario.week_of(self.scenario.policy_start)

    @property
    def baselines(self) -> list[Sample]:
        """Every baseline, of pairs and beyond."""
        return [*(pair[BASELINE] for pair in self.pairs), *self.extra]

    def weekly(self, arm: str, column: str) -> np.ndarray:
        """Return a weekly column of an arm, shape (pairs, weeks)."""
        return np.array([pair[arm].weekly[column] for pair in self.pairs])

    def sums(self, arm: str, column: str, weeks: slice | None = None) -> np.ndarray:
        """Return the sum of a column over weeks (default: from the policy start on), shape (pairs,)."""
        return self.weekly(arm, column)[:, weeks or slice(self.first, None)].sum(axis=1)

    def change(self, arm: str, column: str, weeks: slice | None = None) -> np.ndarray:
        """Return the paired change of such a sum against the baseline, shape (pairs,)."""
        return self.sums(arm, column, weeks) - self.sums(BASELINE, column, weeks)

    def details(self, arm: str, name: str) -> list[Any]:
        """Return a detail of every pair."""
        return [pair[arm].details[name] for pair in self.pairs]


def run_ensemble(
    scenario: Scenario,
    arms: Mapping[str, tuple[Policy, ...]],
    draws: Sequence[dict[str, float]],
    pairs: int,
    seed: int,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    sample: Callable[..., dict[str, Sample]] = sample_pair,
) -> Ensemble:
    """Sample the first `pairs` draws under every arm and the rest under the baseline; draw r has the seed of pair r.

    `sample` is what a task is done by: `sample_pair`, or `keeping.kept_pair` with its folder.

    See `supplysim.experiment.executors.run_ordered` for executor, workers, progress and Ctrl-C.
    """
    scenario = gate.scenario_of(scenario)
    named = arguments.table(arms, "arms", 'write {"baseline": ()}')
    if BASELINE not in named:
        raise InputError("arms", None, f"there is no arm {BASELINE!r}", 'write {"baseline": (), ...}')
    arms = {name: gate.policies_of(policies, scenario) for name, policies in named.items()}
    draws = [gate.parameters_of(draw) for draw in arguments.items(draws, "draws", "give parameter_draws(...)")]
    pairs = within("pairs", gate.whole(pairs, "pairs", 0, None, "choose 64, say"), LIMITS["facts"])
    seed = gate.seed_of(seed)
    tasks = [(pair_seed(seed, number), draw, number < pairs) for number, draw in enumerate(draws)]
    samples = run_ordered(partial(sample, scenario=scenario, arms=arms), tasks, executor, workers, progress)
    return Ensemble(scenario, samples[:pairs], [sample[BASELINE] for sample in samples[pairs:]])
