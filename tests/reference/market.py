"""The first half of the week: supply, honest orders, asks, and what buyers do."""

import math
from types import SimpleNamespace

from .draws import logistic, lognormal, phi, pick, running
from .inputs import H100E, LIST, PRODUCTS
from .people import felt, order_size


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


def unproven_price(w, chip, mark_up):
    """Return what a distributor asks of a buyer it does not know: a premium of the class comes on top."""
    return int(LIST[chip] * (1.0 + mark_up) * math.exp(w.premium[chip]) + 0.5)


def full_cost(w, trader, chip):
    p = w.p
    cost = unproven_price(w, chip, sum(d.mark_up for d in trader.suppliers) / len(trader.suppliers))
    home = felt(trader, trader.country)
    hazard = home + (1.0 - home) * trader.way
    caught = p["salience"] * trader.events / trader.years
    volume = 52.0 * p["utilisation"] * trader.capacity
    wealth = trader.seed_cash + p["solvent"] * trader.taken
    fine = min(wealth / volume, w.fine_ratio * cost)
    penalty = w.willingness[trader.country] * p["personal_penalty"] * w.fine_ratio ** p["severity_exponent"]
    penalty *= p["profit_share"] * cost
    return (
        cost + p["handling"] + p["loss_factor"] * hazard * cost * (1.0 - 0.5 * p["prepaid"]) + caught * (fine + penalty)
    )


def typical(w, amounts):
    """Return the mean over a typical order of amounts over list price, one a class."""
    return sum(share * amount / price for share, amount, price in zip(w.mix, amounts, LIST, strict=True))


def asks(w):
    p = w.p
    for trader in w.active():
        costs = [full_cost(w, trader, chip) for chip in range(len(LIST))]
        trader.ask = [int(cost * (1.0 + trader.margin) + 0.5) for cost in costs]
        trader.over_list = typical(w, trader.ask)
        gain = w.mark_up - typical(w, costs) - trader.reserve
        trader.participation = logistic(p["participation_slope"] * gain)
        normal_backlog = p["seller_backlog_weeks"] * trader.capacity + 1.0
        trader.appeal = math.exp(
            -p["seller_price_response"] * math.log(trader.over_list)
            - p["seller_backlog"] * math.log(1.0 + trader.backlog / normal_backlog)
        )


def alive(tie):
    return tie.seller.active and tie.seller.shell == tie.shell


def affordable(buyer, tie):
    return alive(tie) and tie.seller.over_list <= buyer.wtp


def unusable(buyer):
    gone = [tie for tie in buyer.ties if not alive(tie)]
    dear = [tie for tie in buyer.ties if not affordable(buyer, tie)]
    return (gone or dear or [None])[0]


def knows(buyer, trader):
    return any(tie.seller is trader and tie.shell == trader.shell for tie in buyer.ties)


def tie_to(tie, trader):
    tie.seller, tie.shell, tie.trust, tie.received = trader, trader.shell, 0.0, 0


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
    """Return the share of each class in a typical order: what is in stock, its compute, and how dear it is."""
    p = w.p
    stock = [
        sum(d.stock[at] for d in w.distributors for at, (_, c) in enumerate(PRODUCTS) if c == chip)
        for chip in range(len(LIST))
    ]
    drawn = [
        s ** p["mix_supply"] * h ** p["mix_compute"] * math.exp(-p["mix_price"] * g)
        for s, h, g in zip(stock, H100E, w.premium, strict=True)
    ]
    total = sum(drawn)
    return [d / total for d in drawn] if total > 0 else w.mix  # nothing in stock: as before


def buying(w, now, today):
    p = w.p
    make_ties(w)
    w.mix = mix = market_mix(w)
    compute = sum(share * h for share, h in zip(mix, H100E, strict=True))
    for buyer in w.buyers:
        usable = weights(w, buyer)
        total = sum(weight for _, weight in usable)
        buyer.served = bool(usable)
        asked = sum(weight * tie.seller.over_list for tie, weight in usable) / total if usable else buyer.wtp
        wait = p["wait_unknown"]
        if usable:
            wait = sum(weight * tie.seller.backlog / tie.seller.capacity for tie, weight in usable) / total
        buyer.taste = (
            p["taste_base"] + p["taste"] - p["price_response"] * math.log(asked)
            - p["wait_response"] * min(wait, p["wait_cap"])
        )  # fmt: skip
        buyer.wish = buyer.weight * now.wish
    offers = offered(w, now)
    clear(w, now, offers)
    wanted, _ = demand(w, now)
    taken = {kind: min(wanted[kind], offers[kind]) for kind in LAWFUL}
    today.licensed_h100e, today.rented_h100e, today.offshore_h100e, today.domestic_h100e = taken.values()
    w.rented += taken["rented"]
    for buyer in w.buyers:
        need = smuggled(w, now, buyer) / compute * (1.0 if buyer.served else p["unmet_need"])
        buyer.need = min(buyer.need + need, 4.0 * buyer.size + 20.0)
        if buyer.served and buyer.need >= buyer.size:
            order(w, buyer, mix, today)
        if buyer.served:
            buyer.wtp += p["wtp_return"] * (buyer.wtp_start - buyer.wtp)
        else:
            buyer.wtp = min(buyer.wtp * (1.0 + p["wtp_rise"]), p["wtp_ceiling"] * buyer.wtp_start)


# --- lawful compute: four kinds, each with an offer and a log price --------------------------------------

LAWFUL = ("licensed", "rented", "offshore", "domestic")
NESTED = ("licensed", "rented", "offshore")  # and what is smuggled: foreign chips stand for each other
SHUT = 6.0  # log price of what is not on offer; no price is higher


def offered(w, now):
    """Return this week's offer of each kind, H100e."""
    p = w.p
    w.rented *= 1.0 - 1.0 / p["rental_contract"]
    rentable = now.let * sum(
        n * h for user in w.users if user.provider for n, h in zip(user.installed, H100E, strict=True)
    )
    return {
        "licensed": now.quota,
        "rented": max(0.0, rentable - w.rented) / p["rental_offer_weeks"],
        "offshore": now.offshore,
        "domestic": now.capacity,
    }


def utilities(w, now, buyer):
    p = w.p
    rented = now.rented + p["rented_shift"] + buyer.rented
    alpha = {
        "licensed": now.licensed, "rented": rented, "offshore": rented, "domestic": now.domestic + buyer.domestic,
    }  # fmt: skip
    return {kind: alpha[kind] - p["price_response"] * w.price[kind] for kind in LAWFUL}


def choice(w, now, buyer):
    """Return the buyer's wish for each lawful kind and for smuggled compute, and how each falls with its log price."""
    p, scale = w.p, w.p["nest_scale"]
    value = utilities(w, now, buyer)
    inside = {kind: math.exp(value[kind] / scale) for kind in NESTED}
    inside["smuggled"] = math.exp(buyer.taste / scale)
    nest = sum(inside.values())
    apart = math.exp(value["domestic"])
    everything = nest**scale + apart + math.exp(p["taste_none"])
    bought = {kind: buyer.wish * e * nest ** (scale - 1.0) / everything for kind, e in inside.items()}
    bought["domestic"] = buyer.wish * apart / everything
    slope = {
        kind: p["price_response"] / scale * bought[kind]
        * (1.0 - (1.0 - scale) * inside[kind] / nest - scale * inside[kind] * nest ** (scale - 1.0) / everything)
        for kind in NESTED
    }  # fmt: skip
    slope["domestic"] = p["price_response"] * bought["domestic"] * (1.0 - apart / everything)
    return bought, slope


def smuggled(w, now, buyer):
    return choice(w, now, buyer)[0]["smuggled"]


def demand(w, now):
    found = [choice(w, now, buyer) for buyer in w.buyers]
    return (
        {kind: sum(bought[kind] for bought, _ in found) for kind in LAWFUL},
        {kind: sum(slope[kind] for _, slope in found) for kind in LAWFUL},
    )


def clear(w, now, offers):
    """Move all four prices towards where what is wanted is what is offered, by a few damped steps."""
    p = w.p
    floor = {"licensed": 0.0, "rented": p["rented_price_floor"], "offshore": 0.0, "domestic": 0.0}
    for _ in range(int(p["clearing_passes"])):
        wanted, slope = demand(w, now)
        for kind in LAWFUL:
            if offers[kind] <= 0.0:
                w.price[kind] = SHUT
                continue
            step = wanted[kind] * math.log(wanted[kind] / offers[kind]) / slope[kind]
            w.price[kind] = min(max(w.price[kind] + min(max(step, -1.0), 1.0), floor[kind]), SHUT)


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
