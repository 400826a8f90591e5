"""Facts about the level of 2024: how much, at what price, in what lots, with how many prosecutions (F1-F4)."""

from __future__ import annotations

import numpy as np

from supplysim.report.formatting import count
from supplysim.report.published import YEAR, number, published_volume
from supplysim.validation.arms import BASELINE, LOOSER
from supplysim.validation.sampling import WEEKS_A_YEAR, Ensemble, Sample
from supplysim.validation.score import Finding, above_zero, below_zero, mean_interval, said

CASE_MONTHS = 23  # February 2023 to December 2024, the period of evidence Q151


def of_2024(ensemble: Ensemble) -> slice:
    """Return the weeks of the model year 2024."""
    first = (YEAR - ensemble.scenario.start.year) * WEEKS_A_YEAR
    return slice(first, first + WEEKS_A_YEAR)


def each(ensemble: Ensemble, column: str) -> np.ndarray:
    """Return a weekly column of 2024 for every baseline, shape (worlds, 52)."""
    return np.array([sample.weekly[column][of_2024(ensemble)] for sample in ensemble.baselines])


def known_median(samples: list[Sample], detail: str) -> float:
    """Return the median of a detail over the worlds in which it is known; NaN if it is in none."""
    values = np.array([sample.details[detail] for sample in samples])
    return float(np.median(values[np.isfinite(values)])) if np.isfinite(values).any() else np.nan


def most_prosecutions() -> float:
    """Return the published cases a year of all technologies together."""
    return 12.0 * number("Q151", "central") / CASE_MONTHS


def volume(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F1: the published range of 2024 lies inside the prior predictive one."""
    published = published_volume()
    p05, p50, p95 = np.quantile(each(ensemble, "delivered").sum(axis=1), [0.05, 0.5, 0.95])
    passed = p05 <= published.low and p05 <= published.median <= p95 and p95 >= published.high
    found = f"5 / 50 / 95 %: {count(p05)} / {count(p50)} / {count(p95)} over {len(ensemble.baselines)} worlds"
    return Finding(bool(passed), found, {"p05": p05, "p50": p50, "p95": p95})


def price(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F2a: the median price over list."""
    middle = float(np.median(each(ensemble, "mark_up").mean(axis=1)))
    return Finding(low <= middle <= high, f"{middle:.2f} x list", {"median": middle})


def _price_change(ensemble: Ensemble, arm: str):
    weeks = slice(ensemble.first, None)
    after, before = (ensemble.weekly(name, "mark_up")[:, weeks].mean(axis=1) for name in (arm, BASELINE))
    return mean_interval(after - before)


def price_with_looser_demand(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F2b: with less honest demand the price falls."""
    change = _price_change(ensemble, LOOSER)
    return Finding(below_zero(change), f"{said(change)} x list", {LOOSER: change})


def price_with_enforcement(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F2c: under more inspections the price rises."""
    change = _price_change(ensemble, "border")
    return Finding(above_zero(change), f"{said(change)} x list", {"border": change})


def order_sizes(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F3: a small order is usual, and the few large ones hold much of the volume."""
    top, middle = (known_median(ensemble.baselines, name) for name in ("top_share", "order_median"))
    passed = top >= low and 10.0 <= middle < 100.0
    return Finding(
        bool(passed), f"top 1 % has {top:.0%}; median {middle:.0f} chips", {"top_share": top, "median": middle}
    )


def prosecutions(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F4: prosecutions a year."""
    a_year = mean_interval(each(ensemble, "prosecutions").sum(axis=1))
    passed = 0.0 < a_year.mean < most_prosecutions()
    found = f"{said(a_year, '.2f')} a year; all technologies {most_prosecutions():.0f}"
    return Finding(bool(passed), found, {"prosecutions": a_year})
