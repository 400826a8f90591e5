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
    unknown = "how many insiders exist, what moves them, and how agencies cope with weak tips"
    law = "the Stop Stealing Our Chips Act, S.1473 and H.R. 6322 (P:W01 to P:W05)"
    payer = "fines, and a small office"
    burden = "tips on honest firms; compliance offices at distributors"
    sources = ("P:W01", "P:W02", "P:W03", "P:W06", "P:W09", "P:W19", "P:W20", "P:W27", "assumption")
    ramp_weeks = 39

    award_share: float = setting()
    funding: float = setting()
    protection: float = setting()
    threshold: float = setting()
    annual_cost: float = setting()
    per_seller: float = setting()

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

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the office's cost, US$ a week (claimed to be none, P:W29); awards are paid out of fines."""
        return self.fixed(self.annual_cost, base)

    def award_share_of_fines(self, base: "Baseline") -> "np.ndarray":
        """Return the award share: every fine is taken to rest on a tip, so this is the most that awards cost."""
        return self.strength(base) * self.award_share * self.funding

    def industry_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of compliance offices at distributors, US$ a week."""
        return self.variable(self.per_seller * base.distributors, base)
