"""A decision as the screen tells it."""

from __future__ import annotations

from supplysim.decision.answer import Answer, Part
from supplysim.decision.decision import Decision
from supplysim.report.decision import tables
from supplysim.report.decision.facts import facts
from supplysim.report.decision.words import HOW_TO_READ, LIMITS, QUICK, how_apart, question, setting


def quickly(found: Decision) -> Part:
    """Return what the search expects and of what."""
    return Part("", *tables.quick(found), "", tables.legend(found))


def told(found: Decision, first: Part, document: str) -> Answer:
    """Return all that is told of a decision, the search first."""
    parts = [first]
    if found.study is not None:
        parts.append(Part(setting(found), *tables.exact(found), HOW_TO_READ, tables.legend(found)))
    if found.beside is not None:
        known = tables.letters(found)
        parts.append(Part("As shipped", *tables.exact(found.beside, known), "", tables.moved(found)))
    if found.apart is not None:
        parts.append(Part("Which assumption does it", *tables.assumed(found), how_apart(found.apart.worlds), []))
    closing = ["" if found.study is not None else QUICK, LIMITS]
    copies = [f"{name}: {text}" for name, text in tables.copies(found)]
    return Answer(question(found), parts, facts(found), copies, [line for line in closing if line], document)
