"""Evidence to autumn 2026: the tables of `to_2026/`, each row a `Quantity` that is cited by its table's prefix.

Outcomes of 2026 are left out of these tables on purpose: predictions of them are scored against what comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from supplysim.evidence.tables import FOLDER, Quantity, read
from supplysim.packs.rows import TABLES_TO_2026

_CONFIDENCE = {"med": "medium"}


def _number(cell: str) -> float | None:
    """Return a cell as a number; None where it is empty or says something else, which is then kept as text."""
    try:
        return float(cell)
    except ValueError:
        return None


def _quantity(row: Mapping[str, str], named: tuple[str, str]) -> Quantity:
    """Return a row of any of the tables in the columns that all evidence has."""
    cells = {
        "low": row.get("low") or row.get("units_low", ""),
        "central": row.get("value", ""),
        "high": row.get("high") or row.get("units_high", ""),
    }
    numbers = {name: _number(cell) for name, cell in cells.items()}
    words = [f"{name}: {cell}" for name, cell in cells.items() if cell and numbers[name] is None]
    theme, quantity = (row[name] for name in named)
    return Quantity(
        id=row["id"],
        part="",
        theme=theme,
        quantity=quantity,
        unit=row.get("unit") or ("chips" if "units_low" in row else "" if "provision" in row else "share"),
        low=numbers["low"],
        central=numbers["central"],
        high=numbers["high"],
        text="; ".join(words),
        period=row.get("period") or row.get("date") or row.get("conduct") or row.get("data_until", ""),
        interval_meaning=row.get("interval", ""),
        source_title=row.get("source_title", "weights over documented cases, derived"),
        source_url=row.get("url", ""),
        source_date=row.get("source_date", ""),
        confidence=_CONFIDENCE.get(row["confidence"], row["confidence"]),
        note=row["note"],
    )


@cache
def later() -> Mapping[str, Quantity]:
    """Return the evidence to autumn 2026 by citation, for example ``enf:F050``.

    Raises
    ------
    ValueError
        When an id stands twice in a table.
    """
    found: dict[str, Quantity] = {}
    for prefix, (name, named) in TABLES_TO_2026.items():
        for row in read(FOLDER / "to_2026" / f"{name}.csv"):
            if prefix + row["id"] in found:
                raise ValueError(f"to_2026/{name}.csv: id {row['id']} stands twice; give one of them a new id")
            found[prefix + row["id"]] = _quantity(row, named)
    return MappingProxyType(found)
