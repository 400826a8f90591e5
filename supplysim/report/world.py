"""Of which world a figure, a table or a document is, said on the thing itself, since it is passed on alone.

In the shipped world nothing changes. In that of a pack (docs/world-packs.md) figures and documents have its words and
its name, and tables a column `world` with its name and fingerprint.
"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from supplysim.packs import active, stamp
from supplysim.packs.words import said

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

STRIP, LETTERS = 0.2, 7.0  # inches below a figure, points
LETTERS_AN_INCH = 18


def told() -> str:
    """Return name, title and source of this process's world; nothing for the shipped one."""
    pack = active()
    return "" if pack is None else f"{pack.badge} · {pack.title} · source: {pack.source}"


def figure(drawn: Figure) -> Figure:
    """Return a figure in the words of its world, with a strip below that names it."""
    if not told():
        return drawn
    from matplotlib.text import Text

    for text in drawn.findobj(Text):
        text.set_text(said(text.get_text()))
    (width, height), margins = drawn.get_size_inches(), drawn.subplotpars
    bottom, top = (margins.bottom * height + STRIP, margins.top * height + STRIP)
    drawn.set_size_inches(width, height + STRIP)
    drawn.subplots_adjust(bottom=bottom / (height + STRIP), top=top / (height + STRIP))
    line = shorten(told(), int(width * LETTERS_AN_INCH), placeholder=" …")
    drawn.text(0.05 / width, 0.05 / (height + STRIP), line, fontsize=LETTERS, color="#1f2937", va="bottom")
    return drawn


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column `world` behind the others."""
    return rows.assign(world=stamp()) if stamp() else rows


def document(page: Any) -> None:
    """Put the words of this world into a document of python-docx, its tables too."""
    cells = (cell for of in page.tables for row in of.rows for cell in row.cells)
    for paragraph in (*page.paragraphs, *(one for cell in cells for one in cell.paragraphs)):
        for run in paragraph.runs:
            if run.text and said(run.text) != run.text:
                run.text = said(run.text)
