"""Sums over the policy years: ledger, enforcement, honest trade, costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from supplysim.viz.figures.parts import Figure, pair_rows, table
from supplysim.viz.headline import headline

from supplysim.experiment.effects import Summary
from supplysim.report.formatting import chips, dollars, signed

PARTS = (
    ("substituted", "Never ordered from smugglers", "blue"),
    ("intercepted", "Seized", "teal"),
    ("blocked", "Refused, deterred or no seller", "slate"),
    ("delayed", "Still open or on the way", "grey"),
)


def waterfall(book: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the bars of a ledger: its parts one after the other, their sum, and what came another way."""
    rows, reached = [], 0.0
    for key, label, tone in PARTS:
        rows.append(bar(label, reached, reached + book[key], tone, signed(book[key])))
        reached += book[key]
    rows.append(bar("Fewer delivered", 0, book["prevented"], "rust", signed(book["prevented"])) | {"total": True})
    memo = book["rerouted_memo"]
    return [*rows, bar("Arrived by another country", 0, memo, "hollow", chips(memo)) | {"memo": True}]


def bar(label: str, start: float, end: float, tone: str, text: str) -> dict[str, Any]:
    """Return a bar of a waterfall."""
    return {"label": label, "from": round(start), "to": round(end), "tone": tone, "text": text}


SWAPS = {
    "licensed": "licensed chips",
    "rented": "rented compute",
    "offshore": "compute owned offshore",
    "domestic": "domestic chips",
}


def swapped(book: Mapping[str, float]) -> dict[str, float]:
    """Return by what the chips never ordered were replaced, and how many not at all: parts of ``substituted``."""
    parts = {key: book[key] for key in SWAPS if key in book}
    return parts | {"none": book["substituted"] - sum(parts.values())}


def replacement(book: Mapping[str, float]) -> str:
    """Return how the chips never ordered were replaced, in a sentence whose parts add up; nothing if it is not one."""
    parts = {key: value for key, value in swapped(book).items() if chips(value) != "0"}
    if book["substituted"] < 50 or not parts:
        return ""
    words = [f"{chips(value)} by {SWAPS.get(key, 'nothing')}" for key, value in parts.items() if value > 0.0]
    less = [f"{chips(-value)} less by {SWAPS.get(key, 'nothing')}" for key, value in parts.items() if value < 0.0]
    against = f"; against that, {', '.join(less)}" if less else ""
    return f"Of {chips(book['substituted'])} never ordered, replaced: {', '.join(words)}{against}."


def ledger(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the displacement ledger as a waterfall."""
    book = summary.ledger
    rows = waterfall(book)
    when = headline(summary).window
    swaps = [[f"of which replaced by {SWAPS.get(key, 'nothing')}", value] for key, value in swapped(book).items()]
    entries = [[label, book[key]] for key, label, _ in PARTS]
    entries += [["Fewer delivered", book["prevented"]], ["Arrived by another country", book["rerouted_memo"]]]
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "chips",
        "sub": f"Mean over worlds, chips in {when}. The first four add up to the fall in deliveries.",
        "callout": replacement(book) if acted else "",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": table(["Entry", "Chips"], [*entries, *swaps], signed, "chips"),
    }


def funnel(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return enforcement from leads to outcomes."""
    entries = [
        ("true_leads", "Leads on smugglers"),
        ("false_leads", "Leads on honest firms"),
        ("looks", "Dossiers read"),
        ("cases_opened", "Cases opened"),
        ("prosecutions", "Prosecuted"),
        ("listings", "Listed"),
        ("lapsed_cases", "Lapsed: firm was gone"),
        ("false_cases", "Against honest firms"),
    ]
    bars, rows = pair_rows(summary, entries, acted)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": f"Means over worlds, {headline(summary).window}, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": table(["Stage", "As it stands", "With the package"], rows, chips, "number"),
    }


def honest(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return false alarms and delay."""
    entries = [
        ("honest_flagged", "Honest orders flagged"),
        ("honest_delay", "Chip-weeks of delay"),
        ("honest_inspected", "Honest consignments opened"),
        ("false_leads", "Leads on honest firms"),
        ("false_cases", "Cases against honest firms"),
    ]
    bars, rows = pair_rows(summary, entries, acted)
    share = headline(summary, acted).of("honest_flagged_share")
    now = 1000.0 * (share.policy if acted else share.level)
    was = f" ({1000.0 * share.level:.0f} as it stands)" if acted else ""
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": f"Means over worlds, {headline(summary).window}, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "callout": f"{now:.0f} of 1,000 honest orders are flagged{was}.",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": table(["Burden", "As it stands", "With the package"], rows, chips, "number"),
    }


def costs(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what the package costs, to whom, and for each chip prevented."""
    cost = summary.cost
    estimate, low, high = cost["per_chip"]
    rows = [
        {
            "label": "Government",
            "from": 0,
            "to": cost["government"],
            "tone": "blue",
            "text": dollars(cost["government"]),
        },
        {"label": "Industry", "from": 0, "to": cost["industry"], "tone": "slate", "text": dollars(cost["industry"])},
        {
            "label": "Together",
            "from": 0,
            "to": cost["government"] + cost["industry"],
            "tone": "rust",
            "text": dollars(cost["government"] + cost["industry"]),
            "total": True,
        },
    ]
    each = (
        f"{dollars(estimate)} for each of {chips(summary.ledger['prevented'])} chips prevented; simulating so few pairs leaves open {dollars(low)} to {dollars(high)}."
        if math.isfinite(estimate)
        else f"Cost per chip: {cost['verdict']} in deliveries."
    )
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "dollars",
        "callout": each if acted else "",
        "sub": f"Beyond the scenario as it stands, in {headline(summary).window}, discounted to its start; mean over worlds.",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows) + ". " + each,
        "table": table(
            ["Who pays", "US$"],
            [
                *([row["label"], row["to"]] for row in rows),
                ["For each chip prevented", estimate if math.isfinite(estimate) else cost["verdict"]],
            ],
            dollars,
            "US$",
        ),
    }
