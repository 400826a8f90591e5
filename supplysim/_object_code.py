"""Compiled code without the compiler: the model's entries in a shared library, called by their addresses.

numba compiles a function into machine code that takes plain words: of an array its size, the size of an item, where it
lies, its shape and its strides; of a named tuple the words of its members. A library that was linked from this code for
the same source and the same kind of processor (`supplysim.compile`) can therefore be called through ctypes, and a
process that finds one never loads numba, which takes longer than a short run.
"""

from __future__ import annotations

import ctypes
import json
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

SHIPPED = Path(__file__).parent / "objects"  # a wheel brings it, set-up makes it in a clone
WORD = (1 << 64) - 1
# Kinds of processor that code is built for, the newest first, and what NumPy must have found on one.
LEVELS = {
    "x86-64-v4": ("AVX512F", "AVX512CD", "AVX512BW", "AVX512DQ", "AVX512VL", "AVX2", "FMA3", "BMI2"),
    "x86-64-v3": ("AVX2", "FMA3", "BMI2"),
}


def processor_levels() -> list[str]:
    """Return the kinds of processor whose code runs here, the fastest first."""
    machine = platform.machine().lower()
    if machine not in ("x86_64", "amd64"):
        return [machine]
    from numpy._core._multiarray_umath import __cpu_features__ as found  # type: ignore[import-not-found]

    return [level for level, needed in LEVELS.items() if all(found.get(name, name == "BMI2") for name in needed)]


def library_name(source: str, level: str) -> str:
    """Return the file name of the code of a source, given by its hash, for a kind of processor on this system."""
    return f"{source}-{sys.platform}-{level}.so"


def find(source: str, folder: Path) -> Path | None:
    """Return the library of a source that can be loaded here, None if the folder has none."""
    paths = [folder / library_name(source, level) for level in processor_levels()]
    return next((path for path in paths if path.is_file() and _loads(path)), None)


def _loads(path: Path) -> bool:
    """Return whether a library and what describes it are whole; numba does without one that is damaged."""
    try:
        library, entries = _loaded(path)
        return all(hasattr(library, entry["symbol"]) for entry in entries.values())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return False


@cache
def _loaded(path: Path) -> tuple[ctypes.CDLL, dict[str, dict[str, Any]]]:
    described = json.loads(path.with_suffix(".json").read_text())
    if path.stat().st_size != described["bytes"]:  # part of a library can be loaded, and ends the process later
        raise OSError(f"{path} is not whole")
    return ctypes.CDLL(str(path)), described["entries"]


def words(value: Any) -> Iterator[int]:
    """Yield what a value is passed as: one word a number, 5 + 2 a dimension for an array, its members for a tuple."""
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:  # the code was compiled for rows one behind the other
            raise ValueError("an array is laid out otherwise in memory; hand on a copy")
        yield from (0, 0, value.size, value.itemsize, value.__array_interface__["data"][0])
        yield from value.shape
        yield from value.strides
    elif isinstance(value, tuple):
        for member in value:
            yield from words(member)
    else:
        yield int(value) & WORD


def loaded(path: Path, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the compiled form of an entry; it takes whole numbers, arrays and tuples of these, and returns a number.

    Raises
    ------
    KeyError, OSError
        If the library lacks the entry or cannot be loaded.
    """
    library, entries = _loaded(path)
    described = entries[function.__name__]
    native = getattr(library, described["symbol"])
    native.argtypes = [ctypes.c_void_p] * (2 + described["words"])
    native.restype = ctypes.c_int32

    last: list[Any] = [None, ()]  # the first argument of the last call, and its words: a world is run in many calls

    def entry(*arguments: Any) -> int:
        result, failure = ctypes.c_int64(0), ctypes.c_void_p()
        first, *others = arguments
        known, before = last
        if first is not known or not isinstance(first, tuple):
            before = tuple(words(first))
            last[:] = first, before
        status = native(ctypes.addressof(result), ctypes.addressof(failure), *before, *words(tuple(others)))
        if status:
            raise RuntimeError(f"{function.__name__} failed with status {status}")
        return result.value

    entry.__name__, entry.__doc__ = function.__name__, function.__doc__
    return entry
