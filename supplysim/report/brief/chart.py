"""A chart of a brief as data: rows of ranges, and one claim, which is its title."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """One line of a chart: from `low` to `high`, with a mark in the middle unless that is NaN. Relative changes."""

    label: str
    low: float
    middle: float
    high: float


class Chart(NamedTuple):
    """A chart.

    Attributes
    ----------
    name : str
        Of its picture.
    claim : str
        What it shows, as a sentence.
    note : str
        How to read line and mark.
    rows : tuple of Row
    width : float
        Inches.
    """

    name: str
    claim: str
    note: str
    rows: tuple[Row, ...]
    width: float
