"""Votes of a class: which answer a change is, and the tally of who expected it."""

from __future__ import annotations

from typing import Any

from supplysim.viz.refused import Refused

from supplysim.language import gettext, gettext_noop
from supplysim.lessons import lesson
from supplysim.lessons.roles import role_play

OUTCOMES = (
    gettext_noop("Falls by more than half"),
    gettext_noop("Falls by a fifth to a half"),
    gettext_noop("Falls by less than a fifth"),
    gettext_noop("Stays or rises"),
)
ENDS = (-0.5, -0.2, -0.01)
MOST_HANDS = 999


def outcomes() -> list[str]:
    """Return what a class may expect, in the language spoken here."""
    return [gettext(outcome) for outcome in OUTCOMES]


def asked_of(kind: str, about: str | int) -> dict[str, Any]:
    """Return what a class is asked, in the language spoken here: title, question and options.

    Parameters
    ----------
    kind : str
        Of the question: ``lesson``, ``round`` (of the role play) or ``package``.
    about : str or int
        The lesson's id, the round, or the last year of the package's world.
    """
    if kind == "lesson":
        opening = lesson(str(about)).opening
        return {"title": opening.title, "question": opening.question, "options": list(opening.options)}
    if kind == "round":
        question = gettext("And the number of chips that arrive in two years?")
        return {"title": role_play().title, "question": question, "options": outcomes()}
    question = gettext("What happens to the number of chips that reach China by {year}?", year=about)
    return {"question": question, "options": outcomes()}


def outcome(change: float) -> int:
    """Return which of `OUTCOMES` a relative change is."""
    return sum(change >= end for end in ENDS)


def kept(tally: list[int]) -> dict[int, int]:
    """Return the options that somebody voted for, with how many."""
    return {place: count for place, count in enumerate(tally) if count}


def voted(votes: list[int], message: dict[str, Any]) -> list[int]:
    """Return the tally with one hand more (or, with ``by: -1``, fewer) for an option.

    Raises
    ------
    InputError
        If there is no such option.
    """
    place, by = int(message["option"]), -1 if message.get("by") == -1 else 1
    if place not in range(len(votes)):
        raise Refused(gettext("vote"), place, gettext("there is no such answer"), gettext("press one of the answers"))
    return [min(max(n + by * (i == place), 0), MOST_HANDS) for i, n in enumerate(votes)]
