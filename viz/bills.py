"""Bills as packages: the levers of every card with a [bill], as if it were law in every world."""

from __future__ import annotations

from dataclasses import dataclass, replace

from supplysim.viz.url_state import load, shipped

from supplysim.language import by_language, gettext
from supplysim.policies import Policy, levers


@dataclass(frozen=True)
class Card:
    """A bill as a package: what it is called in English, its levers, how it stands and what they leave out."""

    title: str
    policies: tuple[Policy, ...]
    note: str

    @property
    def text(self) -> str:
        """The package as the command line writes it."""
        return "+".join(policy.label() for policy in self.policies)


@by_language
def bills() -> dict[str, Card]:
    """Return the bills that move a lever."""
    order, made = [*levers()], {}
    for name in shipped():
        scenario = load(name)
        if scenario.bill is None or not scenario.policies:
            continue
        kept = [replace(policy, when="", beside=()) for policy in scenario.policies]
        bill = scenario.bill
        note = gettext(
            "{bill}, as if law in every world from {law_on}. It stands so: {stand} ({stand_on}). Of {clauses} clauses "
            "{left} are not or not wholly in the levers.",
            bill=gettext(bill.short),
            law_on=bill.law_on,
            stand=gettext(bill.stand),
            stand_on=bill.stand_on,
            clauses=len(bill.clauses),
            left=len(bill.missing(scenario.end)),
        )
        made[name] = Card(bill.short, tuple(sorted(kept, key=lambda policy: order.index(policy.lever))), note)
    return made
