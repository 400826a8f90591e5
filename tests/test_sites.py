"""Vendors who ask chips where they are: suspicion, audits, stop-sales right and wrong, and evasion (MODEL 7.8)."""

import math

import numpy as np
import pytest
from worlds import FIRST, same, total, world

from supplysim.engine import Engine
from supplysim.phases.learning import lost_value
from supplysim.phases.rationing import taken_along
from supplysim.phases.sites import answering_share, audit_evidence, silence_evidence

CHECKS = ("location_verification",)
SWITCH = ("kill_switch@2023-01-02",)


def test_a_bar_that_no_suspicion_reaches_stops_nobody_but_leads_stay():
    engine = world(CHECKS, stop_odds=1e6, audit_capacity=0.0)
    assert total(engine, "stop_sales") == total(engine, "false_stops") == total(engine, "audits") == 0
    assert engine.columns()["true_leads:location"].sum() > 0


def test_checks_audit_and_stop_diverters_and_sometimes_customers():
    engine = world(CHECKS, stop_odds=-1.0)
    assert total(engine, "audits") > 0
    assert total(engine, "stop_sales") > total(engine, "false_stops") > 0
    assert total(engine, "stop_lost") > 0


def test_one_honest_site_over_the_bar_loses_exactly_its_orders_of_half_a_year():
    """The user with the most orders is held from a week on: what it would have ordered is lost, and nothing else."""
    engine = Engine("minimal", (), 7)
    engine.run(30)
    twin = engine.fork(())
    user = int(np.argmax(engine.world.order_chance))
    row = int(engine.world.end_users["row_of"][user])
    engine.world.end_users["hold_until"][row] = 30 + 26
    engine.run(56)
    twin.run(56)
    lost = engine.world.tally["stop_lost"]
    assert lost.sum() > 0
    assert not lost[:30].any()
    np.testing.assert_array_equal(engine.world.tally["honest_ordered"], twin.world.tally["honest_ordered"])
    gone = engine.world.tally["honest_lost"] - twin.world.tally["honest_lost"]
    assert (gone[:56] <= lost[:56]).all()


def test_checks_that_are_all_evaded_flag_nobody_to_speak_of():
    skilled = {"sophistication": 0.98, "sophistication_sd": 0.0, "silence_weight": 0.0}
    evaded = world(CHECKS, spoofing=1.0, bypass_max=1.0, **skilled)
    usual = world(CHECKS, spoofing=0.0, bypass_max=0.0, **skilled)
    column = "true_leads:location"
    assert evaded.columns()[column].sum() < 0.1 * usual.columns()[column].sum()


def test_without_learning_evasion_stays_where_it_began():
    engine = world(CHECKS, bypass_learning=0.0)
    assert engine.world.market["bypass"][0] == engine.world.parameters[0]["spoofing"]
    assert world(CHECKS).world.market["bypass"][0] > engine.world.market["bypass"][0]


def test_a_switch_that_disables_nothing_and_that_nobody_distrusts_changes_no_week():
    engine = Engine("baseline-2024", (), 4, {"disable_hazard": 0.0, "false_disable": 0.0})
    engine.run(FIRST)
    from supplysim.policies import KillSwitch

    other = engine.fork([KillSwitch(trust_loss=0.0)])
    engine.run()
    other.run()
    usual, with_switch = engine.world.tally.copy(), other.world.tally.copy()
    usual["delivered_switched"] = with_switch["delivered_switched"] = 0
    assert usual.tobytes() == with_switch.tobytes()


def test_chips_that_report_cannot_be_disabled_and_the_other_way_round():
    """The two levers build two features: one alone must not lend the other its effect."""
    checks, switch = world(CHECKS), world(("kill_switch",))
    assert total(checks, "delivered_reporting") > 0
    assert total(checks, "delivered_switched") == total(checks, "disabled") == 0
    assert total(switch, "delivered_switched") > 0
    assert total(switch, "delivered_reporting") == total(switch, "stop_sales") == 0
    both = world((*CHECKS, "kill_switch"))
    assert total(both, "delivered_switched") < total(both, "delivered_reporting") * 1.5
    assert total(both, "delivered_reporting") > 0


def test_buyers_value_a_switch_less_once_chips_are_disabled():
    engine = world(SWITCH)
    assert total(engine, "disabled") > 0
    assert 0.0 < engine.world.market["value_loss"][0] < 1.0
    assert lost_value(0.0, 4.0) == 0.0
    assert lost_value(0.35, 4.0) == pytest.approx(1 - (1 - math.exp(-1.4)) / 1.4)


def test_a_trader_takes_fewer_of_the_chips_with_a_feature_and_never_too_many():
    """Ten chips of which six report: a trader who passes over them takes none, until only such are left."""
    assert taken_along(4, 0, 10, 6, 6, 6, 0.0) == 2
    assert taken_along(4, 0, 10, 6, 6, 6, 1.0) == 0
    assert taken_along(8, 0, 10, 6, 6, 2, 1.0) == 4  # two chips stay, so four of the six must go along


def test_a_missed_report_tells_little_and_a_false_place_much():
    silence = silence_evidence(0.7, 0.3, 0.4, 1.0)
    assert 0.0 < silence < 1.0
    assert silence_evidence(0.7, 0.0, 0.4, 1.0) == 0.0  # nobody evades: silence says nothing
    assert silence_evidence(0.7, 0.3, 0.4, 0.0) == 0.0
    assert answering_share(0.7, 0.0, 0.4) == 0.7
    assert answering_share(0.7, 1.0, 1.0) == pytest.approx(0.7 * 0.02)


def test_an_audit_speaks_for_most_customers_and_against_most_diverters():
    middle = [
        audit_evidence(2.0, 0.7, skill, diverts, 0.0) for skill, diverts in ((0.0, False), (0.0, True), (1.0, True))
    ]
    assert middle[0] == -2.0
    assert middle[1] == 2.0
    assert middle[2] == pytest.approx(2.0 * 0.6 - 2.0)  # a staged site speaks for itself


def test_neutral_chip_levers_change_no_bit():
    for lever in ("location_verification=0", "kill_switch=0"):
        assert same(world((lever,)), world()), lever
