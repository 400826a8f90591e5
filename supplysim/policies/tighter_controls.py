"""Tighter controls: a chip that China could buy under licence needs one that is not granted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class TighterControls(Policy):
    """Chips that were sold under licence are sold no more from a date on; what was sold stays where it is."""

    lever = "tighter_controls"
    title = "A licensed chip becomes a controlled one"
    short = "Tighter chip controls"
    group = "sale"
    mechanism = "takes chips off the list that China may buy; those already sold stay where they are"
    response = "buyers turn to smugglers, rented and domestic compute; prices rise with demand"
    unknown = "how much of the lost compute is replaced, and by what"
    law = "a rule that withdraws licences; the AI OVERWATCH Act would have them reviewed (P:N02)"
    payer = "vendors, in sales that are lost"
    burden = "licensed sales lost"
    sources = ("Q120", "Q121", "Q122", "P:B22", "P:B23", "assumption")
    ramp_weeks = 0
    scopes = ("skus",)

    annual_cost: float = setting()

    skus: tuple[str, ...] = ("H20", "H200")  # all that licences have covered

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100, "% of licences withdrawn")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the end of what licences cover of the named chips."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for covered in base.licences_of(self.skus):
            yield Shift("licensed_quota", -x * base.conditions["licensed_quota"][:, covered], (covered,))

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of licensing staff, US$ a week."""
        return self.fixed(self.annual_cost, base)
