"""The six outcomes above the figures, and what changed in a few sentences; every number is the headline's."""

from __future__ import annotations

import math
from typing import Any

from supplysim.viz.headline import FALLS, NOT_CLEAR, RISES, Headline, headline

from supplysim.experiment.effects import Summary
from supplysim.experiment.statistics import RISE
from supplysim.language import gettext, gettext_noop
from supplysim.outputs.measures import on_screen
from supplysim.report.formatting import chips, dollars

TITLES = {
    "delivered": gettext_noop("Chips delivered"),
    "delivered_h100e": gettext_noop("Delivered compute"),
    "compute_h100e": gettext_noop("China’s new compute, all ways"),
    "frontier_h100e": gettext_noop("Frontier compute"),
    "interdiction_rate": gettext_noop("Seized of all that moved"),
    "honest_flagged_share": gettext_noop("Honest orders flagged"),
}
UNITS = {
    "delivered": gettext_noop("chips"),
    "delivered_h100e": "H100e",
    "compute_h100e": "H100e",
    "frontier_h100e": "H100e",
}


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
        "title": gettext(TITLES[measure]),
        "window": told.window,
        "unit": gettext(UNITS.get(measure, "")),
        "value": show(level) if math.isfinite(level) else "–",
        "range": "",
        "tone": "",
        "change": "",
        "words": "",
        "small": "",
    }
    if not told.acted:
        return made | {"range": gettext("as it stands")}
    share = f" ({change.share()})" if change.share() else ""
    simulated = gettext("{error} simulated", error=told.error(change)) if told.error(change) else ""
    better = on_screen()[measure].better
    clear = {FALLS: "lower", RISES: "higher"}.get(change.verdict, "")
    return made | {
        "range": gettext("{amount} as it stands", amount=show(change.level)),
        "tone": ("good" if clear == better else "bad") if clear and better != "neither" else "",
        "change": f"{change.amount()}{share}",
        "verdict": change.said,
        "words": gettext("9 in 10 worlds: {range}", range=change.spread()) if change.spread() else "",
        "small": ", ".join(filter(None, (told.frequency(change), simulated))),
    }


def cost_tile(told: Headline) -> dict[str, Any]:
    """Return the tile of the cost per chip prevented."""
    cost = told.summary.cost
    estimate, low, high = cost["per_chip"]
    clear = math.isfinite(estimate) and told.acted
    total = dollars(cost["government"] + cost["industry"])
    prevented = told.summary.ledger["prevented"]
    title = gettext("Cost per chip prevented")
    made = {"id": "cost_per_chip", "title": title, "window": told.window, "unit": "", "tone": ""}
    if not told.acted:
        return made | {"value": "–", "range": gettext("no lever is on"), "change": "", "words": "", "small": ""}
    if not clear:
        why = gettext("deliveries rise") if cost["verdict"] == RISE else gettext(NOT_CLEAR)
        words, change = gettext("the fall is too unsure to divide by"), gettext("{cost} in all", cost=total)
        return made | {"value": why, "range": words, "change": change, "words": "", "small": ""}
    return made | {
        "value": dollars(estimate),
        "range": gettext("{cost} for {n} chips", cost=total, n=chips(prevented)),
        "change": "",
        "words": gettext("public and industry, discounted"),
        "small": gettext("{low} to {high} left open by simulating", low=dollars(low), high=dollars(high)),
    }


CLAUSES = {
    "substituted": (gettext_noop("{n} were never ordered from smugglers"), gettext_noop("{n} more were ordered")),
    "intercepted": (gettext_noop("{n} were seized"), gettext_noop("{n} fewer were seized")),
    "blocked": (gettext_noop("{n} were refused, deterred or found no seller"), gettext_noop("{n} fewer were refused")),
    "delayed": (gettext_noop("{n} are still open or on the way"), gettext_noop("{n} fewer are still on the way")),
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
    plus = [_said(key, sign, value) for key, value in entries.items() if value > 0.0]
    minus = [_said(key, -sign, -value) for key, value in entries.items() if value < 0.0]
    parts = ", ".join(plus)
    if minus:
        parts = gettext("{parts}; against that, {less}", parts=parts, less=", ".join(minus))
    memo, n = book["rerouted_memo"], chips(abs(fall))
    if sign > 0:
        body = gettext("Of the {n} chips fewer, {parts}.", n=n, parts=parts)
    else:
        body = gettext("Of the {n} chips more, {parts}.", n=n, parts=parts)
    tail = gettext("{n} arrived by another country.", n=chips(memo)) if memo > 0.02 * abs(fall) else ""
    return " ".join(filter(None, (lead, body, tail)))


def _said(key: str, sign: float, number: float) -> str:
    return gettext(CLAUSES[key][0 if sign > 0.0 else 1], n=chips(number))
