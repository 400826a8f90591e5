"""The mean outcome along factors: additive splines, smoothed as far as worlds that are left out bear it out.

Every factor is put on the scale of its normal scores, so its unit and prior do not matter, and gets a straight line and
a cubic spline. Ridge regression shrinks both, the bends more than the line, by the penalty with the least generalised
cross-validation (Golub, Heath and Wahba 1979, Technometrics 21, 215). All targets of the same factors are fitted
together, each with a penalty of its own, which makes hundreds of permuted and resampled ones cheap.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from supplysim.decision.library import library
from supplysim.experiment.adjustment import normal_scores

if TYPE_CHECKING:
    from sklearn.preprocessing import SplineTransformer

KNOTS = 5  # of a factor's spline, at its quantiles; degree 3
PENALTIES = np.logspace(-4.0, 1.0, 11)  # times the mean square of a column
BENDS = 0.5  # of a spline against the line: bends are to be shrunk more
DEAR = 1.4  # times each degree of freedom: keeps chance from being fitted (Kim and Gu 2004, J. R. Stat. Soc. B 66, 337)


def spline(scores: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
    """Return line and spline of a factor's normal scores, shape (points, columns), at the worlds or elsewhere.

    Parameters
    ----------
    scores : ndarray, shape (worlds,)
        Place the knots.
    at : ndarray, shape (points,), optional
        Where to evaluate; default: at the worlds themselves.
    """
    points = scores if at is None else at
    ordered = np.sort(scores)
    if np.unique(ordered).size <= KNOTS:  # of so few values a bend is no more than another line
        return points[:, None]
    made = _transformer(ordered.tobytes())
    return np.column_stack([points, BENDS * made.transform(points[:, None])])


@lru_cache(8)
def _transformer(ordered: bytes) -> SplineTransformer:
    """Return what makes the spline of some scores: the same for all factors without equal values."""
    maker = library("sklearn.preprocessing").SplineTransformer
    made = maker(KNOTS, knots="quantile", include_bias=False, extrapolation="linear")
    return made.fit(np.frombuffer(ordered)[:, None])


def scores_of(values: np.ndarray) -> np.ndarray:
    """Return the normal scores of a factor, shape (worlds,)."""
    return normal_scores(values[:, None], values[:, None])[:, 0]


class Smoother:
    """Ridge regression on some columns, of any number of targets.

    Parameters
    ----------
    columns : ndarray, shape (worlds, columns)
    weight : ndarray, shape (worlds,)
        Adding up to 1.
    """

    def __init__(self, columns: np.ndarray, weight: np.ndarray) -> None:
        self.weight = weight
        self.middle = weight @ columns
        self.columns = columns - self.middle
        gram = self.columns.T @ (self.columns * weight[:, None])
        size, vectors = np.linalg.eigh(gram)
        self.size, self.vectors = np.maximum(size, 0.0), vectors
        self.along = self.columns @ vectors  # worlds along the principal directions

    def coefficients(self, targets: np.ndarray) -> np.ndarray:
        """Return the coefficients of the columns, shape (columns, targets).

        Parameters
        ----------
        targets : ndarray, shape (worlds, targets)
        """
        worlds = len(self.weight)
        away = targets - self.weight @ targets
        weighted = away * self.weight[:, None]
        moment = self.along.T @ weighted
        square = np.einsum("wt,wt->t", weighted, away)
        energy = moment**2
        unit = max(float(self.size.sum()) / max(int((self.size > 1e-12).sum()), 1), 1e-12)
        shrink, score = [np.zeros_like(self.size)], [square / (1.0 - DEAR / worlds) ** 2]  # no factor at all: the mean
        for penalty in PENALTIES * unit:
            one = 1.0 / (self.size + penalty)
            free = DEAR * (1.0 + float((self.size * one).sum()))
            if free < worlds - 1.0:
                shrink.append(one)
                score.append((square - (2.0 * one - self.size * one**2) @ energy) / (1.0 - free / worlds) ** 2)
        chosen = np.array(shrink)[np.argmin(score, axis=0)].T
        return self.vectors @ (moment * chosen)

    def fitted(self, targets: np.ndarray) -> np.ndarray:
        """Return the means of targets at the worlds, shape (worlds, targets)."""
        return self.weight @ targets + self.columns @ self.coefficients(targets)

    def at(self, columns: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return the means of targets elsewhere, shape (points, targets), given the columns there."""
        return self.weight @ targets + (columns - self.middle) @ self.coefficients(targets)


def wild(fitted: np.ndarray, targets: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Return resampled targets, shape (worlds, targets, samples): the fit, and what it leaves with signs by chance.

    The wild bootstrap (Wu 1986, Ann. Statist. 14, 1261): factors are even points by design and so stay as they are.

    Parameters
    ----------
    fitted, targets : ndarray, shape (worlds, targets)
    signs : ndarray, shape (worlds, samples)
        1 or -1; all targets of a world share it.
    """
    return fitted[:, :, None] + signs[:, None, :] * (targets - fitted)[:, :, None]
