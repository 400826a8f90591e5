"""The evidence tables as they lie in this folder: CSV in, frozen rows out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from supplysim import arguments
from supplysim.packs import active
from supplysim.packs.rows import read

FOLDER = Path(__file__).parent

# These have a reader of their own; every other CSV file is an input of the model, read as text by `table`.
TYPED = {"cases", "levers", "parameters", "quantities", "settings", "supply_by_quarter"}
TABLES = tuple(sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem not in TYPED))


@dataclass(frozen=True)
class Quantity:
    """One sourced number about the world: a row of ``quantities.csv``."""

    id: str  # "Q031"; "Q056a" when the source gives several values under one heading
    part: str  # which of the several values; empty otherwise
    theme: str
    quantity: str
    unit: str
    low: float | None
    central: float | None
    high: float | None
    text: str  # the source's own words where it gives no digits
    period: str
    interval_meaning: str
    source_title: str
    source_url: str
    source_date: str
    confidence: str  # high, medium or low: how well sourced, not how certain
    note: str


@dataclass(frozen=True)
class Lever:
    """One sourced number about a policy lever: a row of ``levers.csv``, cited as ``P:`` and its id."""

    id: str
    part: str
    lever: str
    parameter: str
    unit: str
    low: float | None
    central: float | None
    high: float | None
    text: str
    source_title: str
    source_url: str
    source_date: str
    confidence: str
    note: str


@dataclass(frozen=True)
class Case:
    """One publicly reported case, cited as ``case:`` and its id. An allegation is not a conviction."""

    id: str
    conduct_start: str  # YYYY, YYYY-MM or YYYY-MM-DD; empty when not reported
    conduct_end: str
    public: str  # when it was first reported or charged
    date: str  # the dates in words
    jurisdiction: str
    route: str
    chip_types: str
    units_low: float | None  # chips
    units_high: float | None
    value_usd: float | None
    outcome: str
    source_title: str
    source_url: str


@dataclass(frozen=True)
class SupplyRow:
    """Units of one product sold world-wide in one quarter."""

    quarter: str  # "2024Q3"
    sku: str
    units_p05: float
    units_p50: float
    units_p95: float
    source: str

    @property
    def year(self) -> int:
        """Calendar year of the quarter."""
        return int(self.quarter[:4])


Evidence = Quantity | Lever | Case


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table as text: those of this folder, with those of the process's world pack over them."""
    pack = active()
    return read(FOLDER / f"{name}.csv") if pack is None else pack.rows(name)


def number(cell: str, place: str) -> float | None:
    """Return a cell as a number, None when it is empty.

    Raises
    ------
    ValueError
        When it holds anything else; ``place`` says where.
    """
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"{place} = {cell!r}, but it must be a number or empty") from None


def by_id(name: str, numeric: tuple[str, ...]) -> dict[str, dict]:
    """Return the rows of an evidence table by id, with the numeric columns read.

    Raises
    ------
    ValueError
        When an id stands twice.
    """
    found: dict[str, dict] = {}
    for row in rows(name):
        if row["id"] in found:
            raise ValueError(f"{name}.csv: id {row['id']} stands twice; give one of them a new id")
        values = {column: number(row[column], f"{name}.csv: {row['id']}.{column}") for column in numeric}
        found[row["id"]] = {**row, **values}
    return found


@cache
def quantities() -> Mapping[str, Quantity]:
    """Return the numbers about the world by id."""
    found = by_id("quantities", ("low", "central", "high"))
    return MappingProxyType({key: Quantity(**row) for key, row in found.items()})


@cache
def levers() -> Mapping[str, Lever]:
    """Return the numbers about policy levers by id (without the ``P:`` of a citation)."""
    found = by_id("levers", ("low", "central", "high"))
    return MappingProxyType({key: Lever(**row) for key, row in found.items()})


@cache
def cases() -> Mapping[str, Case]:
    """Return the reported cases by id (without the ``case:`` of a citation)."""
    found = by_id("cases", ("units_low", "units_high", "value_usd"))
    return MappingProxyType({key: Case(**row) for key, row in found.items()})


@cache
def supply_by_quarter() -> tuple[SupplyRow, ...]:
    """Return units sold world-wide per product and quarter, in the order of time."""
    return tuple(
        SupplyRow(
            row["quarter"],
            row["sku"],
            float(row["units_p05"]),
            float(row["units_p50"]),
            float(row["units_p95"]),
            row["source"],
        )
        for row in rows("supply_by_quarter")
    )


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    return tuple(rows(name))


def table(name: str) -> list[dict[str, str]]:
    """Return a table of the model's inputs (one of `TABLES`) as text, one dictionary a row.

    Raises
    ------
    InputError
        When there is no such table; the message names the nearest one.
    """
    arguments.known(name, TABLES, "evidence", "table")
    return [dict(row) for row in _table(name)]
