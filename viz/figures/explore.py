"""The twelve figures of the Explore page, made of one `Summary`."""

from __future__ import annotations

from supplysim.viz.figures import account, by_quarter, flows, worlds
from supplysim.viz.figures.parts import MODEL, Figure

from supplysim.experiment.effects import Summary

TITLES = {
    "fan": "Chips delivered to China",
    "effect": "What the package changes",
    "worlds": "One hundred worlds",
    "map": "Where chips flow",
    "sankey": "From order to delivery",
    "ledger": "Where the chips went instead",
    "funnel": "From lead to prosecution",
    "price": "What a smuggled chip costs",
    "sellers": "Smugglers in business",
    "honest": "What honest trade bears",
    "record": "What the public sees, and what happened",
    "costs": "What it costs",
}
FIGURES = {
    "fan": by_quarter.fan,
    "effect": by_quarter.effect,
    "worlds": worlds.worlds,
    "map": flows.flow_map,
    "sankey": flows.sankey,
    "ledger": account.ledger,
    "funnel": account.funnel,
    "price": by_quarter.price,
    "sellers": by_quarter.sellers,
    "honest": account.honest,
    "record": by_quarter.record,
    "costs": account.costs,
}


def figure(name: str, summary: Summary, unit: str = "delivered", start: float = 2023.0, acted: bool = True) -> Figure:
    """Return one of the figures of `TITLES`.

    Parameters
    ----------
    name : str
    summary : Summary
    unit : {"delivered", "delivered_h100e"}
        What deliveries are counted in.
    start : float
        Decimal year of the first quarter.
    acted : bool
        Whether any lever is on.
    """
    made = FIGURES[name](summary, unit, start, acted)
    made |= {"id": name, "title": made.get("title", TITLES[name]), "status": summary.status, "pairs": summary.pairs}
    made.setdefault("source", MODEL)
    made["file"] = f"supplysim-{name}"
    return made
