"""The six outcomes above the figures, and what changed in a few sentences; every number is the headline's."""

from __future__ import annotations

import math
from typing import Any

from supplysim.viz.headline import FALLS, NOT_CLEAR, RISES, Headline, headline

from supplysim.experiment.effects import Summary
from supplysim.outputs.measures import on_screen
from supplysim.report.formatting import chips, dollars

TITLES = {
    "delivered": "Chips delivered",
    "delivered_h100e": "Delivered compute",
    "compute_h100e": "China’s new compute, all ways",
    "frontier_h100e": "Frontier compute",
    "interdiction_rate": "Seized of all that moved",
    "honest_flagged_share": "Honest orders flagged",
}
UNITS = {"delivered": "chips", "delivered_h100e": "H100e", "compute_h100e": "H100e", "frontier_h100e": "H100e"}


def tiles(summary: Summary, unit: str, acted: bool) -> list[dict[str, Any]]:
    """Return the tiles: three objectives, what it takes, what it costs honest trade and everybody."""
    told = headline(summary, acted)
    names = (unit, "compute_h100e", "frontier_h100e", "interdiction_rate", "honest_flagged_share")
    return [*(tile(told, name) for name in names), cost_tile(told)]


def tile(told: Headline, measure: str) -> dict[str, Any]:
    """Return one tile: the mean over worlds, its change and verdict, where worlds lie, and in how many of them."""
    change = told.of(measure)
    level = change.policy if told.acted else change.level
    show = change.written.level
    made = {
        "id": measure,
        "title": TITLES[measure],
        "window": told.window,
        "unit": UNITS.get(measure, ""),
        "value": show(level) if math.isfinite(level) else "–",
        "range": "",
        "tone": "",
        "change": "",
        "words": "",
        "small": "",
    }
    if not told.acted:
        return made | {"range": "as it stands"}
    share = f" ({change.share()})" if change.share() else ""
    better = on_screen()[measure].better
    clear = {FALLS: "lower", RISES: "higher"}.get(change.verdict, "")
    return made | {
        "range": f"{show(change.level)} as it stands",
        "tone": ("good" if clear == better else "bad") if clear and better != "neither" else "",
        "change": f"{change.amount()}{share}",
        "verdict": change.verdict,
        "words": f"9 in 10 worlds: {change.spread()}" if change.spread() else "",
        "small": ", ".join(
            filter(None, (told.frequency(change), told.error(change) and f"{told.error(change)} simulated"))
        ),
    }


def cost_tile(told: Headline) -> dict[str, Any]:
    """Return the tile of the cost per chip prevented."""
    cost = told.summary.cost
    estimate, low, high = cost["per_chip"]
    clear = math.isfinite(estimate) and told.acted
    total = dollars(cost["government"] + cost["industry"])
    prevented = told.summary.ledger["prevented"]
    made = {"id": "cost_per_chip", "title": "Cost per chip prevented", "window": told.window, "unit": "", "tone": ""}
    if not told.acted:
        return made | {"value": "–", "range": "no lever is on", "change": "", "words": "", "small": ""}
    if not clear:
        why = "deliveries rise" if cost["verdict"] == "clear rise" else NOT_CLEAR
        words = "the fall is too unsure to divide by"
        return made | {"value": why, "range": words, "change": f"{total} in all", "words": "", "small": ""}
    return made | {
        "value": dollars(estimate),
        "range": f"{total} for {chips(prevented)} chips",
        "change": "",
        "words": "public and industry, discounted",
        "small": f"{dollars(low)} to {dollars(high)} left open by simulating",
    }


CLAUSES = {
    "substituted": ("were never ordered from smugglers", "more were ordered"),
    "intercepted": ("were seized", "fewer were seized"),
    "blocked": ("were refused, deterred or found no seller", "fewer were refused"),
    "delayed": ("are still open or on the way", "fewer are still on the way"),
}


def changed(summary: Summary, acted: bool, unit: str = "delivered") -> str:
    """Return what changed: the headline, then a clause for each entry of the ledger; the entries add up."""
    told = headline(summary, acted)
    lead, book = told.sentence(unit), summary.ledger
    fall = book["prevented"]
    if not acted or chips(abs(fall)) == "0":
        return lead
    sign = 1.0 if fall > 0.0 else -1.0
    entries = {key: sign * book[key] for key in CLAUSES if chips(abs(book[key])) != "0"}
    plus = [f"{chips(value)} {_said(key, sign)}" for key, value in entries.items() if value > 0.0]
    minus = [f"{chips(-value)} {_said(key, -sign)}" for key, value in entries.items() if value < 0.0]
    parts = ", ".join(plus) + (f"; against that, {', '.join(minus)}" if minus else "")
    memo = book["rerouted_memo"]
    tail = f" {chips(memo)} arrived by another country." if memo > 0.02 * abs(fall) else ""
    return f"{lead} Of the {chips(abs(fall))} chips {'fewer' if sign > 0 else 'more'}, {parts}.{tail}"


def _said(key: str, sign: float) -> str:
    return CLAUSES[key][0 if sign > 0.0 else 1]
