"""The tables of a comparison as one workbook, made in memory: what writes it to disk meets errors of the disk alone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from supplysim.folders import FORMULA
from supplysim.packs.words import said
from supplysim.report import world

if TYPE_CHECKING:
    import pandas as pd

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SHEETS = {
    "comparison": "Effect of every policy on every measure over the window (each year: comparison.csv); effect = "
    "policy minus baseline of the same pair. _low and _high: ends of the 90 % interval of the mean; _se: Monte Carlo "
    "standard error.",
    "ledger": "Where the chips that each policy prevents went instead, chips: prevented = substituted + intercepted + "
    "blocked + delayed. Means over pairs with their 90 % intervals.",
    "routes": "Chips delivered over the window by the last country before China: means over pairs, and the paired "
    "change with its 90 % interval.",
    "burden": "What each policy changes for honest trade over the window; more is worse.",
    "scorecard": "What each policy changes for each stakeholder over the window.",
    "ranking": "Probability that a choice is best (least of what the objective counts), and expected regret.",
    "variance": "Variance of deliveries (baseline) and of each effect, and the share that seeds and parameters cause.",
    "drivers": "Rank correlation of each uncertain parameter with deliveries (baseline) and with relative effects.",
    "states": "Effect of every policy by state of the world over the window (each year: states.csv), and over all "
    "states by their probabilities; _se: Monte Carlo standard error.",
    "cards": "What each bill changes, as law and as introduced (times its probability), by year and over the window: "
    "objectives, and costs by payer (US$). _low and _high: 90 % interval of simulation; worlds_: single worlds.",
    "clauses": "Clauses of each bill, the policies that say them, and what is not modelled.",
    "worlds": "Relative change by several statistics: mean, median world, thirds of worlds by chips delivered.",
    "pairwise": "Share of worlds in which one choice beats another by over half a per cent of the baseline, and ties.",
    "assumptions": "What each effect hangs on most, and the effect at the 5 % and 95 % point of the assumption.",
    "turns": "Value of an assumption at which the order of two of the first three choices turns.",
    "attribution": "What each policy of a package brings: Shapley values with 90 % intervals.",
    "interactions": "What two policies of a package bring beyond the sum of each.",
    "beliefs": "Assumptions of one's own under which all was run, what they replace, their sources and reasons.",
    "beside": "The same policies under the shipped assumptions, and what each assumption alone changes of an effect; "
    "share: of the change by all of them. _low and _high: ends of the 90 % interval of simulation.",
    "provenance": "Versions, hashes and seeds: what is needed to get the same numbers again.",
}
MOST_LETTERS = 32_000  # a cell holds 32,767; the JSON has all


def workbook(tables: Mapping[str, pd.DataFrame], provenance: Mapping[str, Any], title: str) -> bytes:
    """Return the workbook: a sheet of contents, one a table, and where it comes from."""
    from xlsxwriter import Workbook

    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        plain = book.add_format({"quote_prefix": True})
        first = book.add_worksheet("contents")
        first.set_column(0, 0, 16)
        first.set_column(1, 1, 110)
        head = [[said(title)], ["Policies compared under stated assumptions, on paired runs; not a forecast."]]
        head += [[world.told()]] if world.told() else []
        contents = ([name, said(SHEETS[name])] for name in (*tables, "provenance"))
        _fill(first, [*head, ["sheet", "what it holds"], *contents], plain)
        for name, table in ((name, world.table(one)) for name, one in tables.items()):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, 0, 28)
            rows = zip(*(table[column].tolist() for column in table), strict=True)
            _fill(sheet, [table.columns.tolist(), *rows], plain)
        _fill(book.add_worksheet("provenance"), [[name, str(value)] for name, value in provenance.items()], plain)
    return made.getvalue()


def _fill(sheet: Any, rows: Iterable[Iterable[Any]], plain: Any) -> None:
    """Write rows: Excel has neither NaN nor infinity, and a text stays a text, whatever it begins with."""
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = NOT_IN_XML.sub("\ufffd", value)[:MOST_LETTERS]
                sheet.write_string(number, column, text, plain if text.startswith(FORMULA) else None)
            elif isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif value is not None and math.isfinite(value):
                sheet.write_number(number, column, value)
