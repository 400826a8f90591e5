"""What is run on every world besides the baseline: each arm once, shared by all the facts that need it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from supplysim.evidence import HUBS
from supplysim.policies import Policy, parse
from supplysim.policies.due_diligence import DueDiligence
from supplysim.policies.registry import levers
from supplysim.validation.probes import LooserDemand, SuddenBorder, SuddenBudget, SuddenPenalties

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

BASELINE = "baseline"
NEUTRAL = "all levers at 0"
REMOVAL = "three largest traders removed"
LOOSER = "looser honest demand"
TIPS, BUDGET, BOTH = "whistleblower", "enforcement_budget", "whistleblower+enforcement_budget"
DOUBLED = {"border": "inspections x2", "investigators": "US investigators x2", "penalties": "penalties x2"}
PULSES = {"border": "border pulse", "investigators": "US investigators pulse"}
PULSE_WEEKS = 26
PULSE_OF_STAFF = 3.0  # of US investigators, times their number, on top
CLOSED = HUBS
# Levers whose effect is to find more, or more of what is found.
DETECTION = (
    "due_diligence",
    "notification",
    "location_verification",
    "intelligence",
    "whistleblower",
    "enforcement_budget",
    "end_use_checks",
    "marketplace",
    "cooperation",
    "border",
    "targeting",
    "graded_duty",
)
MORE_SEIZED = ("tighter_controls", "border:TH", "border:AE")
HALF_DILIGENCE = "due_diligence=0.5"
STRICTNESS = {
    0.0: "due_diligence, strictness 0",
    0.3: "due_diligence",
    0.6: "due_diligence, strictness 0.6",
    0.9: "due_diligence, strictness 0.9",
}


def arms(scenario: Scenario) -> dict[str, tuple[Policy, ...]]:
    """Return the policies of every arm by name, the baseline first; `REMOVAL` has none, it removes a firm."""
    first = scenario.policy_start
    last = first + timedelta(weeks=PULSE_WEEKS)
    texts = [*DETECTION, BOTH, HALF_DILIGENCE, *MORE_SEIZED, "remote_kyc", "legal_supply"]
    texts += [f"close_country:{country}" for country in CLOSED]
    named: dict[str, tuple[Policy, ...]] = {text: parse(text, scenario).policies for text in texts}
    for strictness, name in STRICTNESS.items():
        named.setdefault(name, (DueDiligence(strictness=strictness),))
    return {
        BASELINE: (),
        REMOVAL: (),
        NEUTRAL: neutral(),
        LOOSER: (LooserDemand(),),
        DOUBLED["border"]: (SuddenBorder(growth=1.0),),
        DOUBLED["investigators"]: (SuddenBudget(growth=1.0),),
        DOUBLED["penalties"]: (SuddenPenalties(growth=1.0),),
        PULSES["border"]: (SuddenBorder(start=first, end=last),),
        PULSES["investigators"]: (SuddenBudget(start=first, end=last, growth=PULSE_OF_STAFF),),
        **named,
    }


def every_lever(intensity: float) -> tuple[Policy, ...]:
    """Return all levers at one strength; the one that needs a country has Singapore."""
    return tuple(
        kind(intensity=intensity, countries=HUBS[:1]) if kind.needs_scope else kind(intensity=intensity)
        for kind in levers().values()
    )


def neutral() -> tuple[Policy, ...]:
    """Return all levers at strength 0."""
    return every_lever(0.0)
