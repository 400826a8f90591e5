"""What a set of pairs says about an effect: size, spread, how sure, and when to say nothing.

Quantiles of pairs are made here and nowhere else; those of weighted draws, which are another thing, in
`calibration.weighted`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from math import atan2, exp, lgamma, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplysim.language import gettext_noop

if TYPE_CHECKING:
    from supplysim.experiment.adjustment import Adjustment

CONFIDENCE = 0.90
SPAN = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0)  # standard errors that are half of such an interval
NO_SKEWNESS = 1e-6
MOST_STEPS = 12  # of Newton's method: one degree of freedom needs nine

NO_EFFECT = gettext_noop("no clear effect")
FALL = gettext_noop("clear fall")
RISE = gettext_noop("clear rise")


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
        90 % interval of the mean, see `mean_interval`.
    baseline_error, policy_error, median_error, p05_error, p95_error : float
        Monte Carlo errors of the quantiles above, see `quantile_error`.
    relative, relative_median : float
        R = ē / b̄, mean effect over mean baseline, and the median over pairs of e_r / b_r.
    relative_error, relative_low, relative_high : float
        Standard error and 90 % interval of R: those of the mean of e − R b without what the parameters of each pair
        explain of it, over b̄; see `adjustment`. Unknown where b̄ is 0.
    worlds_low, worlds_high : float
        5 % and 95 % quantile of e_r / b_r: where single worlds lie.
    worlds : int
        Pairs with b_r ≠ 0: of nothing there is no share.
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
    baseline_error: float
    policy_error: float
    median_error: float
    p05_error: float
    p95_error: float
    relative: float
    relative_median: float
    relative_error: float
    relative_low: float
    relative_high: float
    worlds_low: float
    worlds_high: float
    worlds: int
    pairs: int
    pairs_down: int
    variance_ratio: float

    @property
    def verdict(self) -> str:
        """Clear fall or rise if the interval leaves out 0, else no clear effect: that of R; of nothing, of the mean."""
        known = np.isfinite(self.relative_low)
        if (self.relative_high if known else self.mean_high) < 0.0:
            return FALL
        if (self.relative_low if known else self.mean_low) > 0.0:
            return RISE
        return NO_EFFECT  # also when one pair leaves the interval unknown


def paired_effect(baseline: Any, policy: Any, adjustment: Adjustment | None = None) -> PairedEffect:
    """Return the paired effect of a policy on one measure.

    Parameters
    ----------
    baseline, policy : array_like, shape (n,)
        The measure of each pair without and with the policy; pairs in which either is NaN or
        infinite (a share of nothing, say) are left out and not counted.
    adjustment : Adjustment, optional
        Takes what is known of the pairs off the error of the relative change, if no pair is left out.

    Returns
    -------
    PairedEffect
        All NaN, with no pairs, if no pair is left.

    Notes
    -----
    Parameters come from even points, which spread each of them more evenly than independent draws:
    the intervals, which assume independence, are if anything too wide.
    """
    baseline, policy = (np.asarray(side, dtype=float)[None, :] for side in (baseline, policy))
    return paired_effects(baseline, policy, adjustment)[0]


def paired_effects(
    baseline: np.ndarray, policy: np.ndarray, adjustment: Adjustment | None = None
) -> list[PairedEffect]:
    """Return the paired effect on many measures, one a row; see `paired_effect`.

    Parameters
    ----------
    baseline, policy : ndarray, shape (measures, n)
    """
    known = np.isfinite(baseline) & np.isfinite(policy)
    complete = known.all(axis=1)
    together = iter(_effects(baseline[complete], policy[complete], adjustment))
    return [
        next(together) if whole else _effects(a[None, here], b[None, here])[0]
        for whole, here, a, b in zip(complete, known, baseline, policy, strict=True)
    ]


def _effects(baseline: np.ndarray, policy: np.ndarray, adjustment: Adjustment | None = None) -> list[PairedEffect]:
    """Return the paired effects of rows in which every pair is known."""
    rows, pairs = baseline.shape
    if pairs == 0:
        nothing: dict[str, Any] = dict.fromkeys((field.name for field in fields(PairedEffect)), np.nan)
        return [PairedEffect(**nothing | {"pairs": 0, "pairs_down": 0, "worlds": 0})] * rows
    effect = policy - baseline
    mean, error, low, high = mean_intervals(effect)
    (p05, median, p95), (p05_error, median_error, p95_error) = quantiles(effect, (0.05, 0.5, 0.95))
    (baseline_median,), (baseline_error,) = quantiles(baseline, (0.5,))
    (policy_median,), (policy_error,) = quantiles(policy, (0.5,))
    relative = relative_changes(baseline, policy, adjustment)
    with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, a share is unknown
        shares = np.where(baseline != 0.0, effect / baseline, np.nan)
    worlds_low, relative_median, worlds_high = known_quantiles(shares.T, (0.05, 0.5, 0.95))
    columns = {
        "baseline_median": baseline_median,
        "policy_median": policy_median,
        "median": median,
        "p05": p05,
        "p95": p95,
        "mean": mean,
        "standard_error": error,
        "mean_low": low,
        "mean_high": high,
        "baseline_error": baseline_error,
        "policy_error": policy_error,
        "median_error": median_error,
        "p05_error": p05_error,
        "p95_error": p95_error,
        "relative": relative.value,
        "relative_median": relative_median,
        "relative_error": relative.error,
        "relative_low": relative.low,
        "relative_high": relative.high,
        "worlds_low": worlds_low,
        "worlds_high": worlds_high,
        "worlds": (baseline != 0.0).sum(axis=1),
        "pairs": np.full(rows, pairs),
        "pairs_down": (effect < 0.0).sum(axis=1),
        "variance_ratio": variance_ratios(baseline, policy),
    }
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [PairedEffect(**dict(zip(columns, row, strict=True))) for row in values]


class Relative(NamedTuple):
    """Relative changes of means, one a row: value, standard error and ends of the 90 % interval, each shape (rows,)."""

    value: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray


def relative_changes(baseline: np.ndarray, policy: np.ndarray, adjustment: Adjustment | None = None) -> Relative:
    """Return mean (policy − baseline) over mean baseline with its error, of rows of pairs; NaN where that is 0.

    Parameters
    ----------
    baseline, policy : ndarray, shape (rows, pairs)
        Finite.
    adjustment : Adjustment, optional
        Takes off what is known of the pairs; without it the error is that of all that varies.
    """
    effect, level = policy - baseline, baseline.mean(axis=1)
    level = np.where(level != 0.0, level, np.nan)
    value = effect.mean(axis=1) / level
    rest = effect - value[:, None] * baseline
    plain = _around(value, rest, np.abs(level))
    known = np.isfinite(rest).all(axis=1)
    if adjustment is None or rest.shape[1] < 2 or not known.any():
        return plain
    found = adjustment.of(rest[known])
    scale = np.abs(level[known])
    sharper = _around(value[known] + found.correction / level[known], found.rest, scale / found.wider)
    better = sharper.high - sharper.low < (plain.high - plain.low)[known]  # a lone far pair can make it the wider one
    place = np.flatnonzero(known)[better]
    for whole, part in zip(plain, sharper, strict=True):
        whole[place] = part[better]
    return plain


def _around(value: np.ndarray, rest: np.ndarray, level: np.ndarray) -> Relative:
    """Return values with the error and the interval of the mean of what is left over, over the level."""
    middle, error, low, high = mean_intervals(rest)
    return Relative(value.copy(), error / level, value + (low - middle) / level, value + (high - middle) / level)


def quantiles(values: np.ndarray, shares: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return quantiles and their Monte Carlo errors, shape (shares, ...), over the last axis; errors are NaN below two.

    The error of the quantile q is half the distance between the quantiles q ± √(q (1 − q) / n): one standard
    error of the binomial count below the true quantile.
    """
    q, count = np.array(shares), values.shape[-1]
    step = np.sqrt(q * (1.0 - q) / count)
    ordered = np.moveaxis(np.sort(values), -1, 0)  # as np.quantile, at a fifth of its time for a few values
    place = np.stack([q, np.maximum(q - step, 0.0), np.minimum(q + step, 1.0)]) * (count - 1)
    low = place.astype(int)
    high = np.minimum(low + 1, count - 1)
    part = (place - low).reshape(*place.shape, *[1] * (values.ndim - 1))
    middle, below, above = ordered[low] + part * (ordered[high] - ordered[low])
    return middle, (above - below) / 2.0 if count > 1 else np.full(middle.shape, np.nan)


def known_quantiles(values: Any, shares: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return quantiles over the first axis, shape (shares, ...), of what is known; NaN where nothing is."""
    ordered = np.sort(np.asarray(values, dtype=float), axis=0)  # NaN sorts last
    known = np.isfinite(ordered).sum(axis=0)
    last = np.maximum(known - 1, 0)
    out = np.full((len(shares), *ordered.shape[1:]), np.nan)
    for row, share in enumerate(shares):
        place = share * last
        below = place.astype(int)
        low = np.take_along_axis(ordered, below[None], axis=0)[0]
        high = np.take_along_axis(ordered, np.minimum(below + 1, last)[None], axis=0)[0]
        out[row] = np.where(known > 0, low + (place - below) * (high - low), np.nan)
    return out


def known_means(values: np.ndarray) -> np.ndarray:
    """Return means over the first axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


class Interval(NamedTuple):
    """A mean over pairs and the ends of its 90 % interval."""

    mean: float
    low: float
    high: float


def mean_interval(values: Any) -> Interval:
    """Return the mean of the values of all pairs with its 90 % interval; NaN ends below two values.

    Volumes spread over orders of magnitude under the priors, and effects are skewed with them. With γ the skewness
    of the values, s/√n their standard error and t the quantile of `student_t`, each end is the farther one of those
    of the plain t interval, mean ± t s/√n, and of the one corrected for skewness (Hall 1992, J. R. Stat. Soc. B 54,
    221),

        mean − s/√n · g⁻¹(±t),   g(T) = T + a T² + a² T³ / 3 + a / 2,   a = γ / (3 √n).

    The first misses too often on the side of a long tail, the second on the side without and where both tails are
    heavy (docs/decisions/0012 has the coverage measured). Where γ = 0 they are the same.
    """
    values = np.asarray(values, dtype=float)
    mean, _, low, high = (float(column[0]) for column in mean_intervals(values[None, :]))
    return Interval(mean, low, high)


def mean_intervals(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return means, their standard errors and both ends of `mean_interval`, shape (rows,), of values (rows, pairs)."""
    count = values.shape[1]
    mean = values.mean(axis=1)
    if count < 2:
        unknown = np.full(mean.shape, np.nan)
        return mean, unknown, unknown, unknown
    apart = values - mean[:, None]
    variance = (apart**2).mean(axis=1)
    error = np.sqrt(variance / (count - 1))
    scale = np.where(variance > 0.0, np.sqrt(variance), 1.0)[:, None]
    a = ((apart / scale) ** 3).mean(axis=1) / (3.0 * np.sqrt(count))
    skewed = np.abs(a) > NO_SKEWNESS  # g⁻¹ divides by a
    a = np.where(skewed, a, 1.0)
    t = student_t(count)
    down, up = (np.where(skewed, np.abs(np.cbrt(1.0 + 3.0 * a * (y - a / 2.0)) - 1.0) / np.abs(a), t) for y in (t, -t))
    return mean, error, mean - error * np.maximum(t, down), mean + error * np.maximum(t, up)


def mean_error(values: np.ndarray) -> tuple[float, float]:
    """Return the standard error of a mean and the half width of its plain 90 % t interval; NaN below two values."""
    if values.size < 2:
        return np.nan, np.nan
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    return error, student_t(values.size) * error


@cache
def student_t(count: int) -> float:
    """Return the t quantile of a 90 % two-sided interval of a mean of `count` values, at least 2.

    By Newton's method on the finite sums of Abramowitz and Stegun (26.7.3, 26.7.4): SciPy takes longer to load than a
    known answer, and a test compares them.
    """
    degrees, odd = count - 1, count % 2 == 0
    t = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0)  # below the quantile, from where every step goes up
    density = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) * 2.0 / sqrt(degrees * pi)
    powers = np.arange(odd, degrees - 2, 2.0)
    for _ in range(MOST_STEPS):
        cosine, sine = sqrt(degrees / (degrees + t * t)), t / sqrt(degrees + t * t)
        rest = float(np.cumprod(cosine * cosine * (powers + 1.0) / (powers + 2.0)).sum())
        inside = sine * (1.0 + rest)
        if odd:
            inside = 2.0 / pi * (atan2(sine, cosine) + (sine * cosine * (1.0 + rest) if degrees > 1 else 0.0))
        t += (CONFIDENCE - inside) / density / cosine ** (degrees + 1)
    return t


def variance_ratios(baseline: np.ndarray, policy: np.ndarray) -> np.ndarray:
    """Return (Var baseline + Var policy) / Var effect of each row; see `PairedEffect` for 0 in the denominator."""
    if baseline.shape[1] < 2:
        return np.full(len(baseline), np.nan)
    unpaired = baseline.var(axis=1, ddof=1) + policy.var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):  # x / 0 is infinite, 0 / 0 unknown: as it should be
        return unpaired / (policy - baseline).var(axis=1, ddof=1)
