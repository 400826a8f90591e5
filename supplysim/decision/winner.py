"""The best option on another objective, and how far the favourite is behind it there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supplysim.decision.aims import AIMS
from supplysim.decision.choices import Choices
from supplysim.decision.robust import error
from supplysim.experiment.statistics import SPAN
from supplysim.language import gettext
from supplysim.report.formatting import share


@dataclass(frozen=True)
class Winner:
    """The best option on another objective.

    Attributes
    ----------
    objective, option : str
    behind, behind_error : float
        How much more the favourite leaves there than this option, over the mean of the baseline, and the standard error
        of that; 0 if it is the favourite.
    """

    objective: str
    option: str
    behind: float
    behind_error: float

    @property
    def clear(self) -> bool:
        """Whether the favourite is behind by more than half a 90 % interval."""
        return self.behind > SPAN * self.behind_error

    def sentence(self, favourite: str) -> str:
        """Return how the favourite of another objective stands to it."""
        known = {"aim": gettext(AIMS[self.objective].words), "option": self.option, "favourite": favourite}
        if not self.clear:
            return gettext("On {aim} {option} and {favourite} are no further apart than chance among worlds.", **known)
        return gettext(
            "On {aim} the best is {option}; {favourite} leaves more by {share} of the baseline.",
            share=share(self.behind),
            **known,
        )


def winner(choices: Choices, objective: str, favourite: int) -> Winner:
    """Return the best option on an objective and how far the favourite is behind it."""
    values, best = choices.of(objective), choices.best(objective)
    level = float(choices.weights @ values[:, 0]) or np.nan
    behind = values[:, favourite] - values[:, best]
    return Winner(
        objective,
        choices.names[best],
        float(choices.weights @ behind) / level,
        error(behind, choices.weights, choices.pair) / abs(level),
    )
