"""The Learn page: one visitor's way through the lessons. What a lesson shows waits for its prediction."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from supplysim.viz.figures import lesson as figures
from supplysim.viz.levers import SHORT
from supplysim.viz.trial import Trial

from supplysim.analysis.lesson_runs import asked, met, reached, twisted, world_of
from supplysim.errors import InputError
from supplysim.lessons import CONFIDENCE, STEPS, After, Attempt, Lesson, NotYet, lesson, lessons, results
from supplysim.lessons.handout import explore_link
from supplysim.lessons.lesson import judged
from supplysim.lessons.prose import as_html
from supplysim.lessons.results import Found, written
from supplysim.lessons.score import brier, calibration

if TYPE_CHECKING:
    from supplysim.viz.session import Session

NAMES = {"predict": "Predict", "run": "Run", "notice": "Notice", "explain": "Explain"}
NAMES |= {"try": "Try", "twist": "Twist", "check": "Check"}
GOAL_PAIRS, TWIST_PAIRS = 64, 32


@cache
def catalogue() -> list[dict[str, Any]]:
    """Return what the list of lessons shows: nothing that any of them finds."""
    return [
        {
            "id": o.id,
            "number": o.number,
            "title": o.title,
            "minutes": o.minutes,
            "level": o.level,
            "objective": o.objective,
            "needs": [lesson(need).opening.title for need in o.needs],
        }
        for o in (each.opening for each in lessons().values())
    ]


class Course:
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
        self.tries: dict[str, Trial] = {}
        self.twists: dict[str, Trial] = {}

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
        for trial in (*self.tries.values(), *self.twists.values()):
            trial.withdraw()

    # --- runs ------------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt, levels: dict[str, Any]) -> Attempt:
        mine = lesson(self.current)
        text = allowed(mine, levels)
        scenario, parameters = world_of(mine)
        self.tries[mine.id] = Trial(self.session, "try", scenario, parameters, {text: text}, GOAL_PAIRS)
        return attempt.tried(text)

    def _twist(self, mine: Lesson) -> None:
        if mine.id not in self.twists:
            scenario, parameters = twisted(mine)
            self.twists[mine.id] = Trial(
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

    def _running(self, trial: Trial | None) -> dict[str, Any]:
        if trial is None:
            return {"asked": False}
        return {"asked": True, "pairs": trial.pairs, "target": trial.target, "trouble": trial.trouble}

    def _goal(self, attempt: Attempt, after: After) -> dict[str, Any]:
        """Return the task, the levers it allows, and how the last package did."""
        mine, trial = lesson(attempt.opening.id), self.tries.get(attempt.opening.id)
        conditions: list[dict[str, Any]] = [{"text": goal.text} for goal in after.try_.goal]
        if trial is not None and trial.pairs:
            runs = trial.runs({arm.name: arm.policy for arm in mine.document.arms})
            for condition, goal in zip(conditions, after.try_.goal, strict=True):
                found = reached("goal", goal, next(iter(trial.packages)), runs)
                condition |= {"met": met(goal, found), "value": span(found, goal.form)}
        return {
            "task": after.try_.task,
            "levers": [{"name": name, "title": title_of(name)} for name in after.try_.levers],
            "levels": after.try_.levels,
            "moves": after.try_.moves,
            "conditions": conditions,
            "met": bool(trial and trial.pairs) and all(it["met"] for it in conditions),
            "package": next(iter(trial.packages)) if trial else "",
            "tried": list(attempt.moves),
            "hint": after.try_.hint if mine.id in self.hinted else "",
        } | self._running(trial)

    def _twisted(self, name: str) -> dict[str, Any] | None:
        """Return how the second answer stands against the twisted world, None until its runs are there."""
        trial, attempt = self.twists.get(name), self.attempts[name]
        if trial is None or attempt.again is None or trial.pairs < trial.target:
            return None
        mine = lesson(name)
        asked_for = mine.finding(mine.document.predict.finding)
        runs = trial.runs({arm.name: arm.policy for arm in mine.document.arms})
        found = runs.found(asked_for.key, asked_for.of, asked_for.over, asked_for.statistic, asked_for.bound)
        answers = judged(mine.document.predict.options, found)
        return {
            "answers": [[it.text, it.verdict] for it in answers],
            "right": answers[attempt.again.option].verdict != "wrong",
            "result": span(found, asked_for.form),
            "before": span(results()[name].found[asked_for.key], asked_for.form),
        }


def opening(attempt: Attempt) -> dict[str, Any]:
    """Return what may be seen before a prediction."""
    o, guess, again = attempt.opening, attempt.prediction, attempt.again
    return {
        "id": o.id,
        "number": o.number,
        "title": o.title,
        "minutes": o.minutes,
        "objective": o.objective,
        "before": as_html(o.before),
        "question": o.question,
        "options": list(o.options),
        "confidence": [[percent, word] for percent, word in CONFIDENCE.items()],
        "steps": [{"id": step, "title": NAMES[step]} for step in STEPS],
        "step": attempt.step,
        "guess": None if guess is None else [guess.option, guess.confidence],
        "again": None if again is None else [again.option, again.confidence],
    }


def question(mine: Lesson, place: int, attempt: Attempt) -> dict[str, Any]:
    """Return a question at the end; its rubric only once something is answered."""
    asked_now, answer = mine.document.check[place], attempt.answers.get(place)
    shown: dict[str, Any] = {"question": asked_now.question, "options": [o.text for o in asked_now.options]}
    if answer is None:
        return shown | {"answer": None}
    shown |= {"answer": answer, "rubric": list(asked_now.rubric)}
    if asked_now.finding is not None:
        found = results()[mine.id].found[asked_now.finding]
        shown["verdicts"] = [[it.text, it.verdict] for it in judged(list(asked_now.options), found)]
        shown["result"] = span(found, mine.forms[asked_now.finding])
    return shown


def allowed(mine: Lesson, levels: dict[str, Any]) -> str:
    """Return a learner's package as text.

    Raises
    ------
    InputError
        If it moves what the lesson does not offer, or too much.
    """
    task = mine.document.try_
    terms = []
    for name in task.levers:
        level = float(levels.get(name, 0.0))
        if level and level not in task.levels:
            raise InputError("try", level, "that strength is not on offer", "choose one of the buttons")
        if level:
            terms.append(name if level == 1.0 else f"{name}={level:g}")
    if not 1 <= len(terms) <= task.moves:
        raise InputError("try", None, f"{len(terms)} levers moved", f"move 1 to {task.moves}")
    return "+".join(terms)


def title_of(lever: str) -> str:
    """Return a lever as the page calls it: ``close_country:SG`` -> ``Close a country: SG``."""
    name, _, scope = lever.partition(":")
    return SHORT.get(name, name) + (f": {scope}" if scope else "")


def span(found: Found, form: str) -> str:
    """Return a number with its 90 % interval."""
    return f"{written(found.value, form)} ({written(found.low, form)} to {written(found.high, form)})"


def public(measure: str, record: str) -> bool:
    """Whether a measure is in the record that a lesson begins with."""
    return record != "public" or measure.startswith("public_")
