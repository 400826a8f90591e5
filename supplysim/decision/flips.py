"""Where the choice changes: the value of an assumption, or the objective, at which another option becomes the best.

The factors that go most with the difference between the favourite and some rival are looked for (`experiment.drivers`).
Along each of them the mean of every option is smoothed (`smooth`), with the other factors as straight lines beside it;
the choice is the option with the least. What is told of a change is the value at which the two options cross, the 90 %
interval of it over resampled worlds, and in how many resamples they cross at all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from supplysim.decision import words
from supplysim.decision.choices import Choices
from supplysim.decision.smooth import Smoother, scores_of, spline, wild
from supplysim.decision.telling import telling
from supplysim.decision.winner import Winner, winner
from supplysim.experiment.assumptions import FEWEST, HIGH, LOW
from supplysim.experiment.ties import MARGIN
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import share as shared
from supplysim.report.standing import listed

SHOWN = 8  # factors that are looked into
NAMED = 3  # of those that change nothing
POINTS = 101  # along a factor, even in share of the worlds
RESAMPLED = 200
SURE, POSSIBLE = 0.9, 0.5  # share of resamples from which on a change is told, and told as possible

ABOVE = (  # as sure as it is, or not
    gettext_noop(
        "Where {factor} is above {value} (90 % interval {interval}; {worlds} of worlds), {option} is better than "
        "{other} by up to {gain} of the baseline."
    ),
    gettext_noop(
        "Where {factor} is above {value} (90 % interval {interval}; {worlds} of worlds), {option} may be better than "
        "{other} by up to {gain} of the baseline."
    ),
)
BELOW = (
    gettext_noop(
        "Where {factor} is below {value} (90 % interval {interval}; {worlds} of worlds), {option} is better than "
        "{other} by up to {gain} of the baseline."
    ),
    gettext_noop(
        "Where {factor} is below {value} (90 % interval {interval}; {worlds} of worlds), {option} may be better than "
        "{other} by up to {gain} of the baseline."
    ),
)


@dataclass(frozen=True)
class Flip:
    """A value of a factor at which the best option changes.

    Attributes
    ----------
    factor : str
    value, low, high : float
        The value and its 90 % interval over those resamples that have the crossing, in the factor's unit.
    below, above : str
        Best option below the value and above it, up to the next one.
    share : float
        Of the resampled worlds in which the two cross within the range that was looked at.
    favourite : str
        The best option by the mean over all worlds.
    side : {"below", "above"}
        On which side of the value the choice changes: away from where the favourite is best.
    worlds : float
        Share of the worlds, by weight, on that side.
    gain : float
        The most by which the option there leaves less than the favourite, as a share of the baseline.
    """

    factor: str
    value: float
    low: float
    high: float
    below: str
    above: str
    share: float
    favourite: str
    side: str
    worlds: float
    gain: float

    def sentence(self) -> str:
        """Return it in words, as sure as it is."""
        one, other = (self.below, self.above) if self.side == "below" else (self.above, self.below)
        if other != self.favourite:
            other = gettext("{option}, and than {favourite}", option=other, favourite=self.favourite)
        sure = self.share >= SURE
        side = (ABOVE if self.side == "above" else BELOW)[0 if sure else 1]
        return gettext(
            side,
            factor=words.factor(self.factor),
            value=words.amount(self.factor, self.value),
            interval=words.amount(self.factor, self.low, self.high),
            worlds=shared(self.worlds),
            option=one,
            other=other,
            gain=shared(self.gain),
        )


@dataclass(frozen=True, eq=False)
class Curve:
    """The means of the options along a factor: what the figure of a flip shows.

    Attributes
    ----------
    factor : str
    at : ndarray, shape (points,)
        Values of the factor, from the 5 % to the 95 % point of its draws.
    changes : ndarray, shape (points, options)
        Mean outcome less that as things stand, in the objective's unit.
    flips : tuple of Flip
        From low to high; none if one option is best along all of it.
    """

    factor: str
    at: np.ndarray
    changes: np.ndarray
    flips: tuple[Flip, ...]

    @property
    def sure(self) -> float:
        """The largest share of resamples of any of its flips; 0 without one."""
        return max((one.share for one in self.flips), default=0.0)

    @property
    def gain(self) -> float:
        """The largest gain of a flip that is possible; 0 without one."""
        return max((one.gain for one in self.flips if one.share >= POSSIBLE), default=0.0)


@dataclass(frozen=True, eq=False)
class Flips:
    """What would change the choice on an objective.

    Attributes
    ----------
    objective, favourite : str
    worlds : int
    curves : tuple of Curve
        Of the strongest factors, those with the surest flip first; none for few worlds.
    winners : tuple of Winner
        The best option on every objective.
    """

    objective: str
    favourite: str
    worlds: int
    curves: tuple[Curve, ...]
    winners: tuple[Winner, ...]

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        return {
            "objective": self.objective,
            "favourite": self.favourite,
            "worlds": self.worlds,
            "looked_into": [curve.factor for curve in self.curves],
            "flips": [asdict(flip) for curve in self.curves for flip in curve.flips],
            "winners": [asdict(one) for one in self.winners],
        }

    def sentences(self) -> list[str]:
        """Return what changes the choice, the surest first, and what does not."""
        told = [one.sentence(self.favourite) for one in self.winners if one.option != self.favourite]
        if self.worlds < FEWEST:
            more = gettext("Which assumption would change the choice takes {n} worlds or more to tell.", n=FEWEST)
            return [*told, more]
        every = [flip for curve in self.curves for flip in curve.flips]
        told += [flip.sentence() for flip in every if flip.share >= POSSIBLE and flip.gain >= MARGIN]
        calm = [curve.factor for curve in self.curves if curve.gain < MARGIN]
        if calm:
            names = [*calm[:NAMED], *([gettext("{n} more", n=len(calm) - NAMED)] if len(calm) > NAMED else [])]
            told.append(
                gettext(
                    "No value between the 5 % and the 95 % point of its draws changes the choice: {factors}.",
                    factors=listed(names),
                )
            )
        if not self.curves:
            told.append(
                gettext("No assumption stands out among {n} worlds as one that moves the options apart.", n=self.worlds)
            )
        return told


def flips(choices: Choices, objective: str = "chips", seed: int = 7) -> Flips:
    """Return where the choice by the mean changes.

    Parameters
    ----------
    choices : Choices
    objective : str
    seed : int
        Of the resamples.
    """
    best, pairs = choices.best(objective), choices.by_pair()
    found: list[Curve] = []
    if pairs.worlds >= FEWEST:
        signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(pairs.worlds, RESAMPLED))
        chosen = telling(pairs, objective)[:SHOWN]
        scores = {name: scores_of(pairs.factors[name].to_numpy(dtype=float)) for name in chosen}
        found = [_curve(pairs, objective, best, name, scores, signs) for name in chosen]
    winners = tuple(winner(choices, name, best) for name in choices.outcomes)
    ordered = tuple(sorted(found, key=lambda curve: (-curve.sure, -curve.gain)))
    return Flips(objective, choices.names[best], choices.worlds, ordered, winners)


def _curve(
    pairs: Choices, objective: str, best: int, name: str, scores: dict[str, np.ndarray], signs: np.ndarray
) -> Curve:
    """Return the options along a factor, and where the best of them changes."""
    values, weight = pairs.of(objective), pairs.weights
    changes = values - values[:, [0]]
    own, others = scores[name], [scores[other] for other in scores if other != name]
    model = Smoother(np.column_stack([spline(own), *others]), weight)
    reach = np.quantile(own, np.linspace(LOW, HIGH, POINTS))
    beside = np.tile([weight @ other for other in others], (POINTS, 1)).reshape(POINTS, len(others))
    grid = np.hstack([spline(own, reach), beside])
    mean = model.at(grid, changes)
    again = wild(model.fitted(changes), changes, signs)
    resampled = model.at(grid, again.reshape(len(weight), -1)).reshape(POINTS, -1, signs.shape[1])
    deaf = pairs.deaf([name])
    mean[:, deaf] = weight @ changes[:, deaf]
    resampled[:, deaf] = np.tensordot(weight, again[:, deaf], axes=1)
    draws = pairs.factors[name].to_numpy(dtype=float)
    at = np.interp(reach, *_steps(own, draws))
    level = float(weight @ values[:, 0]) or np.nan
    first = np.argmin(mean, axis=1)
    found = []
    for point in map(int, np.flatnonzero(first[1:] != first[:-1])):
        below, above = first[point], first[point + 1]
        value = _crossing(at, mean[:, below] - mean[:, above], point)
        each = [
            _nearest(at, resampled[:, below, sample] - resampled[:, above, sample], value)
            for sample in range(signs.shape[1])
        ]
        known = np.array([one for one in each if one is not None])
        low, high = np.quantile(known, (0.05, 0.95)) if known.size else (np.nan, np.nan)
        mine = np.flatnonzero(first == best)
        side = "below" if mine.size and mine[0] > point else "above"
        option, place, step = (below, point, -1) if side == "below" else (above, point + 1, 1)
        gain = 0.0
        while 0 <= place < POINTS and first[place] == option:
            gain = max(gain, float(mean[place, best] - mean[place, option]) / level)
            place += step
        found.append(
            Flip(
                factor=name,
                value=value,
                low=float(low),
                high=float(high),
                below=pairs.names[below],
                above=pairs.names[above],
                share=known.size / signs.shape[1],
                favourite=pairs.names[best],
                side=side,
                worlds=float(weight[draws < value if side == "below" else draws > value].sum()),
                gain=gain,
            )
        )
    return Curve(name, at, mean, tuple(found))


def _steps(scores: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return scores and values of a factor, ascending: its values at any scores lie between."""
    order = np.argsort(scores, kind="stable")
    return scores[order], values[order]


def _crossing(at: np.ndarray, difference: np.ndarray, point: int) -> float:
    """Return where a difference is 0 between a point and the next."""
    here, there = difference[point], difference[point + 1]
    part = here / (here - there) if here != there else 0.5
    return float(at[point] + np.clip(part, 0.0, 1.0) * (at[point + 1] - at[point]))


def _nearest(at: np.ndarray, difference: np.ndarray, value: float) -> float | None:
    """Return the rise through 0 that is nearest to a value; None if there is none."""
    rises = np.flatnonzero((difference[:-1] < 0.0) & (difference[1:] >= 0.0))
    places = [_crossing(at, difference, int(point)) for point in rises]
    return min(places, key=lambda place: abs(place - value), default=None)
