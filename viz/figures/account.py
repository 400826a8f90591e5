"""Sums over the policy years: ledger, enforcement, honest trade, costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from supplysim.viz.figures.parts import Figure, pair_rows

from supplysim.experiment.effects import MIDDLE, WINDOW, Summary
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


def ledger(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return the displacement ledger as a waterfall."""
    book = summary.ledger
    rows = waterfall(book)
    split = {"licensed": "licensed chips", "rented": "rented compute", "domestic": "domestic chips"}
    swaps = [f"{chips(book[key])} by {word}" for key, word in split.items() if abs(book.get(key, 0.0)) >= 50]
    without = book.get("none", 0.0)
    swaps += [f"{chips(without)} not at all"] if abs(without) >= 50 else []
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "chips",
        "sub": "Mean over pairs, chips over the policy years. The first four add up to the fall in deliveries.",
        "callout": ("Replaced " + ", ".join(swaps) + ".") if swaps and acted else "",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": {
            "head": ["Entry", "Chips"],
            "rows": [
                *([row["label"], row["text"]] for row in rows),
                *([f"of which replaced by {w}", signed(book.get(k, 0.0))] for k, w in split.items()),
                ["of which not replaced", signed(without)],
            ],
        },
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
    bars, rows = pair_rows(summary, entries, chips, acted)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": "Medians over the policy years, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": {"head": ["Stage", "As it stands", "With the package"], "rows": rows},
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
    bars, rows = pair_rows(summary, entries, chips, acted)
    share = summary.effect("honest_flagged_share", WINDOW)
    return {
        "kind": "pairs",
        "bars": bars,
        "log": True,
        "sub": "Medians over the policy years, logarithmic scale. Grey: as it stands. Teal: with the package.",
        "callout": f"{1000 * share.policy[MIDDLE]:.0f} of 1,000 honest orders are flagged ({1000 * share.base[MIDDLE]:.0f} as it stands).",
        "aria": "; ".join(f"{bar['label']} {bar['text']}" for bar in bars),
        "table": {"head": ["Burden", "As it stands", "With the package"], "rows": rows},
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
        f"{dollars(estimate)} for each chip prevented (90 %: {dollars(low)} to {dollars(high)})."
        if math.isfinite(estimate)
        else f"Cost per chip: {cost['verdict']} in deliveries."
    )
    return {
        "kind": "waterfall",
        "rows": rows,
        "fmt": "dollars",
        "callout": each if acted else "",
        "sub": "Beyond the scenario as it stands, over the policy years, discounted to their start.",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows) + ". " + each,
        "table": {
            "head": ["Who pays", "US$"],
            "rows": [
                *([row["label"], row["text"]] for row in rows),
                ["For each chip prevented", dollars(estimate) if math.isfinite(estimate) else cost["verdict"]],
            ],
        },
    }
