"""Kill switch: new chips can be switched off from afar, and some diverted ones are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class KillSwitch(Policy):
    """Vendors build an off-switch into new chips; those found in China are disabled."""

    lever = "kill_switch"
    title = "A remote off-switch in new chips"
    short = "Remote off-switch"
    group = "chip"
    mechanism = "puts the switch into new chips; diverted ones that do not evade are disabled in time"
    response = "traders pass over such stock and learn to evade; buyers pay less once they see chips disabled"
    unknown = "whether it is safe; avoidance, evasion and scarce stock are assumed, and take most of its effect"
    law = "no bill requires it: vendors' own design, or a later rule (P:D01, P:D02)"
    payer = "vendors, in every chip; a small programme office"
    burden = "honest chips disabled in error, and honest customers who turn away"
    sources = ("P:D01", "P:D02", "P:D03", "P:D04", "P:V17", "assumption")
    ramp_weeks = 104
    scopes = ("vendors",)

    trust_loss: float = setting()
    per_chip: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100, "% of new chips can be switched off")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the share of new chips with the switch, the hazards of disabling, and distrust.

        Strength is the share of production: what carries the switch is disabled at the full hazard.
        """
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        share = base.market_share(self.vendors)
        for vendor in base.vendor_rows(self.vendors):
            yield Shift("switch_share", x, (vendor,))
            yield Shift("disable_hazard", (x > 0.0) * base.values["disable_hazard"], (vendor,))
        yield Shift("false_disable", (x > 0.0) * share * base.values["false_disable"])
        yield Shift("honest_scale", -x * share * self.trust_loss * base.conditions["honest_scale"])

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the programme office's cost, US$ a week."""
        return self.fixed(self.annual_cost, base)

    def industry_cost_per_chip(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of the switch in an honest chip, US$."""
        return self.strength(base) * self.per_chip * base.market_share(self.vendors)
