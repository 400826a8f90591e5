"""One rule for one firm and for all: an agent's answer is the number that the phases use (STYLE 4)."""

import numpy as np
import pytest

from supplysim.agents.views import Buyer, Distributor, EndUser, Enforcer, Intermediary, Vendor
from supplysim.detection.signal import false_alarm_rate
from supplysim.evidence import Extreme
from supplysim.model import SupplyChain
from supplysim.phases.asks import SALIENCE_RULE
from supplysim.phases.dispatch import HABIT_RULE
from supplysim.setup.rules import DECISIONS
from supplysim.week import PHASES
from supplysim.world.streams import BUYER_ORDER, USER_ORDER, draw

NAMES = [phase.name for phase in PHASES]
POLICIES = ["due_diligence@2023-06", "location_verification@2023-06", "enforcement_budget@2023-06"]


def before(phase, week=90, **parameters):
    """Return a model that stands just before a phase of a week."""
    model = SupplyChain("baseline-2024", POLICIES, rng=3, parameters=Extreme(parameters))
    model.run(week)
    for index in range(NAMES.index(phase)):
        model.run_phase(index)
    return model


def run_next(model, phase):
    model.run_phase(NAMES.index(phase))


def in_business(model):
    return [firm for firm in model.agents_by_type[Intermediary] if firm.active]


def test_phase_by_phase_is_week_by_week():
    steps, phases = (SupplyChain("minimal", POLICIES, rng=3) for _ in range(2))
    steps.run(60)
    while phases.week < 60:
        for index in range(len(PHASES)):
            phases.run_phase(index)
    for name in steps.world.tally.dtype.names:
        assert np.array_equal(steps.world.tally[name], phases.world.tally[name]), name


@pytest.mark.parametrize("decision", ["expected_utility", "salience"])
def test_a_quote_is_the_ask_of_the_week(decision):
    model = SupplyChain("baseline-2024", POLICIES, rng=3)
    code = ["expected_utility", "salience"].index(decision)
    model.world = model.world._replace(settings=model.world.settings._replace(decision=code))
    model.run(90)
    for index in range(NAMES.index("asks") + 1):
        model.run_phase(index)
    firms = in_business(model)
    assert len(firms) > 50
    for firm in firms:
        asked = model.world.intermediaries["ask"][firm.row]
        assert [firm.quote(generation) for generation in range(asked.size)] == asked.tolist()


def test_taking_part_has_the_chance_of_the_phase():
    model = before("buying")
    firms = in_business(model)
    assert [firm.takes_part() for firm in firms] == [firm.participation for firm in firms]
    assert 0.0 < np.mean([firm.participation for firm in firms]) < 1.0


def test_a_distributor_charges_the_price_it_names():
    model = before("procurement")
    distributors = list(model.agents_by_type[Distributor])
    generations = model.world.chips["list_price"].size
    named = np.array([[d.price_unproven(generation) for generation in range(generations)] for d in distributors])
    already = len(model.shipments())
    run_next(model, "procurement")
    sold = model.shipments()[already:]
    assert len(sold) > 20
    assert named[sold["distributor"], sold["product"] % generations].tolist() == sold["unit_cost"].tolist()


def test_users_order_what_they_want_and_distributors_flag_above_their_bar():
    model = before("honest orders")
    w, week, now = model.world, model.week, model.world.conditions[model.week]
    distributors = list(model.agents_by_type[Distributor])
    waiting = int(w.counts[0]["delayed"])
    orders = chips = flagged = 0
    for user in model.agents_by_type[EndUser]:
        quantity = user.wants()
        if quantity == 0:
            continue
        orders, chips = orders + 1, chips + quantity
        product = np.searchsorted(now["product_share"], draw(w.seed, USER_ORDER, week, user.key, 2))
        first, second = w.end_users["supplier"][user.row]
        supplier = distributors[first if w.distributors["stock"][first, product] >= quantity else second]
        vendor = product // w.chips["list_price"].size
        looked_at = draw(w.seed, USER_ORDER, week, user.key, 3) < now["screening_exposure"][vendor]
        suspect = draw(w.seed, USER_ORDER, week, user.key, 4) < false_alarm_rate(supplier.bar(vendor))
        flagged += not supplier.complicit and looked_at and suspect
    run_next(model, "honest orders")
    today = w.tally[week]
    assert (orders, chips, flagged) == (today["honest_orders"], today["honest_ordered"], today["honest_flagged"])
    assert flagged > 0
    assert w.counts[0]["delayed"] != waiting or flagged == 0


def test_a_buyer_orders_from_the_seller_that_its_weights_pick():
    model = before("buying")
    w = model.world
    w.parameters["search"] = w.parameters["newcomer_reach"] = 0.0  # ties stay as they are this week
    weights = {buyer.row: buyer.seller_weights() for buyer in model.agents_by_type[Buyer]}
    already = len(model.orders())
    run_next(model, "buying")
    placed = model.orders()[already:]
    assert len(placed) > 10
    for order in placed.itertuples():
        running = np.cumsum(weights[order.buyer])
        aim = draw(w.seed, BUYER_ORDER, 0, order.identity, 1) * running[-1]
        assert order.tie == np.flatnonzero(running >= aim)[0]
        assert weights[order.buyer][order.tie] > 0.0


def test_a_buyer_gives_no_weight_to_sellers_it_cannot_use():
    model = before("buying")
    buyer = next(b for b in model.agents_by_type[Buyer] if (b.seller_weights() > 0.0).sum() >= 3)
    held, dear, gone = (buyer.seller[tie] for tie in np.flatnonzero(buyer.seller_weights())[:3])
    firms = model.world.intermediaries
    firms["hold_until"][held] = model.week + 1
    firms["over_list"][dear] = 10**9
    firms["active"][gone] = False
    for seller in (held, dear, gone):
        assert (buyer.seller_weights()[buyer.seller == seller] == 0.0).all()


def test_a_belief_is_what_the_expected_loss_in_the_cost_comes_from():
    model = before("buying")
    w = model.world
    for firm in in_business(model)[:20]:
        losses, passes = (w.intermediaries[name][firm.row] for name in ("hop_losses", "hop_passes"))
        felt, cost = firm.belief(firm.country), firm.full_cost(1)
        losses[firm.country] += 1.0
        assert firm.belief(firm.country) > felt
        assert firm.full_cost(1) > cost
        losses[firm.country] -= 1.0
        passes[firm.country] += 1.0
        assert firm.belief(firm.country) < felt
        assert firm.full_cost(1) < cost


def test_a_stop_raises_a_belief_and_a_pass_lowers_it():
    model = before("arrivals", week=120, border_exposure=0.6)
    w = model.world
    firms = {firm.row: firm for firm in in_business(model)}
    origin_of = w.distributors["country"]
    due = model.shipments().query("status == 'in transit' and arrives <= @model.week")
    believed = {(row, c): firms[row].belief(c) for row in firms for c in range(13)}
    run_next(model, "arrivals")
    direct = due[w.routes.row["transit"][due["route"]] < 0]
    alone = direct[~direct["seller"].isin(due["seller"][due["seller"].duplicated()])]
    stops = passes = 0
    for shipment in alone.itertuples():
        if shipment.seller not in firms or firms[shipment.seller].shell != shipment.shell:
            continue
        origin = origin_of[shipment.distributor]
        after = firms[shipment.seller].belief(origin)
        if shipment.stop_hop >= 0:
            stops += 1
            assert after > believed[shipment.seller, origin]
        else:
            passes += 1
            assert after < believed[shipment.seller, origin]
    assert stops > 0
    assert passes > 0


def test_a_vendor_ships_the_featured_chips_it_says():
    model = before("supply")
    w = model.world
    stock = w.distributors["reporting"].sum(axis=0)
    supply = w.conditions[model.week]["supply"]
    generations = w.chips["list_price"].size
    said = [
        vendor.featured(int(supply[vendor.row * generations + generation]))
        for vendor in model.agents_by_type[Vendor]
        for generation in range(generations)
    ]
    run_next(model, "supply")
    assert (w.distributors["reporting"].sum(axis=0) - stock).tolist() == said
    assert sum(said) > 0


def test_open_cases_get_the_work_that_their_agency_says():
    model = SupplyChain("baseline-2024", POLICIES, rng=3)
    model.run(60)
    seen = 0
    while model.week < 160:
        for index in range(NAMES.index("enforcement")):
            model.run_phase(index)
        agencies = list(model.agents_by_type[Enforcer])
        left = model.world.office.cases["effort"].copy()
        said, opened = [agency.rate() for agency in agencies], [agency.open_cases for agency in agencies]
        run_next(model, "enforcement")
        cases = model.cases()
        newly = set(cases.loc[cases["opened"] == model.week, "agency"])
        for case in cases[(cases["opened"] < model.week) & (cases["closed"] < 0)].itertuples():
            if case.agency not in newly and left[case.Index] > 0.0:  # a new case takes its share at once
                seen += 1
                assert left[case.Index] - case.effort == pytest.approx(said[case.agency])
        for agency, before_now in zip(agencies, opened, strict=True):
            assert agency.open_cases <= max(agency.slots(), before_now)
        for index in range(NAMES.index("enforcement") + 1, len(PHASES)):
            model.run_phase(index)
    assert seen > 100


def test_a_decision_rule_is_named_once_and_its_place_is_its_number():
    pytest.importorskip("solara")
    from supplysim.viz.texts import RULES

    assert DECISIONS[SALIENCE_RULE] == "salience"
    assert DECISIONS[HABIT_RULE] == "habit"
    assert [told["id"] for told in RULES] == ["", *DECISIONS]
