"""Where chips go: the map of last departures, and the stages from order to delivery."""

from __future__ import annotations

from typing import Any

from supplysim.viz.days import during
from supplysim.viz.figures.parts import MODEL, TONE, Figure, table, window_sum
from supplysim.viz.headline import headline

from supplysim import evidence
from supplysim.evidence import DESTINATION, MAKER, ORIGINS, PLACES
from supplysim.experiment.effects import Summary
from supplysim.language import gettext
from supplysim.report.formatting import chips, signed

WIDE = 0.04  # share of honest sales from which a country's are drawn


def nodes() -> list[dict[str, Any]]:
    """Return every country as a mark on the map: code, name, longitude and latitude, role, whether at its edge."""
    roles = {"rules": "home", "maker": "home", "destination": "buyer"}
    return [
        {
            "code": place.code,
            "name": gettext(place.name),
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
        "sub": gettext(
            "Diverted chips {when} by the last country before China, mean over worlds. Width: chips. Blue: honest sales.",
            when=during(year),
        ),
        "aria": gettext(
            "Largest flows: {list}", list=", ".join(f"{gettext(PLACES[c].name)} {chips(now[c])}" for c in order[:4])
        ),
        "note": gettext("Schematic; borders are not a position on sovereignty."),
        "table": table(
            [gettext("Last country before China"), *map(gettext, TONE.values()), gettext("Change")],
            [*([gettext(PLACES[c].name), base[c], now[c], now[c] - base[c]] for c in order), [gettext("All"), *sums]],
            (chips, chips, signed),
            gettext("chips"),
        ),
        "source": " ".join((gettext(MODEL), gettext("Map: Natural Earth (public domain)."))),
    }


def sankey(summary: Summary, unit: str, start: float, acted: bool) -> Figure:
    """Return what becomes of the chips that are ordered, stage by stage, over the policy window."""
    get = lambda name: max(window_sum(summary, name, acted), 0.0)  # noqa: E731
    ordered, delivered, seized, cancelled = get("ordered"), get("delivered"), get("seized"), get("cancelled")
    rest = max(ordered - delivered - seized - cancelled, 0.0)
    parts = [
        (gettext("Delivered to China"), delivered, "rust"),
        (gettext("Seized"), seized, "teal"),
        (gettext("Given up: refused, or no seller"), cancelled, "slate"),
        (gettext("Still open or on the way"), rest, "grey"),
    ]
    window, refused = headline(summary).window, chips(get("refused"))
    if acted:
        sub = gettext(
            "With the package, means over worlds, {window}. Refusals on the way: {n} chips.", window=window, n=refused
        )
    else:
        sub = gettext(
            "As it stands, means over worlds, {window}. Refusals on the way: {n} chips.", window=window, n=refused
        )
    return {
        "kind": "sankey",
        "total": {"label": gettext("Ordered from smugglers"), "value": round(ordered)},
        "parts": [
            {"label": a, "value": round(b), "tone": c, "share": b / ordered if ordered else 0.0} for a, b, c in parts
        ],
        "sub": sub,
        "aria": gettext(
            "Of {n} chips ordered, {delivered} are delivered and {seized} seized.",
            n=chips(ordered),
            delivered=chips(delivered),
            seized=chips(seized),
        ),
        "table": table(
            [gettext("Stage"), gettext("Chips"), gettext("Of those ordered")],
            [
                [gettext("Ordered from smugglers"), ordered, "100 %"],
                *([a, b, f"{100 * b / ordered if ordered else 0:.0f} %"] for a, b, _ in parts),
            ],
            chips,
            gettext("chips"),
        ),
    }
