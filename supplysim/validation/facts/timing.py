"""Facts about when an effect comes and goes: vintage of location checks, and a pulse that fades (F8, F13)."""

from __future__ import annotations

import numpy as np

from supplysim.validation.arms import BASELINE, PULSE_WEEKS, PULSES
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Finding, below_zero, log_change, mean_interval, said

QUARTER = 13
EARLY, LATE = slice(13, 39), 26  # weeks from the start of a pulse; last weeks of the run
SMOOTHING = 13  # weeks of the moving mean in which half-lives are read
RESAMPLES = 1_000


def vintage(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F8: location checks prevent more in the quarters in which more of the deliveries carry the feature."""
    arm = "location_verification"
    before, after, featured = (
        quarters(ensemble, name, column)
        for name, column in ((BASELINE, "delivered"), (arm, "delivered"), (arm, "delivered_reporting"))
    )
    change = log_change(before, after)
    if not (featured.any() and after.sum(axis=0).all()):
        return Finding(None, "nothing with the feature was delivered")
    share = featured.mean(axis=0) / after.mean(axis=0)
    spread = share - share.mean()
    slope = mean_interval(change @ spread / (spread @ spread))
    by_quarter = [mean_interval(column) for column in change.T]
    steps = [f"{100.0 * s:.0f} %: {np.expm1(c.mean):+.0%}" for s, c in zip(share, by_quarter, strict=True)]
    found = f"slope {said(slope, '.2f')}; featured share: change by quarter {', '.join(steps)}".replace("-", "−")
    return Finding(below_zero(slope), found, {"slope": slope, "shares": share.tolist(), "log_change": by_quarter})


def quarters(ensemble: Ensemble, arm: str, column: str) -> np.ndarray:
    """Return a column by quarter from the policy start on, shape (pairs, quarters)."""
    weekly = ensemble.weekly(arm, column)[:, ensemble.first :]
    whole = weekly.shape[1] // QUARTER
    return weekly[:, : whole * QUARTER].reshape(len(weekly), whole, QUARTER).sum(axis=2)


def border_pulse(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F13a: 26 weeks of inspections."""
    return _pulse(ensemble, PULSES["border"])


def investigators_pulse(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F13b: 26 weeks of US investigators."""
    return _pulse(ensemble, PULSES["investigators"])


def _pulse(ensemble: Ensemble, arm: str) -> Finding:
    first = ensemble.first
    fall = ensemble.weekly(BASELINE, "delivered") - ensemble.weekly(arm, "delivered")
    usual = ensemble.weekly(BASELINE, "delivered")[:, first:].mean()
    early = fall[:, first + EARLY.start : first + EARLY.stop].mean(axis=1)
    late = fall[:, -LATE:].mean(axis=1)
    numbers = {"early": mean_interval(early / usual), "late": mean_interval(late / usual)}
    texts = [f"fall {name} {said(value, '.1f', 100.0)} %" for name, value in numbers.items()]
    if not numbers["early"].low > 0.0:
        return Finding(None, f"{'; '.join(texts)}: nothing clear to fade", numbers)
    gone = mean_interval(late - 0.5 * early)
    weeks = half_life(fall[:, first:].mean(axis=0))
    rng = np.random.default_rng(len(ensemble.pairs))
    again = [
        half_life(fall[rng.integers(0, len(fall), len(fall)), first:].mean(axis=0)) for _ in range(RESAMPLES)
    ]  # fmt: skip
    p05, p95 = np.quantile(again, [0.05, 0.95], method="nearest")
    texts.append(f"half gone {weeks:.0f} ({p05:.0f} to {p95:.0f}) weeks after its end".replace("inf", "beyond the run"))
    return Finding(below_zero(gone), "; ".join(texts), numbers | {"gone": gone, "half_life_weeks": (weeks, p05, p95)})


def half_life(fall: np.ndarray) -> float:
    """Return weeks from the end of a pulse until the fall that it brought is, and is once, at most half its peak.

    Parameters
    ----------
    fall : ndarray, shape (weeks,)
        Fall of weekly deliveries from the start of the pulse on; smoothed over a quarter first.

    Returns
    -------
    float
        0 if it is half gone when the pulse ends; infinite if it never is within the run.
    """
    smooth = np.convolve(fall, np.full(SMOOTHING, 1.0 / SMOOTHING), mode="same")
    peak = int(smooth[: 2 * PULSE_WEEKS].argmax())
    below = np.flatnonzero(smooth[peak:] <= 0.5 * smooth[peak])
    return max(0.0, float(peak + below[0] - PULSE_WEEKS)) if below.size else np.inf
