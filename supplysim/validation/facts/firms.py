"""Facts about firms: return, removal, time to action; and that a policy of strength 0 is none (F11, F15, F16)."""

from __future__ import annotations

import numpy as np

from supplysim.validation.arms import BASELINE, NEUTRAL, REMOVAL
from supplysim.validation.sampling import WEEKS_A_YEAR, Ensemble
from supplysim.validation.score import Finding, above_zero, mean_interval, ratio_interval, said
from supplysim.validation.shells import HALF_A_YEAR

MONTHS_A_WEEK = 12.0 / WEEKS_A_YEAR
FEWEST = 20  # removals below which a median says little


def pooled(ensemble: Ensemble, name: str) -> np.ndarray:
    """Return a lag of the removals of all baselines together, weeks."""
    return np.concatenate([sample.details[name] for sample in ensemble.baselines])


def spread(weeks: np.ndarray, scale: float = 1.0) -> str:
    """Return ``median (5 to 95 %)`` of some lags, each times `scale`."""
    p05, p50, p95 = np.quantile(weeks * scale, [0.05, 0.5, 0.95])
    return f"{p50:.0f} ({p05:.0f} to {p95:.0f})"


def return_lag(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F11a: a principal is back sooner than the next case could end."""
    back, cases = pooled(ensemble, "return_weeks"), pooled(ensemble, "case_weeks")
    if min(back.size, cases.size) < FEWEST:
        return Finding(None, f"{cases.size} removals, {back.size} returns: too few")
    medians = float(np.median(back)), float(np.median(cases))
    found = f"back after {spread(back)} weeks ({back.size} returns), cases {spread(cases)} weeks ({cases.size})"
    return Finding(medians[0] <= high * medians[1], found, {"return_weeks": medians[0], "case_weeks": medians[1]})


def removal(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F11b: deliveries fall when brokers are lost, for others do not replace them at once; how far is told."""
    half = slice(ensemble.first, ensemble.first + HALF_A_YEAR)
    fall = -ensemble.change(REMOVAL, "delivered", half)
    later = ensemble.details(BASELINE, "later_purchases")
    removed = ensemble.details(REMOVAL, "removed")
    own = np.array([_chips_of(gone, chips) for chips, gone in zip(later, removed, strict=True)])
    if not own.any():
        return Finding(None, "no world has a trader to remove")
    lost = mean_interval(fall)
    numbers = {"fall": lost, "part_of_own": ratio_interval(fall, own.astype(float))}
    found = f"{said(lost, ',.0f')} chips, {said(numbers['part_of_own'], '.2f')} of their own later purchases"
    return Finding(above_zero(lost), found, numbers)


def _chips_of(shells: np.ndarray, purchases: np.ndarray) -> int:
    """Return the chips of some shells (rows of slot and shell) among all purchases."""
    its = (purchases[:, None, :2] == shells[None, :, :]).all(axis=2).any(axis=1)
    return int(purchases[its, 2].sum())


def delivered_within(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F17: of what a firm sends while a case against it is open, about half arrives."""
    shares = pooled(ensemble, "delivered_within")
    if shares.size < FEWEST:
        return Finding(None, f"{shares.size} removals: too few")
    lower, middle, upper = np.quantile(shares, [0.25, 0.5, 0.75])
    found = f"median {middle:.2f}, quartiles {lower:.2f} and {upper:.2f} ({shares.size} removals)"
    return Finding(bool(low <= middle <= high), found, {"median": middle})


def start_to_action(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F15: months from the start of a shell to its removal, of removals in the window.

    Shells of week 0 may be older than they seem, and slow cases end after the run: both shorten what is seen.
    """
    traded = pooled(ensemble, "trade_weeks")[pooled(ensemble, "removed_in") >= ensemble.first]
    if traded.size < FEWEST:
        return Finding(None, f"{traded.size} removals: too few")
    middle = float(np.median(traded)) * MONTHS_A_WEEK
    found = f"{spread(traded, MONTHS_A_WEEK)} months ({traded.size} removals)"
    return Finding(low <= middle <= high, found, {"months": middle})


def neutral_policy(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F16: all levers at strength 0 leave every weekly number as it was."""
    largest, columns = 0.0, 0
    for pair in ensemble.pairs:
        columns = len(pair[BASELINE].weekly)
        for name, before in pair[BASELINE].weekly.items():
            largest = max(largest, float(np.abs(pair[NEUTRAL].weekly[name] - before).max()))
    return Finding(largest == high, f"largest difference {largest:g} in {columns} weekly numbers", {"largest": largest})
