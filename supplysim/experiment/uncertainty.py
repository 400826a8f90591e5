"""How far to trust a comparison: its precision, chance and ignorance, and the best choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.statistics import mean_error
from supplysim.language import gettext_noop
from supplysim.limits import SEEDS
from supplysim.run import Arms

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison
    from supplysim.experiment.statistics import PairedEffect


MEASURE = "delivered"  # what precision and ranking are about


APART = 2**32  # from the seed of a pair to the seed of its replicate: no comparison has as many pairs
FEWEST_REPLICATES = 8  # fewer would leave the split unknown
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
    return 0 if mode == "central" else min(pairs, max(FEWEST_REPLICATES, pairs // ONE_IN))


def replicate_seed(seed: int) -> int:
    """Return the seed of the replicate of a pair."""
    return (seed + APART) % SEEDS


def split(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> VarianceSplit:
    """Return the split of the variance of a number.

    A few parameter draws are run again under another seed: what differs within such a group is chance. This
    nested design gives the expected variance over seeds without bias, even where chance matters more under some
    parameters than others; the rest of the variance over all pairs belongs to the parameters.

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


AS_IT_STANDS = gettext_noop("as it stands")
MORE = (0.0, 0.0, 1.0, 1.0)  # worlds that may yet come: the error of a share is never 0 (Agresti and Coull)


@dataclass(frozen=True)
class Rank:
    """How one choice fares against the others.

    Attributes
    ----------
    policy : str
    probability_best, probability_error : float
        Share of the worlds in which it is best, and its standard error; ties are shared out.
    regret, regret_error : float
        How much more than under the best choice of each world, mean over worlds, and its standard error.
    """

    policy: str
    probability_best: float
    probability_error: float
    regret: float
    regret_error: float


def choices(arms: Arms) -> list[str]:
    """Return the arms whose policies are not those of another arm and more."""
    sets = {arm: frozenset(map(repr, policies)) for arm, policies in arms.items()}
    return [arm for arm, own in sets.items() if not any(other < own for other in sets.values() if other)]


def rank(left: Mapping[str, np.ndarray]) -> list[Rank]:
    """Return the choices from the most often best to the least; then by regret.

    Best means least of what an objective counts, over the window. The choices are the policies that contain no other
    one (a package always beats its parts by more than it tells) and to leave things as they stand.

    Parameters
    ----------
    left : mapping of str to ndarray, shape (rules, pairs)
        What is left of it under each choice, in the same worlds. Rules weigh alike, and pairs are what is
        independent: errors are those of a mean over pairs.
    """
    names = [*left]
    worlds = np.array([left[name] for name in names])
    least = worlds.min(axis=0)
    best = worlds == least
    won = (best / best.sum(axis=0)).mean(axis=1)
    regret = (worlds - least).mean(axis=1)
    ranks = [
        Rank(name, float(w.mean()), mean_error(np.append(w, MORE))[0], float(r.mean()), mean_error(r)[0])
        for name, w, r in zip(names, won, regret, strict=True)
    ]
    return sorted(ranks, key=lambda one: (-one.probability_best, one.regret))


ROUND = 32  # pairs; fewer would say little about their own spread


def next_round(size: int, wide: float, most: int) -> int:
    """Return after how many pairs to look again: as many as the width still to go asks for, at most twice those so far.

    Widths fall with the square root of the pairs, or faster where what is known of them explains more. Whole rounds
    keep the points even, and looking so few times leaves the intervals' coverage as it is (tested).

    Parameters
    ----------
    size : int
        Pairs so far, 0 at the start.
    wide : float
        Their widest half-width over the one that was asked for.
    most : int
        Pairs that may be run.
    """
    wanted = size * min(wide**2, 2.0) if np.isfinite(wide) else 2.0 * size
    return min(most, max(size + ROUND, ROUND * int(np.ceil(wanted / ROUND))))


def half_widths(comparison: Comparison) -> dict[str, float]:
    """Return half the 90 % interval of each arm's relative change in deliveries; NaN of nothing delivered."""
    return {arm: half_width(comparison.effect(arm)) for arm in comparison.arms}


def half_width(effect: PairedEffect) -> float:
    """Return half the 90 % interval of a relative change; NaN if it is unknown, of no change at all 0."""
    return 0.0 if effect.mean_low == effect.mean_high == 0.0 else (effect.relative_high - effect.relative_low) / 2.0


def widest(comparison: Comparison) -> float:
    """Return the largest of the `half_widths`; NaN if one is unknown."""
    return float(np.max([*half_widths(comparison).values()], initial=0.0))
