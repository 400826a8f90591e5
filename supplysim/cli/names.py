"""What a user types beside a scenario: numbers to set in it, policies, and what to call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.experiment.arms import plain_name
from supplysim.experiment.beliefs import Beliefs, beliefs_of
from supplysim.policies.registry import levers
from supplysim.policies.text import Package, parse
from supplysim.policies.values import written
from supplysim.setup import gate, schema
from supplysim.setup.scenario import Scenario
from supplysim.setup.schema import MARKET_SCALE
from supplysim.setup.states import CHANCE, FIXED

LONGEST_NAME = 60  # characters; a name is a cell of every table
TAKEN = ("baseline", "as it stands")  # what tables call the world without a policy


def numbers(settings: Sequence[str]) -> dict[str, float]:
    """Return the numbers of settings written as in ``fte=20``, by name.

    Raises
    ------
    InputError
        If one is not written name=number, names a lever or stands there twice.
    """
    found: dict[str, float] = {}
    for text in settings:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise InputError("--set", text, "it is not written name=number", "write it as --set fte=20")
        if name not in parameters() and name.partition("(")[0].partition(".")[0] in levers():
            rule = "that is a lever and none of its settings"
            raise InputError(f"--set {name}", None, rule, "write --set enforcement_budget.growth=1.33, say")
        if name in found:
            raise InputError(f"--set {name}", value, "it is set twice", "keep one")
        try:
            found[name] = float(value)
        except ValueError as error:
            raise InputError(f"--set {name}", value, "it is not a number", "write it as --set fte=20") from error
    return found


def typed(settings: Sequence[str]) -> str:
    """Return settings as they stand on a command line, a space before each."""
    return "".join(f" --set {name}={written(value)}" for name, value in numbers(settings).items())


def world(scenario: str, settings: Sequence[str]) -> Scenario:
    """Return a scenario with parameters set as in ``fte=20``; its title then says so.

    Raises
    ------
    InputError
        If the scenario is wrong, or a setting names no parameter or lies outside its range.
    """
    loaded = Scenario.load(scenario)
    found = numbers(settings)
    if not found:
        return loaded
    population = {name: found[name] for name in found if name == MARKET_SCALE}
    parameters = {name: found[name] for name in found if name != MARKET_SCALE}
    title = f"{loaded.title}, with {', '.join(f'{name} = {written(value)}' for name, value in found.items())}"
    try:
        return loaded.with_(title=title, parameters=parameters, population=population)
    except InputError as error:
        name = error.place.rpartition(": ")[2].partition(".")[2]
        raise InputError(f"--set {name}", error.value, error.rule, error.remedy) from None


def believed(file: Path | None, scenario: Scenario, settings: Sequence[str]) -> Beliefs | None:
    """Return the assumptions of a file for a scenario, whose states are known; None for no file.

    Raises
    ------
    InputError
        If anything in the file is wrong, or one of its parameters is set as well.
    """
    found = beliefs_of(file, scenario)
    for name in set() if found is None else {*schema.numbers(numbers(settings), "--set")} & {*found.names}:
        raise InputError(f"--set {name}", None, f"{file} has it too", "keep one")
    return found


def in_states(
    scenario: Scenario, packages: Sequence[Package], settings: Sequence[str], fixed: Sequence[str]
) -> Scenario:
    """Return a scenario with the states that its policies bring, some with a value for certain as in ``law=passed``.

    Raises
    ------
    InputError
        If there is no such state or value, or a state sets a parameter that is set as well.
    """
    whole = gate.joined(scenario, packages)
    setters = {name: state.name for state in whole.states for value in state.values for name, _ in value.sets}
    for name in schema.numbers(numbers(settings), "--set") if setters else ():
        if name in setters:
            remedy = f"write --state {setters[name]}=VALUE instead"
            raise InputError(f"--set {name}", None, f"the state {setters[name]} sets it", remedy)
    chosen: dict[str, str] = {}
    for text in fixed:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise InputError("--state", text, "it is not written name=value", FIXED)
        if chosen.setdefault(name, value) != value:
            raise InputError("--state", text, "that state has another value already", "keep one")
    if not chosen:
        return whole
    whole = whole.fixed(chosen, "--state")
    return replace(whole, title=", ".join([whole.title, *(f"{name} = {value}" for name, value in chosen.items())]))


def chances(texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return probabilities written as in ``law:passed=0.3`` by state and value.

    Raises
    ------
    InputError
        If one is not written so, or stands there twice.
    """
    found: dict[str, dict[str, float]] = {}
    for text in texts:
        place, equals, chance = (part.strip() for part in text.partition("="))
        name, colon, value = place.partition(":")
        if not (equals and colon and name and value):
            raise InputError("--state-probability", text, "it is not written name:value=probability", CHANCE)
        if value in found.setdefault(name, {}):
            raise InputError("--state-probability", text, "that value stands there twice", "keep one")
        try:
            found[name][value] = float(chance)
        except ValueError as error:
            raise InputError("--state-probability", text, "it is no number", CHANCE) from error
    return found


def named(policies: Sequence[str], names: Sequence[str], scenario: Scenario) -> list[Package]:
    """Return the policies as read, each under the user's own name if names are given: as many, in the same order.

    Raises
    ------
    InputError
        If a policy cannot be read, there are more or fewer names than policies, or a name cannot stand in a table.
    """
    packages = [parse(text, scenario) for text in policies]
    if not names:
        return packages
    if len(names) != len(packages):
        rule = f"there are {len(names)} names for {len(packages)} policies"
        raise InputError("--name", None, rule, "give every -p its --name, in the same order")
    found = [_checked(name) for name in names]
    for name in found:
        if found.count(name) > 1:
            raise InputError("--name", name, "two policies have that name", "give each its own")
    return [replace(package, name=name) for name, package in zip(found, packages, strict=True)]


def _checked(text: str) -> str:
    name = plain_name(text.strip(), "--name")
    if len(name) > LONGEST_NAME:
        raise InputError("--name", name, f"it is longer than {LONGEST_NAME} characters", "choose a shorter one")
    if name[0] in "=+-@":
        raise InputError("--name", name, "a spreadsheet would take it for a formula", "begin it with a letter")
    if name in TAKEN:
        raise InputError("--name", name, "the world without a policy is called that", "choose another one")
    return name
