"""The gate: whatever comes from Python passes the checks that scenario files pass, before a world is made of it.

`admit` is called where a world is made (`Engine`). Whoever asks for many worlds asks the parts of the gate first,
so that a mistake is told before anything has run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from numbers import Integral, Real
from pathlib import Path
from typing import Any, NamedTuple

from supplysim import arguments
from supplysim.errors import InputError, shown
from supplysim.evidence import Extreme
from supplysim.packs import stamp
from supplysim.policies.base import Policy
from supplysim.policies.entries import check_dates, linked
from supplysim.policies.text import FORMS, Package, parse
from supplysim.setup import states
from supplysim.setup.scenario import Scenario
from supplysim.setup.schema import Network, Population, Rules, extreme_numbers, numbers
from supplysim.setup.states import Draw, State, states_of

SEEDS = 2**63  # a seed is one of these
WITH = "write scenario.with_(...), which checks what it changes"
REMEDY = 'write ["border=0.5"]'
SECTIONS = {"rules": Rules, "population": Population, "network": Network}


class Admitted(NamedTuple):
    """What a world is made of, checked; its states have the values that they have in it."""

    scenario: Scenario
    policies: tuple[Policy, ...]  # besides the scenario's own
    seed: int
    parameters: dict[str, float]  # that replace the scenario's central ones, under their full names


def admit(scenario: Any, policies: Any = (), seed: Any = 7, parameters: Any = None) -> Admitted:
    """Return what a world is to be made of as the model holds it.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file or object; an object is checked as its file would be, however it was made.
    policies : Policy, Package, str, or an iterable of them
        None is none.
    seed : whole number of Python or NumPy
    parameters : mapping of str to number, optional
        Full names or symbols; numbers of Python or NumPy.

    Raises
    ------
    InputError
        For the first thing that a scenario file could not say either: place, value, rule and remedy.
    """
    policies, draw = entries_of(policies), parameters_of(parameters)
    world = joined(scenario_of(scenario), policies)
    settled = world.settled(states_of(draw))
    acting = in_force(policies_of(policies, world), settled)
    for policy in acting:
        if policy.trigger is not None:
            rule = "it waits for a trigger, which a comparison alone follows"
            raise InputError(f"policy {policy.label()}", None, rule, "use compare, or give the policy a date")
    return Admitted(settled, acting, seed_of(seed), draw)


def joined(scenario: Scenario, policies: Any) -> Scenario:
    """Return a scenario with the states that policies bring from files of their own."""
    found = scenario.states
    for entry in entries_of(policies):
        for one in entry if isinstance(entry, (tuple, list)) else (entry,):
            package = parse(one) if isinstance(one, str) else one
            if isinstance(package, Package):
                found = states.joined(found, brought(package), f"policy {package.name!r}: states")
    return scenario if found == scenario.states else replace(scenario, states=found)


def in_force(policies: Iterable[Policy], settled: Scenario) -> tuple[Policy, ...]:
    """Return the policies that act in a world whose states have their values."""
    return states.acting(policies, states.complete(settled.states, {}))


def whole(value: Any, place: str, low: int, high: int | None, remedy: str) -> int:
    """Return a whole number from `low` to `high` (None: no limit) as Python's int, or raise InputError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputError(place, value, "it is not a whole number", remedy)
    number = int(value)
    if number < low or (high is not None and number > high):
        rule = (
            f"it must be at least {low}" if high is None else f"it must be a whole number from {low} to {_told(high)}"
        )
        raise InputError(place, number, rule, remedy)
    return number


def is_number(value: Any) -> bool:
    """Return whether a value is a real number of Python or NumPy; true and false are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def seed_of(value: Any, place: str = "seed") -> int:
    """Return a seed."""
    return whole(value, place, 0, SEEDS - 1, "choose another one, 7 say")


def parameters_of(given: Any) -> dict[str, float]:
    """Return parameters under their full names as Python's floats, with the states that were drawn; None is none."""
    if given is None:
        return {}
    if isinstance(given, Draw):
        return Draw(numbers(given, "parameters"), given.states)
    if not isinstance(given, Mapping) and not (hasattr(given, "keys") and hasattr(given, "items")):  # a pandas Series
        raise InputError("parameters", given, "it is not a mapping of names to numbers", 'write {"investigators": 20}')
    return (extreme_numbers if isinstance(given, Extreme) else numbers)(dict(given), "parameters")


def scenario_of(given: Any) -> Scenario:
    """Return a scenario given by name, file or object, checked as a whole."""
    if isinstance(given, (str, Path)):
        return scenario_of(Scenario.load(given))
    if not isinstance(given, Scenario):
        raise InputError("scenario", given, "it is no scenario", "give a name, the path of a TOML file, or a Scenario")
    place = f"scenario {given.name}"
    if given.world != stamp():
        rule = f"this process has {f'world {stamp()}' if stamp() else 'the shipped world'}"
        raise InputError(
            f"{place}: world", given.world or "the shipped one", rule, "load the scenario in its own world"
        )
    if given.triggers:
        rule = "triggers belong to policies, and here it is the world"
        raise InputError(f"{place}: triggers", None, rule, "name the file with -p, beside a world without them")
    for name, kind in SECTIONS.items():
        if not isinstance(getattr(given, name), kind):
            raise InputError(f"{place}: {name}", getattr(given, name), f"it is no {kind.__name__}", WITH)
    if not isinstance(given.parameters, Mapping):
        raise InputError(f"{place}: parameters", given.parameters, "it is not a mapping of names to numbers", WITH)
    for name in ("policies", "sources", "states"):
        if not isinstance(getattr(given, name), (tuple, list)):
            raise InputError(f"{place}: {name}", getattr(given, name), "it is no tuple", WITH)
    for index, policy in enumerate(given.policies):
        if not isinstance(policy, Policy):
            raise InputError(f"{place}: policies[{index}]", policy, "it is no Policy", WITH)
    for index, state in enumerate(given.states):
        if not isinstance(state, State):
            raise InputError(f"{place}: states[{index}]", state, "it is no State", WITH)
    files = {"network": given.network.model_dump(exclude_none=True)} if given.network.files() else {}
    again = given.with_(parameters=dict(given.parameters), **files)
    return given if again == given else again


def entries_of(given: Any) -> list[Any]:
    """Return policies as a list, whatever each of them is; None is none."""
    if given is None:
        return []
    return [given] if isinstance(given, (str, Policy, Package)) else arguments.items(given, "policies", REMEDY)


def brought(package: Package) -> tuple[State, ...]:
    """Return the states that a package brings, once they are known to be such."""
    if not isinstance(package.states, (tuple, list)) or not all(isinstance(one, State) for one in package.states):
        place = f"policy {shown(package.name)!r}: states"
        raise InputError(place, package.states, "they are no states of the world", "leave them out, or use parse(file)")
    return tuple(package.states)


def policies_of(given: Any, scenario: Scenario) -> tuple[Policy, ...]:
    """Return the policies of texts, packages and single levers; None is none.

    Single levers come first and stand together like the entries of one text.
    """
    entries = entries_of(given)
    single = [policy for entry in entries if isinstance(entry, Policy) for policy in members(entry, scenario)]
    found = list(linked(single))
    for entry in entries:
        if not isinstance(entry, Policy):
            found.extend(members(entry, scenario))
    return tuple(found)


def members(entry: Any, scenario: Scenario) -> tuple[Policy, ...]:
    """Return the policies of one entry: text, a lever, a package, or a tuple or list of levers and texts."""
    if isinstance(entry, str):
        return parse(entry, scenario).policies
    together: Callable[[Iterable[Policy]], tuple[Policy, ...]] = linked
    known = (*scenario.states, *(brought(entry) if isinstance(entry, Package) else ()))
    if isinstance(entry, Package):
        entry, together = entry.policies, tuple  # its entries know one another
    found: list[Policy] = []
    for one in entry if isinstance(entry, (tuple, list)) else (entry,):
        if isinstance(one, str):
            found.extend(parse(one, scenario).policies)
            continue
        if not isinstance(one, Policy):
            remedy = f"write {one.__name__}()" if isinstance(one, type) and issubclass(one, Policy) else FORMS
            raise InputError("policies", one, "it is no policy", remedy)
        check_dates(one, scenario.start, scenario.end, scenario.policy_start, f"policy {one.lever}")
        states.check_when(one, known, f"policy {one.lever}")
        found.append(one)
    if not found and isinstance(entry, (tuple, list)) and together is linked:
        raise InputError("policies", None, "a package holds no policy", "leave it out")
    return tuple(together(found))


def _told(number: int) -> str:
    return "2^63 - 1" if number == SEEDS - 1 else str(number)
