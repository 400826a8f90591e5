"""The signal-detection test behind every channel (MODEL 7.1, 16.3, 16.11).

An item that a channel looks at (exposure e) shows a score: N(0, 1) if honest, N(d', 1) if diverted, less
what the firm conceals. It is flagged above the threshold. Levers move exposure, sensitivity d' or the
threshold; hit rates and false alarms follow. Scores need no inverse normal: the uniform draw itself is
compared with the probability of exceeding the threshold.
"""

from __future__ import annotations

import math

from supplysim._compiled import rule
from supplysim.world.streams import normal

_ROOT_HALF = math.sqrt(0.5)


@rule
def phi(x):
    """Return the standard normal distribution function at x."""
    return 0.5 * math.erfc(-x * _ROOT_HALF)


@rule
def hit_rate(sensitivity, threshold, concealment, sophistication):
    """Return P(flag | seen, diverted): Phi(d'(1 - kappa s) - theta)."""
    return phi(sensitivity * (1.0 - concealment * sophistication) - threshold)


@rule
def false_alarm_rate(threshold):
    """Return P(flag | seen, honest): Phi(-theta)."""
    return phi(-threshold)


@rule
def weekly_chance(exposure, rate, factor):
    """Return the chance that a firm is flagged this week by a channel with yearly exposure (7.8)."""
    return min(1.0, exposure * factor * rate / 52.0)


@rule
def size_factor(size, exponent, scale, cap):
    """Return how exposure grows with a firm's visible size: min((1 + size/scale)^exponent, cap)."""
    if exponent == 0.0:
        return 1.0
    if scale == 0.0:
        return min(max(size, 0.0), cap)
    return min(math.sqrt(1.0 + size / scale) if exponent == 0.5 else (1.0 + size / scale) ** exponent, cap)


@rule
def log_likelihood_ratio(hit, false_alarm, diverter_factor, honest_factor):
    """Return ln(P(flag | diverter) / P(flag | honest)) at one target; exposure cancels (16.3, EQUATIONS a)."""
    if hit <= 0.0 or false_alarm <= 0.0 or diverter_factor <= 0.0 or honest_factor <= 0.0:
        return 0.0
    return math.log(diverter_factor * hit / (honest_factor * false_alarm))


@rule
def added_evidence(evidence, weight, cap):
    """Return evidence after one more flag: later flags share errors with earlier ones and count half."""
    return min(cap, evidence + weight * (1.0 if evidence <= 1.0 else 0.5))


@rule
def logistic(x):
    """Return 1 / (1 + e^-x) without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


@rule
def opening_score(share):
    """Return the score above which a border opens that share of honest consignments (MODEL 7.7)."""
    return -normal(min(max(share, 1e-9), 1.0 - 1e-9))


@rule
def opened_share(exposure, targeting):
    """Return the share of diverted consignments that a border opens, which opens `exposure` of all by their papers."""
    return phi(targeting - opening_score(exposure)) if targeting > 0.0 else exposure
