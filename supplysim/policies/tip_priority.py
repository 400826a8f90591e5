"""Tips first: a statutory deadline puts what insiders tell before everything else on the bureau's desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.evidence import RULES_OF, table
from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class TipPriority(Policy):
    """US agencies read dossiers that an insider's tip began, and open cases on them, before all others."""

    lever = "tip_priority"
    title = "Tips first, by statute"
    short = "Tips first"
    group = "consequences"
    mechanism = "gives dossiers that a tip began the first claim on reading time and case slots; odds stay as they are"
    response = "none of their own: traders do not see the order of a queue, only who is caught"
    unknown = "whether tips deserve their place, and how an office would bend a deadline that it cannot keep"
    law = (
        "the Stop Stealing Our Chips Act, S.1473: a report is decided in 60 days (P:W04), then becomes a formal case; "
        "the deadline is modelled as an order of service, not as a clock"
    )
    payer = "other dossiers, which wait; a clerk who keeps the days"
    burden = "honest firms on which an insider told: they are looked at sooner"
    sources = ("P:W04", "assumption")
    ramp_weeks = 0

    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0.0, 100.0, "% of the US desk for tips first")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the share of a US desk's room in which tips go first."""
        from supplysim.world.conditions import Shift

        for agency, row in enumerate(table("agencies")):
            if row["country"] == RULES_OF:
                yield Shift("tip_first", self.strength(base), (agency,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of keeping the days and of word to those who told, US$ a week."""
        return self.fixed(self.annual_cost, base)
