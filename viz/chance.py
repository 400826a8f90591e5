"""States of the world in the app: one value for certain, or other probabilities; in the state, in a link, by a move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from supplysim.errors import InputError
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import fixed, weighed

Chances = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Chance:
    """What a visitor supposes of the states of a scenario.

    Attributes
    ----------
    certain : dict of str to str
        State -> its value for certain: other runs.
    chances : dict of str to dict of str to float
        State -> value -> probability that counts instead of the scenario's: the same runs, weighed anew.
    """

    certain: Mapping[str, str] = field(default_factory=dict)
    chances: Chances = field(default_factory=dict)

    def applied(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the values that are certain."""
        return scenario.fixed(dict(self.certain), "states") if self.certain else scenario

    def settled(self, scenario: Scenario, name: str, value: str) -> Chance:
        """Return this with a state's value for certain; with an empty one it is left to chance again.

        Raises
        ------
        InputError
            If the scenario has no such state or value.
        """
        kept = {key: old for key, old in self.certain.items() if key != name}
        if value:
            fixed(scenario.states, {name: value}, "states")
            kept[name] = value
        return replace(self, certain=kept)

    def weighed(self, scenario: Scenario, name: str, value: str, probability: float) -> Chance:
        """Return this with another probability of a value; the other values share the rest as they did.

        Raises
        ------
        InputError
            If there is no such state or value, or the number is no probability.
        """
        found = {key: old for key, old in self.chances.items() if key != name} | {name: {value: probability}}
        weighed(scenario.states, found, "probabilities")
        return replace(self, chances=found)

    def forgotten(self, name: str) -> Chance:
        """Return this with the scenario's own probabilities of a state."""
        return replace(self, chances={key: old for key, old in self.chances.items() if key != name})


NOTHING = Chance()


def encode(chance: Chance) -> dict[str, str]:
    """Return what a link says of states: ``st=law:passed`` and ``sp=law:passed:0.3``."""
    certain = ",".join(f"{name}:{value}" for name, value in chance.certain.items())
    chances = ",".join(
        f"{name}:{value}:{number:g}" for name, values in chance.chances.items() for value, number in values.items()
    )
    return {"st": certain, "sp": chances}


def decode(pairs: Mapping[str, str], scenario: Scenario) -> tuple[Chance, list[str]]:
    """Return what a link supposes of a scenario's states, and one line for everything in it that is wrong."""
    chance, problems = NOTHING, []
    for key in ("st", "sp"):
        for piece in filter(None, pairs.get(key, "").split(",")):
            name, _, rest = piece.partition(":")
            value, _, number = rest.partition(":")
            try:
                if key == "st":
                    if not rest:
                        raise InputError("link: st", piece, "it is not written state:value", "write law:passed")
                    chance = chance.settled(scenario, name, rest)
                else:
                    chance = chance.weighed(scenario, name, value, probability(number))
            except InputError as error:
                problems.append(str(error))
    return chance, problems


def probability(text: str) -> float:
    """Return a probability somebody wrote.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 <= number <= 1.0:
        raise InputError("link: sp", text, "it is no probability", "write law:passed:0.3")
    return number
