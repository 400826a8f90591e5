"""What doors take: predicates over odd values, and what keeps calls short."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from supplysim import evidence

SHORT: dict[str, Any] = {"parameters": "central", "workers": 1, "store": False}


class Door(NamedTuple):
    """An argument of a call, what it takes, and values that must be accepted."""

    group: str
    name: str
    call: Callable[[Any], Any]
    takes: Callable[[Any], bool] = lambda value: False
    good: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        """Return the name: a failing test shows every door."""
        return self.name


def nobody(value: Any) -> bool:
    """Take nothing odd."""
    return False


def number(low: float = -math.inf, high: float = math.inf) -> Callable[[Any], bool]:
    """Take real numbers of Python and NumPy from low to high."""
    return lambda value: isinstance(value, Real) and not isinstance(value, bool) and low <= value <= high


def whole(low: int, high: int) -> Callable[[Any], bool]:
    """Take whole numbers of Python and NumPy from low to high."""
    return lambda value: isinstance(value, Integral) and not isinstance(value, bool) and low <= value <= high


def parameter(name: str) -> Callable[[Any], bool]:
    """Take what the evidence allows a parameter to be."""
    known = evidence.parameters()[name]
    return number(known.low, known.high)


def parameters(value: Any) -> bool:
    """Take a table of parameters in their ranges, and none."""
    return value is None or all(parameter(name)(number) for name, number in value.items())


def among(*names: Any) -> Callable[[Any], bool]:
    """Take some texts, and None if it is among them."""
    return lambda value: any(value is name for name in names) or (isinstance(value, str) and value in names)


def keyed(name: Any, value: Any) -> dict[Any, Any]:
    """Return a table with an odd key; Python itself refuses some of them."""
    return {name: value} if isinstance(name, Hashable) and not isinstance(name, memoryview) else {None: value}


def truth(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_))


def folder(value: Any) -> bool:
    """Take the name of a folder that a system can have."""
    text = str(value)
    return isinstance(value, (str, Path)) and bool(text.strip()) and not {"\0", "\ud800"} & {*text} and len(text) < 200


def unless(right: Callable[[Any], bool], call: Callable[[Any], Any], value: Any) -> Any:
    """Ask what is wrong; what is right would run long or write, and is tried by its good values alone."""
    try:
        taken = bool(right(value))
    except Exception:
        taken = False
    return None if taken else call(value)


def held(right: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Take lists and other iterables of what is right, the empty one too; no text, no table."""
    return lambda value: not isinstance(value, (str, bytes, bytearray, memoryview, Mapping)) and all(map(right, value))


def either(*rights: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Take what one of several takes."""
    return lambda value: any(right(value) for right in rights)
