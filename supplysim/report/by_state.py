"""Effects by state of the world in words and rounded numbers, for the screen and the report, and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from supplysim.experiment.by_state import ALL, FEWEST, StateEffect
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.statistics import SPAN
from supplysim.experiment.study import Study
from supplysim.report.formatting import percent, share, signed, tight
from supplysim.report.html import Table
from supplysim.setup.states import State, states_of

TITLE = "By state of the world: change of {}"
NOTE = (
    "Each state is drawn once for a pair and shared by both of its runs. ± one standard error of simulating so many "
    f"pairs; under {FEWEST} pairs: too few to tell. All states: the sum over values of probability times effect. "
    "Between: share of the effect's variance over worlds that lies between the values of a state."
)
SHORT_NOTE = (
    f"Each state is drawn once for a pair and shared by its runs; fewer than {FEWEST} pairs are too few to tell. "
    "Other probabilities need no new run: --state-probability."
)
NO_PAIRS, TOO_FEW, NO_CHANGE, UNKNOWN = "no pairs", "too few", "no change", "unknown"


def tables(study: Study) -> dict[str, Table]:
    """Return `table` for each objective that runs report, by its title; states.csv has every measure."""
    return {TITLE.format(aim.words): table(study, aim.measure) for aim in aims_of(study.measures).values()}


def shown(states: Sequence[State]) -> list[State]:
    """Return the states that the table has: laws that are held stand in the table of bills."""
    return [state for state in states if not state.held]


def table(study: Study, measure: str = "delivered") -> Table:
    """Return one row a policy, with a column for each value of each state, over the window; for a study with states."""
    heads: tuple[str, ...] = ("Policy",)
    rows: list[tuple[str, ...]] = []
    for arm in study.arms:
        names = {state.name for state in shown(study.states)}
        *every, overall = study.by_state(arm, measure)
        own = [one for one in every if one.state in names]
        heads = ("Policy", *map(_head, own), "All states", "Between")
        between = {one.state: one.between for one in own}
        told = [f"{state} {share(part) if isfinite(part) else UNKNOWN}" for state, part in between.items()]
        rows.append((arm, *map(_cell, own), _cell(overall), "\n".join(told)))
    return heads, rows


def short(study: Study, measure: str = "delivered") -> Table | None:
    """Return the table of the screen: relative changes with half their 90 % interval; None if pairs are too few."""
    names = {state.name for state in shown(study.states)}
    every = {arm: study.by_state(arm, measure) for arm in study.arms}
    lines = {arm: [one for one in found if one.state in names] + found[-1:] for arm, found in every.items()}
    first, *_ = lines.values()
    told = [place for place, one in enumerate(first[:-1]) if one.pairs >= FEWEST]
    if not told:
        return None
    heads = [f"{first[place].state} {first[place].value}, p {first[place].probability:g}" for place in told]
    rows = [(arm, *(_short(found[place]) for place in [*told, -1])) for arm, found in lines.items()]
    return ("chips, by state", *heads, "all states"), rows


def _short(one: StateEffect) -> str:
    if one.mean == 0.0 and one.error == 0.0:
        return NO_CHANGE
    away = SPAN * one.relative_error
    return tight(one.relative, one.relative - away, one.relative + away)


def probabilities(study: Study) -> str:
    """Return the sentence on probabilities that are not those with which pairs were drawn; nothing if none is."""
    changed = [
        f"{state.name} {value.name} {value.probability:g} (pairs were drawn with {drawn.probability:g})"
        for state, before in zip(study.states, study.scenario.states, strict=True)
        if not state.held
        for value, drawn in zip(state.values, before.values, strict=True)
        if value.probability != drawn.probability
    ]
    if not changed:
        return ""
    return (
        f"Probabilities in this table: {', '.join(changed)}. All other numbers are over the pairs as they were drawn."
    )


def document(study: Study) -> list[dict[str, Any]]:
    """Return the states of a study for JSON: values with their probability, that of the draws, and the pairs."""
    drawn = [states_of(pair[0].parameters) for pair in study.runs]
    return [
        {
            "name": state.name,
            "values": [
                {
                    "name": value.name,
                    "probability": value.probability,
                    "drawn_with": before.probability,
                    "pairs": sum(values[state.name] == value.name for values in drawn),
                    "set": dict(value.sets),
                }
                for value, before in zip(state.values, own.values, strict=True)
            ],
        }
        for state, own in zip(study.states, study.scenario.states, strict=True)
    ]


def effects(study: Study, arm: str) -> dict[str, dict[str, Any]]:
    """Return an arm's effects by measure for JSON, over the window: overall, and by state and value."""
    found = study.by_state_of(arm, [(measure, study.window) for measure in study.measures])
    return {measure: _effects(lines) for measure, lines in zip(study.measures, found, strict=True)}


def _effects(lines: list[StateEffect]) -> dict[str, Any]:
    states: dict[str, dict[str, Any]] = {}
    for one in lines:
        if one.state != ALL:
            of = states.setdefault(one.state, {"between": one.between, "values": {}})
            of["values"][one.value] = _numbers(one) | {"probability": one.probability}
    return {"overall": _numbers(lines[-1]), "states": states}


def _numbers(one: StateEffect) -> dict[str, Any]:
    return {
        "effect": one.mean,
        "effect_se": one.error,
        "ratio": one.relative,
        "ratio_se": one.relative_error,
        "pairs": one.pairs,
    }


def _head(one: StateEffect) -> str:
    pairs = f"{one.pairs}\N{NO-BREAK SPACE}pair{'s' if one.pairs != 1 else ''}"
    return f"{one.state}:{one.value} p={one.probability:g}, {pairs}"


def _cell(one: StateEffect) -> str:
    if one.state != ALL and one.pairs < FEWEST:
        return TOO_FEW if one.pairs else NO_PAIRS
    if one.mean == 0.0 and one.error == 0.0:
        return NO_CHANGE
    if isfinite(one.relative):
        error = f"\n± {100.0 * one.relative_error:.1f}" if isfinite(one.relative_error) else ""
        return f"{percent(one.relative)}{error}"
    return signed(one.mean) if isfinite(one.mean) else UNKNOWN
