"""What a set of pairs says about an effect: size, spread, how sure, and when to say nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

CONFIDENCE = 0.90

NO_EFFECT = "no clear effect"
FALL = "clear fall"
RISE = "clear rise"


@dataclass(frozen=True)
class PairedEffect:
    """The paired effect e_r = policy_r − baseline_r over n pairs, in the unit of the measure.

    Attributes
    ----------
    baseline_median, policy_median : float
        Medians of the two sides.
    median, p05, p95 : float
        Quantiles of e: where single worlds lie.
    mean : float
        ē = Σ e_r / n.
    standard_error : float
        s / √n with s² = Σ (e_r − ē)² / (n − 1): the Monte Carlo error of the mean.
    mean_low, mean_high : float
        90 % interval of the mean, ē ± t(0.95; n − 1) · s / √n.
    median_error : float
        Monte Carlo error of the median: half the distance between the quantiles ½ ± ½/√n of e,
        one standard error of the binomial count below the true median.
    relative, relative_median : float
        ē / mean baseline, and the median over pairs of e_r / baseline_r.
    pairs, pairs_down : int
        Pairs in which both sides are known, and those of them with e_r < 0.
    variance_ratio : float
        (Var baseline + Var policy) / Var e: how many times more unpaired runs would be needed.
        Infinite if e never varies but a side does; NaN if nothing varies.
    """

    baseline_median: float
    policy_median: float
    median: float
    p05: float
    p95: float
    mean: float
    standard_error: float
    mean_low: float
    mean_high: float
    median_error: float
    relative: float
    relative_median: float
    pairs: int
    pairs_down: int
    variance_ratio: float

    @property
    def share_down(self) -> float:
        """Share of the pairs in which the measure fell."""
        return self.pairs_down / self.pairs if self.pairs else np.nan

    @property
    def verdict(self) -> str:
        """Clear fall or rise if the interval of the mean leaves out 0, else no clear effect."""
        if self.mean_high < 0.0:
            return FALL
        if self.mean_low > 0.0:
            return RISE
        return NO_EFFECT  # also when one pair leaves the interval unknown


def paired_effect(baseline: Any, policy: Any) -> PairedEffect:
    """Return the paired effect of a policy on one measure.

    Parameters
    ----------
    baseline, policy : array_like, shape (n,)
        The measure of each pair without and with the policy; pairs in which either is NaN or
        infinite (a share of nothing, say) are left out and not counted.

    Returns
    -------
    PairedEffect
        All NaN, with no pairs, if no pair is left.

    Notes
    -----
    Parameters come from a Sobol sequence, which spreads them more evenly than independent draws:
    the intervals, which assume independence, are if anything too wide.
    """
    baseline, policy = np.asarray(baseline, dtype=float), np.asarray(policy, dtype=float)
    known = np.isfinite(baseline) & np.isfinite(policy)
    baseline, policy = baseline[known], policy[known]
    effect = policy - baseline
    pairs = effect.size
    if pairs == 0:
        nothing: dict[str, Any] = dict.fromkeys((field.name for field in fields(PairedEffect)), np.nan)
        return PairedEffect(**nothing | {"pairs": 0, "pairs_down": 0})
    p05, median, p95 = np.quantile(effect, [0.05, 0.5, 0.95])
    mean = effect.mean()
    error, half_width = mean_error(effect)
    below, above = np.quantile(effect, [0.5 - 0.5 / np.sqrt(pairs), 0.5 + 0.5 / np.sqrt(pairs)])
    nonzero = baseline != 0.0
    return PairedEffect(
        baseline_median=float(np.median(baseline)),
        policy_median=float(np.median(policy)),
        median=float(median),
        p05=float(p05),
        p95=float(p95),
        mean=float(mean),
        standard_error=error,
        mean_low=float(mean - half_width),
        mean_high=float(mean + half_width),
        median_error=float(above - below) / 2.0 if pairs > 1 else np.nan,
        relative=float(mean / baseline.mean()) if baseline.mean() != 0.0 else np.nan,
        relative_median=float(np.median(effect[nonzero] / baseline[nonzero])) if nonzero.any() else np.nan,
        pairs=pairs,
        pairs_down=int((effect < 0.0).sum()),
        variance_ratio=variance_ratio(baseline, policy),
    )


class Interval(NamedTuple):
    """A mean over pairs and the ends of its 90 % t interval."""

    mean: float
    low: float
    high: float


def mean_interval(values: Any) -> Interval:
    """Return the mean of the values of all pairs with its interval; the ends are NaN below two values."""
    values = np.asarray(values, dtype=float)
    mean, half_width = float(values.mean()), mean_error(values)[1]
    return Interval(mean, mean - half_width, mean + half_width)


def mean_error(values: np.ndarray) -> tuple[float, float]:
    """Return the standard error of a mean and the half width of its 90 % t interval; NaN below two values."""
    if values.size < 2:
        return np.nan, np.nan
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    return error, student_t(values.size) * error


def student_t(count: int) -> float:
    """Return the t quantile of a 90 % two-sided interval of a mean of `count` values, at least 2."""
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, 0.5 + CONFIDENCE / 2.0))


def variance_ratio(baseline: np.ndarray, policy: np.ndarray) -> float:
    """Return (Var baseline + Var policy) / Var effect; see `PairedEffect` for 0 in the denominator."""
    if baseline.size < 2:
        return np.nan
    unpaired = float(baseline.var(ddof=1) + policy.var(ddof=1))
    paired = float((policy - baseline).var(ddof=1))
    if paired > 0.0:
        return unpaired / paired
    return np.inf if unpaired > 0.0 else np.nan
