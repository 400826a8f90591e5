"""The figure of a brief: ranges of relative changes, one a row."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np

from supplysim.report.brief.words import signed
from supplysim.report.figures import style
from supplysim.report.figures.style import INK, LETTERS, POLICY, blank, dress, label, rows, shares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.report.brief.chart import Chart

ROW, LINE = 0.34, 0.145  # inches, at least, and of each line of a label
ALONE, BESIDE = (36, 2, 2.5), (22, 3, 1.5)  # letters a line of a label, lines, inches: of a chart alone, of one of two
SPARE = 6  # letters that lines lose, since words stay whole
ROOM = 0.62  # inches at the right, where the numbers stand


def ranges(chart: Chart) -> Figure:
    """Draw a chart: a line from end to end, a mark in the middle, the numbers at its right."""
    drawn = [row for row in chart.rows if np.isfinite([row.low, row.high]).all()]
    alone = chart.width > style.WIDTH
    columns, lines, left = ALONE if alone else BESIDE
    names = [label(shorten(row.label, lines * columns - SPARE, placeholder=" …"), columns) for row in drawn]
    height = 0.38 + sum(max(ROW, 0.06 + LINE * (name.count("\n") + 1)) for name in names)
    figure = blank(height, left, bottom=0.32, top=0.06, right=ROOM, width=chart.width)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    ends = [end for row in drawn for end in (row.low, row.high)] + [0.0]
    low, high = min(ends), max(ends)
    span = max(high - low, 0.01)
    for place, row in enumerate(drawn):
        axes.plot([row.low, row.high], [place, place], color=POLICY, linewidth=5, solid_capstyle="butt", alpha=0.45)
        if np.isfinite(row.middle):
            axes.plot(row.middle, place, "o", color=POLICY, markersize=6)
            beside = ("axes fraction", "data")
            axes.annotate(signed(row.middle), (1.02, place), None, beside, color=INK, fontsize=LETTERS, va="center")
    rows(axes, names)
    axes.set_yticks(range(len(names)), names)  # broken into other lines than those of a report's figures
    axes.set_xlim(low - 0.03 * span, high + 0.03 * span)
    shares(axes.xaxis, ticks=4)
    dress(axes)
    return figure
