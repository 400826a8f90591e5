"""The packages that the emulator learns from: every lever alone, many in twos, mixtures; and how often each is run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from supplysim.emulator.predict import BASE_PAIRS

PAIRS = 8  # runs of a package, each on its own share of the pairs of the baseline
MANY = 32  # of one that is kept for the test, and of a lever alone at full strength: what most people ask for first
MIXTURES = 120  # packages of several levers, every second one kept for the test
STRENGTHS = (0.25, 0.6, 1.0)  # of a lever alone
TWOS = 128  # packages of two levers


class Size(NamedTuple):
    """How much is run: the more, the better it tells packages that it has not seen."""

    pairs: int = BASE_PAIRS  # runs of the baseline, a power of two
    few: int = PAIRS
    many: int = MANY
    strengths: tuple[float, ...] = STRENGTHS
    twos: int = TWOS
    mixtures: int = MIXTURES


FULL = Size()
SIZES = {"full": FULL, "small": Size(16, 4, 8, (0.5, 1.0), 32, 24)}


def design(names: Sequence[str], seed: int = 20, size: Size = FULL) -> list[dict[str, float]]:
    """Return the packages to learn from: every lever alone at some strengths, every two, and Sobol mixtures."""
    from scipy.stats import qmc

    packages = [{name: x} for name in names for x in size.strengths]
    count = len(names)
    points = qmc.Sobol(2, scramble=True, rng=np.random.default_rng([seed, 1])).random(size.twos)
    twos = [(i, j) for i in range(count) for j in range(i + 1, count)]
    packages += [
        {names[i]: 0.3 + 0.7 * u, names[j]: 0.3 + 0.7 * v} for (i, j), (u, v) in zip(twos, points, strict=False)
    ]
    return packages + mixtures(names, 128, seed)[: size.mixtures]


def mixtures(names: Sequence[str], count: int, seed: int) -> list[dict[str, float]]:
    """Return packages of one to eight levers at strengths of a Sobol sequence."""
    from scipy.stats import qmc

    random = np.random.default_rng([seed, 2])
    points = qmc.Sobol(len(names), scramble=True, rng=random).random(1 << (count - 1).bit_length())[:count]
    sizes = random.choice([1, 2, 3, 4, 5, 6, 8], size=count, p=[0.1, 0.15, 0.2, 0.2, 0.15, 0.1, 0.1])
    return [
        {names[i]: float(point[i]) for i in sorted(random.choice(len(names), size, replace=False))}
        for point, size in zip(points, sizes, strict=True)
    ]


def tested(packages: int, mixtures: int) -> list[int]:
    """Return which packages of the design are kept out of the fit: every second mixture."""
    return list(range(packages - mixtures + 1, packages, 2))


def pairs_of(index: int, pairs: int = PAIRS, known: int = BASE_PAIRS) -> list[int]:
    """Return the pairs on which a package of the design is run, of those `known` of the baseline."""
    return [(index * 5 + known // pairs * step) % known for step in range(pairs)]
