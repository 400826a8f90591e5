"""The search of a decision against NSGA-II that runs the model for every package: both judged in fresh worlds.

python -m benchmarks.exact_search [PACKAGES WORLDS FRESH]

NSGA-II (pymoo) sees effect and cost of each package in a few worlds of a seed of its own, generation after generation.
The search sees the quick estimate alone. Each then hands in the packages of its frontier below 300 million a year, and
these are run in worlds that neither has seen; told is the volume under what is left undominated there.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import Problem
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.optimize import minimize

from supplysim.api import compare
from supplysim.decision.portfolio import Searched
from supplysim.decision.problem import problem
from supplysim.decision.search import GRID, MOST_LEVERS, frontier
from supplysim.decision.spending import spending
from supplysim.emulator.predict import emulator

WORLD, DEAREST = "baseline-2027", 300e6
PACKAGES, WORLDS, FRESH = 300, 3, 16
AT_ONCE = 25  # packages of a generation
HANDED_IN = 12
FIRST = (4, 9)  # seeds of the worlds in which NSGA-II searches and of the fresh ones


class Exact(Problem):  # type: ignore[misc]
    """Effect and cost of packages by runs of the model."""

    def __init__(self, searched: Searched, worlds: int, seed: int) -> None:
        self.searched, self.worlds, self.seed = searched, worlds, seed
        super().__init__(n_var=len(searched.levers), n_obj=2, n_ieq_constr=1, xl=0, xu=len(GRID) - 1, vtype=int)

    def judged(self, places: np.ndarray) -> np.ndarray:
        """Return change of chips and cost over `DEAREST`, shape (packages, 2)."""
        names = [self.searched.made(one).name for one in places]
        arms = list(dict.fromkeys(name for name in names if name))
        study = compare(WORLD, arms, self.worlds, seed=self.seed, replicates=0)
        base = study.values("baseline", "delivered", study.window).mean()
        found = {"": (0.0, 0.0)} | {
            name: (
                study.values(name, "delivered", study.window).mean() / base - 1.0,
                study.cost_a_year(name, ("us_cost",)).mean() / DEAREST,
            )
            for name in arms
        }
        return np.array([found[name] for name in names])

    def _evaluate(self, x: np.ndarray, out: dict[str, np.ndarray], *args: object, **kwargs: object) -> None:
        over = (x > 0).sum(axis=1) - MOST_LEVERS
        values = np.ones((len(x), 2))
        if (over <= 0).any():  # what is too large is not run
            values[over <= 0] = self.judged(x[over <= 0])
        out["F"], out["G"] = values, over


def beginning(levers: int) -> np.ndarray:
    """Return packages of one to the most levers, drawn by chance, to start from, shape (packages, levers)."""
    random, found = np.random.default_rng(1), np.zeros((AT_ONCE, levers), dtype=int)
    for package in found:
        chosen = random.choice(levers, random.integers(1, MOST_LEVERS + 1), replace=False)
        package[chosen] = random.integers(1, len(GRID), len(chosen))
    return found


def some(places: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Return at most `HANDED_IN` packages below the dearest, spread evenly over their order by cost."""
    order = [one for one in np.argsort(costs) if costs[one] <= 1.0 and places[one].any()]
    chosen = np.unique(np.linspace(0, len(order) - 1, min(HANDED_IN, len(order))).round().astype(int))
    return places[[order[one] for one in chosen]]


def main() -> None:
    """Print the volumes."""
    packages, worlds, fresh = map(int, sys.argv[1:4] or (PACKAGES, WORLDS, FRESH))
    known = emulator(WORLD)
    assert known is not None
    searched = Searched(problem([300]), known, spending(WORLD))
    space = searched.space("chips")
    started = time.perf_counter()
    ours = frontier(space, points=24, burdens=1)
    ours = some(ours, space.paid(ours) / DEAREST)
    print(f"search: {len(ours)} packages after {time.perf_counter() - started:.1f} s, no run", flush=True)
    started = time.perf_counter()
    rounding = {"repair": RoundingRepair(), "vtype": float}
    start = beginning(len(searched.levers))
    method = NSGA2(AT_ONCE, sampling=start, crossover=SBX(**rounding), mutation=PM(**rounding))
    found = minimize(Exact(searched, worlds, FIRST[0]), method, ("n_gen", packages // AT_ONCE), seed=1)
    theirs = some(np.atleast_2d(found.X).astype(int), np.atleast_2d(found.F)[:, 1])
    runs = packages * worlds
    print(f"NSGA-II: {len(theirs)} packages after {runs:,} runs, {time.perf_counter() - started:.0f} s", flush=True)
    judge, volume = Exact(searched, fresh, FIRST[1]), HV(ref_point=np.array([0.0, 1.0]))
    for name, places in (("search", ours), ("NSGA-II", theirs)):
        values = judge.judged(places)
        print(f"{name}: volume {volume(values):.3f} in {fresh} fresh worlds; largest fall {values[:, 0].min():.1%}")


if __name__ == "__main__":
    main()
