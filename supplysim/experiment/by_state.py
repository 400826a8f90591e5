"""What an effect is in each state of the world, and over all of them by their probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim.experiment.laws import law_of
from supplysim.experiment.raking import mean, weights
from supplysim.run import BASELINE
from supplysim.setup.bill import PASSED
from supplysim.setup.states import State, states_of

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.comparison import Comparison

FEWEST = 12  # pairs; of fewer, a state's own effect is not told
ALL = "all"  # in place of a state's name: over the values of all of them
Numbers = tuple[float, float, float, float]  # mean effect, its error, relative change, its error
NOTHING: Numbers = (np.nan, np.nan, np.nan, np.nan)


class StateEffect(NamedTuple):
    """An effect in one value of a state, or over all values.

    Attributes
    ----------
    state, value : str
        `ALL` and nothing for the effect over all of them.
    probability : float
    pairs : int
        Pairs with that value in which both sides are known.
    mean, error : float
        Mean effect and its standard error, in the measure's unit; NaN of fewer than `FEWEST` pairs.
    relative, relative_error : float
        Mean effect over the mean of the baseline in the same state, and its standard error.
    between : float
        Share of the effect's variance over worlds that lies between the values of this state, the noise of few pairs
        taken off; NaN for `ALL`, and if nothing varies.
    """

    state: str
    value: str
    probability: float
    pairs: int
    mean: float
    error: float
    relative: float
    relative_error: float
    between: float


class _Group(NamedTuple):
    """The pairs of a line: which they are and what they weigh; no weights if the states' cannot be had."""

    state: str
    value: str
    probability: float
    here: np.ndarray
    weight: np.ndarray | None


def effects_by_state(
    comparison: Comparison, states: Sequence[State], arm: str, places: Sequence[tuple[str, str]]
) -> list[list[StateEffect]]:
    """Return the effects of an arm on each (measure, year): a list for each, values of states first and `ALL` last.

    Parameters
    ----------
    comparison : Comparison
    states : sequence of State
        Those of its scenario, with the probabilities that count. A law that is held (`laws.py`) weighs no pair:
        without it the effect is 0, and over all values it is its probability times the effect with it.
    """
    law = law_of(comparison.arms[arm], states)
    free = [state for state in states if not state.held]
    drawn = [states_of(pair[0].parameters) for pair in comparison.runs]
    base, policy = (np.array([comparison.values(side, *place) for place in places]) for side in (BASELINE, arm))
    known = np.isfinite(base) & np.isfinite(policy)
    found: list[list[StateEffect]] = [[] for _ in places]
    for mask in np.unique(known, axis=0):
        rows = np.flatnonzero((known == mask).all(axis=1))
        pairs = np.flatnonzero(mask)
        sides, here = (base[np.ix_(rows, pairs)], policy[np.ix_(rows, pairs)]), [drawn[pair] for pair in pairs]
        told = _effects(*sides, free, here, 1.0 if law is None else law.law)
        variances = (sides[1] - sides[0]).var(axis=1, ddof=1) if len(pairs) > 1 else np.full(len(rows), np.nan)
        for row, one, variance in zip(rows, told, variances, strict=True):
            found[row] = _with_laws(one, states, law, float(variance))
    return found


def _with_laws(
    told: list[StateEffect], states: Sequence[State], law: State | None, variance: float
) -> list[StateEffect]:
    """Return the effects in the values of all states, given those with the law of the arm in the states not held.

    `variance` is that of the effect over worlds with the law.
    """
    given, chance = told[-1], 1.0 if law is None else law.law
    by_state: dict[str, list[StateEffect]] = {}
    for one in told:
        by_state.setdefault(one.state, []).append(_times(one, chance))
    overall = by_state[ALL][0]
    for state in states:
        if state.held and law is not None and state.name == law.name:
            apart = chance * (1.0 - chance) * given.mean**2
            total = apart + chance * variance
            between = apart / total if total > 0.0 else np.nan
            own = [given if name == PASSED else _times(given, 0.0) for name in state.names]
            by_state[state.name] = [one._replace(between=between) for one in own]
        elif state.held:  # another bill's: it does nothing here
            by_state[state.name] = [overall._replace(between=0.0) for _ in state.names]
    lines = [
        one._replace(state=state.name, value=value.name, probability=value.probability)
        for state in states
        for value, one in zip(state.values, by_state[state.name], strict=True)
    ]
    return [*lines, overall]


def _times(one: StateEffect, factor: float) -> StateEffect:
    """Return an effect times a known factor; nothing times nothing known is nothing."""
    if factor == 0.0:
        return one._replace(mean=0.0, error=0.0, relative=0.0, relative_error=0.0)
    return one._replace(
        mean=one.mean * factor,
        error=one.error * factor,
        relative=one.relative * factor,
        relative_error=one.relative_error * factor,
    )


def _effects(
    base: np.ndarray, policy: np.ndarray, states: Sequence[State], drawn: Sequence[Mapping[str, str]], law: float
) -> list[list[StateEffect]]:
    """Return the effects of rows in which every pair is known, as in worlds with a law of probability `law`.

    Shares of variance alone are over worlds with and without it.
    """
    numbers = np.array([[state.names.index(values[state.name]) for values in drawn] for state in states])
    places = numbers.reshape(len(states), len(drawn)).astype(int)
    weight = weights(places, [state.probabilities for state in states])
    lines: list[list[Numbers]] = []
    between: dict[str, np.ndarray] = {}
    groups = [
        _Group(state.name, value.name, value.probability, place == index, weight)
        for state, place in zip(states, places, strict=True)
        for index, value in enumerate(state.values)
    ]
    groups.append(_Group(ALL, "", 1.0, np.ones(len(drawn), dtype=bool), weight))
    for group in groups:
        lines.append(_line(group, base, policy, places if group.state == ALL else places[:0]))
    for state, place in zip(states, places, strict=True):
        own = np.array([line for group, line in zip(groups, lines, strict=True) if group.state == state.name])
        between[state.name] = _between(state.probabilities, own[:, :, 0], own[:, :, 1], place, policy - base, law)
    return [
        [
            _told(group, line[row], float(between[group.state][row]) if group.state != ALL else np.nan)
            for group, line in zip(groups, lines, strict=True)
        ]
        for row in range(len(base))
    ]


def _line(group: _Group, base: np.ndarray, policy: np.ndarray, places: np.ndarray) -> list[Numbers]:
    """Return mean, error, relative change and its error of each row over the pairs of a group; NaN if unknown."""
    weight = np.where(group.here, 1.0 if group.weight is None else group.weight, 0.0)
    unknown = group.state == ALL and group.weight is None
    if unknown or not (weight > 0.0).any():
        weight = group.here.astype(float)  # a value of no probability: its own pairs alone
    if unknown or not weight.any():
        return [NOTHING] * len(base)
    effect = policy - base
    absolute, level = mean(effect, weight, places), mean(base, weight, places).value
    with np.errstate(divide="ignore", invalid="ignore"):  # of nothing, a share is unknown
        relative = np.where(level != 0.0, absolute.value / level, np.nan)
        rest = mean(np.nan_to_num(effect - relative[:, None] * base), weight, places).error
        error = np.where(level != 0.0, rest / np.abs(level), np.nan)
    columns = (absolute.value, absolute.error, relative, error)
    return [*zip(*(column.tolist() for column in columns), strict=True)]


def _between(
    probabilities: np.ndarray, means: np.ndarray, errors: np.ndarray, place: np.ndarray, effect: np.ndarray, law: float
) -> np.ndarray:
    """Return the share of each row's variance that lies between the values of a state, shape (rows,).

    Parameters
    ----------
    probabilities : ndarray, shape (values,)
    means, errors : ndarray, shape (values, rows)
        Of the effect in each value.
    place : ndarray of int, shape (pairs,)
    effect : ndarray, shape (rows, pairs)
    law : float
        Probability without which there is no effect, in any value.
    """
    possible = np.flatnonzero(probabilities > 0.0)
    means, errors = means[possible], errors[possible]
    chances = probabilities[possible][:, None]
    if not (np.isfinite(means).all() and np.isfinite(errors).all()):
        return np.full(effect.shape[0], np.nan)
    own = np.array([effect[:, place == index].var(axis=1, ddof=1) for index in possible])
    within = (chances * (law * own + law * (1.0 - law) * means**2)).sum(axis=0)
    apart = law**2 * (chances * (means - (chances * means).sum(axis=0)) ** 2).sum(axis=0)
    chance_alone = law**2 * (chances * (1.0 - chances) * errors**2).sum(axis=0)
    true = np.maximum(apart - chance_alone, 0.0)
    total = true + within
    return np.divide(true, total, out=np.full(total.shape, np.nan), where=total > 0.0)


def _told(group: _Group, numbers: Numbers, between: float) -> StateEffect:
    pairs = int(group.here.sum())
    if group.state != ALL and pairs < FEWEST:
        numbers = NOTHING
    return StateEffect(group.state, group.value, group.probability, pairs, *numbers, between)


def table_by_state(comparison: Comparison, states: Sequence[State]) -> pd.DataFrame:
    """Return one row a policy, measure, year, and value of a state; columns of ``states.csv``."""
    import pandas as pd

    years = dict.fromkeys([*map(str, comparison.years), comparison.window])
    places = [(measure, year) for measure in comparison.measures for year in years]
    rows = [
        {
            "policy": arm,
            "measure": measure,
            "year": year,
            "state": one.state,
            "value": one.value,
            "probability": one.probability,
            "pairs": one.pairs,
            "effect_mean": one.mean,
            "effect_se": one.error,
            "ratio": one.relative,
            "ratio_se": one.relative_error,
            "between_share": one.between,
        }
        for arm in comparison.arms
        for (measure, year), found in zip(places, effects_by_state(comparison, states, arm, places), strict=True)
        for one in found
    ]
    return pd.DataFrame(rows)
