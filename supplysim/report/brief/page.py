"""A brief as one HTML file that prints on two sheets of A4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from supplysim.packs.words import said_on_page
from supplysim.report.brief.chart import Chart
from supplysim.report.brief.content import NOT_A_FORECAST, Brief, Section
from supplysim.report.html import drawing, listed, paragraph, table

STYLE = Path(__file__).with_name("brief.css")
NO_PICTURE = "The chart that stands here could not be drawn on the machine that made this page."


def html(brief: Brief, images: Mapping[str, bytes]) -> str:
    """Return the page; `images` are the charts that were drawn, as ``brief-1.svg``."""
    title = escape(brief.title)
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}: brief</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    sheets = "\n".join(
        f'<section class="sheet">{"".join(pieces)}</section>'
        for pieces in (_first(brief, images), _second(brief, images))
    )
    page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body><main>\n{sheets}\n</main></body></html>\n'
    return said_on_page(page)


def _first(brief: Brief, images: Mapping[str, bytes]) -> Iterator[str]:
    yield paragraph(NOT_A_FORECAST, "strap")
    yield f"<h1>{escape(brief.title)}</h1>"
    yield paragraph(brief.question, "question")
    if brief.changed is not None:
        yield f"<h2>{escape(brief.changed_head)}</h2>"
        yield table(brief.changed_head, *brief.changed, "words")
    yield paragraph(brief.answer, "answer")
    yield listed(brief.facts)
    for section in brief.sections:
        yield from _section(section, images)


def _second(brief: Brief, images: Mapping[str, bytes]) -> Iterator[str]:
    yield f'<div class="two">{"".join(_chart(chart, images) for chart in brief.charts)}</div>' if brief.charts else ""
    if brief.budget is not None:
        content, note = brief.budget
        yield f"<h2>{escape(brief.budget_head)}</h2>"
        yield table(brief.budget_head, *content)
        yield paragraph(note, "note")
    for name, lines in (("What it rests on", brief.rests), ("What a range does not cover", brief.not_covered)):
        yield f"<h2>{name}</h2>{listed(lines)}"
    if brief.sources:
        yield f'<h2>Sources</h2><div class="sources">{listed(brief.sources)}</div>'
    yield paragraph(brief.made, "strap")


def _section(section: Section, images: Mapping[str, bytes]) -> Iterator[str]:
    yield f"<h2>{escape(section.head)}</h2>" if section.head else ""
    yield from (paragraph(line) for line in section.words)
    if section.table is not None:
        yield table(section.head, *section.table)
    if section.chart is not None:
        yield _chart(section.chart, images)


def _chart(chart: Chart, images: Mapping[str, bytes]) -> str:
    """Return a chart under its claim; a line in its place if it could not be drawn."""
    image = images.get(f"{chart.name}.svg")
    drawn = paragraph(NO_PICTURE, "note") if image is None else drawing(image.decode(), chart.name, chart.note)
    return f"<div>{paragraph(chart.claim, 'claim')}{drawn}</div>"
