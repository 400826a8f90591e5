"""A rival model of the volume of 2024: the published arithmetic of vendors times volume, drawn beside ours."""

from __future__ import annotations

import numpy as np

from supplysim.report.published import number

DRAWS = 100_000
NORMAL_90 = 1.6448536269514722  # half of a 90 % interval, in standard deviations
MONTHS = 12.0


def lognormal(rng: np.random.Generator, identity: str) -> np.ndarray:
    """Return draws of a lognormal whose 90 % interval is the range of a piece of evidence."""
    low, high = (np.log(number(identity, end)) for end in ("low", "high"))
    return np.exp(0.5 * (low + high) + (high - low) / (2.0 * NORMAL_90) * rng.standard_normal(DRAWS))


def uniform(rng: np.random.Generator, identity: str) -> np.ndarray:
    """Return draws, uniform over the range of a piece of evidence."""
    return rng.uniform(number(identity, "low"), number(identity, "high"), DRAWS)


def vendors_times_volume(seed: int = 1) -> np.ndarray:
    """Return chips smuggled in 2024 by the arithmetic of CNAS (2025), rebuilt from Q031-Q039, shape (DRAWS,).

    Pathway 1: open vendors × chips a vendor and month × 12. Pathway 2, in Q038 of the cases: fronts × chips a
    front × diverted share, on top. The noise component (Q039), whose shape is not published, is left out.
    """
    rng = np.random.default_rng(seed)
    both = rng.uniform(size=DRAWS) < number("Q038", "central") / (number("Q037", "central") + number("Q038", "central"))
    vendors = lognormal(rng, "Q031") * lognormal(rng, "Q032") * MONTHS
    fronts = np.round(uniform(rng, "Q034")) * uniform(rng, "Q035") * uniform(rng, "Q036")
    return vendors + both * fronts
