"""[bill]: what a proposal says, clause by clause, and what the levers cannot say of it.

A scenario with a [bill] is a card. Its policies act when its own state of the world, ``law-NAME``, is ``passed``; the
probability of that is an input. Prose moves no run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from supplysim import evidence
from supplysim.errors import InputError, nearest
from supplysim.setup.schema import Line, Prose, Section, check_as

if TYPE_CHECKING:
    from supplysim.policies.base import Policy

LAW, PASSED = "law-", "passed"
ASSUMPTION = "assumption"  # in place of an id: nobody published it


class Clause(Section):
    """[[bill.clauses]]: one thing that a proposal says.

    Attributes
    ----------
    text : str
        What it says.
    clock, threshold : str
        How long after enactment it binds, and for whom; empty: at once, for all.
    start : date, optional
        First day on which it binds, if the proposal is law on the day that the card assumes.
    levers : list of str
        Policies of the file that say it, as typed on the command line.
    not_modelled : str
        What they cannot say; without levers, why nothing is modelled.
    sources : list of str
        Ids of evidence.
    """

    text: Line
    clock: Line = ""
    threshold: Line = ""
    start: date | None = None
    levers: list[Line] = []
    not_modelled: Line = ""
    sources: list[Line] = Field(min_length=1)
    confidence: Literal["high", "medium", "low"]


class Bill(Section):
    """[bill]: number, stand on a day, why its chance is what it is, clauses.

    Attributes
    ----------
    short : str
        Its name in a narrow table.
    numbers : list of str
        As Congress or the register has it.
    stand, stand_on : str, date
        How far it had come, as of a day.
    law_on : date
        The day on which it is taken to be law; the clocks of the clauses run from it.
    chance : str
        What the probability of its state rests on.
    """

    short: Line = Field(max_length=30)
    numbers: list[Line]
    stand: Line
    stand_on: date
    law_on: date
    chance: Prose
    clauses: list[Clause] = Field(min_length=1, max_length=40)

    def table(self) -> dict[str, Any]:
        """Return the bill as a table of a scenario file."""
        bare: dict[str, Any] = {"clock": "", "threshold": "", "start": None, "levers": [], "not_modelled": ""}
        clauses = [
            {key: value for key, value in clause.items() if value != bare.get(key, ...)}
            for clause in self.model_dump()["clauses"]
        ]
        return {**self.model_dump(exclude={"clauses"}), "clauses": clauses}

    def missing(self, end: date) -> list[tuple[str, str]]:
        """Return clauses that are not, or not wholly, in a world that ends on a day: what they say, and what is not."""
        found: list[tuple[str, str]] = []
        for clause in self.clauses:
            if clause.start is not None and clause.start >= end:
                found.append(
                    (clause.text, f"binds after the end, on {clause.start} ({clause.not_modelled or 'not run'})")
                )
            elif clause.levers and clause.not_modelled:
                found.append((clause.text, clause.not_modelled))
            elif clause.not_modelled:
                found.append((clause.text, f"none of it ({clause.not_modelled})"))
        return found


def state_of(name: str) -> str:
    """Return the name of a card's own state of the world."""
    return LAW + name


def condition(name: str) -> str:
    """Return the condition under which a card's policies act."""
    return f"{state_of(name)}:{PASSED}"


def checked(raw: Mapping[str, Any], place: str) -> Bill:
    """Return a [bill] table as a `Bill`: every key, and every id of evidence.

    Raises
    ------
    InputError
        For the first thing that is wrong.
    """
    bill = check_as(Bill, raw, place)
    for index, clause in enumerate(bill.clauses):
        at = f"{place}.clauses[{index}]"
        if not clause.levers and not clause.not_modelled:
            rule = "it has no levers and does not say what is not modelled"
            raise InputError(at, None, rule, "name the policies that say it, or write not_modelled")
        for source in clause.sources:
            if source == ASSUMPTION:
                continue
            try:
                evidence.resolve(source)
            except InputError as error:
                raise InputError(f"{at}.sources", source, error.rule, error.remedy) from None
    return bill


def check_own(name: str, policies: Iterable[tuple[Policy, str]]) -> None:
    """Raise InputError unless the policies of a card's own file act when it is law, and only then."""
    for policy, place in policies:
        if policy.when != condition(name):
            rule = "the policies of a bill act when it is law"
            raise InputError(f"{place}.when", policy.when or None, rule, f'write when = "{condition(name)}"')


def own(name: str, policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Return the policies of a card itself, without those of the world that it extends."""
    return tuple(policy for policy in policies if policy.when == condition(name))


def check_whole(
    bill: Bill, name: str, policies: Iterable[Policy], states: Mapping[str, tuple[str, ...]], place: str
) -> None:
    """Raise InputError unless a card has its state, and each of its clauses the policies that it names.

    `states` are the names of the values of each state.
    """
    if PASSED not in states.get(state_of(name), ()):
        remedy = f'write [[states]] with name = "{state_of(name)}" and a value "{PASSED}"'
        raise InputError(f"{place}: states", None, f"the bill's own state {state_of(name)} is missing", remedy)
    labels = {policy.label().removesuffix(f"[{condition(name)}]"): policy for policy in own(name, policies)}
    if not labels:
        raise InputError(f"{place}: policies", None, "the bill has no policies", "add a [[policies]] block")
    for index, clause in enumerate(bill.clauses):
        for label in clause.levers:
            if label not in labels:
                at = f"{place}: bill.clauses[{index}].levers"
                raise InputError(at, label, "no policy of the file is written so", nearest(label, labels))
