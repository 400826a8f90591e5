"""The seed of a world from what Mesa takes as `rng` or `seed`: nothing, a number, numbers, text, a generator."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

from supplysim.errors import InputError, shown
from supplysim.setup.gate import seed_of

FORMS = "give a whole number, a list of them, a numpy Generator, or None for a fresh world"
KEPT = 53  # bits of a seed that is derived: every reader of JSON holds such a number exactly


def world_seed(rng: Any = None, seed: Any = None) -> int:
    """Return the seed that names a world.

    Parameters
    ----------
    rng : None, whole number, sequence of them, SeedSequence, BitGenerator or Generator
        None draws a fresh one; a generator is asked for its next number, so it gives another world each time.
    seed : None, whole number, text or bytes
        Mesa's older word; text gives the number that Mesa makes of it.

    Raises
    ------
    InputError
        For anything else, or both at once.
    """
    if rng is not None and seed is not None:
        raise InputError("rng", rng, f"seed = {seed} is given too", "give one of them")
    if isinstance(seed, (str, bytes)):
        return random.Random(seed).randint(0, sys.maxsize)
    place, given = ("rng", rng) if seed is None else ("seed", seed)
    if isinstance(given, np.random.BitGenerator):
        given = np.random.Generator(given)
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**KEPT))
    if given is None or isinstance(given, (list, tuple, np.ndarray, np.random.SeedSequence)):
        if not isinstance(given, np.random.SeedSequence):
            given = np.random.SeedSequence(_entropy(given, place))
        return int(given.generate_state(1, np.uint64)[0]) >> (64 - KEPT)
    if isinstance(given, (str, bytes)):
        raise InputError(
            place, given, "Mesa takes no text here", f"write seed={shown(given)!r}, or give a whole number"
        )
    return seed_of(given, place)


def _entropy(given: Any, place: str) -> list[int] | None:
    if given is None:
        return None
    numbers = np.asarray(given, dtype=object).tolist()
    if not isinstance(numbers, list) or not numbers:
        raise InputError(place, None, "holds no number", FORMS)
    return [seed_of(number, place) for number in numbers]
