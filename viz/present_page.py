"""The Present page: a question on the wall, the class's hands, and nothing of the result before Reveal."""

from __future__ import annotations

import math
from typing import Any

from supplysim.viz.figures import explore, tiles
from supplysim.viz.figures import lesson as figures
from supplysim.viz.roleplay_page import RolePlayPage
from supplysim.viz.session import Session
from supplysim.viz.syllabus import span
from supplysim.viz.votes import OUTCOMES, outcome, voted

from supplysim.experiment.effects import WINDOW, Summary
from supplysim.lessons import lesson, lessons, results
from supplysim.lessons.prose import as_html


class PresentPage:
    """What a teacher shows: Explore's package, a lesson, or the role play.

    Parameters
    ----------
    session : Session
        Whose package is shown.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mode = "package"
        self.lesson = next(iter(lessons()))
        self.votes: list[int] = [0] * len(OUTCOMES)
        self.revealed = False
        self.asked = ""  # the package that the votes are about
        self.roleplay = RolePlayPage(session)

    def open(self, tail: str) -> None:
        """Show a lesson by id, ``package`` or ``roles``.

        Raises
        ------
        InputError
            If there is no such lesson.
        """
        if tail in ("", "package", "roles"):
            self.mode = tail or "package"
        else:
            self.lesson, self.mode = lesson(tail).id, "lesson"
        self._clear()

    def path(self) -> str:
        """Return the rest of the page's address."""
        return {"package": "", "roles": "/roles"}.get(self.mode, f"/{self.lesson}")

    def title(self) -> str:
        """Return what the browser calls the page."""
        titles = {"package": "Present", "roles": "Role play"}
        return titles.get(self.mode) or f"Present: {lesson(self.lesson).opening.title}"

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "open":
            self.open(str(message.get("tail", ""))[:60])
        elif self.mode == "roles":
            self.roleplay.act(message)
        elif what == "vote":
            self.votes = voted(self.votes, message)
        elif what == "clear":
            self._clear()
        elif what == "reveal":
            self.revealed = True
        elif what == "hide":
            self.revealed = False

    def _clear(self) -> None:
        count = len(lesson(self.lesson).opening.options) if self.mode == "lesson" else len(OUTCOMES)
        self.votes, self.revealed = [0] * count, False

    def close(self) -> None:
        """Stop waiting."""
        self.roleplay.close()

    def view(self) -> dict[str, Any]:
        """Return what the page shows: the result only after Reveal."""
        shown: dict[str, Any] = {"mode": self.mode, "lesson": self.lesson}
        if self.mode == "roles":
            return shown | self.roleplay.view()
        shown |= self._of_lesson() if self.mode == "lesson" else self._of_package()
        return shown | {"votes": self.votes, "revealed": self.revealed}

    def _of_package(self) -> dict[str, Any]:
        state, known = self.session.state, self.session.known
        if state.text() != self.asked:  # another package, another question
            self.asked = state.text()
            self._clear()
        shown: dict[str, Any] = {
            "question": f"What happens to the number of chips that reach China by {self.session.scenario.end.year}?",
            "package": [f"{p.called()} {round(100 * p.intensity)} %" for p in state.package()],
            "options": list(OUTCOMES),
        }
        if self.revealed and known is not None and not self.session.stale:
            shown["result"] = self._package_result(known)
        return shown

    def _package_result(self, known: Summary) -> dict[str, Any]:
        state, start = self.session.state, self.session.start
        acted = bool(state.levers) and known.series_diff is not known.series_base
        effect = known.effect("delivered", WINDOW)
        right = outcome(effect.relative.mean if math.isfinite(effect.relative.mean) else 0.0)
        return {
            "verdicts": ["best" if place == right else "wrong" for place in range(len(OUTCOMES))],
            "said": tiles.changed(known, acted),
            "tiles": tiles.tiles(known, state.unit, acted)[:4],
            "graphs": [explore.figure(name, known, state.unit, start, acted) for name in ("effect", "ledger")],
        }

    def _of_lesson(self) -> dict[str, Any]:
        mine = lesson(self.lesson)
        o = mine.opening
        shown: dict[str, Any] = {
            "number": o.number,
            "title": o.title,
            "before": as_html(o.before),
            "question": o.question,
            "options": list(o.options),
        }
        if self.revealed:
            most = self.votes.index(max(self.votes))  # the class's answer: what most hands were for
            after = mine.after(o.predict(most, 50), results()[mine.id])
            ledger, asked = figures.ledger(after), mine.finding(mine.document.predict.finding)
            shown["result"] = {
                "verdicts": [it.verdict for it in after.answers],
                "said": f"{asked.text}: {span(after.result, asked.form)}.",
                "tiles": [],
                "graphs": [*figures.graphs(after, mine.document.run.measures), *([ledger] if ledger else [])],
                "notice": list(after.notice),
                "explain": as_html(after.explain),
                "remember": as_html(after.remember),
                "caution": after.caution,
            }
        return shown
