"""What an argument of a public function must be; whatever else it is, one line says so.

Checks that need nothing of the model: names out of a list, tables, lists, functions, paths, yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from supplysim.errors import InputError, nearest

T = TypeVar("T")


def one_of(kind: type[T], value: Any, place: str, remedy: str) -> T:
    """Return an object of a class, or raise InputError."""
    if not isinstance(value, kind):
        name = kind.__name__
        raise InputError(place, value, f"it is no {name if name != 'str' else 'text'}", remedy)
    return value


def known(value: Any, names: Iterable[str], place: str, what: str) -> str:
    """Return a name that is among those known, or raise InputError with the nearest one."""
    if not isinstance(value, str) or value not in names:
        raise InputError(place, value, f"there is no such {what}", nearest(str(value), names))
    return value


def table(value: Any, place: str, remedy: str) -> Mapping[Any, Any]:
    """Return a mapping, or raise InputError."""
    if not isinstance(value, Mapping):
        raise InputError(place, value, "it is no table of names and values", remedy)
    return value


def items(value: Any, place: str, remedy: str) -> list[Any]:
    """Return what a list or another iterable holds; text, bytes and mappings are none."""
    if isinstance(value, (str, bytes, bytearray, memoryview, Mapping)) or not isinstance(value, Iterable):
        raise InputError(place, value, "it is no list", remedy)
    try:
        return list(value)
    except TypeError:  # an array of no dimension
        raise InputError(place, value, "it is no list", remedy) from None


def function(value: Any, place: str, remedy: str) -> Callable[..., Any]:
    """Return what can be called, or raise InputError."""
    if not callable(value):
        raise InputError(place, value, "it cannot be called", remedy)
    return value


def path(value: Any, place: str, remedy: str = "give text or a Path") -> Path:
    """Return a path given as text or Path, or raise InputError."""
    if not isinstance(value, (str, Path)):
        raise InputError(place, value, "it is no path", remedy)
    if isinstance(value, str) and not value.strip():
        raise InputError(place, None, "it is empty", remedy)
    return Path(value)


def truth(value: Any, place: str) -> bool:
    """Return yes or no of Python or NumPy, or raise InputError."""
    if not isinstance(value, bool) and type(value).__name__ not in ("bool", "bool_"):
        raise InputError(place, value, "it is neither True nor False", "write True or False")
    return bool(value)
