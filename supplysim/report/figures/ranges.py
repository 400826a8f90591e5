"""The figure of a brief: ranges of relative changes, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.report.brief.words import signed
from supplysim.report.figures.style import INK, LETTERS, POLICY, blank, dress, label, rows, shares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.report.brief.chart import Chart

ROW = 0.34  # inches
COLUMNS = 30  # letters of a label in a line
ROOM = 0.16  # of the width, right of the longest line: numbers stand there


def ranges(chart: Chart) -> Figure:
    """Draw a chart: a line from end to end, a mark in the middle, the numbers at its right."""
    drawn = [row for row in chart.rows if np.isfinite([row.low, row.high]).all()]
    names = [label(row.label, COLUMNS) for row in drawn]
    tall = [0.12 + 0.14 * max(2, name.count("\n") + 1) for name in names]
    height = 0.38 + max(ROW * len(drawn), sum(tall))
    figure = blank(height, left=2.0 if chart.width > 5.0 else 1.75, bottom=0.32, top=0.06, width=chart.width)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    ends = [end for row in drawn for end in (row.low, row.high)] + [0.0]
    low, high = min(ends), max(ends)
    span = max(high - low, 0.01)
    for place, row in enumerate(drawn):
        axes.plot([row.low, row.high], [place, place], color=POLICY, linewidth=5, solid_capstyle="butt", alpha=0.45)
        if np.isfinite(row.middle):
            axes.plot(row.middle, place, "o", color=POLICY, markersize=6)
            axes.annotate(
                signed(row.middle), (high + 0.03 * span, place), color=INK, fontsize=LETTERS, va="center", ha="left"
            )
    rows(axes, names)
    axes.set_xlim(low - 0.03 * span, high + (ROOM + 0.05) * span)
    shares(axes.xaxis, ticks=4)
    dress(axes)
    return figure
