"""Graphs for paper: both worlds by quarter, and the paired difference, as SVG without anything from outside."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from supplysim.language import gettext, gettext_noop
from supplysim.lessons.results import Point, written
from supplysim.lessons.words import MEASURE_WORDS


def figures(series: Sequence[Point], measure: str) -> str:
    """Return the two graphs of a measure side by side: both worlds, and their paired difference."""
    words = gettext(MEASURE_WORDS.get(measure, measure))
    both, change = graph(series, measure, ("baseline", "policy"), words), graph(series, measure, ("difference",), words)
    caption = escape(gettext("{measure}; right: the change, pair by pair", measure=words))
    return f"<figure><figcaption>{caption}</figcaption>{both}{change}</figure>" if both else ""


COLOURS = {"baseline": "#5b6770", "policy": "#0e7a70", "difference": "#0e7a70"}
NAMES = {"baseline": gettext_noop("2024 rules"), "policy": gettext_noop("policy"), "difference": gettext_noop("change")}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 330.0, 150.0, 48.0, 62.0, 8.0, 18.0


def graph(series: Sequence[Point], measure: str, names: Sequence[str], words: str) -> str:
    """Return a graph as SVG: the middle of the pairs, and a band that holds nine in ten of them."""
    lines = {name: [it for it in series if it.measure == measure and it.line == name] for name in names}
    quarters = [it.quarter for it in lines[names[0]]]
    if not quarters:
        return ""
    high = max(0.0, *(it.p95 for points in lines.values() for it in points))
    low = min(0.0, *(it.p05 for points in lines.values() for it in points))
    span = (high - low) or 1.0

    def x(index: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * index / (len(quarters) - 1)

    def y(value: float) -> float:
        return TOP + (HEIGHT - BOTTOM - TOP) * (high - value) / span

    parts = []
    for value in {0.0, high, low}:
        heavy = "#1b2733" if value == 0.0 and low < 0.0 else "#d5dce1"
        label = written(round(value, -2) if span > 5000.0 else value, "count")
        parts.append(f'<path d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}" stroke="{heavy}" stroke-width=".7"/>')
        if value == 0.0 or abs(y(value) - y(0.0)) > 12.0:
            parts.append(_label(LEFT - 4, y(value) + 3.5, label, "#52606d", "end"))
    for index, quarter in enumerate(quarters):
        if quarter.endswith("Q1"):
            parts.append(_label(x(index), HEIGHT - 3, quarter[:4], "#52606d"))
    ends = sorted(names, key=lambda name: lines[name][-1].p50)
    gap = y(lines[ends[0]][-1].p50) - y(lines[ends[-1]][-1].p50)
    shift = max(0.0, 12.0 - gap) / 2.0 if len(ends) > 1 else 0.0
    for place, name in enumerate(ends):
        points, colour = lines[name], COLOURS[name]
        upper = " ".join(f"{x(i):.1f},{y(it.p95):.1f}" for i, it in enumerate(points))
        lower = " ".join(f"{x(i):.1f},{y(it.p05):.1f}" for i, it in reversed(list(enumerate(points))))
        middle = " ".join(f"{x(i):.1f},{y(it.p50):.1f}" for i, it in enumerate(points))
        dash = ' stroke-dasharray="6 4"' if name == "baseline" else ""
        parts.append(f'<polygon points="{upper} {lower}" fill="{colour}" opacity=".14"/>')
        parts.append(f'<polyline points="{middle}" fill="none" stroke="{colour}" stroke-width="2.2"{dash}/>')
        at = y(points[-1].p50) + 3.5 + (shift if place == 0 else -shift)
        parts.append(_label(WIDTH - RIGHT + 4, at, gettext(NAMES[name]), colour))
    if "2025-Q1" in quarters:
        start = x(quarters.index("2025-Q1"))
        line = f"M{start:.1f} {TOP}V{HEIGHT - BOTTOM}"
        parts.append(f'<path d="{line}" stroke="#b4641c" stroke-width=".8" stroke-dasharray="2 3"/>')
    last = ", ".join(
        gettext("{line} {number}", line=gettext(NAMES[name]), number=written(points[-1].p50, "count"))
        for name, points in lines.items()
    )
    label = gettext("{measure}. In the last quarter, middle of the pairs: {last}", measure=words, last=last)
    return f'<svg viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _label(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="10" fill="{colour}">{escape(text)}</text>'
