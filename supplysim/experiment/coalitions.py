"""What has to run to attribute packages: the coalitions of their policies, as arms of one comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError
from supplysim.experiment.arms import arms_of
from supplysim.experiment.shapley import Game, game
from supplysim.policies import Package, Policy

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

ORDERS = 16


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
    entry = package if isinstance(package, (str, Package)) else tuple(package)
    ((name, policies),) = arms_of([entry], scenario).items()
    if len(policies) < 2:
        raise InputError(
            f"policy {name!r}", None, "a single policy has nobody to share with", "join two or more with +"
        )
    return study_of(name, policies, seed, orders)


def study_of(name: str, policies: tuple[Policy, ...], seed: int, orders: int = ORDERS) -> Coalitions:
    """Return the study of a package that has been checked."""
    if orders < 2 or orders % 2:
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
