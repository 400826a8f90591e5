"""Rows of CSV tables: how they are read, what tells them apart, and how those of a pack stand over the shipped ones."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = dict[str, str]
EVIDENCE = Path(__file__).parent.parent / "evidence"

# Table -> the columns that tell its rows apart. A series is replaced whole: its rows have one key.
KEYS: Mapping[str, tuple[str, ...]] = {
    "agencies": ("code",),
    "calendar": ("date", "rule"),
    "cases": ("id",),
    "channels": ("code",),
    "chips": ("code",),
    "classes": ("code",),
    "countries": ("code",),
    "crossings": ("country", "neighbour"),
    "levers": ("id",),
    "modes": ("code",),
    "parameters": ("name",),
    "quantities": ("id",),
    "series": ("series",),
    "settings": ("name",),
    "skus": ("code",),
    "supply_by_quarter": ("quarter", "sku"),
    "supply_projected": ("quarter", "sku"),
    "targets": ("name",),
    "vendors": ("code",),
}

CITED_AS = {"quantities": "", "levers": "P:", "cases": "case:"}  # tables that sources name, and the prefix of their ids
# Prefix of a citation -> the table, and where it says what a row's number is about.
TABLES_TO_2026 = {
    "bill:": ("bills", ("bill", "provision")),
    "cal:": ("calendar", ("kind", "event")),
    "dem:": ("demand", ("theme", "item")),
    "enf:": ("enforcement", ("theme", "item")),
    "est:": ("estimates", ("kind", "quantity")),
    "geo:": ("geography_cases", ("mode", "transit_hops")),
    "way:": ("geography_weights", ("kind", "country")),
    "in:": ("inputs_2027", ("theme", "item")),
    "sup:": ("supply", ("theme", "item")),
}


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file with a header line, as text without outer blanks.

    Raises
    ------
    ValueError
        When a row has more or fewer cells than the header, or a column has no name.
    """
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        names = [name.strip() for name in next(lines, [])]
        if not names or "" in names or len(set(names)) < len(names):
            raise ValueError(f"{path.name}: the first line must name every column, each once")
        rows = []
        for cells in lines:
            if not cells:
                continue
            if len(cells) != len(names):
                raise ValueError(
                    f"{path.name}, line {lines.line_num}: {len(cells)} cells, but {len(names)} columns; "
                    "put cells that hold a comma between double quotes"
                )
            rows.append(dict(zip(names, (cell.strip() for cell in cells), strict=True)))
    return rows


def key(name: str, row: Row) -> tuple[str, ...]:
    """Return what tells a row of a table apart from the others."""
    return tuple(row[column] for column in KEYS[name])


def overlaid(name: str, shipped: Iterable[Row], own: Iterable[Row]) -> list[Row]:
    """Return a table's rows in their order, those of a key that a pack has too replaced by it, its new ones behind."""
    given: dict[tuple[str, ...], list[Row]] = {}
    for row in own:
        given.setdefault(key(name, row), []).append(row)
    kept: list[Row] = []
    for row in shipped:
        at = key(name, row)
        if at not in given:
            kept.append(row)
        else:
            kept.extend(given[at])  # where the first of its rows stood
            given[at] = []
    return kept + [row for rows in given.values() for row in rows]
