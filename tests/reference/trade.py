"""The middle of the week: purchases, rationing, routes and arrivals (MODEL 7.6, 7.7)."""

import math
from types import SimpleNamespace

from .draws import phi, pick, running
from .inputs import COUNTRIES, PRODUCTS, VENDORS
from .market import price
from .people import find_supplier


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
        return
    kept = [v for v, weight in enumerate(drawn) if weight > 0.0]
    vendor = kept[pick(running([drawn[v] for v in kept]), u(3) * sum(drawn))]
    outlay = price(order.chip, seller.mark_up) - int(p["prepaid"] * order.price) + int(p["freight_allowance"])
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
            return
    w.requests.append(
        SimpleNamespace(
            user=None, order=order, seller=seller, place=places[vendor], quantity=lot, weight=u(11) * p["stock_chase"]
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
        for request in sorted(queue, key=lambda r: r.weight):
            granted = min(request.quantity, distributor.stock[place])
            if granted <= 0:
                break
            distributor.stock[place] -= granted
            if request.user is not None:
                request.user.installed[chip] += granted
                today.honest_filled += granted
            else:
                sell(w, request.order, distributor, place, granted, today)


def sell(w, order, distributor, place, lot, today):
    cost = price(PRODUCTS[place][1], distributor.mark_up)
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


def dispatch(w):
    p = w.p
    for lot in (lot for lot in w.moving if lot.route is None):
        trader, age = lot.seller, w.week - lot.order.week

        def u(sub, lot=lot, age=age):
            return w.draw("dispatch", age, lot.order.identity, sub)

        routes = [route for route in w.routes[lot.origin] if lot.quantity <= route.most]
        odds = running([math.exp(utility(w, trader, route, lot.cost)) for route in routes])
        lot.route = routes[pick(odds, u(0) * odds[-1])]
        rate = hit(p["border_sensitivity"], p["border_threshold"], p["concealment"], trader.skill)
        for number, (country, mode) in enumerate(lot.route.hops):
            seen = min(p["border_exposure_max"], p["border_exposure"] * w.inspection[country] * mode)
            if u(1 + number) < seen * rate:
                lot.stop = country
                break
        trader.cash -= int(lot.route.freight * lot.quantity + 0.5)
        lot.arrives = w.week + lot.route.weeks


def utility(w, trader, route, cost):
    safe = 1.0
    for country, mode in route.hops:
        believed = trader.losses[country] / (trader.losses[country] + trader.passes[country])
        safe *= 1.0 - min(believed * mode, 1.0)
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
                trader.recent_shipments += 1.0
            if tied:
                order.tie.trust += p["trust_delivered"]
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
