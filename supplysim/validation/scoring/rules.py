"""Scoring rules of a prediction that is a set of draws: CRPS and log score, the less the better.

Both are proper: nobody gains in the mean by saying another distribution than he believes (Gneiting and Raftery 2007,
J. Am. Stat. Assoc. 102, 359). docs/decisions/0020 says why these, what is weak in each, and how far 64, 256 and 1,024
draws leave them uncertain. Rivals are scored by the same functions.
"""

from __future__ import annotations

import numpy as np
from scipy import special

AMOUNT, COUNT = "amount", "count"  # what is measured on a scale without end, and what happens so many times
ENDS = (0.05, 0.5, 0.95)


def crps(draws: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return the continuous ranked probability score of each outcome, shape as `outcome`, in the unit of the draws.

    Mean |X - y| less half the mean |X - X'| over all pairs of draws, each with itself too: the exact score of the
    distribution that has these draws (Gneiting and Raftery 2007, eq. 21). Of one point it is the distance.

    Parameters
    ----------
    draws : ndarray, shape (draws,)
    outcome : ndarray
    """
    ordered = np.sort(np.asarray(draws, dtype=float))
    at, size = np.asarray(outcome, dtype=float), ordered.size
    running = np.concatenate([[0.0], np.cumsum(ordered)])
    below = np.searchsorted(ordered, at, side="right")
    distance = (at * (2.0 * below - size) + running[-1] - 2.0 * running[below]) / size
    places = 2.0 * np.arange(1, size + 1) - size - 1.0
    return distance - float(places @ ordered) / size**2


def log_score(draws: np.ndarray, outcome: np.ndarray, kind: str) -> np.ndarray:
    """Return minus the log of the density at each outcome, in nats, shape as `outcome`; NaN if all draws are equal.

    The density is that of a standard family with the moments of the draws. An *amount* is lognormal, with the share of
    draws that are zero as a mass at zero; its density is that of the logarithm of the amount, so that the score has no
    unit. A *count* is negative binomial, or Poisson where the draws vary no more than that; its density is the
    probability of the number.
    """
    drawn, at = np.asarray(draws, dtype=float), np.asarray(outcome, dtype=float)
    if np.ptp(drawn) == 0.0:
        return np.full(at.shape, np.nan)
    return _of_count(drawn, at) if kind == COUNT else _of_amount(drawn, at)


def _of_count(draws: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the score of a negative binomial, or of a Poisson; by `scipy.special`, as `scipy.stats` loads slowly."""
    mean, variance = draws.mean(), draws.var(ddof=1)
    number = np.rint(at)
    if variance <= mean:
        return mean - special.xlogy(number, mean) + special.gammaln(number + 1.0)
    size, share = mean**2 / (variance - mean), mean / variance
    ways = special.gammaln(number + size) - special.gammaln(number + 1.0) - special.gammaln(size)
    return -(ways + size * np.log(share) + special.xlog1py(number, -share))


def _of_amount(draws: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the score of a mass at zero and a lognormal beyond; half a draw more of each than were drawn."""
    positive = draws[draws > 0.0]
    some = (positive.size + 0.5) / (draws.size + 1.0) if positive.size < draws.size else 1.0
    found = np.full(at.shape, np.inf if some == 1.0 else -np.log(1.0 - some))
    if positive.size < 2 or np.ptp(positive) == 0.0:
        return np.where(at > 0.0, np.nan, found)
    logs = np.log(positive)
    spread = logs.std(ddof=1)
    away = (np.log(at[at > 0.0]) - logs.mean()) / spread
    found[at > 0.0] = 0.5 * away**2 + np.log(spread) + 0.5 * np.log(2.0 * np.pi) - np.log(some)
    return found


def interval(draws: np.ndarray) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % quantile of the draws."""
    low, middle, high = np.quantile(draws, ENDS)
    return float(low), float(middle), float(high)


def points_between(low: float, high: float, points: int, middle: float | None = None) -> np.ndarray:
    """Return points of equal probability of what is known by its 5 and 95 %, and by its median if it is given.

    Lognormal; normal, and nothing below zero, where the low end is zero. With a median each half has its own spread, so
    that all three numbers are met.

    Returns
    -------
    ndarray, shape (points,)
        Ascending.
    """
    at = special.ndtri((np.arange(points) + 0.5) / points) / special.ndtri(ENDS[-1])  # in half intervals
    if low > 0.0:
        centre = np.sqrt(low * high) if middle is None else middle
        return centre * np.exp(at * np.log(np.where(at < 0.0, centre / low, high / centre)))
    centre = 0.5 * (low + high) if middle is None else middle
    return np.maximum(centre + at * np.where(at < 0.0, centre - low, high - centre), 0.0)
