"""Figures along the quarters: deliveries, their change, price, firms, the public record."""

from __future__ import annotations

from supplysim.viz.figures.parts import (
    MODEL,
    PROJECTED,
    WORLDS,
    Figure,
    band,
    lines,
    lines_table,
    means,
    quarters,
    window_sum,
)
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.report.formatting import chips, compact, signed
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
        f"{'H100 equivalents' if h100e else 'Chips'} a quarter. {WORLDS}",
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
    series = [band("Difference", "policy", summary.series_diff[unit], summary.mean_diff[unit], first)]
    told = headline(summary, acted)
    word = "H100e" if unit == "delivered_h100e" else "chips"
    change = told.of(unit)
    text = f"In all {change.amount()} in {told.window}: {change.verdict}." if acted else "Move a lever to see."
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "signed",
        "unit": f"{word} a quarter",
        "zero": True,
        "sub": f"With the package minus as it stands, world by world; {word} a quarter. {WORLDS}",
        "callout": text,
        "policy_at": start + summary.first_quarter / 4,
        "projected_at": PROJECTED,
        "aria": f"Paired difference in deliveries. {told.sentence(unit)}",
        "table": lines_table(x, series, signed, "mean", f"{word} a quarter"),
    }


def price(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the mark-up by quarter."""
    return lines(summary, start, "mark_up", acted, "x", f"Reference price over list price. {WORLDS}", "× list price")


def sellers(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return active intermediaries by quarter, with entries and exits."""
    made = lines(
        summary, start, "active_intermediaries", acted, "count", f"Intermediaries in business. {WORLDS}", "firms"
    )
    come, go = (window_sum(summary, name, acted) for name in ("newcomers", "exits"))
    made["callout"] = f"In {headline(summary).window} {chips(come)} firms come or return, {chips(go)} leave."
    return made


def record(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what happened against what becomes public: deliveries, seizures, and the seizures that are published."""
    first = 4
    x = quarters(summary, start)[first:]
    values = summary.series_policy if acted else summary.series_base
    entries = {
        "delivered": ("Delivered: seen by nobody", "hidden"),
        "seized": ("Seized", "base"),
        "seizures_published": ("Published seizures", "policy"),
    }
    series = [
        band(label, role, values[name], means(summary, name, acted), first) for name, (label, role) in entries.items()
    ]
    out, cases, true = (
        window_sum(summary, name, acted) for name in ("seizures_published", "prosecutions_published", "delivered")
    )
    when = headline(summary).window
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "chips",
        "unit": "chips a quarter",
        "sub": f"Chips a quarter. A record seizure is good news only if deliveries fall as well. {WORLDS}",
        "callout": f"In {when} the public hears of {chips(out)} seized chips and {chips(cases)} prosecutions; {chips(true)} chips arrive.",
        "policy_at": start + summary.first_quarter / 4,
        "projected_at": PROJECTED,
        "aria": f"Published seizures {chips(out)}, delivered {chips(true)} chips in {when}.",
        "table": lines_table(x, series, chips, "mean", "chips a quarter"),
    }
