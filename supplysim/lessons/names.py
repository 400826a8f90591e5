"""Names in a lesson file: every arm, world, measure, policy and number it mentions has to stand for something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from supplysim.errors import InputError, nearest
from supplysim.lessons import prose
from supplysim.lessons.expression import Expression, parse
from supplysim.lessons.lesson import Lesson
from supplysim.lessons.results import TWIST, Found, values
from supplysim.lessons.schema import FACTS, Option

YOURS, BASELINE = "yours", "baseline"
# Quantities of a run beside the yearly measures; `extras.py` works them out.
LEDGER = ("prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo", "disabled_memo")
EXTRA = ("public_seized", "public_prosecutions", "chips_via:", "touched:", "true_leads", "cost")
_BLANK = Found("", 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)


def check_lesson(lesson: Lesson) -> None:
    """Raise InputError unless every name in a lesson stands for something."""
    d = lesson.document
    for index, fact in enumerate(d.tests):
        _known(lesson, f"tests[{index}]", fact, FACTS)
    if sum(d.teacher.timing) > d.minutes:
        rule = f"the parts take {sum(d.teacher.timing)} minutes and the lesson has {d.minutes}"
        raise InputError(f"{lesson.place}: teacher.timing", None, rule, "shorten a part")
    _check_model_names(lesson)
    keys = [it.key for it in d.findings]
    _known(lesson, "predict.finding", d.predict.finding, keys)
    _check_options(lesson, "predict.options", d.predict.options)
    _known(lesson, "run.arm", d.run.arm, lesson.arms)
    for index, question in enumerate(d.check):
        if question.finding is not None:
            _known(lesson, f"check[{index}].finding", question.finding, keys)
            _check_options(lesson, f"check[{index}].options", question.options)
        elif question.options:
            raise InputError(f"{lesson.place}: check[{index}]", None, "has options and no finding", "name the finding")
    for index, goal in enumerate(d.try_.goal):
        if (goal.at_most is None) == (goal.at_least is None):
            at = f"{lesson.place}: try.goal[{index}]"
            raise InputError(at, None, "needs either at_most or at_least", "give one of them")
    for at, expression in lesson.expressions():
        _check_terms(lesson, at, expression)
    asked = lesson.finding(d.predict.finding)
    if any(term.world for text in (asked.of, asked.over) if text for term in parse(text, lesson.place).terms):
        rule = "the twist asks it in another world, so it may name none itself"
        raise InputError(f"{lesson.place}: predict.finding", d.predict.finding, rule, "ask for a number of one world")
    _check_places(lesson, keys)


def _check_model_names(lesson: Lesson) -> None:
    from supplysim.policies import levers
    from supplysim.policies.text import parse as parse_policy
    from supplysim.setup.scenario import Scenario

    d = lesson.document
    scenario = _loaded(lesson, "setup.scenario", Scenario.load, d.setup.scenario)
    if TWIST in {*d.worlds, *(it.key for it in d.findings)}:
        raise InputError(f"{lesson.place}: {TWIST}", None, "that is the name of the twist's own", "choose another name")
    for name, world in d.worlds.items():
        other = _loaded(lesson, f"worlds.{name}.scenario", Scenario.load, world.scenario)
        _loaded(lesson, f"worlds.{name}.rules", lambda of, rules: of.with_(rules=rules), other, world.rules)
        for index, arm in enumerate(world.arms or []):
            _known(lesson, f"worlds.{name}.arms[{index}]", arm, lesson.arms)
    if d.twist.scenario is not None:
        _loaded(lesson, "twist.scenario", Scenario.load, d.twist.scenario)
    _loaded(lesson, "twist.rules", lambda of, rules: of.with_(rules=rules), scenario, d.twist.rules)
    if d.twist.scenario is None and not d.twist.rules:
        raise InputError(f"{lesson.place}: twist", None, "changes nothing", "name a scenario or rules")
    for index, lever in enumerate(d.setup.levers):
        _known(lesson, f"setup.levers[{index}]", lever, levers())
    policies = {f"arms[{index}].policy": arm.policy for index, arm in enumerate(d.arms)}
    policies |= {f"try.levers[{index}]": text for index, text in enumerate(d.try_.levers)}
    for key, text in (policies | {"try.solution": d.try_.solution}).items():
        _loaded(lesson, key, parse_policy, text, scenario)
        if key.startswith("try.levers") and any(sign in text for sign in "=+@"):
            raise InputError(f"{lesson.place}: {key}", text, "it is more than a lever", "leave the rest out")


def _loaded(lesson: Lesson, key: str, load: Callable[..., Any], *arguments: Any) -> Any:
    """Return what `load` makes of the arguments; what it refuses is refused at this place of the lesson."""
    try:
        return load(*arguments)
    except InputError as error:
        raise InputError(f"{lesson.place}: {key}", error.value, f"{error.place}: {error.rule}", error.remedy) from None


def _check_options(lesson: Lesson, key: str, options: list[Option]) -> None:
    ends = [option.below for option in options]
    closed = [end for end in ends[:-1] if end is not None]
    ordered = all(low < high for low, high in pairwise(closed))
    if len(options) < 2 or len(closed) != len(options) - 1 or ends[-1] is not None or not ordered:
        rule = "every option but the last needs a `below`, each larger than the one before"
        raise InputError(f"{lesson.place}: {key}", None, rule, "order them from the lowest to the highest")


def _check_terms(lesson: Lesson, at: str, expression: Expression) -> None:
    from supplysim.outputs.measures import MEASURES

    known = {*lesson.arms, BASELINE} | ({YOURS} if ".goal[" in at else set())
    for term in expression.terms:
        if term.arm not in known:
            raise InputError(at, term.arm, "there is no such arm", nearest(term.arm, known))
        if term.world not in lesson.worlds:
            raise InputError(at, term.world, "there is no such world", nearest(term.world, lesson.worlds))
        entry = term.quantity.removeprefix("ledger.")
        if entry != term.quantity:
            if entry not in LEDGER:
                raise InputError(at, term.quantity, "there is no such entry", nearest(entry, LEDGER))
        elif term.quantity not in MEASURES and not term.quantity.startswith(EXTRA):
            known_measures = [*MEASURES, *EXTRA]
            raise InputError(at, term.quantity, "there is no such measure", nearest(term.quantity, known_measures))


def _check_places(lesson: Lesson, keys: list[str]) -> None:
    """Refuse numbers that stand before the prediction, and names that no finding has."""
    d = lesson.document
    for text in (lesson.prose["Before"], d.predict.question, d.objective, d.title):
        if prose.places(text):
            rule = "a number of the model stands before the prediction"
            raise InputError(lesson.place, prose.places(text)[0], rule, "move it to Explain")
    blank = dict.fromkeys([*keys, TWIST], _BLANK) | {f"ledger.{entry}": _BLANK for entry in LEDGER}
    known = values(blank, lesson.forms)
    for text in (*d.notice, d.twist.told, *lesson.prose.values()):
        for name in prose.places(text):
            if name not in known:
                raise InputError(lesson.place, f"{{{{{name}}}}}", "no finding has that name", nearest(name, known))


def _known(lesson: Lesson, key: str, name: str, known: Mapping[str, object] | tuple[str, ...] | list[str]) -> None:
    if name not in known:
        raise InputError(f"{lesson.place}: {key}", name, "nothing has that name", nearest(name, known))
