"""Phase 6: each consignment takes a route; what will happen at its hops is drawn now (MODEL 7.7)."""

import math

import numpy as np

from supplysim._compiled import kernel, rule
from supplysim.agents.intermediary import perceived_share
from supplysim.detection.channels import BORDER
from supplysim.detection.signal import hit_rate
from supplysim.network.routes import route_utility, stop_chance
from supplysim.phases.asks import hazard_weight
from supplysim.streams import DISPATCH, clock_key, sub_key, uniform

HABIT_RULE = 2
_ROUTE, _FIRST_HOP, _SECOND_HOP = range(3)
LONGEST = 64  # more routes than any origin has


@rule
def perceived_route_hazard(row, route, origin, firms, routes, weight):
    """Return the believed chance that a route's hops stop a consignment."""
    believed = perceived_share(firms[row].hop_losses[origin], firms[row].hop_passes[origin])
    passes = 1.0 - min(believed * routes.row[route].inspection_origin * weight, 1.0)
    transit = routes.row[route].transit
    if transit >= 0:
        believed = perceived_share(firms[row].hop_losses[transit], firms[row].hop_passes[transit])
        passes *= 1.0 - min(believed * routes.row[route].inspection_transit * weight, 1.0)
    return 1.0 - passes


@kernel
def choose_route(
    row, origin, quantity, cost, u, firms, routes, settings, response, week_cost, loss_factor, delta
):
    """Return a route for a consignment: a logit over freight, felt risk and time; habit keeps what worked."""
    first, last = routes.first[origin], routes.first[origin + 1]
    previous = firms[row].last_route
    if (
        settings.decision == HABIT_RULE
        and not firms[row].route_failed
        and first <= previous < last
        and quantity <= routes.row[previous].max_lot
    ):
        return previous
    weight = hazard_weight(settings, delta)
    weights = np.empty(LONGEST)
    total = 0.0
    for route in range(first, last):
        weights[route - first] = 0.0
        if quantity <= routes.row[route].max_lot:
            hazard = perceived_route_hazard(row, route, origin, firms, routes, weight)
            weights[route - first] = math.exp(
                route_utility(
                    routes.row[route].freight,
                    routes.row[route].weeks,
                    hazard,
                    cost,
                    response,
                    loss_factor,
                    week_cost,
                )
            )
            total += weights[route - first]
    aim, running, chosen = u * total, 0.0, first
    for route in range(first, last):
        if weights[route - first] > 0.0:
            running += weights[route - first]
            chosen = route
            if running >= aim:
                break
    return chosen


@kernel
def dispatch(
    week,
    seed,
    shipments,
    moving,
    orders,
    firms,
    distributors,
    routes,
    chips,
    accounts,
    market,
    channels,
    now,
    settings,
    counts,
    p,
):
    """Send this week's purchases on their way."""
    sensitivity = now.sensitivity[BORDER]
    threshold = now.threshold[BORDER]
    at = counts.moving - 1
    while at >= 0 and shipments[moving[at]].route < 0:
        shipment = moving[at]
        at -= 1
        row = shipments[shipment].seller
        origin = distributors[shipments[shipment].distributor].country
        quantity = shipments[shipment].quantity
        cost = shipments[shipment].unit_cost
        order = shipments[shipment].order
        who = orders[order].identity
        key = clock_key(seed, DISPATCH, week - orders[order].week)
        route = choose_route(
            row,
            origin,
            quantity,
            cost,
            uniform(sub_key(key, _ROUTE), who),
            firms,
            routes,
            settings,
            p.route_response,
            p.route_week_cost,
            p.loss_factor,
            p.salient_delta,
        )
        rate = hit_rate(sensitivity, threshold, channels[BORDER].concealable, firms[row].sophistication)
        chance = stop_chance(
            now.border_exposure[origin] * market.inspection_weight[origin],
            routes.row[route].inspection_origin,
            p.border_exposure_max,
            rate,
        )
        stopped = -1
        if uniform(sub_key(key, _FIRST_HOP), who) < chance:
            stopped = origin
        elif routes.row[route].transit >= 0:
            transit = routes.row[route].transit
            chance = stop_chance(
                now.border_exposure[transit] * market.inspection_weight[transit],
                routes.row[route].inspection_transit,
                p.border_exposure_max,
                rate,
            )
            if uniform(sub_key(key, _SECOND_HOP), who) < chance:
                stopped = transit
        freight = int(routes.row[route].freight * quantity + 0.5)
        firms[row].cash -= freight
        accounts.carriers += freight
        firms[row].last_route = route
        shipments[shipment].route = route
        shipments[shipment].arrives = week + routes.row[route].weeks
        shipments[shipment].stop_hop = stopped
