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
    payer = "government"
    burden = "leads on honest firms"
    sources = ("P:I01", "P:I02", "P:I03", "P:I04", "P:I05", "assumption")
    ramp_weeks = 52

    reach: float = setting(6.0, "multiple", "looks against the status quo at full strength", 1.0, 50.0)
    sensitivity: float = setting(0.4, "d'", "added information in a look", 0.0, 3.0)

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        looks = today("intelligence_exposure")
        return Physical(looks, looks * cls.reach, "looks a firm and year", 2)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts of the intelligence channel."""
        from supplysim.detection.channels import INTELLIGENCE
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        usual = base.conditions["exposure"][:, INTELLIGENCE]
        yield Shift("exposure", x * (self.reach - 1.0) * usual, (INTELLIGENCE,))
        yield Shift("sensitivity", x * self.sensitivity, (INTELLIGENCE,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of modern tools, US$ a week (P:I04)."""
        return self.strength(base) * 25e6 / 52.0
