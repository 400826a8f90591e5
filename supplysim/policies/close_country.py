"""Closing a country: traders can buy nothing there, and its border is searched."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class CloseCountry(Policy):
    """No trader can buy in the country any more, and nearly all that passes it is opened."""

    lever = "close_country"
    title = "Closing a country to traders"
    short = "Close a country"
    group = "border"
    mechanism = "traders' purchases there are refused, nearly all consignments are opened, and every trader is alarmed"
    response = "traders replace suppliers there by others abroad, and send chips by other countries"
    unknown = "whether a country can be closed at all, and what it would ask in return"
    law = "a rule that presumes the denial of licences for a country, with its government's consent"
    payer = "the country and its trading partners"
    burden = "honest orders in the country wait two weeks for papers"
    sources = ("P:C01", "P:X09", "P:X10", "P:X16", "assumption")
    ramp_weeks = 0
    scopes = ("countries", "agencies")
    needs_scope = True

    opened: float = setting()
    alarm: float = setting()
    papers: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100, "% of traders’ purchases refused")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield what closing does to purchases, border, honest orders and beliefs; all at once, without a ramp."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in base.country_rows(self.countries, self.agencies):
            yield Shift("closed", x, (country,))
            for field in ("border_exposure", "inspection_max"):
                missing = (self.opened - base.conditions[field][:, country]).clip(0.0)
                yield Shift(field, x * missing, (country,))
            yield Shift("customs_delay", x * self.papers, (country,))
            yield Shift("hop_alarm", base.rises(x) * x * self.alarm, (country,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of closing, US$ a week."""
        countries = len(base.country_rows(self.countries, self.agencies))
        return self.fixed(self.annual_cost * countries, base)
