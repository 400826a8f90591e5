"""Where chips go: the map of last departures, and the stages from order to delivery."""

from __future__ import annotations

from typing import Any

from supplysim.viz.figures.parts import MODEL, Figure, during, table, window_sum
from supplysim.viz.headline import headline

from supplysim import evidence
from supplysim.evidence import DESTINATION, MAKER, ORIGINS, PLACES
from supplysim.experiment.effects import Summary
from supplysim.report.formatting import chips, signed

WIDE = 0.04  # share of honest sales from which a country's are drawn


def nodes() -> list[dict[str, Any]]:
    """Return every country as a mark on the map: code, name, longitude and latitude, role, whether at its edge."""
    roles = {"rules": "home", "maker": "home", "destination": "buyer"}
    return [
        {
            "code": place.code,
            "name": place.name,
            "at": (place.longitude, place.latitude),
            "role": roles.get(place.role, "hub"),
            "off": place.at_edge,
        }
        for place in PLACES.values()
    ]


def flow_map(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return flows to China by the last country, over the policy years."""
    base = {code: window_sum(summary, f"delivered_via:{code}", False) for code in ORIGINS}
    now = {code: window_sum(summary, f"delivered_via:{code}", acted) for code in ORIGINS}
    marks = [
        node | {"value": round(now.get(node["code"], 0.0)), "base": round(base.get(node["code"], 0.0))}
        for node in nodes()
    ]
    flows = [
        {"from": code, "to": DESTINATION, "kind": "diverted", "value": round(now[code]), "base": round(base[code])}
        for code in ORIGINS
        if now[code] >= 1 or base[code] >= 1
    ]
    sales = {row["code"]: float(row["honest_weight"]) for row in evidence.table("countries")}
    flows += [
        {"from": MAKER, "to": code, "kind": "licensed", "value": sales[code], "base": sales[code]}
        for code in ORIGINS
        if code != MAKER and sales[code] >= WIDE
    ]
    before, after = sum(base.values()), sum(now.values())
    sums = (before, after, after - before)
    order = sorted(ORIGINS, key=lambda code: -now[code])
    year = headline(summary).window
    return {
        "kind": "map",
        "nodes": marks,
        "flows": flows,
        "year": year,
        "acted": acted,
        "sub": f"Diverted chips {during(year)} by the last country before China, mean over worlds. Width: chips. Blue: honest sales.",
        "aria": "Largest flows: " + ", ".join(f"{PLACES[c].name} {chips(now[c])}" for c in order[:4]),
        "note": "Schematic; borders are not a position on sovereignty.",
        "table": table(
            ["Last country before China", "As it stands", "With the package", "Change"],
            [[PLACES[c].name, base[c], now[c], now[c] - base[c]] for c in order] + [["All", *sums]],
            (chips, chips, signed),
            "chips",
        ),
        "source": MODEL + " Map: Natural Earth (public domain).",
    }


def sankey(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what becomes of the chips that are ordered, stage by stage, over the policy window."""
    get = lambda name: max(window_sum(summary, name, acted), 0.0)  # noqa: E731
    ordered, delivered, seized, cancelled = get("ordered"), get("delivered"), get("seized"), get("cancelled")
    rest = max(ordered - delivered - seized - cancelled, 0.0)
    parts = [
        ("Delivered to China", delivered, "rust"),
        ("Seized", seized, "teal"),
        ("Given up: refused, or no seller", cancelled, "slate"),
        ("Still open or on the way", rest, "grey"),
    ]
    refused = get("refused")
    return {
        "kind": "sankey",
        "total": {"label": "Ordered from smugglers", "value": round(ordered)},
        "parts": [
            {"label": a, "value": round(b), "tone": c, "share": b / ordered if ordered else 0.0} for a, b, c in parts
        ],
        "sub": f"{'With the package' if acted else 'As it stands'}, means over worlds, {headline(summary).window}. Refusals on the way: {chips(refused)} chips.",
        "aria": f"Of {chips(ordered)} chips ordered, {chips(delivered)} are delivered and {chips(seized)} seized.",
        "table": table(
            ["Stage", "Chips", "Of those ordered"],
            [
                ["Ordered from smugglers", ordered, "100 %"],
                *([a, b, f"{100 * b / ordered if ordered else 0:.0f} %"] for a, b, _ in parts),
            ],
            chips,
            "chips",
        ),
    }
