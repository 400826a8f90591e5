"""The middle of the week: purchases, rationing, routes and arrivals."""

import math
from types import SimpleNamespace

from .draws import normal, phi, pick, running
from .inputs import COUNTRIES, LIST, PRODUCTS, VENDORS
from .market import unproven_price
from .people import felt, find_supplier


def hit(sensitivity, threshold, concealable, skill):
    return phi(sensitivity * (1.0 - concealable * skill) - threshold)


def cancel(w, order, today):
    today.cancelled += order.remaining
    if order.tie.seller is order.seller and order.tie.shell == order.shell:
        order.tie.trust -= w.p["trust_cancelled"]
    if order.seller.active and order.seller.shell == order.shell:
        order.seller.backlog -= order.remaining


def procurement(w, now, today):
    p = w.p
    room = {t.key: max(int(p["capacity_least"]), int(p["capacity_surge"] * t.capacity)) for t in w.active()}
    cash = {t.key: t.cash for t in w.active()}
    standing, w.open = w.open, []
    for order in standing:
        trader, age = order.seller, w.week - order.week
        if not trader.active or trader.shell != order.shell or age >= p["patience"]:
            cancel(w, order, today)
            continue
        w.open.append(order)
        attempt(w, order, age, room, cash, today)
    ration(w, today)
    w.open = [order for order in w.open if order.remaining > 0]
    reprice(w, now)


def attempt(w, order, age, room, cash, today):
    """Let an order try one lot: choose a supplier and a brand, pass screening, ask for the chips."""
    p, trader = w.p, order.seller

    def u(sub):
        return w.draw("purchase", age, order.identity, sub)

    if u(0) >= trader.participation:
        return
    places = [at for at, (_, chip) in enumerate(PRODUCTS) if chip == order.chip]
    tie, other = (int(u(sub) * len(trader.suppliers)) for sub in (1, 2))
    if sum(trader.suppliers[other].stock[at] for at in places) > sum(trader.suppliers[tie].stock[at] for at in places):
        tie = other
    seller = trader.suppliers[tie]
    drawn = [
        seller.stock[at] * float(VENDORS[v]["appeal"]) * (1.0 - trader.refusals[v] / (trader.tries[v] + 1.0))
        for v, at in enumerate(places)
    ]
    if sum(drawn) <= 0.0:
        today.wanted_by[order.chip] += min(order.remaining, int(p["lot_max"]))
        return
    kept = [v for v, weight in enumerate(drawn) if weight > 0.0]
    vendor = kept[pick(running([drawn[v] for v in kept]), u(3) * sum(drawn))]
    outlay = (
        unproven_price(w, order.chip, seller.mark_up) - int(p["prepaid"] * order.price) + int(p["freight_allowance"])
    )
    lot = min(order.remaining, int(p["lot_max"]), room[trader.key])
    if outlay > 0:
        lot = min(lot, max(cash[trader.key], 0) // outlay)
    if lot <= 0:
        return
    room[trader.key] -= lot
    cash[trader.key] -= max(outlay, 0) * lot
    seller.requested += lot
    reached = min(order.quantity, order.quantity - order.remaining + lot)
    today.attempted += max(0, reached - order.tried)
    order.tried = max(order.tried, reached)
    trader.tries[vendor] += 1.0
    if not seller.complicit:
        bar = p["screening_threshold"] + seller.offset - seller.alert
        if u(4) < p["screening_exposure"] and u(5) < hit(
            p["screening_sensitivity"], bar, p["concealment"], trader.skill
        ):
            today.refused += lot
            trader.refusals[vendor] += 1.0
            if u(6) < p["screening_report"]:
                w.agencies.lead("screening", trader, True, w.agencies.screening_weight, today)
            if u(7) < p["tie_replaced"]:
                trader.suppliers[tie] = find_supplier(trader, 1.0 - p["tie_abroad"], u(8), u(9), u(10), w.book)
                trader.bought[tie] = 0
            return
    today.wanted_by[order.chip] += lot
    w.requests.append(
        SimpleNamespace(
            user=None,
            order=order,
            tie=tie,
            seller=seller,
            place=places[vendor],
            quantity=lot,
            weight=u(11) * p["stock_chase"],
        )
    )


def ration(w, today):
    asked = {}
    for request in w.requests:
        asked.setdefault((request.seller.key, request.place), []).append(request)
    w.requests = []
    for (key, place), queue in sorted(asked.items(), key=lambda item: item[0]):
        distributor = w.distributors[key]
        chip = PRODUCTS[place][1]
        for_unproven = access_limit(w, distributor, place)
        for request in sorted(queue, key=lambda r: r.weight):
            granted = min(request.quantity, distributor.stock[place])
            if granted <= 0:
                break
            if request.user is None:
                granted = min(granted, for_unproven)
                for_unproven -= granted
                if granted <= 0:
                    continue
            distributor.stock[place] -= granted
            if request.user is not None:
                request.user.installed[chip] += granted
                today.honest_filled += granted
            else:
                sell(w, request, distributor, place, granted, today)


def access_limit(w, distributor, place):
    """Return how many chips of a stock those buyers get at most whom nobody knows."""
    p = w.p
    access = p["access"] * (p["access_complicit"] if distributor.complicit else 1.0)
    u = w.draw("access", w.week, distributor.key * len(PRODUCTS) + place, None)
    return math.floor(min(1.0, access) * distributor.stock[place] + u)


def sell(w, request, distributor, place, lot, today):
    order, chip = request.order, PRODUCTS[place][1]
    cost = unproven_price(w, chip, distributor.mark_up)
    order.seller.bought[request.tie] += lot
    today.granted_by[chip] += lot
    order.seller.cash += int(w.p["prepaid"] * order.price) * lot - lot * cost
    order.remaining -= lot
    order.seller.backlog -= lot
    send(w, order, distributor.country, place, lot, cost)


def reprice(w, now):
    p = w.p
    for d in w.distributors:
        d.demand = p["demand_memory_decay"] * d.demand + (1.0 - p["demand_memory_decay"]) * d.requested
        weekly = sum(now.channel) * d.share
        cover = sum(d.stock) / weekly if weekly > 0.0 else 0.0
        gap = (p["target_cover"] - min(cover, 2.0 * p["target_cover"])) / p["target_cover"]
        d.mark_up = min(max(d.mark_up + p["distributor_mark_up_speed"] * gap, 0.0), p["distributor_mark_up_max"])


def send(w, order, origin, place, lot, cost):
    """Put a lot on its way; its route is chosen, and its fate drawn, when all purchases are done."""
    w.moving.append(
        SimpleNamespace(
            order=order, seller=order.seller, shell=order.shell, origin=origin, place=place, quantity=lot, cost=cost,
            bought=w.week, route=None, arrives=None, stop=None,
        )
    )  # fmt: skip


def dispatch(w, today):
    p, attraction = w.p, w.book.attraction
    for lot in [lot for lot in reversed(w.moving) if lot.route is None]:
        trader, age = lot.seller, w.week - lot.order.week

        def u(sub, lot=lot, age=age):
            return w.draw("dispatch", age, lot.order.identity, sub)

        values = []
        for route in w.routes[lot.origin]:
            value = utility(w, trader, route, lot.cost) + route.pull
            if route.last not in trader.knows:
                strange = attraction[route.last] <= 0.0
                value += -math.inf if strange else math.log(attraction[route.last]) - p["corridor_barrier"]
            if lot.quantity <= route.most:
                values.append((value, route))
        best = max(value for value, _ in values)
        odds = running([math.exp(value - best) for value, _ in values])
        lot.route = values[pick(odds, u(0) * odds[-1])][1]
        opened = lot.route.last not in trader.knows
        trader.knows.add(lot.route.last)
        rate = hit(p["border_sensitivity"], p["border_threshold"], p["concealment"], trader.skill)
        for number, (country, mode) in enumerate(lot.route.hops):
            if u(1 + number) < chance_opened(w, country, mode, trader.skill) * rate:
                lot.stop = country
                break
        trader.cash -= int(lot.route.freight * lot.quantity + 0.5)
        if opened:
            today.corridors_opened += 1
            trader.cash -= int(p["corridor_cost"])
        lot.arrives = w.week + lot.route.weeks + (int(p["corridor_weeks"]) if opened else 0)


def chance_opened(w, country, mode, skill):
    """Return how likely a diverted consignment is opened where a share k of consignments that look like it is."""
    p = w.p
    k = p["border_exposure"] * w.inspection[country]
    papers = p["border_targeting"] * (1.0 - p["concealment"] * skill)
    return min(p["border_exposure_max"], phi(papers + normal(k)) * mode) if k > 0.0 else 0.0


def utility(w, trader, route, cost):
    safe = 1.0
    for country, mode in route.hops:
        safe *= 1.0 - min(felt(trader, country) * mode, 1.0)
    loss = w.p["loss_factor"] * (1.0 - safe) * cost
    return -w.p["route_response"] * (route.freight + loss + w.p["route_week_cost"] * route.weeks) / cost


def arrivals(w, today):
    p = w.p
    w.stops, w.passed = [0] * len(COUNTRIES), [0] * len(COUNTRIES)
    due, w.moving = [x for x in w.moving if x.arrives <= w.week], [x for x in w.moving if x.arrives > w.week]
    for lot in due:
        trader, order = lot.seller, lot.order
        known = trader.active and trader.shell == lot.shell
        for country, _ in lot.route.hops:
            stopped = country == lot.stop
            (w.stops if stopped else w.passed)[country] += 1
            if known:
                (trader.losses if stopped else trader.passes)[country] += 1.0
            if stopped:
                break
        tied = still_tied(order)
        if lot.stop is None:
            balance = (order.price - int(p["prepaid"] * order.price)) * lot.quantity
            if known:
                trader.cash += balance
                trader.delivered += lot.quantity
                trader.recent_volume += lot.quantity
                trader.recent_value += lot.quantity * LIST[PRODUCTS[lot.place][1]]
                trader.recent_shipments += 1.0
            if tied:
                order.tie.trust += p["trust_delivered"]
                order.tie.received += lot.quantity
            today.delivered += lot.quantity
            today.delivered_by[PRODUCTS[lot.place][1]] += lot.quantity
            today.via[lot.route.hops[-1][0]] += lot.quantity
        else:
            today.seized_border += lot.quantity
            if tied:
                order.tie.trust -= p["trust_seized"]
            if w.draw("arrival", lot.bought - order.week, order.identity, 0) < p["border_report"] and known:
                w.agencies.lead("border", trader, True, w.agencies.border_weight, today)


def still_tied(order):
    """Return whether a buyer still has the tie through which it ordered."""
    return order.tie.seller is order.seller and order.tie.shell == order.shell
