"""Numbers of a lesson as its file writes them: ``closed.delivered - baseline.delivered``. Parsed, never run as code."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from supplysim.errors import InputError

if TYPE_CHECKING:
    import numpy as np

TERM = re.compile(
    r"(?:(?P<weight>\d+(?:\.\d+)?) \* )?"
    r"(?P<arm>[a-z][a-z0-9_]*)(?:\[(?P<world>[a-z][a-z0-9_]*)\])?"
    r"\.(?P<quantity>[a-z][A-Za-z0-9_:.]*?)(?:@(?P<year>\d{4}))?"
)
FORM = "write arm.measure, arm[world].measure or 2 * arm.measure@2026, joined by ' + ' and ' - '"


class Term(NamedTuple):
    """One number of an arm, with sign and weight; `world` and `year` are "" for the lesson's own and the window."""

    weight: float
    arm: str
    world: str
    quantity: str
    year: str


class Expression(NamedTuple):
    """A sum of terms, worked out pair by pair."""

    terms: tuple[Term, ...]

    def values(self, of: Callable[[Term], np.ndarray]) -> np.ndarray:
        """Return the sum for each pair, shape (pairs,); `of` gives the values of a term without its weight."""
        return sum((term.weight * of(term) for term in self.terms[1:]), self.terms[0].weight * of(self.terms[0]))


def parse(text: str, place: str) -> Expression:
    """Read an expression.

    Raises
    ------
    InputError
        If a part of it cannot be read.
    """
    parts = re.split(r" ([+-]) ", text.strip())
    signs = ["+", *parts[1::2]]
    terms = []
    for sign, part in zip(signs, parts[::2], strict=True):
        found = TERM.fullmatch(part.strip())
        if found is None:
            raise InputError(place, text, f"{part.strip()!r} cannot be read", FORM)
        weight = float(found["weight"] or 1.0) * (-1.0 if sign == "-" else 1.0)
        terms.append(Term(weight, found["arm"], found["world"] or "", found["quantity"], found["year"] or ""))
    return Expression(tuple(terms))
