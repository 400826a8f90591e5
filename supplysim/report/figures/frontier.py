"""Cost against effect, and the policies that no cheaper one outdoes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from supplysim.experiment.statistics import FALL, Interval, mean_interval
from supplysim.report.figures.style import INK, LETTERS, POLICY, PUBLISHED, STATUS_QUO, amounts, blank, dress
from supplysim.report.formatting import dollars

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.experiment.comparison import Comparison


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
