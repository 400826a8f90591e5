"""What figures are made of: numbers as text, bands, lines by quarter, pairs of bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from supplysim.experiment.effects import HIGH, LOW, LOWER, MIDDLE, UPPER, Effect, Summary
from supplysim.outputs.periods import last_year
from supplysim.report.formatting import chips, relative

Figure = dict[str, Any]
MODEL = "supplysim, paired runs on the same seeds and parameters; effects of levers are assumptions with ranges."
HOW = "Line: median run. Dark band: middle half. Light band: 5–95 %."


def clean(values: Any) -> list[float | None]:
    """Return numbers fit for JSON: five significant digits, None for what is unknown."""
    return [float(f"{v:.5g}") if math.isfinite(v) else None for v in np.asarray(values, dtype=float)]


def fell(down: float, up: float, summary: Summary) -> str:
    """Return a share of pairs as a natural frequency."""
    share, word = (down, "down") if down >= up else (up, "up")
    if summary.status == "exact":
        return f"{word.capitalize()} in {round(share * summary.pairs)} of {summary.pairs} paired runs."
    return f"{word.capitalize()} in about {round(share * 20) * 5} of 100 paired runs."


def told(effect: Effect, form: Callable[[float], str]) -> str:
    """Return the relative change of the mean with half its interval, as the command line has it; then the median."""
    if not math.isfinite(effect.diff[MIDDLE]):
        return form(effect.diff[MIDDLE])
    median = f"median {form(effect.diff[MIDDLE])}"
    return f"{relative(*effect.relative)} ({median})" if math.isfinite(effect.relative.mean) else median


def band(label: str, role: str, q: np.ndarray, first: int = 0) -> dict[str, Any]:
    """Return one line with its two bands."""
    rows = {
        key: clean(q[i, first:])
        for key, i in (("lo", LOW), ("q1", LOWER), ("mid", MIDDLE), ("q3", UPPER), ("hi", HIGH))
    }
    return {"label": label, "role": role, **rows}


def quarters(summary: Summary, start: float) -> list[float]:
    """Return the middle of every quarter as a decimal year."""
    count = next(iter(summary.series_base.values())).shape[1]
    return [round(start + (q + 0.5) / 4, 3) for q in range(count)]


def label_of(x: float) -> str:
    """Return a quarter's name: 2025.125 -> ``2025 Q1``."""
    return f"{int(x)} Q{int((x - int(x)) * 4) + 1}"


def lines_table(x: Sequence[float], series: list[dict[str, Any]], show: Any) -> dict[str, Any]:
    """Return the numbers of a line figure as a table."""
    head = ["Quarter", *(f"{s['label']}: {part}" for s in series for part in ("median", "5 %", "95 %"))]
    rows = [[label_of(at), *(show(s[key][i]) for s in series for key in ("mid", "lo", "hi"))] for i, at in enumerate(x)]
    return {"head": head, "rows": rows}


def lines(
    summary: Summary, start: float, column: str, acted: bool, fmt: str, sub: str, unit: str, first: int = 4
) -> Figure:
    """Return a column of both worlds by quarter."""
    x = quarters(summary, start)[first:]
    series = [band("As it stands", "base", summary.series_base[column], first)]
    if acted:
        series.append(band("With the package", "policy", summary.series_policy[column], first))
    show = {"x": lambda v: "–" if v is None else f"{v:.2f}"}.get(fmt, chips)
    last = series[-1]
    aria = f"{series[0]['label']}: {show(series[0]['mid'][-1])} {unit} in {label_of(x[-1])}"
    if acted:
        aria += f"; {last['label'].lower()}: {show(last['mid'][-1])}, 5 to 95 percent of runs {show(last['lo'][-1])} to {show(last['hi'][-1])}"
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": fmt,
        "unit": unit,
        "sub": sub,
        "aria": aria,
        "policy_at": start + summary.first_quarter / 4,
        "table": lines_table(x, series, show),
    }


def latest(summary: Summary, values: dict[str, np.ndarray], column: str, quarters_back: int = 4) -> float:
    """Return the median of a column over the last quarters, summed."""
    return float(np.nansum(values[column][MIDDLE, -quarters_back:]))


def last_quarters(summary: Summary) -> str:
    """Return what the last four quarters are called that `latest` adds up: a year, or their days."""
    if not summary.periods:
        return str(summary.years[-1])
    weeks = sum(period.weeks for period in summary.periods)
    return last_year(summary.periods[0].first, weeks).label


def during(called: str) -> str:
    """Return a period as it stands in a sentence: ``in 2024``, ``from 2 Oct 2023 to 29 Sep 2024``."""
    return f"{'in' if called[:4].isdigit() else 'from'} {called}"


def window_sum(summary: Summary, values: dict[str, np.ndarray], column: str) -> float:
    """Return the median of a column summed over the policy window."""
    return float(np.nansum(values[column][MIDDLE, summary.first_quarter :]))


def pair_rows(summary: Summary, entries: Sequence[tuple[str, str]], show: Any, acted: bool) -> tuple[list, list]:
    """Return bars of both worlds over the policy window, and their table rows."""
    bars, rows = [], []
    for column, label in entries:
        a, b = window_sum(summary, summary.series_base, column), window_sum(summary, summary.series_policy, column)
        bars.append(
            {
                "label": label,
                "base": max(a, 0.0),
                "policy": max(b, 0.0) if acted else None,
                "text": f"{show(a)} → {show(b)}" if acted else show(a),
            }
        )
        rows.append([label, show(a), show(b)])
    return bars, rows
