"""States of the world: what chance decides once for a pair of runs, as whether China lets licensed chips in.

A state has values, each with a probability and with parameters that it sets; a policy may act in one value alone
(``when = "law:passed"``). Both runs of a pair share the values, so their difference stays paired. Probabilities are a
matter of the question, not of the run: nothing here that a run depends on hangs on them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError, nearest, shown
from supplysim.policies.base import Policy
from supplysim.policies.values import CONDITION
from supplysim.setup.bill import PASSED, Bill
from supplysim.setup.schema import check_state, full_parameters

MOST = 20  # states of a scenario: more would leave no pairs for the values of one
SUM_WITHIN = 1e-9  # of 1: probabilities are typed as decimals
FIXED = "write it as --state law=passed"
CHANCE = "write it as --state-probability law:passed=0.3"


@dataclass(frozen=True)
class Value:
    """One value of a state: its name, its probability, and the parameters that it sets, under their full names."""

    name: str
    probability: float
    sets: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be written as a table: whoever uses the value checks the rest."""
        if not isinstance(self.sets, tuple) or not all(isinstance(one, tuple) and len(one) == 2 for one in self.sets):
            raise InputError(
                "Value.sets", self.sets, "they are no pairs of name and number", 'write (("access", 0.2),)'
            )


@dataclass(frozen=True)
class State:
    """What chance decides once for a pair: a name, and values whose probabilities add up to 1.

    The state of a bill may be `held` at ``passed``: then every pair is run under the law, since without it the arm is
    the baseline and no run tells more; the probability counts afterwards. Neither it nor the bill is in a comparison
    of states.
    """

    name: str
    values: tuple[Value, ...]
    bill: Bill | None = field(default=None, compare=False, repr=False)
    held: bool = field(default=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what could not be written as a table: whoever uses the state checks the rest."""
        if not isinstance(self.values, tuple) or not all(isinstance(one, Value) for one in self.values):
            raise InputError(
                "State.values", self.values, "they are no values of a state", 'write (Value("open", 1.0),)'
            )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the values."""
        return tuple(value.name for value in self.values)

    @property
    def probabilities(self) -> np.ndarray:
        """Probabilities of the values, shape (values,)."""
        return np.array([value.probability for value in self.values])

    @property
    def law(self) -> float:
        """The probability that a bill is law."""
        return self.values[self.names.index(PASSED)].probability

    @property
    def most_probable(self) -> str:
        """The value with the highest probability, the first of equals; of a state that is held, its one value."""
        return PASSED if self.held else self.names[int(np.argmax(self.probabilities))]

    def sets(self, name: str) -> dict[str, float]:
        """Return the parameters that a value sets."""
        return dict(self.values[self.names.index(name)].sets)

    def drawn(self, shares: np.ndarray) -> list[str]:
        """Return the value at each share in (0, 1): values follow one another, as wide as they are probable."""
        if self.held:
            return [PASSED] * len(shares)
        upto = np.cumsum(self.probabilities)
        possible = np.flatnonzero(self.probabilities > 0.0)
        places = np.minimum(np.searchsorted(upto, shares, side="right"), possible[-1])
        return [self.names[place] for place in places]

    def with_probabilities(self, chances: Mapping[str, float]) -> State:
        """Return the state with other probabilities, one a value."""
        return replace(self, values=tuple(replace(value, probability=chances[value.name]) for value in self.values))

    def certain(self, name: str) -> State:
        """Return the state with one value for certain that sets nothing, since what it sets is in force."""
        return State(self.name, tuple(Value(one, float(one == name)) for one in self.names))

    def in_words(self) -> str:
        """Return the values with their probabilities and what they set, in one line."""
        parts = [
            f"{one.name} {one.probability:g}"
            + (f" ({', '.join(f'{name} = {number:g}' for name, number in one.sets)})" if one.sets else "")
            for one in self.values
        ]
        return ", ".join(parts)

    def table(self) -> dict[str, Any]:
        """Return the state as a table of a scenario file."""
        values = [
            {"name": one.name, "probability": one.probability} | ({"set": dict(one.sets)} if one.sets else {})
            for one in self.values
        ]
        return {"name": self.name, "values": values}


class Draw(dict[str, float]):
    """The parameters of a pair, what its states set among them, and the value that each state has in it."""

    def __init__(self, parameters: Mapping[str, float], states: Mapping[str, str]) -> None:
        super().__init__(parameters)
        self.states = dict(states)


def states_of(draw: Mapping[str, float]) -> dict[str, str]:
    """Return the value of each state in a pair; nothing if its parameters say nothing of states."""
    return draw.states if isinstance(draw, Draw) else {}


def checked(tables: Any, place: str) -> list[dict[str, Any]]:
    """Return the [[states]] of one file as tables, checked by themselves.

    Parameters
    ----------
    tables : iterable
        Tables as read from a file, or `State` objects.
    place : str
        File and section, for messages.
    """
    found: list[dict[str, Any]] = []
    for index, given in enumerate(arguments.items(tables, place, 'write [[states]] with name = "law" and values')):
        at = f"{place}[{index}]"
        table = given.table() if isinstance(given, State) else given
        check_state(arguments.table(table, at, "write a table with a name and values"), at)
        if table["name"] in [one["name"] for one in found]:
            raise InputError(f"{at}.name", table["name"], "that state stands there twice", "keep one")
        found.append(_checked(table, at))
    return found


def _checked(table: Mapping[str, Any], place: str) -> dict[str, Any]:
    values: list[dict[str, Any]] = []
    for index, value in enumerate(table["values"]):
        at = f"{place}.values[{index}]"
        if value["name"] in [one["name"] for one in values]:
            raise InputError(f"{at}.name", value["name"], "that value stands there twice", "keep one")
        sets = full_parameters(value.get("set", {}), f"{at}.set")
        for name, number in sets.items():
            if isinstance(number, Mapping):
                raise InputError(f"{at}.set.{name}", None, "a state sets numbers, no priors", "write a number")
        values.append({**value, "probability": float(value["probability"]), "set": sets})
    total = math.fsum(value["probability"] for value in values)
    if abs(total - 1.0) > SUM_WITHIN:
        rule = f"the probabilities of its values add up to {total:g}"
        raise InputError(f"{place}.values", None, rule, "make them add up to 1")
    return {**table, "values": values}


def of_tables(tables: Sequence[Mapping[str, Any]], place: str) -> tuple[State, ...]:
    """Return the states of a whole scenario, once they are known not to get in one another's way."""
    if len(tables) > MOST:
        raise InputError(place, len(tables), f"more than {MOST} states", "leave some out")
    found = tuple(
        State(
            table["name"],
            tuple(Value(v["name"], v["probability"], tuple(v.get("set", {}).items())) for v in table["values"]),
        )
        for table in tables
    )
    check_apart(found, place)
    return found


def check_apart(states: Sequence[State], place: str) -> None:
    """Raise InputError if two states set the same parameter."""
    setter: dict[str, str] = {}
    for state in states:
        for name in sorted({name for value in state.values for name, _ in value.sets}):
            if setter.setdefault(name, state.name) != state.name:
                rule = f"the states {setter[name]} and {state.name} both set {name}"
                raise InputError(place, None, rule, "let one state set it")


def check_when(policy: Policy, states: Iterable[State], place: str) -> None:
    """Raise InputError unless the state and the value in which a policy acts exist."""
    found = CONDITION.fullmatch(policy.when)
    if not found:
        return
    known = {state.name: state for state in states}
    if found[1] not in known:
        remedy = nearest(found[1], known) if known else "add a [[states]] block"
        raise InputError(f"{place}.when", policy.when, f"there is no state {shown(found[1])!r}", remedy)
    names = known[found[1]].names
    if found[2] not in names:
        rule = f"the state {found[1]} has no value {shown(found[2])!r}"
        raise InputError(f"{place}.when", policy.when, rule, nearest(found[2], names))


def complete(states: Iterable[State], values: Mapping[str, str]) -> dict[str, str]:
    """Return the value of every state: the one given, else the most probable."""
    return {state.name: values.get(state.name, state.most_probable) for state in states}


def acting(policies: Iterable[Policy], values: Mapping[str, str]) -> tuple[Policy, ...]:
    """Return the policies that act while states have these values, as they are without the condition."""

    def acts(policy: Policy) -> bool:
        state, _, value = policy.when.partition(":")
        return not state or values.get(state) == value

    def bare(policy: Policy) -> Policy:
        if not any(one.when for one in (policy, *policy.beside)):
            return policy
        return replace(policy, when="", beside=tuple(replace(one, when="") for one in policy.beside if acts(one)))

    return tuple(bare(policy) for policy in policies if acts(policy))


def named_by(policies: Iterable[Policy]) -> set[str]:
    """Return the names of the states that some policies ask for."""
    return {policy.when.partition(":")[0] for policy in policies if policy.when}


def joined(states: Sequence[State], more: Iterable[State], place: str) -> tuple[State, ...]:
    """Return the states of a world and those that an arm brings; of one that both have, the world's probabilities hold.

    Raises
    ------
    InputError
        If a state that both have is not the same state, or two set the same parameter.
    """
    known = {state.name: state for state in states}
    for state in more:
        own = known.setdefault(state.name, state)
        if [(one.name, one.sets) for one in own.values] != [(one.name, one.sets) for one in state.values]:
            rule = f"the scenario compared has another state {state.name!r}"
            raise InputError(place, None, rule, "rename one, or give both the same values")
    found = tuple(known.values())
    if len(found) > MOST:
        raise InputError(place, len(found), f"more than {MOST} states together", "compare fewer policies at once")
    check_apart(found, place)
    return found


def fixed(states: Sequence[State], values: Any, place: str) -> tuple[State, ...]:
    """Return states of which some have one value for certain.

    Parameters
    ----------
    values : mapping of str to str
        State -> value.
    """
    given = arguments.table(values, place, 'write {"law": "passed"}')
    chances: dict[str, dict[str, float]] = {}
    for name, value in given.items():
        names = _state(states, name, place).names
        arguments.known(value, names, f"{place} {name}", "value")
        chances[name] = {one: float(one == value) for one in names}
    return _with(states, chances)


def weighed(states: Sequence[State], chances: Any, place: str) -> tuple[State, ...]:
    """Return states with other probabilities; values that are not named share the rest as they did.

    Parameters
    ----------
    chances : mapping of str to mapping of str to float
        State -> value -> probability.
    """
    table = arguments.table(chances, place, 'write {"law": {"passed": 0.3}}')
    return _with(
        states,
        {name: _chances(_state(states, name, place), given, f"{place} {shown(name)}") for name, given in table.items()},
    )


def _state(states: Sequence[State], name: Any, place: str) -> State:
    if not states:
        raise InputError(place, name, "the scenario has no states of the world", "leave it out")
    known = {state.name: state for state in states}
    return known[arguments.known(name, known, place, "state of the world")]


def _with(states: Sequence[State], chances: Mapping[str, Mapping[str, float]]) -> tuple[State, ...]:
    return tuple(state.with_probabilities(chances[state.name]) if state.name in chances else state for state in states)


def _chances(state: State, given: Any, place: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, chance in arguments.table(given, place, 'write {"passed": 0.3}').items():
        arguments.known(name, state.names, place, "value")
        at = f"{place}:{name}"
        if isinstance(chance, bool) or not isinstance(chance, (int, float, np.floating, np.integer)):
            raise InputError(at, chance, "it is not a number", "write a probability such as 0.3")
        if not 0.0 <= chance <= 1.0:  # also trips on nan
            raise InputError(at, float(chance), "it must lie between 0 and 1", "write a probability such as 0.3")
        found[name] = float(chance)
    rest = 1.0 - math.fsum(found.values())
    others = {value.name: value.probability for value in state.values if value.name not in found}
    if rest < -SUM_WITHIN or (not others and abs(rest) > SUM_WITHIN):
        rule = f"the probabilities add up to {1.0 - rest:g}"
        raise InputError(place, None, rule, "make them add up to 1")
    before = math.fsum(others.values())
    share = {name: chance / before if before else 1.0 / len(others) for name, chance in others.items()}
    return found | {name: max(rest, 0.0) * part for name, part in share.items()}
