"""Chips, orders, money and featured chips are conserved in every week of every world (MODEL 14)."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplysim import evidence
from supplysim.model import SupplyChain
from supplysim.policies.registry import SIX, levers
from supplysim.setup.scenario import Scenario
from supplysim.world.conservation import (
    ConservationError,
    assert_conserved,
    chip_imbalance,
    featured_exceeds,
    money_imbalance,
    order_imbalance,
)

ALL_SIX = "+".join(SIX)
EVERY = [f"{lever}:SG" if kind.needs_scope else lever for lever, kind in levers().items()]
# Outside these, one world would take longer than all other tests together.
TAMED = {"market_scale": (0.005, 0.05), "demand_scale": (0.02, 5.0), "channel_share": (0.05, 1.0)}


@pytest.mark.parametrize("policies", [(), (ALL_SIX,), ("+".join(EVERY),)], ids=["no policy", "six", "all levers"])
@pytest.mark.parametrize("scenario", ["minimal", "baseline-2024"])
def test_chips_orders_and_money_are_conserved_every_week(scenario, policies):
    model = SupplyChain(scenario, policies, rng=5, check=True)
    model.run()
    assert model.week == model.weeks
    assert model.weekly()["delivered"].sum() > 0


policy = st.builds(
    "{}={}@{}".format,
    st.sampled_from([*EVERY, "close_country:REST", "border:MY,VN", "kill_switch:second", "tighter_controls:H20,H200"]),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from(["2023-01-02", "2023-06", "2023-06..2024-03", "2024-02..2024-03"]),
)


@st.composite
def draws(draw):
    """Return a few parameters, each at an end of its range or at a place inside."""
    table = evidence.parameters()
    chosen = draw(st.lists(st.sampled_from(sorted(table)), unique=True, max_size=12))
    values = {}
    for name in chosen:
        low, high = TAMED.get(name, (table[name].low, table[name].high))
        values[name] = draw(st.sampled_from([low, high]) | st.floats(low, high))
    return values


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    policies=st.lists(policy, max_size=4, unique_by=lambda text: text.split("=")[0]),
    parameters=draws(),
    seed=st.integers(0, 2**31),
    decision=st.sampled_from(["expected_utility", "salience", "habit"]),
    triage=st.sampled_from(["weighed", "naive"]),
    fronts=st.integers(0, 3),
)
def test_no_mix_of_policies_and_parameters_breaks_a_law(policies, parameters, seed, decision, triage, fronts):
    world = Scenario.load("minimal").with_(rules={"decision": decision, "triage": triage})
    values = {"fronts_at_start": float(fronts)} | parameters
    model = SupplyChain(world, policies, rng=seed, parameters=values, check=True)
    model.run(80)
    w = model.world
    for kind in (w.intermediaries, w.buyers, w.market, w.tally):
        for name in kind.dtype.names:
            assert np.isfinite(kind[name]).all(), name
    assert ((w.tally["refused_orders"] >= 0) & (w.tally["refused_orders"] <= w.tally["purchase_orders"])).all()
    assert (w.intermediaries["backlog"][w.intermediaries["active"]] >= 0).all()
    assert (w.orders["remaining"] <= w.orders["quantity"]).all()


@pytest.fixture
def halfway():
    model = SupplyChain("minimal", ["location_verification=1@2023-01-02"], rng=5)
    model.run(80)
    return model


LAST = 79


def test_an_untouched_world_passes_every_guard(halfway):
    assert_conserved(halfway.world, LAST)


@pytest.mark.parametrize(
    ("table", "field", "law"),
    [
        ("chips", "minted", "chips"),
        ("chips", "deployed", "chips"),
        ("chips", "seized", "chips"),
        ("chips", "in_transit", "chips"),
        ("distributors", "stock", "chips"),
        ("end_users", "installed", "chips"),
        ("intermediaries", "kept", "chips"),
        ("vendors", "cash", "money"),
        ("distributors", "cash", "money"),
        ("end_users", "cash", "money"),
        ("intermediaries", "cash", "money"),
        ("buyers", "cash", "money"),
        ("accounts", "government", "money"),
        ("tally", "ordered", "orders"),
        ("tally", "delivered", "orders"),
        ("tally", "seized_cases", "orders"),
        ("tally", "cancelled", "orders"),
    ],
)
def test_one_unit_too_many_is_noticed(halfway, table, field, law):
    getattr(halfway.world, table)[field].flat[0] += 1
    with pytest.raises(ConservationError, match=f"week {LAST}: {law} out of balance by"):
        assert_conserved(halfway.world, LAST)


@pytest.mark.parametrize("field", ["open", "in_transit"])
def test_an_order_lost_from_the_books_is_noticed(halfway, field):
    halfway.world.tally[field][LAST] += 1
    with pytest.raises(ConservationError, match="orders out of balance by -1"):
        assert_conserved(halfway.world, LAST)


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (table, part)
        for feature in ("reporting", "switched")
        for table, part in (
            ("distributors", feature),
            ("chips", f"transit_{feature}"),
            ("chips", f"deployed_{feature}"),
            ("end_users", feature),
        )
    ],
)
@pytest.mark.parametrize("wrong", [-1, 10**9])
def test_featured_chips_beyond_the_chips_are_noticed(halfway, table, part, wrong):
    getattr(halfway.world, table)[part].flat[0] = wrong
    with pytest.raises(ConservationError, match="more featured chips than chips"):
        assert_conserved(halfway.world, LAST)


def test_negative_stock_is_noticed(halfway):
    w = halfway.world
    w.chips["seized"][0, 0] += w.distributors["stock"][0, 0] + 1
    w.distributors["stock"][0, 0] = -1
    w.distributors["reporting"][0, 0] = w.distributors["switched"][0, 0] = 0
    assert not chip_imbalance(w).any()
    assert featured_exceeds(w)


def test_a_checked_run_stops_in_the_week_that_breaks_a_law(halfway):
    halfway.engine.check = True
    halfway.world.accounts["outside"] += 5
    with pytest.raises(ConservationError, match="week 80: money out of balance by 5 US"):
        halfway.run()


def test_the_laws_hold_in_integers(halfway):
    assert chip_imbalance(halfway.world).dtype == np.int64
    assert money_imbalance(halfway.world) == 0
    assert order_imbalance(halfway.world, LAST) == 0


def test_making_room_changes_nothing():
    usual, roomy = (SupplyChain("minimal", [ALL_SIX], rng=5, check=True) for _ in range(2))
    usual.run()
    for week in range(roomy.weeks):
        if week % 20 == 0:
            roomy.engine._make_room()
        roomy.step()
    for name in usual.world.tally.dtype.names:
        assert np.array_equal(usual.world.tally[name], roomy.world.tally[name]), name


def test_tables_grow_before_they_are_full():
    model = SupplyChain("minimal", rng=5, check=True)
    small = model.world.shipments[: 9 * 2].copy()  # less than two weeks' worst case
    model.world = model.world._replace(shipments=small)
    model.run()
    usual = SupplyChain("minimal", rng=5)
    usual.run()
    assert model.world.shipments.size > small.size
    assert model.shipments().equals(usual.shipments())


def test_a_slot_never_goes_back_to_an_earlier_shell():
    model = SupplyChain("baseline-2024", [ALL_SIX], rng=5)
    shells = []
    for until in range(26, model.weeks + 1, 26):
        model.run(until)
        shells.append(model.world.intermediaries["shell"].copy())
    assert (np.diff(shells, axis=0) >= 0).all()
    assert shells[-1].max() > 0


def test_the_kept_pull_of_a_tie_is_that_of_its_trust():
    engine = SupplyChain("baseline-2024", rng=3).engine
    engine.run(60)
    buyers, weight = engine.world.buyers, engine.world.parameters[0]["seller_trust"]
    assert (buyers["trust"] != 0.0).any()
    expected = [[math.exp(weight * trust) for trust in row] for row in buyers["trust"]]
    np.testing.assert_array_equal(buyers["pull"], expected)
