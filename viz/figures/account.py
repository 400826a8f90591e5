"""Sums over the policy years: ledger, enforcement, honest trade, costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from supplysim.viz.figures.parts import TONE, Figure, pair_rows, pairs_sub, table
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import chips, dollars, signed

PARTS = (
    ("substituted", gettext_noop("Never ordered from smugglers"), "blue"),
    ("intercepted", gettext_noop("Seized"), "teal"),
    ("blocked", gettext_noop("Refused, deterred or no seller"), "slate"),
    ("delayed", gettext_noop("Still open or on the way"), "grey"),
)


def waterfall(book: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the bars of a ledger: its parts one after the other, their sum, and what came another way."""
    rows, reached = [], 0.0
    for key, label, tone in PARTS:
        rows.append(bar(gettext(label), reached, reached + book[key], tone, signed(book[key])))
        reached += book[key]
    rows.append(
        bar(gettext("Fewer delivered"), 0, book["prevented"], "rust", signed(book["prevented"])) | {"total": True}
    )
    memo = book["rerouted_memo"]
    return [*rows, bar(gettext("Arrived by another country"), 0, memo, "hollow", chips(memo)) | {"memo": True}]


def bar(label: str, start: float, end: float, tone: str, text: str) -> dict[str, Any]:
    """Return a bar of a waterfall."""
    return {"label": label, "from": round(start), "to": round(end), "tone": tone, "text": text}


SWAPS = {
    "licensed": gettext_noop("licensed chips"),
    "rented": gettext_noop("rented compute"),
    "offshore": gettext_noop("compute owned offshore"),
    "domestic": gettext_noop("domestic chips"),
}


def by_what(key: str) -> str:
    """Return what replaced chips, in words."""
    return gettext(SWAPS[key]) if key in SWAPS else gettext("nothing")


def swapped(book: Mapping[str, float]) -> dict[str, float]:
    """Return by what the chips never ordered were replaced, and how many not at all: parts of ``substituted``."""
    parts = {key: book[key] for key in SWAPS if key in book}
    return parts | {"none": book["substituted"] - sum(parts.values())}


def replacement(book: Mapping[str, float]) -> str:
    """Return how the chips never ordered were replaced, in a sentence whose parts add up; nothing if it is not one."""
    parts = {key: value for key, value in swapped(book).items() if chips(value) != "0"}
    if book["substituted"] < 50 or not parts:
        return ""
    told = {key: (by_what(key), value) for key, value in parts.items()}
    words = ", ".join(
        gettext("{n} by {what}", n=chips(value), what=what) for what, value in told.values() if value > 0.0
    )
    less = ", ".join(
        gettext("{n} less by {what}", n=chips(-value), what=what) for what, value in told.values() if value < 0.0
    )
    n = chips(book["substituted"])
    if less:
        return gettext("Of {n} never ordered, replaced: {parts}; against that, {less}.", n=n, parts=words, less=less)
    return gettext("Of {n} never ordered, replaced: {parts}.", n=n, parts=words)


def ledger(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the displacement ledger as a waterfall."""
    book = summary.ledger
    rows = waterfall(book)
    when = headline(summary).window
    swaps = [[gettext("of which replaced by {what}", what=by_what(key)), value] for key, value in swapped(book).items()]
    entries = [[gettext(label), book[key]] for key, label, _ in PARTS]
    entries += [
        [gettext("Fewer delivered"), book["prevented"]],
        [gettext("Arrived by another country"), book["rerouted_memo"]],
    ]
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "chips",
        "sub": gettext(
            "Mean over worlds, chips in {window}. The first four add up to the fall in deliveries.", window=when
        ),
        "callout": replacement(book) if acted else "",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": table([gettext("Entry"), gettext("Chips")], [*entries, *swaps], signed, gettext("chips")),
    }


def both() -> list[str]:
    """Return what the two worlds are called."""
    return [*map(gettext, TONE.values())]


def funnel(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return enforcement from leads to outcomes."""
    entries = [
        ("true_leads", gettext("Leads on smugglers")),
        ("false_leads", gettext("Leads on honest firms")),
        ("looks", gettext("Dossiers read")),
        ("cases_opened", gettext("Cases opened")),
        ("prosecutions", gettext("Prosecuted")),
        ("listings", gettext("Listed")),
        ("lapsed_cases", gettext("Lapsed: firm was gone")),
        ("false_cases", gettext("Against honest firms")),
    ]
    bars, rows = pair_rows(summary, entries, acted)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": pairs_sub(summary),
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": table([gettext("Stage"), *both()], rows, chips, gettext("number")),
    }


def honest(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return false alarms and delay."""
    entries = [
        ("honest_flagged", gettext("Honest orders flagged")),
        ("honest_delay", gettext("Chip-weeks of delay")),
        ("honest_inspected", gettext("Honest consignments opened")),
        ("false_leads", gettext("Leads on honest firms")),
        ("false_cases", gettext("Cases against honest firms")),
    ]
    bars, rows = pair_rows(summary, entries, acted)
    share = headline(summary, acted).of("honest_flagged_share")
    now, was = (f"{1000.0 * value:.0f}" for value in (share.policy if acted else share.level, share.level))
    if acted:
        said = gettext("{n} of 1,000 honest orders are flagged ({was} as it stands).", n=now, was=was)
    else:
        said = gettext("{n} of 1,000 honest orders are flagged.", n=now)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": pairs_sub(summary),
        "callout": said,
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": table([gettext("Burden"), *both()], rows, chips, gettext("number")),
    }


def costs(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what the package costs, to whom, and for each chip prevented."""
    cost = summary.cost
    estimate, low, high = cost["per_chip"]
    rows = [
        {
            "label": gettext("Government"),
            "from": 0,
            "to": cost["government"],
            "tone": "blue",
            "text": dollars(cost["government"]),
        },
        {
            "label": gettext("Industry"),
            "from": 0,
            "to": cost["industry"],
            "tone": "slate",
            "text": dollars(cost["industry"]),
        },
        {
            "label": gettext("Together"),
            "from": 0,
            "to": cost["government"] + cost["industry"],
            "tone": "rust",
            "text": dollars(cost["government"] + cost["industry"]),
            "total": True,
        },
    ]
    if math.isfinite(estimate):
        each = gettext(
            "{cost} for each of {n} chips prevented; simulating so few pairs leaves open {low} to {high}.",
            cost=dollars(estimate),
            n=chips(summary.ledger["prevented"]),
            low=dollars(low),
            high=dollars(high),
        )
    else:
        each = gettext("Cost per chip: {verdict} in deliveries.", verdict=gettext(cost["verdict"]))
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "dollars",
        "callout": each if acted else "",
        "sub": gettext(
            "Beyond the scenario as it stands, in {window}, discounted to its start; mean over worlds.",
            window=headline(summary).window,
        ),
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows) + ". " + each,
        "table": table(
            [gettext("Who pays"), "US$"],
            [
                *([row["label"], row["to"]] for row in rows),
                [gettext("For each chip prevented"), estimate if math.isfinite(estimate) else gettext(cost["verdict"])],
            ],
            dollars,
            "US$",
        ),
    }
