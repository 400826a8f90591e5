"""Penalties: those who are convicted pay more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplysim.policies.base import Physical, Policy, setting

if TYPE_CHECKING:
    from supplysim.world.conditions import Baseline, Shift


@dataclass(frozen=True, kw_only=True)
class Penalties(Policy):
    """Fines grow to a multiple of the goods' value; nobody is caught more often."""

    lever = "penalties"
    title = "Higher fines"
    short = "Higher fines"
    group = "consequences"
    mechanism = "multiplies the fine over the value of goods; traders weigh it by how likely they think being caught is"
    response = "little while being caught seems unlikely; a shell can lose no more than it owns"
    unknown = "how far a fine beyond a shell's wealth can deter at all"
    law = "a statute: today's most is twice the transaction (P:E26, P:E27)"
    payer = "nobody beforehand"
    burden = "none on honest trade"
    sources = ("P:E26", "P:E27", "P:E28", "P:X01", "P:X04", "assumption")
    ramp_weeks = 13

    growth: float = setting()

    @classmethod
    def physical(cls) -> Physical:
        """Return what the lever moves, in the world's own units."""
        return Physical(1, 1 + cls.usual("growth"), "× today’s fine", 1)

    def shifts(self, base: "Baseline") -> "Iterator[Shift]":
        """Yield the shift of the fine."""
        from supplysim.world.conditions import Shift

        yield Shift("fine_ratio", self.strength(base) * self.growth * base.conditions["fine_ratio"])
