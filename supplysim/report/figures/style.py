"""What all figures share: size, colours, letters, and names that fit beside an axis."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from supplysim.report.formatting import compact, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Five colours in all, each at least 4.5 : 1 on white.
POLICY = "#0f766e"
STATUS_QUO = "#6b7280"
PUBLISHED = "#b45309"
BLUE = "#1d4ed8"
INK = "#1f2937"

WIDTH = 5.2  # inches: read at full size on paper, and still at two thirds of it on a phone
LETTERS = 9.0  # points
LINES = 3  # of a name
COLUMNS = 21  # letters of such a line


def blank(
    height: float, left: float, bottom: float = 0.5, top: float = 0.1, right: float = 0.15, width: float = WIDTH
) -> Figure:
    """Return an empty figure with margins in inches: set by hand, since to find them takes longer than to draw.

    So are the heights of titles (``y=1.0``), which would be looked for among the labels of all ticks.
    """
    figure = Figure(figsize=(width, height), dpi=150)
    FigureCanvasAgg(figure)
    figure.subplots_adjust(left / width, bottom / height, 1.0 - right / width, 1.0 - top / height)
    return figure


def dress(axes: Axes, xlabel: str = "") -> None:
    """Give axes the letters and lines of all figures."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=LETTERS)
    axes.set_xlabel(xlabel, color=INK, fontsize=LETTERS)


def rows(axes: Axes, names: list[str]) -> None:
    """Make one row a name, the first on top."""
    axes.set_yticks(range(len(names)), [label(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def amounts(axis: Any, sign: bool = False, ticks: int = 5) -> None:
    """Let the numbers of an axis be short: ``−120k``."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: compact(value, sign=sign)))
    axis.set_major_locator(MaxNLocator(ticks))


def shares(axis: Any, ticks: int = 5) -> None:
    """Let the numbers of an axis be relative changes: ``−20 %``."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))


def label(name: str, columns: int = COLUMNS) -> str:
    """Return a policy's name in a few short lines; the rest of a very long one is left to the tables."""
    text = name.replace("_", " ").replace("+", " + ")
    return textwrap.fill(text, columns, max_lines=LINES, placeholder=" …", break_on_hyphens=False).replace("$", r"\$")


def row_height(names: list[str]) -> float:
    """Return inches a row needs for its name."""
    return 0.06 + 0.16 * max(2, *(label(name).count("\n") + 1 for name in names))
