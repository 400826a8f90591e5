"""A brief as a document for a word processor, by python-docx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from supplysim.report import world
from supplysim.report.brief.chart import Chart
from supplysim.report.brief.content import NOT_A_FORECAST, Brief
from supplysim.report.html import Table

NEEDS = 'brief.docx needs python-docx: pip install "supplysim[decide]"'
MARGIN, BODY = 16, 9.5  # mm, points
FULL, HALF = 150, 120  # mm: a chart alone, and one of two


def docx(brief: Brief, images: Mapping[str, bytes]) -> bytes:
    """Return the document; `images` are the charts that were drawn, as ``brief-1.png``.

    Raises
    ------
    ImportError
        Without python-docx.
    """
    from docx import Document
    from docx.shared import Mm, Pt

    page = Document()
    section = page.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN)
    page.styles["Normal"].font.size = Pt(BODY)
    page.styles["Normal"].paragraph_format.space_after = Pt(3)
    page.core_properties.title, page.core_properties.author = brief.title, ""

    def picture(chart: Chart, width: int) -> None:
        page.add_paragraph().add_run(chart.claim).bold = True
        image = images.get(f"{chart.name}.png")
        if image is not None:
            page.add_picture(BytesIO(image), width=Mm(width))
        page.add_paragraph(chart.note)

    page.add_paragraph(NOT_A_FORECAST)
    page.add_heading(brief.title, 0)
    page.add_paragraph(brief.question)
    if brief.changed is not None:
        page.add_heading(brief.changed_head, 1)
        _table(page, brief.changed)
    page.add_paragraph().add_run(brief.answer).bold = True
    _list(page, brief.facts)
    for one in brief.sections:
        if one.head:
            page.add_heading(one.head, 1)
        for line in one.words:
            page.add_paragraph(line)
        if one.table is not None:
            _table(page, one.table)
        if one.chart is not None:
            picture(one.chart, FULL)
    for chart in brief.charts:
        picture(chart, HALF)
    if brief.budget is not None:
        content, note = brief.budget
        page.add_heading(brief.budget_head, 1)
        _table(page, content)
        page.add_paragraph(note)
    heads = {
        "What it rests on": brief.rests,
        "What a range does not cover": brief.not_covered,
        "Sources": brief.sources,
    }
    for head, lines in heads.items():
        if lines:
            page.add_heading(head, 1)
            _list(page, lines)
    page.add_paragraph(brief.made)
    world.document(page)
    made = BytesIO()
    page.save(made)
    return made.getvalue()


def _list(page: Any, lines: Sequence[str]) -> None:
    for line in lines:
        page.add_paragraph(line, style="List Bullet")


def _table(page: Any, content: Table) -> None:
    heads, rows = content
    made = page.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for line in (heads, *rows):
        cells = made.rows[0].cells if line is heads else made.add_row().cells
        for cell, text in zip(cells, line, strict=True):
            cell.text = text
