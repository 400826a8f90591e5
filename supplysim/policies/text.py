"""Policies as people write them: ``border=0.5@2025-06+whistleblower`` or a [[policies]] table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError, nearest
from supplysim.policies.base import SCOPES, Policy
from supplysim.policies.registry import levers

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

FORMS = "write lever, lever=0.5, lever=0.5@2025-06 or lever=0.5@2025-06..2026-06, joined by +"
TERM = re.compile(
    r"(?P<lever>[^:=@]+)(:(?P<scope>[^=@]*))?(=(?P<intensity>[^@]*))?(@(?P<start>[^.]*)(\.\.(?P<end>.*))?)?"
)


@dataclass(frozen=True)
class Package:
    """Policies that are compared as one, under one name."""

    name: str
    policies: tuple[Policy, ...]


def parse(text: str, scenario: Scenario | None = None) -> Package:
    """Read a policy from the command line.

    Parameters
    ----------
    text : str
        ``lever``, ``lever=0.5``, ``lever=0.5@2025-06``, ``lever=0.5@2025-06..2026-06``, any of them with
        names as in ``close_country:SG``, ``due_diligence:first`` or ``tighter_controls:H20``, joined by
        ``+``; or the name or path of a scenario file whose policies are meant.
    scenario : Scenario, optional
        When given, every date must lie inside it.

    Raises
    ------
    InputError
        When the text cannot be read, naming the nearest known lever or scenario.
    """
    from supplysim.setup.scenario import shipped

    text = text.strip()
    place = f"policy {text!r}"
    if text.endswith(".toml") or text in shipped():
        package = _of_scenario(text)
    else:
        package = Package(text, tuple(_term(term.strip(), place) for term in text.split("+")))
    if scenario is not None:
        for policy in package.policies:
            check_dates(policy, scenario.start, scenario.end, scenario.policy_start, f"{place}: {policy.lever}")
    first = None if scenario is None else scenario.policy_start
    check_duplicates(((policy, place) for policy in package.policies), first)
    return package


def _of_scenario(name: str) -> Package:
    from supplysim.setup.scenario import Scenario

    source = Scenario.load(name)
    if not source.policies:
        raise InputError(f"policy {name!r}", None, "that scenario has no policies", "name a lever or another scenario")
    return Package(source.name, source.policies)


def _term(term: str, place: str) -> Policy:
    found = TERM.fullmatch(term)
    if found is None:
        raise InputError(place, None, f"{term!r} cannot be read as a policy", FORMS)
    table: dict[str, Any] = {key: value for key, value in found.groupdict().items() if value is not None}
    lever = table["lever"]
    if lever not in levers():
        from supplysim.setup.scenario import shipped

        raise InputError(place, None, f"there is no lever {lever!r}", nearest(lever, [*levers(), *shipped()]))
    if "scope" in table:
        table |= _scope(table.pop("scope").split(","), levers()[lever], place)
    if "intensity" in table:
        try:
            table["intensity"] = float(table["intensity"])
        except ValueError as error:
            raise InputError(f"{place}: intensity", table["intensity"], "it is not a number", FORMS) from error
    if table.get("start") == "" and "end" in table:  # "@..2026-06": from the scenario's policy start
        del table["start"]
    return build(table, f"{place}: {lever}")


def build(table: Mapping[str, Any], place: str) -> Policy:
    """Make the policy that a table describes: lever, its settings, start, end, scope.

    Parameters
    ----------
    table : mapping
        As read from a [[policies]] table; dates are dates, or text such as "2025-06".
    place : str
        Where the table stands, for error messages; keys are appended to it.

    Raises
    ------
    InputError
        For an unknown lever or key, a wrong type, or a value outside its range.
    """
    lever = table.get("lever")
    if not isinstance(lever, str) or lever not in levers():
        rule = "it names no lever" if lever is not None else "is missing"
        raise InputError(f"{place}.lever", lever, rule, nearest(str(lever), levers()))
    kind = levers()[lever]
    given = {key: value for key, value in table.items() if key != "lever"}
    return kind(**kind.checked(given, place))


def table_of(policy: Policy) -> dict[str, Any]:
    """Return the table that `build` would turn into this policy, defaults left out."""
    table: dict[str, Any] = {"lever": policy.lever}
    table |= {name: getattr(policy, name) for name in policy.settings()}
    table |= {"start": policy.start, "end": policy.end}
    table |= {scope: list(getattr(policy, scope)) for scope in SCOPES}
    return {key: value for key, value in table.items() if value is not None and value != []}


def check_dates(policy: Policy, start: date, end: date, policy_start: date, place: str) -> None:
    """Raise InputError unless the policy is in force only between `start` and `end`."""
    first = policy.start or policy_start
    if first < start:
        raise InputError(f"{place}.start", first, f"the scenario starts {start}", "choose a later start")
    if first >= end:
        raise InputError(f"{place}.start", first, f"the scenario ends {end}", "choose an earlier start")
    if policy.end is not None and policy.end <= first:
        raise InputError(f"{place}.end", policy.end, f"the policy starts {first}", "choose a later end")
    if policy.end is not None and policy.end > end:
        raise InputError(
            f"{place}.end", policy.end, f"the scenario ends {end}", "choose an earlier end or leave it out"
        )


def identity(policy: Policy, policy_start: date | None = None) -> tuple[Any, ...]:
    """Return what makes a policy the same entry as another: lever, first day and scope."""
    scope = (frozenset(getattr(policy, name)) for name in SCOPES)
    return policy.lever, policy.start or policy_start, *scope


def check_duplicates(entries: Iterable[tuple[Policy, str]], policy_start: date | None = None) -> None:
    """Raise InputError when two of the (policy, place) entries are the same lever from the same day."""
    seen = set()
    for policy, place in entries:
        key = identity(policy, policy_start)
        if key in seen:
            rule = f"{policy.lever} stands there twice with the same start"
            raise InputError(place, None, rule, "keep one, or give them different starts or countries")
        seen.add(key)


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
