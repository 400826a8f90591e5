"""Unproven buyers get a part of every stock; what stays unmet makes a class dear (MODEL 7.6, 7.10)."""

import math

import numpy as np
from worlds import FIRST, same, total, world

from supplysim.agents.distributor import unproven_limit, unproven_mark_up
from supplysim.engine import Engine
from supplysim.week import PHASES

NAMES = [phase.name for phase in PHASES]


def test_without_access_nothing_is_delivered_and_the_premium_rises_to_its_ceiling():
    engine = world(access=0.0)
    assert total(engine, "delivered") == 0
    assert engine.world.tally["premium"].max() == math.log(engine.world.parameters[0]["premium_max"])


def test_where_access_never_binds_a_buyer_list_changes_no_week():
    free = {"access": 10.0, "premium_max": 1.0}
    assert same(world(("buyer_list",), **free), world(**free))


def test_a_class_that_is_scarce_is_dear_and_ordered_less():
    scarce, usual = world(supply_scale=0.3), world()
    assert scarce.columns()["mark_up"][FIRST:].mean() > usual.columns()["mark_up"][FIRST:].mean() + 0.5
    assert scarce.world.tally["premium"].sum() > usual.world.tally["premium"].sum()


def test_traders_never_get_more_of_a_stock_than_their_part():
    """A stock of ten at a third is three or four chips, by a keyed draw; a part of one and more is all."""
    limits = [unproven_limit(0.33, 10, u) for u in np.linspace(0.001, 0.999, 999)]
    assert set(limits) == {3, 4}
    assert abs(np.mean(limits) - 3.3) < 0.01
    assert unproven_limit(1.0, 10, 0.5) == 10
    assert unproven_limit(0.0, 10, 0.999) == 0


def test_a_premium_is_paid_on_top_of_the_usual_mark_up():
    assert unproven_mark_up(0.1, 1.0) == 1.1 - 1.0
    assert math.isclose(unproven_mark_up(0.1, 2.0), 1.2)


def bought_and_open(engine, week):
    """Return what traders bought of each stock in a week, and their part of it, chips by (distributor, product)."""
    for index in range(NAMES.index("procurement")):
        engine.run_phase(index)
    w = engine.world
    stock = w.distributors["stock"].copy()
    engine.run_phase(NAMES.index("procurement"))
    sent = w.shipments[: w.counts[0]["shipments"]]
    sent = sent[sent["week"] == week]
    bought = np.zeros_like(stock)
    np.add.at(bought, (sent["distributor"], sent["product"]), sent["quantity"])
    p = w.parameters[0]
    share = p["access"] * np.where(w.distributors["complicit"], p["access_complicit"], 1.0)
    return bought, np.ceil(share[:, None] * stock)


def test_a_distributor_found_liable_has_only_its_countrys_access_from_the_next_week():
    """One that looks away gives four times the access; the week after it was found liable it gives what others do."""
    week, values = 100, {"access": 0.05, "access_complicit": 4.0, "complicit_share": 0.0}
    engine = Engine("baseline-2024", (), 4, values)
    engine.run(week)
    looking_away, liable = engine.fork(()), engine.fork(())
    looking_away.world.distributors["complicit"] = True
    freely, limit = bought_and_open(looking_away, week)
    assert (freely <= limit).all()
    bought, limit = bought_and_open(liable, week)
    assert (bought <= limit).all()
    assert (freely > limit).any()
    assert bought.sum() < freely.sum()


def test_money_of_an_order_follows_its_class():
    engine = world()
    orders = engine.orders()
    dear = orders.groupby("generation")["unit_price"].mean()
    assert dear.is_monotonic_increasing  # each class costs more than the one before
