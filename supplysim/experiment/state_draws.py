"""Which value each state of the world has in each pair: even points of its own, whatever else is drawn.

So a value comes up as often as its probability says; adding a state, a parameter or a pair moves nothing that was drawn
before; and states are independent of one another and of the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from supplysim.experiment.even_points import even_points
from supplysim.setup.states import Draw, State, complete

STREAM = "state of the world "  # sets these draws apart from every other stream


def with_states(draws: list[dict[str, float]], states: Sequence[State], seed: int) -> list[dict[str, float]]:
    """Return draws with a value of each state and what that sets; as they are if there is no state."""
    if not states:
        return draws
    exponent = (len(draws) - 1).bit_length()
    columns = [state.drawn(even_points(STREAM + state.name, exponent, seed)[: len(draws)]) for state in states]
    names = [state.name for state in states]
    return [
        with_values(draw, states, dict(zip(names, values, strict=True)))
        for draw, values in zip(draws, zip(*columns, strict=True), strict=True)
    ]


def with_values(draw: dict[str, float], states: Sequence[State], values: dict[str, str]) -> dict[str, float]:
    """Return a draw in which states have some values, the others their most probable one; as it is without states."""
    if not states:
        return draw
    chosen = complete(states, values)
    sets = {name: number for state in states for name, number in state.sets(chosen[state.name]).items()}
    return Draw({**draw, **sets}, chosen)


def of_no_state(draws: Sequence[dict[str, float]], states: Sequence[State]) -> list[str]:
    """Return the parameters of draws that no state sets: those vary by themselves, and every draw has them."""
    set_by_some = {name for state in states for value in state.values for name, _ in value.sets}
    return [name for name in draws[0] if name not in set_by_some] if draws else []


def state_columns(draws: Sequence[dict[str, float]], states: Sequence[State]) -> np.ndarray:
    """Return 1 where a pair has a value and 0 where not, shape (draws, values of all states but the first of each)."""
    return np.array(
        [
            [float(draw.states[state.name] == value) for state in states for value in state.names[1:]]
            if isinstance(draw, Draw)
            else []
            for draw in draws
        ]
    ).reshape(len(draws), -1)
