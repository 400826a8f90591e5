"""The comparison as one self-contained HTML page that can be attached to a memo: answer first, provenance last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.report import grounds, sections, trust, words
from supplysim.report.answer import answer
from supplysim.report.figures import PICTURES
from supplysim.report.html import drawing, paragraph, table

if TYPE_CHECKING:
    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.study import Study

STYLE = Path(__file__).with_suffix(".css")
COLUMNS_TOGETHER = 4  # policies side by side: as many as a sheet of paper holds

Section = tuple[str, list[str]]  # heading, pieces of HTML


def html(
    study: Study, provenance: Mapping[str, Any], images: Mapping[str, str], attributions: Sequence[Attribution] = ()
) -> str:
    """Return the page; `images` are the `PICTURES` as SVG by name."""
    title = escape(study.scenario.title)
    parts = list(_sections(study, provenance, images, attributions))
    links = "".join(f'<li><a href="#part-{place}">{escape(head)}</a></li>' for place, (head, _) in enumerate(parts))
    body = [
        f"<main><h1>{title}</h1>",
        paragraph(study.scenario.question, "question"),
        paragraph(answer(study), "answer"),
        *(paragraph(text, "note") for text in (_how_run(study), *words.LIMITS)),
        f'<nav aria-label="Contents"><ol>{links}</ol></nav>',
        *(
            f'<section id="part-{place}"><h2>{escape(head)}</h2>\n{"".join(pieces)}</section>'
            for place, (head, pieces) in enumerate(parts)
        ),
        "</main>",
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"


def _sections(
    study: Study, provenance: Mapping[str, Any], images: Mapping[str, str], attributions: Sequence[Attribution]
) -> Iterator[Section]:
    drawn = {picture.name: drawing(images[picture.name], picture.name, picture.caption) for picture in PICTURES}
    yield (
        "What each policy changes",
        [
            table("What each policy changes", words.COLUMNS, _numbered(words.rows(study))),
            paragraph(words.HOW_TO_READ, "note"),
            drawn["effects"],
            paragraph(trust.precision(study)),
        ],
    )
    yield "Year by year, against the scenario as it stands", [drawn["fan"], paragraph(words.against_published(study))]
    yield (
        "Where the chips went instead",
        [
            drawn["waterfall"],
            *_told("Ledger", sections.ledger(study), sections.LEDGER_NOTE),
            *_told("Substitutes", sections.split(study), sections.SPLIT_NOTE),
            *_told("Beside the ledger", sections.memos(study), sections.MEMO_NOTE),
        ],
    )
    yield "Cost against effect", [drawn["frontier"], *_told("Cost", sections.costs(study), sections.COST_NOTE)]
    if len(sections.burden(study)[0]) > 1:
        yield "Burden on honest trade", [*_told("Burden", sections.burden(study), sections.BURDEN_NOTE)]
    yield "Who gains and who loses", [*_scorecard(study)]
    for attribution in attributions:
        yield f"What brings the effect of {attribution.study.name}", [*_attribution(attribution)]
    if len(study.arms) > 1:
        ranked = grounds.ranking(study)
        pieces = [paragraph(trust.ranking(study)), *_told("Ranking", ranked, grounds.RANKING_NOTE)]
        yield "Which single choice is best, and how surely", pieces
    split = grounds.variance(study)
    if split[1]:
        pieces = [paragraph(trust.variance(study)), *_told("Variance", split, grounds.VARIANCE_NOTE)]
        yield "Chance and ignorance", pieces
    driving = grounds.drivers(study)
    yield (
        "Assumptions that matter",
        [
            *(_told("Drivers", driving, grounds.DRIVERS_NOTE, "words") if driving[1] else ()),
            paragraph("" if driving[1] else grounds.NO_DRIVERS),
            table("Levers", *grounds.levers(study), "words"),
        ],
    )
    yield "What is not identified", [*map(paragraph, grounds.not_identified(study))]
    yield (
        "Where this comes from",
        [
            table("Provenance", *grounds.origin(provenance), "words"),
            f"<details><summary>All of it</summary><pre>{escape(json.dumps(provenance, indent=2))}</pre></details>",
        ],
    )


def _how_run(study: Study) -> str:
    return (
        f"{words.pairs(study)} of runs, each on the same seed and the same parameters ({study.parameters}) with and "
        f"without the policy; {study.window}. Intervals say how far simulating more pairs could move a number, not "
        "how far the assumptions could be wrong."
    )


def _numbered(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the rows with the numbers that policies have in the figure of cost against effect."""
    return [(f"{place}. {row[0]}" if place else row[0], *row[1:]) for place, row in enumerate(rows)]


def _told(name: str, content: sections.Table, note: str, kind: str = "") -> tuple[str, str]:
    heads, body = content
    return table(name, heads, body, kind), paragraph(note, "note")


def _scorecard(study: Study) -> Iterator[str]:
    arms = list(study.arms)
    for first in range(0, len(arms), COLUMNS_TOGETHER):
        yield table("Scorecard", *sections.scorecard(study, arms[first : first + COLUMNS_TOGETHER]), "arms")
    yield paragraph(sections.SCORECARD_NOTE, "note")


def _attribution(attribution: Attribution) -> Iterator[str]:
    yield table("Attribution", words.ATTRIBUTION_COLUMNS, words.attribution_rows(attribution))
    yield paragraph(words.HOW_TO_READ_ATTRIBUTION, "note")
    yield table("Interactions", words.INTERACTION_COLUMNS, words.interaction_rows(attribution))
    yield paragraph(words.HOW_TO_READ_INTERACTIONS, "note")
