"""The Decide page: a budget moves, and the best portfolio for it is there at once, from the quick estimate."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.session import Session

from supplysim import arguments
from supplysim.decision.aims import AIMS
from supplysim.decision.emulated import typed
from supplysim.decision.portfolio import Portfolio, Searched
from supplysim.decision.problem import AUTHORITIES, MILLION, Problem, authorities_of, problem
from supplysim.decision.spending import PAID_BY, spending
from supplysim.emulator.predict import FILES, emulator
from supplysim.errors import InputError
from supplysim.policies import parse
from supplysim.policies.registry import levers
from supplysim.report.decision.words import FREE, HEADINGS, PAYER_WORDS, accuracy_of
from supplysim.report.formatting import NONE, millions, percent
from supplysim.setup import gate

BUDGETS = (1, 2, 3, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300)  # millions of US$ a year
START = 30
SHOWN = 3  # portfolios: the best and those that come next
WHY_NOT = "There is no quick estimate to search in for this world: supplysim decide tells more."


class DecidePage:
    """What to fund.

    Parameters
    ----------
    session : Session
        Whose levers a portfolio becomes, and whose world it is of.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.budget, self.payer, self.objective = START, "us", "chips"
        self.powers = set(AUTHORITIES)

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "budget":
            place = gate.whole(message.get("place"), "budget", 0, len(BUDGETS) - 1, "move the slider")
            self.budget = BUDGETS[place]
        elif what == "payer":
            self.payer = arguments.known(message.get("name"), PAID_BY, "payer", "payer")
        elif what == "objective":
            self.objective = arguments.known(message.get("name"), HEADINGS, "objective", "objective")
        elif what == "power":
            name = arguments.known(message.get("name"), AUTHORITIES, "authority", "authority")
            left = self.powers ^ {name}
            if not left:
                raise InputError("authority", name, "somebody must decide", "leave one")
            self.powers = left
        elif what == "open":
            found = self.found()
            place = gate.whole(message.get("place"), "portfolio", 0, len(found) - 1, "choose one that is shown")
            package = parse(found[place].name, self.session.scenario).policies
            levers = {policy.lever: policy for policy in package}
            self.session.change(url_state.replace(self.session.state, levers=levers))

    @property
    def world(self) -> str:
        """The baseline whose quick estimate is searched; empty if there is none."""
        known = self.session.fast()
        return str(known.report["scenario"]) if known is not None and known.report["scenario"] in FILES else ""

    def found(self) -> list[Portfolio]:
        """Return the portfolios of what is set; none without a quick estimate."""
        return list(searched(self.world, self.budget, self.payer, self.objective, frozenset(self.powers)))

    def view(self) -> dict[str, Any]:
        """Return what the page shows."""
        shown: dict[str, Any] = {
            "budgets": list(BUDGETS),
            "place": BUDGETS.index(self.budget),
            "budget": f"${self.budget}M a year",
            "payer": self.payer,
            "payers": [{"id": name, "title": words} for name, words in PAYER_WORDS.items()],
            "objective": self.objective,
            "objectives": [{"id": name, "title": AIMS[name].words} for name in HEADINGS],
            "powers": [{"id": name, "on": name in self.powers} for name in AUTHORITIES],
            "command": self.command(),
            "found": [],
            "why": "",
        }
        try:
            found = self.found() if self.world else []
        except InputError as error:
            return shown | {"why": str(error)}
        if not self.world:
            return shown | {"why": WHY_NOT}
        known = emulator(self.world)
        shown["found"] = [card(each) for each in found]
        shown["accuracy"] = accuracy_of(known.report) if known is not None else ""
        shown["others"] = [
            {"title": AIMS[name].words, "name": names(best[0])}
            for name in HEADINGS
            if name != self.objective
            and (best := searched(self.world, self.budget, self.payer, name, frozenset(self.powers)))
            and best[0].package != found[0].package
        ]
        return shown

    def command(self) -> str:
        """Return the command that answers this with exact runs."""
        words = [f"supplysim decide {self.world or self.session.scenario.name} --budget {self.budget}"]
        words += [f"--payer {self.payer}"] if self.payer != "us" else []
        words += [f"--objective {self.objective}"] if self.objective != "chips" else []
        if self.powers != set(AUTHORITIES):
            words.append(f'--authorities "{",".join(name for name in AUTHORITIES if name in self.powers)}"')
        return " ".join(words)


@lru_cache(maxsize=512)
def searched(world: str, budget: int, payer: str, objective: str, powers: frozenset[str]) -> tuple[Portfolio, ...]:
    """Return the best portfolios; the same question is searched once for all visitors."""
    known = emulator(world)
    if known is None:
        return ()
    given = None if powers == set(AUTHORITIES) else sorted(powers)
    asked: Problem = problem([budget], payer, objective, authorities=given)
    return tuple(Searched(asked, known, spending(world)).best(budget * MILLION, SHOWN))


def card(each: Portfolio) -> dict[str, Any]:
    """Return a portfolio as a card: its levers with what each costs, and what it changes."""
    kinds = levers()
    parts = [
        {
            "title": kinds[lever].short or kinds[lever].title,
            "strength": strength,
            "cost": cost_of(each.spent[typed(lever)]),
            "share": max(each.spent[typed(lever)], 0.0) / max(sum(map(abs, each.spent.values())), 1.0),
            "who": ", ".join(sorted(authorities_of(lever))),
        }
        for lever, strength in each.package
    ]
    return {
        "name": each.name or "nothing",
        "parts": parts,
        "cost": f"${millions(each.cost)}M a year",
        "burden": f"${millions(each.burden)}M a year",
        "changes": [{"title": AIMS[name].words, "text": percent(each.changes[name])} for name in HEADINGS],
    }


def cost_of(dollars: float) -> str:
    """Return what a lever spends a year; a dash for nothing."""
    return f"${millions(dollars)}M" if abs(dollars) >= FREE else NONE


def names(each: Portfolio) -> str:
    """Return the levers of a portfolio by their screen names."""
    kinds = levers()
    return ", ".join(kinds[lever].short or kinds[lever].title for lever, _ in each.package) or "nothing"
