"""Compute that needs no smuggler: every kind has an offer and a price, and none is taken beyond what there is."""

import numpy as np
import pytest
from worlds import FIRST, same, total, world

from supplysim.phases.substitutes import DOMESTIC, LICENSED, OFFSHORE, RENTED, SHUT

KINDS = {"licensed": LICENSED, "rented": RENTED, "offshore": OFFSHORE, "domestic": DOMESTIC}


def offers(engine):
    """Return what there was of licensed, offshore-owned and domestic compute every week, H100e."""
    now, h100e = engine.world.conditions, engine.world.chips[0]["h100e"]
    direct = now["direct"].reshape(len(now), -1, h100e.size).sum(axis=1) @ h100e
    return {
        "licensed": now["licensed_quota"].sum(axis=1) * now["licensed_leave"] / 52.0,
        "offshore": now["offshore_share"] * direct,
        "domestic": now["domestic_capacity"] / 52.0,
    }


@pytest.mark.parametrize("demand", [0.02, 1.0, 10.0])
def test_nobody_takes_more_than_there_is(demand):
    engine = world(demand_scale=demand)
    for kind, offered in offers(engine).items():
        assert (engine.world.tally[f"{kind}_h100e"] <= offered * (1 + 1e-12)).all(), kind


def test_what_is_taken_smuggled_and_done_without_is_no_more_than_the_wish():
    engine = world()
    tally = engine.world.tally
    lawful = sum(tally[f"{kind}_h100e"] for kind in KINDS)
    left = engine.world.conditions["wish"] - lawful - tally["none_h100e"]
    assert (left > 0.0).all()  # what is left is what buyers look to smugglers for


def test_without_a_quota_nothing_is_licensed_and_its_price_says_shut():
    engine = world(licensed_scale=0.0)
    assert total(engine, "licensed_h100e") == 0.0
    assert (engine.world.tally["channel_price"][:, LICENSED] == SHUT).all()


def test_great_demand_sells_out_what_has_a_capacity():
    engine = world(demand_scale=10.0)
    for kind, offered in offers(engine).items():
        sold = engine.world.tally[f"{kind}_h100e"][FIRST:].sum()
        assert sold == pytest.approx(offered[FIRST:].sum(), rel=2e-4), kind


def test_little_demand_leaves_every_price_at_its_floor():
    engine = world(demand_scale=0.02)
    floor = [0.0, engine.world.parameters[0]["rented_price_floor"], 0.0, 0.0]
    np.testing.assert_array_equal(engine.world.tally["channel_price"][FIRST:], np.tile(floor, (FIRST, 1)))


def test_less_domestic_compute_is_dearer():
    few, many = world(domestic_scale=0.3), world(domestic_scale=3.0)
    price = [run.world.tally["channel_price"][FIRST:, DOMESTIC].mean() for run in (few, many)]
    assert price[0] > price[1]
    assert total(few, "delivered", FIRST) > total(many, "delivered", FIRST)


def test_two_steps_a_week_come_near_to_clearing():
    few, many = world(), world(clearing_passes=30.0)
    for kind in ("licensed", "rented", "domestic"):
        sold = [total(run, f"{kind}_h100e", FIRST) for run in (few, many)]
        assert sold[0] == pytest.approx(sold[1], rel=0.02), kind


def test_a_tighter_rule_for_a_class_that_is_not_licensed_changes_nothing():
    assert same(world(("tighter_controls:B200",)), world())
