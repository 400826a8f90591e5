"""Everything that is said of a choice, together: how robust it is, what flips it, when it loses, what to find out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from supplysim.decision import words
from supplysim.decision.choices import Choices
from supplysim.decision.flips import Flips, flips
from supplysim.decision.information import Information, information
from supplysim.decision.prim import Box, box
from supplysim.decision.robust import TARGET, Robustness, by_part, robustness
from supplysim.decision.tree import Tree, tree
from supplysim.experiment.statistics import SPAN
from supplysim.experiment.ties import MARGIN
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import share
from supplysim.setup import gate

DIGITS = 6  # that count: the last bits of a sum hang on the machine
HEADINGS = {
    "robust": gettext_noop("How robust the choice is"),
    "flips": gettext_noop("What would change it"),
    "losing": gettext_noop("When the favourite loses"),
    "information": gettext_noop("What to find out first"),
}

LESS = gettext_noop("Where {state} ({probability}), {option} leaves less than {favourite} by {share} of the baseline.")
CHANCE = gettext_noop(
    "Where {state} ({probability}), {option} leaves less than {favourite} by {share} of the baseline, no more than "
    "chance among these worlds may bring about."
)


@dataclass(frozen=True, eq=False)
class Findings:
    """What is found on a choice.

    Attributes
    ----------
    robustness : Robustness
        In all worlds.
    parts : tuple of Robustness
        In the worlds of each value of each state and under each decision rule.
    flips : Flips
    tree : Tree
    box : Box
    information : Information
    """

    robustness: Robustness
    parts: tuple[Robustness, ...]
    flips: Flips
    tree: Tree
    box: Box
    information: Information

    @property
    def favourite(self) -> str:
        """The best option by its mean."""
        return self.robustness.favourites["mean"]

    def document(self) -> dict[str, Any]:
        """Return everything as names and numbers that JSON can hold; what is not known is null."""
        found = {
            "favourite": self.favourite,
            "robustness": self.robustness.document(),
            "parts": [one.document() for one in self.parts],
            "flips": self.flips.document(),
            "tree": self.tree.document(),
            "box": self.box.document(),
            "information": self.information.document(),
        }
        return _plain(found)

    def sections(self) -> dict[str, list[str]]:
        """Return what is said, by heading."""
        told = {
            "robust": self.robustness.sentences(),
            "flips": [*self.flips.sentences(), *self._parts()],
            "losing": [*self.tree.sentences(), *self.box.sentences()],
            "information": self.information.sentences(),
        }
        return {gettext(HEADINGS[name]): [line[0].upper() + line[1:] for line in lines] for name, lines in told.items()}

    def sentences(self) -> list[str]:
        """Return what is said, one section after the other."""
        return [line for lines in self.sections().values() for line in lines]

    def _parts(self) -> list[str]:
        """Return in which states another option is better than the favourite, and how sure that is."""
        told = []
        for part in self.parts:
            found = {one.option: one for one in part.standings}
            best, own, base = part.favourites["mean"], found[self.favourite], part.standings[0].mean
            if best == self.favourite or not base or own.behind / base < MARGIN:
                continue
            clear = own.behind > SPAN * own.behind_error
            told.append(
                gettext(
                    LESS if clear else CHANCE,
                    state=words.state(part.part),
                    probability=share(part.probability),
                    option=best,
                    favourite=self.favourite,
                    share=share(own.behind / base),
                )
            )
        return told


def find(
    choices: Choices, objective: str = "chips", worth: float | None = None, seed: int = 7, target: float = TARGET
) -> Findings:
    """Return what is found on a choice; the same choices and seed give the same.

    Parameters
    ----------
    choices : Choices
    objective : str
        Name in `aims.AIMS`.
    worth : float, optional
        US$ of a unit of the objective, at which information is told in money as well.
    seed : int
        Of resamples, permutations and splits.
    target : float
        Fall against the baseline of a world, as a share, that counts as enough.

    Raises
    ------
    InputError
        If the objective is not known here, or `worth`, `seed` or `target` is none.
    """
    seed = gate.seed_of(seed)
    return Findings(
        robustness(choices, objective, target),
        tuple(by_part(choices, objective, target)),
        flips(choices, objective, seed),
        tree(choices, objective, seed),
        box(choices, objective, seed),
        information(choices, objective, worth, seed),
    )


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it: numbers rounded, what is not finite as nothing."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        fields = getattr(value, "_asdict", None)
        return _plain(fields()) if fields else [_plain(one) for one in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.{DIGITS}g}") if isfinite(value) else None
    return value
