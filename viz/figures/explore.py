"""The twelve figures of the Explore page, made of one `Summary`."""

from __future__ import annotations

from supplysim.viz.figures import account, by_quarter, flows, worlds
from supplysim.viz.figures.parts import MODEL, Figure

from supplysim.experiment.effects import Summary
from supplysim.language import gettext, gettext_noop

TITLES = {
    "fan": gettext_noop("Chips delivered to China"),
    "effect": gettext_noop("What the package changes"),
    "worlds": gettext_noop("One hundred worlds"),
    "map": gettext_noop("Where chips flow"),
    "sankey": gettext_noop("From order to delivery"),
    "ledger": gettext_noop("Where the chips went instead"),
    "funnel": gettext_noop("From lead to prosecution"),
    "price": gettext_noop("What a smuggled chip costs"),
    "sellers": gettext_noop("Smugglers in business"),
    "honest": gettext_noop("What honest trade bears"),
    "record": gettext_noop("What the public sees, and what happened"),
    "costs": gettext_noop("What it costs"),
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
    made |= {
        "id": name,
        "title": made.get("title", gettext(TITLES[name])),
        "status": summary.status,
        "pairs": summary.pairs,
    }
    made.setdefault("source", gettext(MODEL))
    made["file"] = f"supplysim-{name}"
    return made
