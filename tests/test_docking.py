"""Docking: parts of the model held against other models that have the same answer, solved independently."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from supplysim.agents.enforcer import case_slots, work_rate
from supplysim.agents.intermediary import loss_if_caught, participation_chance, unit_cost
from supplysim.engine import Engine
from supplysim.evidence import Extreme, quantities, table
from supplysim.network.routes import (
    NO_WAY,
    country_graph,
    exponential,
    find_routes,
    read_routes,
    route_utility,
    stop_chance,
)
from supplysim.phases.asks import hazard_weight
from supplysim.phases.dispatch import route_hazard
from supplysim.validation.targets import vendors_times_volume
from supplysim.world.state import Settings

CODES = [row["code"] for row in table("countries")]
ORIGINS = [code for code in CODES if code != "CN"]


# Becker: one trader, who takes part while what a chip earns exceeds what being caught costs in expectation.

PRICE, COST, HANDLING = 40_000.0, 28_000.0, 900.0
WEALTH, VOLUME, FINE_RATIO, SEVERITY, PENALTY, PROFIT = 3e6, 1_000.0, 1.0, 1.0, 4.0, 0.15


def becker_threshold(reservation, wealth=WEALTH, willingness=1.0):
    """Return the felt catch rate at which expected gain is 0: (price − cost − reserve) / loss, by hand."""
    fine = min(wealth / VOLUME, FINE_RATIO * COST)
    prison = willingness * PENALTY * SEVERITY * PROFIT * COST
    return (PRICE - COST - HANDLING - reservation * 25_000.0) / (fine + prison)


def expected_chance(rate, reservation, wealth=WEALTH, willingness=1.0):
    """Return the model's chance of taking part for a trader who feels caught at a rate and fears no border."""
    loss = loss_if_caught(COST, wealth, VOLUME, FINE_RATIO, willingness, PENALTY, SEVERITY, PROFIT)
    cost = unit_cost(COST, HANDLING, 1.5, 0.0, 0.5, rate, loss)
    return participation_chance(PRICE / 25_000.0, cost / 25_000.0, reservation, 25.0)


@pytest.mark.parametrize("reservation", [0.05, 0.12, 0.25])
@pytest.mark.parametrize("wealth", [1e5, 3e6, 1e9])
@pytest.mark.parametrize("willingness", [0.15, 1.0])
def test_a_trader_is_torn_exactly_at_beckers_threshold(reservation, wealth, willingness):
    threshold = becker_threshold(reservation, wealth, willingness)
    solved = brentq(lambda rate: expected_chance(rate, reservation, wealth, willingness) - 0.5, 0.0, 10.0, xtol=1e-12)
    assert solved == pytest.approx(threshold, rel=1e-9)
    assert expected_chance(0.99 * threshold, reservation, wealth, willingness) > 0.5
    assert expected_chance(1.01 * threshold, reservation, wealth, willingness) < 0.5


def test_a_fine_beyond_wealth_moves_no_threshold():
    # 1e5 of wealth over 1,000 chips a year: the fine bites only up to $100 a chip
    loss = [loss_if_caught(COST, 1e5, VOLUME, ratio, 1.0, PENALTY, SEVERITY, PROFIT) for ratio in (1.0, 10.0)]
    assert loss[0] == loss[1]


# Throughput: chips that get through every stage are the product of the stages' survivals.


def test_purchases_pass_screening_in_the_share_that_the_stages_multiply_to():
    # nobody conceals, no scatter of thresholds, nobody is alarmed, and firms do not learn who refuses
    values = {
        "concealment": 0.0,
        "screening_offset_sd": 0.0,
        "investigators": 0.0,
        "screening_exposure": 0.7,
        "complicit_share": 0.0,
        "border_exposure": 0.0,
    }
    engine = Engine("baseline-2024", seed=4, parameters=Extreme(values))
    engine.run()
    p, weeks = engine.world.parameters[0], engine.weekly()
    flagged = 0.7 * norm.cdf(p["screening_sensitivity"] - p["screening_threshold"])
    tried, refused = weeks["purchase_orders"].sum(), weeks["refused_orders"].sum()
    allowed = 4.0 * math.sqrt(flagged * (1.0 - flagged) / tried)
    assert refused / tried == pytest.approx(flagged, abs=allowed)
    assert tried > 5_000


@pytest.mark.slow
def test_deliveries_are_purchases_times_the_survival_of_both_hops():
    values = {"concealment": 0.0, "investigators": 0.0, "border_exposure": 0.1}
    engine = Engine("baseline-2024", seed=4, parameters=Extreme(values))
    engine.run()
    p, shipments = engine.world.parameters[0], engine.shipments()
    rate = norm.cdf(p["border_sensitivity"] - p["border_threshold"])

    def opened(share):  # by papers that tell diverted goods from others
        return norm.cdf(p["border_targeting"] - norm.isf(share))

    inspection = {row["code"]: float(row["inspection"]) for row in table("countries")}
    routes, origin = engine.world.routes.row, engine.world.distributors["country"]
    done = shipments[shipments["status"].isin(["arrived", "stopped"])]
    survival = np.empty(len(done))
    for number, one in enumerate(done.itertuples()):
        route = routes[one.route]
        legs = [(origin[one.distributor], route["inspection_origin"])]
        if route["transit"] >= 0:
            legs.append((route["transit"], route["inspection_transit"]))
        survival[number] = math.prod(
            1.0 - min(p["border_exposure_max"], opened(0.1 * inspection[CODES[hop]]) * mode) * rate
            for hop, mode in legs
        )
    passed = (done["status"] == "arrived").to_numpy()
    spread = math.sqrt((survival * (1.0 - survival)).sum())
    assert passed.sum() == pytest.approx(survival.sum(), abs=4.0 * spread)
    assert 0.05 < 1.0 - passed.mean() < 0.5


# Routes: with freight and time free and full knowledge, the best route is the shortest path in −log(1 − p).


def believed(seed):
    """Return a chance of being stopped for every country, China 0."""
    chances = dict(zip(ORIGINS, np.random.default_rng(seed).uniform(0.001, 0.3, len(ORIGINS)), strict=True))
    return chances | {"CN": 0.0}


def layered(origin, chances):
    """Return the paths from an origin as a graph of (country, mode by which goods came), legs weighted −log(1 − p)."""
    graph = nx.DiGraph()
    inspection = {row["code"]: float(row["inspection"]) for row in table("modes")}
    for legs in find_routes(origin):
        at = (origin, "start")
        for number, (here, there, mode) in enumerate(legs):
            # a hop's second mode depends on its first: one node for each way of having come
            to = ("CN", "end") if there == "CN" else (there, mode)
            weight = -math.log(1.0 - min(1.0, chances[here] * inspection[mode]) + 1e-300)
            step = (*at, mode)
            graph.add_edge(at, step, weight=weight)
            graph.add_edge(step, to, weight=0.0)
            assert number < 2
            at = to
    return graph


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_trader_who_knows_all_and_pays_nothing_takes_the_shortest_path(origin, seed):
    chances = believed(seed)
    shortest = nx.shortest_path_length(layered(origin, chances), (origin, "start"), ("CN", "end"), weight="weight")
    routes = read_routes(0.0, 0.0)
    at = CODES.index(origin)
    utilities, passes = [], []
    for route in routes.row[routes.first[at] : routes.first[at + 1]]:
        beyond = chances[CODES[route["transit"]]] if route["transit"] >= 0 else 0.0
        hazard = route_hazard(
            chances[origin], beyond, route["inspection_origin"], route["inspection_transit"], 1.0
        )  # fmt: skip
        utilities.append(route_utility(route["freight"], route["weeks"], hazard, 25_000.0, 1e6, 1.5, 0.0))
        passes.append(1.0 - hazard)
    best = int(np.argmax(utilities))
    assert -math.log(passes[best]) == pytest.approx(shortest, abs=1e-9)
    # at so steep a response the logit puts everything on the best
    odds = np.exp(np.array(utilities) - max(utilities))
    assert odds[best] / odds.sum() > 0.3  # equal routes share
    assert odds[np.array(passes) < passes[best] - 1e-9].sum() < 1e-6


def test_in_the_whole_model_a_steep_response_leaves_only_the_safest_routes():
    # beliefs held at what everyone believes: one chance for every hop, so direct beats transit, by mode
    values = {
        "route_response": 1e4,
        "freight": 0.0,
        "freight_transit": 0.0,
        "route_week_cost": 0.0,
        "hop_prior_sigma": 0.0,
        "hop_public": 0.0,
        "border_exposure": 0.0,
        "investigators": 0.0,
    }
    engine = Engine("baseline-2024", seed=4, parameters=Extreme(values))
    engine.run(20)
    shipments, routes = engine.shipments(), engine.world.routes.row
    sent = routes[shipments["route"]]
    assert (sent["transit"] < 0).all()
    origin = engine.world.distributors["country"][shipments["distributor"]]
    for country, quantity, taken in zip(origin, shipments["quantity"], sent["inspection_origin"], strict=True):
        known = routes[engine.world.routes.first[country] : engine.world.routes.first[country + 1]]
        usable = known[(known["transit"] < 0) & (known["max_lot"] >= quantity)]
        assert taken == usable["inspection_origin"].min()


def test_the_salient_trader_weighs_the_same_paths_with_heavier_hops():
    weight = hazard_weight(Settings(1, 0, 0, 0), 0.5)
    assert weight == 2.0
    assert route_hazard(0.1, 0.2, 1.0, 1.0, weight) == pytest.approx(1.0 - 0.8 * 0.6)
    assert stop_chance(0.1, 2.0, 0.6, 0.5) == 0.1  # what he weighs heavier does not happen more often


# Queue: no agency can work on, or end, more cases than its staff allows.


@pytest.mark.parametrize("investigators", [7.0, 20.0, 60.0])
def test_cases_stay_within_slots_and_work_within_staff(investigators):
    values = {"investigators": investigators, "tip_exposure": 0.5, "effort_slope": 0.0, "effort_sigma": 0.0}
    engine = Engine("baseline-2024", seed=4, parameters=Extreme(values))
    agencies = table("agencies")
    staff = [investigators * float(row["staff_share"]) for row in agencies]
    wip, share, most = (engine.world.parameters[0][name] for name in ("wip", "work_rate", "work_rate_max"))
    highest = np.zeros(len(staff))
    for week in range(1, engine.weeks + 1):
        engine.run(week)
        highest = np.maximum(highest, engine.world.office.agencies["open_cases"])
    assert (highest <= [case_slots(people, wip) for people in staff]).all()
    assert (highest == [case_slots(people, wip) for people in staff]).any()  # so the bound binds
    cases, effort = engine.cases(), engine.world.parameters[0]["effort"]
    concluded = cases[~cases["outcome"].isin(["open", "lapsed"])]
    for agency, people in enumerate(staff):
        ended = int((concluded["agency"] == agency).sum())
        # whole cases of equal effort: staff-weeks of a run over the effort of one, plus what was ever open at once
        assert ended * effort <= share * people * engine.weeks + 1e-9
        slowest = work_rate(people, max(1, int(highest[agency])), share, most)
        own = concluded[concluded["agency"] == agency]
        assert ((own["closed"] - own["opened"]) >= min(26, effort / most)).all()
        assert slowest * highest[agency] <= share * people + 1e-9


# The published arithmetic: vendors times volume.


def test_the_rival_is_the_published_arithmetic_at_its_centre():
    evidence = quantities()
    by_hand = math.prod(math.sqrt(evidence[name].low * evidence[name].high) for name in ("Q031", "Q032")) * 12.0
    vendors_only = sorted(vendors_times_volume(seed=2))
    assert by_hand == pytest.approx(evidence["Q031"].central * evidence["Q032"].central * 12.0, rel=0.02)
    # the median of the mixture lies a little above that of its first part
    assert by_hand < vendors_only[len(vendors_only) // 2] < 1.7 * by_hand


def test_legs_of_every_route_are_edges_of_the_country_graph():
    graph = country_graph()
    routes = itertools.chain.from_iterable(find_routes(origin) for origin in ORIGINS)
    assert all(graph.has_edge(here, there, key=mode) for legs in routes for here, there, mode in legs)


def test_weights_of_routes_are_exponentials():
    for x in np.linspace(-90.0, 0.0, 4001):
        assert exponential(x) == pytest.approx(math.exp(x), rel=1e-12)
    assert exponential(0.0) == 1.0
    assert exponential(-700.0) == exponential(NO_WAY) == 0.0
    weights = [exponential(x) for x in np.linspace(-689.0, 0.0, 4001)]
    assert np.diff(weights).min() > 0.0  # a better route never weighs less
