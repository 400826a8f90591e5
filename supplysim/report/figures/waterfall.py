"""The displacement ledger as a waterfall: the parts of what a policy prevents, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from supplysim.experiment.ledger import mean_ledger
from supplysim.report.figures.style import (
    BLUE,
    INK,
    LETTERS,
    POLICY,
    PUBLISHED,
    STATUS_QUO,
    amounts,
    blank,
    dress,
    row_height,
    rows,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.experiment.comparison import Comparison

PARTS = {"substituted": POLICY, "intercepted": PUBLISHED, "blocked": BLUE, "delayed": STATUS_QUO}
LANE = 0.2  # of a row


def waterfall(comparison: Comparison) -> Figure:
    """Draw one row a policy, one lane a part."""
    names = list(comparison.arms)
    figure = blank(0.95 + max(row_height(names), 0.46) * len(names), left=1.75, top=0.35)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, linewidth=0.8)
    for row, arm in enumerate(names):
        ledger, end = mean_ledger(comparison.ledgers[arm]), 0.0
        for lane, (part, colour) in enumerate(PARTS.items()):
            amount = getattr(ledger, part)
            axes.barh(row + (lane - 1.5) * LANE, amount, 0.9 * LANE, left=end, color=colour)
            end += amount
        axes.plot([ledger.prevented] * 2, [row - 2 * LANE, row + 2 * LANE], color=INK, linewidth=1.6)
    rows(axes, names)
    amounts(axes.xaxis)
    dress(axes, f"Chips, {comparison.window}")
    axes.legend(
        handles=[Patch(color=colour, label=part) for part, colour in PARTS.items()],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(PARTS),
        frameon=False,
        fontsize=LETTERS,
        handlelength=1.0,
        columnspacing=1.0,
        borderaxespad=0.1,
    )
    return figure
