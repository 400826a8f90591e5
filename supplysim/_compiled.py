"""How the kernels are compiled: two decorators, and a cache that can never hold yesterday's rules.

numba keeps compiled code per file and does not notice that a function called from *another* file has
changed. The cache folder's name therefore carries a hash of every source that can hold a kernel; any
change of a rule compiles anew, in a folder of its own. `NUMBA_DISABLE_JIT=1` runs the same source as
plain Python: the reference, the debugger and the coverage run.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from pathlib import Path

from supplysim.environment import writable_cache

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


def source_hash() -> str:
    """Return a short hash over every file that can hold compiled code."""
    digest = hashlib.sha256()
    for name in KERNEL_SOURCES:
        path = PACKAGE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return where this version's compiled kernels live: the user's cache, or `SUPPLYSIM_CACHE`."""
    checked = "-checked" if os.environ.get("NUMBA_BOUNDSCHECK", "0") not in ("", "0") else ""
    return writable_cache("kernels") / (source_hash() + checked)  # numba keeps no record of that switch either


os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())

import numba  # noqa: E402  (the cache folder must be set first)

# numba loads SciPy's linear algebra only to note whether it is there, a seventh of a short command's time. Nothing is
# lost if it finds none: `dot` and its like look again when they are used.
if "scipy.linalg" not in sys.modules and not numba.config.DISABLE_JIT:
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        del sys.modules["scipy.linalg"]

# numba reads the environment once, at its first import, which may have happened in another package.
numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]
COMPILED = not numba.config.DISABLE_JIT

# No rule or kernel makes an array: what they need to note down within a week has room in `state.Scratch`. So none
# needs numba's reference counts, and leaving these out takes a quarter off a run (every count is a locked
# instruction); asking for an array in a kernel does not compile.
# Set-up draws whole columns; only these functions return an array that they have made.
column_rule = numba.njit(cache=True, error_model="numpy")
# A rule can be called from Python as well: by agents, set-up and tests.
rule = numba.njit(cache=True, error_model="numpy", _nrt=False)
# A kernel is called by compiled code only. Leaving out its wrappers saves most of the time of a cold compile
# (measured with the whole world as an argument: 0.7 s instead of 10 s).
# Written out where they are called, they share what they load: a tenth off a run.
kernel = numba.njit(
    cache=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True
)
