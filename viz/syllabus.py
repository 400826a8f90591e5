"""What the pages say of lessons, questions and packages; of a result only what the caller has a right to."""

from __future__ import annotations

from typing import Any

from supplysim.viz.refused import Refused

from supplysim.language import by_language, gettext, gettext_noop
from supplysim.lessons import CONFIDENCE, STEPS, After, Attempt, Lesson, lesson, lessons, results
from supplysim.lessons.lesson import judged
from supplysim.lessons.library import originals
from supplysim.lessons.prose import as_html
from supplysim.lessons.words import span, title_of

NAMES = {
    "predict": gettext_noop("Predict"),
    "run": gettext_noop("Run"),
    "notice": gettext_noop("Notice"),
    "explain": gettext_noop("Explain"),
    "try": gettext_noop("Try"),
    "twist": gettext_noop("Twist"),
    "check": gettext_noop("Check"),
}


@by_language
def catalogue() -> list[dict[str, Any]]:
    """Return what the list of lessons shows: nothing that any of them finds."""
    return [
        {
            "id": o.id,
            "number": o.number,
            "capstone": o.capstone,
            "title": o.title,
            "minutes": o.minutes,
            "level": o.level,
            "objective": o.objective,
            "needs": [lesson(need).opening.title for need in o.needs],
        }
        for o in (each.opening for each in lessons().values())
    ]


def opening(attempt: Attempt) -> dict[str, Any]:
    """Return what may be seen before a prediction."""
    o, guess, again = attempt.opening, attempt.prediction, attempt.again
    return {
        "id": o.id,
        "number": o.number,
        "capstone": o.capstone,
        "title": o.title,
        "minutes": o.minutes,
        "objective": o.objective,
        "before": as_html(o.before),
        "question": o.question,
        "options": list(o.options),
        "confidence": [[percent, gettext(word)] for percent, word in CONFIDENCE.items()],
        "steps": [{"id": step, "title": gettext(NAMES[step])} for step in STEPS],
        "step": attempt.step,
        "guess": None if guess is None else [guess.option, guess.confidence],
        "again": None if again is None else [again.option, again.confidence],
    }


def in_file(name: str, place: int, text: str) -> str:
    """Return an answer that was chosen as the lesson's file has it, whatever the language; a written one as it is."""
    options = [option.text for option in lesson(name).document.check[place].options]
    return originals()[name].document.check[place].options[options.index(text)].text if text in options else text


def question(mine: Lesson, place: int, attempt: Attempt) -> dict[str, Any]:
    """Return a question at the end; its rubric only once something is answered."""
    asked_now, answer = mine.document.check[place], attempt.answers.get(place)
    shown: dict[str, Any] = {"question": asked_now.question, "options": [o.text for o in asked_now.options]}
    if answer is None:
        return shown | {"answer": None}
    shown |= {"answer": gettext(answer) if asked_now.options else answer, "rubric": list(asked_now.rubric)}
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
            raise Refused(
                gettext("try"), level, gettext("that strength is not on offer"), gettext("choose one of the buttons")
            )
        if level:
            terms.append(name if level == 1.0 else f"{name}={level:g}")
    if not 1 <= len(terms) <= task.moves:
        raise Refused(
            gettext("try"),
            None,
            gettext("{n} levers moved", n=len(terms)),
            gettext("move 1 to {most}", most=task.moves),
        )
    return "+".join(terms)


def told(mine: Lesson, after: After) -> str:
    """Return what a lesson's question asks for, and what it came to."""
    asked_for = mine.finding(mine.document.predict.finding)
    return gettext("{what}: {number}.", what=asked_for.text, number=span(after.result, asked_for.form))


def called(package: str) -> str:
    """Return a package as the levers are called: ``border=0.5+penalties`` -> ``Border inspections 50 %, Penalties``."""
    terms = [term.partition("=") for term in package.split("+") if term]
    return ", ".join(title_of(name) + (f" {100 * float(level):.0f} %" if level else "") for name, _, level in terms)


def public(measure: str, record: str) -> bool:
    """Whether a measure is in the record that a lesson begins with."""
    return record != "public" or measure.startswith("public_")
