"""Intelligence: the agency sees more of what traders do, with better tools and people who read Chinese."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Intelligence(Policy):
    """A joint cell, modern tools and language staff look for diversion."""

    lever = "intelligence"
    title = "Information gathering by the agency"
    short = "Intelligence"
    group = "information"
    mechanism = "multiplies how often intelligence looks at a firm, and raises what a look tells"
    response = "traders who hear of it think they are more likely to be caught; removed firms come back as new shells"
    unknown = "how many more leads money and staff buy, and how soon"
    law = "an appropriation for technology of $25 million a year, as CNAS proposes (P:I04)"
    payer = "government"
    burden = "leads on honest firms"
    sources = ("P:I01", "P:I02", "P:I03", "P:I04", "P:I05", "assumption")
    ramp_weeks = 52

    reach: float = setting()
    sensitivity: float = setting()
    annual_cost: float = setting()
    per_multiple: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        looks = today("intelligence_exposure")
        return Physical(looks, looks * cls.usual("reach"), "looks a firm and year", 2)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts of the intelligence channel."""
        from supplysim.detection.channels import INTELLIGENCE
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        usual = base.conditions["exposure"][:, INTELLIGENCE]
        yield Shift("exposure", x * (self.reach - 1.0) * usual, (INTELLIGENCE,))
        yield Shift("sensitivity", x * self.sensitivity, (INTELLIGENCE,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of modern tools and of whoever looks, US$ a week (P:I04)."""
        return self.fixed(self.annual_cost, base) + self.variable(self.per_multiple * (self.reach - 1.0), base)
