"""Figures along the quarters: deliveries, their change, price, firms, the public record."""

from __future__ import annotations

from supplysim.viz.figures.parts import (
    MEAN,
    MODEL,
    PROJECTED,
    Figure,
    a_quarter,
    band,
    lines,
    lines_table,
    means,
    quarters,
    window_sum,
    with_worlds,
)
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.language import gettext
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
        with_worlds(gettext("H100 equivalents a quarter.") if h100e else gettext("Chips a quarter.")),
        a_quarter(unit),
    )
    if not h100e:
        known = published_volume()
        made["note"] = {
            "from": 2024.0,
            "to": 2025.0,
            "lo": known.low / 4,
            "mid": known.median / 4,
            "hi": known.high / 4,
            "text": gettext("published 2024: {n} a year", n=compact(known.median)),
        }
        published = gettext(
            "Published estimate: {source}, evidence {id}, {low} to {high} chips in 2024.",
            source=known.source,
            id=known.evidence_id,
            low=compact(known.low),
            high=known.high_as_published,
        )
        made["source"] = f"{gettext(MODEL)} {published}"
    return made


def effect(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the paired difference by quarter."""
    first = max(summary.first_quarter - 2, 0)
    x = quarters(summary, start)[first:]
    series = [band(gettext("Difference"), "policy", summary.series_diff[unit], summary.mean_diff[unit], first)]
    told = headline(summary, acted)
    change = told.of(unit)
    text = gettext("Move a lever to see.")
    if acted:
        text = gettext(
            "In all {amount} in {window}: {verdict}.", amount=change.amount(), window=told.window, verdict=change.said
        )
    minus = gettext("With the package minus as it stands, world by world; {unit}.", unit=a_quarter(unit))
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "signed",
        "unit": a_quarter(unit),
        "zero": True,
        "sub": with_worlds(minus),
        "callout": text,
        "policy_at": start + summary.first_quarter / 4,
        "projected_at": PROJECTED,
        "aria": " ".join((gettext("Paired difference in deliveries."), told.sentence(unit))),
        "table": lines_table(x, series, signed, MEAN, a_quarter(unit)),
    }


def price(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the mark-up by quarter."""
    sub = with_worlds(gettext("Reference price over list price."))
    return lines(summary, start, "mark_up", acted, "x", sub, gettext("× list price"))


def sellers(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return active intermediaries by quarter, with entries and exits."""
    sub = with_worlds(gettext("Intermediaries in business."))
    made = lines(summary, start, "active_intermediaries", acted, "count", sub, gettext("firms"))
    come, go = (chips(window_sum(summary, name, acted)) for name in ("newcomers", "exits"))
    made["callout"] = gettext(
        "In {window} {come} firms come or return, {go} leave.", window=headline(summary).window, come=come, go=go
    )
    return made


def record(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what happened against what becomes public: deliveries, seizures, and the seizures that are published."""
    first = 4
    x = quarters(summary, start)[first:]
    values = summary.series_policy if acted else summary.series_base
    entries = {
        "delivered": (gettext("Delivered: seen by nobody"), "hidden"),
        "seized": (gettext("Seized"), "base"),
        "seizures_published": (gettext("Published seizures"), "policy"),
    }
    series = [
        band(label, role, values[name], means(summary, name, acted), first) for name, (label, role) in entries.items()
    ]
    out, cases, true = (
        chips(window_sum(summary, name, acted))
        for name in ("seizures_published", "prosecutions_published", "delivered")
    )
    when = headline(summary).window
    return {
        "kind": "lines",
        "x": x,
        "series": series,
        "fmt": "chips",
        "unit": a_quarter(),
        "sub": with_worlds(gettext("Chips a quarter. A record seizure is good news only if deliveries fall as well.")),
        "callout": gettext(
            "In {window} the public hears of {seized} seized chips and {cases} prosecutions; {delivered} chips arrive.",
            window=when,
            seized=out,
            cases=cases,
            delivered=true,
        ),
        "policy_at": start + summary.first_quarter / 4,
        "projected_at": PROJECTED,
        "aria": gettext(
            "Published seizures {seized}, delivered {delivered} chips in {window}.",
            seized=out,
            delivered=true,
            window=when,
        ),
        "table": lines_table(x, series, chips, MEAN, a_quarter()),
    }
