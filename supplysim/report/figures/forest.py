"""A forest: one effect a row, with the interval of its mean and where single pairs lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.statistics import NO_EFFECT, PairedEffect
from supplysim.report.figures.style import INK, POLICY, STATUS_QUO, amounts, blank, dress, row_height, rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.experiment.comparison import Comparison


def effects(comparison: Comparison) -> Figure:
    """Draw the paired change in chips delivered of every policy."""
    return forest({arm: comparison.effect(arm) for arm in comparison.arms}, comparison.window)


def forest(found: Mapping[str, PairedEffect], window: str) -> Figure:
    """Draw effects on chips delivered by name."""
    names = list(found)
    figure = blank(0.65 + row_height(names) * len(names), left=1.75)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    for row, effect in enumerate(found.values()):
        colour = STATUS_QUO if effect.verdict == NO_EFFECT else POLICY
        axes.plot([effect.p05, effect.p95], [row, row], color=colour, linewidth=1.2)
        if np.isfinite(effect.mean_low):
            ends = [effect.mean_low, effect.mean_high]
            axes.plot(ends, [row, row], color=colour, linewidth=6, solid_capstyle="butt")
        axes.plot(effect.mean, row, "|", color=INK, markersize=11, markeredgewidth=1.6)
    rows(axes, names)
    amounts(axes.xaxis, sign=True)
    dress(axes, f"Change in chips delivered, {window}")
    return figure
