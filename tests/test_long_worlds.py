"""What holds in the long world of 2023 to 2030 as in every other: conservation, and levers of strength zero."""

import pytest
from worlds import same, world

from supplysim.engine import Engine
from supplysim.policies.registry import levers

LONG = "baseline-2027"


def named(lever, strength):
    """Return a lever as typed; one that needs a country acts in Malaysia."""
    return f"{lever}:MY={strength}" if levers()[lever].needs_scope else f"{lever}={strength}"


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_chips_money_and_orders_are_conserved_in_416_weeks_under_all_levers(strength):
    engine = world(tuple(named(lever, strength) for lever in levers()), LONG, check=True)
    assert engine.week == 416
    tally = engine.world.tally
    for column in ("delivered", "interdicted", "disabled", "audits", "stop_sales", "corridors_opened"):
        assert tally[column].sum() > 0, column


@pytest.mark.parametrize("lever", levers())
def test_a_lever_of_strength_zero_changes_no_bit_of_a_run(lever):
    assert same(world((named(lever, 0.0),), seed=5), world(seed=5))


def test_all_levers_of_strength_zero_together_change_no_bit_of_a_run():
    assert same(world(tuple(named(lever, 0.0) for lever in levers()), seed=5), world(seed=5))


def test_the_long_world_has_the_past_of_the_replayed_one():
    long, replayed = Engine(LONG, (), 5), Engine("history-2022-2026", (), 5)
    for engine in (long, replayed):
        engine.run(156)
    assert long.world.tally[:156].tobytes() == replayed.world.tally[:156].tobytes()
