"""How good and how fast the search of a decision is: against trying everything, and against pymoo's NSGA-II.

python -m benchmarks.deciding [--exact 24]

With `--exact`, every package of three levers at four strengths is run in so many worlds of a seed that the search has
not seen, and the search's choice is told beside the best of them.
"""

from __future__ import annotations

import argparse
import time
from itertools import product

import numpy as np

from supplysim.decision.emulated import Cells
from supplysim.decision.portfolio import Searched
from supplysim.decision.problem import MILLION, problem
from supplysim.decision.search import GRID, MOST_LEVERS, Space, frontier, optima
from supplysim.decision.spending import spending
from supplysim.emulator.predict import emulator

WORLD, BUDGETS, DEAREST = "baseline-2027", (3, 10, 30, 100, 300), 300e6
GENERATIONS = (25, 100, 400)
SUBSETS, SIZE = 8, 6


def space() -> Space:
    """Return what the default question searches in."""
    known = emulator(WORLD)
    assert known is not None
    return Searched(problem(BUDGETS), known, spending(WORLD)).space("chips")


def of_levers(whole: Space, levers: np.ndarray) -> Space:
    """Return a space of fewer levers."""
    effect = Cells(whole.effect.alone[levers], whole.effect.together[np.ix_(levers, levers)], whole.effect.bent)
    return Space(effect, whole.cost[levers], whole.burden[levers])


def against_everything(whole: Space) -> tuple[int, int, float]:
    """Return questions, questions whose best was found, and the largest loss, relative to the baseline."""
    random, every = np.random.default_rng(3), np.array(list(product(range(len(GRID)), repeat=SIZE)))
    losses = []
    for _ in range(SUBSETS):
        part = of_levers(whole, np.sort(random.choice(whole.levers, SIZE, replace=False)))
        effects, costs = part.effect.of(every), part.paid(every)
        for budget in BUDGETS:
            best = effects[costs <= budget * MILLION].min()
            losses.append(float(part.effect.of(optima(part, budget * MILLION)[:1])[0] - best))
    return len(losses), sum(loss < 1e-9 for loss in losses), max(losses)


def against_nsga(whole: Space) -> None:
    """Print the volume under both frontiers of effect and cost, and how long they took."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.indicators.hv import HV
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling
    from pymoo.optimize import minimize

    class Levers(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=whole.levers, n_obj=2, n_ieq_constr=1, xl=0, xu=len(GRID) - 1, vtype=int)

        def _evaluate(self, x: np.ndarray, out: dict[str, np.ndarray], *args: object, **kwargs: object) -> None:
            out["F"] = np.column_stack([whole.effect.of(x), whole.paid(x) / DEAREST])
            out["G"] = (x > 0).sum(axis=1) - MOST_LEVERS

    volume = HV(ref_point=np.array([0.0, 1.0]))
    started = time.perf_counter()
    ours = frontier(whole, points=24, burdens=1)
    seconds = time.perf_counter() - started
    own = np.column_stack([whole.effect.of(ours), whole.paid(ours) / DEAREST])
    print(f"search: volume {volume(own[own[:, 1] <= 1.0]):.4f} in {seconds:.2f} s, {len(ours)} packages")
    for generations in GENERATIONS:
        rounding = {"repair": RoundingRepair(), "vtype": float}
        algorithm = NSGA2(100, sampling=IntegerRandomSampling(), crossover=SBX(**rounding), mutation=PM(**rounding))
        started = time.perf_counter()
        theirs = minimize(Levers(), algorithm, ("n_gen", generations), seed=1).F
        seconds = time.perf_counter() - started
        print(f"NSGA-II, {100 * generations:,} packages: volume {volume(theirs):.4f} in {seconds:.2f} s")


EXACT = ("enforcement_budget", "border", "due_diligence")
SPENT = (20, 30, 45)  # millions of US$ a year


def against_runs(pairs: int) -> None:
    """Print the search's choice and the best of all 64 packages, both by exact runs, for some budgets."""
    from supplysim.api import compare

    known = emulator(WORLD)
    assert known is not None
    asked = Searched(problem(SPENT, levers=EXACT), known, spending(WORLD))
    grid = [place for place, strength in enumerate(GRID) if strength > 0.0]
    packages = [asked.made(np.array(places)) for places in product(grid, repeat=len(EXACT))]
    study = compare(WORLD, [each.name for each in packages], pairs, seed=2, replicates=0)
    base = study.values("baseline", "delivered", study.window)
    left = {each.name: study.values(each.name, "delivered", study.window) / base.mean() for each in packages}
    for budget in SPENT:
        paid = [each for each in packages if each.cost <= budget * MILLION]
        best = min(paid, key=lambda each: float(left[each.name].mean()))
        order = {each.name: each for each in paid}
        space = asked.space("chips")
        chosen = next(
            found.name for found in map(asked.made, _inside(space, budget * MILLION, grid)) if found.name in order
        )
        gap = left[chosen] - left[best.name]
        error = gap.std(ddof=1) / len(gap) ** 0.5
        print(
            f"${budget}M: search {chosen} ({left[chosen].mean() - 1.0:+.1%}), best of {len(paid)} run {best.name} "
            f"({left[best.name].mean() - 1.0:+.1%}), behind by {gap.mean():.1%} ± {1.645 * error:.1%}"
        )


def _inside(space: Space, budget: float, grid: list[int]) -> np.ndarray:
    """Return the packages of all levers that a budget pays, the best by the quick estimate first."""
    every = np.array(list(product(grid, repeat=space.levers)))
    paid = every[space.paid(every) <= budget]
    return paid[np.argsort(space.effect.of(paid), kind="stable")]


def main() -> None:
    """Print the comparisons."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--exact", type=int, default=0, metavar="WORLDS")
    worlds = options.parse_args().exact
    if worlds:
        against_runs(worlds)
        return
    whole = space()
    asked, found, loss = against_everything(whole)
    print(f"best of {len(GRID)}^{SIZE} packages found in {found} of {asked} questions, largest loss {100 * loss:.3f} %")
    against_nsga(whole)


if __name__ == "__main__":
    main()
