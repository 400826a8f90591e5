"""Phase 4: buyers choose between kinds of compute, build up need, and order from a seller (MODEL 7.5, EQUATIONS d)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.buyer import nest_choice, next_wtp, order_quantity, smuggled_utility
from supplysim.network.ties import pick
from supplysim.world.records import ORDER_OPEN
from supplysim.world.streams import BUYER_ORDER, NEWCOMER, SEARCH, clock_key, numbers, sub_key, uniform

_SIZE, _SELLER, _GENERATION = numbers(0, 3)
_SEARCHES, _WHICH = numbers(0, 2)
ORDERS_PER_BUYER = 1 << 20  # an order's identity is (buyer, order count)
CHEAPEST_RENT, DEAREST_RENT = -0.1, 10.0  # logs of the rental price
CLEARED = 1e-7  # relative gap between demand and offer at which the rental market clears


@rule
def is_alive(buyers, row, tie, firms):
    """Return whether a tie still leads to the shell it was made with."""
    seller = buyers[row].seller[tie]
    return seller >= 0 and firms[seller].active and firms[seller].shell == buyers[row].seller_shell[tie]


@rule
def tie_weight(buyers, row, tie, firms, reference, list_price, week):
    """Return the weight of one tie in a buyer's choice; 0 if its seller is gone, on hold or too dear."""
    if not is_alive(buyers, row, tie, firms):
        return 0.0
    seller = buyers[row].seller[tie]
    if firms[seller].hold_until > week or firms[seller].ask[reference] > buyers[row].wtp * list_price:
        return 0.0
    return firms[seller].appeal * buyers[row].pull[tie]


@kernel
def tie_to(buyers, row, tie, seller, firms):
    """Replace a tie by one to another seller; trust starts anew."""
    buyers[row].seller[tie] = seller
    buyers[row].seller_shell[tie] = firms[seller].shell
    buyers[row].trust[tie] = 0.0
    buyers[row].pull[tie] = 1.0
    buyers[row].received[tie] = 0


@kernel
def unusable_tie(buyers, row, firms, reference, list_price, week):
    """Return the first tie whose seller is gone, else the first whose seller is on hold or too dear, -1 if none."""
    found = -1
    for tie in range(buyers[row].seller.size):
        if not is_alive(buyers, row, tie, firms):
            return tie
        if found < 0 and tie_weight(buyers, row, tie, firms, reference, list_price, week) <= 0.0:
            found = tie
    return found


@kernel
def least_trusted(buyers, row):
    """Return the tie that a buyer trusts least."""
    worst = 0
    for tie in range(buyers[row].trust.size):
        if buyers[row].trust[tie] < buyers[row].trust[worst]:
            worst = tie
    return worst


@kernel
def knows(buyers, row, seller, firms):
    """Return whether a buyer already has a tie to this firm."""
    for tie in range(buyers[0].seller.size):
        if buyers[row].seller[tie] == seller and buyers[row].seller_shell[tie] == firms[seller].shell:
            return True
    return False


@kernel
def make_ties(week, seed, buyers, firms, chips, reach, counts, p):
    """Let idle newcomers reach buyers, and buyers with an unusable tie look for another seller."""
    slots = counts.slots
    reference = chips.reference
    list_price = chips.list_price[reference]
    newcomer = clock_key(seed, NEWCOMER, week)
    circle = min(buyers.size, int(p.newcomer_circle))
    for i in range(slots):
        seller = firms[i].row_of
        if firms[seller].active and firms[seller].orders == 0 and firms[seller].born < week:
            meeting = sub_key(newcomer, i)
            first = int(uniform(meeting, buyers.size) * buyers.size) if circle < buyers.size else 0
            for step in range(circle):
                b = first + step
                row = buyers[b if b < buyers.size else b - buyers.size].row_of
                if uniform(meeting, buyers[row].key) < p.newcomer_reach and not knows(buyers, row, seller, firms):
                    tie = unusable_tie(buyers, row, firms, reference, list_price, week)
                    tie_to(buyers, row, tie if tie >= 0 else least_trusted(buyers, row), seller, firms)
    if slots == 0 or reach[slots - 1] <= 0.0:
        return
    search = clock_key(seed, SEARCH, week)
    looks, which = sub_key(search, _SEARCHES), sub_key(search, _WHICH)
    for row in range(buyers.size):
        if uniform(looks, buyers[row].key) < p.search:
            tie = unusable_tie(buyers, row, firms, reference, list_price, week)
            if tie >= 0:
                u = uniform(which, buyers[row].key) * reach[slots - 1]
                seller = firms[pick(reach, 0, slots, u)].row_of
                if not knows(buyers, row, seller, firms):
                    tie_to(buyers, row, tie, seller, firms)


@kernel
def rental_demand(log_price, want, outside, others, rented, response, scale):
    """Return the compute that buyers would rent this week at a price, H100e, and its slope in the log price."""
    factor = math.exp(-response * log_price / scale)
    total, slope = 0.0, 0.0
    for b in range(want.size):
        mine = rented[b] * factor
        inside = outside[b] + mine
        nest = inside**scale
        share = mine / inside
        taken = nest / (nest + others[b])
        demand = want[b] * share * taken
        total += demand
        slope -= demand * response / scale * (1.0 - (1.0 - scale) * share - scale * share * taken)
    return total, slope


@kernel
def clearing_price(offer, start, want, outside, others, rented, response, scale):
    """Return the log rental price at which buyers want no more than is offered (EQUATIONS d).

    Newton's method on the log of demand, which is nearly straight, kept inside a shrinking bracket.
    """
    if offer <= 0.0:
        demand, _ = rental_demand(CHEAPEST_RENT, want, outside, others, rented, response, scale)
        return CHEAPEST_RENT if demand <= offer else DEAREST_RENT
    low, high = CHEAPEST_RENT, DEAREST_RENT
    price = min(max(start, low), high)
    for step in range(60):
        demand, slope = rental_demand(price, want, outside, others, rented, response, scale)
        if step == 0 and demand <= offer:  # the price falls, perhaps as far as it can
            least, _ = rental_demand(CHEAPEST_RENT, want, outside, others, rented, response, scale)
            if least <= offer:
                return CHEAPEST_RENT
        gap = math.log(demand / offer)
        if abs(gap) < CLEARED:
            break
        if gap > 0.0:
            low = price
        else:
            high = price
        price -= gap * demand / slope
        if not low < price < high:
            price = 0.5 * (low + high)
    return price


@kernel
def rentable_compute(rentable, chips, now):
    """Return the compute that providers and fronts may rent to buyers in China, H100e."""
    total = 0.0
    for c in range(rentable.size):
        held = 0.0
        for generation in range(chips.h100e.size):
            count = rentable[c].provider[generation] + rentable[c].fronts[generation]
            held += count * chips.h100e[generation]
        total += now.rentable_share[c] * held
    return total


@kernel
def buying(
    week,
    seed,
    buyers,
    firms,
    distributors,
    orders,
    open_orders,
    chips,
    rentable,
    market,
    reach,
    now,
    today,
    tastes,
    scratch,
    counts,
    p,
):
    """Update ties and need of every buyer, clear the rental market, and place orders."""
    make_ties(week, seed, buyers, firms, chips, reach, counts, p)
    count = buyers.size
    ties = buyers[0].seller.size
    generations = chips.h100e.size
    reference = chips.reference
    list_price = chips.list_price[reference]
    scale = p.nest_scale
    base = p.taste_base + p.taste

    mix = scratch.mix  # what a typical order is made of follows what is in stock
    for generation in range(generations):
        mix[generation] = 0.0
    whole = 0.0
    for product in range(distributors[0].stock.size):
        in_stock = 0
        for row in range(distributors.size):
            in_stock += distributors[row].stock[product]
        mix[product % generations] += in_stock
    for generation in range(generations):
        mix[generation] = mix[generation] ** p.mix_supply * chips.h100e[generation] ** p.mix_compute
        mix[generation] *= 1.0 - now.legal[generation]  # what may be bought under licence needs no smuggler
        whole += mix[generation]
    compute = 0.0
    running = 0.0
    for generation in range(generations):
        share = mix[generation] / whole if whole > 0.0 else (1.0 if generation == reference else 0.0)
        compute += share * chips.h100e[generation]
        running += share
        mix[generation] = running

    want, smuggled, outside = scratch.want, scratch.smuggled, scratch.outside
    others, domestic, rented = scratch.others, scratch.domestic, scratch.rented
    licensed = math.exp(now.licensed_taste / scale)
    for generation in range(generations):
        licensed += now.legal[generation] * math.exp(p.taste_legal / scale)
    none = math.exp(p.taste_none)
    for kind in range(tastes.shape[0]):
        scratch.domestic_appeal[kind] = math.exp(now.domestic_taste + tastes[kind, 1])
        scratch.rented_appeal[kind] = math.exp((now.rented_taste + p.rented_shift + tastes[kind, 0]) / scale)
    waiting = 0.0
    for i in range(count):
        row = buyers[i].row_of
        total, price, wait = 0.0, 0.0, 0.0
        for tie in range(ties):
            weight = tie_weight(buyers, row, tie, firms, reference, list_price, week)
            if weight > 0.0:
                seller = buyers[row].seller[tie]
                total += weight
                price += weight * firms[seller].ask[reference]
                wait += weight * firms[seller].backlog / firms[seller].capacity
        buyers[row].served = total > 0.0
        price = price / total if buyers[row].served else buyers[row].wtp * list_price
        wait = wait / total if buyers[row].served else p.wait_unknown
        utility = smuggled_utility(
            base, p.price_response, price, list_price, now.value_loss, p.wait_response, min(wait, p.wait_cap)
        )
        waiting += buyers[row].weight * wait
        kind = buyers[row].kind
        want[i] = buyers[row].weight * now.wish
        smuggled[i] = math.exp(utility / scale)
        outside[i] = smuggled[i] + licensed
        domestic[i] = scratch.domestic_appeal[kind]
        others[i] = domestic[i] + none
        rented[i] = scratch.rented_appeal[kind]

    stock = rentable_compute(rentable, chips, now)
    market.rented *= 1.0 - 1.0 / p.rental_contract
    offer = max(0.0, stock - market.rented) / p.rental_offer_weeks
    log_price = clearing_price(
        offer, math.log(market.rental_price), want, outside, others, rented, p.price_response, scale
    )
    market.rental_price = math.exp(log_price)
    cheaper = math.exp(-p.price_response * log_price / scale)
    for i in range(count):
        row = buyers[i].row_of
        s, lic, r, d, o = nest_choice(smuggled[i], licensed, rented[i] * cheaper, domestic[i], none, scale)
        today.licensed_h100e += want[i] * lic
        today.rented_h100e += want[i] * r
        today.domestic_h100e += want[i] * d
        today.none_h100e += want[i] * o
        need = want[i] * s / compute * (1.0 if buyers[row].served else p.unmet_need)
        buyers[row].need = min(buyers[row].need + need, 4.0 * buyers[row].next_size + 20.0)
        if buyers[row].served and buyers[row].need >= buyers[row].next_size:
            place_order(week, seed, row, buyers, firms, orders, open_orders, chips, mix, today, list_price, counts, p)
        buyers[row].wtp = next_wtp(
            buyers[row].wtp, buyers[row].wtp_start, buyers[row].served, p.wtp_rise, p.wtp_return, p.wtp_ceiling
        )
    today.rented_h100e = min(today.rented_h100e, offer)
    market.rented += today.rented_h100e
    today.rented_stock = market.rented
    today.rentable_stock = stock
    today.rental_price = market.rental_price
    today.wait = waiting


@kernel
def place_order(week, seed, row, buyers, firms, orders, open_orders, chips, mix, today, list_price, counts, p):
    """Place a buyer's next order with one of its sellers, at the price asked now."""
    number = buyers[row].orders
    identity = buyers[row].key * ORDERS_PER_BUYER + number
    key = clock_key(seed, BUYER_ORDER, 0)
    ties = buyers[0].seller.size
    total = 0.0
    for tie in range(ties):
        total += tie_weight(buyers, row, tie, firms, chips.reference, list_price, week)
    aim = uniform(sub_key(key, _SELLER), identity) * total
    chosen = -1
    running = 0.0
    for tie in range(ties):
        weight = tie_weight(buyers, row, tie, firms, chips.reference, list_price, week)
        if weight > 0.0:
            running += weight
            chosen = tie
            if running >= aim:
                break
    seller = buyers[row].seller[chosen]
    generation = pick(mix, 0, mix.size, uniform(sub_key(key, _GENERATION), identity))
    quantity = buyers[row].next_size

    at = counts.orders
    orders[at].buyer = row
    orders[at].number = number
    orders[at].identity = identity
    orders[at].tie = chosen
    orders[at].seller = seller
    orders[at].shell = firms[seller].shell
    orders[at].generation = generation
    orders[at].quantity = quantity
    orders[at].remaining = quantity
    orders[at].tried = 0
    orders[at].unit_price = firms[seller].ask[generation]
    orders[at].week = week
    orders[at].status = ORDER_OPEN
    open_orders[counts.open_orders] = at
    counts.orders = at + 1
    counts.open_orders += 1
    firms[seller].backlog += quantity
    firms[seller].orders += 1
    today.ordered += quantity

    buyers[row].orders = number + 1
    buyers[row].need -= quantity
    buyers[row].next_size = order_quantity(
        uniform(sub_key(key, _SIZE), identity + 1), buyers[row].order_median, p.order_sigma, p.server_size, p.order_max
    )
