"""Keyed draws (MODEL 13), in Python's own whole numbers."""

import math
from bisect import bisect_left
from statistics import NormalDist

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
NAMES = """
    init_distributor init_user init_buyer occupant user_order buyer_order search purchase dispatch arrival hold
    reshell triage case public entry newcomer willing disable spill_over referral
    interdict audit solvent liable access
"""
STREAMS = {name: number for number, name in enumerate(NAMES.split(), start=1)}
CHANNEL = 32


def mix(z):
    z ^= z >> 30
    z = z * 0xBF58476D1CE4E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


class Draws:
    def __init__(self, seed):
        self.seed = seed

    def __call__(self, stream, clock, key, sub):
        number = STREAMS[stream] if isinstance(stream, str) else stream
        state = 0x243F6A8885A308D3
        for word in (self.seed, number, clock, *(() if sub is None else (sub,)), key):
            state = mix(state ^ word * GOLDEN & MASK)
        return ((state >> 11) + 0.5) * 2.0**-53


def normal(u):
    return NormalDist().inv_cdf(u)


def lognormal(u, median, sigma):
    return median * math.exp(sigma * normal(u))


def phi(x):
    return 0.5 * math.erfc(-x * math.sqrt(0.5))


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x))


def running(shares):
    total, sums = 0.0, []
    for share in shares:
        total += share
        sums.append(total)
    return sums


def pick(sums, u):
    """Return the first place whose running sum reaches u, the last if none does."""
    return min(bisect_left(sums, u), len(sums) - 1)
