"""What to find out first: the expected value of perfect information on each factor, on groups of them, and on all.

To know a factor x before choosing is worth E[max over options of E(benefit | x)] - max over options of E(benefit). The
inner means are smoothed along x (`smooth`; Strong, Oakley and Brennan 2014, Med. Decis. Making 34, 311), after what the
other factors that tell the options apart (`telling`) explain is taken off. Noise of a fit looks like information: what
the same fit finds with the worlds put into another order is taken off too. Intervals are those of resampled worlds; one
that begins at 0 may be nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.choices import Choices
from supplysim.decision.estimate import FEWEST, Worlds, Worth, clear
from supplysim.decision.sources import group_of
from supplysim.errors import InputError
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import dollars, share
from supplysim.setup import gate

TOLD = 5  # factors and groups in sentences
FAINTEST = 1e-4  # of the baseline: less is not told
STATES, TOGETHER = gettext_noop("states of the world"), "all that stand out"
NO_OTHER = gettext_noop("No other assumption is seen to be worth more than chance among {n} worlds would show.")
NO_SINGLE = gettext_noop("No single assumption is seen to be worth more than chance among {n} worlds would show.")


@dataclass(frozen=True, eq=False)
class Information:
    """What to find out first.

    Attributes
    ----------
    objective : str
    worlds : int
    worth : float or None
        US$ of a unit of the objective.
    everything : Worth
        Perfect information: on every factor and on chance.
    factors, groups : tuple of Worth
        The most valuable first; none for fewer than `FEWEST` worlds. States stand among the factors.
    """

    objective: str
    worlds: int
    worth: float | None
    everything: Worth
    factors: tuple[Worth, ...]
    groups: tuple[Worth, ...]

    def document(self) -> dict[str, Any]:
        """Return it as names and numbers."""
        own = {name: getattr(self, name) for name in ("objective", "worlds", "worth")}
        tables = {name: [asdict(one) for one in getattr(self, name)] for name in ("factors", "groups")}
        return own | {"everything": asdict(self.everything)} | tables

    def sentences(self) -> list[str]:
        """Return what to find out first and who would tell."""
        unit = AIMS[self.objective].unit
        told = [
            gettext(
                "To know each world in full, chance included, before choosing: {worth}.",
                worth=_told(self.everything, unit),
            )
        ]
        if not self.factors:
            if self.worlds < FEWEST:
                told.append(gettext("What one assumption is worth takes {n} worlds or more to tell.", n=FEWEST))
            return told
        sure = [one for one in self.factors if one.clear and one.relative > FAINTEST]
        groups = [one for one in self.groups if one.clear and one.relative > FAINTEST]
        told += [
            gettext("To know all that stand out below: {worth}.", worth=_told(one, unit))
            for one in groups
            if one.name == TOGETHER
        ]
        for one in sure[:TOLD]:
            state = one.kind == "state"
            named = gettext("the state {state}", state=gettext(one.name)) if state else words.factor(one.name)
            alone = gettext("To know {factor} alone: {worth}.", factor=named, worth=_told(one, unit))
            told.append(f"{alone} {one.sources.sentence()}")
        rest = NO_OTHER if sure else NO_SINGLE
        told.append(gettext(rest, n=self.worlds))
        by_group = [f"{gettext(one.name)} {_told(one, unit)}" for one in groups if one.name != TOGETHER]
        if by_group:
            told.append(gettext("By group: {list}.", list="; ".join(by_group[:TOLD])))
        return told


def _told(one: Worth, unit: str) -> str:
    known = {
        "value": words.quantity(unit, one.value),
        "range": words.quantity(unit, one.low, one.high),
        "share": share(one.relative),
    }
    if one.dollars is None or unit == "US$":
        return gettext("{value} ({range}; {share} of the baseline)", **known)
    return gettext("{value} ({range}; {share} of the baseline, {money})", money=dollars(one.dollars), **known)


def information(choices: Choices, objective: str = "chips", worth: float | None = None, seed: int = 7) -> Information:
    """Return what perfect information is worth.

    Parameters
    ----------
    choices : Choices
    objective : str
    worth : float, optional
        US$ of a unit of the objective: what its owner would pay to have one less.
    seed : int
        Of the permutations and resamples.

    Raises
    ------
    InputError
        If `worth` is negative or no number.
    """
    if worth is not None and not (gate.is_number(worth) and 0.0 <= worth < np.inf):
        raise InputError("worth", worth, "it must be US$, 0 or more", "write worth=25_000")
    pairs = choices.by_pair()
    own = Worlds(choices, objective, seed)
    level = float(choices.means(objective)[0]) or np.nan

    def told(one: Worth) -> Worth:
        return replace(one, relative=one.value / level, dollars=None if worth is None else worth * one.value)

    factors: list[Worth] = []
    groups: list[Worth] = []
    if pairs.worlds >= FEWEST:
        here = own if pairs is choices else Worlds(pairs, objective, seed)
        factors = [here.of_factors(name, "factor", [name]).worth for name in pairs.factors]
        factors += [
            (here if name in pairs.states else own).of_states(name, "state", [name]).worth
            for name in choices.states
            if choices.states[name].nunique() > 1
        ]
        members: dict[str, list[str]] = {}
        for name in pairs.factors:
            members.setdefault(group_of(name), []).append(name)
        together = [here.of_factors(name, "group", names) for name, names in members.items()]
        if len(choices.states.columns):
            both = here if all(name in pairs.states for name in choices.states) else own
            together.append(both.of_states(STATES, "group", [*choices.states]))
        telling = [one.name for one in factors if one.clear and one.kind == "factor"]
        if len(telling) > 1:
            together.append(here.of_factors(TOGETHER, "group", telling))
        groups = clear(together)
    return Information(
        objective,
        choices.worlds,
        worth,
        told(own.everything()),
        tuple(sorted(map(told, factors), key=_first)),
        tuple(sorted(map(told, groups), key=_first)),
    )


def _first(one: Worth) -> tuple[bool, float, str]:
    """Put what is clear first, then what is worth most."""
    return not one.clear, -one.value, one.name
