"""What an effect, and an order, hang on: the strongest assumptions, the effect at their ends, where the order turns.

The rule. Worlds differ in their parameters, and each parameter is put on a scale on which its draws are normal (by
rank, so unit and prior do not matter). For an effect, the parameters that go most with the relative change of single
worlds are found one after the other, by rank correlation with what those before leave unexplained (`drivers`). Then a
straight line in these parameters is fitted to the relative changes, each world weighing by its baseline: in the middle
it gives the ratio of means, and at the 5 % or 95 % point of one parameter the ratio of means of worlds like that. For
an order the same is done with the difference of two policies; where the line crosses 0 the order turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim.experiment.adjustment import normal_scores
from supplysim.experiment.arms import acting
from supplysim.experiment.drivers import Found, ranks, strongest
from supplysim.experiment.state_draws import of_no_state
from supplysim.experiment.statistics import SPAN
from supplysim.run import BASELINE

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison
    from supplysim.policies.base import Policy

SHOWN = 3  # assumptions of a policy
FEWEST = 48  # worlds; in fewer too many parameters go together to name one (docs/experiments.md)
LOW, HIGH = 0.05, 0.95  # of the draws: what is called the ends of a range
REACH = NormalDist().inv_cdf(HIGH)
NOTHING_LEFT = -1.0  # no relative change is lower


@dataclass(frozen=True)
class Assumption:
    """How the relative change that a policy brings hangs on one parameter.

    Attributes
    ----------
    policy, measure, parameter : str
    low, high : float
        5 % and 95 % point of the parameter's draws, in its unit.
    at_low, at_high : float
        Relative change there.
    error : float
        Standard error of the difference of the two.
    stands_out : bool
        Whether chance among all parameters would hardly bring it about.
    instead : str
        A parameter whose draws go along with it in these worlds and which explains as much; empty if none does.
    """

    policy: str
    measure: str
    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    error: float
    stands_out: bool
    instead: str


@dataclass(frozen=True)
class Turn:
    """Where the order of two policies turns: the value of a parameter at which both do the same.

    Attributes
    ----------
    measure, parameter : str
    value, low, high : float
        The value, and the ends of its 90 % interval within the range of the draws, in the parameter's unit.
    below, above : str
        Policy that lowers the measure more below the value, and above it.
    strength : float
        Slope of the difference over its standard error, without sign.
    instead : str
        As of an `Assumption`.
    """

    measure: str
    parameter: str
    value: float
    low: float
    high: float
    below: str
    above: str
    strength: float
    instead: str


class Line(NamedTuple):
    """A fitted line in one parameter, on the scale of normal scores, others at their middle.

    Attributes
    ----------
    found : Found
        The parameter.
    middle, slope : float
        Of the line at the weighted mean score, and its rise a unit.
    at : float
        That mean score.
    middle_error, slope_error, together : float
        Variances of middle and slope, and their covariance.
    """

    found: Found
    middle: float
    slope: float
    at: float
    middle_error: float
    slope_error: float
    together: float

    def value(self, score: float) -> float:
        """Return the line at a score."""
        return self.middle + self.slope * (score - self.at)


def lines(draws: np.ndarray, change: np.ndarray, weight: np.ndarray, shown: int = 0) -> list[Line]:
    """Return the lines in the parameters that matter, strongest first; none for few worlds, or nothing that varies.

    Parameters
    ----------
    draws : ndarray, shape (worlds, parameters)
    change : ndarray, shape (worlds,)
        Relative change of each world, or a difference of two.
    weight : ndarray, shape (worlds,)
        Its baseline.
    shown : int
        So many are returned at least, also if they do not stand out.
    """
    worlds = len(change)
    if worlds < FEWEST or not draws.shape[1] or np.ptp(change) == 0.0:
        return []
    found = strongest(ranks(draws.T), ranks(change[None, :])[0], shown)
    found = found[: max(shown, SHOWN)]
    if not found:
        return []
    chosen = draws[:, [one.place for one in found]]
    scores = normal_scores(chosen, chosen)
    weight = weight / weight.mean()
    at = np.average(scores, axis=0, weights=weight)
    design = np.column_stack([np.ones(worlds), scores - at])
    inverse = np.linalg.pinv(design.T @ (design * weight[:, None]))
    coefficients = inverse @ (design.T @ (weight * change))
    left = weight * (change - design @ coefficients)
    spread = inverse @ ((design * left[:, None]).T @ (design * left[:, None])) @ inverse
    spread *= worlds / max(worlds - design.shape[1], 1)  # errors differ from world to world: a sandwich
    return [
        Line(
            one,
            float(coefficients[0]),
            float(coefficients[row]),
            float(at[row - 1]),
            float(spread[0, 0]),
            float(spread[row, row]),
            float(spread[0, row]),
        )
        for row, one in enumerate(found, start=1)
    ]


def assumptions(comparison: Comparison, arm: str, measure: str, shown: int = SHOWN) -> list[Assumption]:
    """Return the strongest assumptions of a policy's effect on a measure over the window, strongest first."""
    worlds = _Worlds(comparison, measure)
    names = worlds.names(comparison.arms[arm])
    draws = worlds.draws(names)
    return [
        Assumption(
            policy=arm,
            measure=measure,
            parameter=names[line.found.place],
            low=float(np.quantile(draws[:, line.found.place], LOW)),
            high=float(np.quantile(draws[:, line.found.place], HIGH)),
            at_low=max(line.value(-REACH), NOTHING_LEFT),
            at_high=max(line.value(REACH), NOTHING_LEFT),
            error=2.0 * REACH * float(np.sqrt(line.slope_error)),
            stands_out=line.found.clear,
            instead=_named(names, line.found.instead),
        )
        for line in lines(draws, worlds.change(arm), worlds.level, shown)[:shown]
    ]


def turns(comparison: Comparison, leading: Sequence[str], measure: str) -> list[Turn]:
    """Return where the order among some policies turns, by the assumptions that stand out, the surest first."""
    worlds = _Worlds(comparison, measure)
    found = []
    for one, other in combinations(leading, 2):
        names = worlds.names((*comparison.arms[one], *comparison.arms[other]))
        draws = worlds.draws(names)
        for line in lines(draws, worlds.change(one) - worlds.change(other), worlds.level):
            turn = _turn(line, draws[:, line.found.place])
            if turn is not None:
                below, above = (one, other) if line.slope > 0.0 else (other, one)
                strength = abs(line.slope) / max(np.sqrt(line.slope_error), 1e-12)
                name, instead = names[line.found.place], _named(names, line.found.instead)
                found.append(Turn(measure, name, *turn, below, above, float(strength), instead))
    return sorted(found, key=lambda turn: -turn.strength)


def _turn(line: Line, draws: np.ndarray) -> tuple[float, float, float] | None:
    """Return the value at which a line crosses 0 and the ends of its interval; None outside the range of the draws."""
    if not line.found.clear or line.slope == 0.0:
        return None
    score = line.at - line.middle / line.slope
    if abs(score) >= REACH:
        return None
    apart = score - line.at
    variance = line.middle_error + 2.0 * apart * line.together + apart**2 * line.slope_error
    half = SPAN * float(np.sqrt(max(variance, 0.0))) / abs(line.slope)
    shares = [NormalDist().cdf(min(max(place, -REACH), REACH)) for place in (score, score - half, score + half)]
    value, low, high = (float(found) for found in np.quantile(draws, shares))
    return value, low, high


def _named(names: Sequence[str], place: int | None) -> str:
    return "" if place is None else names[place]


class _Worlds:
    """The worlds of a comparison in which a measure is known and not 0."""

    def __init__(self, comparison: Comparison, measure: str) -> None:
        self.comparison, self.measure = comparison, measure
        sides = [comparison.values(side, measure, comparison.window) for side in (BASELINE, *comparison.arms)]
        self.known = np.isfinite(sides).all(axis=0) & (sides[0] > 0.0)
        self.level = sides[0][self.known]
        pairs = np.array([pair[0].pair for pair in comparison.runs])[self.known]
        self.drawn = [comparison.draws[pair] for pair in pairs]

    def names(self, policies: Iterable[Policy]) -> list[str]:
        """Return the parameters that vary and can matter under policies, the scenario's own among them."""
        every = of_no_state(self.drawn, self.comparison.scenario.states)
        mine = acting(every, (*self.comparison.scenario.policies, *policies))
        return [name for name in mine if len({draw[name] for draw in self.drawn}) > 1]

    def draws(self, names: Sequence[str]) -> np.ndarray:
        """Return named parameters, shape (worlds, parameters)."""
        return np.array([[draw[name] for name in names] for draw in self.drawn]).reshape(len(self.drawn), len(names))

    def change(self, arm: str) -> np.ndarray:
        """Return the relative change under an arm, shape (worlds,)."""
        level = self.comparison.values(arm, self.measure, self.comparison.window)[self.known]
        return level / self.level - 1.0
