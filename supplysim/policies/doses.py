"""What no, half and full strength of a lever mean: in the world's own units and in dollars a year."""

from __future__ import annotations

from functools import cache

from supplysim.evidence import HUBS
from supplysim.policies.base import Policy
from supplysim.setup.population import build
from supplysim.setup.scenario import Scenario
from supplysim.world.conditions import Baseline

SCENARIO = "baseline-2024"
STRENGTHS = {"half": 0.5, "full": 1.0}
PAYERS = {"government_cost": "the United States", "foreign_cost": "other states", "industry_cost": "industry"}
COUNTED = "What is counted in a run comes on top: consignments opened, checks, audits, reports, waiting."


def doses(lever: type[Policy]) -> list[str]:
    """Return a sentence on what a lever moves, and one on what it costs each payer, once its ramp is over.

    Central settings, in the last week of `SCENARIO`; costs are those that the lever declares.
    """
    moved = lever.physical()
    half = (moved.without + moved.full) / 2.0
    sizes = [f"{value:,.{moved.decimals}f}" for value in (moved.without, half, moved.full)]
    lines = [f"{moved.unit}: {sizes[0]} without it, {sizes[1]} at half, {sizes[2]} at full strength."]
    base = baseline()
    scope = {"countries": (HUBS[0],)} if lever.needs_scope else {}
    policies = {
        name: lever(intensity=strength, **scope).drawn(base.values)  # type: ignore[arg-type]
        for name, strength in STRENGTHS.items()
    }
    for cost, payer in PAYERS.items():
        yearly = {name: 52.0 * float(getattr(policy, cost)(base)[-1]) for name, policy in policies.items()}
        if any(yearly.values()):
            each = ", ".join(f"${value / 1e6:,.1f} million at {name}" for name, value in yearly.items())
            lines.append(f"A year it costs {payer} {each} strength.")
    chip = {name: float(policy.industry_cost_per_chip(base)[-1]) for name, policy in policies.items()}
    if any(chip.values()):
        each = ", ".join(f"${value:,.0f} at {name}" for name, value in chip.items())
        lines.append(f"An honest chip costs industry {each} strength.")
    return [*lines, COUNTED]


@cache
def baseline() -> Baseline:
    """Return the world in which doses are told."""
    return build(Scenario.load(SCENARIO), (), 0)[1]
