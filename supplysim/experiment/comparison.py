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
from supplysim.experiment.arms import acting
from supplysim.experiment.beliefs import Beliefs
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.given import FORM, Conditions, Left, conditions, effective, kept
from supplysim.experiment.given_draws import GIVEN
from supplysim.experiment.ledger import Ledger, displacement, rerouting_noise
from supplysim.experiment.state_draws import of_no_state, state_columns
from supplysim.experiment.statistics import PairedEffect, paired_effects
from supplysim.experiment.unit_cost import CostPerUnit, cost_per_unit
from supplysim.outputs import periods
from supplysim.outputs.account import Account, discount_rate
from supplysim.outputs.measures import WEEKS_A_YEAR, over_years, policy_years
from supplysim.outputs.notes import notes, unmoved
from supplysim.outputs.periods import Period
from supplysim.policies.base import Policy
from supplysim.run import BASELINE, Run
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import State

GUIDE = "delivered"  # the effect on it tells which parameters weigh how much


def _points(draws: Sequence[dict[str, float]], names: Sequence[str], states: Sequence[State]) -> np.ndarray:
    """Return named parameters and the states of some draws, shape (draws, parameters and values of states)."""
    numbers = np.array([[draw[name] for name in names] for draw in draws])
    return np.hstack([numbers, state_columns(draws, states)]) if states else numbers


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
    left : Left, optional
        What conditions left of the pairs that were run; see `given`.
    beliefs : Beliefs, optional
        Assumptions of one's own that stand in the scenario in place of the shipped ones.
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
    left: Left | None = None
    beliefs: Beliefs | None = None

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

    @property
    def told_years(self) -> tuple[int, ...]:
        """The first three years of the window and the last: what grows slowly is not judged by one of them."""
        return tuple(dict.fromkeys([*self.policy_years[:3], self.policy_years[-1]]))

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
        told = [] if self.left is None else [f"{self.left.text}."]
        told += [] if self.beliefs is None else self.beliefs.notes(self.parameters)
        return told + notes(self.scenario, self.arms) + unmoved(still, self.pairs)

    def _moves_nothing(self, arm: str) -> bool:
        """Return whether every measure of every pair is that of the baseline, to the bit."""
        own, base = self._yearly[arm], self._yearly[BASELINE]
        return all(np.array_equal(own[name], base[name], equal_nan=True) for name in self.measures)

    def values(self, arm: str, measure: str, year: str) -> np.ndarray:
        """Return a measure of an arm (or ``"baseline"``) in a year or the window, shape (pairs,); not to be changed."""
        place = arm, measure, year
        try:
            found = self._values.get(place)
        except TypeError:  # no name at all
            found = None
        if found is None:
            arguments.known(arm, (BASELINE, *self.arms), "arm", "arm")
            arguments.known(measure, self.runs[0][0].yearly, "measure", "measure")
            names = self._years_of(year)
            years = [self.years.index(name) for name in names]
            weeks = [self.periods[name].weeks for name in names]
            found = self._values[place] = over_years(measure, self._yearly[arm], years, weeks)
        return found

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
        if arm not in self._adjustments:
            known = self._known(arm)
            if known is None:
                return None
            change = self.values(arm, GUIDE, self.window) - known.level
            self._adjustments[arm] = Adjustment(known, change)
        return self._adjustments[arm]

    def _known(self, arm: str) -> Known | None:
        """Return level and parameters that can matter of each pair; None if all are the same or nothing is known.

        Nor of draws that were given: of which worlds they are a sample nobody has said.
        """
        pairs = [pair[0].pair for pair in self.runs]
        if self.parameters in ("central", GIVEN) or GUIDE not in self.measures or len(pairs) < FEWEST:
            return None
        if self.left is not None:  # the worlds that a condition keeps are no sample of all worlds
            return None
        draws, worlds = [self.draws[pair] for pair in pairs], None
        states = self.scenario.states
        names = acting(of_no_state(draws, states), (*self.scenario.policies, *self.arms[arm]))
        if self.parameters != "prior" or pairs != [*range(len(pairs))]:  # else the first points of the design
            worlds = _points(parameter_draws(self.scenario, self.parameters, POPULATION, self.seed), names, states)
        return Known(_points(draws, names, states), self.values(BASELINE, GUIDE, self.window), worlds)

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

    def cost_a_year(self, arm: str, measures: Iterable[str]) -> np.ndarray:
        """Return what an arm costs beyond the baseline, US$ a year of the window, not discounted, shape (pairs,)."""
        sides = [sum(self.values(side, name, self.window) for name in measures) for side in (BASELINE, arm)]
        return np.asarray(sides[1] - sides[0]) / self.window_years

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

    def given(self, given: Conditions) -> Self:
        """Return the comparison of the worlds whose baseline fulfils one or several conditions; nothing is run.

        Parameters
        ----------
        given : str, Given or iterable of these
            ``"seizures_2025=2000..3000"``: a measure (or an alias of `given.ALIASES`), a year of the scenario, and two
            numbers, of which one may be left out.

        Raises
        ------
        InputError
            If a condition is wrong, or fewer than `given.FEWEST` worlds fulfil them all.
        """
        found = conditions(given, self.periods)
        if not found:
            raise InputError("given", None, "names no condition", FORM)
        here = kept(found, [self.values(BASELINE, each.measure, str(each.year)) for each in found], self.pairs)
        runs = [pair for pair, stays in zip(self.runs, here, strict=True) if stays]
        worth = effective([self.draws[pair[0].pair] for pair in runs], self.parameters, self.scenario)
        before = () if self.left is None else self.left.conditions
        of = self.pairs if self.left is None else self.left.of
        return replace(self, runs=runs, left=Left((*before, *found), len(runs), of, worth))

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
