"""Parent's headquarters: a subsidiary abroad needs the licence that its parent in China would need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class ParentHeadquarters(Policy):
    """Licences look at where a buyer's parent sits; offshore subsidiaries of Chinese firms buy hardly anything."""

    lever = "parent_headquarters"
    title = "Licences by the parent’s headquarters"
    short = "Parent’s headquarters"
    group = "sale"
    mechanism = "closes direct sales to offshore subsidiaries of Chinese firms"
    response = "they rent, buy domestic chips, or turn to smugglers"
    unknown = "how much is bought offshore today, and how many parents can be told"
    law = "a rule that tests where the ultimate parent has its headquarters (P:K12)"
    payer = "vendors, in lost sales; a licensing office"
    burden = "direct sales lost to subsidiaries abroad"
    sources = ("cal:K005", "dem:D085", "in:N031", "assumption")
    ramp_weeks = 0

    cut: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("cut"), "% less bought offshore")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the fall of the share of direct sales that goes to offshore subsidiaries."""
        from supplysim.world.conditions import Shift

        yield Shift("offshore_share", -self.strength(base) * self.cut * base.conditions["offshore_share"])

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of licensing staff, US$ a week."""
        return self.fixed(self.annual_cost, base)
