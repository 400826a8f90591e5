"""Graded duty: whoever buys more than a size in a year is looked at much more closely."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class GradedDuty(Policy):
    """Sellers owe large buyers a closer look than small ones; honest large buyers are looked at as well."""

    lever = "graded_duty"
    title = "A duty of care graded by size"
    short = "Graded duty of care"
    group = "sale"
    mechanism = "screens nearly all purchases of buyers above a yearly size, with more information"
    response = "refused traders look for other sellers, or stay small; splitting over shells is not modelled"
    unknown = "how much a closer look tells, and how many split their purchases over several names: an upper bound"
    law = "a rule: the duty to know customers, for large orders alone"
    payer = "sellers, for every large buyer"
    burden = "large honest orders flagged in error, then lost or delayed"
    sources = ("cal:K029", "P:K10", "assumption")
    ramp_weeks = 26

    screened: float = setting()
    more: float = setting()
    per_seller: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(100 * today("screening_exposure"), 100 * cls.usual("screened"), "% of large purchases screened")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield what is added to the screening of buyers above the size (`graded_size`)."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        missing = (self.screened - base.conditions["screening_exposure"].mean(axis=1)).clip(0.0)
        yield Shift("graded_exposure", x * missing)
        yield Shift("graded_sensitivity", x * self.more)

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of closer looks at all sellers, US$ a week."""
        return self.variable(self.per_seller * base.distributors * self.screened / self.usual("screened"), base)
