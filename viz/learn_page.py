"""The Learn page: one visitor's way through the lessons. What a lesson shows waits for its prediction."""

from __future__ import annotations

from typing import Any

from supplysim.viz.figures import lesson as figures
from supplysim.viz.practice import Practice
from supplysim.viz.session import Session
from supplysim.viz.syllabus import allowed, opening, public, question, span, title_of

from supplysim.errors import InputError
from supplysim.lessons import After, Attempt, Lesson, NotYet, lesson, lessons, results
from supplysim.lessons.lesson import judged
from supplysim.lessons.prose import as_html
from supplysim.lessons.runs import asked, met, reached, twisted, world_of
from supplysim.lessons.score import brier, calibration
from supplysim.lessons.words import explore_link

GOAL_PAIRS, TWIST_PAIRS = 64, 32


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
        self.hinted: set[str] = set()
        self.tries: dict[str, Practice] = {}
        self.twists: dict[str, Practice] = {}

    # --- what the browser asks -------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """Open a lesson by id, or the list with "".

        Raises
        ------
        InputError
            If there is no such lesson.
        """
        if name:
            self.attempts.setdefault(name, Attempt(lesson(name).opening))
        self.current = name

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
                raise InputError("lesson", None, "nothing is shown before a prediction", "predict first") from None

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
            self._twist(lesson(self.current))
        elif what == "answer":
            place = int(message["question"])
            if place in range(len(lesson(self.current).document.check)):
                attempt = attempt.answered(place, str(message["text"])[:2000])
        self.attempts[self.current] = attempt

    def restore(self, records: Any) -> None:
        """Take back a record that the browser kept; attempts that are under way stay."""
        for record in records[: len(lessons())] if isinstance(records, list) else ():
            name = record.get("lesson") if isinstance(record, dict) else None
            if name in lessons() and not (name in self.attempts and self.attempts[name].prediction):
                self.attempts[name] = Attempt.restored(lesson(name).opening, record)

    def close(self) -> None:
        """Stop waiting."""
        for practice in (*self.tries.values(), *self.twists.values()):
            practice.withdraw()

    # --- runs ------------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt, levels: dict[str, Any]) -> Attempt:
        mine = lesson(self.current)
        text = allowed(mine, levels)
        scenario, parameters = world_of(mine)
        self.tries[mine.id] = Practice(self.session, "try", scenario, parameters, {text: text}, GOAL_PAIRS)
        return attempt.tried(text)

    def _twist(self, mine: Lesson) -> None:
        if mine.id not in self.twists:
            scenario, parameters = twisted(mine)
            self.twists[mine.id] = Practice(
                self.session, "twist", scenario, parameters, {text: text for text in asked(mine)}, TWIST_PAIRS
            )

    # --- what is shown ---------------------------------------------------------------------------------

    def path(self) -> str:
        """Return the rest of the page's address."""
        return f"/{self.current}" if self.current else ""

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
        return {"brier": brier(said), "count": len(said), "rows": calibration(said)}

    def _after(self, attempt: Attempt) -> dict[str, Any]:
        """Return what the step shows that the learner has reached."""
        mine = lesson(attempt.opening.id)
        after, form = attempt.after(mine, results()[mine.id]), mine.forms[mine.document.predict.finding]
        measures = [m for m in mine.document.run.measures if attempt.step != "run" or public(m, attempt.opening.record)]
        shown: dict[str, Any] = {
            "answers": [[it.text, it.verdict] for it in after.answers],
            "right": after.right,
            "what": mine.finding(mine.document.predict.finding).text,
            "result": span(after.result, form),
            "pairs": after.result.pairs,
            "arm": after.arm.title,
            "explore": explore_link(mine).split("/", 3)[3],
        }
        if attempt.step in ("run", "notice"):
            shown |= {
                "graphs": figures.graphs(after, measures),
                "only_public": len(measures) < len(mine.document.run.measures),
            }
        if attempt.step == "notice":
            shown["notice"] = list(after.notice)
        if attempt.step == "explain":
            shown |= {
                "explain": as_html(after.explain),
                "remember": as_html(after.remember),
                "caution": after.caution,
                "ledger": figures.ledger(after),
                "numbers": figures.numbers(after),
            }
        if attempt.step == "try":
            shown["try"] = self._goal(attempt, after)
        if attempt.step == "twist":
            shown["twist"] = {"text": after.twist.text, "verdict": self._twisted(mine.id)} | self._running(
                self.twists.get(mine.id)
            )
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
            "package": next(iter(practice.packages)) if practice else "",
            "tried": list(attempt.moves),
            "hint": after.try_.hint if mine.id in self.hinted else "",
        } | self._running(practice)

    def _twisted(self, name: str) -> dict[str, Any] | None:
        """Return how the second answer stands against the twisted world, None until its runs are there."""
        practice, attempt = self.twists.get(name), self.attempts[name]
        if practice is None or attempt.again is None or practice.pairs < practice.target:
            return None
        mine = lesson(name)
        asked_for = mine.finding(mine.document.predict.finding)
        runs = practice.runs({arm.name: arm.policy for arm in mine.document.arms})
        found = runs.found(asked_for.key, asked_for.of, asked_for.over, asked_for.statistic, asked_for.bound)
        answers = judged(mine.document.predict.options, found)
        return {
            "answers": [[it.text, it.verdict] for it in answers],
            "right": answers[attempt.again.option].verdict != "wrong",
            "result": span(found, asked_for.form),
            "before": span(results()[name].found[asked_for.key], asked_for.form),
        }
