"""What is known of each pair explains part of its effect; what is left over is what an interval has to span.

The headline of an effect is R = ē / b̄, mean effect over mean baseline. Its error is that of the mean of the rest
u = e − R b, over b̄. Much of what u varies by is no chance: the parameters of each pair are known. A prediction ĝ of u
from them, made for each pair by pairs that leave it out, shrunk by the share λ of it that holds up, is taken off
(control variates with estimated coefficients: Owen 2013, Monte Carlo theory, methods and examples, ch. 8; Lin 2013,
Ann. Appl. Stat. 7, 295; cross-fitting: Chernozhukov et al. 2018, Econom. J. 21, C1).

The first points of a design are so even that the plain R has the small error already, and only its interval was too
wide; of other points the mean of ĝ differs from that over all worlds, and R is corrected by the difference.
docs/decisions/0017 has what was tried, and the coverage measured.
"""

from __future__ import annotations

from functools import cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

FOLDS = 5
FEWEST = 24  # pairs; of fewer, a prediction costs more than it tells
LEAST = 0.15  # share of a prediction that must hold up, or nothing is taken off
PENALTIES = np.logspace(-1.0, 4.0, 11)  # of ridge regression, tried in each fold
UNEVEN = 1.05  # times the interval where the prediction moves the estimate: it restores the coverage of 90 %
POPULATION = 4096  # points that stand for all worlds


class Fold(NamedTuple):
    """The pairs of one fold, and the features of all others along their singular vectors.

    Attributes
    ----------
    here, there : ndarray of bool, shape (pairs,)
        The pairs to predict, and those that predict.
    left, singular : ndarray, shapes (pairs there, k) and (k,)
        Of the pairs that predict.
    own, elsewhere : ndarray, shapes (pairs here, k) and (points, k)
        Features of the pairs here and of the other points, along the right singular vectors.
    """

    here: np.ndarray
    there: np.ndarray
    left: np.ndarray
    singular: np.ndarray
    own: np.ndarray
    elsewhere: np.ndarray


class Prediction(NamedTuple):
    """Values of each row in every pair, shape (rows, pairs), and at other points, shape (rows, points)."""

    pairs: np.ndarray
    elsewhere: np.ndarray


class Ridge:
    """Ridge regression of many rows on the same features, each pair predicted by the folds that leave it out.

    Before the penalty, features weigh by their correlation with `guide` among the predicting pairs: a few of some
    forty parameters carry most of an effect. The penalty of each row is that of least generalised cross-validation
    (Golub, Heath and Wahba 1979, Technometrics 21, 215). One decomposition a fold serves all rows.

    Parameters
    ----------
    features : ndarray, shape (pairs, features)
    guide : ndarray, shape (pairs,)
    fold : ndarray of int, shape (pairs,)
    elsewhere : ndarray, shape (points, features)
        Other points to predict, by the mean over the folds.
    """

    def __init__(self, features: np.ndarray, guide: np.ndarray, fold: np.ndarray, elsewhere: np.ndarray) -> None:
        self.folds = [self._fold(features, guide, fold == number, elsewhere) for number in range(FOLDS)]

    @staticmethod
    def _fold(features: np.ndarray, guide: np.ndarray, here: np.ndarray, elsewhere: np.ndarray) -> Fold:
        there = ~here
        mean, spread = features[there].mean(axis=0), features[there].std(axis=0)
        spread = np.where(spread > 0.0, spread, 1.0)
        scaled = (features - mean) / spread
        weight = np.abs(scaled[there].T @ (guide[there] - guide[there].mean()))
        size = np.sqrt((weight**2).mean())
        weight = weight / size if size > 0.0 else np.ones_like(weight)
        left, singular, right = np.linalg.svd(scaled[there] * weight, full_matrices=False)
        turn = right.T * weight[:, None]
        return Fold(here, there, left, singular, scaled[here] @ turn, ((elsewhere - mean) / spread) @ turn)

    def predict(self, rows: np.ndarray) -> Prediction:
        """Return the prediction of rows, shape (rows, pairs)."""
        pairs, elsewhere = np.empty_like(rows), np.zeros((len(rows), len(self.folds[0].elsewhere)))
        for fold in self.folds:
            mean = rows[:, fold.there].mean(axis=1, keepdims=True)
            target = rows[:, fold.there] - mean
            turned = target @ fold.left
            kept = fold.singular[:, None] ** 2 / (fold.singular[:, None] ** 2 + PENALTIES)  # (k, penalties)
            unexplained = (target**2).sum(axis=1)[:, None] - turned**2 @ (2.0 * kept - kept**2)
            freedom = target.shape[1] - 1.0 - kept.sum(axis=0)
            score = unexplained / np.where(freedom > 1.0, freedom, 1e-9) ** 2
            shrunk = kept[:, np.argmin(score, axis=1)].T / np.maximum(fold.singular, 1e-12) * turned
            pairs[:, fold.here] = mean + shrunk @ fold.own.T
            elsewhere += (mean + shrunk @ fold.elsewhere.T) / len(self.folds)
        return Prediction(pairs, elsewhere)


class Known:
    """What is known of the pairs of a comparison.

    Parameters
    ----------
    draws : ndarray, shape (pairs, parameters)
        Parameters count by their ranks alone, so neither their units nor their priors matter.
    level : ndarray, shape (pairs,)
        The baseline's own level: what is regressed is the level that the parameters lead to expect.
    population : ndarray, shape (points, parameters), optional
        Points that stand for all worlds; without them the draws do, being even themselves.
    """

    def __init__(self, draws: np.ndarray, level: np.ndarray, population: np.ndarray | None = None) -> None:
        self.even = population is None
        varying = (draws != draws[:1]).any(axis=0) if draws.size else np.zeros(draws.shape[1], dtype=bool)
        self.draws, self.level = draws[:, varying], level
        self.population = self.draws if population is None else population[:, varying]

    @property
    def enough(self) -> bool:
        """Whether there is anything to regress on, and pairs enough to do it."""
        return len(self.draws) >= FEWEST and self.draws.shape[1] > 0 and bool(np.isfinite(self.level).all())

    @cached_property
    def fold(self) -> np.ndarray:
        """Fold of each pair, shape (pairs,): by its parameters, so that the order of the pairs does not matter."""
        fold = np.empty(len(self.draws), dtype=int)
        fold[np.lexsort(self.draws.T)] = np.arange(len(fold)) % FOLDS
        return fold

    @cached_property
    def features(self) -> tuple[np.ndarray, np.ndarray]:
        """What an effect is regressed on, shape (pairs, features), and its mean over all worlds.

        Normal scores of the parameters, their squares, the expected level, the square of its logarithm, and the
        products of scores and level: an effect is about a share of the level, and the share hangs on parameters.
        """
        own, worlds = (normal_scores(points, self.population) for points in (self.draws, self.population))
        own, worlds = (np.hstack([scores, scores**2]) for scores in (own, worlds))
        size = np.log(np.maximum(self.level, 1.0))
        found = Ridge(own, size, self.fold, worlds[:0] if self.even else worlds).predict(size[None, :])
        middle = found.pairs.mean()
        made = _with_level(own, found.pairs[0] - middle)
        return made, (made if self.even else _with_level(worlds, found.elsewhere[0] - middle)).mean(axis=0)


def _with_level(own: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return scores and squares with the expected level, from its logarithm about the mean, shape (points,)."""
    level = np.exp(size)[:, None]
    return np.hstack([own, level, size[:, None] ** 2, own[:, : own.shape[1] // 2] * level])


def normal_scores(points: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return the normal scores of points by their ranks among others, equal values in the middle of theirs."""
    size = len(among)
    shares = (np.arange(2 * size + 1) / 2.0).clip(0.5, size - 0.5) / size
    of_rank = np.array([NormalDist().inv_cdf(share) for share in shares])  # ranks are whole or half; spares SciPy
    scores = np.empty(points.shape)
    for column in range(points.shape[1]):
        ordered = np.sort(among[:, column])
        below, upto = (np.searchsorted(ordered, points[:, column], side) for side in ("left", "right"))
        scores[:, column] = of_rank[below + upto]
    return scores


class Adjusted(NamedTuple):
    """The rest of each row after what is known was taken off.

    Attributes
    ----------
    rest : ndarray, shape (rows, pairs)
    correction : ndarray, shape (rows,)
        To add to the mean of the rest as it was.
    wider : ndarray, shape (rows,)
        Times the interval.
    """

    rest: np.ndarray
    correction: np.ndarray
    wider: np.ndarray


class Adjustment:
    """Takes off what is known of the pairs from effects of one policy.

    Parameters
    ----------
    known : Known
    effect : ndarray, shape (pairs,)
        The effect that tells which parameters weigh how much: that on deliveries. Other effects of the policy hang
        on much the same.
    """

    def __init__(self, known: Known, effect: np.ndarray) -> None:
        self.known, self.effect = known, effect

    @cached_property
    def ridge(self) -> Ridge:
        """The regression that serves all effects of the policy."""
        own, worlds = self.known.features
        level = self.known.level
        mean = level.mean()
        rest = self.effect - (self.effect.mean() / mean if mean else 0.0) * level
        return Ridge(own, rest, self.known.fold, worlds[None, :])

    def of(self, rest: np.ndarray) -> Adjusted:
        """Return rows of u = e − R b, shape (rows, pairs), without what is known; as they are if too little is."""
        nothing = np.zeros(len(rest))
        if not (self.known.enough and np.isfinite(self.effect).all()):
            return Adjusted(rest, nothing, nothing + 1.0)
        guess = self.ridge.predict(rest)
        middle = guess.pairs.mean(axis=1)
        apart = guess.pairs - middle[:, None]
        square = (apart**2).sum(axis=1)
        share = np.divide((rest * apart).sum(axis=1), square, out=np.zeros(len(rest)), where=square > 0.0)
        share = np.where(share < LEAST, 0.0, np.minimum(share, 1.0))
        pairs = rest.shape[1]
        correction = nothing if self.known.even else share * (guess.elsewhere[:, 0] - middle)
        wider = np.where(
            share > 0.0, np.sqrt((pairs - 1.0) / (pairs - 2.0)) * (1.0 if self.known.even else UNEVEN), 1.0
        )
        return Adjusted(rest - share[:, None] * apart, correction, wider)
