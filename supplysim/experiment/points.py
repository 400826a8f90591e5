"""Points of a scrambled Sobol sequence, kept on disk: what draws them takes longer to load than a known answer."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import numpy as np

from supplysim.experiment.store import WRITING, user_folder

BITS = 30
STREAM = 0x50B01  # sets these draws apart from every stream of the model
MOST = 12  # exponent of two up to which points are kept: a megabyte for 39 dimensions


def sobol(dimensions: int, points: int, seed: int) -> np.ndarray:
    """Return the first points of the sequence with this seed, inside (0, 1), shape (points, dimensions)."""
    if dimensions == 0:
        return np.empty((points, 0))
    exponent = (points - 1).bit_length()  # whole powers of two keep the sequence balanced
    name = f"{dimensions}-{exponent}-{seed}-scipy-{version('scipy')}-numpy-{version('numpy')}"
    kept = _kept(name, (2**exponent, dimensions)) if exponent <= MOST else None
    if kept is None:
        kept = _drawn(dimensions, exponent, seed)
        if exponent <= MOST:
            _keep(name, kept)
    return kept[:points]


def _drawn(dimensions: int, exponent: int, seed: int) -> np.ndarray:
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=np.random.default_rng([seed, STREAM]))
    # The points lie on multiples of 2**-bits; half a step keeps 0, where a quantile is infinite, out.
    return sequence.random_base2(exponent) + 0.5 ** (BITS + 1)


def _folder() -> Path:
    return user_folder().parent / "points"


def _kept(name: str, shape: tuple[int, int]) -> np.ndarray | None:
    """Return points that were kept; None if there are none or the file is not what was written."""
    for path in _folder().glob(f"{name}-*.points"):
        with suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
            if path.name == _file(name, content):
                return np.frombuffer(content).reshape(shape)
    return None


def _keep(name: str, points: np.ndarray) -> None:
    """Write points, whole or not at all; a cache that cannot be written is done without."""
    content = np.ascontiguousarray(points).tobytes()
    with suppress(OSError):
        _folder().mkdir(parents=True, exist_ok=True)
        aside = _folder() / f"{WRITING}{uuid4().hex}"
        aside.write_bytes(content)
        os.replace(aside, _folder() / _file(name, content))


def _file(name: str, content: bytes) -> str:
    return f"{name}-{blake2b(content, digest_size=16).hexdigest()}.points"
