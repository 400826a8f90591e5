"""The lessons of this world, shipped or a pack's: read, and checked against the model and against each other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.language import ENGLISH, by_language, gettext, language
from supplysim.lessons.lesson import Lesson
from supplysim.lessons.names import check_lesson
from supplysim.lessons.results import TWIST, Results, remedy, stored
from supplysim.lessons.translated import in_language, prose_in_language
from supplysim.packs import active
from supplysim.setup.scenario import folder as scenarios


def load(path: Path) -> Lesson:
    """Read a lesson and check that every name in it stands for something.

    Raises
    ------
    InputError
        If anything in it is wrong.
    """
    lesson = Lesson.load(path)
    check_lesson(lesson)
    return lesson


def folder() -> Path:
    """Return where the lessons of this world lie: a pack's own stand in place of those that come with the package."""
    pack = active()
    return (pack and pack.lessons) or scenarios() / "lessons"


def titles() -> dict[str, str]:
    """Return the titles of the lessons, by id; nothing is checked of those that come with the package."""
    if folder() != scenarios() / "lessons":
        return {name: lesson.document.title for name, lesson in lessons().items()}
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder().glob("*.toml"))]
    return {lesson["id"]: gettext(lesson["title"]) for lesson in files}


@cache
def originals() -> dict[str, Lesson]:
    """Return the lessons of this world as their files have them, by id, in the order of their numbers.

    Raises
    ------
    InputError
        If one is wrong, two share an id or a number, or one needs a lesson that does not come before it.
    """
    found: dict[str, Lesson] = {}
    for lesson in sorted(map(load, folder().glob("*.toml")), key=lambda lesson: lesson.document.number):
        if lesson.id in found:
            raise InputError(lesson.place, lesson.id, "another lesson has that id", "choose another one")
        if lesson.document.number != len(found) + 1:
            raise InputError(f"{lesson.place}: number", lesson.document.number, "one is twice or missing", "renumber")
        for need in lesson.document.needs:
            if need not in found:
                raise InputError(
                    f"{lesson.place}: needs", need, "no lesson before it has that id", nearest(need, found)
                )
        found[lesson.id] = lesson
    return found


@by_language
def lessons() -> dict[str, Lesson]:
    """Return `originals` in the language spoken here; what has no translation stays as it is."""
    if language() == ENGLISH:
        return originals()
    return {
        name: replace(lesson, document=in_language(lesson.document), prose=prose_in_language(lesson.prose))
        for name, lesson in originals().items()
    }


def lesson(name: str) -> Lesson:
    """Return a lesson of this world, by id.

    Raises
    ------
    InputError
        If there is none.
    """
    known = lessons()
    return known[arguments.known(name, known, "lesson", "lesson")]


def results() -> Mapping[str, Results]:
    """Return what the model showed in every lesson, by id. Ask for it only once a prediction is locked.

    Raises
    ------
    InputError
        If numbers of a lesson are missing.
    """
    kept = stored(folder())
    for lesson in originals().values():
        found = kept[lesson.id].found if lesson.id in kept else {}
        for key in (*(it.key for it in lesson.document.findings), TWIST, "nothing.0", "solution.0"):
            if key not in found:
                raise InputError(lesson.place, key, "that number was not measured", remedy())
    return kept
