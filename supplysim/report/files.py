"""Write a comparison into a folder: tables first, then workbook, figures and page, every file complete or not there."""

from __future__ import annotations

import gc
import json
import logging
import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.errors import one_line
from supplysim.experiment.drivers import drivers_table
from supplysim.experiment.study import Study
from supplysim.folders import FORMULA, safe, write_together
from supplysim.report import drawing
from supplysim.report.appendix import provenance
from supplysim.report.page import html

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.attribution import Attribution

log = logging.getLogger(__name__)

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SHEETS = {
    "comparison": "Effect of every policy on every measure over the window (each year: comparison.csv); effect = "
    "policy minus baseline of the same pair. _low and _high: ends of the 90 % interval of the mean; _se: Monte Carlo "
    "standard error.",
    "ledger": "Where the chips that each policy prevents went instead, chips: prevented = substituted + intercepted + "
    "blocked + delayed. Means over pairs with their 90 % intervals.",
    "burden": "What each policy changes for honest trade over the window; more is worse.",
    "scorecard": "What each policy changes for each stakeholder over the window.",
    "ranking": "Probability that a choice is best (least of what the objective counts), and expected regret.",
    "variance": "Variance of deliveries (baseline) and of each effect, and the share that seeds and parameters cause.",
    "drivers": "Rank correlation of each uncertain parameter with deliveries (baseline) and with relative effects.",
    "states": "Effect of every policy by state of the world over the window (each year: states.csv), and over all "
    "states by their probabilities; _se: Monte Carlo standard error.",
    "worlds": "Relative change by several statistics: mean, median world, thirds of worlds by chips delivered.",
    "pairwise": "Share of worlds in which one choice beats another by over half a per cent of the baseline, and ties.",
    "assumptions": "What each effect hangs on most, and the effect at the 5 % and 95 % point of the assumption.",
    "turns": "Value of an assumption at which the order of two of the first three choices turns.",
    "attribution": "What each policy of a package brings: Shapley values with 90 % intervals.",
    "interactions": "What two policies of a package bring beyond the sum of each.",
    "provenance": "Versions, hashes and seeds: what is needed to get the same numbers again.",
}


def save(study: Study, folder: str | Path, attributions: Sequence[Attribution] = ()) -> list[Path]:
    """Write the files of a comparison, and of what its packages are made of, and return their paths.

    Tables come first, then what is made of them: a picture that cannot be drawn on this machine costs no number.
    What cannot be made is logged in one line each, and an earlier comparison's file of that name goes.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    drawn = drawing.begin(study)
    origin = provenance(study)
    tables = {
        "comparison": study.table(),
        "ledger": study.ledger(),
        "burden": study.burden(),
        "scorecard": study.scorecard(),
        "ranking": study.ranking_table(),
        "variance": study.variance_table(),
        "drivers": drivers_table(study),
        **({"states": study.state_table()} if study.states else {}),
        "worlds": study.worlds_table(),
        "pairwise": study.pairwise_table(),
        "assumptions": study.assumptions_table(),
        "turns": study.turns_table(),
        **(_attributed(attributions) if attributions else {}),
    }
    writers = {f"{name}.csv": partial(_csv, table) for name, table in tables.items()}
    written = write_together(
        folder, {**writers, "provenance.json": partial(_text, json.dumps(origin, indent=2) + "\n")}
    )
    if not attributions:  # those of an earlier comparison would stand beside this one's numbers
        _remove(folder, ("attribution.csv", "interactions.csv"))
    if not study.states:
        _remove(folder, ("states.csv",))
    sheets = tables | {  # every year would take longer than all the rest
        name: tables[name][tables[name]["year"] == study.window] for name in ("comparison", "states") if name in tables
    }
    images: drawing.Files = {}
    parts: dict[tuple[str, ...], Callable[[], dict[str, Callable[[Path], Any]]]] = {
        ("runs.parquet",): lambda: {"runs.parquet": lambda path: study.run_table().to_parquet(path, index=False)},
        ("tables.xlsx",): lambda: {"tables.xlsx": lambda path: _workbook(path, sheets, origin, study.scenario.title)},
        drawing.FILES: lambda: _pictures(drawn, images),
        ("report.html",): lambda: {"report.html": partial(_text, html(study, tables, origin, images, attributions))},
    }
    for names, make in parts.items():
        try:
            written += write_together(folder, make())
        except Exception as error:  # other libraries, with settings and files of their own, draw and write these
            reason = one_line(f"{type(error).__name__}: {error}")[:300]
            log.warning("%s cannot be written (%s); the tables are in %s", " ".join(names), reason, folder)
            _remove(folder, names)
    return written


def _pictures(drawn: Callable[[], drawing.Files], images: drawing.Files) -> dict[str, Callable[[Path], Any]]:
    """Wait for the figures, note them for the page in `images`, and return what writes them."""
    images |= drawn()
    return {name: partial(_bytes, images[name]) for name in drawing.FILES}


def _remove(folder: str | Path, names: Iterable[str]) -> None:
    for name in names:
        with suppress(OSError):
            (Path(folder) / name).unlink(missing_ok=True)


def _csv(table: pd.DataFrame, path: Path) -> None:
    safe(table).to_csv(path, index=False)


def _bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _text(content: str, path: Path) -> None:
    path.write_text(content, encoding="utf-8")


def _workbook(path: Path, *content: Any) -> None:
    """Write the workbook, or raise one OSError: half-written sheets would tell of theirs when they are thrown away."""
    told, failed = sys.unraisablehook, None
    sys.unraisablehook = lambda it: None if isinstance(it.exc_value, (OSError, ValueError)) else told(it)
    try:
        try:
            _fill(path, *content)
        except OSError as error:
            failed = error.errno, error.strerror
        if failed:
            gc.collect()  # the sheets go now, with what they were held by
    finally:
        sys.unraisablehook = told
    if failed:
        raise OSError(*failed)


def _fill(path: Path, tables: Mapping[str, pd.DataFrame], provenance: Mapping[str, Any], title: str) -> None:
    """Write the workbook; cells of numbers that are unknown stay empty."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    first = book.create_sheet("contents")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 16, 110
    first.append(_cells(first, [title]))
    first.append(["Policies compared under stated assumptions, on paired runs; not a forecast."])
    first.append(["sheet", "what it holds"])
    for name in (*tables, "provenance"):
        first.append([name, SHEETS[name]])
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 28
        sheet.append(_cells(sheet, list(table.columns)))
        for row in zip(*(_cells(sheet, table[column].tolist()) for column in table), strict=True):
            sheet.append(row)
    sheet = book.create_sheet("provenance")
    for name, value in provenance.items():
        sheet.append(_cells(sheet, [name, str(value)[:32_000]]))  # a cell holds 32,767 letters; the JSON has all
    book.save(path)


def _cells(sheet: Any, values: list[Any]) -> list[Any]:
    """Return values as cells: Excel has neither NaN nor infinity, and a text stays a text, whatever it begins with."""
    return [_cell(sheet, value) for value in values]


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        value = NOT_IN_XML.sub("\ufffd", value)
        if value.startswith(FORMULA):
            cell = WriteOnlyCell(sheet, value)
            cell.data_type, cell.quotePrefix = "s", True
            return cell
    return value


def save_attributions(attributions: Sequence[Attribution], folder: str | Path) -> list[Path]:
    """Write ``attribution.csv`` and ``interactions.csv`` into a folder; return the files written."""
    tables = _attributed(attributions)
    return write_together(folder, {f"{name}.csv": partial(_csv, table) for name, table in tables.items()})


def _attributed(attributions: Sequence[Attribution]) -> dict[str, pd.DataFrame]:
    from supplysim.experiment.attribution import attribution_tables

    return attribution_tables(attributions)
