"""The Decide page: a budget moves, and the best portfolio for it is there at once; on demand exact runs replace it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from supplysim.viz import asked as of_link
from supplysim.viz.asked import BUDGETS, Asked
from supplysim.viz.choice_cards import card, differs, estimate_sections
from supplysim.viz.estimated_choice import Estimated, ahead, case_of, estimated, rest
from supplysim.viz.exact_choice import ExactChoice
from supplysim.viz.figures import choice as figures
from supplysim.viz.figures import exact_choice
from supplysim.viz.figures.compare import forest
from supplysim.viz.session import Session

from supplysim import arguments
from supplysim.decision.aims import AIMS
from supplysim.decision.decide import REPORTED
from supplysim.decision.problem import AUTHORITIES
from supplysim.decision.sources import titles_in
from supplysim.decision.spending import PAID_BY
from supplysim.emulator.predict import FILES
from supplysim.errors import InputError
from supplysim.language import gettext, gettext_noop
from supplysim.policies import parse
from supplysim.report.decision.words import HEADINGS, PAYER_WORDS, accuracy_of
from supplysim.report.formatting import percent
from supplysim.setup import gate

WHY_NOT = gettext_noop("There is no quick estimate to search in for this world: supplysim decide tells more.")
PLACES = (gettext_noop("Best"), gettext_noop("Next best"), gettext_noop("Third"))


class DecidePage:
    """What to fund.

    Parameters
    ----------
    session : Session
        Whose levers a portfolio becomes, and whose world it is of.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked = Asked()
        self.exact = ExactChoice(session, exact_choice.tell)
        self.opened = False

    def open(self, text: str) -> None:
        """Take what a link asks, and search what a slider may come to next."""
        if not self.opened and text:
            try:
                self.asked = of_link.read(text)
            except InputError as error:
                self.session.problems = [*self.session.problems, str(error)]
        self.opened = True
        self._ahead()

    def close(self) -> None:
        """Stop what runs."""
        self.exact.forget()

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "budget":
            place = gate.whole(message.get("place"), "budget", 0, len(BUDGETS) - 1, "move the slider")
            self._ask(replace(self.asked, budget=BUDGETS[place]))
        elif what == "payer":
            self._ask(replace(self.asked, payer=arguments.known(message.get("name"), PAID_BY, "payer", "payer")))
        elif what == "objective":
            name = arguments.known(message.get("name"), HEADINGS, "objective", "objective")
            self._ask(replace(self.asked, objective=name))
        elif what == "power":
            self._ask(self.asked.with_power(str(message.get("name"))))
        elif what == "run":
            if self.estimate() is not None:
                self.exact.begin(self.asked, self.asked.dollars)
        elif what == "cancel":
            self.exact.forget()
        elif what == "open":
            found = self.found()
            place = gate.whole(message.get("place"), "portfolio", 0, len(found) - 1, "choose one that is shown")
            package = parse(found[place].name, self.session.scenario).policies
            self.session.change(self.session.state.holding(package))

    def _ask(self, asked: Asked) -> None:
        if asked == self.asked:
            return
        asked.problem()  # refuses what leaves no lever
        moved = replace(asked, budget=self.asked.budget) != self.asked
        self.asked = asked
        self.exact.forget()
        if moved:
            self._ahead()

    def _ahead(self) -> None:
        """Search the other budgets of the slider while nobody waits."""
        asked, answer = self.asked, self.estimate()
        if answer is not None:
            same = lambda: replace(self.asked, budget=asked.budget) == asked and self.opened  # noqa: E731
            ahead(answer, same, self.session.publish)

    def _rest(self, answer: Estimated) -> None:
        """Work out what is not there yet, and show it then."""
        asked = self.asked
        rest(answer, lambda: self.asked == asked and self.opened, self.session.publish)

    @property
    def world(self) -> str:
        """The baseline whose quick estimate is searched; empty if there is none."""
        known = self.session.fast()
        return str(known.report["scenario"]) if known is not None and known.report["scenario"] in FILES else ""

    def estimate(self) -> Estimated | None:
        """Return what the quick estimate says; None without one."""
        world = self.world
        return estimated(world, case_of(self.session.state.chance.certain), self.asked) if world else None

    def found(self) -> list[Any]:
        """Return the portfolios that are shown: in the order of exact runs once they are in."""
        answer, exact = self.estimate(), self.exact.decision
        if exact is not None and self.exact.told:
            return list(exact.portfolios[self.asked.dollars][:REPORTED])
        return [] if answer is None else list(answer.found)

    # --- what is shown -----------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Return what the page shows."""
        asked = self.asked
        shown: dict[str, Any] = {
            "budgets": list(BUDGETS),
            "place": BUDGETS.index(asked.budget),
            "budget": gettext("${n}M a year", n=asked.budget),
            "payer": asked.payer,
            "payers": [{"id": name, "title": gettext(words)} for name, words in PAYER_WORDS.items()],
            "objective": asked.objective,
            "objectives": [{"id": name, "title": gettext(AIMS[name].words)} for name in HEADINGS],
            "powers": [{"id": name, "title": gettext(name), "on": name in asked.powers} for name in AUTHORITIES],
            "command": asked.command(self.world or self.session.scenario.name),
            "found": [],
            "run": self.exact.status(),
            "status": "estimate",
            "why": "",
        }
        answer = self.estimate()
        if answer is None:
            return shown | {"why": gettext(WHY_NOT)}
        shown["accuracy"] = accuracy_of(answer.known.report)
        shown["ladder"] = self._ladder(answer)
        shown |= self.exact.told or self._estimated(answer)
        titles = titles_in(line for section in shown.get("sections", ()) for line in section["lines"])
        return shown | {"spoken": self._spoken(shown), "titles": titles}

    def _ladder(self, answer: Estimated) -> dict[str, Any] | None:
        best = answer.ladder()
        if len(best) < len(BUDGETS):
            return None
        return figures.ladder(best, self.asked.objective, self.asked.budget)

    def _estimated(self, answer: Estimated) -> dict[str, Any]:
        """Return the page as the quick estimate has it."""
        objective, found = self.asked.objective, answer.found
        if not answer.whole:
            self._rest(answer)
        measure = AIMS[objective].measures[0]
        made, unknowns = answer.unknowns
        listed = [gettext(place) for place in PLACES[: len(found)]]
        shown: dict[str, Any] = {
            "found": [card(each, objective) for each in found],
            "spread": figures.middle(answer.summaries[0], objective) if found[0].package else "",
            "tie": answer.tie,
            "winners": [
                {
                    "id": name,
                    "title": gettext(AIMS[name].words),
                    "name": differs(dict(each.package), dict(answer.best.package)),
                    "same": each.package == answer.best.package,
                    "change": percent(each.changes[name]),
                    "instead": percent(answer.best.changes[name]),
                }
                for name, each in (answer.winners if answer.whole else {}).items()
            ],
            "states": figures.stands(answer.by_state, listed) if answer.whole else None,
            "sections": estimate_sections(answer),
            "notes": [],
        }
        drawn = [figures.breaks(answer.breaks)] if answer.breaks else []
        drawn += [figures.unknowns(unknowns, made)] if unknowns else []
        worlds = [(name, s) for name, s, each in zip(listed, answer.summaries, found, strict=True) if each.package]
        if worlds:
            shown["worlds"] = figures.rough(forest([name for name, _ in worlds], [s for _, s in worlds], measure))
        return shown | {"figures": drawn}

    def _spoken(self, shown: dict[str, Any]) -> str:
        """Return the answer in one sentence, for who hears the page."""
        best = shown["found"][0]
        told = {
            "budget": self.asked.budget,
            "portfolio": ", ".join(part["title"] for part in best["parts"]) or gettext("nothing"),
            "change": best["main"]["text"],
            "of": best["main"]["title"],
            "spread": shown["spread"],
            "tie": shown["tie"],
        }
        if shown.get("status") == "exact":
            return gettext(
                "Exact runs, {budget} million dollars a year: {portfolio}. {change} {of}. {spread} {tie}", **told
            )
        return gettext(
            "Quick estimate, {budget} million dollars a year: {portfolio}. {change} {of}. {spread} {tie}", **told
        )
