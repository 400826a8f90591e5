"""The figures of a decision, one claim each: regret by option, where two options cross, what to find out first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from supplysim.decision import words
from supplysim.decision.aims import AIMS
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
    label,
    row_height,
    rows,
)
from supplysim.report.formatting import share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.decision.findings import Findings
    from supplysim.decision.flips import Curve, Flips
    from supplysim.decision.information import Information
    from supplysim.decision.robust import Robustness

BARS = 8  # of the figure of information
ROW, WIDE = 0.5, 28  # inches of one of its rows, and letters of a line of its names
APART = 30.0  # largest over smallest value of a factor from which on its axis is logarithmic
CAPTIONS = {
    "regret": "What it costs not to know the world: how much more an option leaves than the best option of each world. "
    "Dot: mean over worlds; line: up to the 90 % point.",
    "flip": "Mean change against leaving things as they stand, along the assumption that changes the choice most "
    "surely. Line: where the best option changes; band: its 90 % interval.",
    "information": "What it would be worth to know an assumption before choosing. Line: 90 % interval; grey: no more "
    "than chance would show.",
}


def pictures(found: Findings) -> dict[str, Figure]:
    """Return the figures by their names in `CAPTIONS`: those for which there is something to draw."""
    made = {"regret": regret(found.robustness)}
    curve = next((one for one in found.flips.curves if one.flips), None)
    if curve is not None:
        made["flip"] = flip(found.flips, curve, [one.option for one in found.robustness.standings])
    if found.information.factors:
        made["information"] = information(found.information)
    return made


def regret(found: Robustness) -> Figure:
    """Draw mean regret of every option and its 90 % point, the least first."""
    ordered = sorted(found.standings, key=lambda one: one.regret)
    names = [one.option for one in ordered]
    figure = blank(0.85 + row_height(names) * len(names), left=1.75, top=0.3)
    axes = figure.add_subplot()
    for row, one in enumerate(ordered):
        colour = POLICY if row == 0 else STATUS_QUO
        axes.plot([one.regret, one.regret_90], [row, row], color=colour, linewidth=1.6)
        axes.plot(one.regret, row, "o", color=colour, markersize=6)
    rows(axes, names)
    axes.set_xlim(left=0.0)
    amounts(axes.xaxis)
    _claim(figure, f"{names[0]} has the least regret on average")
    aim = AIMS[found.objective]
    dress(axes, f"Regret in {aim.words}, {aim.unit}")
    return figure


def flip(found: Flips, curve: Curve, names: list[str]) -> Figure:
    """Draw the options that are best somewhere along a factor, and where they cross."""
    one = max(curve.flips, key=lambda each: each.share)
    shown = dict.fromkeys(name for each in curve.flips for name in (each.below, each.above))
    figure = blank(2.9, left=0.75, bottom=0.75, top=0.3)
    axes = figure.add_subplot()
    if np.isfinite([one.low, one.high]).all():
        axes.axvspan(one.low, one.high, color=STATUS_QUO, alpha=0.2, linewidth=0)
    axes.axvline(one.value, color=INK, linewidth=1.0)
    for name, colour, line in zip(shown, (POLICY, PUBLISHED, BLUE, INK), ("-", "--", "-.", ":"), strict=False):
        heights = curve.changes[:, names.index(name)]
        axes.plot(curve.at, heights, color=colour, linewidth=2, linestyle=line, label=label(name, 40))
    if curve.at[0] > 0.0 and curve.at[-1] / curve.at[0] > APART:
        axes.set_xscale("log")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5))
        if words.is_share(one.factor):
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: share(value)))
    amounts(axes.yaxis, sign=True)
    axes.legend(frameon=False, fontsize=LETTERS, loc="best")
    aim = AIMS[found.objective]
    _claim(figure, f"{one.above} is better above {words.amount(one.factor, one.value)}, {one.below} below")
    dress(axes, label(words.meaning(one.factor), 60))
    axes.set_ylabel(f"Change in {aim.unit}", color=INK, fontsize=LETTERS)
    return figure


def information(found: Information) -> Figure:
    """Draw what the most valuable factors are worth."""
    ordered = found.factors[:BARS]
    names = [words.meaning(one.name) for one in ordered]
    figure = blank(0.85 + ROW * len(names), left=2.2, top=0.3)
    axes = figure.add_subplot()
    for row, one in enumerate(ordered):
        axes.barh(row, one.value, height=0.55, color=POLICY if one.clear else STATUS_QUO, alpha=0.75)
        axes.plot([one.low, one.high], [row, row], color=INK, linewidth=1.2)
    rows(axes, names)
    axes.set_yticks(range(len(names)), [label(name, WIDE) for name in names])
    axes.set_xlim(left=0.0)
    amounts(axes.xaxis)
    clear = any(one.clear for one in ordered)
    _claim(figure, "What is worth finding out first" if clear else "No single assumption stands out")
    dress(axes, f"Worth of knowing it, {AIMS[found.objective].unit}")
    return figure


def _claim(figure: Figure, text: str) -> None:
    figure.text(0.02, 0.985, label(text, 75), color=INK, fontsize=LETTERS + 1.0, va="top")
