"""Write a comparison into a folder: tables first, then workbook, figures and page, every file complete or not there."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.errors import one_line
from supplysim.experiment.asked import QUESTION, question_of, sealed
from supplysim.experiment.beside import DEFAULT
from supplysim.experiment.breakdown import ROUTE, breakdown
from supplysim.experiment.cards_table import cards_frame, cards_of, clauses_frame
from supplysim.experiment.drivers import drivers_table
from supplysim.experiment.study import Study
from supplysim.folders import safe, write_together
from supplysim.report import drawing, world
from supplysim.report.appendix import provenance
from supplysim.report.brief import page
from supplysim.report.brief.content import Findings, brief
from supplysim.report.brief.document import NEEDS, docx
from supplysim.report.page import html
from supplysim.report.reproduced import DIGEST, TABLE, digest, text_of
from supplysim.report.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.beliefs import Beliefs
    from supplysim.experiment.beside import Beside

log = logging.getLogger(__name__)


def save(
    study: Study,
    folder: str | Path,
    attributions: Sequence[Attribution] = (),
    beside: Beside | None = None,
    findings: Findings | None = None,
) -> list[Path]:
    """Write the files of a comparison, of what its packages are made of and of what stands beside it.

    Tables come first, then what is made of them: a picture that cannot be drawn on this machine costs no number.
    What cannot be made is logged in one line each, and an earlier comparison's file of that name goes. `findings` are
    what a decision says in the brief in place of the comparison's answer.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    short = brief(study, findings)
    drawn = drawing.begin(study, short.every_chart())
    question = question_of(study, None if beside is None else DEFAULT)
    effects = study.table()
    comparison = text_of(effects)
    origin = sealed({**provenance(study), DIGEST: digest(comparison), QUESTION: question})
    tables = {
        "comparison": effects,
        "ledger": study.ledger(),
        "routes": breakdown(study, ROUTE),
        "burden": study.burden(),
        "scorecard": study.scorecard(),
        "ranking": study.ranking_table(),
        "variance": study.variance_table(),
        "drivers": drivers_table(study),
        **({"states": study.state_table()} if study.states else {}),
        **({"cards": cards_frame(study), "clauses": clauses_frame(study)} if cards_of(study) else {}),
        "worlds": study.worlds_table(),
        "pairwise": study.pairwise_table(),
        "assumptions": study.assumptions_table(),
        "turns": study.turns_table(),
        **(_attributed(attributions) if attributions else {}),
        **({"beliefs": beliefs_frame(study.beliefs)} if study.beliefs else {}),
        **({"beside": beside.table()} if beside else {}),
    }
    writers: dict[str, Callable[[Path], Any]] = {f"{name}.csv": partial(_csv, each) for name, each in tables.items()}
    told = {TABLE: comparison, "provenance.json": json.dumps(origin, indent=2) + "\n"}
    written = write_together(folder, writers | {name: partial(_text, content) for name, content in told.items()})
    if not attributions:  # those of an earlier comparison would stand beside this one's numbers
        _remove(folder, ("attribution.csv", "interactions.csv"))
    if not study.states:
        _remove(folder, ("states.csv",))
    _remove(folder, [f"{name}.csv" for name in ("beliefs", "beside") if name not in tables])
    if "cards" not in tables:
        _remove(folder, ("cards.csv", "clauses.csv"))
    sheets = tables | {  # every year would take longer than all the rest
        name: tables[name][tables[name]["year"] == study.window] for name in ("comparison", "states") if name in tables
    }
    images: drawing.Files = {}
    parts: dict[tuple[str, ...], Callable[[], dict[str, Callable[[Path], Any]]]] = {
        ("runs.parquet",): lambda: {"runs.parquet": partial(_parquet, study)},
        ("tables.xlsx",): lambda: {"tables.xlsx": partial(_bytes, workbook(sheets, origin, study.scenario.title))},
        drawing.FILES: lambda: _pictures(drawn, images),
        ("report.html",): lambda: {
            "report.html": partial(_text, html(study, tables, origin, images, attributions, beside))
        },
        ("brief.html",): lambda: {"brief.html": partial(_text, page.html(short, images))},
        ("brief.docx",): lambda: {"brief.docx": partial(_bytes, docx(short, images))},
    }
    if find_spec("docx") is None:
        log.warning("%s", NEEDS)
        _remove(folder, parts.popitem()[0])
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
    safe(world.table(table)).to_csv(path, index=False)


def _bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _parquet(study: Study, path: Path) -> None:
    world.table(study.run_table()).to_parquet(path, index=False)


def _text(content: str, path: Path) -> None:
    path.write_text(content, encoding="utf-8")


def beliefs_frame(beliefs: Beliefs) -> pd.DataFrame:
    """Return the assumptions of one's own, one row each; columns of ``beliefs.csv``."""
    import pandas as pd

    return pd.DataFrame([asdict(one) for one in beliefs.changed()])


def save_attributions(attributions: Sequence[Attribution], folder: str | Path) -> list[Path]:
    """Write ``attribution.csv`` and ``interactions.csv`` into a folder; return the files written."""
    tables = _attributed(attributions)
    return write_together(folder, {f"{name}.csv": partial(_csv, table) for name, table in tables.items()})


def _attributed(attributions: Sequence[Attribution]) -> dict[str, pd.DataFrame]:
    from supplysim.experiment.attribution import attribution_tables

    return attribution_tables(attributions)
