"""Location verification: new chips report where they are; old chips cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class LocationVerification(Policy):
    """Vendors build delay-based location checks into new chips and act on what these report."""

    lever = "location_verification"
    title = "Location checks built into new chips"
    short = "Location checks on chips"
    group = "chip"
    mechanism = "lets new chips say where they are; vendors audit the sites they doubt and stop sales to the worst"
    response = "traders pass over such stock, learn to evade, stage sites, and drop shells that were stopped"
    unknown = "how well places are told apart, and how far and how soon evasion is learned"
    law = "the Chip Security Act (P:V07, P:V08), or vendors of their own accord (P:V15)"
    payer = "vendors; a small programme office"
    burden = "honest sites audited, and some stopped in error; a cost on every new chip"
    sources = (
        "P:V01",
        "P:V04",
        "P:V06",
        "P:V09",
        "P:V10",
        "P:V11",
        "P:V12",
        "P:V13",
        "P:V15",
        "P:V16",
        "P:V19",
        "P:V21",
    )
    ramp_weeks = 26
    scopes = ("vendors",)

    annual_cost: float = setting()
    landmarks: float = setting()
    development: float = setting()
    per_chip: float = setting()

    def built(self, base: "Baseline") -> "np.ndarray":
        """Return how far production has changed over by week, shares: new designs take months."""
        first = base.policy_start if self.start is None else base.week_of(self.start)
        return base.ramp(first, base.values["feature_lag"])

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100, "% of new chips can say where they are")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the feature share of new chips, and the checks: strength acts by vintage, reporting is a parameter."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for vendor in base.vendor_rows(self.vendors):
            yield Shift("reporting_share", x * self.built(base), (vendor,))
        yield Shift("place_checks", (x > 0.0) * 1.0)

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the programme office's cost, US$ a week."""
        return self.fixed(self.annual_cost, base)

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the landmark network's cost, US$ a week (P:V04), and development in the first week (P:V01)."""
        cost = self.fixed(self.landmarks, base)
        running = cost.nonzero()[0]
        if running.size:
            cost[running[0]] += self.development
        return cost

    def industry_cost_per_chip(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of a new chip with the feature, US$ (P:V13)."""
        return self.strength(base) * self.built(base) * self.per_chip * base.market_share(self.vendors)
