"""The quick estimate as tables: what every lever does at every strength, and every two together.

The emulator's mean is f(x) . a with curves of single levers and products of every two, so over a grid of strengths it
is a sum of cells. A search then adds and subtracts cells and never makes a feature again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from supplysim.emulator.predict import CLOSED, Emulator, features
from supplysim.experiment.effects import WINDOW

CLOSE = "close_country"


def typed(lever: str) -> str:
    """Return a lever of the emulator as the command line and the cost curves name it."""
    return f"{lever}:{CLOSED}" if lever == CLOSE else lever


@dataclass(frozen=True, eq=False)
class Cells:
    """The mean change of one output over a grid, relative to the mean of the baseline.

    Attributes
    ----------
    alone : ndarray, shape (levers, strengths)
        Of a lever by itself; 0 at the first strength, which is none.
    together : ndarray, shape (levers, levers)
        What is added for every two, times `bent` of both strengths; symmetric, 0 on the diagonal.
    bent : ndarray, shape (strengths,)
    """

    alone: np.ndarray
    together: np.ndarray
    bent: np.ndarray

    def of(self, packages: np.ndarray) -> np.ndarray:
        """Return the change of packages, (n, levers) places on the grid -> shape (n,)."""
        levers = np.arange(self.alone.shape[0])
        bent = self.bent[packages]
        return self.alone[levers, packages].sum(axis=1) + 0.5 * ((bent @ self.together) * bent).sum(axis=1)


def cells(known: Emulator, measure: str, levers: Sequence[str], grid: np.ndarray) -> Cells:
    """Return a measure over the window in cells, for some levers of the emulator over a grid of strengths."""
    place = column(known, measure)
    coefficients = known.arrays["mean"][:, place] * known.arrays["scale"][place] / known.arrays["base_mean"][place]
    own = [known.levers.index(name) for name in levers]
    count, strengths = len(known.levers), len(grid)
    single = np.zeros((len(own) * strengths, count))
    for row, (lever, strength) in enumerate((lever, strength) for lever in own for strength in grid):
        single[row, lever] = strength
    none = np.zeros(sum(len(state.values) - 1 for state in known.states))  # the world as it is drawn
    alone = features(single, np.broadcast_to(none, (len(single), len(none)))) @ coefficients
    first, second = np.triu_indices(count, k=1)
    products = np.zeros((count, count))
    products[first, second] = products[second, first] = coefficients[2 * count : 2 * count + len(first)]
    steep = features(np.array([[strength] + [0.0] * (count - 1) for strength in grid]))[:, count]
    return Cells(alone.reshape(len(own), strengths), products[np.ix_(own, own)], steep)


def column(known: Emulator, measure: str) -> int:
    """Return the place of a measure over the window among the emulator's outputs."""
    series = len(known.series) * (known.arrays["base_series"].shape[1] - known.first_quarter)
    spans = [*(year for year in known.years if year >= known.policy_year), WINDOW]
    return series + known.measures.index(measure) * len(spans) + len(spans) - 1
