"""What is compared: policies as text, objects or packages become named arms, checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.policies import six
from supplysim.policies.base import Policy
from supplysim.policies.entries import check_duplicates, linked
from supplysim.policies.text import Package, parse
from supplysim.run import BASELINE, Arms
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

ALL_SIX = "all six"
Policies = Iterable[str | Policy | Package | tuple[Policy, ...]] | str | Policy | Package | None

LONGEST = 999  # characters of a name: a package may be named by all its policies as typed


def arms_of(policies: Policies, scenario: Scenario) -> dict[str, tuple[Policy, ...]]:
    """Return what to compare: name -> policies; nothing named means the six recommendations and all of them.

    Raises
    ------
    InputError
        If a policy cannot be read, lies outside the scenario, or says two things of one day.
    """
    if isinstance(policies, (str, Policy, Package)):
        policies = [policies]
    entries = [] if policies is None else arguments.items(policies, "policies", 'write ["border=0.5"]')
    if not entries:
        return {policy.lever: (policy,) for policy in six()} | {ALL_SIX: six()}
    arms: dict[str, tuple[Policy, ...]] = {}
    for entry in entries:
        package = _package(entry, scenario)
        place = f"policy {package.name!r}"
        if package.name in (BASELINE, *arms):
            raise InputError(
                place, None, "that name is taken", "give each policy once, or name it with Package(name, policies)"
            )
        arms[package.name] = package.policies
    return arms


def _package(entry: str | Policy | Package | tuple[Policy, ...], scenario: Scenario) -> Package:
    if isinstance(entry, str):
        return parse(entry, scenario)
    members = gate.members(entry, scenario)
    if isinstance(entry, Package):
        return Package(plain_name(entry.name, "policies: name of a package"), members, entry.states)
    name = "+".join(policy.label() for policy in members)
    check_duplicates(((policy, f"policy {name!r}") for policy in members), scenario.policy_start)
    return Package(name, linked(members))


def plain_name(name: str, place: str) -> str:
    """Return the name of a package, a cell of every table, once it is known to be a line that can be read."""
    if not isinstance(name, str):
        raise InputError(place, name, "it is no text", "name it by a text")
    if not name.strip() or not name.isprintable():
        raise InputError(place, name, "it is empty or has control characters", "use letters, digits and spaces")
    if len(name) > LONGEST:
        raise InputError(place, name, f"it has {len(name):,} characters", f"use at most {LONGEST}")
    return name


def acting(names: Iterable[str], policies: Iterable[Policy]) -> list[str]:
    """Return those of the parameters that can matter under policies: the world's, and the settings of their levers."""
    known, levers = parameters(), {"", *(policy.lever for policy in policies)}
    return [name for name in names if name not in known or known[name].lever in levers]


def first_week_of(scenario: Scenario, arms: Arms) -> int:
    """Return the first week in which any policy may act: before it the worlds of a pair are equal."""
    starts = [policy.start for policies in arms.values() for policy in policies if policy.start is not None]
    return min(scenario.week_of(day) for day in [scenario.policy_start, *starts])
