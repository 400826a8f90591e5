"""Notification: transfers of a hundred chips or more are reported to a chip registry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Notification(Policy):
    """Sellers report large transfers; the registry can be checked against declared stock."""

    lever = "notification"
    title = "Registry of large chip transfers"
    short = "Registry of large transfers"
    group = "sale"
    mechanism = "makes transfers above a size visible to agencies, and screening better by a cross-check of stock"
    response = "traders buy in smaller lots, and from several distributors"
    unknown = "how many reports are true, and whether agencies read them"
    law = "a rule that transfers of 100 chips and more in three months are reported, as CNAS proposes (P:R01, P:R02)"
    payer = "government runs the registry; sellers file reports"
    burden = "a report for every large honest transfer, and leads on honest firms"
    sources = ("Q165", "P:R01", "P:R02", "P:R03", "assumption")
    ramp_weeks = 39
    scopes = ("vendors",)

    coverage: float = setting()
    cross_check: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("coverage"), "% of large transfers reported")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts of notification and of screening for the covered vendors' chips."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for vendor in base.vendor_rows(self.vendors):
            yield Shift("notification_exposure", x * self.coverage, (vendor,))
            yield Shift("screening_sensitivity", x * self.cross_check, (vendor,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the registry's cost, US$ a week (claimed to be zero, P:R03)."""
        return self.fixed(self.annual_cost, base)
