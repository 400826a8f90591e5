"""Pieces of a page: paragraphs, tables and figures as HTML that needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ERROR = re.compile("±.?[0-9.,]+k?(?: %)?")  # of simulation: stands in small type
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]  # heads, rows


def paragraph(text: str | None, kind: str = "") -> str:
    """Return a paragraph; nothing for no text."""
    return f"<p{_class(kind)}>{escape(text)}</p>" if text else ""


def listed(lines: Iterable[str]) -> str:
    """Return a list; nothing for no lines."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def table(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """Return a table whose first column names the rows; on a narrow screen it scrolls by itself, also by keyboard."""

    def row(cells: Sequence[str]) -> str:
        first, *others = (ERROR.sub(r"<small>\g<0></small>", escape(cell)) for cell in cells)
        return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'

    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}"><table{_class(kind)}>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(row, rows))}</tbody></table></div>"
    )


def folded(title: str, content: str) -> str:
    """Return pieces of a page that open below their title; they are not printed."""
    return f"<details><summary>{escape(title)}</summary>{content}</details>"


def drawing(image: str, name: str, caption: str) -> str:
    """Return an SVG as part of the page, with a caption, which is also what is read aloud."""
    return (
        f'<figure><div role="img" aria-labelledby="caption-{name}">{_inline(image, name)}</div>'
        f'<figcaption id="caption-{name}">{escape(caption)}</figcaption></figure>'
    )


def svg(figure: Figure) -> str:
    """Return a figure as SVG whose letters stay letters; the same figure gives the same text."""
    import matplotlib

    sink = StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "supplysim"}):
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
    return sink.getvalue()


def _inline(image: str, name: str) -> str:
    """Return an SVG without what addresses other places, and with names of its own."""
    text = image[image.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r' xmlns:xlink="[^"]*"| xmlns="[^"]*"', "", text)  # HTML knows them
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(xlink:)?href="#([^"]+)"', rf'href="#{name}-\2"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    return text.replace("<svg", '<svg aria-hidden="true"', 1)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
