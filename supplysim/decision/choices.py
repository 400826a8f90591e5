"""The table that every analysis of a decision reads: what each option comes to in each world, and the worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Self

import numpy as np

from supplysim import arguments
from supplysim.decision.aims import reported
from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.experiment.arms import acting
from supplysim.experiment.laws import law_of
from supplysim.experiment.raking import weights as raked
from supplysim.experiment.state_draws import of_no_state
from supplysim.experiment.uncertainty import AS_IT_STANDS
from supplysim.language import gettext
from supplysim.run import BASELINE
from supplysim.setup.bill import PASSED
from supplysim.setup.states import State, states_of

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.comparison import Comparison
    from supplysim.experiment.study import Study
    from supplysim.policies.base import Policy

RULE = "decision rule"  # stands among the states where a study was run under several
NOT_PASSED = "not passed"


@dataclass(frozen=True, eq=False)
class Choices:
    """Options, worlds, and what each option comes to in each world.

    Attributes
    ----------
    names : tuple of str
        The options. The first is to leave things as they stand.
    outcomes : dict of str to ndarray, shape (worlds, options)
        Objective -> what is left of it under each option, in its unit; less is better. See `aims.AIMS`.
    factors : DataFrame, shape (worlds, factors)
        Numbers that differ from world to world: parameters, strengths and costs of levers, in their units.
    states : DataFrame of str, shape (worlds, states)
        What else differs: the value of each state of the world, and the decision rule.
    weights : ndarray, shape (worlds,)
        Of the worlds, adding up to 1.
    pair : ndarray of int, shape (worlds,), optional
        Worlds with the same number share their draws: they are resampled, trained on and tested on together.
        Default: every world by itself.
    window : str, optional
        Years over which outcomes are counted.
    levers : dict of str to frozenset of str, optional
        Option -> its levers, those of the scenario among them: what an option changes cannot hang on the settings of
        others. Default: nothing is known.
    """

    names: tuple[str, ...]
    outcomes: dict[str, np.ndarray]
    factors: pd.DataFrame
    states: pd.DataFrame
    weights: np.ndarray
    pair: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=int))
    window: str = ""
    levers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse tables that do not fit together."""
        worlds = len(self.weights)
        if not self.pair.size:
            object.__setattr__(self, "pair", np.arange(worlds))
        shapes = {"factors": len(self.factors), "states": len(self.states), "pair": len(self.pair)}
        for name, length in shapes.items():
            if length != worlds:
                raise InputError(f"Choices.{name}", length, f"there are {worlds} weights", "give one row a world")
        for name, values in self.outcomes.items():
            place = f"Choices.outcomes[{name!r}]"
            if values.shape != (worlds, len(self.names)):
                rule = f"there are {worlds} worlds and {len(self.names)} options"
                raise InputError(place, str(values.shape), rule, "give one row a world and one column an option")
            if not np.isfinite(values).all():
                raise InputError(place, None, "has numbers that are not known", "leave out those worlds")
        if len(self.names) < 2:
            raise InputError("options", len(self.names), "a choice has two at least", "name one policy or more")
        if not worlds or not (np.isfinite(self.weights).all() and (self.weights >= 0.0).all()):
            raise InputError("Choices.weights", None, "are no weights", "give numbers from 0, one a world")
        if abs(float(self.weights.sum()) - 1.0) > 1e-6:
            raise InputError("Choices.weights", float(self.weights.sum()), "they must add up to 1", "divide by the sum")

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return len(self.weights)

    def of(self, objective: str) -> np.ndarray:
        """Return the outcomes on an objective, shape (worlds, options).

        Raises
        ------
        InputError
            If it is none of those that are known here.
        """
        return self.outcomes[arguments.known(objective, self.outcomes, "objective", "objective")]

    def deaf(self, factors: Sequence[str]) -> np.ndarray:
        """Return which options cannot hang on some factors, all of them settings of other levers, shape (options,)."""
        of = {parameters()[name].lever if name in parameters() else "" for name in factors}
        if "" in of or not all(name in self.levers for name in self.names):
            return np.zeros(len(self.names), dtype=bool)
        return np.array([not of & self.levers[name] for name in self.names])

    def means(self, objective: str) -> np.ndarray:
        """Return the mean outcome of each option, shape (options,)."""
        return self.weights @ self.of(objective)

    def best(self, objective: str) -> int:
        """Return the place of the option with the least mean outcome, the first of equals."""
        return int(np.argmin(self.means(objective)))

    def where(self, here: np.ndarray) -> Self:
        """Return the choices in some worlds (a mask, shape (worlds,)), whose weights add up to 1 again."""
        weight = self.weights[here]
        return replace(
            self,
            outcomes={name: values[here] for name, values in self.outcomes.items()},
            factors=self.factors[here].reset_index(drop=True),
            states=self.states[here].reset_index(drop=True),
            weights=weight / weight.sum(),
            pair=self.pair[here],
        )

    def among(self, names: Mapping[str, str]) -> Self:
        """Return the choices between some options and leaving things as they stand; name -> what to call it.

        Raises
        ------
        InputError
            If there is no such option.
        """
        for name in names:
            arguments.known(name, self.names[1:], "options", "option")
        places = [0, *(self.names.index(name) for name in names)]
        outcomes = {objective: values[:, places] for objective, values in self.outcomes.items()}
        levers = {label: self.levers[name] for name, label in names.items() if name in self.levers}
        levers |= {name: own for name, own in self.levers.items() if name == self.names[0]}
        return replace(self, names=(self.names[0], *names.values()), outcomes=outcomes, levers=levers)

    def by_pair(self) -> Self:
        """Return the choices with one world a pair: mean outcomes over its worlds, and the states that they share.

        Means by factors are the same, since the worlds of a pair share those.
        """
        _, first, place = np.unique(self.pair, return_index=True, return_inverse=True)
        if len(first) == self.worlds:
            return self
        weight = np.bincount(place, self.weights)
        share = np.divide(self.weights, weight[place], out=np.zeros(self.worlds), where=weight[place] > 0.0)
        sums = np.zeros((len(first), self.worlds))
        sums[place, np.arange(self.worlds)] = share
        shared = [
            name for name in self.states if (self.states[name] == self.states[name].iloc[first[place]].array).all()
        ]
        return replace(
            self,
            outcomes={name: sums @ values for name, values in self.outcomes.items()},
            factors=self.factors.iloc[first].reset_index(drop=True),
            states=self.states[shared].iloc[first].reset_index(drop=True),
            weights=weight,
            pair=self.pair[first],
        )

    def parts(self) -> dict[str, np.ndarray]:
        """Return masks of the worlds by value of a state, ``beijing=open``; none of a state that has one value only."""
        return {
            f"{state}={value}": (self.states[state] == value).to_numpy()
            for state in self.states
            if self.states[state].nunique() > 1
            for value in self.states[state].unique()
        }


def choices_of(study: Study) -> Choices:
    """Return the choices of a study: as it stands, then its policies, over the window.

    A law that is held (`experiment.laws`) is in force in every pair that was run. So each pair gives two worlds, with
    the law by its probability and without it by the rest, in which its policies change nothing. Under several decision
    rules each pair gives a world a rule, all of the same weight.
    """
    import pandas as pd

    members: Mapping[str, Comparison] = study.by_rule or {"": study}
    common = set.intersection(*({pair[0].pair for pair in member.runs} for member in members.values()))
    tables = [_table(study, member, rule, common) for rule, member in members.items()]
    worlds = [one for table in tables for one in _with_laws(study, table)]
    first, arms = worlds[0][1], ((), *study.arms.values())
    weight = np.concatenate([chance * one.weights for chance, one in worlds])
    return Choices(
        names=first.names,
        outcomes={name: np.concatenate([one.outcomes[name] for _, one in worlds]) for name in first.outcomes},
        factors=pd.concat([one.factors for _, one in worlds], ignore_index=True),
        states=pd.concat([one.states for _, one in worlds], ignore_index=True),
        weights=weight / weight.sum(),
        pair=np.concatenate([one.pair for _, one in worlds]),
        window=study.window,
        levers={name: _levers((*study.scenario.policies, *own)) for name, own in zip(first.names, arms, strict=True)},
    )


def _table(study: Study, member: Comparison, rule: str, common: set[int]) -> Choices:
    """Return the choices of the pairs that all rules have, under one of them, as they were run."""
    import pandas as pd

    arms = (BASELINE, *study.arms)
    outcomes = {
        name: np.sum(
            [np.column_stack([member.values(arm, one, member.window) for arm in arms]) for one in aim.measures], axis=0
        )
        for name, aim in reported(study.measures).items()
    }
    pair = np.array([runs[0].pair for runs in member.runs])
    known = np.isin(pair, [*common])
    for values in outcomes.values():
        known &= np.isfinite(values).all(axis=1)
    if not known.any():
        raise InputError("study", None, "has no world in which every outcome is known", "run more pairs")
    draws = [study.draws[number] for number, here in zip(pair, known, strict=True) if here]
    free = [state for state in study.states if not state.held]
    values = pd.DataFrame([{state.name: states_of(draw)[state.name] for state in free} for draw in draws])
    if rule:
        values[RULE] = rule
    policies = [policy for own in study.arms.values() for policy in own]
    names = acting(of_no_state(draws, study.scenario.states), (*study.scenario.policies, *policies))
    varying = [name for name in names if len({draw[name] for draw in draws}) > 1]
    return Choices(
        names=(gettext(AS_IT_STANDS), *study.arms),
        outcomes={name: values[known] for name, values in outcomes.items()},
        factors=pd.DataFrame({name: [draw[name] for draw in draws] for name in varying}, index=range(len(draws))),
        states=values,
        weights=_weights(draws, free),
        pair=pair[known],
    )


def _weights(draws: Sequence[Mapping[str, float]], states: Sequence[State]) -> np.ndarray:
    """Return weights that give each value of each state its probability; equal ones if none do."""
    places = np.array([[state.names.index(states_of(draw)[state.name]) for draw in draws] for state in states])
    found = raked(places.reshape(len(states), len(draws)).astype(int), [state.probabilities for state in states])
    return np.full(len(draws), 1.0 / len(draws)) if found is None else found


def _with_laws(study: Study, table: Choices) -> list[tuple[float, Choices]]:
    """Return probability and table of every combination of held laws passed or not; one table if no law is held."""
    mine = [law_of(policies, study.states) for policies in study.arms.values()]
    laws = [state for state in study.states if state in mine]
    found = []
    for passed in product((True, False), repeat=len(laws)):
        chance = prod(law.law if here else 1.0 - law.law for law, here in zip(laws, passed, strict=True))
        off = [law for law, here in zip(laws, passed, strict=True) if not here]
        column = [0, *(0 if law in off else place for place, law in enumerate(mine, start=1))]
        values = {law.name: _other(law) if law in off else PASSED for law in laws}
        outcomes = {name: outcome[:, column] for name, outcome in table.outcomes.items()}
        if chance > 0.0:
            found.append((chance, replace(table, outcomes=outcomes, states=table.states.assign(**values))))
    return found


def _other(law: State) -> str:
    return next((name for name in law.names if name != PASSED), NOT_PASSED)


def _levers(policies: Sequence[Policy]) -> frozenset[str]:
    return frozenset(one.lever for policy in policies for one in (policy, *policy.beside))
