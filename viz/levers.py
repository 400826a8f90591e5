"""The lever panel's words: groups, physical units, settings, cards. Read from the levers and the evidence."""

from __future__ import annotations

from functools import cache
from typing import Any

from supplysim import evidence
from supplysim.policies import levers

GROUPS = {
    "sale": "At the sale",
    "chip": "In the chip",
    "information": "Information",
    "border": "At the border",
    "consequences": "Consequences",
}
GROUP_OF = {
    "due_diligence": "sale",
    "notification": "sale",
    "remote_kyc": "sale",
    "tighter_controls": "sale",
    "location_verification": "chip",
    "kill_switch": "chip",
    "intelligence": "information",
    "whistleblower": "information",
    "marketplace": "information",
    "end_use_checks": "information",
    "border": "border",
    "cooperation": "border",
    "close_country": "border",
    "enforcement_budget": "consequences",
    "penalties": "consequences",
    "legal_supply": "consequences",
}
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
SHORT = {
    "due_diligence": "Know your customer",
    "notification": "Registry of large transfers",
    "location_verification": "Location checks on chips",
    "intelligence": "Intelligence",
    "whistleblower": "Whistleblower rewards",
    "enforcement_budget": "Investigators",
    "border": "Border inspections",
    "close_country": "Close a country",
    "kill_switch": "Remote off-switch",
    "remote_kyc": "Know who rents",
    "tighter_controls": "Tighter chip controls",
    "marketplace": "Marketplace watch",
    "end_use_checks": "End-use checks",
    "cooperation": "Work with partners",
    "penalties": "Higher fines",
    "legal_supply": "Licensed supply",
}
CLOSED = "SG"
PRESETS = {
    "as-it-stands": ("As it stands", ""),
    "six": (
        "All six CNAS recommendations",
        "due_diligence+notification+location_verification+intelligence+whistleblower+enforcement_budget",
    ),
    "tips": ("Tips, no new investigators", "whistleblower+intelligence=0.5"),
    "investigate": ("Investigators and tips", "enforcement_budget+whistleblower"),
    "border": ("Search the borders", "border+cooperation=0.5"),
    "squeeze": ("Squeeze one port", "close_country:SG"),
    "chip": ("Features in the chip", "location_verification+kill_switch"),
    "sale": ("Police the sale", "due_diligence+notification+remote_kyc=0.5"),
}


def _physical() -> dict[str, tuple[float, float, str, str]]:
    """Return what a lever moves in the world's own units: from, to at full strength, unit, format."""
    p = {name: parameter.default for name, parameter in evidence.parameters().items()}
    kinds = levers()
    default = {name: {key: it["default"] for key, it in kind.settings().items()} for name, kind in kinds.items()}
    staff = p["investigators"] * 0.6  # of the US bureau: agencies.csv
    for row in evidence.table("agencies"):
        if row["code"] == "US":
            staff = p["investigators"] * float(row["staff_share"])
    return {
        "due_diligence": (
            100 * p["screening_exposure"],
            100 * default["due_diligence"]["coverage"],
            "% of purchases screened",
            "0",
        ),
        "notification": (0, 100 * default["notification"]["coverage"], "% of large transfers reported", "0"),
        "location_verification": (0, 100, "% of new chips can say where they are", "0"),
        "kill_switch": (0, 100, "% of new chips can be switched off", "0"),
        "intelligence": (
            p["intelligence_exposure"],
            p["intelligence_exposure"] * default["intelligence"]["reach"],
            "looks a firm and year",
            "0.00",
        ),
        "whistleblower": (0, 100 * default["whistleblower"]["award_share"], "% of the fine to the insider", "0"),
        "marketplace": (p["marketplace_exposure"], p["marketplace_exposure"] * 10, "looks at a seller a year", "0.00"),
        "end_use_checks": (p["end_use_exposure"], p["end_use_exposure"] * 10, "checks a firm and year", "0.00"),
        "border": (
            100 * p["border_exposure"],
            100 * p["border_exposure"] * (1 + default["border"]["growth"]),
            "% of shipments opened",
            "0.0",
        ),
        "cooperation": (0, 100 * default["cooperation"]["reach"], "% of hosts’ reluctance overcome", "0"),
        "close_country": (0, 100, "% of traders’ purchases refused", "0"),
        "enforcement_budget": (staff, staff * (1 + default["enforcement_budget"]["growth"]), "US investigators", "0"),
        "penalties": (1, 1 + default["penalties"]["growth"], "× today’s fine", "0.0"),
        "legal_supply": (0, 100 * default["legal_supply"]["share"], "% of the class licensed", "0"),
        "remote_kyc": (0, 100 * p.get("kyc_reach", 0.5), "% less rentable compute", "0"),
        "tighter_controls": (0, 100, "% of H20 licences withdrawn", "0"),
    }


@cache
def panel() -> list[dict[str, Any]]:
    """Return every lever as the panel shows it."""
    physical = _physical()
    countries = [{"code": r["code"], "name": r["name"]} for r in evidence.table("countries") if r["code"] != "CN"]
    shown = []
    for name, kind in levers().items():
        low, high, unit, fmt = physical.get(name, (0, 100, "% strength", "0"))
        settings = [
            {
                "name": key,
                "meaning": it["meaning"],
                "unit": it["unit"],
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
                "title": SHORT.get(name, kind.title),
                "long": kind.title,
                "group": GROUP_OF.get(name, kind.group),
                "first": name in FIRST,
                "from": low,
                "to": high,
                "unit": unit,
                "fmt": fmt,
                "settings": settings,
                "mechanism": kind.mechanism,
                "response": kind.response,
                "unknown": kind.unknown,
                "payer": kind.payer,
                "burden": kind.burden,
                "sources": list(kind.sources),
                "ramp": kind.ramp_weeks,
                "countries": countries if "countries" in kind.scopes else [],
                "needs": kind.needs_scope,
            }
        )
    return shown
