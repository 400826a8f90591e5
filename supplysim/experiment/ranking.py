"""Which policy is best, how surely, and what it may cost to choose it: over parameters, seeds and decision rules.

Best means fewest chips delivered over the window. The choices are the policies that contain no other one (a
package always beats its parts by more than it tells) and to leave things as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.statistics import mean_error

if TYPE_CHECKING:
    from supplysim.run import Arms

AS_IT_STANDS = "as it stands"
MORE = (0.0, 0.0, 1.0, 1.0)  # worlds that may yet come: the error of a share is never 0 (Agresti and Coull)


@dataclass(frozen=True)
class Rank:
    """How one choice fares against the others.

    Attributes
    ----------
    policy : str
    probability_best, probability_error : float
        Share of the worlds in which it is best, and its standard error; ties are shared out.
    regret, regret_error : float
        Chips delivered more than under the best choice of each world, mean over worlds, and its standard error.
    """

    policy: str
    probability_best: float
    probability_error: float
    regret: float
    regret_error: float


def choices(arms: Arms) -> list[str]:
    """Return the arms whose policies are not those of another arm and more."""
    sets = {arm: frozenset(map(repr, policies)) for arm, policies in arms.items()}
    return [arm for arm, own in sets.items() if not any(other < own for other in sets.values() if other)]


def rank(delivered: Mapping[str, np.ndarray]) -> list[Rank]:
    """Return the choices from the most often best to the least; then by regret.

    Parameters
    ----------
    delivered : mapping of str to ndarray, shape (rules, pairs)
        Chips delivered under each choice, in the same worlds. Rules weigh alike, and pairs are what is
        independent: errors are those of a mean over pairs.
    """
    names = [*delivered]
    worlds = np.array([delivered[name] for name in names])
    least = worlds.min(axis=0)
    best = worlds == least
    won = (best / best.sum(axis=0)).mean(axis=1)
    regret = (worlds - least).mean(axis=1)
    ranks = [
        Rank(name, float(w.mean()), mean_error(np.append(w, MORE))[0], float(r.mean()), mean_error(r)[0])
        for name, w, r in zip(names, won, regret, strict=True)
    ]
    return sorted(ranks, key=lambda one: (-one.probability_best, one.regret))
