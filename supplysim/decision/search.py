"""The search: the best portfolio a budget, further ones that differ from it, and the frontier, on the quick estimate.

Over a grid of strengths a portfolio's effect is a sum of cells (`emulated.Cells`) and its cost a sum over levers, so
all changes of two levers at once are weighed in one step (some thousand sums). From many starts, the best such change
is made until none is left. It ends where no change of one or two levers helps; on questions small enough to try
everything it finds the best (docs/decisions/0024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supplysim.decision.emulated import Cells

GRID = np.array([0.0, 0.25, 0.5, 0.75, 1.0])  # finer strengths differ by less than the estimate's own error
STARTS = 24
STEPS = 200  # changes from one start; a few dozen are needed
HALF = len(GRID) // 2
MOST_LEVERS = 8  # the largest packages that the quick estimate has learnt from
TRIFLE = 5e-4  # of the baseline: a lever that gives less for its money is left out


@dataclass(frozen=True, eq=False)
class Space:
    """What a search knows.

    Attributes
    ----------
    effect : Cells
        Of what is to become less.
    cost, burden : ndarray, shape (levers, strengths)
        US$ a year.
    """

    effect: Cells
    cost: np.ndarray
    burden: np.ndarray

    @property
    def levers(self) -> int:
        """Number of levers."""
        return len(self.cost)

    def paid(self, packages: np.ndarray) -> np.ndarray:
        """Return US$ a year of packages (n, levers), shape (n,)."""
        return self.cost[np.arange(self.levers), packages].sum(axis=1)

    def borne(self, packages: np.ndarray) -> np.ndarray:
        """Return the burden of packages (n, levers), US$ a year, shape (n,)."""
        return self.burden[np.arange(self.levers), packages].sum(axis=1)


def descend(space: Space, start: np.ndarray, budget: float, most: float) -> np.ndarray:
    """Return where changes of one or two levers at a time, the best first, lead from a package that can be paid.

    Parameters
    ----------
    space : Space
    start : ndarray of int, shape (levers,)
        Places on the grid.
    budget, most : float
        US$ a year that may be paid, and burden that may be borne.
    """
    levers, strengths = space.cost.shape
    every = np.arange(levers)
    twice = np.eye(levers, dtype=bool)[:, None, :, None]  # a lever is not changed twice at once
    at = start.copy()
    for _ in range(STEPS):
        bent = space.effect.bent[at]
        further = space.effect.bent[None, :] - bent[:, None]  # (levers, strengths)
        gain = space.effect.alone - space.effect.alone[every, at][:, None]
        gain = gain + further * (space.effect.together @ bent)[:, None]
        pays = space.cost - space.cost[every, at][:, None]
        bears = space.burden - space.burden[every, at][:, None]
        both = gain[:, :, None, None] + gain[None, None]
        both = both + space.effect.together[:, None, :, None] * further[:, :, None, None] * further[None, None]
        spent, borne = space.paid(at[None])[0], space.borne(at[None])[0]
        over = spent + pays[:, :, None, None] + pays[None, None] > budget
        if np.isfinite(most):
            over |= borne + bears[:, :, None, None] + bears[None, None] > most
        adds = (np.arange(strengths) > 0)[None].astype(int) - (at > 0)[:, None]
        over |= (at > 0).sum() + adds[:, :, None, None] + adds[None, None] > MOST_LEVERS
        # Changing one lever alone is a pair whose other change is none: its place stands for itself.
        both[np.broadcast_to(over | twice, both.shape)] = np.inf
        i, a, j, b = np.unravel_index(int(np.argmin(both)), both.shape)
        if both[i, a, j, b] > -1e-9:
            break
        at[i], at[j] = a, b
    return at


def trimmed(space: Space, package: np.ndarray) -> np.ndarray:
    """Return a package without what costs money or burdens and gives less than a trifle."""
    at = package.copy()
    for lever in np.argsort(-space.cost[np.arange(space.levers), at]):
        fewer = at.copy()
        fewer[lever] = 0
        sums = space.cost[lever, at[lever]], space.burden[lever, at[lever]]
        if (
            at[lever]
            and min(sums) >= 0.0 < max(sums)
            and space.effect.of(fewer[None])[0] - space.effect.of(at[None])[0] < TRIFLE
        ):
            at = fewer
    return at


def optima(space: Space, budget: float, most: float = np.inf, seed: int = 0) -> np.ndarray:
    """Return where the search ends from many starts, the best first, each once, shape (found, levers)."""
    random = np.random.default_rng([seed, 24])
    found = [trimmed(space, descend(space, start, budget, most)) for start in starts(space, budget, most, random)]
    packages = np.unique(np.array(found), axis=0)
    order = np.argsort(space.effect.of(packages), kind="stable")
    return packages[order]


def starts(space: Space, budget: float, most: float, random: np.random.Generator) -> list[np.ndarray]:
    """Return packages to start from: nothing, and random ones that can be paid."""
    made = [np.zeros(space.levers, dtype=int)]
    while len(made) < STARTS:
        at = np.zeros(space.levers, dtype=int)
        for lever in random.permutation(space.levers)[:MOST_LEVERS]:
            place = int(random.integers(0, len(GRID)))
            more = at.copy()
            more[lever] = place
            if space.paid(more[None])[0] <= budget and space.borne(more[None])[0] <= most:
                at = more
        made.append(at)
    return made


def candidates(space: Space, budget: float, most: float, count: int, seed: int = 0) -> np.ndarray:
    """Return the best package and further ones with other levers, the best first, shape (at most count, levers).

    Further ones are the best without one lever of the first, each in turn, and other ends of the search.
    """
    ends = optima(space, budget, most, seed)
    best = ends[0]
    pool = [*ends]
    pool += [without(space, best, int(lever), budget, most) for lever in np.flatnonzero(best)]
    effects = space.effect.of(np.array(pool))
    chosen = [best]
    for place in np.argsort(effects, kind="stable"):
        if len(chosen) < count and all(((pool[place] > 0) != (one > 0)).any() for one in chosen):
            chosen.append(pool[place])
    return np.array(chosen)


def without(space: Space, package: np.ndarray, lever: int, budget: float, most: float = np.inf) -> np.ndarray:
    """Return where the search leads from a package that loses one lever for good, shape (levers,)."""
    fewer = Space(space.effect, space.cost.copy(), space.burden)
    fewer.cost[lever, 1:] = np.inf
    start = package.copy()
    start[lever] = 0
    if space.paid(start[None])[0] > budget or space.borne(start[None])[0] > most:  # without what it brought in
        start[:] = 0
    return trimmed(space, descend(fewer, start, budget, most))


def least_burden(space: Space, budget: float, target: float, seed: int = 0) -> np.ndarray:
    """Return the package of least burden that brings at least a fall by `target`; the largest fall if none does."""
    low, high = 0.0, float(space.burden.max(axis=1).clip(0.0).sum())
    best = optima(space, budget, np.inf, seed)[0]
    if space.effect.of(best[None])[0] > -target:
        return best
    for _ in range(12):  # halves the range of burdens
        middle = 0.5 * (low + high)
        found = optima(space, budget, middle, seed)[0]
        if space.effect.of(found[None])[0] <= -target:
            best, high = found, middle
        else:
            low = middle
    return best


def frontier(space: Space, points: int = 16, burdens: int = 4) -> np.ndarray:
    """Return packages of which none is at least as good as another in effect, cost and burden, shape (n, levers)."""
    top = float(space.cost.max(axis=1).clip(0.0).sum())
    most = float(space.burden.max(axis=1).clip(0.0).sum())
    budgets = np.geomspace(max(top / 3000.0, 1.0), max(top, 2.0), points)
    limits = [*(most * np.geomspace(0.003, 0.3, burdens - 1)), np.inf] if most > 0.0 else [np.inf]
    found, at = [np.zeros(space.levers, dtype=int)], np.zeros(space.levers, dtype=int)
    for limit in limits:
        at = np.zeros(space.levers, dtype=int)
        for budget in budgets:  # each begins where a smaller budget ended
            at = descend(space, at, budget, limit)
            found.append(trimmed(space, at))
    packages = np.unique(np.array(found), axis=0)
    values = np.column_stack([space.effect.of(packages), space.paid(packages), space.borne(packages)])
    return packages[undominated(values)]


def undominated(values: np.ndarray) -> np.ndarray:
    """Return which rows (n, objectives) no other row beats in one objective and equals or beats in all; shape (n,)."""
    no_worse = (values[None] <= values[:, None]).all(axis=2)
    better = (values[None] < values[:, None]).any(axis=2)
    return np.asarray(~np.logical_and(no_worse, better).any(axis=1))
