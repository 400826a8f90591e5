"""Which value each state of the world has in each pair: even points of its own, whatever else is drawn.

The first 2**m points of a state lie one in each of 2**m equal cells, for every m, so a value comes up as often as its
probability says. They hang on the seed and the state's name alone: adding a state, a parameter or a pair moves nothing
that was drawn before, and states are independent of one another and of the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from supplysim.setup.states import Draw, State, complete

STREAM = b"state of the world "  # sets these draws apart from every other stream


def even_points(name: str, exponent: int, seed: int) -> np.ndarray:
    """Return the first points of a name, inside (0, 1), shape (2**exponent,).

    At every doubling each cell is halved, and the new points take the empty halves in an order that chance gives.
    Only the generator's raw bits are used, which are the same with every version of NumPy.
    """
    key = blake2b(STREAM + name.encode(), digest_size=16, key=seed.to_bytes(8, "little")).digest()
    stream = np.random.Philox(key=int.from_bytes(key, "little"))

    def uniform(count: int) -> np.ndarray:
        return (stream.random_raw(count) >> np.uint64(11)) * 2.0**-53

    points = uniform(1)
    for level in range(exponent):
        cells = 2 ** (level + 1)
        empty = (points * cells).astype(np.int64) ^ 1
        empty = empty[np.argsort(uniform(empty.size), kind="stable")]
        points = np.concatenate([points, (empty + uniform(empty.size)) / cells])
    return points


def with_states(draws: list[dict[str, float]], states: Sequence[State], seed: int) -> list[dict[str, float]]:
    """Return draws with a value of each state and what that sets; as they are if there is no state."""
    if not states:
        return draws
    exponent = (len(draws) - 1).bit_length()
    columns = [state.drawn(even_points(state.name, exponent, seed)[: len(draws)]) for state in states]
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
