"""What figures are made of: numbers as text, bands, lines by quarter, pairs of bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from supplysim.viz.headline import first_year, headline

from supplysim.experiment.effects import HIGH, LOW, LOWER, UPPER, Summary
from supplysim.language import ENGLISH, gettext, gettext_noop, language, numerals
from supplysim.outputs.periods import PUBLISHED_END, decimal
from supplysim.report.formatting import chips

Figure = dict[str, Any]
MODEL = gettext_noop(
    "supplysim, paired runs on the same seeds and parameters; effects of levers are assumptions with ranges."
)
HOW = gettext_noop("Line: median run. Dark band: middle half. Light band: 5–95 %.")  # of a lesson's kept runs
WORLDS = gettext_noop("Line: mean over worlds. Dark: the middle half of them. Light: 9 in 10.")
PROJECTED = decimal(PUBLISHED_END)  # from here on inputs are projected, not published
MEAN = gettext_noop("mean")
TONE = {"base": gettext_noop("As it stands"), "policy": gettext_noop("With the package")}


def clean(values: Any) -> list[float | None]:
    """Return numbers fit for JSON: five significant digits, None for what is unknown."""
    return [float(f"{v:.5g}") if math.isfinite(v) else None for v in np.asarray(values, dtype=float)]


def band(label: str, role: str, q: np.ndarray, mean: np.ndarray, first: int = 0) -> dict[str, Any]:
    """Return one line, the mean over worlds, with its two bands."""
    rows = {key: clean(q[i, first:]) for key, i in (("lo", LOW), ("q1", LOWER), ("q3", UPPER), ("hi", HIGH))}
    return {"label": label, "role": role, "mid": clean(mean[first:])} | rows


def means(summary: Summary, column: str, acted: bool) -> np.ndarray:
    """Return the mean over worlds of a column by quarter: with the package, or as it stands."""
    return summary.mean_base[column] + (summary.mean_diff[column] if acted else 0.0)


def quarters(summary: Summary, start: float) -> list[float]:
    """Return the middle of every quarter as a decimal year."""
    count = next(iter(summary.series_base.values())).shape[1]
    return [round(start + (q + 0.5) / 4, 3) for q in range(count)]


def label_of(x: float) -> str:
    """Return a quarter's name: 2025.125 -> ``2025 Q1``."""
    return gettext("{year} Q{quarter}", year=int(x), quarter=int((x - int(x)) * 4) + 1)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], show: Any, unit: str) -> dict[str, Any]:
    """Return rows of a name and numbers as a table: as they are shown, and as numbers in a unit for a file.

    `show` writes a number: one function for all, or one for each column of numbers.
    """
    forms = show if isinstance(show, (list, tuple)) else [show] * len(head)
    written = [
        [row[0], *(cell if isinstance(cell, str) else form(cell) for cell, form in zip(row[1:], forms, strict=False))]
        for row in rows
    ]
    data = [[row[0], *(cell if isinstance(cell, str) else clean([cell])[0] for cell in row[1:])] for row in rows]
    return {"head": [*head], "rows": written, "data": data, "unit": unit}


def lines_table(
    x: Sequence[float], series: list[dict[str, Any]], show: Any, middle: str = gettext_noop("median"), unit: str = ""
) -> dict[str, Any]:
    """Return the numbers of a line figure as a table."""
    head = [gettext("Quarter"), *(f"{s['label']}: {part}" for s in series for part in (gettext(middle), "5 %", "95 %"))]
    rows = [[label_of(at), *(s[key][i] for s in series for key in ("mid", "lo", "hi"))] for i, at in enumerate(x)]
    shown = [[row[0], *map(show, row[1:])] for row in rows]
    return {"head": head, "rows": shown, "data": rows, "unit": unit}


def lines(
    summary: Summary, start: float, column: str, acted: bool, fmt: str, sub: str, unit: str, first: int = 4
) -> Figure:
    """Return a column of both worlds by quarter."""
    x = quarters(summary, start)[first:]
    series = [band(gettext(TONE["base"]), "base", summary.series_base[column], means(summary, column, False), first)]
    if acted:
        mean = means(summary, column, True)
        series.append(band(gettext(TONE["policy"]), "policy", summary.series_policy[column], mean, first))
    show = {"x": lambda v: "–" if v is None else numerals(f"{v:.2f}")}.get(fmt, chips)
    base, last = series[0], series[-1]
    amount = f"{show(base['mid'][-1])} {unit}"
    aria = gettext("As it stands: {amount} in {quarter}", amount=amount, quarter=label_of(x[-1]))
    if acted:
        aria += "; " + gettext(
            "with the package: {mean}, 9 in 10 worlds {low} to {high}",
            mean=show(last["mid"][-1]),
            low=show(last["lo"][-1]),
            high=show(last["hi"][-1]),
        )
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": fmt,
        "unit": unit,
        "sub": sub,
        "aria": aria,
        "policy_at": start + summary.first_quarter / 4,
        "projected_at": PROJECTED,
        "table": lines_table(x, series, show, MEAN, unit),
    }


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence: English begins it small."""
    return label[:1].lower() + label[1:] if language() == ENGLISH else label


def with_worlds(text: str) -> str:
    """Return what is said below a figure, and how its bands are read."""
    return f"{text} {gettext(WORLDS)}"


def a_quarter(unit: str = "delivered") -> str:
    """Return the unit of deliveries by quarter."""
    return gettext("H100e a quarter") if unit == "delivered_h100e" else gettext("chips a quarter")


def pairs_sub(summary: Summary) -> str:
    """Return what is said below bars of both worlds."""
    return gettext(
        "Means over worlds, {window}, logarithmic scale. Grey: as it stands. Teal: with the package.",
        window=headline(summary).window,
    )


def window_sum(summary: Summary, column: str, acted: bool) -> float:
    """Return the mean over worlds of a column summed over the policy years: with the package, or as it stands."""
    return float(np.nansum(means(summary, column, acted)[4 * first_year(summary) :]))


def pair_rows(summary: Summary, entries: Sequence[tuple[str, str]], acted: bool) -> tuple[list, list]:
    """Return bars of both worlds over the policy years, and their table rows."""
    bars, rows = [], []
    for column, label in entries:
        a, b = window_sum(summary, column, False), window_sum(summary, column, True)
        bars.append(
            {
                "label": label,
                "base": max(a, 0.0),
                "policy": max(b, 0.0) if acted else None,
                "text": f"{chips(a)} → {chips(b)}" if acted else chips(a),
            }
        )
        rows.append([label, a, b])
    return bars, rows
