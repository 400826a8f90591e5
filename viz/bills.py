"""Bills as packages: the levers of every card with a [bill], as if it were law in every world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from supplysim.viz.url_state import load, shipped

from supplysim.policies import Policy, levers


@dataclass(frozen=True)
class Card:
    """A bill as a package: what it is called, its levers, how it stands and what they leave out."""

    title: str
    policies: tuple[Policy, ...]
    note: str

    @property
    def text(self) -> str:
        """The package as the command line writes it."""
        return "+".join(policy.label() for policy in self.policies)


@cache
def bills() -> dict[str, Card]:
    """Return the bills whose levers the sliders can say: those with no lever twice."""
    order, made = [*levers()], {}
    for name in shipped():
        scenario = load(name)
        names = [policy.lever for policy in scenario.policies]
        if scenario.bill is None or not names or len(set(names)) < len(names):
            continue
        kept = [replace(policy, when="", beside=()) for policy in scenario.policies]
        bill = scenario.bill
        left = len(bill.missing(scenario.end))
        note = (
            f"{bill.short}, as if law in every world from {bill.law_on}. It stands so: {bill.stand} ({bill.stand_on}). "
            f"Of {len(bill.clauses)} clauses {left} are not or not wholly in the levers."
        )
        made[name] = Card(bill.short, tuple(sorted(kept, key=lambda policy: order.index(policy.lever))), note)
    return made
