"""What is asked on the Decide page: how much money, whose, for what, who decides; as a link, a command, a problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from supplysim import arguments
from supplysim.decision.problem import AUTHORITIES, MILLION, Problem, problem
from supplysim.decision.spending import PAID_BY
from supplysim.errors import InputError
from supplysim.report.decision.words import HEADINGS

BUDGETS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 100, 125, 150, 200, 250, 300)  # M US$ a year
KEYS = ("budget", "payer", "objective", "authorities")
EVERYBODY = frozenset(AUTHORITIES)


@dataclass(frozen=True)
class Asked:
    """A question of the Decide page; `budget` in millions of US$ a year, one of `BUDGETS`."""

    budget: int = 30
    payer: str = "us"
    objective: str = "chips"
    powers: frozenset[str] = EVERYBODY

    @property
    def dollars(self) -> float:
        """The budget in US$ a year, as a decision has it."""
        return self.budget * MILLION

    def with_power(self, name: str) -> Asked:
        """Return it with one authority more, or less.

        Raises
        ------
        InputError
            If nobody is left.
        """
        left = self.powers ^ {arguments.known(name, AUTHORITIES, "authority", "authority")}
        if not left:
            raise InputError("authority", name, "somebody must decide", "leave one")
        return replace(self, powers=left)

    def problem(self) -> Problem:
        """Return what the search is asked."""
        given = None if self.powers == EVERYBODY else sorted(self.powers)
        return problem([self.budget], payer=self.payer, objective=self.objective, authorities=given)

    def command(self, world: str) -> str:
        """Return the command that answers it with exact runs."""
        words = [f"supplysim decide {world} --budget {self.budget}"]
        words += [f"--payer {self.payer}"] if self.payer != "us" else []
        words += [f"--objective {self.objective}"] if self.objective != "chips" else []
        if self.powers != EVERYBODY:
            words.append(f'--authorities "{",".join(self._powers())}"')
        return " ".join(words)

    def link(self) -> str:
        """Return it as the value of the link's key ``d``: ``30~us~chips~rule,vendor``; nothing by default."""
        if self == Asked():
            return ""
        parts = (str(self.budget), self.payer, self.objective, ",".join(self._powers()))
        return "d=" + quote("~".join(parts[: 3 if self.powers == EVERYBODY else 4]), safe="~,")

    def _powers(self) -> list[str]:
        return [name for name in AUTHORITIES if name in self.powers]


def read(text: str) -> Asked:
    """Return what a link asks.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    parts = dict(zip(KEYS, unquote(text).split("~"), strict=False))
    if len(unquote(text).split("~")) > len(KEYS):
        raise InputError("link: d", text, "it has too many parts", "write d=30~us~chips")
    asked = Asked()
    if parts.get("budget"):
        budgets = {str(each): each for each in BUDGETS}
        asked = replace(asked, budget=budgets[arguments.known(parts["budget"], budgets, "link: d", "budget")])
    if parts.get("payer"):
        asked = replace(asked, payer=arguments.known(parts["payer"], PAID_BY, "link: d", "payer"))
    if parts.get("objective"):
        asked = replace(asked, objective=arguments.known(parts["objective"], HEADINGS, "link: d", "objective"))
    if parts.get("authorities"):
        names = parts["authorities"].split(",")
        known = [arguments.known(name, AUTHORITIES, "link: d", "authority") for name in names]
        asked = replace(asked, powers=frozenset(known))
    return asked
