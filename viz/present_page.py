"""The Present page: a package, a lesson or the role play on the wall, in four steps, and the class's room.

The steps are one screen each: what is public, the vote, the truth, and why. Nothing of the result is there before the
truth. With a room open, phones vote too and everything survives a reload and a restart of the server.
"""

from __future__ import annotations

import math
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.classroom import Classroom
from supplysim.viz.figures import explore, tiles
from supplysim.viz.figures import lesson as figures
from supplysim.viz.figures.answer import answer
from supplysim.viz.refused import Refused
from supplysim.viz.roleplay_page import RolePlayPage
from supplysim.viz.session import Session
from supplysim.viz.syllabus import public, told
from supplysim.viz.votes import OUTCOMES, asked_of, kept, outcome, voted

from supplysim.experiment.effects import WINDOW, Summary
from supplysim.language import ENGLISH, gettext, gettext_noop, speaking
from supplysim.lessons import After, lesson, lessons, results
from supplysim.lessons.prose import as_html

STEPS = {
    "public": gettext_noop("What is public"),
    "vote": gettext_noop("Vote"),
    "truth": gettext_noop("The truth"),
    "why": gettext_noop("Why"),
}
ROLE_STEPS = {
    "public": gettext_noop("Teams choose"),
    "vote": gettext_noop("Vote"),
    "truth": gettext_noop("Each desk"),
    "why": gettext_noop("Debrief"),
}
PLACES = tuple(STEPS)


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
        self.step = PLACES[0]
        self.votes: list[int] = [0] * len(OUTCOMES)  # hands that were counted
        self.asked = ""  # the question that they are about
        self.classroom = Classroom(session)
        self.roleplay = RolePlayPage(session, self.classroom)

    def open(self, tail: str) -> None:
        """Show a lesson by id, ``package`` or ``roles``; what is on the wall already stays as it stands.

        Raises
        ------
        InputError
            If there is no such lesson.
        """
        mode, name = (tail or "package", self.lesson) if tail in ("", "package", "roles") else ("lesson", tail)
        if (mode, name) == (self.mode, self.lesson):
            return
        self.lesson, self.mode = lesson(name).id, mode
        self._clear()

    def path(self) -> str:
        """Return the rest of the page's address."""
        return {"package": "", "roles": "/roles"}.get(self.mode, f"/{self.lesson}")

    def title(self) -> str:
        """Return what the browser calls the page."""
        if self.mode == "lesson":
            return gettext("Present: {lesson}", lesson=lesson(self.lesson).opening.title)
        return gettext("Role play") if self.mode == "roles" else gettext("Present")

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "open":
            self.open(str(message.get("tail", ""))[:60])
        elif what == "step":
            self._go(str(message.get("to", "")))
        elif what == "room":
            self._room(str(message.get("order", "")), message)
        elif self.mode == "roles":
            self.step = self.roleplay.act(message, self.step)
        elif what == "vote":
            self.votes = voted(self.votes, message)
        elif what == "clear":
            self.votes = [0] * len(self.votes)

    def _go(self, step: str) -> None:
        if step not in STEPS:
            raise Refused(
                gettext("step"),
                step[:20],
                gettext("there is no such step"),
                gettext("go to one of {steps}", steps=", ".join(STEPS)),
            )
        if self.mode == "roles":
            self.roleplay.go(step)
        self.step = step

    def _clear(self) -> None:
        count = len(lesson(self.lesson).opening.options) if self.mode == "lesson" else len(OUTCOMES)
        self.votes, self.step = [0] * count, PLACES[0]

    def close(self) -> None:
        """Stop waiting."""
        self.roleplay.close()
        self.classroom.close()

    # --- the room --------------------------------------------------------------------------------------

    def _room(self, order: str, message: dict[str, Any]) -> None:
        """Open a room, come back to one, end it, or hand over its results."""
        page = str(message.get("page", ""))
        if order == "open":
            self.classroom.open(page)
        elif order == "restore":
            left = self.classroom.resume(str(message.get("code", ""))[:20], str(message.get("secret", ""))[:60], page)
            if left:
                self._take(left)
        elif order == "end":
            self.classroom.end()
        elif order == "csv" and self.classroom.code:
            name, shown = f"supplysim-room-{self.classroom.code}.csv", self.view()
            with speaking(ENGLISH):
                self.session.hand(name, "text/csv", self.classroom.results(self._questions(shown)))

    def _kept(self) -> dict[str, Any]:
        """Return where the teacher stands."""
        return {
            "tail": self.path().strip("/") or "package",
            "step": self.step,
            "votes": self.votes,
            "asked": self.asked,
            "link": url_state.encode(self.session.state),
            "roles": self.roleplay.kept(),
        }

    def _take(self, left: dict[str, Any]) -> None:
        """Stand where the teacher stood."""
        state, _, _ = url_state.decode(str(left["link"]))
        if self.session.own is None:
            self.session.change(state)
        self.roleplay.take(left["roles"])
        self.open(str(left["tail"]))
        self.votes, self.asked = [int(n) for n in left["votes"]], str(left["asked"])
        self.step = str(left["step"]) if left["step"] in STEPS else PLACES[0]

    def _questions(self, shown: dict[str, Any]) -> dict[str, tuple[list[str], list[str]]]:
        """Return the options of every question a room may have had, and their verdicts where the truth was shown."""
        known: dict[str, tuple[list[str], list[str]]] = {}
        for it in self.classroom.rooms.answers(self.classroom.code):
            kind, _, name = it.question.partition(" ")
            if kind == "lesson" and name in lessons():
                mine = lesson(name)
                answers = mine.after(mine.opening.predict(0, 50), results()[name]).answers
                known[it.question] = ([*mine.opening.options], [answer.verdict for answer in answers])
            else:
                known[it.question] = ([*OUTCOMES], [])
        if shown["asked"] in known:
            options, _ = known[shown["asked"]]
            known[shown["asked"]] = (options, shown.get("result", {}).get("verdicts", []))
        return known

    # --- what is shown ---------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Return what the page shows: the result only from the truth on."""
        if self.mode == "roles":
            shown = self.roleplay.view(self.step)
        else:
            shown = self._of_lesson() if self.mode == "lesson" else self._of_package()
            shown |= {"votes": self.votes, "tally": self.classroom.tally(shown["asked"], self.votes)}
            if "result" in shown and "hands" in shown["result"]:
                shown["result"]["graphs"] = shown["result"].pop("hands")(shown["tally"])
        shown |= {"mode": self.mode, "lesson": self.lesson, "step": self.step}
        shown["steps"] = [{"id": step, "title": gettext(title)} for step, title in self._steps().items()]
        self.classroom.keep(self._kept(), self._for_phones(shown))
        return shown | {"room": self.classroom.view(shown["asked"])}

    def _steps(self) -> dict[str, str]:
        if self.mode == "roles":
            return ROLE_STEPS
        return STEPS

    def _for_phones(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Return what phones may see of what is shown: not in words, as each has a language of its own.

        But for what is said of a package, which only the wall can say.
        """
        phones: dict[str, Any] = {key: shown[key] for key in ("mode", "step", "asked", "round", "year") if key in shown}
        phones["lesson"] = self.lesson if self.mode == "lesson" else ""
        if result := shown.get("result"):
            phones["verdicts"] = result["verdicts"]
            if self.mode == "package":
                phones["said"] = result["said"]
        if self.mode == "roles" and self.step in ("truth", "why"):
            phones["desks"] = self.roleplay.desks()
        return phones

    def _of_package(self) -> dict[str, Any]:
        state, known = self.session.state, self.session.known
        asked = f"package {state.text()}"
        if asked != self.asked:  # another package, another question
            self.asked = asked
            self._clear()
        shown: dict[str, Any] = {
            "asked": asked,
            "year": self.session.scenario.end.year,
            "package": [f"{gettext(p.called())} {round(100 * p.intensity)} %" for p in state.package()],
        }
        shown |= asked_of("package", shown["year"])
        if self.step in ("truth", "why") and known is not None and not self.session.stale:
            shown["result"] = self._package_result(known)
        return shown

    def _package_result(self, known: Summary) -> dict[str, Any]:
        state, start = self.session.state, self.session.start
        acted = bool(state.levers) and known.series_diff is not known.series_base
        effect = known.effect("delivered", WINDOW)
        right = outcome(effect.relative.mean if math.isfinite(effect.relative.mean) else 0.0)
        graphs = ["effect"] if self.step == "truth" else ["ledger", "fan"]
        return {
            "verdicts": ["best" if place == right else "wrong" for place in range(len(OUTCOMES))],
            "said": tiles.changed(known, acted),
            "tiles": tiles.tiles(known, state.unit, acted)[:4] if self.step == "truth" else [],
            "graphs": [explore.figure(name, known, state.unit, start, acted) for name in graphs],
        }

    def _of_lesson(self) -> dict[str, Any]:
        mine = lesson(self.lesson)
        o = mine.opening
        shown: dict[str, Any] = {"asked": f"lesson {o.id}", "number": o.number, "before": as_html(o.before)}
        shown |= asked_of("lesson", o.id)
        after = mine.after(o.predict(0, 50), results()[mine.id])
        if self.step == "public" and o.record == "public":
            seen = [measure for measure in mine.document.run.measures if public(measure, o.record)]
            shown["record"] = [figures.worlds(after, measure) for measure in seen]
        if self.step in ("truth", "why"):
            shown["result"] = self._lesson_result(after)
        return shown

    def _lesson_result(self, after: After) -> dict[str, Any]:
        mine = lesson(self.lesson)
        shown: dict[str, Any] = {
            "verdicts": [it.verdict for it in after.answers],
            "said": told(mine, after),
            "tiles": [],
            "graphs": [],
        }
        if self.step == "truth":
            return shown | {"hands": lambda tally: [answer(mine, after, None, kept(tally))]}
        ledger, drawn = figures.ledger(after), mine.document.run.measures
        return shown | {
            "graphs": [ledger] if ledger else [figures.worlds(after, measure) for measure in drawn],
            "named": after.arm.named or "",
            "notice": list(after.notice),
            "explain": as_html(after.explain),
            "remember": as_html(after.remember),
            "caution": after.caution,
        }
