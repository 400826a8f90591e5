"""Fans: how deliveries spread over pairs, year by year, under each policy and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.report.figures.style import INK, LETTERS, POLICY, STATUS_QUO, amounts, blank, dress, label
from supplysim.report.formatting import percent
from supplysim.run import BASELINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from supplysim.experiment.comparison import Comparison

ACROSS = 2  # panels
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def fan(comparison: Comparison) -> Figure:
    """Draw one panel a policy, all on the same axes."""
    arms = list(comparison.arms)
    down = -(-len(arms) // ACROSS)
    figure = blank(0.45 + 1.55 * down, left=0.55, bottom=0.35, top=0.4)
    panels = figure.subplots(down, ACROSS, sharex=True, sharey=True, squeeze=False).ravel()
    figure.subplots_adjust(wspace=0.12, hspace=0.5)
    baseline = _quantiles(comparison, BASELINE)
    years = np.array(comparison.years)
    for axes, arm in zip(panels, arms, strict=False):
        _panel(axes, years, baseline, _quantiles(comparison, arm))
        relative = comparison.effect(arm).relative
        change = f": {percent(relative)}" if np.isfinite(relative) else ""
        axes.set_title(label(arm, 24) + change, loc="left", color=INK, fontsize=LETTERS, pad=3)
    for axes in panels[len(arms) :]:
        axes.set_visible(False)
    first = panels[0]
    first.set_ylim(0.0, 1.05 * max(baseline.max(), 1.0))
    labels = [comparison.periods[year].label for year in comparison.years]
    first.set_xticks(years, [text if len(text) == 4 else f"{year}*" for text, year in zip(labels, years, strict=True)])
    amounts(first.yaxis, ticks=4)
    for axes in panels[max(len(arms) - ACROSS, 0) : len(arms)]:
        axes.tick_params(labelbottom=True)
    return figure


def _quantiles(comparison: Comparison, arm: str) -> np.ndarray:
    """Return quantiles of chips delivered over pairs, shape (shares, years)."""
    volumes = [comparison.values(arm, "delivered", str(year)) for year in comparison.years]
    return np.quantile(volumes, SHARES, axis=1)


def _panel(axes: Axes, years: np.ndarray, baseline: np.ndarray, policy: np.ndarray) -> None:
    axes.fill_between(years, policy[0], policy[4], color=POLICY, alpha=0.2, linewidth=0)
    axes.fill_between(years, policy[1], policy[3], color=POLICY, alpha=0.35, linewidth=0)
    axes.plot(years, policy[2], color=POLICY, linewidth=2)
    for line, width in zip(baseline[[0, 2, 4]], (1.0, 1.8, 1.0), strict=True):
        axes.plot(years, line, color=STATUS_QUO, linewidth=width, linestyle="--")
    dress(axes)
