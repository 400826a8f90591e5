"""How the kernels are compiled: three decorators, and a cache that can never hold yesterday's rules.

Three ways run the same source, to the same bits. Where object code of this very source is there (a wheel brings it,
set-up leaves it in a clone), entries are called in it and numba is never loaded. Else numba compiles them and keeps
the code per file; it does not notice that a function called from *another* file has changed, so the cache folder's name
carries a hash of every source that can hold a kernel; any change of a rule compiles anew, in a folder of its own.
`NUMBA_DISABLE_JIT=1` runs plain Python: the reference, the debugger and the coverage run. `SUPPLYSIM_NUMBA=1` leaves
object code aside.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from supplysim import _object_code, _optimised_once
from supplysim.environment import writable_cache
from supplysim.packs.pack import shape

PACKAGE = Path(__file__).parent
KERNEL_SOURCES = (
    "_compiled.py",
    "agents",
    "detection",
    "network/routes.py",
    "network/ties.py",
    "phases",
    "week.py",
    "world",
)


@cache
def source_hash() -> str:
    """Return a short hash over every file that can hold compiled code; a world pack that adds rows adds its shape."""
    digest = hashlib.sha256()
    for name in KERNEL_SOURCES:
        path = PACKAGE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16] + shape()


def cache_folder() -> Path:
    """Return where this version's compiled kernels live: the user's cache, or `SUPPLYSIM_CACHE`."""
    checked = "-checked" if os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0") else ""
    return writable_cache("kernels") / (source_hash() + checked)  # numba keeps no record of that switch either


def _set(name: str) -> bool:
    return os.environ.get(name, "0") not in ("", "0")


# Object code of this source for this processor; None where there is none, or another way is asked for.
OBJECT_CODE = (
    None
    if _set("NUMBA_DISABLE_JIT") or _set("NUMBA_BOUNDSCHECK") or _set("SUPPLYSIM_NUMBA")
    else _object_code.find(source_hash(), _object_code.SHIPPED)
)
ENTRIES: dict[str, Any] = {}  # by name: what is called from Python in every run


def _with_numba() -> Any:
    """Load numba, with our cache folder and without what it loads for nothing; return it."""
    os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())
    import numba

    # numba loads SciPy's linear algebra only to note whether it is there, a seventh of a short command's time. Nothing
    # is lost if it finds none: `dot` and its like look again when they are used.
    if "scipy.linalg" not in sys.modules and not numba.config.DISABLE_JIT:
        sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
        try:
            importlib.import_module("numba.np.arraymath")
        finally:
            del sys.modules["scipy.linalg"]
    # numba reads the environment once, at its first import, which may have happened in another package.
    numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
    return numba


if OBJECT_CODE is None:
    numba = _with_numba()
    PLAIN = bool(numba.config.DISABLE_JIT)  # whether rules are Python's own functions

    # No rule or kernel makes an array: what they need to note down within a week has room in `state.Scratch`. So none
    # needs numba's reference counts, and leaving these out takes a quarter off a run (every count is a locked
    # instruction); asking for an array in a kernel does not compile.
    # A rule can be called from Python as well: by agents, set-up and tests.
    rule = numba.njit(cache=True, error_model="numpy", _nrt=False)
    # A kernel is called by compiled code only. Leaving out its wrappers saves most of the time of a cold compile
    # (measured with the whole world as an argument: 0.7 s instead of 10 s). Written out where it is called, it shares
    # what it loads: a tenth off a run.
    _part = numba.njit(
        error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True
    )
    if not PLAIN:
        _optimised_once.install()

    def kernel(function: Callable[..., Any]) -> Any:
        """Compile what only compiled code calls; nothing is kept of it alone."""
        _optimised_once.PARTS.add(function.__qualname__)
        return _part(function)

    def entry(function: Callable[..., Any]) -> Any:
        """Compile what every run calls from Python with whole numbers, arrays and tuples of them."""
        ENTRIES[function.__name__] = rule(function)
        return ENTRIES[function.__name__]

else:
    PLAIN = True

    def rule(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave a rule as it is: compiled code has its own."""
        return function

    kernel = rule

    def entry(function: Callable[..., Any]) -> Any:
        """Return the compiled form of what every run calls from Python."""
        return _object_code.loaded(OBJECT_CODE, function)  # type: ignore[arg-type]


COMPILED = OBJECT_CODE is not None or not PLAIN  # whether a run is compiled code
