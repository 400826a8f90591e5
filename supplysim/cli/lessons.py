"""Lessons on the command line: what may be seen before a prediction, what after it, and whether it is all true."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError

if TYPE_CHECKING:
    from supplysim.lessons import Lesson


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
        "to_go_on": f"supplysim show {name} --answer N, once you have chosen an answer",
    }


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
        raise InputError("--answer", answer, f"the answers are 1 to {len(chosen.opening.options)}", "choose one")
    shown = chosen.after(chosen.opening.predict(answer - 1, 50), results()[name])
    return {
        "kind": "lesson",
        "title": chosen.document.title,
        "your_answer": shown.answers[answer - 1].text,
        "the_model": next(it.text for it in shown.answers if it.verdict == "best"),
        "to_run_it": _command(chosen),
        "notice": list(shown.notice),
        "explain": shown.explain,
        "caution": shown.caution,
        "try": [shown.try_.task, *(goal.text for goal in shown.try_.goal), f"Hint: {shown.try_.hint}"],
        "check": [question.question for question in shown.check],
        "remember": shown.remember,
    }


def _command(lesson: Lesson) -> str:
    """Return the command that repeats the lesson's comparison."""
    from supplysim.lessons.checks import PAIRS, SEED

    setup, arm = lesson.document.setup, lesson.arms[lesson.document.run.arm]
    words = ["supplysim", "compare", setup.scenario, "-p", arm.policy, "--pairs", str(PAIRS), "--seed", str(SEED)]
    return shlex.join([*words, "--parameters", setup.parameters])


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
    from supplysim.cli.compare import progress_bar
    from supplysim.lessons import lessons
    from supplysim.lessons.checks import PAIRS, SEED, check_lessons
    from supplysim.lessons.library import folder
    from supplysim.lessons.results import write as keep
    from supplysim.report.appendix import source_revision

    pairs, seed = pairs or PAIRS, SEED if seed is None else seed
    with progress_bar(quiet=as_json) as bar:
        shown = bar.add_task("lessons", total=None)
        checks, measured = check_lessons(lessons().values(), pairs, seed, workers, lambda *_: bar.advance(shown))
    if write:
        made = (
            f"supplysim validate --lessons --write --draws {pairs} --seed {seed}; {date.today().isoformat()}; "
            f"supplysim {__version__}, revision {(source_revision() or 'unknown')[:12]}"
        )
        keep(folder(), made, measured)
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        _print(checks)
    return int(not all(check.passed for check in checks))


def _print(checks: list[Any]) -> None:
    from rich.table import Table

    from supplysim.cli.screen import console

    table = Table("Lesson", "What", "Found", "Holds", box=None)
    for check in checks:
        table.add_row(check.lesson, check.what, check.found, "yes" if check.passed else "NO")
    console().print(table)
    failed = sum(not check.passed for check in checks)
    console().print(f"{len(checks) - failed} of {len(checks)} checks hold.")
