"""Policies as people write them: ``border=0.5@2025-06+whistleblower``, or the name of a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from supplysim import arguments
from supplysim.errors import InputError, nearest, shown
from supplysim.policies.base import Policy
from supplysim.policies.entries import build, check_dates, check_duplicates, linked
from supplysim.policies.registry import find, levers
from supplysim.policies.trigger import Trigger
from supplysim.setup import bill
from supplysim.setup.scenario import Scenario, shipped
from supplysim.setup.states import State, check_when, named_by

FORMS = (
    "write lever, lever=0.5, lever=0.5@2025-06, lever=0.5@2025-06..2026-06 or lever(setting=2)=0.5, joined by +; "
    "lever[law:passed] acts in that state alone"
)
JOIN = re.compile(r"\+(?![^()]*\))")  # a plus inside brackets belongs to a number such as 1e+3
CONDITION = re.compile(r"\[([^\[\]]*)\]$")  # the state of the world in which alone it acts, behind all else
BRACKETS = re.compile(r"\(([^()]*)\)")
TERM = re.compile(
    r"(?P<lever>[^:=@()]+)(:(?P<scope>[^=@()]*))?(=(?P<intensity>[^@()]*))?(@(?P<start>[^.()]*)(\.\.(?P<end>[^()]*))?)?"
)


@dataclass(frozen=True)
class Package:
    """Policies that are compared as one, under one name, and the states that those of files bring with them."""

    name: str
    policies: tuple[Policy, ...]
    states: tuple[State, ...] = ()


def parse(text: str, scenario: Scenario | str | Path | None = None) -> Package:
    """Read a policy from the command line.

    Parameters
    ----------
    text : str
        ``lever``, ``lever=0.5``, ``lever=0.5@2025-06``, ``lever=0.5@2025-06..2026-06``, any of them with
        names as in ``close_country:SG``, ``due_diligence:first`` or ``tighter_controls:H20`` and with settings
        as in ``enforcement_budget(growth=1.33)=0.5``, and behind all of it the state of the world in which alone it
        acts, as in ``border=0.5@2025-06[law:passed]``; or the name or path of a scenario file whose policies are
        meant; joined by ``+``. Levers typed here are one text, each scenario is one of its own: what that means
        for a lever that stands there more than once is said in `overlap.py`.
    scenario : Scenario, str or Path, optional
        When given, every date must lie inside it, and it or a file must have every state.

    Raises
    ------
    InputError
        When the text cannot be read, naming the nearest known lever or scenario.
    """
    text = arguments.one_of(str, text, "policy", FORMS).strip()
    if scenario is not None and not isinstance(scenario, Scenario):
        scenario = Scenario.load(arguments.path(scenario, "scenario", "give a Scenario, or its name"))
    place = f"policy {shown(text)!r}"
    if _is_scenario(text):
        package = _of_scenario(text)
    else:
        terms = [term.strip() for term in JOIN.split(text)]
        files = [_of_scenario(term) for term in terms if _is_scenario(term)]
        typed = [_term(term, place) for term in terms if not _is_scenario(term)]
        check_duplicates(((policy, place) for policy in typed), None if scenario is None else scenario.policy_start)
        brought = tuple(state for file in files for state in file.states)
        package = Package(text, (*linked(typed), *(policy for file in files for policy in file.policies)), brought)
    if scenario is not None:
        cards = {bill.condition(one.name.removeprefix(bill.LAW)) for one in package.states if one.bill is not None}
        for policy in package.policies:
            try:
                check_dates(policy, scenario.start, scenario.end, scenario.policy_start, f"{place}: {policy.lever}")
            except InputError as error:
                if policy.when not in cards:
                    raise
                remedy = "compare it with a scenario that has these years, as baseline-2027 does"
                raise InputError(error.place, error.value, error.rule, remedy) from None
            check_when(policy, (*scenario.states, *package.states), f"{place}: {policy.lever}")
    return package


def _is_scenario(text: str) -> bool:
    """Return whether a text names a scenario: shipped, or one file rather than several joined by a plus."""
    return text in shipped() or (text.endswith(".toml") and (not JOIN.search(text) or Path(text).exists()))


def _of_scenario(name: str) -> Package:
    source = Scenario.load(name)
    if not source.policies and not source.triggers:
        raise InputError(f"policy {name!r}", None, "that scenario has no policies", "name a lever or another scenario")
    if source.bill is not None:
        (law,) = (state for state in source.states if state.name == bill.state_of(source.name))
        return Package(source.name, bill.own(source.name, source.policies), (replace(law, bill=source.bill),))
    triggered = [
        policy
        for index, trigger in enumerate(source.triggers)
        for policy in _triggered(trigger, f"{source.name}: triggers[{index}].policy")
    ]
    held = (*source.policies, *triggered)
    used = named_by(held)
    return Package(source.name, held, tuple(state for state in source.states if state.name in used))


def _triggered(trigger: Trigger, place: str) -> list[Policy]:
    """Return the policies that wait for a trigger; those that it ends may have a start of their own."""
    found = [_term(term.strip(), place) for term in JOIN.split(trigger.policy)]
    for policy in found:
        if policy.end is not None or (policy.start is not None and not trigger.ends):
            rule = f"the trigger {'ends' if trigger.ends else 'starts'} it"
            raise InputError(place, trigger.policy, rule, "leave the date out")
    return [replace(policy, trigger=trigger) for policy in found]


def _term(term: str, place: str) -> Policy:
    when = CONDITION.search(term)
    term = term if when is None else term[: when.start()].strip()
    brackets = BRACKETS.findall(term)
    found = TERM.fullmatch(BRACKETS.sub("", term).strip())
    if found is None or len(brackets) > 1 or term.startswith("("):
        raise InputError(place, None, f"{shown(term)!r} cannot be read as a policy", FORMS)
    table: dict[str, Any] = {key: value.strip() for key, value in found.groupdict().items() if value is not None}
    lever = table["lever"]
    kind = find(lever)
    if kind is None and find(lever.partition("[")[0]):
        rule = f"{shown(term)!r} names a state of the world before its end"
        raise InputError(place, None, rule, "write it behind all else, as in border=0.5@2025-06[law:passed]")
    if kind is None:
        rule = f"there is no lever {shown(lever)!r}"
        raise InputError(place, None, rule, nearest(lever, [*levers(), *shipped()]))
    if "scope" in table:
        table |= _scope(table.pop("scope").split(","), kind, place)
    if "intensity" in table:
        try:
            table["intensity"] = float(table["intensity"])
        except ValueError as error:
            raise InputError(f"{place}: intensity", table["intensity"], "it is not a number", FORMS) from error
    if table.get("start") == "" and "end" in table:  # "@..2026-06": from the scenario's policy start
        del table["start"]
    if when is not None:
        if not when[1].strip():
            raise InputError(place, None, f"{shown(when[0])!r} names no state of the world", "write it as [law:passed]")
        table["when"] = when[1].strip()
    for text in brackets:
        table |= _settings(text, kind, place)
    return build(table, f"{place}: {lever}")


def _settings(text: str, kind: type[Policy], place: str) -> dict[str, float]:
    """Return the numbers written in brackets, ``growth=1.33, ...``, checked against the lever's own settings."""
    own = {name: it for name, it in kind.settings().items() if name != "intensity"}
    known = [f"{name} ({it['low']:g} to {it['high']:g}, {it['unit']})" for name, it in own.items()]
    remedy = f"settings of {kind.lever}: {', '.join(known) or 'none'}; its strength is {kind.lever}=0.5"
    found: dict[str, float] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        at = f"{place}: {kind.lever}({shown(name)})"
        if not equals or name not in own:
            rule = "there is no such setting" if equals else "a setting is written name=number"
            raise InputError(at, None, rule, remedy)
        if name in found:
            raise InputError(at, None, "the setting stands there twice", "keep one")
        try:
            found[name] = float(value)
        except ValueError as error:
            raise InputError(at, value, "it is not a number", remedy) from error
        if not own[name]["low"] <= found[name] <= own[name]["high"]:  # also trips on nan
            raise InputError(at, value, "it is outside its range", remedy)
    return found


def _scope(names: list[str], kind: type[Policy], place: str) -> dict[str, list[str]]:
    """Return scope -> names for names typed behind a colon, whatever kind of thing each is."""
    found: dict[str, list[str]] = {}
    for name in names:
        scope = next((scope for scope in kind.scopes if name in kind.choices(scope)), None)
        if scope is None:
            known = dict.fromkeys(code for scope in kind.scopes for code in kind.choices(scope))
            rule = f"{kind.lever} knows no {name!r}"
            raise InputError(place, None, rule, nearest(name, known) if known else kind.scope_advice())
        found.setdefault(scope, []).append(name)
    return found
