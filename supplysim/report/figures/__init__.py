"""The figures of a report: each a function of a comparison that returns a matplotlib figure; nothing is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplysim.experiment.comparison import Comparison


class Picture(NamedTuple):
    """A figure, its name as a file, and what stands below it and is read aloud instead of it."""

    name: str
    draw: Callable[[Comparison], Figure]
    caption: str


def _drawn(place: str, comparison: Comparison) -> Figure:
    """Return the figure that a function of this package draws: who only asks for captions needs no matplotlib."""
    module, _, function = place.partition(".")
    return getattr(import_module(f"{__name__}.{module}"), function)(comparison)


PICTURES = (
    Picture(
        "effects",
        partial(_drawn, "charts.effects"),
        "What each policy changes in chips delivered over the window, as a share. Mark: change of the mean over pairs; "
        "thick bar: its 90 % interval; thin line: 5 to 95 % of single pairs. Grey: no clear effect.",
    ),
    Picture(
        "fan",
        partial(_drawn, "charts.fan"),
        "Chips delivered a year, in thousands: median over pairs with bands of 50 and 90 % under each policy (green), "
        "and the same without it (grey; broken lines: 5, 50 and 95 %). The number is the mean paired change over the "
        "window.",
    ),
    Picture(
        "waterfall",
        partial(_drawn, "charts.waterfall"),
        "Where the prevented chips went, mean over pairs: each part starts where the one above it ends, and the black "
        "line marks their sum, the chips prevented. A part to the left takes away from it.",
    ),
    Picture(
        "frontier",
        partial(_drawn, "charts.frontier"),
        "Discounted cost against chips prevented over the window, means over pairs with their 90 % intervals. Policies "
        "on the line prevent more than every cheaper one; the numbers are those of the first table.",
    ),
)
