"""Values that a policy may have: numbers in a range, days of the calendar, names of what it is narrowed to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Real
from typing import Any

from supplysim.errors import InputError, nearest

DATE = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"  # of a state of the world, and of each of its values
CONDITION = re.compile(rf"({NAME}):({NAME})")


def number(value: Any, limits: Mapping[str, Any], place: str) -> float:
    """Return a number inside its range, or raise InputError naming the place."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(place, value, "it is not a number", f"write a number ({limits['unit']})")
    if not limits["low"] <= value <= limits["high"]:  # also trips on nan
        rule = f"it must lie between {limits['low']:g} and {limits['high']:g} ({limits['unit']})"
        raise InputError(place, value, rule, "choose a value inside that range")
    return float(value)


def written(value: float) -> str:
    """Return a number in the fewest characters that read back as the same number."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def day(value: Any, place: str) -> date:
    """Return a day given as a date or as text such as "2025-06", or raise InputError naming the place."""
    if type(value) is date:
        return value
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value if len(value) == 10 else f"{value}-01")
        except ValueError as error:
            raise InputError(place, value, "there is no such day", "choose a day of the calendar") from error
    raise InputError(place, value, "it is not a date", "write it as 2025-06 or 2025-06-02")


def names(value: Any, known: Iterable[str], place: str) -> tuple[str, ...]:
    """Return known names, each once, or raise InputError naming the place and the nearest known name."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(name, str) for name in value):
        raise InputError(place, value, "it is not a list of names", 'write it as ["SG", "MY"]')
    for name in value:
        if name not in known:
            raise InputError(place, name, "that name is unknown", nearest(name, known))
    return tuple(dict.fromkeys(value))


def condition(value: Any, place: str) -> str:
    """Return the state and value in which a policy acts, ``law:passed``; empty for always; or raise InputError."""
    if value is None or (isinstance(value, str) and (not value or CONDITION.fullmatch(value))):
        return value or ""
    rule = "it is no state of the world with a value"
    raise InputError(place, value, rule, 'write it as "law:passed"')
