"""Limit cases with known answers (MODEL 12)."""

import numpy as np
import pytest

from supplysim.detection import signal
from supplysim.model import SupplyChain
from supplysim.network.routes import stop_chance

UNSEEN = {
    "screening_exposure": 0.0,
    "border_exposure": 0.0,
    "end_use_exposure": 0.0,
    "tip_exposure": 0.0,
    "marketplace_exposure": 0.0,
    "intelligence_exposure": 0.0,
}
PERFECT_SCREENING = {
    "screening_exposure": 1.0,
    "screening_sensitivity": 9.0,
    "complicit_share": 0.0,
    "concealment": 0.0,
}


def run(scenario="baseline-2024", weeks=None, **parameters):
    """Return the weekly books of a run with other parameters, outside their ranges if need be."""
    model = SupplyChain(scenario, rng=11, parameters=parameters, check=scenario == "minimal")
    model.run(weeks)
    return model


@pytest.fixture(scope="module")
def usual():
    return run().weekly()


def test_without_demand_only_first_orders_are_placed():
    model = SupplyChain("baseline-2024", rng=11, parameters={"demand_scale": 1e-12})
    first_needs = int(model.world.buyers["need"].sum())
    model.run()
    assert model.weekly()["ordered"].sum() <= first_needs
    assert model.weekly()["rented_h100e"].sum() < 1.0


def test_what_nobody_looks_at_is_never_found(usual):
    weeks = run(**UNSEEN).weekly()
    found = ["refused", "seized", "true_leads", "false_leads", "cases_opened", "looks", "prosecutions", "listings"]
    assert weeks[found].to_numpy().sum() == 0
    assert (usual[found].sum() > 0).all()  # so the test can fail
    assert weeks["delivered"].sum() > usual["delivered"].sum()


def test_without_screening_nobody_is_refused(usual):
    weeks = run(screening_exposure=0.0).weekly()
    assert weeks[["refused", "refused_orders", "honest_flagged", "honest_delay"]].to_numpy().sum() == 0
    assert usual["honest_flagged"].sum() > 0


def test_without_border_inspection_only_cases_seize(usual):
    weeks = run(border_exposure=0.0, personal_penalty=0.0).weekly()
    assert weeks["seized_border"].sum() == 0
    assert weeks["true_leads:border"].sum() == 0
    assert weeks["seized_cases"].sum() > 0
    assert usual["seized_border"].sum() > 0


def test_without_investigators_no_case_is_opened_or_ends(usual):
    weeks = run(investigators=0.0).weekly()
    ends = ["cases_opened", "prosecutions", "listings", "lapsed_cases", "failed_cases", "false_cases", "looks"]
    assert weeks[ends].to_numpy().sum() == 0
    assert weeks["true_leads"].sum() > 0
    assert usual["prosecutions"].sum() > 0


def test_perfect_screening_lets_nothing_through():
    weeks = run(**PERFECT_SCREENING).weekly()
    assert weeks["delivered"].sum() == 0
    assert weeks["refused"].sum() > 0


def test_screening_is_only_as_good_as_its_coverage():
    weeks = run(**PERFECT_SCREENING | {"complicit_share": 0.5}).weekly()
    assert weeks["delivered"].sum() > 0


@pytest.mark.parametrize(
    "penalty",
    [{"personal_penalty": 1e6}, {"fine_multiple": 1e6, "seed_cash": 1e6}],
    ids=["personal", "fine without a limit by wealth"],
)
def test_an_overwhelming_penalty_feared_with_certainty_ends_the_trade(penalty, usual):
    weeks = run(caught_prior=1.0, caught_prior_years=1e6, **penalty).weekly()
    assert weeks["delivered"].sum() == 0
    assert usual["delivered"].sum() > 0


def test_a_heavy_fine_frightens_only_as_far_as_wealth_reaches():
    # a firm with little to lose trades on: the reason why severity matters less than certainty
    weeks = run(fine_multiple=1e6, personal_penalty=0.0).weekly()
    assert weeks["delivered"].sum() > 0


def stop_chances(model, shipments):
    """Return the true chance that each consignment is stopped on its route, when nobody conceals."""
    w = model.world
    p = w.parameters[0]
    rate = signal.hit_rate(p["border_sensitivity"], p["border_threshold"], 0.0, 0.0)
    routes = w.routes.row[shipments["route"]]
    origin = w.distributors["country"][shipments["distributor"]]
    seen = w.conditions["border_exposure"][0]
    most = p["border_exposure_max"]
    passes = []
    for hop, other, first, second in zip(
        origin, routes["transit"], routes["inspection_origin"], routes["inspection_transit"], strict=True
    ):
        through = 1.0 - stop_chance(seen[hop], first, most, rate)
        if other >= 0:
            through *= 1.0 - stop_chance(seen[other], second, most, rate)
        passes.append(through)
    return 1.0 - np.array(passes), routes["transit"] < 0


@pytest.mark.parametrize("exposure", [0.03, 0.3])
def test_a_hop_stops_the_share_it_inspects_times_what_it_recognises(exposure):
    # concealment 0: every consignment of a route is as easy to recognise, so stops are binomial
    model = run(border_exposure=exposure, concealment=0.0, investigators=0.0)
    shipments = model.shipments()
    done = shipments[shipments["status"].isin(["arrived", "stopped"])]
    stopped = (done["status"] == "stopped").to_numpy()
    chance, direct = stop_chances(model, done)
    for chosen in (direct, ~direct):
        expected, spread = chance[chosen].sum(), np.sqrt((chance * (1.0 - chance))[chosen].sum())
        assert chosen.sum() > 100
        assert abs(stopped[chosen].sum() - expected) < 4.0 * spread


def test_with_one_inspected_country_the_share_delivered_is_one_less_the_stop_chance():
    model = run(border_exposure=0.2, concealment=0.0, investigators=0.0)
    shipments = model.shipments()
    chance, direct = stop_chances(model, shipments)
    singapore = 2
    here = direct & (model.world.distributors["country"][shipments["distributor"]] == singapore)
    arrived = here & (shipments["status"] == "arrived").to_numpy()
    stopped = here & (shipments["status"] == "stopped").to_numpy()
    p = chance[arrived | stopped].mean()
    share = arrived.sum() / (arrived | stopped).sum()
    assert 0.05 < p < 0.5
    assert share == pytest.approx(1.0 - p, abs=4.0 * np.sqrt(p * (1.0 - p) / (arrived | stopped).sum()))


def test_buyers_who_pay_less_than_chips_cost_get_none():
    weeks = run(wtp=1.05, wtp_sigma=0.0, wtp_rise=0.0).weekly()
    assert weeks[["ordered", "delivered"]].to_numpy().sum() == 0


def test_caps_that_drift_up_bring_trade_back():
    weeks = run(wtp=1.05, wtp_sigma=0.0).weekly()
    assert weeks["ordered"].iloc[0] == 0
    assert weeks["ordered"].sum() > 0


def test_without_supply_nothing_can_be_diverted():
    weeks = run("minimal", market_scale=0.0, demand_scale=50.0).weekly()
    assert weeks[["delivered", "honest_filled"]].to_numpy().sum() == 0


def test_a_world_of_complicit_distributors_refuses_nobody():
    assert run(complicit_share=1.0).weekly()["refused"].sum() == 0
