"""Whistleblower rewards: insiders who know of diversion are paid a share of the fine."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift

PUBLISHED_AWARD = 0.3  # the highest share in the bills (P:W01)
PUBLISHED_SOLVENT = 0.4  # chance of collecting from a principal at which `tip_award_pull` is stated


def readiness(conscience: float, retaliation: float, pull: float) -> float:
    """Return the chance that an insider who considers a report makes it: a logit of three forces (MODEL 16.4)."""
    return 1.0 / (1.0 + math.exp(retaliation - conscience - pull))


@dataclass(frozen=True, kw_only=True)
class Whistleblower(Policy):
    """Insiders weigh an award, their conscience and the fear of retaliation; tips need no audit to arrive."""

    lever = "whistleblower"
    title = "Rewards for whistleblowers"
    short = "Whistleblower rewards"
    group = "information"
    mechanism = "raises the share of insiders who report, with the award share and how surely it is funded"
    response = "traders who hear of it fear their own staff; firms stay smaller or leave"
    unknown = (
        "how many insiders exist, what moves them, how agencies cope with weak tips, and whether they trust a fund "
        "in arrears"
    )
    law = "the Stop Stealing Our Chips Act, S.1473 and H.R. 6322 (P:W01 to P:W05)"
    payer = "fines, and a small office; with a fund, its start money and the fines of tipped cases alone"
    burden = "tips on honest firms; compliance offices at distributors"
    sources = ("P:W01", "P:W02", "P:W03", "P:W06", "P:W09", "P:W19", "P:W20", "P:W27", "P:W28", "assumption")
    ramp_weeks = 39

    award_share: float = setting()
    funding: float = setting()
    protection: float = setting()
    threshold: float = setting()
    annual_cost: float = setting()
    per_seller: float = setting()
    fund: float = setting()
    fund_start: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("award_share"), "% of the fine to the insider")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shifts of the insider channel; exposure follows readiness to report."""
        import numpy as np

        from supplysim.detection.channels import TIP
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        conscience, retaliation = base.values["tip_conscience"], base.values["tip_retaliation"]
        usual = readiness(conscience, retaliation, 0.0)
        full_pull = base.values["tip_award_pull"] * self.funding * self.award_share / PUBLISHED_AWARD
        full_pull *= base.values["solvent"] / PUBLISHED_SOLVENT  # an award is a share of what is collected
        more = np.array(
            [
                readiness(conscience, retaliation - strength * self.protection, strength * full_pull) / usual - 1.0
                for strength in x
            ]
        )
        yield Shift("exposure", more * base.conditions["exposure"][:, TIP], (TIP,))
        yield Shift("threshold", -x * self.threshold, (TIP,))
        if self.fund > 0.0:
            yield Shift("fund_start", self.start_money(base))
            yield Shift("fund_share", self.fund * (x > 0.0))
            yield Shift("fund_award", self.fund * self.award_share * x)
            yield Shift("fund_staff", self.fund * self.fixed(self.annual_cost, base))
            yield Shift("fund_exposure", self.fund * more * base.conditions["exposure"][:, TIP])
            yield Shift("fund_threshold", self.fund * x * self.threshold)

    def start_money(self, base: "Baseline") -> "np.ndarray":
        """Return what the bureau puts into the fund in the first week in force, US$ a week."""
        in_force = self.strength(base) > 0.0
        return self.fund * self.fund_start * 1e6 * (in_force & (in_force.cumsum() == 1))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the office's cost, US$ a week (claimed to be none, P:W29), or a fund's start money."""
        return (1.0 - self.fund) * self.fixed(self.annual_cost, base) + self.start_money(base)

    def award_share_of_fines(self, base: "Baseline") -> "np.ndarray":
        """Return the award share: every fine is taken to rest on a tip, so this is the most that awards cost.

        What a fund pays is counted in the run instead.
        """
        return (1.0 - self.fund) * self.strength(base) * self.award_share * self.funding

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of compliance offices at distributors, US$ a week."""
        return self.variable(self.per_seller * base.distributors, base)
