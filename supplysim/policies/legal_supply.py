"""Legal supply: a class of controlled chips may be bought under licence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.evidence import table
from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class LegalSupply(Policy):
    """Licences open part of a controlled class to buyers in China."""

    lever = "legal_supply"
    title = "Licences for a class of controlled chips"
    short = "Licensed supply"
    group = "sale"
    mechanism = "adds to what licences cover; it is sold at list price and duty as far as it goes, then rationed"
    response = "buyers leave smugglers and every other kind of compute for licences"
    unknown = "how many licences are granted, and whether Beijing lets its firms use them"
    law = "a rule that licenses the H200 class, a quarter of the price to the Treasury (P:T01, P:T02, P:T04)"
    payer = "nobody; licences bring revenue"
    burden = "none on honest trade; compute supplied legally is reported beside what is prevented"
    sources = ("dem:D075", "P:T01", "P:T02", "P:T04", "P:T05", "P:T06", "P:T07", "assumption")
    ramp_weeks = 13
    scopes = ("skus",)

    share: float = setting()
    ordered: float = setting()
    annual_cost: float = setting()

    skus: tuple[str, ...] = ("H200",)

    @classmethod
    def choices(cls, scope: str) -> list[str]:
        """Return the chips that belong to a controlled class; others need no opening."""
        return [row["code"] for row in table(scope) if row["class"]]

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("share"), "% of orders licensed")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the compute of each named class that licences cover."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for covered in base.licences_of(self.skus):
            scale = base.values["market_scale"]
            yield Shift("licensed_quota", x * self.share * self.ordered * scale, (covered,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of licensing staff, US$ a week."""
        return self.fixed(self.annual_cost, base)
