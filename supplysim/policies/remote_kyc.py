"""Remote-access checks: cloud providers must know who rents their chips."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class RemoteKyc(Policy):
    """Providers of rented compute check who their customers are."""

    lever = "remote_kyc"
    title = "Identity checks by cloud providers"
    short = "Know who rents"
    group = "sale"
    mechanism = "removes part of the compute that China may rent abroad; running contracts end in time"
    response = "buyers who can rent no more turn to smuggled, domestic or licensed chips"
    unknown = "how many customers would pass under another name, and which providers comply"
    law = "the Remote Access Security Act (P:G03), and the rule of 2024 for providers that was proposed (P:G01, P:G02)"
    payer = "cloud providers"
    burden = "checks of every customer at every provider"
    sources = ("P:G01", "P:G02", "P:G03", "P:G04", "P:K10", "assumption")
    ramp_weeks = 39
    scopes = ("countries",)

    per_provider: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * today("kyc_reach"), "% less rentable compute")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the fall of what may be rented out, by the providers' country."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries):
            usual = base.conditions["rentable_share"][:, country]
            yield Shift("rentable_share", -x * base.values["kyc_reach"] * usual, (country,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of supervision, US$ a week."""
        return self.fixed(self.annual_cost, base)

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of checks at all providers of the countries that take part, US$ a week (P:G02, P:K10)."""
        firms = sum(base.providers[country] for country in base.country_rows(self.countries))
        return self.variable(self.per_provider * firms, base)
