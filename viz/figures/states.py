"""The states of a scenario with their probabilities, and the effect in each of them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from supplysim.viz.chance import Chance

from supplysim.experiment.by_state import ALL, FEWEST, StateEffect
from supplysim.experiment.statistics import SPAN
from supplysim.experiment.study import Study
from supplysim.experiment.tables import NO_CHANGE
from supplysim.language import gettext, numerals
from supplysim.report.formatting import relative, share, signed, unknown
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import State, weighed


def controls(scenario: Scenario, chance: Chance) -> list[dict[str, Any]]:
    """Return one entry a state of the scenario, before any of its values is certain."""
    return [_control(state, chance) for state in weighed(scenario.states, chance.chances, "probabilities")]


def _control(state: State, chance: Chance) -> dict[str, Any]:
    return {
        "name": state.name,
        "title": gettext(state.name),
        "certain": chance.certain.get(state.name, ""),
        "moved": state.name in chance.chances,
        "values": [
            {
                "name": value.name,
                "title": gettext(value.name),
                "percent": round(100.0 * value.probability, 1),
                "sets": ", ".join(_set(name, number) for name, number in value.sets),
            }
            for value in state.values
        ],
    }


def _set(name: str, number: float) -> str:
    return f"{gettext(name.replace('_', ' '))} = " + numerals(f"{number:g}")


def answer(study: Study, measure: str, chance: Chance) -> dict[str, Any]:
    """Return the effect in each value of each state and over all, for the arm of a study and the states left to chance.

    A state with one value for certain has nothing to compare.
    """
    open_states = {state: values for state, values in chance.chances.items() if state not in chance.certain}
    *own, overall = study.reweighted(open_states).by_state(next(iter(study.arms)), measure)
    shown = [one for one in own if one.state not in chance.certain]
    between = {one.state: one.between for one in shown}
    return {
        "pairs": study.pairs,
        "rows": [
            [
                f"{gettext(one.state)}: {gettext(one.value)}",
                numerals(f"{100 * one.probability:g} %"),
                str(one.pairs),
                cell(one),
            ]
            for one in shown
        ],
        "overall": cell(overall),
        "between": ", ".join(f"{gettext(state)} {share(part)}" for state, part in between.items() if isfinite(part)),
    }


def cell(one: StateEffect) -> str:
    """Return an effect in one value of a state, or that it cannot be told."""
    if one.state != ALL and one.pairs < FEWEST:
        return gettext("too few pairs (of {n})", n=FEWEST) if one.pairs else gettext("no pairs")
    if one.mean == 0.0 and one.error == 0.0:
        return gettext(NO_CHANGE)
    if isfinite(one.relative):
        half = SPAN * one.relative_error
        return relative(one.relative, one.relative - half, one.relative + half)
    return signed(one.mean) if isfinite(one.mean) else unknown()
