"""Even points of a name: the first 2**m lie one in each of 2**m equal cells, for every m.

They are a Latin hypercube that is refined by doubling, and hang on the seed and the name alone: adding a name or a
point moves none that was there, and the points of two names go together only by chance.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

HALF = 2.0**-54  # half a step of the points: keeps 0 and 1, where a quantile is infinite, out


def even_points(name: str, exponent: int, seed: int) -> np.ndarray:
    """Return the first points of a name, inside (0, 1), shape (2**exponent,).

    At every doubling each cell is halved, and the new points take the empty halves in an order that chance gives.
    Only the generator's raw bits are used, which are the same with every version of NumPy.
    """
    key = blake2b(name.encode(), digest_size=16, key=seed.to_bytes(8, "little")).digest()
    stream = np.random.Philox(key=int.from_bytes(key, "little"))

    def uniform(count: int) -> np.ndarray:
        return (stream.random_raw(count) >> np.uint64(11)) * 2.0**-53

    points = uniform(1)
    for level in range(exponent):
        cells = 2 ** (level + 1)
        empty = (points * cells).astype(np.int64) ^ 1
        empty = empty[np.argsort(uniform(empty.size), kind="stable")]
        points = np.concatenate([points, (empty + uniform(empty.size)) / cells])
    return np.clip(points, HALF, 1.0 - 2.0 * HALF)
