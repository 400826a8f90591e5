"""Random numbers without state: every draw is a pure function of (seed, stream, clock, key, sub).

Two worlds with the same seed therefore share every draw that both ask for, in any order, whatever else
happens in them: the common random numbers behind every paired comparison (MODEL 13).
"""

from __future__ import annotations

import math

import numpy as np

from supplysim._compiled import PLAIN, entry, rule

if PLAIN:  # 64-bit wrap-around is the point of a hash; compiled code wraps silently, NumPy warns
    np.seterr(over="ignore")


def numbers(first: int, after: int) -> tuple[np.int64, ...]:
    """Return the names' numbers from `first` up to `after`, which is left out, as NumPy's integers.

    numba compiles a rule once for all of these, but once more for every value of Python's: 68 versions more.
    """
    return tuple(np.arange(first, after))


# One stream a process (MODEL 13). A new lever or process gets a new number; numbers are never reused.
INIT_DISTRIBUTOR, INIT_USER, INIT_BUYER, OCCUPANT = numbers(1, 5)
USER_ORDER, BUYER_ORDER, SEARCH, PURCHASE = numbers(5, 9)
DISPATCH, ARRIVAL, RESHELL = *numbers(9, 11), *numbers(12, 13)  # 11 drew whether a flag stopped sales
TRIAGE, CASE, PUBLIC, ENTRY, NEWCOMER, WILLING = numbers(13, 19)
DISABLE, NAMED, REFERRAL = numbers(19, 22)
INTERDICT, AUDIT, SOLVENT, LIABLE, ACCESS = numbers(22, 27)
CHANNEL = np.int64(32)  # + index of the detection channel

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_START = np.uint64(0x243F6A8885A308D3)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_HALF = 0.5
_UNIT = 2.0**-53


@rule
def finalise(z):
    """Mix 64 bits so that every input bit moves every output bit (SplitMix64 finaliser)."""
    z ^= z >> _S30
    z *= _MIX1
    z ^= z >> _S27
    z *= _MIX2
    z ^= z >> _S31
    return z


@rule
def clock_key(seed, stream, clock):
    """Return the 64-bit key of one stream at one clock, before the sub-draw is chosen."""
    key = _START
    key = finalise(key ^ np.uint64(seed) * _GOLDEN)
    key = finalise(key ^ np.uint64(stream) * _GOLDEN)
    return finalise(key ^ np.uint64(clock) * _GOLDEN)


@rule
def sub_key(key, sub):
    """Return the key of one sub-draw of a clock; draw from it with `uniform`."""
    return finalise(np.uint64(key) ^ np.uint64(sub) * _GOLDEN)


@rule
def stream_key(seed, stream, clock, sub):
    """Return the 64-bit key of one sub-draw of one stream at one clock."""
    return sub_key(clock_key(seed, stream, clock), sub)


@rule
def uniform(key, slot):
    """Return the draw of one slot (agent, order, target) from a stream key, in (0, 1)."""
    z = finalise(np.uint64(key) ^ np.uint64(slot) * _GOLDEN)
    return (float(z >> _S11) + _HALF) * _UNIT


@rule
def any_below(key, first, last, chance):
    """Return whether any slot in [first, last) draws below a chance: no early end, so this is vector code."""
    found = False
    for slot in range(first, last):
        found |= uniform(key, slot) < chance
    return found


@rule
def draw(seed, stream, clock, slot, sub):
    """Return one uniform draw in (0, 1): the reference form `H(seed, stream, clock, key, sub)`."""
    return uniform(stream_key(seed, stream, clock, sub), slot)


@rule
def normal(u):
    """Return the standard normal quantile of u (Wichura's AS 241, relative error 1e-16)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (
            (
                (
                    (
                        ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        low = (
            (
                (
                    (
                        ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * top / low
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        top = (
            (
                (
                    (
                        ((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        low = (
            (
                (
                    (
                        ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        top = (
            (
                (
                    (
                        ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        low = (
            (
                (
                    (
                        ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    return -top / low if q < 0.0 else top / low


@rule
def lognormal(u, median, sigma):
    """Return a lognormal value with the given median and log standard deviation."""
    return median * math.exp(sigma * normal(u))


@entry
def fill_uniforms(seed, stream, clock, slots, sub, drawn):
    """Fill `drawn` with one draw for every slot."""
    key = stream_key(seed, stream, clock, sub)
    for i in range(slots.size):
        drawn[i] = uniform(key, slots[i])


@entry
def fill_normals(seed, stream, clock, slots, sub, drawn):
    """Fill `drawn` with one standard normal for every slot."""
    key = stream_key(seed, stream, clock, sub)
    for i in range(slots.size):
        drawn[i] = normal(uniform(key, slots[i]))


def uniforms(seed: int, stream: int | np.integer, clock: int, slots: np.ndarray, sub: int) -> np.ndarray:
    """Return one draw for every slot, shape of `slots`: the set-up's form of `draw`."""
    drawn = np.empty(slots.size)
    fill_uniforms(seed, stream, clock, np.array(slots, np.int64), sub, drawn)
    return drawn


def normals(seed: int, stream: int | np.integer, clock: int, slots: np.ndarray, sub: int) -> np.ndarray:
    """Return one standard normal for every slot, shape of `slots`."""
    drawn = np.empty(slots.size)
    fill_normals(seed, stream, clock, np.array(slots, np.int64), sub, drawn)
    return drawn
