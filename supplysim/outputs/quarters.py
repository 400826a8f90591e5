"""What is kept of a run by quarters of 13 weeks: flows, levels, what the public saw, which countries were touched."""

from __future__ import annotations

from supplysim.evidence import PLACES
from supplysim.outputs.measures import quarterly

PUBLIC = ("seizures_published", "prosecutions_published")  # what comes out, in the week it does
TOUCHED = tuple(f"touched:{code}" for code in PLACES)  # arrived chips bought or last sent there


def columns() -> tuple[str, ...]:
    """Return the names of what is shown by quarter."""
    return (*quarterly(), *PUBLIC)


def kept() -> tuple[str, ...]:
    """Return the names of all that is kept by quarter: `columns` first, then `TOUCHED`."""
    return (*columns(), *TOUCHED)
