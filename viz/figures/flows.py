"""Where chips go: the map of last departures, and the stages from order to delivery."""

from __future__ import annotations

from supplysim.viz.figures.parts import MODEL, Figure, chips, latest, quarters, signed, window_sum

from supplysim.evidence import table
from supplysim.experiment.effects import Summary

PLACES = {  # longitude, latitude; those beyond the map stand at its edge
    "US": (146.0, 46.0),
    "TW": (121.0, 23.8),
    "SG": (103.82, 1.32),
    "MY": (101.7, 3.3),
    "HK": (114.15, 22.3),
    "AE": (54.6, 24.6),
    "VN": (105.9, 20.2),
    "IN": (77.6, 15.0),
    "TH": (100.6, 14.6),
    "JP": (138.5, 36.2),
    "KR": (127.3, 36.6),
    "EU": (46.5, 46.5),
    "OT": (88.0, -7.5),
    "CN": (113.6, 33.5),
}
NAMES = {row["code"]: row["name"] for row in table("countries")}


def flow_map(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return flows to China by the last country, over the last year of the scenario."""
    codes = [code for code in PLACES if code != "CN"]
    base = {code: latest(summary, summary.series_base, f"delivered_via:{code}") for code in codes}
    now = {code: latest(summary, summary.series_policy, f"delivered_via:{code}") for code in codes}
    nodes = [
        {
            "code": code,
            "name": NAMES[code],
            "at": PLACES[code],
            "value": round(now[code]),
            "base": round(base[code]),
            "role": "home" if code in ("US", "TW") else "hub",
            "off": code in ("US", "EU", "OT"),
        }
        for code in codes
    ]
    nodes.append(
        {"code": "CN", "name": "China", "at": PLACES["CN"], "value": 0, "base": 0, "role": "buyer", "off": False}
    )
    flows = [
        {"from": code, "to": "CN", "kind": "diverted", "value": round(now[code]), "base": round(base[code])}
        for code in codes
        if now[code] >= 1 or base[code] >= 1
    ]
    honest = {code: float(row["honest_weight"]) for row in table("countries") if (code := row["code"]) != "CN"}
    flows += [
        {"from": "TW", "to": code, "kind": "licensed", "value": honest[code], "base": honest[code]}
        for code in ("US", "SG", "MY", "JP", "IN", "EU", "AE")
    ]
    order = sorted(codes, key=lambda code: -now[code])
    year = int(start) + len(quarters(summary, start)) // 4 - 1
    return {
        "kind": "map",
        "nodes": nodes,
        "flows": flows,
        "year": year,
        "acted": acted,
        "sub": f"Diverted chips in {year} by the last country before China (median). Width: chips. Blue: honest sales.",
        "aria": "Largest flows: " + ", ".join(f"{NAMES[c]} {chips(now[c])}" for c in order[:4]),
        "note": "Schematic; borders are not a position on sovereignty.",
        "table": {
            "head": ["Last country before China", "As it stands", "With the package", "Change"],
            "rows": [[NAMES[c], chips(base[c]), chips(now[c]), signed(now[c] - base[c])] for c in order],
        },
        "source": MODEL + " Map: Natural Earth (public domain).",
    }


def sankey(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what becomes of the chips that are ordered, stage by stage, over the policy window."""
    values = summary.series_policy if acted else summary.series_base
    get = lambda name: max(window_sum(summary, values, name), 0.0)  # noqa: E731
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
        "sub": f"{'With the package' if acted else 'As it stands'}, medians over the policy years. Refusals on the way: {chips(refused)} chips.",
        "aria": f"Of {chips(ordered)} chips ordered, {chips(delivered)} are delivered and {chips(seized)} seized.",
        "table": {
            "head": ["Stage", "Chips", "Of those ordered"],
            "rows": [
                ["Ordered from smugglers", chips(ordered), "100 %"],
                *([a, chips(b), f"{100 * b / ordered if ordered else 0:.0f} %"] for a, b, _ in parts),
            ],
        },
    }
