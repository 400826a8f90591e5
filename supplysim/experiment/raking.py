"""Weights that give each state of the world its probability among the pairs, and means under such weights.

Which value a pair has is drawn, so a value's share of the pairs is near its probability and not equal to it; and a
reader may hold another probability likelier. Raking (Deming and Stephan 1940, Ann. Math. Stat. 11, 427) weighs pairs so
that every value of every state has its probability exactly. With one state that is post-stratification: the mean is the
sum over values of probability times mean. With several, that sum is the same whichever state it is taken over.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

ROUNDS, CLOSE = 1_000, 1e-12  # of raking, and how near to the probabilities it must come
NEAR = 1e-6  # of them, or there are no such weights


class Mean(NamedTuple):
    """Means of rows over pairs and their standard errors, each shape (rows,)."""

    value: np.ndarray
    error: np.ndarray


def weights(places: np.ndarray, probabilities: Sequence[np.ndarray]) -> np.ndarray | None:
    """Return the weight of each pair, shape (pairs,), adding up to 1; None if no weights give the probabilities.

    Parameters
    ----------
    places : ndarray of int, shape (states, pairs)
        Place of the value that each state has in each pair.
    probabilities : sequence of ndarray, one a state, shape (values,)
    """
    found = np.full(places.shape[1], 1.0 / max(places.shape[1], 1))
    for _ in range(ROUNDS):
        before = found
        for place, wanted in zip(places, probabilities, strict=True):
            have = np.bincount(place, found, wanted.size)
            if ((have == 0.0) & (wanted > 0.0)).any():
                return None
            found = found * np.divide(wanted, have, out=np.zeros(wanted.size), where=have > 0.0)[place]
        if np.abs(found - before).max(initial=0.0) < CLOSE:
            break
    for place, wanted in zip(places, probabilities, strict=True):
        if np.abs(np.bincount(place, found, wanted.size) - wanted).max() > NEAR:
            return None
    return found


def mean(rows: np.ndarray, weight: np.ndarray, places: np.ndarray) -> Mean:
    """Return weighted means of rows over pairs, with the error that pairs drawn within the states leave.

    What the values of the states explain is no error, since their probabilities are given: the rest r of a weighted
    regression on the values counts, s² = Σ (w r)² / (1 − h), h the leverage of each pair. With one state and equal
    weights within a value this is Σ p² s² / n over the values. Unknown where a pair stands alone.

    Parameters
    ----------
    rows : ndarray, shape (rows, pairs)
    weight : ndarray, shape (pairs,)
    places : ndarray of int, shape (states, pairs)
        Of the states whose values explain; of none of them, the mean itself does.
    """
    here = weight > 0.0
    rows, weight = rows[:, here], weight[here] / weight[here].sum()
    known = [np.ones(weight.size)]
    for place in places[:, here]:
        known += [place == value for value in np.unique(place)[1:]]
    root = np.sqrt(weight)
    basis, sizes, _ = np.linalg.svd(np.stack(known, axis=1) * root[:, None], full_matrices=False)
    basis = basis[:, sizes > sizes[0] * 1e-9]
    scaled = rows * root
    rest = (scaled - scaled @ basis @ basis.T) * root
    leverage = np.minimum((basis**2).sum(axis=1), 1.0)
    free = 1.0 - leverage
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt((rest**2 / np.where(free > 1e-9, free, np.nan)).sum(axis=1))
    return Mean(rows @ weight, error)
