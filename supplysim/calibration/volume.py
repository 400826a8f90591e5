"""How many chips were smuggled in 2024, as a distribution: the published mixture, rebuilt, and cut into cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from supplysim.calibration.targets import NINETY
from supplysim.calibration.weighted import effective_size
from supplysim.report.published import number

DRAWS = 1 << 20
SEED = 2024
MONTHS = 12
NOISE = (1e2, 2e6)  # chips; the published "framework wrong" part has no stated shape (Q039): log-uniform over this
CELLS = 40
COARSE = 20  # cells while populations are being proposed: each must hold runs


def mixture(draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Return draws of chips smuggled in 2024 from the published mixture (CNAS 2025, appendix), shape (draws,).

    Small sellers: vendors (lognormal through the 90 % interval of Q031) times chips a month (log-uniform
    over the range of Q032) times 12, in 95 % of draws. In 20 of these 95 (Q038), bulk fronts besides:
    fronts (log-uniform, Q034) times chips a year (log-uniform, Q035) times the share diverted (uniform,
    Q036). In 5 % the framework is wrong (Q039). Ranges are read as log-uniform because the source gives
    ends and no shape; that gives 60 % above 100,000 chips, as the source's own appendix does (Q002).
    """
    rng = np.random.default_rng(seed)

    def between(low: float, high: float) -> np.ndarray:
        return low * (high / low) ** rng.random(draws)

    def over(identity: str) -> tuple[float, float]:
        return number(identity, "low"), number(identity, "high")

    low, high = over("Q031")
    spread = np.log(high / low) / 2 / NINETY
    vendors = np.sqrt(low * high) * np.exp(spread * rng.standard_normal(draws))
    small = vendors * between(*over("Q032")) * MONTHS
    kept, all_of_it = over("Q036")
    bulk = between(*over("Q034")) * between(*over("Q035")) * rng.uniform(kept, all_of_it, draws)
    wrong = between(*NOISE)
    case = rng.random(draws)
    only_small, both = number("Q037", "central"), number("Q038", "central")
    return np.where(case < only_small, small, np.where(case < only_small + both, small + bulk, wrong))


@dataclass(frozen=True)
class Partition:
    """Cells of a quantity and the probability of each: what Jeffrey's rule conditions on.

    Attributes
    ----------
    edges : ndarray, shape (cells - 1,)
        Ascending inner edges.
    probability : ndarray, shape (cells,)
    """

    edges: np.ndarray
    probability: np.ndarray

    def cell(self, found: np.ndarray) -> np.ndarray:
        """Return the cell of each value."""
        return np.searchsorted(self.edges, found, side="right")

    def reweighted(self, found: np.ndarray, weight: np.ndarray, supported: float = 0.0) -> np.ndarray:
        """Return weights, summing to 1, that give each cell its probability and keep the ratios within cells.

        Jeffrey's rule: p(θ) = Σ_k q_k p(θ | cell k). The probability of a cell with no weight, or with
        fewer effective runs than `supported` (or than the best cell), goes to its nearest neighbour that has them.
        """
        cell = self.cell(found)
        mass = np.bincount(cell, weights=weight, minlength=self.probability.size)
        runs = np.array([effective_size(weight[cell == at]) for at in range(self.probability.size)])
        filled = np.flatnonzero((mass > 0.0) & (runs >= min(supported, runs.max())))
        if filled.size == 0:
            raise ValueError("no run has any weight under the targets; widen the priors or the targets")
        # A cell without support is joined with the neighbour, so its runs keep what they are worth there.
        joined = np.array([filled[np.argmin(np.abs(filled - at))] for at in range(self.probability.size)])
        wanted = np.bincount(joined, weights=self.probability, minlength=self.probability.size)
        held = np.bincount(joined, weights=mass, minlength=self.probability.size)
        return weight * np.divide(wanted, held, out=np.zeros_like(held), where=held > 0.0)[joined[cell]]


@cache
def published(cells: int = CELLS) -> Partition:
    """Return the published volume in cells of equal probability."""
    return Partition(np.quantile(mixture(), np.arange(1, cells) / cells), np.full(cells, 1.0 / cells))
