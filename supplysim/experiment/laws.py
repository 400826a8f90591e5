"""The laws of bills in the design: every pair is run under a law, since without it the arm is the baseline.

A law's probability moves no run. So its state is held at ``passed`` in all pairs, each of which then tells what the law
does, and "as introduced" is the probability times that, exactly. It can be held where each arm that names it does
nothing without it; where it cannot (a package of two bills, or of a bill and a lever) it is drawn like any state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from supplysim.policies.base import Policy
from supplysim.run import Arms
from supplysim.setup.bill import PASSED
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import State, named_by


def with_laws_held(scenario: Scenario, arms: Arms) -> Scenario:
    """Return a scenario in which the states of bills have ``passed`` in every pair, where that tells all."""
    states = tuple(replace(state, held=_can_be_held(state, scenario, arms)) for state in scenario.states)
    return replace(scenario, states=states) if any(state.held for state in states) else scenario


def _can_be_held(state: State, scenario: Scenario, arms: Arms) -> bool:
    if state.bill is None or state.law == 0.0 or any(one.sets for one in state.values):
        return False
    if state.name in _named(scenario.policies):
        return False
    condition = f"{state.name}:{PASSED}"
    return all(
        one.when == condition
        for policies in arms.values()
        if state.name in _named(policies)
        for policy in policies
        for one in (policy, *policy.beside)
    )


def _named(policies: Iterable[Policy]) -> set[str]:
    return named_by(one for policy in policies for one in (policy, *policy.beside))


def laws_of(policies: Iterable[Policy], states: Iterable[State]) -> list[State]:
    """Return the states of the bills among the policies of an arm."""
    named = _named(policies)
    return [state for state in states if state.bill is not None and state.name in named]


def law_of(policies: Iterable[Policy], states: Iterable[State]) -> State | None:
    """Return the one law without which an arm does nothing; None if there is no such law."""
    return next((state for state in laws_of(policies, states) if state.held), None)


def unheld(chances: Mapping[str, Mapping[str, float]], states: Iterable[State]) -> list[str]:
    """Return the names of the states with other probabilities than they were drawn with, laws that are held apart."""
    return [state.name for state in states if state.name in chances and not state.held]
