"""Which parameters go with what is found: rank correlations over pairs, the strongest first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim.experiment.arms import acting
from supplysim.experiment.state_draws import of_no_state
from supplysim.experiment.statistics import CONFIDENCE
from supplysim.run import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.comparison import Comparison

MEASURE = "delivered"  # what drivers are about
FEWEST = 8  # pairs; the interval of fewer spans nearly everything
RANKS = 1.06
ALIKE = 0.5  # correlation from which on one parameter may stand for another


@dataclass(frozen=True)
class Driver:
    """How one parameter goes with deliveries as it stands (``"baseline"``), or with a policy's relative effect.

    Attributes
    ----------
    policy, parameter : str
    correlation, low, high : float
        Rank correlation over pairs, and the ends of its 90 % interval.
    matters : bool
        Whether chance among all parameters would hardly bring it about.
    """

    policy: str
    parameter: str
    correlation: float
    low: float
    high: float
    matters: bool


def drivers(comparison: Comparison) -> list[Driver]:
    """Return one entry a policy, baseline first, and parameter, strongest first; none for few or fixed draws.

    Spearman's rank correlation over pairs with its 90 % interval (Fisher's, with the variance 1.06 / (n − 3) of
    ranks; Fieller, Hartley and Pearson 1957). Among many parameters some correlate by chance, so one is held to
    matter only if so strong a correlation with any of them would come up by chance in one comparison of ten
    (Bonferroni). With few pairs some go together by chance, so the strongest is taken first, then the strongest of what
    it leaves unexplained, and so on. Settings of levers that are not in force cannot matter and are left out.
    """
    draws = [comparison.draws[pair[0].pair] for pair in comparison.runs]
    free = of_no_state(draws, comparison.scenario.states)
    names = [name for name in free if len({draw[name] for draw in draws}) > 1]
    if len(draws) < FEWEST or not names:
        return []
    parameters = ranks(np.array([[draw[name] for draw in draws] for name in names]))
    level = comparison.values(BASELINE, MEASURE, comparison.window)
    found = []
    for arm in (BASELINE, *comparison.arms):
        mine = acting(names, (*comparison.scenario.policies, *comparison.arms.get(arm, ())))
        own = parameters[[names.index(name) for name in mine]]
        values = level
        if arm != BASELINE:
            effect = comparison.values(arm, MEASURE, comparison.window) - level
            values = np.divide(effect, level, out=np.zeros_like(effect), where=level != 0.0)
        rank = ranks(values[None, :])[0]
        correlations, chosen = _correlations(own, rank), {one.place for one in strongest(own, rank)}
        each = [
            _driver(arm, name, value, len(draws), place in chosen)
            for place, (name, value) in enumerate(zip(mine, correlations, strict=True))
        ]
        found += sorted(each, key=lambda one: -abs(one.correlation))
    return found


def drivers_table(comparison: Comparison) -> pd.DataFrame:
    """Return the drivers as one row each; columns of ``drivers.csv``."""
    import pandas as pd

    return pd.DataFrame([asdict(one) for one in drivers(comparison)], columns=list(Driver.__annotations__))


def _driver(arm: str, name: str, correlation: float, pairs: int, matters: bool) -> Driver:
    middle, half = np.arctanh(np.clip(correlation, -0.999999, 0.999999)), _bar(pairs, 1)
    return Driver(arm, name, float(correlation), float(np.tanh(middle - half)), float(np.tanh(middle + half)), matters)


def _bar(pairs: int, tried: int) -> float:
    """Return the transformed correlation that chance exceeds with any of `tried` parameters one time in ten."""
    return NormalDist().inv_cdf(1.0 - (1.0 - CONFIDENCE) / 2.0 / tried) * np.sqrt(RANKS / (pairs - 3))


class Found(NamedTuple):
    """A parameter that goes with something.

    Attributes
    ----------
    place : int
        Of the parameter.
    clear : bool
        Whether chance among all parameters would hardly bring it about.
    instead : int or None
        Another one whose draws go along with it here, and which explains as much as far as so few worlds tell.
    """

    place: int
    clear: bool
    instead: int | None


def strongest(parameters: np.ndarray, rank: np.ndarray, shown: int = 0) -> list[Found]:
    """Return the parameters in the order of what each explains of what those before it leave unexplained.

    Parameters
    ----------
    parameters : ndarray, shape (parameters, pairs)
        Their `ranks`.
    rank : ndarray, shape (pairs,)
        Ranks of what is explained.
    shown : int
        So many are returned at least, also those that chance may have brought about.
    """
    tried, pairs = parameters.shape
    found: list[Found] = []
    rest, left = parameters.copy(), rank.copy()
    while len(found) < tried and pairs - len(found) >= FEWEST:
        correlations = _correlations(rest, left)
        correlations[[one.place for one in found]] = 0.0
        sizes = np.abs(np.arctanh(np.clip(correlations, -0.999999, 0.999999)))
        first = int(np.argmax(sizes))
        clear = bool(sizes[first] > _bar(pairs - len(found), tried))
        if not clear and len(found) >= shown:
            break
        length = np.sqrt(rest[first] @ rest[first])
        if length < 1e-9:
            break
        along = np.abs(_correlations(rest, rest[first]))
        apart = _bar(pairs - len(found), 1) * _spread(np.abs(correlations[first]), np.abs(correlations), along)
        alike = (along >= ALIKE) & (sizes[first] - sizes <= apart)
        alike[[first, *(one.place for one in found)]] = False
        instead = int(np.argmax(np.where(alike, sizes, -1.0))) if alike.any() else None
        found.append(Found(first, clear, instead))
        axis = rest[first] / length
        rest, left = rest - np.outer(rest @ axis, axis), left - (left @ axis) * axis
    return found


def _spread(first: float, others: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return how far the difference of two correlations with the same thing spreads against one of them, transformed.

    Both are known from the same pairs, and the parameters go along with each other (Dunn and Clark 1969, J. Am. Stat.
    Assoc. 64, 366).
    """
    left = 1.0 - first**2 - others**2
    together = along * left - first * others * (left - along**2) / 2.0
    share = together / np.maximum((1.0 - first**2) * (1.0 - others**2), 1e-12)
    return np.sqrt(2.0 * (1.0 - np.clip(share, -1.0, 1.0)))


def _correlations(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the correlation of each row with the values, all about their means; 0 where something is constant."""
    spread = np.sqrt((rows**2).sum(axis=1) * (values**2).sum())
    return np.divide(rows @ values, spread, out=np.zeros(len(rows)), where=spread > 1e-9)


def ranks(rows: np.ndarray) -> np.ndarray:
    """Return ranks about their mean along rows; equal values share the mean of theirs."""
    found = np.empty(rows.shape)
    for place, row in enumerate(rows):
        _, where, count = np.unique(row, return_inverse=True, return_counts=True)
        found[place] = (np.cumsum(count) - (count - 1) / 2.0)[where]
    return found - found.mean(axis=1, keepdims=True)
