"""Buyer list: vendors let their sellers deliver only to buyers on a list, and unproven ones get less."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class BuyerList(Policy):
    """Vendors keep a list of buyers; whoever is not on it finds less of every stock open to it."""

    lever = "buyer_list"
    title = "Vendors’ lists of approved buyers"
    short = "Buyer lists"
    group = "sale"
    mechanism = "lowers the part of every stock that unproven buyers get; sellers who look away follow less"
    response = "traders pay more for what is left, and turn to sellers who look away; honest buyers take the rest"
    unknown = "how much of a stock is open to unproven buyers today, which decides whether the lever bites at all"
    law = "vendors' own terms of sale: no law"
    payer = "vendors, for keeping the list; small honest buyers, who count as unproven too"
    burden = "honest newcomers refused: not modelled, for honest users count as known"
    sources = ("enf:F047", "cal:K038", "cal:K042", "assumption")
    ramp_weeks = 13
    scopes = ("countries",)

    cut: float = setting()
    per_seller: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        usual = 100 * today("access")
        return Physical(usual, usual * (1 - cls.usual("cut")), "% of a stock for unproven buyers")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the fall of access in the countries that take part."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries):
            yield Shift("access", -x * self.cut * base.conditions["access"][:, country], (country,))

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of keeping lists at all sellers, US$ a week."""
        return self.variable(self.per_seller * base.distributors, base)
