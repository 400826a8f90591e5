"""End-use checks: officers visit more firms, drawn at random, to see whether chips are where they should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting, today

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class EndUseChecks(Policy):
    """A random sample of firms is visited and counts its chips before an officer."""

    lever = "end_use_checks"
    title = "More end-use checks, drawn at random"
    short = "End-use checks"
    group = "information"
    mechanism = "multiplies how often any firm is visited; what a visit tells stays as it is"
    response = "traders who hear of it think they are more likely to be caught; skilled firms show less"
    unknown = "how much a visit tells about a firm that expects it, and whether hosts let officers in"
    law = "the bureau's appropriation for checks abroad, 1,400 a year over all goods (P:E19)"
    payer = "government"
    burden = "a day of staff time at every site that is visited, and leads on honest firms"
    sources = ("P:E18", "P:E19", "P:E20", "P:E21", "P:S01", "P:S06", "P:S08", "assumption")
    ramp_weeks = 26

    growth: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        checks = today("end_use_exposure")
        return Physical(checks, checks * (1 + cls.usual("growth")), "checks a firm and year", 2)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shift of how often firms are visited; the visits made are counted and paid for as they happen."""
        from supplysim.detection.channels import END_USE
        from supplysim.world.conditions import Shift

        usual = base.conditions["exposure"][:, END_USE]
        yield Shift("exposure", self.strength(base) * self.growth * usual, (END_USE,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of planning and travel, US$ a week; visits are paid for one by one."""
        return self.fixed(self.annual_cost, base)
