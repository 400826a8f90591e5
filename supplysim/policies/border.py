"""Border: customs open more consignments of chips."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Border(Policy):
    """Customs open more of the consignments that pass, honest and diverted alike, where a country is willing."""

    lever = "border"
    title = "More inspections at borders"
    short = "Border inspections"
    group = "border"
    mechanism = "multiplies the share of consignments opened at every hop, as far as the countries are willing"
    response = "traders choose other routes and modes as their own and others' losses teach them"
    unknown = "how much an officer can tell from a consignment before it is opened"
    law = "no law: the customs of partners would have to act"
    payer = "government, for every inspection; traders wait"
    burden = "trade that looks like chips opened and delayed, thousands for every diverted consignment"
    sources = ("P:M06", "P:M07", "P:M09", "P:M10", "P:M11", "assumption")
    ramp_weeks = 26
    scopes = ("countries", "agencies")

    growth: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        opened = 100 * today("border_exposure")
        return Physical(opened, opened * (1 + cls.usual("growth")), "% of shipments opened", 1)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shift of the share opened; inspections are counted and paid for as they happen."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries, self.agencies):
            usual = base.conditions["border_exposure"][:, country]
            willing = base.conditions["willingness"][:, country]
            yield Shift("border_exposure", x * self.growth * usual * willing, (country,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of equipment and training for partners, US$ a week, by the share that takes part."""
        part = len(base.country_rows(self.countries, self.agencies)) / len(base.country_rows(()))
        return self.fixed(self.annual_cost * part, base)
