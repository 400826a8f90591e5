"""Worlds with known answers, run once for all tests that look at them."""

from functools import cache

from supplysim.engine import Engine
from supplysim.evidence import Extreme

FIRST = 104  # week in which levers of the calibrated world start


@cache
def world(policies=(), scenario="baseline-2024", seed=4, check=False, **parameters):
    """Return a run to the end under policies, with some parameters replaced."""
    engine = Engine(scenario, policies, seed, Extreme(parameters), check)  # known answers lie at the far ends
    engine.run()
    return engine


def total(engine, column, first=0):
    """Return what was counted in all weeks from the first."""
    return engine.world.tally[column][first:].sum()


def same(one, other):
    """Return whether two runs counted the same in every week, to the bit."""
    return one.world.tally.tobytes() == other.world.tally.tobytes()
