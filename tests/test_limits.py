"""Limit cases with known answers (MODEL 12); those of the scoreboard stand in `supplysim.validation.limits`."""

import numpy as np
import pytest

from supplysim.validation.limits import (
    CERTAIN,
    CHEAP_BUYERS,
    LIMITS,
    OPEN_BORDER,
    OVERWHELMING,
    PERFECT_SCREENING,
    UNSEEN,
    run,
    stop_chances,
    usual,
)


@pytest.mark.parametrize("case", LIMITS)
def test_limit_case_holds(case):
    statement, check = LIMITS[case]
    finding = check()
    assert finding.passed, f"{statement}: {finding.found}"


def test_who_is_not_looked_for_delivers_more():
    assert run(UNSEEN).weekly()["delivered"].sum() > usual()["delivered"].sum()


def test_without_investigators_leads_still_arrive():
    assert run({"investigators": 0.0}).weekly()["true_leads"].sum() > 0


def test_screening_is_only_as_good_as_its_coverage():
    weeks = run(PERFECT_SCREENING | {"complicit_share": 0.5}).weekly()
    assert weeks["delivered"].sum() > 0


@pytest.mark.parametrize("kind", OVERWHELMING)
def test_an_overwhelming_penalty_that_nobody_expects_does_not_end_the_trade(kind):
    nobody = dict.fromkeys(CERTAIN, 1e-9) | {"caught_prior_years": 1e6}
    assert run(OVERWHELMING[kind] | nobody).weekly()["delivered"].sum() > 0


def test_a_heavy_fine_frightens_only_as_far_as_wealth_reaches():
    # a firm with little to lose trades on: the reason why severity matters less than certainty
    weeks = run({"fine_multiple": 1e6, "personal_penalty": 0.0}).weekly()
    assert weeks["delivered"].sum() > 0


@pytest.mark.parametrize("exposure", [0.03, 0.3])
def test_a_hop_stops_the_share_it_inspects_times_what_it_recognises(exposure):
    # concealment 0: every consignment of a route is as easy to recognise, so stops are binomial
    model = run({"border_exposure": exposure} | OPEN_BORDER)
    shipments = model.shipments()
    done = shipments[shipments["status"].isin(["arrived", "stopped"])]
    stopped = (done["status"] == "stopped").to_numpy()
    chance, direct = stop_chances(model, done)
    for chosen in (direct, ~direct):
        expected, spread = chance[chosen].sum(), np.sqrt((chance * (1.0 - chance))[chosen].sum())
        assert chosen.sum() > 100
        assert abs(stopped[chosen].sum() - expected) < 4.0 * spread


def test_caps_that_drift_up_bring_trade_back():
    weeks = run({name: value for name, value in CHEAP_BUYERS.items() if name != "wtp_rise"}).weekly()
    assert weeks["ordered"].iloc[0] == 0
    assert weeks["ordered"].sum() > 0


def test_without_supply_nothing_can_be_diverted():
    weeks = run({"market_scale": 0.0, "demand_scale": 50.0}, "minimal").weekly()
    assert weeks[["delivered", "honest_filled"]].to_numpy().sum() == 0


def test_a_world_of_complicit_distributors_refuses_nobody():
    assert run({"complicit_share": 1.0, "supplier_found": 0.0}).weekly()["refused"].sum() == 0
