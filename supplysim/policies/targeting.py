"""Targeting: customs learn from papers which consignments to open, without opening more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Targeting(Policy):
    """A cell reads what papers say; of as many openings, more are of diverted consignments."""

    lever = "targeting"
    title = "Better targeting at borders"
    short = "Border targeting"
    group = "border"
    mechanism = "adds to what papers tell of a consignment before it is chosen, where a country is willing"
    response = "traders choose other corridors as losses teach them; the skilled keep cleaner papers"
    unknown = "how much papers tell, and whether there are enough known cases to learn from"
    law = "no law: the customs of partners would have to act; nobody has proposed a sum"
    payer = "government, for the cell; its cost is assumed"
    burden = "none beyond today's: as many consignments are opened as before"
    sources = ("P:M06", "P:M07", "P:M09", "assumption")
    ramp_weeks = 26
    scopes = ("countries", "agencies")

    more: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        usual = today("border_targeting")
        return Physical(usual, usual + cls.usual("more"), "d’ in the papers", 1)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the rise of the information in papers, by willingness."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries, self.agencies):
            yield Shift("targeting", x * self.more * base.conditions["willingness"][:, country], (country,))

    def foreign_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of the cells, US$ a week, by their gain and the share of countries that take part."""
        part = len(base.country_rows(self.countries, self.agencies)) / len(base.country_rows(()))
        return self.variable(self.annual_cost * part * self.more / self.usual("more"), base)
