"""Conditions on worlds: ``seizures_2025=2000..3000`` keeps those whose baseline seized so many chips in 2025.

A world counts or it does not: those that are left weigh the same, so their number is the effective number too, except
where draws of a weighted sample stand for several worlds. Nothing is run again. What a condition keeps need not be a
belief: it says what the model makes of the other quantities where this one came out so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.experiment.design import learnt
from supplysim.outputs.measures import MEASURES
from supplysim.outputs.periods import Period
from supplysim.setup.gate import is_number
from supplysim.setup.scenario import Scenario

FEWEST = 12  # worlds; fewer than that say too little of anything
COMPUTE = "compute_h100e"
ALIASES = {
    "chips": "delivered",
    "smuggled": "delivered_h100e",
    "compute": COMPUTE,
    "frontier": "frontier_h100e",
    "seizures": "seized",
    "price": "mark_up",
    "licensed": "licensed_h100e",
    "rented": "rented_h100e",
    "offshore": "offshore_h100e",
    "domestic": "domestic_h100e",
}
FORM = "write QUANTITY_YEAR=LOW..HIGH, for example seizures_2025=2000..3000"


@dataclass(frozen=True)
class Given:
    """One condition: a measure of the baseline in a year lies between two numbers, both included.

    Attributes
    ----------
    measure : str
    year : int
        Key of a row of a year.
    low, high : float
        Infinite where an end is left open.
    text : str
        As it was written.
    """

    measure: str
    year: int
    low: float
    high: float
    text: str

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return in which worlds it holds, shape as `values`; never where the measure is unknown."""
        return (values >= self.low) & (values <= self.high)

    def document(self) -> dict[str, Any]:
        """Return it for JSON; an open end is null."""
        low, high = (end if np.isfinite(end) else None for end in (self.low, self.high))
        return {"given": self.text, "measure": self.measure, "year": self.year, "low": low, "high": high}


Conditions = str | Given | Iterable[str | Given] | None


@dataclass(frozen=True)
class Left:
    """What conditions left: so many worlds of so many, worth `effective` equal ones."""

    conditions: tuple[Given, ...]
    worlds: int
    of: int
    effective: float

    @property
    def text(self) -> str:
        """One sentence without its full stop."""
        named = " and ".join(condition.text for condition in self.conditions)
        worth = "" if round(self.effective) == self.worlds else f", worth {self.effective:.0f} equal ones"
        return f"Given {named}: {self.worlds} of {self.of} worlds are left{worth}"

    def document(self) -> dict[str, Any]:
        """Return it for JSON."""
        counts = {"worlds": self.worlds, "of": self.of, "effective": self.effective}
        return {"conditions": [condition.document() for condition in self.conditions], **counts}


def conditions(given: Conditions, years: Mapping[int, Period], place: str = "given") -> tuple[Given, ...]:
    """Return the conditions in a text, or in several.

    Parameters
    ----------
    given : str, Given or iterable of these; None is no condition
    years : mapping of int to Period
        Rows of a year of the scenario by their key.
    place : str
        What to call the argument in a message.

    Raises
    ------
    InputError
        If one is not written as `FORM` says, names no measure or no year of the scenario, or no number can fulfil it.
    """
    if given is None:
        return ()
    listed = [given] if isinstance(given, (str, Given)) else arguments.items(given, place, FORM)
    return tuple(
        _checked(each if isinstance(each, Given) else _read(each, years, place), years, place) for each in listed
    )


def _checked(condition: Given, years: Mapping[int, Period], place: str) -> Given:
    """Return a condition whose measure and year exist: one may be made by hand, or for another scenario."""
    arguments.known(condition.measure, MEASURES, place, "measure")
    if not is_number(condition.year) or condition.year not in years:
        raise _unknown_year(place, condition.text, str(condition.year), years)
    if not all(is_number(end) for end in (condition.low, condition.high)):
        raise InputError(place, condition.text, "its ends are no numbers", FORM)
    return condition


def _read(text: Any, years: Mapping[int, Period], place: str) -> Given:
    arguments.one_of(str, text, place, FORM)
    left, equals, right = (part.strip() for part in text.partition("="))
    name, _, year = left.rpartition("_")
    low, dots, high = (part.strip() for part in right.partition(".."))
    if not (equals and name and dots):
        raise InputError(place, text, "it is not written QUANTITY_YEAR=LOW..HIGH", FORM)
    measure = ALIASES.get(name, name)
    if measure not in MEASURES:
        raise InputError(place, text, f"there is no quantity {name}", nearest(name, [*ALIASES, *MEASURES]))
    if year not in map(str, years):
        raise _unknown_year(place, text, year, years)
    lowest, highest = _end(low, place, text, -np.inf), _end(high, place, text, np.inf)
    if not (np.isfinite(lowest) or np.isfinite(highest)):
        raise InputError(place, text, "both ends are open", FORM)
    if lowest > highest:
        raise InputError(place, text, "the low end is above the high one", "exchange them")
    return Given(measure, int(year), lowest, highest, text.strip())


def _end(text: str, place: str, whole: str, otherwise: float) -> float:
    """Return one end as a number; what is empty is open."""
    if not text:
        return otherwise
    try:
        number = float(text.replace("_", "x"))  # Python would take 2_000, and nobody means it
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise InputError(place, whole, f"{text!r} is not a number", FORM)
    return number


def _unknown_year(place: str, text: str, year: str, years: Mapping[int, Period]) -> InputError:
    named = ", ".join(map(str, years))
    return InputError(place, text, f"{year!r} is no year of this scenario", f"choose one of {named}")


def kept(found: Sequence[Given], values: Iterable[np.ndarray], worlds: int, place: str = "given") -> np.ndarray:
    """Return which worlds fulfil all conditions, shape (worlds,), from the values of each one's measure.

    Raises
    ------
    InputError
        If fewer than `FEWEST` are left.
    """
    holds = np.ones(worlds, dtype=bool)
    for condition, value in zip(found, values, strict=True):
        holds &= condition.holds(value)
    if found and holds.sum() < FEWEST:
        named = " and ".join(condition.text for condition in found)
        rule = f"too few: it holds in {holds.sum()} of {worlds} worlds, and fewer than {FEWEST} say nothing"
        raise InputError(place, named, rule, "widen it, or ask for more worlds")
    return holds


def effective(draws: Sequence[Mapping[str, float]], mode: str, scenario: Scenario) -> float:
    """Return how many equal worlds some are worth: (sum of w)^2 / sum of w^2, w the worlds that share a weighted draw.

    Parameters
    ----------
    draws : sequence of mapping
        Parameters of each world.
    mode : str
        Where they come from; only a posterior has rows that several worlds share.
    scenario : Scenario
        Says which posterior.
    """
    if mode != "posterior":
        return float(len(draws))
    names = sorted(set(learnt(scenario)) & set(draws[0]))
    times = np.array([*Counter(tuple(draw[name] for name in names) for draw in draws).values()], dtype=float)
    return float(times.sum() ** 2 / (times**2).sum())
