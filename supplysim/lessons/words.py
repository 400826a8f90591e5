"""What stands around the numbers of a lesson: names of measures and ledger entries, addresses in the app."""

from __future__ import annotations

from urllib.parse import quote

from supplysim.language import gettext, gettext_noop
from supplysim.lessons.lesson import Lesson
from supplysim.lessons.results import Found
from supplysim.policies.registry import levers
from supplysim.report.formatting import written

APP = "http://127.0.0.1:8765"  # where `supplysim app` listens unless told otherwise

MEASURE_WORDS = {
    "delivered": gettext_noop("Chips delivered in a quarter"),
    "seized": gettext_noop("Chips seized in a quarter"),
    "public_seized": gettext_noop("Seized chips in the news, by quarter"),
    "prosecutions": gettext_noop("Prosecutions in a quarter"),
    "active_intermediaries": gettext_noop("Trading firms in business"),
    "rented_h100e": gettext_noop("Newly rented compute in a quarter, H100e"),
    "refused": gettext_noop("Chips refused at the sale in a quarter"),
}
LEDGER_WORDS = {
    "substituted": gettext_noop("never ordered: buyers took something else, or nothing"),
    "intercepted": gettext_noop("seized"),
    "blocked": gettext_noop("ordered and given up: refused too often, or the seller gone"),
    "delayed": gettext_noop("still open or on the way at the end"),
}


def span(found: Found, form: str) -> str:
    """Return a number with its 90 % interval."""
    low, high = written(found.low, form), written(found.high, form)
    return gettext("{value} ({low} to {high})", value=written(found.value, form), low=low, high=high)


def interval(found: Found, form: str) -> str:
    """Return the 90 % interval of a number."""
    return gettext("{low} to {high}", low=written(found.low, form), high=written(found.high, form))


def title_of(lever: str) -> str:
    """Return a lever as pages call it: ``close_country:SG`` -> ``Close a country: SG``."""
    name, _, scope = lever.partition(":")
    called = gettext(levers()[name].called())
    return gettext("{lever}: {scope}", lever=called, scope=scope) if scope else called


def learn_link(lesson: Lesson) -> str:
    """Return the app's address of a lesson, at its prediction."""
    return f"{APP}/learn/{lesson.id}"


def explore_link(lesson: Lesson) -> str:
    """Return the address of the lesson's run on the Explore page: for after the prediction."""
    setup, arm = lesson.document.setup, lesson.arms[lesson.document.run.arm]
    left, right = (*setup.graphs, "effect")[:2]
    query = f"p={quote(arm.policy, safe='=@:.,+')}&l={left}&r={right}"
    if setup.record != "truth":
        query += f"&rec={setup.record}"
    if setup.parameters != "prior":
        query += f"&from={setup.parameters}"
    return f"{APP}/?{query}"
