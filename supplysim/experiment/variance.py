"""How much of the spread between worlds comes from parameters nobody knows, and how much from chance alone.

A few parameter draws are run again under another seed: what differs within such a group is chance. This
nested design gives the expected variance over seeds without bias, even where chance matters more under some
parameters than others; the rest of the variance over all pairs belongs to the parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

APART = 2**32  # from the seed of a pair to the seed of its replicate: no comparison has as many pairs
SEEDS = 2**63
FEWEST = 8  # replicates; fewer would leave the split unknown
ONE_IN = 8  # pairs that get a replicate unless told otherwise


@dataclass(frozen=True)
class VarianceSplit:
    """Variance of a number over pairs, and its parts.

    Attributes
    ----------
    total : float
        Variance over pairs.
    seeds : float
        Expected variance over seeds at fixed parameters: the mean of the groups' variances.
    seeds_share, parameters_share : float
        seeds / total, at most 1, and the rest. NaN if nothing varies or no draw was repeated.
    error : float
        Standard error of either share: that of both variances, propagated.
    groups : int
        Parameter draws that were repeated.
    """

    total: float
    seeds: float
    seeds_share: float
    parameters_share: float
    error: float
    groups: int


def replicates_of(pairs: int, mode: str) -> int:
    """Return how many of the first draws to repeat: one in eight, at least eight; none if parameters are fixed."""
    return 0 if mode == "central" else min(pairs, max(FEWEST, pairs // ONE_IN))


def replicate_seed(seed: int) -> int:
    """Return the seed of the replicate of a pair."""
    return (seed + APART) % SEEDS


def split(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> VarianceSplit:
    """Return the split of the variance of a number.

    Parameters
    ----------
    values : ndarray, shape (pairs,)
        The number in every pair.
    first, second : ndarray, shape (groups,)
        The number at some parameter draws under two seeds each.
    """
    within = (first - second) ** 2 / 2.0
    groups = within.size
    total = float(values.var(ddof=1)) if values.size > 1 else np.nan
    seeds = float(within.mean()) if groups else np.nan
    if not (groups > 1 and total > 0.0):
        return VarianceSplit(total, seeds, np.nan, np.nan, np.nan, groups)
    share = seeds / total
    fourth = float(((values - values.mean()) ** 4).mean())
    total_error = np.sqrt(max(fourth - total**2, 0.0) / values.size) / total
    seeds_error = within.std(ddof=1) / np.sqrt(groups) / seeds if seeds > 0.0 else 0.0
    share_error = float(share * np.hypot(seeds_error, total_error))
    share = min(share, 1.0)
    return VarianceSplit(total, seeds, share, 1.0 - share, share_error, groups)
