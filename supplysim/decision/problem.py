"""The question: how much money of whom, for what, with which levers. Checked before anything is searched or run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from supplysim import arguments
from supplysim.decision.aims import AIMS
from supplysim.decision.emulated import typed
from supplysim.decision.spending import PAID_BY
from supplysim.emulator.predict import lever_names
from supplysim.errors import InputError, nearest
from supplysim.evidence import parameters
from supplysim.language import gettext_noop
from supplysim.setup import gate

MILLION = 1e6
MOST_BUDGETS = 8
MOST_WORTH = 1e9  # US$ of a chip
AUTHORITIES = (
    *(gettext_noop("rule"), gettext_noop("appropriation"), gettext_noop("statute")),
    *(gettext_noop("foreign state"), gettext_noop("vendor")),
)
CHIPS, BURDEN = "chips", "burden"


@dataclass(frozen=True)
class Problem:
    """What may be spent on what.

    Attributes
    ----------
    budgets : tuple of float
        US$ a year, ascending.
    payer : str
        Whose money it is, one of `PAID_BY`.
    objective : str
        What is to become less, one of `aims.AIMS`.
    levers : tuple of str
        Levers that may be used, as the emulator names them.
    net : bool
        Whether fines count against what is spent.
    burden : float or None
        US$ a year that honest trade may bear at most.
    target : float
        For the least burden: share by which chips must fall.
    worth : float or None
        US$ of one unit less of the objective, at which information is told in money as well.
    """

    budgets: tuple[float, ...]
    payer: str = "us"
    objective: str = "chips"
    levers: tuple[str, ...] = ()
    net: bool = False
    burden: float | None = None
    target: float = 0.1
    worth: float | None = None

    @property
    def aim(self) -> str:
        """What is to fall: the objective, or chips where the least burden is sought."""
        return CHIPS if self.objective == BURDEN else self.objective


class Asked(TypedDict, total=False):
    """What may be asked beside the budgets, as it is typed; what is left out is as in `Problem`.

    Attributes
    ----------
    payer : {"us", "foreign", "industry", "all"}
        Whose money it is: US appropriations, other states' treasuries, firms', or all together.
    objective : {"chips", "smuggled", "compute", "frontier", "burden"}
        What is to become less; the least burden is sought among packages that cut chips by `target`.
    levers, without : iterable of str, optional
        Levers that may be used, and levers that may not.
    authorities : iterable of str, optional
        Who can decide: of "rule", "appropriation", "statute", "foreign state", "vendor"; only levers needing no other.
    net : bool
        Count fines in US cases against what is spent.
    burden : float, optional
        Millions of US$ a year that honest trade may bear at most.
    target : float
        Share by which chips must fall where the least burden is sought.
    worth : float, optional
        US$ that one unit less of the objective is worth to you: what to find out first is then told in money as well.
    """

    payer: str
    objective: str
    levers: Iterable[str] | None
    without: Iterable[str] | None
    authorities: Iterable[str] | None
    net: bool
    burden: float | None
    target: float
    worth: float | None


def problem(budgets: Any, **asked: Unpack[Asked]) -> Problem:
    """Return the question; `budgets` in millions of US$ a year.

    Raises
    ------
    InputError
        If a budget is no positive number, a name is unknown, or no lever is left.
    """
    usual = Problem(())
    payer, objective = asked.get("payer", usual.payer), asked.get("objective", usual.objective)
    burden, worth = asked.get("burden"), asked.get("worth")
    target = asked.get("target", usual.target)
    given = [budgets] if gate.is_number(budgets) else arguments.items(budgets, "budgets", "write [10, 30, 100]")
    if not 1 <= len(given) <= MOST_BUDGETS:
        raise InputError("budgets", len(given), f"there must be 1 to {MOST_BUDGETS}", "write [10, 30, 100]")
    for amount in given:
        _money(amount, "budgets", 0.01)
    if burden is not None:
        _money(burden, "burden", 0.0)
    if not gate.is_number(target) or not 0.0 < target < 1.0:
        raise InputError("target", target, "it must be a share between 0 and 1", "write 0.1 for a fall by a tenth")
    if worth is not None and (not gate.is_number(worth) or not 0.0 < worth <= MOST_WORTH):
        rule = f"it must be US$ above 0, to {MOST_WORTH:,.0f}"
        raise InputError("worth", worth, rule, "write 25000 for what one chip less is worth")
    arguments.known(payer, PAID_BY, "payer", "payer")
    arguments.known(objective, AIMS, "objective", "objective")
    return Problem(
        budgets=tuple(sorted({float(amount) * MILLION for amount in given})),
        payer=payer,
        objective=objective,
        levers=allowed(asked.get("levers"), asked.get("without"), asked.get("authorities")),
        net=arguments.truth(asked.get("net", usual.net), "net"),
        burden=None if burden is None else float(burden) * MILLION,
        target=float(target),
        worth=None if worth is None else float(worth),
    )


def allowed(
    levers: Iterable[str] | None, without: Iterable[str] | None = None, authorities: Iterable[str] | None = None
) -> tuple[str, ...]:
    """Return the levers that may be used, in the emulator's order."""
    known = lever_names()
    asked = known if levers is None else _levers(levers, "levers")
    left_out = [] if without is None else _levers(without, "without")
    powers = None
    if authorities is not None:
        powers = arguments.items(authorities, "authorities", 'write ["rule", "appropriation"]')
        for power in powers:
            arguments.known(power, AUTHORITIES, "authorities", "authority")
    found = [name for name in known if name in asked and name not in left_out]
    found = [name for name in found if powers is None or authorities_of(name) <= set(powers)]
    if not found:
        raise InputError("levers", None, "no lever is left to choose from", "allow more levers or authorities")
    return tuple(found)


def authorities_of(lever: str) -> set[str]:
    """Return who must decide for a lever to act: the authorities of all its settings but what money they cost.

    What it costs the United States stands in an appropriation in any case, so only a lever whose settings name no other
    authority hangs on that alone.
    """
    own = {row.authority for row in parameters().values() if row.lever == lever and row.authority and not row.payer}
    return own or {row.authority for row in parameters().values() if row.lever == lever and row.authority}


def _levers(names: Iterable[str], place: str) -> list[str]:
    known = lever_names()
    alias = {typed(name): name for name in known}
    found = []
    for name in arguments.items(names, place, 'write ["border", "due_diligence"]'):
        if name not in known and name not in alias:
            raise InputError(place, name, "there is no such lever", nearest(str(name), alias))
        found.append(alias.get(name, name))
    return found


def _money(amount: Any, place: str, least: float) -> None:
    if not gate.is_number(amount) or not least <= amount <= 1e6:
        rule = f"it must be a number from {least:g} to 1,000,000"
        raise InputError(place, amount, rule, "write 30 for 30 million US$ a year")


def names_of(package: Sequence[tuple[str, float]]) -> str:
    """Return a portfolio as the command line takes it: ``border=0.5+due_diligence``."""
    return "+".join(typed(lever) if strength >= 1.0 else f"{typed(lever)}={strength:g}" for lever, strength in package)
