"""The picture of a comparison: what each policy changes, and the baseline against what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from supplysim.experiment.statistics import NO_EFFECT
from supplysim.outputs.periods import of_year
from supplysim.report.figures.style import INK, POLICY, PUBLISHED, STATUS_QUO, label, shares
from supplysim.report.formatting import compact
from supplysim.report.published import YEAR, published_volume
from supplysim.report.text import pairs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from supplysim.experiment.comparison import Comparison

NOTE: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9}
HEAD: dict[str, Any] = {"color": INK, "fontsize": 12, "fontweight": "bold"}


def overview(comparison: Comparison) -> Figure:
    """Return the figure of a comparison, 12 inches wide; nothing is shown or written."""
    height = max(4.6, 2.0 + 0.5 * len(comparison.arms))
    figure = Figure(figsize=(12.0, height), dpi=150)
    FigureCanvasAgg(figure)
    change, level = figure.subplots(1, 2, width_ratios=(1.5, 1.0))
    figure.subplots_adjust(0.15, 0.85 / height, 0.985, 1.0 - 0.4 / height, wspace=0.15)
    _changes(change, comparison)
    _baseline(level, comparison)
    for axes in (change, level):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=INK, labelsize=9)
    change.spines["left"].set_visible(False)
    return figure


def _changes(axes: Axes, comparison: Comparison) -> None:
    """Draw the relative change in chips delivered over the window, one row a policy."""
    baseline = comparison.values("baseline", "delivered", comparison.window)
    spread = []
    for row, arm in enumerate(comparison.arms):
        change = comparison.values(arm, "delivered", comparison.window) - baseline
        change = np.divide(change, baseline, out=np.full(change.shape, np.nan), where=baseline != 0.0)
        effect = comparison.effect(arm)
        colour = STATUS_QUO if effect.verdict == NO_EFFECT else POLICY
        jitter = row + 0.14 * np.sin(2.4 * np.arange(change.size))  # apart, and the same in every drawing
        axes.scatter(change, jitter, s=11, color=colour, alpha=0.22, linewidths=0, zorder=2)
        ends = [effect.relative_low, effect.relative_high]
        axes.plot([effect.worlds_low, effect.worlds_high], [row, row], color=colour, linewidth=1.3, zorder=3)
        axes.plot(ends, [row, row], color=colour, linewidth=6, solid_capstyle="butt", zorder=4)
        axes.plot(effect.relative, row, "o", color="white", markeredgecolor=colour, markersize=5.5, zorder=5)
        spread += [effect.worlds_low, effect.worlds_high, *ends, 0.0]
    axes.axvline(0.0, color=INK, linewidth=1, zorder=1)
    low, high = np.nanmin(spread), np.nanmax(spread)
    margin = 0.12 * (high - low) or 1.0
    axes.set_xlim(low - margin, high + margin)  # a few extreme pairs must not flatten the rest
    axes.set_yticks(range(len(comparison.arms)), [label(arm) for arm in comparison.arms])
    axes.set_ylim(len(comparison.arms) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    shares(axes.xaxis, ticks=6)
    axes.set_xlabel(
        f"Relative change in chips delivered {comparison.window}, {pairs(comparison)}\n"
        "dot: one pair   thin: 5-95 % of pairs   thick: 90 % interval of the mean's change   grey: no clear effect",
        color=INK,
        fontsize=9,
    )
    axes.set_title("What each policy changes", loc="left", y=1.0, **HEAD)


def _baseline(axes: Axes, comparison: Comparison) -> None:
    """Draw the fan of chips delivered a year as things stand, and the published range of its year."""
    named = comparison.periods
    shown = of_year(YEAR, named.values())
    first = comparison.years[0] if shown is None else shown.key  # shelves fill before
    years = np.array([year for year in comparison.years if year >= first])
    volumes = np.array([comparison.values("baseline", "delivered", str(year)) for year in years])
    low, lower, median, upper, high = np.quantile(volumes, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1)
    axes.fill_between(years, low, high, color=STATUS_QUO, alpha=0.18, linewidth=0)
    axes.fill_between(years, lower, upper, color=STATUS_QUO, alpha=0.30, linewidth=0)
    axes.plot(years, median, color=STATUS_QUO, linewidth=2, linestyle="--", marker="o", markersize=3.5)
    for volume in (low[-1], median[-1], high[-1]):
        axes.annotate(compact(volume), (years[-1], volume), (7, 0), va="center", color=STATUS_QUO, **NOTE)
    floor = low.min()
    if shown is not None:
        published = published_volume()
        floor = min(floor, published.low)
        axes.plot([first, first], [published.low, published.high], color=PUBLISHED, linewidth=2.2)
        axes.plot(first, published.low, "_", color=PUBLISHED, markersize=11, markeredgewidth=2.2)
        axes.plot(first, published.median, "D", color=PUBLISHED, markersize=6)
        axes.plot(first, published.high, "^", color=PUBLISHED, markersize=8)
        notes = {
            published.low: compact(published.low),
            published.median: compact(published.median),
            published.high: published.high_as_published.replace(" ", "\n"),
        }
        for volume, text in notes.items():
            axes.annotate(text, (first, volume), (-10, 0), ha="right", va="center", color=PUBLISHED, **NOTE)
    axes.set_yscale("log")
    axes.set_ylim(max(floor / 2.0, 100.0), 2.0 * max(high.max(), 500_000.0))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
    axes.minorticks_off()
    axes.set_xlim(years[0] - 1.0, years[-1] + 0.6)
    axes.set_xticks(years, [named[year].label.replace(" (", "\n(") for year in years])
    axes.set_xlabel(
        "Chips delivered a year (log); bands: 50 % and 90 % of pairs"
        + (f"\norange: published for {YEAR} (CNAS 2025, Q001)" if shown is not None else ""),
        color=INK,
        fontsize=9,
    )
    axes.set_title("The scenario as it stands", loc="left", y=1.0, **HEAD)
