"""Phase 6: each consignment takes a route; what will happen at its hops is drawn now (MODEL 7.7)."""

from supplysim._compiled import kernel, rule
from supplysim.agents.intermediary import knows_corridor, perceived_share
from supplysim.detection.channels import BORDER
from supplysim.detection.signal import hit_rate, opening_score, phi
from supplysim.network.routes import NO_WAY, exponential, route_utility, stop_chance
from supplysim.network.ties import pick
from supplysim.phases.asks import hazard_weight
from supplysim.world.streams import DISPATCH, clock_key, numbers, sub_key, uniform

HABIT_RULE = 2
_ROUTE, _FIRST_HOP, _SECOND_HOP = numbers(0, 3)


@rule
def route_hazard(at_origin, at_transit, inspection_origin, inspection_transit, weight):
    """Return the believed chance that a route's hops stop a consignment; modes are inspected unlike."""
    first = 1.0 - min(at_origin * inspection_origin * weight, 1.0)
    return 1.0 - first * (1.0 - min(at_transit * inspection_transit * weight, 1.0))


@kernel
def choose_route(w, firm, origin, quantity, cost, u):
    """Return a route for a consignment: a logit over freight, felt risk and time; habit keeps what worked.

    Corridors by which a trader knows no forwarder stand behind a barrier, and are found by their attraction.
    """
    routes, market, settings, p = w.routes, w.market[0], w.settings, w.parameters[0]
    believed, running = w.scratch.believed, w.scratch.running
    first, last = routes.first[origin], routes.first[origin + 1]
    kept = firm.last_route
    usual = not firm.route_failed and first <= kept < last
    if settings.decision == HABIT_RULE and usual and quantity <= routes.row[kept].max_lot:
        return kept
    weight = hazard_weight(settings, p.salient_delta)
    response, loss_factor, week_cost = p.route_response, p.loss_factor, p.route_week_cost
    for c in range(believed.size):
        believed[c] = perceived_share(firm.hop_losses[c], firm.hop_passes[c])
    best, highest = first, -1e300
    for at in range(last - first):
        route = routes.row[first + at]
        beyond = believed[route.transit] if route.transit >= 0 else 0.0
        hazard = route_hazard(believed[origin], beyond, route.inspection_origin, route.inspection_transit, weight)
        utility = route_utility(route.freight, route.weeks, hazard, cost, response, loss_factor, week_cost) + route.pull
        if not knows_corridor(firm.knows, route.last):
            utility += market.corridor_log[route.last] - p.corridor_barrier
        if quantity > route.max_lot:
            utility = NO_WAY
        elif utility > highest:
            best, highest = first + at, utility
        running[at] = utility
    for at in range(last - first):  # by itself, so that it is vector code
        running[at] = exponential(running[at] - highest if running[at] > NO_WAY else NO_WAY)
    total = 0.0
    for at in range(last - first):
        total += running[at]
        running[at] = total
    if total <= 0.0:
        return best  # all routes are so bad that their weights vanish
    return first + pick(running, 0, last - first, u * total)


@kernel
def read_papers(w, week):
    """Note the score above which each border opens a consignment, and its share of those that hide nothing."""
    score, most, market, now = w.scratch.border_score, w.scratch.opened_most, w.market[0], w.conditions[week]
    for c in range(score.size):
        score[c] = opening_score(now.border_exposure[c] * market.inspection_weight[c])
        most[c] = phi(now.targeting[c] - score[c])


@kernel
def is_stopped(w, week, firm, country, inspection, u):
    """Return whether a hop's inspection stops a consignment, given its keyed draw."""
    channels, market, now = w.channels, w.market[0], w.conditions[week]
    exposure, most = now.border_exposure[country] * market.inspection_weight[country], now.inspection_max[country]
    if now.targeting[country] > 0.0:
        if u >= inspection * w.scratch.opened_most[country]:
            return False  # not even opened, whoever sent it
        concealed = 1.0 - channels[BORDER].concealable * firm.sophistication
        exposure = phi(now.targeting[country] * concealed - w.scratch.border_score[country])
    if u >= stop_chance(exposure, inspection, most, 1.0):
        return False  # not even opened: no need to know how well it hides
    rate = hit_rate(now.sensitivity[BORDER], now.threshold[BORDER], channels[BORDER].concealable, firm.sophistication)
    return u < stop_chance(exposure, inspection, most, rate)


@kernel
def stopping_hop(w, week, firm, origin, route, key, who):
    """Return the country whose inspection will stop a consignment on a route, -1 if none."""
    u = uniform(sub_key(key, _FIRST_HOP), who)
    if is_stopped(w, week, firm, origin, route.inspection_origin, u):
        return origin
    if route.transit < 0:
        return -1
    u = uniform(sub_key(key, _SECOND_HOP), who)
    return route.transit if is_stopped(w, week, firm, route.transit, route.inspection_transit, u) else -1


@kernel
def open_corridor(w, week, trader, shipment, country):
    """Let a trader find a forwarder by way of a country: the first consignment waits for him, and he is paid."""
    p = w.parameters[0]
    trader.knows |= 1 << country
    shipment.arrives += int(p.corridor_weeks)
    trader.cash -= int(p.corridor_cost)
    w.accounts[0].carriers += int(p.corridor_cost)
    w.tally[week].corridors_opened += 1


@kernel
def dispatch(w, week):
    """Send this week's purchases on their way."""
    shipments, moving, routes, accounts = w.shipments, w.moving, w.routes, w.accounts[0]
    read_papers(w, week)
    at = w.counts[0].moving - 1
    while at >= 0 and shipments[moving[at]].route < 0:
        shipment = shipments[moving[at]]
        at -= 1
        order, trader = w.orders[shipment.order], w.intermediaries[shipment.seller]
        origin, quantity = w.distributors[shipment.distributor].country, shipment.quantity
        key, who = clock_key(w.seed, DISPATCH, week - order.week), order.identity
        route = choose_route(w, trader, origin, quantity, shipment.unit_cost, uniform(sub_key(key, _ROUTE), who))
        taken = routes.row[route]
        freight = int(taken.freight * quantity + 0.5)
        trader.cash -= freight
        accounts.carriers += freight
        trader.last_route = route
        shipment.route = route
        shipment.arrives = week + taken.weeks
        if not knows_corridor(trader.knows, taken.last):
            open_corridor(w, week, trader, shipment, taken.last)
        shipment.stop_hop = stopping_hop(w, week, trader, origin, taken, key, who)
