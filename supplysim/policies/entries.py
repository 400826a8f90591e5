"""Policies as a scenario file holds them: a [[policies]] table becomes a `Policy`, checked against its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from supplysim import arguments
from supplysim.errors import InputError, nearest
from supplysim.evidence import DESTINATION, table
from supplysim.policies.base import SCOPES, Policy
from supplysim.policies.registry import find, levers


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
    arguments.table(table, place, 'write {"lever": "border", "intensity": 0.5}')
    lever = table.get("lever")
    kind = find(lever) if isinstance(lever, str) else None
    if kind is None:
        rule = "it names no lever" if lever is not None else "is missing"
        raise InputError(f"{place}.lever", lever, rule, nearest(str(lever), levers()))
    given = {key: value for key, value in table.items() if key != "lever"}
    return kind(**kind.checked(given, place))


def table_of(policy: Policy) -> dict[str, Any]:
    """Return the table that `build` would turn into this policy, defaults left out."""
    table: dict[str, Any] = {"lever": policy.lever}
    table |= {name: getattr(policy, name) for name in policy.settings()}
    table |= {"start": policy.start, "end": policy.end}
    table |= {scope: list(getattr(policy, scope)) for scope in SCOPES} | {"when": policy.when}
    return {key: value for key, value in table.items() if value not in (None, [], "")}


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


def identity(policy: Policy) -> tuple[Any, ...]:
    """Return what makes a policy the same entry as another: lever, first day, state of the world and scope."""
    return policy.lever, policy.start, policy.when, *_scope(policy)


def check_duplicates(entries: Iterable[tuple[Policy, str]], policy_start: date | None = None) -> None:
    """Raise InputError when (policy, place) entries of one text say different things of one lever from the same day."""
    seen: dict[tuple[Any, ...], list[Policy]] = {}
    for policy, place in entries:
        key, bare = (policy.lever, policy.start or policy_start, *_scope(policy)), replace(policy, beside=())
        earlier = seen.setdefault(key, [])
        if any(other != bare and not apart(other, bare) for other in earlier):
            rule = f"{policy.lever} stands there twice with the same start"
            raise InputError(place, None, rule, "keep one, or give them different starts or countries")
        earlier.append(bare)


def apart(one: Policy, other: Policy) -> bool:
    """Return whether two policies never act together, because a state of the world has one value in a run."""
    (state, _, value), (other_state, _, other_value) = one.when.partition(":"), other.when.partition(":")
    return bool(state) and state == other_state and value != other_value


def linked(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Return the entries of one text or file, each once and each knowing those that take turns with it.

    Those are the entries of the same lever and scope: see `overlap.py` for what that means.
    """
    alone = dict.fromkeys(replace(policy, beside=()) if policy.beside else policy for policy in policies)
    turns: dict[tuple[Any, ...], list[Policy]] = {}
    for policy in alone:
        turns.setdefault((policy.lever, *_scope(policy)), []).append(policy)
    return tuple(
        replace(policy, beside=tuple(other for other in group if other != policy)) if len(group) > 1 else policy
        for policy in alone
        for group in [turns[policy.lever, *_scope(policy)]]
    )


def _scope(policy: Policy) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(getattr(policy, name)) for name in SCOPES)


def places(policy: Policy) -> frozenset[str]:
    """Return the codes of the places (countries, vendors or chips) in which a policy acts; empty if it has no scope."""
    kind = type(policy)
    if "countries" in kind.scopes:
        codes = {row["code"] for row in table("countries") if row["agency"] in policy.agencies} - {DESTINATION}
        codes |= set(policy.countries)
        return frozenset(codes or kind.choices("countries"))
    return frozenset(code for scope in kind.scopes for code in getattr(policy, scope) or kind.choices(scope))


def meet(one: Policy, other: Policy) -> bool:
    """Return whether two policies are the same lever in a common place and, it may be, in one state of the world."""
    if one.lever != other.lever or apart(one, other):
        return False
    here, there = places(one), places(other)
    return not here or not there or bool(here & there)
