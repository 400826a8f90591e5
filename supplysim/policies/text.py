"""Policies as people write them: ``border=0.5@2025-06+whistleblower``, or the name of a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from supplysim.errors import InputError, nearest
from supplysim.policies.base import Policy
from supplysim.policies.entries import build, check_dates, check_duplicates
from supplysim.policies.registry import find, levers
from supplysim.setup.scenario import Scenario, shipped

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
    kind = find(lever)
    if kind is None:
        raise InputError(place, None, f"there is no lever {lever!r}", nearest(lever, [*levers(), *shipped()]))
    if "scope" in table:
        table |= _scope(table.pop("scope").split(","), kind, place)
    if "intensity" in table:
        try:
            table["intensity"] = float(table["intensity"])
        except ValueError as error:
            raise InputError(f"{place}: intensity", table["intensity"], "it is not a number", FORMS) from error
    if table.get("start") == "" and "end" in table:  # "@..2026-06": from the scenario's policy start
        del table["start"]
    return build(table, f"{place}: {lever}")


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
