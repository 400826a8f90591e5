"""All tables of a comparison in one XLSX workbook; the first sheet says what the others hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SHEETS = {
    "comparison": "Effect of every policy on every measure over the window (each year: comparison.csv); effect = "
    "policy minus baseline of the same pair. _low and _high: ends of the 90 % interval of the mean; _se: Monte Carlo "
    "standard error.",
    "ledger": "Where the chips that each policy prevents went instead, chips: prevented = substituted + intercepted + "
    "blocked + delayed. Means over pairs with their 90 % intervals.",
    "burden": "What each policy changes for honest trade over the window; more is worse.",
    "scorecard": "What each policy changes for each stakeholder over the window.",
    "ranking": "Probability that a choice is best (fewest chips delivered), and expected regret in chips.",
    "variance": "Variance of deliveries (baseline) and of each effect, and the share that seeds and parameters cause.",
    "drivers": "Rank correlation of each uncertain parameter with deliveries (baseline) and with relative effects.",
    "attribution": "What each policy of a package brings: Shapley values with 90 % intervals.",
    "interactions": "What two policies of a package bring beyond the sum of each.",
    "provenance": "Versions, hashes and seeds: what is needed to get the same numbers again.",
}


def write(path: Path, tables: Mapping[str, pd.DataFrame], provenance: Mapping[str, Any], title: str) -> None:
    """Write the workbook; cells of numbers that are unknown stay empty."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    first = book.create_sheet("contents")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 16, 110
    first.append([title])
    first.append(["Policies compared under stated assumptions, on paired runs; not a forecast."])
    first.append(["sheet", "what it holds"])
    for name in (*tables, "provenance"):
        first.append([name, SHEETS[name]])
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 28
        sheet.append(list(table.columns))
        for row in zip(*(_cells(table[column]) for column in table), strict=True):
            sheet.append(row)
    sheet = book.create_sheet("provenance")
    for name, value in provenance.items():
        sheet.append([name, str(value)[:32_000]])  # a cell holds 32,767 letters; provenance.json has all
    book.save(path)


def _cells(column: pd.Series) -> list[Any]:
    """Return a column as cells; Excel has neither NaN nor infinity."""
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in column.tolist()]
