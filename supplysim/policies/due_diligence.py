"""Due diligence: vendors and distributors screen more purchases, harder, and report what they find."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class DueDiligence(Policy):
    """Vendors require their distributors to know their customers."""

    lever = "due_diligence"
    title = "Know-your-customer duties on chip sales"
    short = "Know your customer"
    group = "sale"
    mechanism = "raises the share of purchases screened, what a screening tells, its strictness and reporting"
    response = "traders move to distributors that do not screen, to brands outside the rule, and to other countries"
    unknown = "how much a paper check tells about a well-made front, and how many distributors only pretend"
    law = "a rule of the bureau, as CNAS (2025) proposes (P:K01 to P:K05); no statute is needed"
    payer = "vendors and distributors; little for government"
    burden = "honest orders flagged, delayed four weeks or lost"
    sources = ("P:K01", "P:K03", "P:K04", "P:K05", "P:K10", "assumption")
    ramp_weeks = 26
    scopes = ("vendors",)

    coverage: float = setting()
    sensitivity: float = setting()
    strictness: float = setting()
    reporting: float = setting()
    annual_cost: float = setting()
    per_seller: float = setting()
    per_chip: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(100 * today("screening_exposure"), 100 * cls.usual("coverage"), "% of purchases screened")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts of the screening of the covered vendors' chips."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for vendor in base.vendor_rows(self.vendors):
            gap = (self.coverage - base.conditions["screening_exposure"][:, vendor]).clip(0.0)
            yield Shift("screening_exposure", x * gap, (vendor,))
            yield Shift("screening_sensitivity", x * self.sensitivity, (vendor,))
            yield Shift("screening_threshold", -x * self.strictness, (vendor,))
            yield Shift("screening_report", x * self.reporting, (vendor,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the agency's cost, US$ a week (claimed to be near zero, P:K05)."""
        return self.fixed(self.annual_cost, base)

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return distributors' compliance cost, US$ a week (P:K10)."""
        return self.variable(self.per_seller * base.distributors * base.market_share(self.vendors), base)

    def industry_cost_per_chip(self, base: "Baseline") -> "np.ndarray":
        """Return the checking cost of an honest chip, US$."""
        return self.strength(base) * self.coverage * self.per_chip * base.market_share(self.vendors)
