"""What the environment sets: every `SUPPLYSIM_...` value, read here alone, checked, and named when it is wrong."""

from __future__ import annotations

import os
from contextlib import suppress

from supplysim.errors import InputError


def whole(name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the environment; the default if it is not set, or empty.

    Raises
    ------
    InputError
        If it is no whole number from `low` to `high`.
    """
    told = os.environ.get(name, "").strip()
    if not told:
        return default
    with suppress(ValueError):
        if low <= int(told) <= high:
            return int(told)
    rule = f"it must be a whole number from {low} to {high}"
    raise InputError(f"environment variable {name}", told, rule, f"unset it, which means {default}")
