"""Figures along the quarters: deliveries, their change, price, firms, the public record."""

from __future__ import annotations

from supplysim.viz.figures.parts import (
    HOW,
    MODEL,
    Figure,
    band,
    chips,
    fell,
    lines,
    lines_table,
    plain,
    quarters,
    signed,
    window_sum,
)

from supplysim.experiment.effects import HIGH, LOW, MIDDLE, WINDOW, Summary
from supplysim.report.formatting import compact
from supplysim.report.published import published_volume


def fan(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return deliveries by quarter, both worlds, against the published estimate of 2024."""
    h100e = unit == "delivered_h100e"
    made = lines(
        summary,
        start,
        unit,
        acted,
        "chips",
        f"{'H100 equivalents' if h100e else 'Chips'} a quarter. {HOW}",
        "H100e a quarter" if h100e else "chips a quarter",
    )
    if not h100e:
        known = published_volume()
        made["note"] = {
            "from": 2024.0,
            "to": 2025.0,
            "lo": known.low / 4,
            "mid": known.median / 4,
            "hi": known.high / 4,
            "text": f"published 2024: {compact(known.median)} a year",
        }
        made["source"] = (
            f"{MODEL} Published estimate: {known.source}, evidence {known.evidence_id}, {compact(known.low)} to {known.high_as_published} chips in 2024."
        )
    return made


def effect(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the paired difference by quarter."""
    first = max(summary.first_quarter - 2, 0)
    x = quarters(summary, start)[first:]
    series = [band("Paired difference", "policy", summary.series_diff[unit], first)]
    effects = summary.effect(unit, WINDOW)
    word = "H100e" if unit == "delivered_h100e" else "chips"
    text = "Move a lever to see what it changes." if not acted else f"{fell(effects.down, effects.up, summary)}"
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "signed",
        "unit": f"{word} a quarter",
        "zero": True,
        "sub": f"With the package minus as it stands, pair by pair; {word} a quarter.",
        "callout": text,
        "policy_at": start + summary.first_quarter / 4,
        "aria": f"Paired difference in deliveries. {text} Median of the window {signed(effects.diff[MIDDLE])} {word}, 5 to 95 percent {signed(effects.diff[LOW])} to {signed(effects.diff[HIGH])}.",
        "table": lines_table(x, series, signed),
    }


def price(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the mark-up by quarter."""
    return lines(summary, start, "mark_up", acted, "x", f"Reference price over list price. {HOW}", "× list price")


def sellers(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return active intermediaries by quarter, with entries and exits."""
    made = lines(summary, start, "active_intermediaries", acted, "count", f"Intermediaries in business. {HOW}", "firms")
    come, go = (
        window_sum(summary, summary.series_policy if acted else summary.series_base, name)
        for name in ("newcomers", "exits")
    )
    made["callout"] = f"Over the policy years {plain(come)} firms come or return, {plain(go)} leave."
    return made


def record(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what happened against what becomes public: deliveries, seizures, and the seizures that are published."""
    first = 4
    x = quarters(summary, start)[first:]
    values = summary.series_policy if acted else summary.series_base
    series = [
        band("Delivered: seen by nobody", "hidden", values["delivered"], first),
        band("Seized", "base", values["seized"], first),
        band("Published seizures", "policy", values["seizures_published"], first),
    ]
    out, cases = (
        window_sum(summary, values, "seizures_published"),
        window_sum(summary, values, "prosecutions_published"),
    )
    true = window_sum(summary, values, "delivered")
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "chips",
        "unit": "chips a quarter",
        "sub": "Chips a quarter. A record seizure is good news only if deliveries fall as well.",
        "callout": f"The public hears of {chips(out)} seized chips and {plain(cases)} prosecutions; {chips(true)} chips arrive.",
        "policy_at": start + summary.first_quarter / 4,
        "aria": f"Published seizures {chips(out)}, delivered {chips(true)} chips over the policy years.",
        "table": lines_table(x, series, chips),
    }
