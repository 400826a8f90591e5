"""What there is to know of a kind of firm or agency, said once beside its columns (`KINDS` in `agents/kinds.py`).

Set-up, conservation, the Mesa agents and the trade graph go over the kinds; none of them lists them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from supplysim.world.columns import GENERATIONS


@dataclass(frozen=True)
class Tie:
    """The columns in which a kind of firm keeps whom it buys from.

    Parameters
    ----------
    seller : str
        The kind whose rows they are.
    units : str
        Column of the chips that each tie has carried.
    rows : str
        Column of the sellers' rows; empty when there is one place a seller, in the order of their rows.
    open : str
        Column that says which ties are open; empty when all are.
    shell : str
        Column of the shell that a tie was made with; empty when sellers do not change theirs.
    trust : str
        Column of trust; empty when there is none.
    """

    seller: str
    units: str
    rows: str = ""
    open: str = ""
    shell: str = ""
    trust: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of firm or agency.

    Parameters
    ----------
    name : str
        What the nodes of the trade graph are called after.
    table : str
        Where its rows stand in `World`.
    columns : dtype
        Its row type; a column `cash` is money, US$.
    stock : tuple of str
        Columns of chips that it holds, by product or by generation.
    featured : tuple of str
        Columns of those that carry a feature; empty when it does not tell them apart.
    traits : tuple of str
        Columns that a node of the trade graph shows.
    ties : tuple of Tie
        Whom it buys from.
    codes : str
        Evidence table whose rows it stands for, by identity; empty when it is drawn.
    """

    name: str
    table: str
    columns: np.dtype
    stock: tuple[str, ...] = ()
    featured: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    codes: str = ""

    def rows(self, world: Any) -> np.ndarray:
        """Return the kind's rows in a world."""
        return reduce(getattr, self.table.split("."), world)

    def has(self, column: str) -> bool:
        """Return whether the kind has a column."""
        return column in (self.columns.names or ())

    def chips(self, world: Any) -> np.ndarray:
        """Return the chips that the kind holds, int64, shape (generations,)."""
        rows = self.rows(world)
        held = (rows[column].sum(axis=0).reshape(-1, GENERATIONS).sum(axis=0) for column in self.stock)
        return sum(held, np.zeros(GENERATIONS, np.int64))
