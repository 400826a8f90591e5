"""The comparison as one self-contained HTML page: tables, figure, words, assumptions, provenance."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from supplysim.experiment import sections
from supplysim.experiment.words import COLUMNS, HOW_TO_READ, LIMITS, against_published, pairs, rows

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2937 }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
th, td { padding: .35rem .8rem; border-bottom: 1px solid #e5e7eb; text-align: right }
th:first-child, td:first-child { text-align: left }
img { max-width: 100% } pre { background: #f3f4f6; padding: 1rem; overflow: auto; font-size: 13px }
h1, h2 { color: #0f766e }
"""


def html(comparison: Comparison, provenance: dict[str, Any], picture: bytes) -> str:
    """Return the page; `picture` is the figure as PNG."""
    scenario = comparison.scenario
    body = [
        f"<h1>{escape(scenario.title)}</h1>",
        _paragraph(scenario.question),
        _paragraph(
            f"{pairs(comparison)} of runs, each on the same seed and the same parameters "
            f"({comparison.parameters}) with and without the policy; {comparison.window}. {HOW_TO_READ}"
        ),
        _table(COLUMNS, rows(comparison)),
        _image(picture),
        _paragraph(against_published(comparison) or ""),
        "<h2>Where the chips went instead</h2>",
        *_section(sections.ledger(comparison), sections.LEDGER_NOTE),
        *_section(sections.split(comparison), sections.SPLIT_NOTE),
        *_section(sections.memos(comparison), sections.MEMO_NOTE),
        "<h2>What it costs</h2>",
        *_section(sections.costs(comparison), sections.COST_NOTE),
        "<h2>What it costs those who trade honestly</h2>",
        *_section(sections.burden(comparison), sections.BURDEN_NOTE),
        "<h2>Who gains and who loses</h2>",
        *_section(sections.scorecard(comparison), sections.SCORECARD_NOTE),
        "<h2>What this does not say</h2>",
        *map(_paragraph, LIMITS),
        "<h2>What was assumed</h2>",
        *(_assumptions(arm, policies) for arm, policies in comparison.arms.items() if len(policies) == 1),
        "<h2>Where this comes from</h2>",
        f"<pre>{escape(json.dumps(provenance, indent=2))}</pre>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(scenario.title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(body) + "\n</body></html>\n"


def _section(table: sections.Table, note: str) -> tuple[str, str]:
    heads, body = table
    return _table(heads, body), _paragraph(note)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _assumptions(arm: str, policies: Sequence[Any]) -> str:
    (policy,) = policies
    return (
        f"<p><strong>{escape(arm)}</strong>: {escape(policy.mechanism)} "
        f"Who pays: {escape(policy.payer)} Not known: {escape(policy.unknown)}</p>"
    )


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell).replace(chr(10), '<br>')}</{tag}>" for cell in cells) + "</tr>"

    return f"<table>{row(head, 'th')}{''.join(row(cells, 'td') for cells in body)}</table>"


def _image(picture: bytes) -> str:
    return (
        '<img alt="Change in chips delivered by policy; the scenario as it stands against what is published" '
        f'src="data:image/png;base64,{b64encode(picture).decode()}">'
    )
