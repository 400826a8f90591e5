"""How state is held: one NumPy array a kind of firm or record, one row each, named and typed columns.

A kernel writes `firms[row].cash`; `array["cash"]` is the whole column. Measured against named tuples of plain
columns on the same loop: a tenth of the compile time and of the run time (docs/decisions/0001).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from supplysim._compiled import PLAIN
from supplysim.evidence import table

whole = np.int64
real = np.float64
flag = np.bool_

VENDORS = len(table("vendors"))
GENERATIONS = len(table("chips"))
PRODUCTS = VENDORS * GENERATIONS  # product = vendor x GENERATIONS + generation
COUNTRIES = len(table("countries"))
CLASSES = len(table("classes"))
CHANNELS = len(table("channels"))
SUBSTITUTES = 4  # kinds of compute that need no smuggler: licensed, rented, offshore-owned, domestic
LICENSED_CLASSES = GENERATIONS + 1  # classes that a licence may cover; the last are chips made for China alone
AGENCIES = len(table("agencies"))


def columns(**fields: Any) -> np.dtype:
    """Return a row type: name = kind, or name = (kind, width) for a few values a row."""
    described = [(name, *kind) if isinstance(kind, tuple) else (name, kind) for name, kind in fields.items()]
    return np.dtype(described, align=True)


def rows(kind: np.dtype, *shape: int) -> np.ndarray:
    """Return rows of zeros of a row type, shape `shape`."""
    array = np.zeros(shape, kind)
    return array.view(np.recarray) if PLAIN else array  # plain Python reads `row.name` from records only
