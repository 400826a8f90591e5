"""How far a run is from its floor: drawing the random numbers that a week needs and touching every column once.

The floor does nothing else. It is measured in the same process as the run, on the world half way through it.
"""

from __future__ import annotations

import numba
import numpy as np
from numba.extending import register_jitable

from benchmarks.figures import Figure, figure, seconds
from supplysim._compiled import PLAIN
from supplysim.detection.channels import WATCHING
from supplysim.engine import Engine
from supplysim.world.streams import CHANNEL, PURCHASE, SEARCH, USER_ORDER, clock_key, finalise, sub_key, uniform

TITLE = "Distance to the floor"
ORDER_DRAWS = 12  # of an open order's attempt to buy
TABLES = ("distributors", "end_users", "intermediaries", "buyers")
if PLAIN:  # with object code the model's rules are Python's own functions; here they are compiled
    for draw in (finalise, clock_key, sub_key, uniform):
        register_jitable(draw)


@numba.njit
def draw_week(seed, week, users, firms, buyers, orders):
    """Draw what a week draws and return the sum."""
    total = 0.0
    key = sub_key(clock_key(seed, USER_ORDER, week), 0)
    for slot in range(users):
        total += uniform(key, slot)
    for channel in range(len(WATCHING)):
        key = sub_key(clock_key(seed, CHANNEL + channel, week), 0)
        for slot in range(users + firms):
            total += uniform(key, slot)
    for sub in range(2):
        key = sub_key(clock_key(seed, SEARCH, week), sub)
        for slot in range(buyers):
            total += uniform(key, slot)
    for order in range(orders):
        key = clock_key(seed, PURCHASE, week - order % 8)
        for sub in range(ORDER_DRAWS):
            total += uniform(sub_key(key, sub), order)
    return total


@numba.njit
def touch(words):
    """Read and write every number of a table once and return their exclusive or."""
    total = np.uint64(0)
    for place in range(words.size):
        total ^= words[place]
        words[place] = words[place]
    return total


def measure(scenario: str, repeats: int) -> list[Figure]:
    """Return ms a simulated year of the run and of its floor, and their ratio."""
    model = Engine(scenario, seed=1)
    model.run(model.weeks // 2)
    world = model.world
    tables = [np.frombuffer(getattr(world, name).tobytes(), np.uint8) for name in TABLES]
    words = [np.frombuffer(table[: table.size // 8 * 8], np.uint64).copy() for table in tables]
    active = int(world.intermediaries["active"].sum())
    orders = int(world.counts[0]["open_orders"])

    def floor() -> None:
        for week in range(52):
            draw_week(1, week, world.end_users.size, active, world.buyers.size, orders)
            for table in words:
                touch(table)

    floor()
    floors, runs = [], []
    for repeat in range(repeats):
        floors.append(1e3 * seconds(floor))
        fresh = Engine(scenario, seed=repeat)
        runs.append(1e3 * seconds(fresh.run) / (fresh.weeks / 52.0))
    return [
        figure("run, a simulated year", runs, "ms"),
        figure("floor, a simulated year", floors, "ms"),
        figure("run over floor", np.array(runs) / np.array(floors), "times"),
    ]
