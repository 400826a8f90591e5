"""The first half of the week: supply, honest orders, asks, and what buyers do (MODEL 7.2-7.5, EQUATIONS d)."""

import math
from types import SimpleNamespace

from scipy.optimize import brentq

from .draws import logistic, lognormal, phi, pick, running
from .inputs import H100E, LIST, PRODUCTS, H
from .people import order_size

DECIMALS = 1e-13  # to which the rental price is solved
CHEAPEST, DEAREST = -0.1, 10.0


def price(chip, mark_up):
    return int(LIST[chip] * (1.0 + mark_up) + 0.5)


def supply(w, now):
    p = w.p
    for d in w.distributors:
        d.requested = 0
    demand = sum(d.demand for d in w.distributors)
    wanted = [
        (1.0 - p["allocation_memory"]) * d.share
        + p["allocation_memory"] * (d.demand / demand if demand > 0 else d.share)
        for d in w.distributors
    ]
    upto = running(wanted)
    for place, quantity in enumerate(now.channel):
        given = 0
        for d, sum_so_far in zip(w.distributors, upto, strict=True):
            until = quantity if d is w.distributors[-1] else int(quantity * sum_so_far / upto[-1])
            d.stock[place] += until - given
            given = until


def honest_orders(w, now, today):
    p, week, draw = w.p, w.week, w.draw
    due, w.delayed = [x for x in w.delayed if x.due <= week], [x for x in w.delayed if x.due > week]
    for x in due:
        ask_again(w, x, draw("user_order", x.placed, x.user.key, 7))
    sums = running(now.shares)
    for user in w.users:
        if draw("user_order", week, user.key, 0) >= user.chance:
            continue
        u = draw("user_order", week, user.key, 1)
        quantity = max(1, int(lognormal(u, user.median * now.pace, p["user_order_noise"]) + 0.5))
        place = pick(sums, draw("user_order", week, user.key, 2))
        seller = first_with_stock(user, place, quantity)
        today.honest_orders += 1
        today.honest_ordered += quantity
        seller.requested += quantity
        if not seller.complicit:
            bar = p["screening_threshold"] + seller.offset - seller.alert
            seen, score = (draw("user_order", week, user.key, sub) for sub in (3, 4))
            if seen < p["screening_exposure"] and score < phi(-bar):
                today.honest_flagged += 1
                if draw("user_order", week, user.key, 6) < p["screening_report"]:
                    w.agencies.lead("screening", user, False, w.agencies.screening_weight, today)
                if draw("user_order", week, user.key, 5) < p["flag_lost"]:
                    today.honest_lost += quantity
                else:
                    wait = int(p["flag_delay"])
                    w.delayed.append(
                        SimpleNamespace(user=user, place=place, quantity=quantity, due=week + wait, placed=week)
                    )
                    today.honest_delay += quantity * wait
                continue
        w.requests.append(
            SimpleNamespace(
                user=user, order=None, seller=seller, place=place, quantity=quantity,
                weight=draw("user_order", week, user.key, 7),
            )
        )  # fmt: skip


def first_with_stock(user, place, quantity):
    first, second = user.suppliers
    return first if first.stock[place] >= quantity else second


def ask_again(w, x, weight):
    seller = first_with_stock(x.user, x.place, x.quantity)
    w.requests.append(
        SimpleNamespace(user=x.user, order=None, seller=seller, place=x.place, quantity=x.quantity, weight=weight)
    )


def full_cost(w, trader, chip):
    p = w.p
    cost = price(chip, sum(d.mark_up for d in trader.suppliers) / len(trader.suppliers))
    home = trader.country
    hazard = trader.losses[home] / (trader.losses[home] + trader.passes[home])
    caught = p["salience"] * trader.events / trader.years
    volume = 52.0 * p["utilisation"] * trader.capacity
    fine = min(trader.seed_cash / volume, w.fine_ratio * cost)
    penalty = (
        w.willingness[home] * p["personal_penalty"] * w.fine_ratio ** p["severity_exponent"] * p["profit_share"] * cost
    )
    return (
        cost + p["handling"] + p["loss_factor"] * hazard * cost * (1.0 - 0.5 * p["prepaid"]) + caught * (fine + penalty)
    )


def asks(w):
    p = w.p
    for trader in w.active():
        costs = [full_cost(w, trader, chip) for chip in range(len(LIST))]
        trader.ask = [int(cost * (1.0 + trader.margin) + 0.5) for cost in costs]
        gain = (w.mark_up * LIST[H] - costs[H]) / LIST[H] - trader.reserve
        trader.participation = logistic(p["participation_slope"] * gain)
        normal_backlog = p["seller_backlog_weeks"] * trader.capacity + 1.0
        trader.appeal = math.exp(
            -p["seller_price_response"] * math.log(trader.ask[H] / LIST[H])
            - p["seller_backlog"] * math.log(1.0 + trader.backlog / normal_backlog)
        )


def alive(tie):
    return tie.seller.active and tie.seller.shell == tie.shell


def affordable(buyer, tie):
    return alive(tie) and tie.seller.ask[H] <= buyer.wtp * LIST[H]


def unusable(buyer):
    gone = [tie for tie in buyer.ties if not alive(tie)]
    dear = [tie for tie in buyer.ties if not affordable(buyer, tie)]
    return (gone or dear or [None])[0]


def knows(buyer, trader):
    return any(tie.seller is trader and tie.shell == trader.shell for tie in buyer.ties)


def tie_to(tie, trader):
    tie.seller, tie.shell, tie.trust = trader, trader.shell, 0.0


def make_ties(w):
    p, week, draw = w.p, w.week, w.draw
    for trader in w.active():
        if trader.orders == 0 and trader.born < week:
            for buyer in w.buyers:
                if draw("newcomer", week, buyer.key, trader.key) < p["newcomer_reach"] and not knows(buyer, trader):
                    tie = unusable(buyer) or min(buyer.ties, key=lambda tie: tie.trust)
                    tie_to(tie, trader)
    sums = running([math.sqrt(t.capacity) if t.active else 0.0 for t in w.slots[: w.used]])
    if not sums or sums[-1] <= 0.0:
        return
    for buyer in w.buyers:
        if draw("search", week, buyer.key, 0) < p["search"]:
            tie = unusable(buyer)
            trader = w.slots[pick(sums, draw("search", week, buyer.key, 1) * sums[-1])]
            if tie and not knows(buyer, trader):
                tie_to(tie, trader)


def weights(w, buyer):
    """Return (tie, weight) of every tie that a buyer can use."""
    trust = w.p["seller_trust"]
    return [(tie, tie.seller.appeal * math.exp(trust * tie.trust)) for tie in buyer.ties if affordable(buyer, tie)]


def market_mix(w):
    stock = [
        sum(d.stock[at] for d in w.distributors for at, (_, c) in enumerate(PRODUCTS) if c == chip) for chip in range(3)
    ]
    drawn = [s ** w.p["mix_supply"] * h ** w.p["mix_compute"] for s, h in zip(stock, H100E, strict=True)]
    total = sum(drawn)
    return [d / total for d in drawn] if total > 0 else [float(chip == H) for chip in range(3)]


def buying(w, now, today):
    p, scale = w.p, w.p["nest_scale"]
    make_ties(w)
    mix = market_mix(w)
    compute = sum(share * h for share, h in zip(mix, H100E, strict=True))
    for buyer in w.buyers:
        usable = weights(w, buyer)
        total = sum(weight for _, weight in usable)
        buyer.served = bool(usable)
        asked = sum(weight * tie.seller.ask[H] for tie, weight in usable) / total if usable else buyer.wtp * LIST[H]
        wait = p["wait_unknown"]
        if usable:
            wait = sum(weight * tie.seller.backlog / tie.seller.capacity for tie, weight in usable) / total
        buyer.taste = (
            p["taste_base"] + p["taste"] - p["price_response"] * math.log(asked / LIST[H])
            - p["wait_response"] * min(wait, p["wait_cap"])
        )  # fmt: skip

    def shares(buyer, rent):
        """Return the shares of smuggled, licensed, rented and domestic compute in a buyer's wish."""
        inside = [
            math.exp(utility / scale)
            for utility in (
                buyer.taste,
                now.licensed,
                now.rented + p["rented_shift"] + buyer.rented - p["price_response"] * rent,
            )
        ]
        nest = sum(inside) ** scale
        domestic, none = math.exp(now.domestic + buyer.domestic), math.exp(p["taste_none"])
        foreign = nest / (nest + domestic + none)
        return [foreign * part / sum(inside) for part in inside] + [domestic / (nest + domestic + none)]

    rentable = now.let * sum(
        n * h for user in w.users if user.provider for n, h in zip(user.installed, H100E, strict=True)
    )
    w.rented *= 1.0 - 1.0 / p["rental_contract"]
    offer = max(0.0, rentable - w.rented) / p["rental_offer_weeks"]

    def excess(rent):
        return sum(buyer.weight * now.wish * shares(buyer, rent)[2] for buyer in w.buyers) - offer

    rent = CHEAPEST if excess(CHEAPEST) <= 0.0 else DEAREST
    if rent == DEAREST and excess(DEAREST) < 0.0:
        rent = brentq(excess, CHEAPEST, DEAREST, xtol=DECIMALS, rtol=4 * DECIMALS)
    rented = 0.0
    for buyer in w.buyers:
        smuggled, licensed, hired, domestic = (buyer.weight * now.wish * s for s in shares(buyer, rent))
        today.licensed_h100e += licensed
        rented += hired
        today.domestic_h100e += domestic
        need = smuggled / compute * (1.0 if buyer.served else p["unmet_need"])
        buyer.need = min(buyer.need + need, 4.0 * buyer.size + 20.0)
        if buyer.served and buyer.need >= buyer.size:
            order(w, buyer, mix, today)
        if buyer.served:
            buyer.wtp += p["wtp_return"] * (buyer.wtp_start - buyer.wtp)
        else:
            buyer.wtp = min(buyer.wtp * (1.0 + p["wtp_rise"]), p["wtp_ceiling"] * buyer.wtp_start)
    today.rented_h100e = min(rented, offer)
    w.rented += today.rented_h100e


def order(w, buyer, mix, today):
    identity = (buyer.key << 20) + buyer.orders
    usable = weights(w, buyer)
    sums = running([weight for _, weight in usable])
    tie = usable[pick(sums, w.draw("buyer_order", 0, identity, 1) * sums[-1])][0]
    chip = pick(running(mix), w.draw("buyer_order", 0, identity, 2))
    w.open.append(
        SimpleNamespace(
            identity=identity, buyer=buyer, tie=tie, seller=tie.seller, shell=tie.shell, chip=chip, quantity=buyer.size,
            remaining=buyer.size, tried=0, price=tie.seller.ask[chip], week=w.week,
        )
    )  # fmt: skip
    w.placed.append(w.open[-1])
    tie.seller.backlog += buyer.size
    tie.seller.orders += 1
    today.ordered += buyer.size
    buyer.orders += 1
    buyer.need -= buyer.size
    buyer.size = order_size(w.draw("buyer_order", 0, identity + 1, 0), buyer.median, w.p)
