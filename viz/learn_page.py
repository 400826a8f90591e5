"""The Learn page: one visitor's way through the lessons. What a lesson shows waits for its prediction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from supplysim.viz.figures import lesson as figures
from supplysim.viz.figures.answer import answer
from supplysim.viz.practice import Practice
from supplysim.viz.refused import Refused
from supplysim.viz.session import Session
from supplysim.viz.syllabus import NAMES, allowed, called, in_file, opening, public, question

from supplysim.language import gettext
from supplysim.lessons import STEPS, After, Attempt, NotYet, lesson, lessons, results
from supplysim.lessons.lesson import judged
from supplysim.lessons.prose import as_html
from supplysim.lessons.results import TWIST
from supplysim.lessons.runs import met, reached, world_of
from supplysim.lessons.score import brier, calibration, in_words
from supplysim.lessons.words import explore_link, span, title_of

GOAL_PAIRS = 64


class LearnPage:
    """A visitor's attempts.

    Parameters
    ----------
    session : Session
        Whose pool runs packages, and who is told of news.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.attempts: dict[str, Attempt] = {}
        self.current = ""
        self.wanted = ""  # step of the address, until it may be seen
        self.hinted: set[str] = set()
        self.tries: dict[str, Practice] = {}

    # --- what the browser asks -------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """Open a lesson by id, at a step (``squeeze-one-port/explain``) where that may be seen; or the list with "".

        Raises
        ------
        InputError
            If there is no such lesson.
        """
        name, _, step = name.partition("/")
        if name:
            attempt = self.attempts.setdefault(name, Attempt(lesson(name).opening))
            if attempt.prediction is not None:
                self.attempts[name] = attempt.go(step if step in STEPS else STEPS[0])
        self.current, self.wanted = name, step

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "open":
            self.open(str(message.get("lesson", ""))[:60])
        elif what == "restore":
            self.restore(message["record"])
        elif self.current:
            try:
                self._step(what, message, self.attempts[self.current])
            except NotYet:
                raise Refused(
                    gettext("lesson"), None, gettext("nothing is shown before a prediction"), gettext("predict first")
                ) from None

    def _step(self, what: Any, message: dict[str, Any], attempt: Attempt) -> None:
        if what == "lock":
            attempt = attempt.lock(int(message["option"]), int(message["confidence"]))
        elif what == "go":
            attempt = attempt.go(str(message["step"]))
        elif attempt.prediction is None:
            raise NotYet
        elif what == "hint":
            self.hinted.add(self.current)
        elif what == "try":
            attempt = self._try(attempt, message["levers"])
        elif what == "again":
            attempt = attempt.lock_again(int(message["option"]), int(message["confidence"]))
        elif what == "answer":
            place = int(message["question"])
            if place in range(len(lesson(self.current).document.check)):
                attempt = attempt.answered(place, in_file(self.current, place, str(message["text"])[:2000]))
        self.attempts[self.current] = attempt

    def restore(self, records: Any) -> None:
        """Take back a record that the browser kept; attempts that are under way stay."""
        for record in records[: len(lessons())] if isinstance(records, list) else ():
            name = record.get("lesson") if isinstance(record, dict) else None
            if name in lessons() and not (name in self.attempts and self.attempts[name].prediction):
                self.attempts[name] = Attempt.restored(lesson(name).opening, record)
                if name == self.current and self.wanted in STEPS and self.attempts[name].prediction:
                    self.attempts[name] = self.attempts[name].go(self.wanted)

    def speak(self) -> None:
        """Take the openings in the language that is spoken from now on."""
        self.attempts = {name: replace(it, opening=lesson(name).opening) for name, it in self.attempts.items()}

    def close(self) -> None:
        """Stop waiting."""
        for practice in self.tries.values():
            practice.withdraw()

    # --- runs ------------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt, levels: dict[str, Any]) -> Attempt:
        mine = lesson(self.current)
        text = allowed(mine, levels)
        scenario, parameters = world_of(mine)
        self.tries[mine.id] = Practice(self.session, "try", scenario, parameters, {text: text}, GOAL_PAIRS)
        return attempt.tried(text)

    # --- what is shown ---------------------------------------------------------------------------------

    def path(self) -> str:
        """Return the rest of the page's address."""
        if not self.current:
            return ""
        step = self.attempts[self.current].step
        return f"/{self.current}" + (f"/{step}" if step != STEPS[0] else "")

    def title(self) -> str:
        """Return what the browser calls the page."""
        if not self.current:
            return gettext("Lessons")
        attempt = self.attempts[self.current]
        return gettext("{step}: {lesson}", step=gettext(NAMES[attempt.step]), lesson=attempt.opening.title)

    def view(self) -> dict[str, Any]:
        """Return what the page shows: before a prediction no more than a lesson's opening."""
        states = {name: self._state(attempt) for name, attempt in self.attempts.items()}
        view: dict[str, Any] = {
            "states": states,
            "score": self._score(),
            "record": [attempt.record() for attempt in self.attempts.values() if attempt.prediction],
            "lesson": None,
        }
        if self.current:
            attempt = self.attempts[self.current]
            view["lesson"] = opening(attempt) | ({"after": self._after(attempt)} if attempt.prediction else {})
        return view

    def _state(self, attempt: Attempt) -> str:
        if attempt.prediction is None:
            return "new"
        questions = len(lesson(attempt.opening.id).document.check)
        return "done" if set(attempt.answers) >= set(range(questions)) else "begun"

    def _score(self) -> dict[str, Any]:
        said = []
        for name, attempt in self.attempts.items():
            if attempt.prediction is not None:
                after = attempt.after(lesson(name), results()[name])
                said.append((attempt.prediction.confidence, after.right))
            verdict = self._twisted(name)
            if attempt.again is not None and verdict is not None:
                said.append((attempt.again.confidence, verdict["right"]))
        return {"brier": brier(said), "count": len(said), "rows": calibration(said), "words": in_words(said)}

    def _after(self, attempt: Attempt) -> dict[str, Any]:
        """Return what the step shows that the learner has reached."""
        mine = lesson(attempt.opening.id)
        after, form = attempt.after(mine, results()[mine.id]), mine.forms[mine.document.predict.finding]
        hidden = attempt.opening.record == "public" and attempt.step in ("predict", "run")  # the truth comes after
        measures = [m for m in mine.document.run.measures if not hidden or public(m, attempt.opening.record)]
        shown: dict[str, Any] = {
            "answers": [[it.text, it.verdict] for it in after.answers],
            "right": after.right,
            "what": mine.finding(mine.document.predict.finding).text,
            "result": span(after.result, form),
            "pairs": after.result.pairs,
        }
        if attempt.step in ("run", "notice"):
            first = [] if hidden else [answer(mine, after, attempt.prediction.option if attempt.prediction else None)]
            shown["graphs"] = [*first, *figures.graphs(after, measures)]
        if hidden:
            shown |= {"answers": [], "right": None, "result": "", "only_public": True}
        if attempt.step == "notice":
            shown["notice"] = list(after.notice)
        if attempt.step == "explain":
            shown |= {
                "named": after.arm.named or "",
                "explore": explore_link(mine).split("/", 3)[3],
                "explain": as_html(after.explain),
                "remember": as_html(after.remember),
                "caution": after.caution,
                "ledger": figures.ledger(after),
                "numbers": figures.numbers(after),
            }
        if attempt.step == "try":
            shown["try"] = self._goal(attempt, after)
        if attempt.step == "twist":
            shown["twist"] = {"text": after.twist.text, "verdict": self._twisted(mine.id)}
        if attempt.step == "check":
            shown["check"] = [question(mine, place, attempt) for place in range(len(after.check))]
        return shown

    def _running(self, practice: Practice | None) -> dict[str, Any]:
        if practice is None:
            return {"asked": False}
        return {"asked": True, "pairs": practice.pairs, "target": practice.target, "trouble": practice.trouble}

    def _goal(self, attempt: Attempt, after: After) -> dict[str, Any]:
        """Return the task, the levers it allows, and how the last package did."""
        mine, practice = lesson(attempt.opening.id), self.tries.get(attempt.opening.id)
        conditions: list[dict[str, Any]] = [{"text": goal.text} for goal in after.try_.goal]
        if practice is not None and practice.pairs:
            runs = practice.runs({arm.name: arm.policy for arm in mine.document.arms})
            for condition, goal in zip(conditions, after.try_.goal, strict=True):
                found = reached("goal", goal, next(iter(practice.packages)), runs)
                condition |= {"met": met(goal, found), "value": span(found, goal.form)}
        return {
            "task": after.try_.task,
            "levers": [{"name": name, "title": title_of(name)} for name in after.try_.levers],
            "levels": after.try_.levels,
            "moves": after.try_.moves,
            "conditions": conditions,
            "met": bool(practice and practice.pairs) and all(it["met"] for it in conditions),
            "package": called(next(iter(practice.packages))) if practice else "",
            "tried": [called(move) for move in attempt.moves],
            "hint": after.try_.hint if mine.id in self.hinted else "",
        } | self._running(practice)

    def _twisted(self, name: str) -> dict[str, Any] | None:
        """Return how the second answer stands against the twisted world, and what is to be said of it."""
        attempt, mine = self.attempts[name], lesson(name)
        if attempt.again is None:
            return None
        asked, kept = mine.finding(mine.document.predict.finding), results()[name]
        answers = judged(mine.document.predict.options, kept.found[TWIST])
        return {
            "answers": [[it.text, it.verdict] for it in answers],
            "right": answers[attempt.again.option].verdict != "wrong",
            "result": span(kept.found[TWIST], asked.form),
            "before": span(kept.found[asked.key], asked.form),
            "told": mine.filled(mine.document.twist.told, kept),
        }
