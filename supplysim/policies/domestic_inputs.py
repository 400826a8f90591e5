"""Domestic inputs: tools, memory and service that China's own chip makers need are withheld."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class DomesticInputs(Policy):
    """Allies withhold tools and memory; China makes fewer chips of its own."""

    lever = "domestic_inputs"
    title = "Withholding inputs of domestic chips"
    short = "Inputs of domestic chips"
    group = "sale"
    mechanism = "lowers what China's own makers can deliver in a year"
    response = "buyers turn to every other kind of compute, smuggled chips among them"
    unknown = "how much output hangs on the withheld inputs, and how soon they are replaced"
    law = "controls of allies on memory and tools; no estimate of their effect was found"
    payer = "makers of tools and memory, in lost sales; allies"
    burden = "lost sales of tools, not counted"
    sources = ("in:N026", "cal:K033", "dem:D038", "dem:D043", "assumption")
    ramp_weeks = 104

    cut: float = setting()
    annual_cost: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(0, 100 * cls.usual("cut"), "% less domestic output")

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the fall of domestic capacity."""
        from supplysim.world.conditions import Shift

        yield Shift("domestic_capacity", -self.strength(base) * self.cut * base.conditions["domestic_capacity"])

    def government_cost(self, base: "Baseline") -> "np.ndarray":
        """Return the cost of licensing and talks, US$ a week."""
        return self.fixed(self.annual_cost, base)
