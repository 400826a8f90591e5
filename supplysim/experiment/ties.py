"""Which policy does more: in how many worlds, and by more than a trifle. What is no difference is called a tie.

One beats another in a world if it leaves less of what an objective counts by more than half a per cent of that world's
baseline. It is said to be better where that holds in three worlds of four; everything between is a tie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from supplysim.language import gettext_noop

MARGIN = 0.005  # of a world's baseline: less is no difference
SURE = 0.75  # share of worlds from which on one is said to be better
FEWEST = 8  # worlds; of fewer nothing is said

BETTER, WORSE = gettext_noop("better"), gettext_noop("worse")
TIE, UNKNOWN = gettext_noop("tie"), gettext_noop("too few worlds")


@dataclass(frozen=True, eq=False)
class Matches:
    """Choices against each other on one objective.

    Attributes
    ----------
    names : tuple of str
        The choices, the largest mean fall first.
    better : ndarray, shape (names, names)
        Share of the worlds in which the row beats the column.
    worlds : int
        Worlds that tell: those whose baseline is not 0.
    """

    names: tuple[str, ...]
    better: np.ndarray
    worlds: int

    def verdict(self, one: str, other: str) -> str:
        """Return whether one is better or worse than the other, or tied with it."""
        if self.worlds < FEWEST:
            return UNKNOWN
        i, j = self.names.index(one), self.names.index(other)
        if self.better[i, j] >= SURE:
            return BETTER
        return WORSE if self.better[j, i] >= SURE else TIE

    def groups(self) -> list[list[str]]:
        """Return the choices in groups: those that none of the rest beats, then the same of what is left, and so on.

        Choices that beat each other in a circle are one group, and so are all of them where too few worlds tell.
        """
        left, found = [*self.names], []
        while left:
            free = [one for one in left if all(self.verdict(one, other) != WORSE for other in left if other != one)]
            found.append(free or left)
            left = [one for one in left if one not in found[-1]]
        return found


def matches(levels: Mapping[str, np.ndarray], baseline: np.ndarray, weight: np.ndarray | None = None) -> Matches:
    """Return how choices fare against each other.

    Parameters
    ----------
    levels : mapping of str to ndarray, shape (..., worlds)
        What is left of the measure under each choice, in the same worlds; the first axis, if any, are decision rules.
    baseline : ndarray, shape (..., worlds)
        The measure as things stand.
    weight : ndarray, shape (..., worlds), optional
        Of the worlds; default: all alike.
    """
    known = np.isfinite(baseline) & (baseline > 0.0)
    for level in levels.values():
        known &= np.isfinite(level)
    shares = {name: level[known] / baseline[known] for name, level in levels.items()}
    counts = np.ones(int(known.sum())) if weight is None else weight[known]
    sums = {name: float((counts * level[known]).sum()) for name, level in levels.items()}
    names = sorted(levels, key=sums.__getitem__)
    better = np.zeros((len(names), len(names)))
    for (i, one), (j, other) in permutations(enumerate(names), 2):
        better[i, j] = np.average(shares[one] < shares[other] - MARGIN, weights=counts) if known.any() else np.nan
    return Matches(tuple(names), better, int(known.any(axis=tuple(range(known.ndim - 1))).sum()))


def reversed_order(found: Mapping[str, Matches]) -> list[tuple[str, str, str, str]]:
    """Return (one, other, objective, against): one is better on the objective, worse on the one set against it.

    Parameters
    ----------
    found : mapping of str to Matches
        By objective.
    """
    return [
        (one, other, objective, against)
        for objective, against in combinations(found, 2)
        for one, other in permutations(found[objective].names, 2)
        if found[objective].verdict(one, other) == BETTER and found[against].verdict(one, other) == WORSE
    ]
