"""How large the numbers may be that say how much to run, and why: what a machine can hold. No rule depends on them."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from supplysim.errors import InputError

MOST_PAIRS = 100_000
SEEDS = 2**63  # the keyed draws of the model take 63 bits


class Limit(NamedTuple):
    """The least and the greatest value of a number, and why there is no more."""

    low: float
    high: float
    why: str

    @property
    def text(self) -> str:
        """The range in words."""
        high = "2^63 - 1" if self.high == SEEDS - 1 else f"{self.high:,}"
        return f"{self.low:,} to {high}"


MOST_WORKERS = 61 if sys.platform == "win32" else 1024  # Windows waits for no more
ORDERS = 16  # of joining a package beyond six policies, sampled unless told otherwise


def _workers() -> Limit:
    most = 8 * (os.cpu_count() or 1)
    if most > MOST_WORKERS == 61:
        return Limit(1, MOST_WORKERS, "Windows waits for no more processes at once")
    return Limit(1, most, "8 for each processor here: more only wait for each other, and each takes memory")


LIMITS = {
    "pairs": Limit(1, MOST_PAIRS, "every run is kept in memory until the end, some 10 kB each"),
    "draws": Limit(1, MOST_PAIRS, "every run is kept in memory until the end, some 10 kB each"),
    "facts": Limit(0, MOST_PAIRS, "every run is kept in memory until the end, some 10 kB each"),
    "replicates": Limit(0, MOST_PAIRS, "no more draws than pairs can be run again"),
    "seed": Limit(0, SEEDS - 1, "seeds are whole numbers of 63 bits"),
    "workers": _workers(),
    "precision": Limit(0.0001, 0.9999, "it is a share of the baseline"),
    "money": Limit(0, 1_000_000, "millions of US$ a year: more than there is"),
    "port": Limit(1, 65_535, "ports have 16 bits"),
}


def within(place: str, value: Any, limit: Limit) -> Any:
    """Return a number inside its limits.

    Raises
    ------
    InputError
        If it is outside: one line that says the limits and why.

    Examples
    --------
    >>> within("pairs", 32, LIMITS["pairs"])
    32
    """
    if not limit.low <= value <= limit.high:  # also trips on nan
        raise InputError(place, value, f"it must be {limit.text} ({limit.why})", "choose a number inside that range")
    return value
