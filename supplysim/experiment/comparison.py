"""The result of a comparison: its runs, and effects, ledgers and costs of every policy."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, Self

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.adjustment import FEWEST, POPULATION, Adjustment, Known
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.ledger import Ledger, displacement, rerouting_noise
from supplysim.experiment.statistics import (
    FALL,
    NO_EFFECT,
    RISE,
    PairedEffect,
    mean_interval,
    mean_intervals,
    paired_effects,
)
from supplysim.outputs import periods
from supplysim.outputs.account import Account, discount_rate
from supplysim.outputs.measures import WEEKS_A_YEAR, over_years, policy_years
from supplysim.outputs.notes import notes, unmoved
from supplysim.outputs.periods import Period
from supplysim.policies.base import Policy
from supplysim.run import BASELINE, Run
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

GUIDE = "delivered"  # the effect on it tells which parameters weigh how much
PARTS, ROUNDS = 16, 10  # the step in which an end lies is divided so often: beyond the digits of anything shown


@dataclass(frozen=True)
class CostPerUnit:
    """US$ a unit denied, with its 90 % interval; NaN unless the verdict is ``"clear fall"``."""

    estimate: float
    low: float
    high: float
    verdict: str


def cost_per_unit(cost: Any, denied: Any) -> CostPerUnit:
    """Return mean cost over mean units denied.

    The interval is Fieller's: the ratios R for which the interval of the mean of ``cost − R · denied``, that of
    `mean_interval`, holds 0. It is finite exactly when the interval of the fall leaves out 0; otherwise there is
    no number to give.

    Parameters
    ----------
    cost : array_like, shape (pairs,)
        Extra cost of the policy, US$.
    denied : array_like, shape (pairs,)
        Fall in delivered chips, or in H100e-years of compute in use.
    """
    cost, denied = np.asarray(cost, dtype=float), np.asarray(denied, dtype=float)
    fall = mean_interval(denied)
    if not (fall.low > 0.0 or fall.high < 0.0):
        return CostPerUnit(np.nan, np.nan, np.nan, NO_EFFECT)
    if fall.mean < 0.0:
        return CostPerUnit(np.nan, np.nan, np.nan, RISE)
    estimate = float(cost.mean() / fall.mean)
    step = float(np.abs(cost).mean()) / fall.low or 1.0
    low, high = (_end(cost, denied, estimate, side * step) for side in (-1.0, 1.0))
    return CostPerUnit(estimate, low, high, FALL)


def _end(cost: np.ndarray, denied: np.ndarray, inside: float, step: float) -> float:
    """Return the last ratio that the pairs allow, going from one inside the interval in the direction of the step."""

    def allowed(ratios: np.ndarray) -> np.ndarray:
        _, _, low, high = mean_intervals(cost - ratios[:, None] * denied)
        return (low <= 0.0) & (high >= 0.0)

    while allowed(np.array([inside + step]))[0]:
        inside, step = inside + step, 2.0 * step
    for _ in range(ROUNDS):
        step /= PARTS
        inside += step * float(np.logical_and.accumulate(allowed(inside + step * np.arange(1.0, PARTS))).sum())
    return inside


def _points(draws: Sequence[dict[str, float]], names: Iterable[str]) -> np.ndarray:
    """Return named parameters of some draws, shape (draws, parameters)."""
    return np.array([[draw[name] for name in names] for draw in draws])


class Yearly(dict[str, np.ndarray]):
    """Measure -> its values in some runs, shape (runs, years); made when first asked for, since most never are."""

    def __init__(self, runs: Sequence[Run]) -> None:
        super().__init__()
        self.runs = runs

    def __missing__(self, measure: str) -> np.ndarray:
        values = np.fromiter(chain.from_iterable(run.yearly[measure] for run in self.runs), float)
        self[measure] = values.reshape(len(self.runs), -1)
        return self[measure]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every policy against the scenario as it stands, pair by pair.

    Attributes
    ----------
    scenario : Scenario
    arms : dict of str to tuple of Policy
        What was compared, by name.
    runs : list of tuple of Run, length pairs
        The baseline of each pair first, then the arms in their order.
    draws : list of dict
        Parameters of each pair that was asked for.
    seed : int
        Seed of the first pair.
    parameters, rule : str
        As asked for; `rule` is None for the scenario's own.
    first_week : int
        First week of the window of ledger and costs.
    wall_time : float
        Seconds the runs took.
    """

    scenario: Scenario
    arms: dict[str, tuple[Policy, ...]]
    runs: list[tuple[Run, ...]]
    draws: list[dict[str, float]]
    seed: int
    parameters: str
    rule: str | None
    first_week: int
    wall_time: float

    @property
    def pairs(self) -> int:
        """Number of finished pairs."""
        return len(self.runs)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of the yearly measures."""
        return tuple(self.runs[0][0].yearly)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the scenario."""
        return self.runs[0][0].years

    @cached_property
    def policy_years(self) -> tuple[int, ...]:
        """Years of the window; see `measures.policy_years`."""
        return policy_years(self.years, self.first_week)

    @cached_property
    def window(self) -> str:
        """Name of these years taken together, for example ``2025-2026``."""
        first, last = self.policy_years[0], self.policy_years[-1]
        return str(first) if first == last else f"{first}-{last}"

    @cached_property
    def periods(self) -> dict[int, Period]:
        """Rows of a year by their key: what to call them, and their days."""
        return periods.by_key(self.scenario.start, self.scenario.weeks)

    @property
    def window_days(self) -> str:
        """The window as people read it, with its first and last day."""
        return periods.together([self.periods[year] for year in self.policy_years])

    @property
    def window_years(self) -> float:
        """Length of the window in model years of 52 weeks; a part counts for what it is."""
        return sum(self.periods[year].weeks for year in self.policy_years) / WEEKS_A_YEAR

    @cached_property
    def notes(self) -> list[str]:
        """What a reader must be told besides the numbers, a sentence each; see `notes.py`."""
        still = [arm for arm in self.arms if self._moves_nothing(arm)]
        return notes(self.scenario, self.arms) + unmoved(still, self.pairs)

    def _moves_nothing(self, arm: str) -> bool:
        """Return whether every measure of every pair is that of the baseline, to the bit."""
        own, base = self._yearly[arm], self._yearly[BASELINE]
        return all(np.array_equal(own[name], base[name], equal_nan=True) for name in self.measures)

    def values(self, arm: str, measure: str, year: str) -> np.ndarray:
        """Return a measure of an arm (or ``"baseline"``) in a year or the window, shape (pairs,); not to be changed."""
        place = arm, measure, year
        if not all(isinstance(name, Hashable) for name in place) or place not in self._values:
            arguments.known(arm, (BASELINE, *self.arms), "arm", "arm")
            arguments.known(measure, self.runs[0][0].yearly, "measure", "measure")
            names = self._years_of(year)
            years = [self.years.index(name) for name in names]
            weeks = [self.periods[name].weeks for name in names]
            self._values[place] = over_years(measure, self._yearly[arm], years, weeks)
        return self._values[place]

    def _years_of(self, year: Any) -> tuple[int, ...]:
        """Return the years that a name stands for: the window's (None too), or one, as text or number."""
        if year is None or (isinstance(year, str) and year == self.window):
            return self.policy_years
        text = year if isinstance(year, str) or not gate.is_number(year) else f"{year}"
        return (int(arguments.known(text, [*map(str, self.years), self.window], "year", "year")),)

    def _of_arm(self, arm: str) -> str:
        """Return the name of an arm once it is known to be one."""
        return arguments.known(arm, self.arms, "arm", "arm")

    def effect(self, arm: str, measure: str = "delivered", year: str | None = None) -> PairedEffect:
        """Return the paired effect of an arm on a measure, in a year or (default) the window."""
        return self.effects(arm, [(measure, self.window if year is None else year)])[0]

    def effects(self, arm: str, places: Sequence[tuple[str, str]]) -> list[PairedEffect]:
        """Return the paired effects of an arm on (measure, year); many together take a fraction of the time."""
        asked = [(arm, *place) for place in places]
        named = [place for place in asked if all(isinstance(name, Hashable) for name in place)]
        new = [place[1:] for place in asked if place not in named or place not in self.known_effects]
        if new:
            base, policy = (np.array([self.values(side, *place) for place in new]) for side in (BASELINE, arm))
            found = paired_effects(base, policy, self.adjustment(arm))
            self.known_effects.update(zip([(arm, *place) for place in new], found, strict=True))
        return [self.known_effects[arm, measure, year] for measure, year in places]

    def effects_of(self, arm: str) -> dict[tuple[str, str], PairedEffect]:
        """Return all effects of an arm by measure and year, the window last (of one year, it is that year)."""
        years = dict.fromkeys([*map(str, self.years), self.window])
        places = [(measure, year) for measure in self.measures for year in years]
        return dict(zip(places, self.effects(arm, places), strict=True))

    def adjustment(self, arm: str) -> Adjustment | None:
        """Return what takes the known parameters of each pair off the effects of an arm; None if nothing does."""
        if self._known is None:
            return None
        if arm not in self._adjustments:
            change = self.values(arm, GUIDE, self.window) - self._known.level
            self._adjustments[arm] = Adjustment(self._known, change)
        return self._adjustments[arm]

    @cached_property
    def _known(self) -> Known | None:
        """Parameters and level of each pair; None if they are all the same, or the runs report no deliveries."""
        pairs = [pair[0].pair for pair in self.runs]
        if self.parameters == "central" or GUIDE not in self.measures or len(pairs) < FEWEST:
            return None
        draws, worlds = [self.draws[pair] for pair in pairs], None
        if self.parameters != "prior" or pairs != [*range(len(pairs))]:  # else the first points of a Sobol sequence
            worlds = _points(parameter_draws(self.scenario, self.parameters, POPULATION, self.seed), draws[0])
        return Known(_points(draws, draws[0]), self.values(BASELINE, GUIDE, self.window), worlds)

    @cached_property
    def _adjustments(self) -> dict[str, Adjustment]:
        """Adjustments that have been asked for, by arm."""
        return {}

    @cached_property
    def known_effects(self) -> dict[tuple[str, str, str], PairedEffect]:
        """Effects that have been asked for, by arm, measure and year: table, words and figures share them."""
        return {}

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], np.ndarray]:
        """Values that have been asked for, in the same way."""
        return {}

    @cached_property
    def _yearly(self) -> dict[str, Yearly]:
        """Arm -> measure -> values, shape (pairs, years)."""
        return {runs[0].arm: Yearly(runs) for runs in zip(*self.runs, strict=True)}

    @cached_property
    def accounts(self) -> dict[str, list[Account]]:
        """Arm, ``"baseline"`` first -> whole-window totals of each pair."""
        return {runs[0].arm: [run.account for run in runs] for runs in zip(*self.runs, strict=True)}

    @cached_property
    def ledgers(self) -> dict[str, list[Ledger]]:
        """Arm -> displacement ledger of each pair."""
        return {
            arm: [displacement(a, b) for a, b in zip(self.accounts["baseline"], self.accounts[arm], strict=True)]
            for arm in self.arms
        }

    @cached_property
    def rerouting_noise(self) -> np.ndarray:
        """Rerouting between baselines of different pairs, chips, shape (pairs,); see `ledger.rerouting_noise`."""
        return rerouting_noise(self.accounts["baseline"])

    @cached_property
    def discount_rates(self) -> np.ndarray:
        """Yearly discount rate of each pair, shape (pairs,)."""
        return np.array([discount_rate(self.scenario, self.draws[pair[0].pair]) for pair in self.runs])

    def extra_costs(self, arm: str) -> np.ndarray:
        """Return what an arm costs beyond the baseline, US$ discounted to its start, shape (pairs, 2).

        The columns are government and industry.
        """
        names = ("government_cost", "industry_cost")
        return np.column_stack([self._totals(arm, name) - self._totals("baseline", name) for name in names])

    def chips_prevented(self, arm: str) -> np.ndarray:
        """Return the fall in delivered chips over the window, shape (pairs,)."""
        return self._totals("baseline", "delivered") - self._totals(arm, "delivered")

    def h100e_years_denied(self, arm: str) -> np.ndarray:
        """Return the fall in smuggled compute in use over the window, H100e-years, shape (pairs,)."""
        return self._totals("baseline", "in_use_h100e_years") - self._totals(arm, "in_use_h100e_years")

    def _totals(self, arm: str, name: str) -> np.ndarray:
        """Return a total of `Account` in an arm, shape (pairs,)."""
        arguments.known(arm, self.accounts, "arm", "arm")
        return np.array([getattr(account, name) for account in self.accounts[arm]], dtype=float)

    def cost_per_chip(self, arm: str) -> CostPerUnit:
        """Return the discounted cost of an arm for each chip it prevents over the window."""
        return self._costs_per_unit[self._of_arm(arm)][0]

    def cost_per_h100e_year(self, arm: str) -> CostPerUnit:
        """Return the discounted cost of an arm for each H100e-year of smuggled compute it denies over the window."""
        return self._costs_per_unit[self._of_arm(arm)][1]

    @cached_property
    def _costs_per_unit(self) -> dict[str, tuple[CostPerUnit, ...]]:
        """Arm -> cost per chip and per H100e-year."""
        denied = (self.chips_prevented, self.h100e_years_denied)
        return {
            arm: tuple(cost_per_unit(self.extra_costs(arm).sum(axis=1), of(arm)) for of in denied) for arm in self.arms
        }

    def only(self, arms: Iterable[str]) -> Self:
        """Return the comparison of some of the arms, in the order given."""
        arms = self._some(arms)
        return replace(self, arms={arm: self.arms[arm] for arm in arms}, runs=self._chosen(self.runs, arms))

    def _some(self, arms: Iterable[str]) -> list[str]:
        """Return the names of some arms once they are known to be such."""
        names = [self._of_arm(arm) for arm in arguments.items(arms, "arms", f'write ["{next(iter(self.arms))}"]')]
        if not names:
            raise InputError("arms", None, "names no arm", f'write ["{next(iter(self.arms))}"]')
        return names

    def _chosen(self, pairs: Iterable[tuple[Run, ...]], arms: Iterable[str]) -> list[tuple[Run, ...]]:
        """Return the baseline and some arms of some pairs."""
        columns = [0, *([*self.arms].index(arm) + 1 for arm in arms)]
        return [tuple(pair[column] for column in columns) for pair in pairs]
