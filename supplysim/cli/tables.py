"""Tables on a screen of any width: nothing is ever cut off; what does not fit side by side is stacked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from textwrap import wrap
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from supplysim.packs.words import said

GAPS = (2, 1)  # characters between columns: where two do not fit, one will do
PROSE = 11  # characters that a column of prose needs, unless its text is shorter
INDENT = 2  # of what stands below a name
BESIDE = 30  # characters that must be left beside a key for what it says, or that goes below it

Cell = str | Text


def print_table(
    console: Console,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    left: int = 1,
    prose: Collection[int] = (),
    names_above: bool = False,
) -> None:
    """Print rows of cells under headings, or each row as a block of its own where they do not fit.

    Parameters
    ----------
    console : Console
    title : str
    headings : sequence of str
    rows : sequence of sequences of str or Text
        One cell a heading; a cell may have several lines.
    left : int
        How many columns are words rather than numbers: flush left.
    prose : collection of int
        Columns that may be wrapped between words; in all others a line stays whole.
    names_above : bool
        Where the first column is too wide, print each name on a line of its own, above its numbers.
    """
    title, headings = said(title), [said(heading) for heading in headings]
    cells = [[_text(cell) for cell in row] for row in rows]
    for gap in GAPS:
        widths = _widths([Text(heading) for heading in headings], cells, prose, console.width, gap)
        if widths is not None:
            break
    else:
        if not (names_above and _below_names(console, title, headings, cells)):
            _stack(console, title, headings, cells)
        return
    table = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, gap - 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        justify: JustifyMethod = "left" if place < left else "right"
        table.add_column(Text(heading), justify=justify, width=width, overflow="fold")
    for row in cells:
        table.add_row(*(_broken(cell, width) for cell, width in zip(row, widths, strict=True)))
    console.print(table)


def print_facts(console: Console, facts: Sequence[tuple[str, str]]) -> None:
    """Print keys in bold and beside each, or below it on a narrow screen, what it says; a key may be empty."""
    facts = [(said(key), said(line)) for key, line in facts]
    if console.width - max((cell_len(key) for key, _ in facts), default=0) - GAPS[0] < BESIDE:
        for key, line in facts:
            if key:
                console.print(Text(key, style="bold"))
            console.print(Padding(Text(line, overflow="fold"), (0, 0, 0, 2)))
        return
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")  # an address is of use only whole
    for key, line in facts:
        grid.add_row(Text(key, style="bold"), Text(line))
    console.print(grid)


def print_title(console: Console, left: str, right: str) -> None:
    """Print a title in bold and, flush right, what made it; on a line of its own where both do not fit."""
    room = console.width - cell_len(left) - cell_len(right)
    console.print(Text(left, style="bold") + Text(" " * room + right if room >= 2 else f"\n{right}", style="dim"))


def print_effects(console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of effects, errors of simulation in faint letters."""
    cells = [[Text(cell) for cell in row] for row in rows]
    for cell in (cell for row in cells for cell in row[1:]):
        cell.highlight_regex("±.*", style="dim")
    print_table(console, "", headings, cells, prose=(0,), names_above=True)


def _text(cell: Cell) -> Text:
    if not isinstance(cell, Text):
        return Text(said(cell))  # never markup: a name may have [brackets]
    return cell if said(cell.plain) == cell.plain else Text(said(cell.plain), style=cell.style)


def _broken(cell: Text, width: int) -> Text:
    """Return a cell with a package that is longer than its column broken between its policies."""
    if all(cell_len(word) <= width for word in cell.plain.split()):
        return cell
    lines = [""]
    for part in _words(cell.plain):
        lines[-1:] = [lines[-1] + part] if cell_len(lines[-1] + part) <= width else [lines[-1], part]
    return Text("\n".join(filter(None, lines)))


def _words(text: str) -> list[str]:
    """Return the parts between which a text may be broken: after blanks and signs between policies or settings."""
    return re.findall(r"[^\s+(,]*[+(,]\s*|[^\s+(,]+\s*", text)


def _longest(parts: Sequence[str]) -> int:
    return max(map(cell_len, parts), default=0)


def _widths(
    headings: Sequence[Text], rows: Sequence[Sequence[Text]], prose: Collection[int], screen: int, gap: int
) -> list[int] | None:
    """Return the width of every column; None if they do not fit. What is left over goes to the prose."""
    least, most = [], []
    for place, heading in enumerate(headings):
        texts = [row[place].plain for row in rows]
        whole = max(_longest([line for text in texts for line in text.splitlines()]), _longest(heading.plain.split()))
        words = _longest([word.rstrip() for text in (heading.plain, *texts) for word in _words(text)])
        most.append(whole)
        least.append(max(words, min(whole, PROSE)) if place in prose else whole)
    left_over = screen - sum(least) - gap * (len(least) - 1)
    if left_over < 0:
        return None
    wanting = sum(most) - sum(least)
    share = min(1.0, left_over / wanting) if wanting else 0.0
    widths = [low + int(share * (high - low)) for low, high in zip(least, most, strict=True)]
    return _fewer_lines([heading.plain for heading in headings], widths, left_over - (sum(widths) - sum(least)))


def _fewer_lines(headings: Sequence[str], widths: list[int], left_over: int) -> list[int]:
    """Return the widths with what is left over given to the headings that take most lines."""
    while True:
        lines = [len(wrap(heading, width)) for heading, width in zip(headings, widths, strict=True)]
        tallest = max(lines, default=0)
        wider = {
            place: next(
                more for more in range(width, len(headings[place]) + 1) if len(wrap(headings[place], more)) < tallest
            )
            for place, (width, high) in enumerate(zip(widths, lines, strict=True))
            if high == tallest > 1
        }
        needed = sum(more - widths[place] for place, more in wider.items())
        if not wider or needed > left_over:
            return widths
        left_over -= needed
        widths = [wider.get(place, width) for place, width in enumerate(widths)]


def _below_names(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[Text]]) -> bool:
    """Print each row in two lines, name and numbers; return whether the numbers fit, or nothing was printed."""
    numbers = [row[1:] for row in rows]
    gap = GAPS[-1]
    widths = _widths([Text(heading) for heading in headings[1:]], numbers, (), console.width - INDENT, gap)
    if widths is None:
        return False
    if title:
        console.print(Text(title, style="bold"))
    console.print(Padding(_line(headings[1:], widths, gap, "bold"), (0, 0, 0, INDENT)))
    for row in rows:
        console.print(_broken(row[0], console.width))
        console.print(Padding(_line(row[1:], widths, gap), (0, 0, 0, INDENT)))
    return True


def _line(cells: Sequence[Cell], widths: Sequence[int], gap: int, style: str = "") -> Table:
    """Return one row of numbers, each flush right in its width."""
    grid = Table.grid(padding=(0, gap, 0, 0))
    for width in widths:
        grid.add_column(justify="right", width=width, overflow="fold", style=style)
    grid.add_row(*map(_text, cells))
    return grid


def _stack(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Print each row as a block: its first cell, and below it the others, each after its heading."""
    if title:
        console.print(Text(title, style="bold"))
    for row in rows:
        for place, (heading, cell) in enumerate(zip(headings, row, strict=True)):
            indent = 2 if place else 0
            line = Text(": " if heading else "").join([Text(heading), Text("; ").join(cell.split("\n"))])
            line = _broken(line, console.width - indent)
            if place == 0:
                line.stylize("bold")
            if cell.plain:
                line.overflow = "fold"
                console.print(Padding(line, (0, 0, 0, indent)))


def lines(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return facts as (key, text) rows; what is empty is left out, what is nested gets a row an item."""
    found: list[tuple[str, str]] = []
    for key, value in facts.items():
        if isinstance(value, Mapping):
            texts = [f"{inner}: {item}" for inner, item in value.items()]
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for row in value:
                found += [("", ""), *lines(row)]
            continue
        else:
            texts = [str(item) for item in (value if isinstance(value, list) else [value])]
        texts = [text for text in texts if text not in ("", "None")]
        found += [(key.replace("_", " ") if position == 0 else "", text) for position, text in enumerate(texts)]
    return found
