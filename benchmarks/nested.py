"""What it is worth to know one assumption: fits to worlds as drawn, against nested Monte Carlo on the model.

python -m benchmarks.nested [VALUES PAIRS WORLDS]

Nested: the assumption is held at one value after the other (even points of its prior), and every value is run in the
same worlds of all else; the best option of each value is set against the best over all values. That the best of noisy
means looks better than it is, is seen by resampling those worlds, and taken off. The fits are those of
`decision.information`, on other worlds in which all is drawn at once.
"""

from __future__ import annotations

import sys

import numpy as np

from supplysim.api import compare
from supplysim.decision.choices import choices_of
from supplysim.decision.information import information
from supplysim.evidence import parameters

WORLD, PARAMETER = "baseline-2027", "location_exposure"
OPTIONS = ["enforcement_budget", "location_verification", "due_diligence"]
VALUES, PAIRS, WORLDS = 8, 24, 96
SEED, RESAMPLED = 3, 2000


def left(pairs: int, seed: int, value: float | None = None) -> tuple[np.ndarray, float]:
    """Return the chips left by each option, the world as it stands first, shape (pairs, options), and their mean."""
    held = {PARAMETER: {"value": value, "source": "a benchmark", "why": "one value of many"}}
    study = compare(WORLD, OPTIONS, pairs, seed=seed, replicates=0, beliefs=None if value is None else held)
    found = np.column_stack([study.values(arm, "delivered", study.window) for arm in ("baseline", *OPTIONS)])
    return found, float(found[:, 0].mean())


def worth(table: np.ndarray) -> np.ndarray:
    """Return what the best of each value saves against the best over all values, of shape (..., values, options)."""
    return table.mean(axis=-2).min(axis=-1) - table.min(axis=-1).mean(axis=-1)


def nested(values: int, pairs: int) -> tuple[float, float, float, float]:
    """Return the worth, relative to the baseline, less what chance brings about, its 90 % interval, and that chance."""
    prior = parameters()[PARAMETER].prior
    points = prior.quantile((np.arange(values) + 0.5) / values)
    runs = [left(pairs, SEED, float(point)) for point in points]
    every, level = np.stack([one for one, _ in runs]), float(np.mean([base for _, base in runs]))
    drawn = np.random.default_rng(1).integers(0, pairs, (RESAMPLED, pairs))
    own = float(worth(every.mean(axis=1)))
    again = worth(np.moveaxis(every[:, drawn].mean(axis=2), 0, 1))
    chance = float(again.mean()) - own
    low, high = np.quantile(again - chance - chance, (0.05, 0.95))
    return tuple(max(one, 0.0) / level for one in (own - chance, low, high, chance))  # type: ignore[return-value]


def main() -> None:
    """Print both."""
    values, pairs, worlds = map(int, sys.argv[1:4] or (VALUES, PAIRS, WORLDS))
    study = compare(WORLD, OPTIONS, worlds, seed=SEED + 1, replicates=0)
    found = information(choices_of(study), "chips")
    fitted = next(one for one in found.factors if one.name == PARAMETER)
    level = found.everything.value / found.everything.relative
    print(
        f"fits, {worlds} worlds: {fitted.relative:.2%} of the baseline ({fitted.low / level:.2%} to "
        f"{fitted.high / level:.2%}); clear {fitted.clear}; everything {found.everything.relative:.2%}"
    )
    value, low, high, chance = nested(values, pairs)
    print(f"nested, {values} values x {pairs} worlds: {value:.2%} ({low:.2%} to {high:.2%}), chance {chance:.2%} off")


if __name__ == "__main__":
    main()
