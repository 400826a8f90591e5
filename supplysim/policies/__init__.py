"""Levers: one file each, plus the registry that finds them and the reader of what people write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplysim.policies.base import Policy
from supplysim.policies.entries import build
from supplysim.policies.registry import SIX, from_file, levers

if TYPE_CHECKING:
    from supplysim.policies.border import Border
    from supplysim.policies.buyer_list import BuyerList
    from supplysim.policies.close_country import CloseCountry
    from supplysim.policies.cooperation import Cooperation
    from supplysim.policies.domestic_inputs import DomesticInputs
    from supplysim.policies.due_diligence import DueDiligence
    from supplysim.policies.end_use_checks import EndUseChecks
    from supplysim.policies.enforcement_budget import EnforcementBudget
    from supplysim.policies.graded_duty import GradedDuty
    from supplysim.policies.intelligence import Intelligence
    from supplysim.policies.kill_switch import KillSwitch
    from supplysim.policies.legal_supply import LegalSupply
    from supplysim.policies.location_verification import LocationVerification
    from supplysim.policies.marketplace import Marketplace
    from supplysim.policies.notification import Notification
    from supplysim.policies.parent_headquarters import ParentHeadquarters
    from supplysim.policies.penalties import Penalties
    from supplysim.policies.remote_kyc import RemoteKyc
    from supplysim.policies.targeting import Targeting
    from supplysim.policies.text import Package, parse
    from supplysim.policies.tighter_controls import TighterControls
    from supplysim.policies.tip_priority import TipPriority
    from supplysim.policies.whistleblower import Whistleblower

__all__ = [
    "Targeting",
    "ParentHeadquarters",
    "GradedDuty",
    "DomesticInputs",
    "BuyerList",
    "Border",
    "CloseCountry",
    "Cooperation",
    "DueDiligence",
    "EndUseChecks",
    "EnforcementBudget",
    "Intelligence",
    "KillSwitch",
    "LegalSupply",
    "LocationVerification",
    "Marketplace",
    "Notification",
    "Package",
    "Penalties",
    "Policy",
    "RemoteKyc",
    "TighterControls",
    "TipPriority",
    "Whistleblower",
    "build",
    "from_file",
    "levers",
    "parse",
    "six",
]


def six() -> tuple[Policy, ...]:
    """Return the six recommendations of CNAS (2025) at full strength, in the order of the report."""
    return tuple(levers()[name]() for name in SIX)


def __getattr__(name: str) -> Any:
    """Offer every lever by its class name, whether shipped, from another package or from a file."""
    if name in ("Package", "parse"):  # they read scenario files, which read policies
        from supplysim.policies import text

        return getattr(text, name)
    if name[:1].isupper():  # asking for a module must not import all levers
        for lever in levers().values():
            if lever.__name__ == name:
                return lever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
