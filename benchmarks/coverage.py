"""How often 90 % intervals of a mean hold the truth, on skewed and heavy-tailed values whose mean is known."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from benchmarks.figures import Figure
from supplysim.experiment.statistics import mean_intervals, student_t

TITLE = "Coverage of 90 % intervals of a mean"
PAIRS = (16, 32, 64, 128)
REPEATS = 4_000
RESAMPLED = 500  # of the samples, for the two bootstraps
RESAMPLES = 999

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]
Ends = tuple[np.ndarray, np.ndarray]


def _lognormal(spread: float, zeros: float = 0.0) -> tuple[Draw, float]:
    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
        return rng.lognormal(0.0, spread, shape) * (rng.random(shape) >= zeros)

    return draw, (1.0 - zeros) * np.exp(spread**2 / 2.0)


VALUES: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, shape: rng.normal(size=shape), 0.0),
    "lognormal 0.5": _lognormal(0.5),
    "lognormal 1": _lognormal(1.0),
    "lognormal 1.3": _lognormal(1.3),
    "lognormal 1, half zeros": _lognormal(1.0, zeros=0.5),
    "lognormal 1, 80 % zeros": _lognormal(1.0, zeros=0.8),
    "Student's t, 3 degrees": (lambda rng, shape: rng.standard_t(3, shape), 0.0),
}


def plain(values: np.ndarray) -> Ends:
    """Return mean ± t s/√n."""
    mean, error, _, _ = mean_intervals(values)
    half = student_t(values.shape[1]) * error
    return mean - half, mean + half


def corrected(values: np.ndarray) -> Ends:
    """Return Hall's interval, corrected for skewness on both sides."""
    mean, error, _, _ = mean_intervals(values)
    apart = values - mean[:, None]
    third, second = (apart**3).mean(axis=1), (apart**2).mean(axis=1)
    a = third / np.where(second > 0.0, second, 1.0) ** 1.5 / (3.0 * np.sqrt(values.shape[1]))
    a = np.where(np.abs(a) < 1e-6, 1e-6, a)
    t = student_t(values.shape[1])
    low, high = (mean - error * (np.cbrt(1.0 + 3.0 * a * (y - a / 2.0)) - 1.0) / a for y in (t, -t))
    return low, high


def chosen(values: np.ndarray) -> Ends:
    """Return the interval of every comparison: the farther end of either."""
    _, _, low, high = mean_intervals(values)
    return low, high


def studentised(values: np.ndarray) -> Ends:
    """Return the bootstrap-t interval."""
    rng = np.random.default_rng(3)
    ends = []
    for row in values:
        again = row[rng.integers(0, row.size, (RESAMPLES, row.size))]
        error = again.std(axis=1, ddof=1) / np.sqrt(row.size)
        t = (again.mean(axis=1) - row.mean())[error > 0.0] / error[error > 0.0]
        spread = row.std(ddof=1) / np.sqrt(row.size)
        ends.append(row.mean() - spread * (np.quantile(t, [0.95, 0.05]) if t.size else np.zeros(2)))
    low, high = np.transpose(ends)
    return low, high


def accelerated(values: np.ndarray) -> Ends:
    """Return scipy's BCa bootstrap interval."""
    from scipy.stats import bootstrap

    rng = np.random.default_rng(3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of samples that do not vary
        found = bootstrap(
            (values,), np.mean, axis=1, confidence_level=0.9, n_resamples=RESAMPLES, method="BCa", batch=10, rng=rng
        )
    return found.confidence_interval.low, found.confidence_interval.high


WAYS: dict[str, Callable[[np.ndarray], Ends]] = {
    "plain t": plain,
    "corrected for skewness": corrected,
    "farther end of both": chosen,
    "studentised bootstrap": studentised,
    "BCa bootstrap": accelerated,
}


def covered(way: Callable[[np.ndarray], Ends], name: str, pairs: int, repeats: int = REPEATS) -> float:
    """Return the share of samples whose interval holds the mean that the values were drawn with."""
    draw, truth = VALUES[name]
    low, high = way(draw(np.random.default_rng([pairs, repeats]), (repeats, pairs)))
    return float(np.mean((low <= truth) & (truth <= high)))


def measure() -> list[Figure]:
    """Return the coverage of each way, for each kind of values and number of pairs."""
    figures = []
    for name in VALUES:
        for pairs in PAIRS:
            for label, way in WAYS.items():
                repeats = RESAMPLED if way in (studentised, accelerated) else REPEATS
                share = covered(way, name, pairs, repeats)
                figures.append(Figure(f"{name}, {pairs} pairs: {label}", 100.0 * share, "%"))
    return figures
