"""Marketplace watch: somebody reads the open offers of controlled chips, every week."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Marketplace(Policy):
    """Open marketplaces and shipping records are watched for controlled chips."""

    lever = "marketplace"
    title = "Watching open marketplaces"
    short = "Marketplace watch"
    group = "information"
    mechanism = "multiplies how often a small seller's open offers are seen; what an offer tells stays as it is"
    response = "sellers who hear of it think they are more likely to be caught; fronts seldom advertise at all"
    unknown = "what part of trade is ever offered in the open, and how many offers are real"
    law = "the bureau's appropriation; nobody has proposed a sum"
    payer = "government"
    burden = "leads on honest resellers"
    sources = ("Q060", "Q064", "P:M01", "assumption")
    ramp_weeks = 13

    growth: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        looks = today("marketplace_exposure")
        return Physical(looks, looks * (1 + cls.usual("growth")), "looks at a seller a year", 2)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shift of how often offers are seen."""
        from supplysim.detection.channels import MARKETPLACE
        from supplysim.world.conditions import Shift

        usual = base.conditions["exposure"][:, MARKETPLACE]
        yield Shift("exposure", self.strength(base) * self.growth * usual, (MARKETPLACE,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of analysts and tools, US$ a week."""
        return self.variable(self.annual_cost * self.growth / self.usual("growth"), base)
