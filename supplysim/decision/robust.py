"""How well each option stands over all worlds: by its mean, by regret, and by how often it meets a target.

The regret of an option in a world is its outcome less that of the option which is best there: what it costs not to
have known the world. Which option is the favourite hangs on the criterion, so every one is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from supplysim import arguments
from supplysim.calibration.weighted import quantiles
from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.choices import Choices
from supplysim.errors import InputError
from supplysim.experiment.ties import TIE, Matches, matches
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import percent, share
from supplysim.report.standing import listed
from supplysim.setup import gate

TARGET = 0.10  # least fall against the baseline of a world that counts as enough
HIGH = 0.90  # quantile of regret
FEWEST = 12  # worlds of a part of which something is told
CRITERIA = {
    "mean": gettext_noop("least on average"),
    "regret_90": gettext_noop("least regret in the worst tenth of worlds"),
    "regret_max": gettext_noop("least regret in the worst world"),
    "satisfied": gettext_noop("most often meets the target"),
}


@dataclass(frozen=True)
class Standing:
    """One option on one objective.

    Attributes
    ----------
    option : str
    mean : float
        Mean outcome, in the objective's unit.
    change : float
        Change of the mean against the baseline's; NaN of nothing.
    behind, behind_error : float
        Mean outcome less that of the best option by mean, and the standard error of this paired difference.
    regret, regret_90, regret_max : float
        Mean, 90 % quantile and largest regret.
    satisfied : float
        Share of the worlds in which the outcome falls by the target or more.
    best : float
        Share of the worlds in which no option does better; ties are shared out.
    """

    option: str
    mean: float
    change: float
    behind: float
    behind_error: float
    regret: float
    regret_90: float
    regret_max: float
    satisfied: float
    best: float


@dataclass(frozen=True, eq=False)
class Robustness:
    """The options on one objective, in all worlds or a part of them.

    Attributes
    ----------
    objective, part : str
        `part` is ``beijing=open``, say; empty for all worlds.
    worlds : int
    probability : float
        Weight of these worlds.
    target : float
    standings : tuple of Standing
        In the order of the choices, the baseline first.
    favourites : dict of str to str
        Criterion of `CRITERIA` -> option; of equals, the one with the lower mean.
    tied : tuple of str
        Options that tie with the favourite by mean, world by world (`experiment.ties`).
    matches : Matches
        In what share of the worlds each option beats each other one.
    """

    objective: str
    part: str
    worlds: int
    probability: float
    target: float
    standings: tuple[Standing, ...]
    favourites: dict[str, str]
    tied: tuple[str, ...]
    matches: Matches

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        names, better = self.matches.names, self.matches.better
        pairwise = {
            one: {other: better[i, j] for j, other in enumerate(names) if i != j} for i, one in enumerate(names)
        }
        own = {name: getattr(self, name) for name in ("objective", "part", "worlds", "probability", "target")}
        return own | {
            "options": [asdict(one) for one in self.standings],
            "favourites": self.favourites,
            "tied": [*self.tied],
            "beats": pairwise,
        }

    def sentences(self) -> list[str]:
        """Return what it says, the favourite first."""
        found = {one.option: one for one in self.standings}
        name = self.favourites["mean"]
        best, aim = found[name], AIMS[self.objective]
        goal, unit = gettext(aim.words), aim.unit
        own = {"option": name, "aim": goal, "share": share(best.best), "worlds": self.worlds}
        if name == self.standings[0].option:
            first = gettext("No option lowers {aim} on average: {option} is best in {share} of {worlds} worlds.", **own)
        else:
            first = gettext(
                "{option} leaves least of {aim} on average ({change} against the baseline) and is best in {share} of "
                "{worlds} worlds.",
                change=percent(best.change),
                **own,
            )
        told = [gettext("Where {state}: {text}", state=words.state(self.part), text=first) if self.part else first]
        if self.tied:
            told.append(gettext("World by world it is tied with {options}.", options=listed([*self.tied])))
        if self.part:
            return told
        others = {criterion: other for criterion, other in self.favourites.items() if other != name}
        told += [
            gettext("By another criterion, {criterion}, it is {option}.", criterion=gettext(CRITERIA[by]), option=other)
            for by, other in others.items()
        ]
        told.append(
            gettext(
                "Against the best option of each world {option} leaves {mean} more on average (its regret), over "
                "{tenth} in a tenth of worlds and {most} at most.",
                option=name,
                mean=words.quantity(unit, best.regret),
                tenth=words.quantity(unit, best.regret_90),
                most=words.quantity(unit, best.regret_max),
            )
        )
        if best.satisfied > 0.0:
            reached = {"target": share(self.target), "share": share(best.satisfied)}
            told.append(gettext("It lowers {aim} by {target} or more in {share} of worlds.", aim=goal, **reached))
        return told


def robustness(choices: Choices, objective: str = "chips", target: float = TARGET, part: str = "") -> Robustness:
    """Return how well the options stand on an objective.

    Parameters
    ----------
    choices : Choices
    objective : str
    target : float
        Fall against the baseline of a world, as a share, that counts as enough.
    part : str
        Worlds of one value of a state, ``beijing=open``; default: all of them.

    Raises
    ------
    InputError
        If the objective or the part is not known here, or the target is no share.
    """
    if not (gate.is_number(target) and 0.0 <= target <= 1.0):
        raise InputError("target", target, "it is a fall as a share, from 0 to 1", "write target=0.1")
    probability = 1.0
    if part:
        here = choices.parts()[arguments.known(part, choices.parts(), "part", "value of a state")]
        probability = float(choices.weights[here].sum())
        choices = choices.where(here)
    values, weight, names = choices.of(objective), choices.weights, choices.names
    means, baseline = choices.means(objective), values[:, 0]
    best = int(np.argmin(means))
    least = values.min(axis=1, keepdims=True)
    regret, first = values - least, values == least
    won = weight @ (first / first.sum(axis=1, keepdims=True))
    satisfied = weight @ (values <= (1.0 - target) * baseline[:, None])
    standings = tuple(
        Standing(
            option=name,
            mean=float(means[place]),
            change=float(means[place] / means[0] - 1.0) if means[0] else np.nan,
            behind=float(means[place] - means[best]),
            behind_error=error(values[:, place] - values[:, best], weight, choices.pair),
            regret=float(weight @ regret[:, place]),
            regret_90=float(quantiles(regret[:, place], weight, (HIGH,))[0]),
            regret_max=float(regret[weight > 0.0, place].max()),
            satisfied=float(satisfied[place]),
            best=float(won[place]),
        )
        for place, name in enumerate(names)
    )
    found = matches(dict(zip(names, values.T, strict=True)), baseline, weight)
    tied = tuple(name for name in names if name != names[best] and found.verdict(names[best], name) == TIE)
    return Robustness(
        objective, part, choices.worlds, probability, target, standings, _favourites(standings), tied, found
    )


def by_part(choices: Choices, objective: str = "chips", target: float = TARGET) -> list[Robustness]:
    """Return the same in each value of each state and under each decision rule that has worlds enough."""
    return [
        robustness(choices, objective, target, part)
        for part, here in choices.parts().items()
        if here.sum() >= FEWEST and choices.weights[here].sum() > 0.0
    ]


def error(values: np.ndarray, weight: np.ndarray, pair: np.ndarray) -> float:
    """Return the standard error of a weighted mean over worlds, of which those of one pair go together."""
    _, place = np.unique(pair, return_inverse=True)
    sums = np.bincount(place, weight * (values - weight @ values))
    return float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))) if len(sums) > 1 else np.nan


DIGITS = 9  # behind the point: sums of weights differ in their last bits


def _favourites(standings: Sequence[Standing]) -> dict[str, str]:
    """Return the favourite by each criterion; of equals, the one with the lower mean."""

    def first(criterion: str) -> str:
        sign = -1.0 if criterion == "satisfied" else 1.0
        return min(standings, key=lambda one: (sign * round(getattr(one, criterion), DIGITS), one.mean)).option

    return {criterion: first(criterion) for criterion in CRITERIA}
