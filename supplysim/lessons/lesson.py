"""Lesson: one TOML file and one Markdown file, read once, checked against the model, then frozen.

What may be seen before a prediction (`Opening`) and what only after it (`After`) are different objects: a page that
holds an `Opening` has nothing in hand that it could give away.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.language import gettext_noop
from supplysim.lessons import prose
from supplysim.lessons.expression import Expression, parse
from supplysim.lessons.results import TWIST, Found, Point, Results, values, warning
from supplysim.lessons.schema import Arm, Document, Finding, Option, Question, Setup, Try, Twist, World, check
from supplysim.packs import active
from supplysim.setup import gate

CONFIDENCE = {  # percent -> word
    25: gettext_noop("a guess"),
    50: gettext_noop("as likely as not"),
    70: gettext_noop("fairly sure"),
    90: gettext_noop("almost certain"),
}


@dataclass(frozen=True)
class Prediction:
    """An answer that was locked before anything was shown.

    Attributes
    ----------
    lesson : str
        Id of the lesson.
    option : int
        Index of the answer chosen.
    confidence : int
        Percent; a key of `CONFIDENCE`.
    """

    lesson: str
    option: int
    confidence: int


@dataclass(frozen=True)
class Opening:
    """All of a lesson that may be seen before a prediction: no result, no answer, no explanation."""

    id: str
    number: int
    title: str
    minutes: int
    level: int
    needs: tuple[str, ...]
    objective: str
    before: str  # Markdown
    question: str
    options: tuple[str, ...]
    scenario: str
    levers: tuple[str, ...]
    record: str

    @property
    def capstone(self) -> bool:
        """Whether several lessons lead up to it."""
        return len(self.needs) > 1

    def predict(self, option: int, confidence: int) -> Prediction:
        """Return the locked prediction.

        Raises
        ------
        InputError
            If there is no such option or confidence.
        """
        last = len(self.options) - 1
        option = gate.whole(option, "prediction", 0, last, f"choose one of the options, 0 to {last}")
        if not gate.is_number(confidence) or confidence not in CONFIDENCE:
            known = ", ".join(f"{percent} ({word})" for percent, word in CONFIDENCE.items())
            raise InputError("confidence", confidence, "there is no such choice", f"choose one of {known}")
        return Prediction(self.id, option, int(confidence))


@dataclass(frozen=True)
class Answer:
    """How an option stands against what the model showed: best, open (the interval reaches it), or wrong."""

    text: str
    verdict: str


@dataclass(frozen=True)
class After:
    """What a lesson shows once a prediction is locked.

    Attributes
    ----------
    answers : tuple of Answer
        The options with their verdicts, in their order.
    right : bool
        Whether the option chosen is best or open.
    result : Found
        The number that was asked for.
    arm : Arm
        What was compared with the world as it stands.
    series, ledger
        For the graphs; see `Results`.
    findings : tuple of (text, Found, form)
        Every number the lesson rests on.
    notice : tuple of str
    explain, remember : str
        Markdown with the model's numbers filled in.
    caution : str
    try_ : Try
        Goal, levers, moves; its solution is for teachers.
    twist : Twist
        The assumption under which the question is asked again.
    check : tuple of Question
    """

    answers: tuple[Answer, ...]
    right: bool
    result: Found
    arm: Arm
    series: tuple[Point, ...]
    ledger: Mapping[str, Found]
    findings: tuple[tuple[str, Found, str], ...]
    notice: tuple[str, ...]
    explain: str
    remember: str
    caution: str
    try_: Try
    twist: Twist
    check: tuple[Question, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson, whole: for tests, handouts and teachers. A page takes `opening` and, once it has a prediction, `after`.

    Attributes
    ----------
    document : Document
        The TOML file.
    prose : dict of str to str
        The sections of the Markdown file, numbers not filled in.
    place : str
        The file, for messages.
    folder : Path
        Where it lies, and the numbers of its lessons.
    """

    document: Document
    prose: Mapping[str, str]
    place: str
    folder: Path

    @classmethod
    def load(cls, path: str | Path) -> Lesson:
        """Read the lesson of a TOML file and of the Markdown file beside it.

        Raises
        ------
        InputError
            If anything in it is wrong: one line naming file, key, value, rule and remedy.
        """
        path = arguments.path(path, "lesson", "name a TOML file")
        pack = active()
        shown = f"{pack.folder.name}/lessons" if pack and pack.lessons == path.parent else "lessons"
        place = f"{shown}/{path.name}"
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
            text = path.with_suffix(".md").read_text("utf-8")
        except OSError as error:
            raise InputError(place, None, f"cannot be read ({error.strerror}: {error.filename})", "add it") from error
        except ValueError as error:
            raise InputError(place, None, f"is not valid TOML ({error})", "correct it there") from error
        lesson = cls(check(raw, place), prose.sections(text, f"{shown}/{path.stem}.md"), place, path.parent)
        return lesson

    @property
    def id(self) -> str:
        """Name of the lesson in links and on the command line."""
        return self.document.id

    @property
    def opening(self) -> Opening:
        """What may be seen before a prediction."""
        d = self.document
        return Opening(
            id=d.id,
            number=d.number,
            title=d.title,
            minutes=d.minutes,
            level=d.level,
            needs=tuple(d.needs),
            objective=d.objective,
            before=self.prose["Before"],
            question=d.predict.question,
            options=tuple(option.text for option in d.predict.options),
            scenario=d.setup.scenario,
            levers=tuple(d.setup.levers),
            record=d.setup.record,
        )

    def after(self, prediction: Prediction, results: Results) -> After:
        """Return what is shown after a prediction.

        Raises
        ------
        InputError
            If it is no prediction, or that of another lesson.
        """
        remedy = "call opening.predict(option, confidence): nothing is shown before a prediction"
        arguments.one_of(Prediction, prediction, "prediction", remedy)
        arguments.one_of(Results, results, "results", "give lessons.results()[lesson.id]")
        if prediction.lesson != self.id:
            raise InputError("prediction", prediction.lesson, f"this is lesson {self.id}", "predict here first")
        d, found = self.document, results.found
        answers = judged(d.predict.options, found[d.predict.finding])
        return After(
            answers=answers,
            right=answers[prediction.option].verdict != "wrong",
            result=found[d.predict.finding],
            arm=self.arms[d.run.arm],
            series=results.series,
            ledger=results.ledger,
            findings=tuple((it.text, found[it.key], it.form) for it in d.findings),
            notice=tuple(self.filled(item, results) for item in d.notice),
            explain=self.filled(self.prose["Explain"], results),
            remember=self.filled(self.prose["Remember"], results),
            caution=d.caution + warning(self.folder),
            try_=d.try_,
            twist=d.twist,
            check=tuple(d.check),
        )

    def filled(self, text: str, results: Results) -> str:
        """Return a text of the lesson with the model's numbers in the places kept for them."""
        return prose.filled(text, values(results.found, self.forms))

    @cached_property
    def arms(self) -> dict[str, Arm]:
        """Arms by name."""
        return {arm.name: arm for arm in self.document.arms}

    @cached_property
    def worlds(self) -> dict[str, Setup | World]:
        """Worlds by name; "" is the lesson's own."""
        return {"": self.document.setup, **self.document.worlds}

    def finding(self, key: str) -> Finding:
        """Return a finding by its key.

        Raises
        ------
        InputError
            If there is none.
        """
        found = {it.key: it for it in self.document.findings}
        return found[arguments.known(key, found, f"lesson {self.id}", "finding")]

    @property
    def forms(self) -> Mapping[str, str]:
        """How the number of each finding is written."""
        d = self.document
        found: dict[str, str] = {it.key: it.form for it in d.findings}
        return found | {TWIST: self.finding(d.predict.finding).form}

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Yield every expression of the lesson with its place in the file."""
        d = self.document
        texts = {f"findings[{i}]": (it.of, it.over) for i, it in enumerate(d.findings)}
        texts |= {f"try.goal[{i}]": (it.of, it.over) for i, it in enumerate(d.try_.goal)}
        for key, sides in texts.items():
            for name, text in zip(("of", "over"), sides, strict=True):
                if text is not None:
                    at = f"{self.place}: {key}.{name}"
                    yield at, parse(text, at)

    def spoken(self) -> str:
        """Return all that a learner reads, with places for numbers left open."""
        d = self.document
        options = [option.text for option in d.predict.options]
        goals = [goal.text for goal in d.try_.goal]
        questions = [text for q in d.check for text in (q.question, *(o.text for o in q.options))]
        parts = [
            *(d.title, d.objective, self.prose["Before"], d.predict.question, *options, *d.notice),
            *(self.prose["Explain"], self.prose["Remember"], d.caution, d.try_.task, *goals, d.try_.hint),
            *(d.twist.text, d.twist.told, *questions),
        ]
        return "\n\n".join(parts)

    @property
    def minutes_aloud(self) -> float:
        """Minutes it takes to read the lesson aloud, without thinking time."""
        return prose.minutes_aloud(self.spoken())

    @property
    def grade(self) -> float:
        """Flesch-Kincaid grade of what a learner reads."""
        return prose.grade(self.spoken())


def judged(options: list[Option], found: Found) -> tuple[Answer, ...]:
    """Return every option with its verdict: best holds the value, open is reached by the interval only."""
    answers, low = [], -inf
    for option in options:
        high = inf if option.below is None else option.below
        verdict = "best" if low <= found.value < high else "open" if found.low < high and found.high >= low else "wrong"
        answers.append(Answer(option.text, verdict))
        low = high
    return tuple(answers)
