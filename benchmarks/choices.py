"""How right the analyses of a choice are where the answer is known, and how long they take.

`python -m benchmarks.choices [TOYS]` prints the table of docs/choices.md; 100 toys take a minute. The toys are those of
the tests.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from supplysim.decision.choices import Choices
from supplysim.decision.estimate import Worth
from supplysim.decision.findings import find
from supplysim.decision.flips import flips
from supplysim.decision.information import information
from supplysim.decision.tree import tree

TOYS = 100
Row = tuple[str, str, str]


def made(values: Any, weights: Any = None, **given: Any) -> Choices:
    """Return choices with chips as their one objective: values of shape (worlds, options)."""
    values = np.asarray(values, dtype=float)
    worlds, options = values.shape
    weights = np.full(worlds, 1.0 / worlds) if weights is None else np.asarray(weights)
    names = ("as it stands", *(f"option {number}" for number in range(1, options)))
    frames = {name: given.pop(name, pd.DataFrame(index=range(worlds))) for name in ("factors", "states")}
    return Choices(names, {"chips": values}, **frames, weights=weights, **given)


def bent(x: np.ndarray) -> np.ndarray:
    """Return a difference of two options that bends and is 0 at .4 ** (1 / 3)."""
    return 60.0 * (x**3 - 0.4)


def straight(x: np.ndarray) -> np.ndarray:
    """Return a difference of two options that is 0 at .6."""
    return 30.0 * (x - 0.6)


def crossing(
    worlds: int = 128, seed: int = 1, curve: Callable[[np.ndarray], np.ndarray] = straight, noise: float = 5.0
) -> Choices:
    """Return two options that cross where the curve is 0, among ten factors, in worlds of any size."""
    rng = np.random.default_rng(seed)
    x = (rng.permutation(worlds) + 0.5) / worlds
    factors = pd.DataFrame({"due_diligence.coverage": x} | {f"idle{i}": rng.random(worlds) for i in range(9)})
    level = 200.0 + 50.0 * rng.random(worlds)
    one = level - 40.0
    return made(np.column_stack([level, one, one + curve(x) + noise * rng.normal(size=worlds)]), factors=factors)


def points(worlds: int, count: int, seed: int) -> np.ndarray:
    """Return even, independent points of some factors, shape (worlds, count)."""
    rng = np.random.default_rng(seed)
    return np.column_stack([(rng.permutation(worlds) + rng.random(worlds)) / worlds for _ in range(count)])


def linear(
    worlds: int = 256,
    seed: int = 1,
    count: int = 5,
    slopes: Sequence[float] = (20.0,),
    means: Sequence[float] = (-4.0,),
    noise: float = 10.0,
) -> Choices:
    """Return options of outcomes 100, and 100 + mean + slope * normal factor + noise, one factor an option."""
    u = points(worlds, count, seed)
    z = stats.norm.ppf(u)
    rng = np.random.default_rng(seed + 1000)
    options = [
        100.0 + mean + slope * z[:, place] + noise * rng.normal(size=worlds)
        for place, (mean, slope) in enumerate(zip(means, slopes, strict=True))
    ]
    values = np.column_stack([np.full(worlds, 100.0), *options])
    return made(values, factors=pd.DataFrame(u, columns=[f"x{i}" for i in range(count)]))


def gaussian(mean: float, slope: float) -> float:
    """Return E max(0, -m - b z) - max(0, -m): what it is worth to know a normal factor, in closed form."""
    away = abs(mean) / slope
    return float(slope * stats.norm.pdf(away) - abs(mean) * stats.norm.cdf(-away))


def corner(worlds: int = 400, seed: int = 1, blur: float = 0.0) -> tuple[Choices, np.ndarray]:
    """Return choices whose favourite loses where wtp is above .7 and the door is open, and by chance where blurred."""
    rng = np.random.default_rng(seed)
    factors = pd.DataFrame({name: rng.random(worlds) for name in ("wtp", "taste", "effort", "case_weeks")})
    states = pd.DataFrame({"door": np.array(["open", "shut"])[rng.integers(0, 2, worlds)]})
    lost = ((factors["wtp"] > 0.7) & (states["door"] == "open")).to_numpy() ^ (rng.random(worlds) < blur)
    values = np.column_stack([np.full(worlds, 100.0), np.full(worlds, 50.0), np.where(lost, 40.0, 90.0)])
    return made(values, factors=factors, states=states), lost


def of(choices: Choices, name: str = "x0") -> Worth:
    """Return what a factor is worth."""
    return next(one for one in information(choices).factors if one.name == name)


def _worths(toys: int) -> Iterator[Row]:
    cases = (("two options", 96, -4.0, 20.0), ("two options", 256, -4.0, 20.0), ("a weak factor", 96, -10.0, 5.0))
    for text, worlds, mean, slope in cases:
        known = gaussian(mean, slope)
        found = [of(linear(worlds, seed, means=(mean,), slopes=(slope,))) for seed in range(toys)]
        right = float(np.mean([one.low <= known <= one.high for one in found]))
        value = np.mean([one.value for one in found])
        yield f"worth of a factor, {text}, {worlds} worlds", f"{known:.3g}", _found(f"{value:.3g}", right)
    every = [information(linear(count=30, seed=seed)).factors for seed in range(max(toys // 5, 1))]
    idle = [one for factors in every for one in factors if one.name != "x0"]
    above, told = np.mean([one.low > 0.0 for one in idle]), np.mean([one.clear for one in idle])
    text = f"begins above 0 for {100 * above:.1f} of 100, {100 * told:.1f} told"
    yield "29 factors that do nothing, 256 worlds", "0", text


def _crossings(toys: int) -> Iterator[Row]:
    cases = (
        ("bent", bent, 0.4 ** (1.0 / 3.0), 96, 15.0),
        ("bent", bent, 0.4 ** (1.0 / 3.0), 256, 25.0),
        ("straight", straight, 0.6, 96, 10.0),
        ("straight", straight, 0.6, 96, 25.0),
    )
    for text, curve, known, worlds, noise in cases:
        every = [flips(crossing(worlds, 1000 + seed, curve, noise)).curves for seed in range(toys)]
        found = [next((flip for one in curves for flip in one.flips), None) for curves in every]
        told = [flip for flip in found if flip is not None and flip.factor == "due_diligence.coverage"]
        right = float(np.mean([flip.low <= known <= flip.high for flip in told]))
        value = f"{np.mean([flip.value for flip in told]):.3f} in {100 * len(told) / toys:.0f} of 100"
        yield f"crossing, {text}, noise {noise:.0f}, {worlds} worlds", f"{known:.3f}", _found(value, right)


def _trees(toys: int) -> Iterator[Row]:
    found = [tree(corner(256, seed, blur=0.1)[0]).held_out for seed in range(toys)]
    means = [np.mean([getattr(one, name) for one in found]) for name in ("base", "precision", "coverage")]
    text = "precision {1:.2f}, coverage {2:.2f}, base rate {0:.2f}".format(*means)
    yield (
        "losing worlds in a corner, one in ten by chance, 256 worlds",
        "precision .90, coverage .61, base rate .22",
        text,
    )


def _found(value: str, right: float) -> str:
    return f"{value}; 90 % interval right in {100 * right:.0f} of 100"


def _times() -> Iterator[Row]:
    for worlds in (96, 256):
        rng = np.random.default_rng(1)
        count = 150
        u = points(worlds, count, 1)
        level = np.exp(rng.normal(size=worlds))
        values = np.column_stack([level, *(level * (0.9 - 0.2 * u[:, option]) for option in range(7))])
        choices = made(values, factors=pd.DataFrame(u, columns=[f"x{i}" for i in range(count)]))
        find(choices)  # loads what is needed
        clock, processor = time.perf_counter(), time.process_time()
        find(choices)
        text = f"{time.perf_counter() - clock:.1f} s, {time.process_time() - processor:.1f} s of processor"
        yield f"all analyses, 8 options, {count} factors, {worlds} worlds", "", text


def main(toys: int = TOYS) -> None:
    """Print the table."""
    print("| what | known | found |\n|---|---|---|")
    for rows in (_trees(toys), _worths(toys), _crossings(toys), _times()):
        for row in rows:
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
