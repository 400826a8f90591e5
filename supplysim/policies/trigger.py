"""Triggers: a policy begins, or ends, when the public record crosses a mark. What the public cannot see moves none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from supplysim.errors import InputError, nearest
from supplysim.evidence import table

SUMMED = ("seizures_published", "prosecutions_published")
AVERAGED = ("listing_count",)  # a stock, of which a window has a mean
NEVER = -2  # a week that no run has
LONGEST = 1040  # weeks of a window, as of a scenario


def watched() -> tuple[str, ...]:
    """Return what can be watched: the lines of the public record."""
    gaps = (f"mirror_gap:{row['code']}" for row in table("countries") if row["transit"] == "1")
    return (*SUMMED, *AVERAGED, *gaps)


@dataclass(frozen=True)
class Trigger:
    """A mark, and what waits for it.

    Parameters
    ----------
    watch : str
        A line of the public record, see `watched`.
    window_weeks : int
        The line is summed over so many weeks, or averaged if it is a stock.
    above, below : float, optional
        The mark, one of both: reached from below, or from above once there is a whole window.
    policy : str
        What begins in the week after the mark is reached, as it is typed; without dates.
    ends : bool
        Whether it ends then instead, and begins on a date of its own or the scenario's.
    """

    watch: str
    window_weeks: int
    above: float | None
    below: float | None
    policy: str
    ends: bool = False

    def __str__(self) -> str:
        mark = f">={self.above:g}" if self.above is not None else f"<={self.below:g}"
        return f"{'until' if self.ends else 'once'} {self.watch}{mark} in {self.window_weeks} weeks"

    def table(self) -> dict[str, Any]:
        """Return the [[triggers]] table that says the same."""
        told = {name: getattr(self, name) for name in ("watch", "window_weeks", "above", "below", "policy", "ends")}
        return {name: value for name, value in told.items() if value is not None}

    def crossed(self, record: Mapping[str, np.ndarray], first: int) -> int:
        """Return the first week, from `first` on, at whose end the mark is reached; `NEVER` if it is not.

        Parameters
        ----------
        record : mapping of str to ndarray, shape (weeks,)
            The public record.
        first : int
            -1 is the eve of the run, when nothing has been published.
        """
        line = record[self.watch]
        total = np.concatenate([[0.0], np.cumsum(line)])
        week = np.arange(-1, len(line))
        level = total - total[np.maximum(week + 1 - self.window_weeks, 0)]
        if self.watch in AVERAGED:
            level = level / np.maximum(np.minimum(week + 1, self.window_weeks), 1)
        if self.above is not None:
            reached = level >= self.above
        else:
            reached = (level <= self.below) & (week + 1 >= self.window_weeks)
        found = np.flatnonzero(reached & (week >= first) & (week < len(line) - 1))  # the week after is still run
        return int(week[found[0]]) if found.size else NEVER


def trigger_of(raw: Mapping[str, Any], place: str) -> Trigger:
    """Return the trigger of a table whose keys and types are known to be right.

    Raises
    ------
    InputError
        If it watches nothing public, or has no mark, two, or one that is no number.
    """
    made = Trigger(**{"above": None, "below": None, **raw})
    if made.watch not in watched():
        rule = "the public sees no such thing"
        raise InputError(f"{place}.watch", made.watch, rule, nearest(made.watch, watched()))
    if not 1 <= made.window_weeks <= LONGEST:
        rule = f"it must be from 1 to {LONGEST} weeks"
        raise InputError(f"{place}.window_weeks", made.window_weeks, rule, "write 52, say")
    marks = [mark for mark in (made.above, made.below) if mark is not None]
    if len(marks) != 1:
        raise InputError(f"{place}.above", None, "a trigger has one mark", "write above or below")
    if math.isnan(marks[0]):
        raise InputError(f"{place}.above", "nan", "it is no number", "write one")
    return made
