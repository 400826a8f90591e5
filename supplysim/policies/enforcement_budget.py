"""Enforcement budget: more investigators for the US bureau, at home and abroad."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.evidence import BUREAU, table
from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class EnforcementBudget(Policy):
    """The US bureau hires investigators; hosts' staff is not its to hire."""

    lever = "enforcement_budget"
    title = "More investigators for the US bureau"
    short = "Investigators"
    group = "consequences"
    mechanism = "raises the bureau's investigators, so that more dossiers are read and more cases run at once"
    response = "traders who hear of it think they are more likely to be caught; removed firms come back as new shells"
    unknown = "how fast investigators can be hired and trained, and how far they reach abroad"
    law = (
        "the bureau's appropriation: 193 agents were asked for in 2026, "
        "for all goods (P:E14), and this is not all of them"
    )
    payer = "government"
    burden = "cases against honest firms"
    sources = ("Q144", "Q145", "Q147", "Q149", "P:E12", "P:E14", "P:E16", "assumption")
    ramp_weeks = 52

    growth: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        (share,) = (float(row["staff_share"]) for row in table("agencies") if row["code"] == BUREAU)
        staff = today("investigators") * share
        return Physical(staff, staff * (1 + cls.usual("growth")), "US investigators")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shift of the bureau's staff."""
        from supplysim.world.conditions import Shift

        agency = base.agencies.index(BUREAU)
        usual = base.conditions["investigators"][:, agency]
        yield Shift("investigators", self.strength(base) * self.growth * usual, (agency,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of the added investigators, and of finding and training them, US$ a week."""
        added = self.growth * base.conditions["investigators"][:, base.agencies.index(BUREAU)]
        staff = self.strength(base) * added * base.values["investigator_cost"] / 52.0
        return self.fixed(self.annual_cost, base) + staff
