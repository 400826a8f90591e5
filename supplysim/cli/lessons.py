"""Lessons on the command line: what may be seen before a prediction, what after it, and whether it is all true."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

import typer

from supplysim.errors import InputError
from supplysim.language import gettext, gettext_noop, numerals, pgettext

if TYPE_CHECKING:
    from supplysim.lessons import Lesson


LABELS = {  # of what is shown of a lesson
    **{"title": gettext_noop("title"), "minutes": gettext_noop("minutes"), "level": gettext_noop("level")},
    **{"needs": gettext_noop("needs"), "objective": gettext_noop("objective"), "before": gettext_noop("before")},
    **{"question": gettext_noop("question"), "options": gettext_noop("options"), "number": gettext_noop("number")},
    **{"scenario": gettext_noop("scenario"), "levers": gettext_noop("levers"), "record": gettext_noop("record")},
    **{"to_go_on": gettext_noop("to go on"), "your_answer": gettext_noop("your answer"), "try": gettext_noop("try")},
    **{"verdict": gettext_noop("verdict"), "right": gettext_noop("right"), "the_model": gettext_noop("the model")},
    **{"to_run_it": gettext_noop("to run it"), "notice": gettext_noop("notice"), "explain": gettext_noop("explain")},
    **{"caution": gettext_noop("caution"), "check": gettext_noop("check"), "remember": gettext_noop("remember")},
    **{"score": gettext_noop("score"), "kind": gettext_noop("kind"), "id": gettext_noop("id")},
}


def labelled(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a lesson for a reader: labels and verdict in the language spoken here."""
    verdicts = {
        "best": pgettext("verdict", "best"),
        "open": pgettext("verdict", "open"),
        "wrong": pgettext("verdict", "wrong"),
    }
    said = told | ({"verdict": verdicts[told["verdict"]]} if "verdict" in told else {})
    return {gettext(LABELS[key]): value for key, value in said.items()}


def facts(name: str) -> dict[str, Any] | None:
    """Return what a lesson shows before a prediction; None if there is no such lesson."""
    from supplysim.lessons import lessons, titles

    if name not in titles():
        return None
    opening = lessons()[name].opening
    return {
        "kind": "lesson",
        **{key: value for key, value in asdict(opening).items() if key not in ("options", "before")},
        "before": opening.before,
        "options": [f"{index + 1}. {text}" for index, text in enumerate(opening.options)],
        "to_go_on": gettext("{command}, once you have chosen an answer", command=f"supplysim lesson {name}"),
    }


def lesson_command(name: str, *, choose: int | None, percent: int | None, as_json: bool) -> None:
    """Show what comes before a prediction, take the prediction, then show what happened and score it.

    Raises
    ------
    InputError
        If there is no such lesson, answer or confidence, or nobody is there to be asked.
    """
    from rich.console import Console

    from supplysim.cli.tables import lines, print_facts
    from supplysim.lessons import lesson
    from supplysim.lessons.lesson import CONFIDENCE
    from supplysim.lessons.score import brier

    chosen = lesson(name)
    asked = [choose is None, percent is None]
    if any(asked) and (as_json or not sys.stdin.isatty()):
        remedy = f"supplysim lesson {name} --choose 1 --predict 70; the question: supplysim show {name}"
        raise InputError("lesson", None, "nobody is there to be asked for a prediction", remedy)
    if any(asked):
        opening = facts(name)
        assert opening is not None
        told = {key: opening[key] for key in ("title", "objective", "before", "question", "options")}
        print_facts(Console(), lines(labelled(told)))
    answer = choose if choose is not None else typer.prompt(gettext("Your answer, by its number"), type=int)
    known = [f"{each} ({gettext(word)})" for each, word in CONFIDENCE.items()]
    sure = reduce(lambda one, other: gettext("{one} or {other}", one=one, other=other), known)
    ask = gettext("How sure are you, in percent: {choices}", choices=sure)
    confidence = percent if percent is not None else typer.prompt(ask, type=int)
    if confidence not in CONFIDENCE:
        raise InputError("--predict", confidence, "there is no such choice", f"choose {sure}")
    seen = after(name, answer)
    score = brier([(confidence, seen.pop("right"))])
    meaning = gettext(
        "{score} at {percent} % (0 is sure and right, 0.25 always 50 %, 1 sure and wrong)",
        score=numerals(f"{score:g}"),
        percent=confidence,
    )
    seen["score"] = score if as_json else meaning
    if as_json:
        print(json.dumps(seen, ensure_ascii=False, indent=1))
    else:
        first = {"verdict": seen.pop("verdict"), "score": seen.pop("score")}
        print_facts(Console(), lines(labelled(first | seen)))
        title = chosen.document.title
        print(gettext("All of {title}, with its figures: supplysim app, under Learn.", title=repr(title)))


def after(name: str, answer: int) -> dict[str, Any]:
    """Return what a lesson shows to someone who chose an answer, counted from 1.

    Raises
    ------
    InputError
        If there is no such lesson or answer.
    """
    from supplysim.lessons import lesson, results

    chosen = lesson(name)
    if answer not in range(1, len(chosen.opening.options) + 1):
        raise InputError(
            f"lesson {name}: answer", answer, f"the answers are 1 to {len(chosen.opening.options)}", "choose one"
        )
    shown = chosen.after(chosen.opening.predict(answer - 1, 50), results()[name])
    return {
        "kind": "lesson",
        "title": chosen.document.title,
        "your_answer": shown.answers[answer - 1].text,
        "verdict": shown.answers[answer - 1].verdict,
        "right": shown.right,
        "the_model": next(it.text for it in shown.answers if it.verdict == "best"),
        "to_run_it": _command(chosen),
        "notice": list(shown.notice),
        "explain": shown.explain,
        "caution": shown.caution,
        "try": [
            shown.try_.task,
            *(goal.text for goal in shown.try_.goal),
            gettext("Hint: {hint}", hint=shown.try_.hint),
        ],
        "check": [question.question for question in shown.check],
        "remember": shown.remember,
    }


def _command(lesson: Lesson) -> str:
    """Return the command that repeats the lesson's comparison."""
    from supplysim.lessons.checks import PAIRS, SEED

    setup, arm = lesson.document.setup, lesson.arms[lesson.document.run.arm]
    words = ["supplysim", "compare", setup.scenario, "-p", arm.policy, "--pairs", str(PAIRS), "--seed", str(SEED)]
    return shlex.join([*words, "--parameters", setup.parameters, *_world()])


def _world() -> list[str]:
    """Return what a command says of this process's world."""
    from supplysim.packs.pack import written

    return ["--world", written()] if written() else []


def validate_lessons(
    *, pairs: int | None, seed: int | None, workers: int | None, write: bool = False, as_json: bool = False
) -> int:
    """Run every lesson's claims and print what holds; with `write`, keep the numbers for app, handouts and text.

    Returns
    -------
    int
        Exit status: 0, or 1 if a lesson says what the model does not show.
    """
    from supplysim import __version__
    from supplysim.cli.progress import progress_bar
    from supplysim.lessons import lessons
    from supplysim.lessons.checks import PAIRS, SEED, check_lessons
    from supplysim.lessons.library import folder
    from supplysim.lessons.results import write as keep
    from supplysim.packs import active
    from supplysim.report.appendix import source_revision

    pack = active()
    if write and pack is not None and pack.lessons is None:
        rule = f"world {pack.name} has no lessons of its own, and the numbers of the shipped ones are not of it"
        raise InputError("--write", None, rule, "leave it out, or put lessons into the pack")
    pairs, seed = pairs or PAIRS, SEED if seed is None else seed
    with progress_bar(quiet=as_json) as bar:
        shown = bar.add_task("lessons", total=None)
        checks, measured = check_lessons(lessons().values(), pairs, seed, workers, lambda *_: bar.advance(shown))
    if write:
        command = ["supplysim", "validate", "--lessons", "--write", *_world(), "--draws", pairs, "--seed", seed]
        made = (
            f"{shlex.join(map(str, command))}; "
            f"{date.today().isoformat()}; "
            f"supplysim {__version__}, revision {(source_revision() or 'unknown')[:12]}"
        )
        try:
            keep(folder(), made, measured)
        except OSError as error:
            rule = f"{folder()} cannot be written ({error.strerror})"
            raise InputError("--write", None, rule, "copy the pack to a folder of yours") from error
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        _print(checks)
    return int(not all(check.passed for check in checks))


def _print(checks: list[Any]) -> None:
    from supplysim.cli.screen import console
    from supplysim.cli.tables import print_table

    rows = [(check.lesson, check.what, check.found, "yes" if check.passed else "NO") for check in checks]
    print_table(console(), "", ("Lesson", "What", "Found", "Holds"), rows, left=4, prose=(1, 2))
    failed = sum(not check.passed for check in checks)
    console().print(f"{len(checks) - failed} of {len(checks)} checks hold.")
