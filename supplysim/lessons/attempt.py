"""A learner's way through a lesson, step by step. Immutable: every move returns the next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from supplysim import arguments
from supplysim.lessons.lesson import CONFIDENCE, After, Lesson, Opening, Prediction
from supplysim.lessons.results import Results
from supplysim.setup import gate

MOST, LONGEST = 50, 2000  # entries of a record that is read back, and characters of each
STEPS = ("predict", "run", "notice", "explain", "try", "twist", "check")


class NotYet(RuntimeError):
    """Something was asked for that comes only after the prediction."""


@dataclass(frozen=True)
class Attempt:
    """One learner in one lesson.

    Attributes
    ----------
    opening : Opening
        All that may be sent to a screen before the prediction.
    step : str
        Where the learner is, one of `STEPS`; never past "predict" without a prediction.
    prediction : Prediction or None
    again : Prediction or None
        The answer to the same question under the twist.
    moves : tuple of str
        Packages tried, as the command line writes them.
    answers : dict of int to str
        Answers to the questions at the end, by their place.
    """

    opening: Opening
    step: str = STEPS[0]
    prediction: Prediction | None = None
    again: Prediction | None = None
    moves: tuple[str, ...] = ()
    answers: dict[int, str] = field(default_factory=dict)

    def lock(self, option: int, confidence: int) -> Attempt:
        """Return the attempt with the prediction locked, at the step "run"; a locked one stays as it is."""
        if self.prediction is not None:
            return self
        return replace(self, prediction=self.opening.predict(option, confidence), step=STEPS[1])

    def lock_again(self, option: int, confidence: int) -> Attempt:
        """Return the attempt with the answer under the twist locked; a locked one stays as it is.

        Raises
        ------
        NotYet
            If nothing is predicted yet.
        """
        if self.prediction is None:
            raise NotYet("predict first")
        if self.again is not None:
            return self
        return replace(self, again=self.opening.predict(option, confidence), step="twist")

    def go(self, step: str) -> Attempt:
        """Return the attempt at another step, forwards or back.

        Raises
        ------
        NotYet
            If nothing is predicted yet.
        """
        arguments.known(step, STEPS, "step", "step")
        if step != STEPS[0] and self.prediction is None:
            raise NotYet("predict first")
        return replace(self, step=step)

    def after(self, lesson: Lesson, results: Results) -> After:
        """Return what is shown after the prediction.

        Raises
        ------
        NotYet
            If nothing is predicted yet.
        """
        if self.prediction is None:
            raise NotYet("predict first")
        arguments.one_of(Lesson, lesson, "lesson", "give lessons.lesson(id)")
        return lesson.after(self.prediction, results)

    def tried(self, package: str) -> Attempt:
        """Return the attempt with one more package tried."""
        return replace(self, moves=(*self.moves, arguments.one_of(str, package, "move", "write the package as text")))

    def answered(self, question: int, answer: str) -> Attempt:
        """Return the attempt with a question answered."""
        question = gate.whole(question, "question", 0, None, "count questions from 0")
        return replace(self, answers={**self.answers, question: arguments.one_of(str, answer, "answer", "give a text")})

    def record(self) -> dict[str, Any]:
        """Return the learning record, which stays with the learner: no name, no time, plain values.

        An answer is written with its place among the options, as its text is in the reader's language.
        """
        return {
            "lesson": self.opening.id,
            **self._written("prediction", "option", "confidence", self.prediction),
            **self._written("twist", "twist_option", "twist_confidence", self.again),
            "step": self.step,
            "moves": list(self.moves),
            "answers": {str(key): value for key, value in self.answers.items()},
        }

    def _written(self, answer: str, place: str, sure: str, guess: Prediction | None) -> dict[str, Any]:
        if guess is None:
            return {answer: None, place: None, sure: None}
        return {answer: self.opening.options[guess.option], place: guess.option, sure: guess.confidence}

    @classmethod
    def restored(cls, opening: Opening, record: Mapping[str, Any]) -> Attempt:
        """Return the attempt that a learning record describes; what cannot be read in it is left out."""
        attempt = cls(opening)
        arguments.table(record, "learning record", "give what record() returned")
        known = (
            (("prediction", "option", "confidence"), cls.lock),
            (("twist", "twist_option", "twist_confidence"), cls.lock_again),
        )
        for keys, lock in known:
            text, place, confidence = (record.get(key) for key in keys)
            if type(place) is not int or place not in range(len(opening.options)):
                place = opening.options.index(text) if text in opening.options else None
            if place is None or not gate.is_number(confidence) or confidence not in CONFIDENCE:
                break
            attempt = lock(attempt, place, confidence)
        if attempt.prediction is None:
            return attempt
        moves, answers, step = (record.get(key) for key in ("moves", "answers", "step"))
        for move in moves[:MOST] if isinstance(moves, list) else ():
            attempt = attempt.tried(str(move)[:LONGEST])
        for key, answer in list(answers.items())[:MOST] if isinstance(answers, dict) else ():
            if str(key).isdigit():
                attempt = attempt.answered(int(key), str(answer)[:LONGEST])
        return attempt.go(step) if step in STEPS else attempt
