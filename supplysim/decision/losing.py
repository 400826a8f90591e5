"""Worlds in which the favourite loses, and rules that tell them: what tree and box share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from supplysim.decision import words
from supplysim.decision.choices import Choices
from supplysim.experiment.drivers import ranks, strongest
from supplysim.experiment.statistics import SPAN
from supplysim.experiment.ties import MARGIN
from supplysim.language import gettext
from supplysim.report.standing import listed

MOST = 6  # factors that a rule may choose among


@dataclass(frozen=True, eq=False)
class Losing:
    """What is said of the worlds in which the favourite loses, whatever rule tells them.

    Attributes
    ----------
    favourite : str
    losing : float
        Share of all worlds in which some option beats it.
    why_not : str
        Why no rule is told; empty if there is one.
    """

    favourite: str
    losing: float
    why_not: str = ""

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        return {"favourite": self.favourite, "losing": self.losing, "why_not": self.why_not}


def favourite(choices: Choices, objective: str) -> tuple[str, float, np.ndarray]:
    """Return the best option by mean, the share of worlds in which it loses, and whether it does in each."""
    lost = loses(choices, objective)
    return choices.names[choices.best(objective)], float(choices.weights[lost].sum()), lost


def loses(choices: Choices, objective: str) -> np.ndarray:
    """Return whether some option beats the best by mean in each world, by more than a trifle (`experiment.ties`)."""
    values, best = choices.of(objective), choices.best(objective)
    return values.min(axis=1) < values[:, best] - MARGIN * np.abs(values[:, 0])


def candidates(choices: Choices, lost: np.ndarray) -> list[str]:
    """Return the factors that go most with losing, found one after the other; at most `MOST`."""
    names = [*choices.factors]
    if not names or lost.all() or not lost.any():
        return []
    draws = ranks(choices.factors.to_numpy(dtype=float).T)
    return [names[one.place] for one in strongest(draws, ranks(lost.astype(float)[None, :])[0], MOST)[:MOST]]


@dataclass(frozen=True)
class Rule:
    """A part of the worlds: ranges of factors and values of states.

    Attributes
    ----------
    ranges : dict of str to (float, float)
        Factor -> its ends; infinite where there is none.
    states : dict of str to tuple of str
        State -> the values that it has.
    """

    ranges: Mapping[str, tuple[float, float]]
    states: Mapping[str, tuple[str, ...]]

    def holds(self, choices: Choices) -> np.ndarray:
        """Return whether it holds in each world."""
        here = np.ones(choices.worlds, dtype=bool)
        for name, (low, high) in self.ranges.items():
            values = choices.factors[name].to_numpy(dtype=float)
            here &= (values >= low) & (values <= high)
        for name, allowed in self.states.items():
            here &= choices.states[name].isin(allowed).to_numpy()
        return here

    def words(self) -> str:
        """Return it as the part of a sentence behind where."""
        said = []
        for name, (low, high) in self.ranges.items():
            if np.isfinite(low) and np.isfinite(high):
                ends = words.amount(name, low, high, between=True)
                said.append(gettext("{factor} is between {ends}", factor=words.factor(name), ends=ends))
            elif np.isfinite(low):
                said.append(
                    gettext("{factor} is above {value}", factor=words.factor(name), value=words.amount(name, low))
                )
            else:
                said.append(
                    gettext("{factor} is below {value}", factor=words.factor(name), value=words.amount(name, high))
                )
        for name, values in self.states.items():
            either = reduce(lambda one, other: gettext("{one} or {other}", one=one, other=other), map(gettext, values))
            said.append(gettext("{state} is {value}", state=gettext(name), value=either))
        return listed(said)

    def document(self) -> dict[str, object]:
        """Return it as names and numbers; an end that is not there is null."""
        ends = {name: [end if np.isfinite(end) else None for end in both] for name, both in self.ranges.items()}
        return {"ranges": ends, "states": {name: [*values] for name, values in self.states.items()}}


@dataclass(frozen=True)
class Quality:
    """How well rules tell the losing worlds, in worlds that did not make them.

    Attributes
    ----------
    worlds : int
    base : float
        Share of them in which the favourite loses.
    precision : float
        The same where a rule holds; NaN if it holds nowhere.
    coverage : float
        Share of the losing worlds in which a rule holds; NaN if there is none.
    told : float
        Share of the worlds in which a rule holds.
    """

    worlds: int
    base: float
    precision: float
    coverage: float
    told: float

    @property
    def holds(self) -> bool:
        """Whether precision is above the base rate by more than half the 90 % interval that chance has."""
        if not (self.told > 0.0 and 0.0 < self.base < 1.0):
            return False
        return self.precision - self.base > SPAN * (self.base * (1.0 - self.base) / (self.told * self.worlds)) ** 0.5


def quality(told: np.ndarray, lost: np.ndarray, weight: np.ndarray) -> Quality:
    """Return how well the worlds `told` are those `lost`, each shape (worlds,)."""
    weight = weight / weight.sum()
    both, here, losing = weight[told & lost].sum(), weight[told].sum(), weight[lost].sum()
    return Quality(
        len(lost),
        float(losing),
        float(both / here) if here > 0.0 else np.nan,
        float(both / losing) if losing > 0.0 else np.nan,
        float(here),
    )


def harmonic(found: Quality) -> float:
    """Return the harmonic mean of precision and coverage; 0 if nothing lost is named."""
    if not (found.precision > 0.0 and found.coverage > 0.0):
        return 0.0
    return 2.0 * found.precision * found.coverage / (found.precision + found.coverage)


def features(choices: Choices, names: list[str]) -> pd.DataFrame:
    """Return factors as numbers and every value of every state as 0 or 1, named ``state=value``."""
    columns = {name: choices.factors[name].to_numpy(dtype=float) for name in names}
    return pd.DataFrame(columns | {part: here.astype(float) for part, here in choices.parts().items()})
