"""The figures of a report, each drawn from a comparison: effects, fan, waterfall, frontier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from supplysim.experiment.ledger import mean_ledger
from supplysim.experiment.statistics import FALL, NO_EFFECT, Interval, PairedEffect, mean_interval
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
    shares,
)
from supplysim.report.formatting import dollars, percent
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
        axes.set_title(label(arm, 24) + change, loc="left", color=INK, fontsize=LETTERS, y=1.0, pad=3)
    for axes in panels[len(arms) :]:
        axes.set_visible(False)
    first = panels[0]
    first.set_ylim(0.0, 1.05 * max(baseline.max(), 1.0))
    names = (comparison.periods[year].label for year in comparison.years)
    first.set_xticks(years, [name.replace(" (", "\n(").replace(" to ", "\nto ") for name in names])
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


def effects(comparison: Comparison) -> Figure:
    """Draw the relative change in chips delivered of every policy."""
    return forest({arm: comparison.effect(arm) for arm in comparison.arms}, comparison.window)


def forest(found: Mapping[str, PairedEffect], window: str) -> Figure:
    """Draw effects on chips delivered by name."""
    names = list(found)
    figure = blank(0.65 + row_height(names) * len(names), left=1.75)
    axes = figure.add_subplot()
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1)
    for row, effect in enumerate(found.values()):
        colour = STATUS_QUO if effect.verdict == NO_EFFECT else POLICY
        axes.plot([effect.worlds_low, effect.worlds_high], [row, row], color=colour, linewidth=1.2)
        if np.isfinite(effect.relative_low):
            ends = [effect.relative_low, effect.relative_high]
            axes.plot(ends, [row, row], color=colour, linewidth=6, solid_capstyle="butt")
        axes.plot(effect.relative, row, "|", color=INK, markersize=11, markeredgewidth=1.6)
    rows(axes, names)
    shares(axes.xaxis)
    dress(axes, f"Relative change in chips delivered, {window}")
    return figure


SMALL = 1e6  # US$; below it, the logarithmic scale of costs is linear, since some policies save money


def points(comparison: Comparison) -> dict[str, tuple[Interval, Interval]]:
    """Return arm -> extra cost, US$ discounted, and chips prevented; means over pairs with their 90 % intervals."""
    return {
        arm: (mean_interval(comparison.extra_costs(arm).sum(axis=1)), mean_interval(comparison.chips_prevented(arm)))
        for arm in comparison.arms
    }


def on_frontier(comparison: Comparison) -> list[str]:
    """Return the arms with a clear fall that prevent more than every cheaper one, the cheapest first."""
    found = points(comparison)
    clear = [arm for arm in found if comparison.effect(arm).verdict == FALL]
    best, kept = 0.0, []
    for arm in sorted(clear, key=lambda name: (found[name][0].mean, -found[name][1].mean)):
        if found[arm][1].mean > best:
            best = found[arm][1].mean
            kept.append(arm)
    return kept


def frontier(comparison: Comparison) -> Figure:
    """Draw a numbered point a policy, on a logarithmic scale where costs are of several sizes."""
    found, edge = points(comparison), on_frontier(comparison)
    figure = blank(3.4, left=0.75, right=0.35)
    axes = figure.add_subplot()
    axes.axhline(0.0, color=INK, linewidth=0.8)
    if len(edge) > 1:
        cost, prevented = np.array([[side.mean for side in found[arm]] for arm in edge]).T
        axes.step(cost, prevented, where="post", color=PUBLISHED, linewidth=1.6, zorder=1)
    for number, (arm, (cost, prevented)) in enumerate(found.items(), start=1):
        colour = POLICY if arm in edge else STATUS_QUO
        lines: dict[str, Any] = {"color": colour, "linewidth": 1.2, "zorder": 2}
        axes.plot([cost.low, cost.high], [prevented.mean] * 2, **lines)
        axes.plot([cost.mean] * 2, [prevented.low, prevented.high], **lines)
        axes.plot(cost.mean, prevented.mean, "o", color=colour, markersize=12, zorder=3)
        number_in: dict[str, Any] = {
            "ha": "center",
            "va": "center_baseline",
            "color": "white",
            "fontsize": 7.5,
            "fontweight": "bold",
        }
        axes.text(cost.mean, prevented.mean, str(number), zorder=4, **number_in)
    costs = np.array([cost.mean for cost, _ in found.values()])
    if costs.min() > 0.0 and costs.max() < 10.0 * costs.min():
        axes.xaxis.set_major_locator(MaxNLocator(4))
    else:
        axes.set_xscale("symlog", linthresh=SMALL)
        axes.xaxis.set_major_locator(FixedLocator([sign * SMALL * 10.0**k for sign in (-1, 0, 1) for k in range(6)]))
        axes.minorticks_off()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: dollars(value).replace("$", r"\$")))
    amounts(axes.yaxis)
    dress(axes, f"Cost beyond the scenario as it stands, {comparison.window}")
    axes.set_ylabel("Chips prevented", color=INK, fontsize=LETTERS)
    return figure


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
