"""What the lever panel shows: every lever as its class describes it, those shown without a click, ready packages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from supplysim.decision.emulated import typed
from supplysim.decision.spending import PAID_BY, spending
from supplysim.emulator.predict import FILES
from supplysim.errors import InputError
from supplysim.evidence import HUBS, ORIGINS, PLACES
from supplysim.language import by_language, gettext, gettext_noop
from supplysim.policies import Policy, levers
from supplysim.policies.doses import PAYERS, baseline

FIRST = (  # on screen without a click
    "due_diligence",
    "notification",
    "location_verification",
    "intelligence",
    "whistleblower",
    "border",
    "enforcement_budget",
    "close_country",
)
PRESETS = {
    "as-it-stands": (gettext_noop("As it stands"), ""),
    "six": (
        gettext_noop("All six CNAS recommendations"),
        "due_diligence+notification+location_verification+intelligence+whistleblower+enforcement_budget",
    ),
    "tips": (gettext_noop("Tips, no new investigators"), "whistleblower+intelligence=0.5"),
    "investigate": (gettext_noop("Investigators and tips"), "enforcement_budget+whistleblower"),
    "border": (gettext_noop("Search the borders"), "border+cooperation=0.5"),
    "squeeze": (gettext_noop("Squeeze one port"), f"close_country:{HUBS[0]}"),
    "chip": (gettext_noop("Features in the chip"), "location_verification+kill_switch"),
    "sale": (gettext_noop("Police the sale"), "due_diligence+notification+remote_kyc=0.5"),
}


@by_language
def panel() -> list[dict[str, Any]]:
    """Return every lever as the panel shows it."""
    countries = [{"code": code, "name": gettext(PLACES[code].name)} for code in ORIGINS]
    shown = []
    for name, kind in levers().items():
        moved = kind.physical()
        settings = [
            {
                "name": key,
                "title": gettext(key.replace("_", " ")),
                "meaning": gettext(it["meaning"]),
                "unit": gettext(it["unit"]),
                "low": it["low"],
                "high": it["high"],
                "value": it["default"],
            }
            for key, it in kind.settings().items()
            if key != "intensity"
        ]
        shown.append(
            {
                "name": name,
                "title": gettext(kind.called()),
                "long": gettext(kind.title),
                "group": kind.group,
                "first": name in FIRST,
                "from": moved.without,
                "to": moved.full,
                "unit": gettext(moved.unit),
                "fmt": f"{0:.{moved.decimals}f}",
                "settings": settings,
                "mechanism": gettext(kind.mechanism),
                "response": gettext(kind.response),
                "unknown": gettext(kind.unknown),
                "payer": gettext(kind.payer),
                "burden": gettext(kind.burden),
                "sources": cited(kind.sources),
                "ramp": kind.ramp_weeks,
                "countries": countries if "countries" in kind.scopes else [],
                "needs": kind.needs_scope,
                "usual": HUBS[0],
                "money": money(kind),
            }
        )
    return shown


def cited(sources: Iterable[str]) -> list[str]:
    """Return ids of evidence as the reader knows them: what has none is called an assumption."""
    return [gettext("assumption") if source == "assumption" else source for source in sources]


@cache
def curves() -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return what levers cost each payer a year at strengths from 0 to 1, US$, by scenario and lever.

    Means over worlds of exact runs; none where another edition of the rules made them.
    """
    found = {}
    for scenario in FILES:
        try:
            known = spending(scenario)
        except InputError:
            continue
        payers = {payer: known.of(columns) for payer, columns in PAID_BY.items()}
        found[scenario] = {
            lever: {"x": known.strengths.tolist()}
            | {payer: np.round(costs[typed(lever)]).tolist() for payer, costs in payers.items()}
            for lever in levers()
            if typed(lever) in known.levers
        }
    return found


def money(kind: type[Policy]) -> dict[str, tuple[float, float]]:
    """Return what a lever costs each payer a year once its ramp is over, US$: at any strength, and more at full.

    In a line between; as `supplysim show` has it. ``chip`` is what an honest chip costs industry more.
    """
    world = baseline()
    scope = {"countries": (HUBS[0],)} if kind.needs_scope else {}
    half, full = (kind(intensity=strength, **scope).drawn(world.values) for strength in (0.5, 1.0))  # type: ignore[arg-type]
    found = {}
    for name, cost in {**{payer: name for name, payer in PAYERS.items()}, "chip": "industry_cost_per_chip"}.items():
        weeks = 1.0 if name == "chip" else 52.0
        middle, most = (weeks * float(getattr(policy, cost)(world)[-1]) for policy in (half, full))
        if middle or most:
            found[name] = (2.0 * middle - most, 2.0 * (most - middle))
    return found
