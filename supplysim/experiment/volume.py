"""For whom an effect is true: the mean, the median world, and the thirds of worlds by how much there is to prevent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 12  # worlds; thirds of fewer say nothing
APART = 0.05  # between thirds, medians and the ratio of means: less is not worth a word
APART_SHARE = 0.5  # of the effect itself


@dataclass(frozen=True)
class ByVolume:
    """Relative changes of one measure under one policy, by several statistics.

    Attributes
    ----------
    ratio : float
        Mean effect over mean baseline: large worlds weigh more.
    median : float
        Relative change of the median world: all weigh alike.
    low, middle, high : float
        Ratio of means in the third of the worlds with the fewest chips delivered as things stand, the middle third,
        and the third with the most. NaN below `FEWEST` worlds.
    share_down : float
        Share of the worlds in which the measure falls.
    worlds, left_out : int
        Worlds that tell, and those left out since there is nothing to take a share of.
    """

    ratio: float
    median: float
    low: float
    middle: float
    high: float
    share_down: float
    worlds: int
    left_out: int

    @property
    def apart(self) -> bool:
        """Whether the statistics differ so much that one of them alone would mislead."""
        found = np.array([self.ratio, self.median, self.low, self.middle, self.high])
        if not np.isfinite(found).all():
            return False
        return float(np.ptp(found)) > max(APART, APART_SHARE * abs(self.ratio))


def by_volume(baseline: np.ndarray, policy: np.ndarray, volume: np.ndarray) -> ByVolume:
    """Return the statistics of a measure.

    Parameters
    ----------
    baseline, policy : ndarray, shape (worlds,)
        The measure without and with the policy.
    volume : ndarray, shape (worlds,)
        Chips delivered as things stand, by which worlds are put into thirds.
    """
    known = np.isfinite(baseline) & np.isfinite(policy) & (baseline != 0.0)
    level, effect, size = baseline[known], (policy - baseline)[known], volume[known]
    worlds, left_out = int(known.sum()), int((~known).sum())
    if not worlds:
        return ByVolume(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, worlds, left_out)
    low = middle = high = np.nan
    if worlds >= FEWEST:
        thirds = np.array_split(np.argsort(size, kind="stable"), 3)
        low, middle, high = (float(effect[third].sum() / level[third].sum()) for third in thirds)
    ratio, median = float(effect.sum() / level.sum()), float(np.median(effect / level))
    return ByVolume(ratio, median, low, middle, high, float((effect < 0.0).mean()), worlds, left_out)
