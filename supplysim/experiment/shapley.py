"""Shapley values: the coalitions of a package that have to run, and how their values are weighed.

A coalition is a whole number whose bit i says whether member i takes part; 0 is nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import Any, NamedTuple

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.experiment.arms import arms_of
from supplysim.limits import ORDERS
from supplysim.policies.base import Policy
from supplysim.policies.text import Package
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

MOST_ORDERS = 10_000
EXACT_UP_TO = 6  # members: beyond, 2^n coalitions are too many

_STREAM = 0x5A9  # sets the sampled orders apart from every other use of the seed


class Steps(NamedTuple):
    """How one member is valued: Σ weight · (value with it − value without), rows of `Game.coalitions`."""

    weights: np.ndarray
    joined: np.ndarray
    without: np.ndarray


@dataclass(frozen=True)
class Game:
    """The coalitions of some members whose values are needed.

    Attributes
    ----------
    members : int
        How many there are, at least 2.
    orders : tuple of tuple of int
        Sampled orders in which members join, each followed by its reverse; empty when all count.
    coalitions : tuple of int
        Ascending, from nobody to all.
    """

    members: int
    orders: tuple[tuple[int, ...], ...]
    coalitions: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether every coalition is there."""
        return not self.orders

    @cached_property
    def row(self) -> dict[int, int]:
        """Coalition -> its place in `coalitions`."""
        return {coalition: row for row, coalition in enumerate(self.coalitions)}

    @property
    def everyone(self) -> int:
        """The coalition of all members."""
        return (1 << self.members) - 1

    def steps(self, member: int) -> Steps:
        """Return how a member is valued: over all coalitions without it, or over the sampled orders.

        Exactly, a coalition S without the member weighs |S|! (n − |S| − 1)! / n!, the share of the
        orders in which just S is there when the member joins (Shapley 1953). Sampled, every order
        weighs the same; in either case the values of all members add up to everyone's value minus
        nobody's (antithetic orders: Mitchell et al. 2022).
        """
        if self.exact:
            before = [coalition for coalition in self.coalitions if not coalition >> member & 1]
            weights = [self._share(coalition, joining=1) for coalition in before]
        else:
            before = [_coalition(order[: order.index(member)]) for order in self.orders]
            weights = [1.0 / len(self.orders)] * len(self.orders)
        return Steps(np.array(weights), self._rows(before, member), self._rows(before))

    def shapley(self, values: np.ndarray) -> np.ndarray:
        """Return the value of every member, shape (members, pairs), from those of coalitions, (coalitions, pairs)."""
        steps = map(self.steps, range(self.members))
        return np.array([step.weights @ (values[step.joined] - values[step.without]) for step in steps])

    def order_error(self, values: np.ndarray) -> np.ndarray:
        """Return the standard error of the values' means that comes from sampling orders, shape (members,).

        An order and its reverse count as one draw. 0 if exact, NaN with a single draw or no pair.
        """
        if self.exact:
            return np.zeros(self.members)
        if len(self.orders) < 4 or values.shape[1] == 0:
            return np.full(self.members, np.nan)
        mean = values.mean(axis=1)
        by_order = np.array([mean[step.joined] - mean[step.without] for step in map(self.steps, range(self.members))])
        draws = by_order.reshape(self.members, -1, 2).mean(axis=2)
        return draws.std(axis=1, ddof=1) / np.sqrt(draws.shape[1])

    def interaction(self, first: int, second: int, values: np.ndarray) -> np.ndarray:
        """Return the Shapley interaction index of two members, shape (pairs,); NaN unless exact.

        Σ over the coalitions S of the others of |S|! (n − |S| − 2)! / (n − 1)! times
        v(S + both) − v(S + first) − v(S + second) + v(S) (Grabisch and Roubens 1999).
        """
        if not self.exact:
            return np.full(values.shape[1], np.nan)
        others = [s for s in self.coalitions if not (s >> first & 1 or s >> second & 1)]
        weights = np.array([self._share(coalition, joining=2) for coalition in others])
        return weights @ self._second_difference(others, first, second, values)

    def first_order(self, first: int, second: int, values: np.ndarray) -> np.ndarray:
        """Return v(both) − v(first) − v(second) + v(nobody), shape (pairs,)."""
        return self._second_difference([0], first, second, values)[0]

    def _second_difference(self, without: list[int], first: int, second: int, values: np.ndarray) -> np.ndarray:
        with_first = values[self._rows(without, first, second)] - values[self._rows(without, second)]
        return with_first - (values[self._rows(without, first)] - values[self._rows(without)])

    def _share(self, coalition: int, joining: int) -> float:
        """Return the share of orders in which the coalition comes first and then, as one, those who join."""
        size, n = coalition.bit_count(), self.members
        return factorial(size) * factorial(n - size - joining) / factorial(n - joining + 1)

    def _rows(self, coalitions: list[int], *added: int) -> np.ndarray:
        return np.array([self.row[coalition | _coalition(added)] for coalition in coalitions])


def game(members: int, orders: int, seed: int) -> Game:
    """Return the coalitions to value: all up to `EXACT_UP_TO` members, else what sampled orders meet.

    Parameters
    ----------
    members : int
    orders : int
        Sampled orders, even; half are drawn, the others are their reverses. Not used if exact.
    seed : int
        Of the orders.

    Notes
    -----
    Sampled, the coalitions of one, of two and of all but one are there as well, for what members do
    alone, in twos and last.
    """
    everyone = (1 << members) - 1
    if members <= EXACT_UP_TO:
        return Game(members, (), tuple(range(everyone + 1)))
    rng = np.random.default_rng([seed, _STREAM])
    drawn = [tuple(map(int, rng.permutation(members))) for _ in range(orders // 2)]
    both_ways = tuple(order for draw in drawn for order in (draw, draw[::-1]))
    met = {_coalition(order[:size]) for order in both_ways for size in range(members + 1)}
    small = {_coalition(few) for size in (1, 2) for few in combinations(range(members), size)}
    return Game(members, both_ways, tuple(sorted(met | small | {everyone ^ 1 << i for i in range(members)})))


def _coalition(members: tuple[int, ...]) -> int:
    return sum(1 << member for member in members)


@dataclass(frozen=True)
class Coalitions:
    """A package to be attributed: its policies and the coalitions of them that have to run."""

    name: str
    policies: tuple[Policy, ...]
    game: Game

    @property
    def members(self) -> tuple[str, ...]:
        """Labels of the policies; equal ones are numbered."""
        labels = [policy.label() for policy in self.policies]
        return tuple(
            f"{label} ({labels[: i + 1].count(label)})" if labels.count(label) > 1 else label
            for i, label in enumerate(labels)
        )

    @property
    def coalitions(self) -> list[tuple[Policy, ...]]:
        """Policies of every coalition of the game, in its order; the first is empty."""
        return [self._of(coalition, self.policies) for coalition in self.game.coalitions]

    def packages(self) -> list[Package]:
        """Return the coalitions that have to run beside the baseline, named by their members."""
        names = ["+".join(self._of(coalition, self.members)) for coalition in self.game.coalitions]
        return [Package(name, policies) for name, policies in zip(names, self.coalitions, strict=True) if policies]

    def _of(self, coalition: int, things: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(thing for i, thing in enumerate(things) if coalition >> i & 1)


def plan(
    scenario: Scenario, package: str | Package | Sequence[Policy], seed: int = 1, orders: int = ORDERS
) -> Coalitions:
    """Return what has to run to attribute a package: ``len(study.coalitions)`` runs a pair.

    Raises
    ------
    InputError
        If the package has fewer than two policies, or `orders` is odd or less than 2.
    """
    text = isinstance(package, (str, Package))
    entry: Any = package if text else tuple(arguments.items(package, "package", 'write "border+penalties"'))
    ((name, policies),) = arms_of([entry], scenario).items()
    if len(policies) < 2:
        raise InputError(
            f"policy {name!r}", None, "a single policy has nobody to share with", "join two or more with +"
        )
    return study_of(name, policies, seed, orders)


def study_of(name: str, policies: tuple[Policy, ...], seed: int, orders: int = ORDERS) -> Coalitions:
    """Return the study of a package that has been checked."""
    if gate.whole(orders, "orders", 2, MOST_ORDERS, "choose an even number, 16 say") % 2:
        raise InputError("orders", orders, "every order goes with its reverse", "choose an even number, 16 say")
    return Coalitions(name, policies, game(len(policies), orders, seed))


def studies(arms: Mapping[str, tuple[Policy, ...]], seed: int) -> list[Coalitions]:
    """Return a study for every arm that is a package.

    Raises
    ------
    InputError
        If none is.
    """
    packages = [study_of(name, policies, seed) for name, policies in arms.items() if len(policies) > 1]
    if not packages:
        raise InputError("--attribute", None, "no policy given is a package", "join two or more with +, as in -p a+b")
    return packages


def with_coalitions(arms: Mapping[str, tuple[Policy, ...]], studies: Iterable[Coalitions]) -> list[Package]:
    """Return the arms, after whatever coalitions of the studies are not among them."""
    asked = [Package(name, policies) for name, policies in arms.items()]
    known, names = {frozenset(package.policies) for package in asked}, set(arms)
    added = []
    for package in (package for study in studies for package in study.packages()):
        if frozenset(package.policies) not in known:
            name = package.name
            while name in names:
                name += "'"
            added.append(Package(name, package.policies))
            known.add(frozenset(package.policies))
            names.add(name)
    return [*added, *asked]
