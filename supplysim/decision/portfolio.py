"""A portfolio: levers at strengths, and what the quick estimate expects of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from supplysim.decision.aims import AIMS
from supplysim.decision.emulated import Cells, cells, typed
from supplysim.decision.problem import BURDEN, CHIPS, Problem, names_of
from supplysim.decision.search import GRID, Space, candidates, frontier, least_burden, without
from supplysim.decision.spending import Spending, paid
from supplysim.emulator.predict import Emulator
from supplysim.experiment.effects import WINDOW


@dataclass(frozen=True)
class Portfolio:
    """Levers at strengths.

    Attributes
    ----------
    package : tuple of (str, float)
        Lever of the emulator and strength, from the strongest spender to the least.
    changes : dict of str to float
        Objective -> change over the window that the quick estimate expects, relative to the baseline's mean.
    cost, burden : float
        US$ a year of the payer, and of honest trade, by the cost curves.
    spent : dict of str to float
        Lever -> its part of the cost.
    """

    package: tuple[tuple[str, float], ...]
    changes: dict[str, float]
    cost: float
    burden: float
    spent: dict[str, float]

    @property
    def name(self) -> str:
        """The portfolio as the command line takes it; nothing for no lever."""
        return names_of(self.package)

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        return {
            "name": self.name,
            "levers": {typed(lever): strength for lever, strength in self.package},
            "expected": {"changes": self.changes, "cost": self.cost, "burden": self.burden, "by_lever": self.spent},
        }


class Searched:
    """The search of one problem on one emulator.

    Parameters
    ----------
    asked : Problem
    known : Emulator
    curves : Spending
    seed : int
        Of the starts.
    """

    def __init__(self, asked: Problem, known: Emulator, curves: Spending, seed: int = 0) -> None:
        self.asked, self.known, self.seed = asked, known, seed
        columns, less = paid(asked.payer, asked.net)
        self.levers = tuple(name for name in asked.levers if name in known.levers)
        cost, burden = curves.of(columns, less), curves.of((BURDEN,))
        self.cost, self.burden = (
            np.array([curves.at(typed(lever), each[typed(lever)], GRID) for lever in self.levers])
            for each in (cost, burden)
        )

    @cached_property
    def cells(self) -> dict[str, Cells]:
        """Objective -> cells over the levers that may be used."""
        return {
            name: cells(self.known, aim.measures[0], self.levers, GRID) for name, aim in AIMS.items() if name != BURDEN
        }

    @property
    def most(self) -> float:
        """US$ a year that honest trade may bear."""
        return np.inf if self.asked.burden is None else self.asked.burden

    def space(self, objective: str) -> Space:
        """Return what a search for an objective knows; for the least burden, chips must fall."""
        return Space(self.cells[CHIPS if objective == BURDEN else objective], self.cost, self.burden)

    def best(self, budget: float, count: int, objective: str | None = None) -> list[Portfolio]:
        """Return the best portfolios that a budget pays, the best first, with other levers each."""
        objective = objective or self.asked.objective
        space = self.space(objective)
        if objective == BURDEN:
            return [self.made(least_burden(space, budget, self.asked.target, self.seed))]
        return [self.made(each) for each in candidates(space, budget, self.most, count, self.seed)]

    def made_of(self, package: Mapping[str, float]) -> Portfolio:
        """Return a package of levers at strengths of the grid as a portfolio."""
        return self.made(self.places(package))

    def without(self, portfolio: Portfolio, lever: str, budget: float, objective: str) -> Portfolio:
        """Return the best that a budget pays if a portfolio loses one of its levers for good."""
        at = self.places(dict(portfolio.package))
        return self.made(without(self.space(objective), at, self.levers.index(lever), budget, self.most))

    def places(self, package: Mapping[str, float]) -> np.ndarray:
        """Return the places of a package's strengths on the grid, shape (levers,)."""
        return np.searchsorted(GRID, [package.get(lever, 0.0) for lever in self.levers])

    def later(self, portfolio: Portfolio, years: Iterable[int]) -> dict[int, float]:
        """Return the change of the objective over the window if a portfolio begins some years later."""
        most = self.known.years[-1] - self.known.policy_year
        package = dict(portfolio.package)
        return {each: self._change(package, each) for each in years if each <= most and package}

    def waiting(self, portfolio: Portfolio) -> dict[str, float]:
        """Return the change of the objective over the window if one lever alone begins a year later, by lever.

        What the lever adds to the others then comes a year later; that is added to what the others do from the start.
        """
        package, found = dict(portfolio.package), {}
        if self.known.years[-1] == self.known.policy_year:
            return {}
        for lever in package:
            others = {name: strength for name, strength in package.items() if name != lever}
            adds = self._change(package, 1) - self._change(others, 1)
            found[lever] = self._change(others, 0) + adds
        return found

    def _change(self, package: dict[str, float], later: int) -> float:
        """Return the change of what is to fall over the window."""
        if not package:
            return 0.0
        (measure,) = AIMS[self.asked.aim].measures
        return float(self.known.predict(package, later).effect(measure, WINDOW).relative.mean)

    def frontier(self) -> list[Portfolio]:
        """Return portfolios none of which is beaten in effect, cost and burden, the cheapest first."""
        found = [self.made(each) for each in frontier(self.space(self.asked.objective))]
        return sorted(found, key=lambda each: (each.cost, each.burden))

    def made(self, places: np.ndarray) -> Portfolio:
        """Return a package of places on the grid as a portfolio."""
        levers = np.arange(len(self.levers))
        cost = self.cost[levers, places]
        chosen = sorted(np.flatnonzero(places), key=lambda lever: (-cost[lever], lever))
        return Portfolio(
            package=tuple((self.levers[lever], float(GRID[places[lever]])) for lever in chosen),
            changes={name: float(each.of(places[None])[0]) for name, each in self.cells.items()},
            cost=float(cost.sum()),
            burden=float(self.burden[levers, places].sum()),
            spent={typed(self.levers[lever]): float(cost[lever]) for lever in chosen},
        )


def distinct(portfolios: Sequence[Portfolio]) -> list[Portfolio]:
    """Return portfolios that do something, each once, in their order."""
    return list({each.name: each for each in portfolios if each.package}.values())
