"""Levers that only tests of the model use: at once, without a ramp, or on what no government moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Policy, setting
from supplysim.policies.border import Border
from supplysim.policies.enforcement_budget import EnforcementBudget
from supplysim.policies.penalties import Penalties

if TYPE_CHECKING:
    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class SuddenBorder(Border):
    """Border inspection at full strength from its first day."""

    ramp_weeks = 0


@dataclass(frozen=True, kw_only=True)
class SuddenBudget(EnforcementBudget):
    """US investigators hired and trained from the first day."""

    ramp_weeks = 0


@dataclass(frozen=True, kw_only=True)
class SuddenPenalties(Penalties):
    """Fines raised from the first day."""

    ramp_weeks = 0


@dataclass(frozen=True, kw_only=True)
class LooserDemand(Policy):
    """Honest buyers order less: more stock is left over for others."""

    lever = "looser_demand"
    ramp_weeks = 0

    fall: float = setting(0.2, "share", "fall of honest orders", 0.0, 1.0)

    def shifts(self, base: Baseline) -> Iterator[Shift]:
        """Yield the fall of the pace of honest orders."""
        from supplysim.world.conditions import Shift

        yield Shift("honest_scale", -self.strength(base) * self.fall * base.conditions["honest_scale"])
