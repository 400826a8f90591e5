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
    payer = "government, for the cell; its cost is assumed"
    burden = "none beyond today's: as many consignments are opened as before"
    sources = ("P:M06", "P:M07", "P:M09", "assumption")
    ramp_weeks = 26
    scopes = ("countries", "agencies")

    more: float = setting(0.6, "d'", "information added where a country is fully willing", 0.0, 3.0)
    annual_cost: float = setting(10e6, "US$/year", "a targeting cell for all countries", 0.0, 1e9)

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        usual = today("border_targeting")
        return Physical(usual, usual + cls.more, "d’ in the papers", 1)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the rise of the information in papers, by willingness."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries, self.agencies):
            yield Shift("targeting", x * self.more * base.conditions["willingness"][:, country], (country,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of the cell, US$ a week, by the share of countries that take part."""
        part = len(base.country_rows(self.countries, self.agencies)) / len(base.country_rows(()))
        return self.strength(base) * self.annual_cost * part / 52.0
