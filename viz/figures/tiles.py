"""The six outcomes above the figures, and what changed in a sentence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from supplysim.viz.figures.parts import during, fell, told

from supplysim.experiment.effects import HIGH, LOW, MIDDLE, WINDOW, Summary
from supplysim.outputs.measures import MEASURES, on_screen
from supplysim.report.formatting import chips, dollars, form, signed


def tiles(summary: Summary, unit: str, acted: bool) -> list[dict[str, Any]]:
    """Return the six outcome tiles."""
    year, called = str(summary.years[-1]), summary.called(summary.years[-1])
    chips_word = "H100e" if unit == "delivered_h100e" else "chips"
    made = [
        tile(summary, unit, year, f"Delivered {during(called)}", acted, chips_word),
        tile(summary, "training_share", year, "Of China's training compute", acted),
        tile(summary, "mark_up", year, "Price over list", acted),
        tile(summary, "interdiction_rate", year, "Seized of all that moved", acted),
        tile(summary, "honest_flagged_share", year, "Honest orders flagged", acted),
        cost_tile(summary, acted),
    ]
    return made


def public_tile(summary: Summary, column: str, title: str, acted: bool) -> dict[str, Any]:
    """Return a tile of what is published in the last year, quarters added up."""
    base, policy = (values[column][:, -4:].sum(axis=1) for values in (summary.series_base, summary.series_policy))
    q = policy if acted else base
    return {
        "id": column,
        "title": title,
        "unit": "",
        "value": chips(q[MIDDLE]),
        "range": f"{chips(q[LOW])} – {chips(q[HIGH])}",
        "tone": "",
        "change": signed(policy[MIDDLE] - base[MIDDLE]) if acted else "",
        "words": "against as it stands" if acted else "late and incomplete",
    }


def tile(summary: Summary, measure: str, year: str, title: str, acted: bool, unit: str = "") -> dict[str, Any]:
    """Return one tile: median, 5-95 %, relative and median paired change, natural frequency, and whether that is good news."""
    show, change, _ = form(MEASURES[measure].unit)
    better = on_screen()[measure].better
    e = summary.effect(measure, year)
    q = e.policy if acted else e.base
    tone = ""
    if acted and np.isfinite(e.diff[MIDDLE]):
        sure = max(e.down, e.up) >= 0.9
        tone = "" if not sure else ("good" if (e.up > e.down) == (better == "higher") else "bad")
    same = acted and e.down == 0.0 and e.up == 0.0
    return {
        "id": measure,
        "title": title,
        "unit": unit,
        "value": show(q[MIDDLE]) if np.isfinite(q[MIDDLE]) else "–",
        "range": f"{show(q[LOW])} – {show(q[HIGH])}",
        "tone": tone,
        "change": "no change" if same else (told(e, change) if acted else ""),
        "words": "" if not acted or same else fell(e.down, e.up, summary).rstrip("."),
    }


def cost_tile(summary: Summary, acted: bool) -> dict[str, Any]:
    """Return the tile of the cost per chip prevented."""
    estimate, low, high = summary.cost["per_chip"]
    clear = math.isfinite(estimate) and acted
    total = summary.cost["government"] + summary.cost["industry"]
    verdict = summary.cost["verdict"]
    value = (
        dollars(estimate)
        if clear
        else ("–" if not acted else "deliveries rise" if verdict == "clear rise" else "no clear effect")
    )
    return {
        "id": "cost_per_chip",
        "title": "Cost per chip prevented",
        "unit": "",
        "value": value,
        "tone": "",
        "range": f"{dollars(low)} – {dollars(high)}"
        if clear
        else ("no lever is on" if not acted else "the fall is not clear"),
        "change": f"{dollars(total)} in all" if acted else "",
        "words": "public and industry" if acted else "",
    }


def changed(summary: Summary, acted: bool) -> str:
    """Return what changed, one clause for each entry of the ledger."""
    if not acted:
        return "Nothing is changed yet: this is the scenario as it stands."
    book = summary.ledger
    fall = book["prevented"]
    e = summary.effect("delivered", WINDOW)
    clear = max(e.down, e.up) >= 0.8
    if abs(fall) < 1:
        return "Deliveries stay as they are."
    lead = f"Of {chips(abs(fall))} {'fewer' if fall > 0 else 'more'} chips delivered"
    clauses = []
    sign = 1 if fall > 0 else -1
    told = {
        "substituted": ("were never ordered from smugglers", "are ordered on top"),
        "intercepted": ("were seized", "fewer are seized"),
        "blocked": ("were refused, deterred or found no seller", "fewer are refused"),
        "delayed": ("are still on the way", "fewer are still on the way"),
    }
    for key, (word, other) in told.items():
        value = sign * book[key]
        if abs(value) >= 0.03 * abs(fall):
            clauses.append(f"{chips(abs(value))} {word if value * sign > 0 else other}")
    tail = (
        f" {chips(book['rerouted_memo'])} arrived by another country."
        if book["rerouted_memo"] > 0.02 * abs(fall)
        else ""
    )
    unsure = "" if clear else " The direction is not clear."
    return f"{lead}, " + ", ".join(clauses) + "." + tail + unsure
