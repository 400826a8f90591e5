"""Cooperation: host countries share leads with the US bureau, act on them, and look at cargo together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.evidence import BUREAU, RULES_OF
from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Cooperation(Policy):
    """Partner countries and the US bureau work together on leads, cases and cargo."""

    lever = "cooperation"
    title = "Work with partner countries"
    short = "Work with partners"
    group = "consequences"
    mechanism = "shares leads, makes hosts act, turns listings into prosecutions, shortens cases, opens more cargo"
    response = "traders move purchases and routes to countries that do not take part"
    unknown = "how far partners will go, and for how long"
    law = "the Export Controls Enforcement Act, H.R. 4505 (P:C07), and the 30 officers that were asked for (P:E17)"
    payer = "government, for officers abroad; partner states"
    burden = "inspections of honest cargo in partner states"
    sources = ("P:C01", "P:C03", "P:C04", "P:C05", "P:C07", "P:E16", "assumption")
    ramp_weeks = 52
    scopes = ("countries", "agencies")

    reach: float = setting()
    inspections: float = setting()
    host_staff: float = setting()
    annual_cost: float = setting()

    @classmethod
    def choices(cls, scope: str) -> list[str]:
        """Return the possible partners: all but the United States."""
        return [code for code in super().choices(scope) if code not in (RULES_OF, BUREAU)]

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("reach"), "% of hosts’ reluctance overcome")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts in every partner country; the bureau at home is no partner of its own."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for country in self.partners(base):
            willingness = base.conditions["willingness"][:, country]
            usual = base.conditions["border_exposure"][:, country]
            yield Shift("cooperation", x, (country,))
            yield Shift("willingness", x * self.reach * (1.0 - willingness), (country,))
            yield Shift("border_exposure", x * self.inspections * usual * willingness, (country,))
        for agency in base.agency_rows(self.countries, self.agencies):
            if base.agencies[agency] != BUREAU:
                staff = base.conditions["investigators"][:, agency]
                yield Shift("investigators", x * self.host_staff * staff, (agency,))

    def partners(self, base: "Baseline") -> list[int]:
        """Return the indices of the countries that take part."""
        home = base.countries.index(RULES_OF)
        return [country for country in base.country_rows(self.countries, self.agencies) if country != home]

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of officers abroad, US$ a week, by what they win."""
        return self.variable(self.annual_cost * self.scale(base) * self.reach / self.usual("reach"), base)

    def foreign_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of hosts' added investigators, US$ a week; inspections are paid for as they happen."""
        agencies = [row for row in base.agency_rows(self.countries, self.agencies) if base.agencies[row] != BUREAU]
        staff = base.conditions["investigators"][:, agencies].sum(axis=1) * self.host_staff
        return self.strength(base) * staff * base.values["investigator_cost"] / 52.0

    def scale(self, base: "Baseline") -> float:
        """Return the share of all possible partners that take part."""
        return len(self.partners(base)) / (len(base.country_rows(())) - 1)
