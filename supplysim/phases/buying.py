"""Phase 4: buyers choose between kinds of compute, build up need, and order from a seller (MODEL 7.5, EQUATIONS d)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.buyer import ORDERS_PER_BUYER, nest_choice, next_wtp, order_quantity, smuggled_utility
from supplysim.network.ties import pick
from supplysim.phases.rental import clearing_price, rentable_compute
from supplysim.world.records import ORDER_OPEN
from supplysim.world.streams import BUYER_ORDER, NEWCOMER, SEARCH, clock_key, numbers, sub_key, uniform

_SIZE, _SELLER, _GENERATION = numbers(0, 3)
_SEARCHES, _WHICH = numbers(0, 2)


@rule
def is_alive(buyer, tie, traders):
    """Return whether a tie still leads to the shell it was made with."""
    seller = buyer.seller[tie]
    return seller >= 0 and traders[seller].active and traders[seller].shell == buyer.seller_shell[tie]


@rule
def tie_weight(buyer, tie, traders, reference, list_price, week):
    """Return the weight of one tie in a buyer's choice; 0 if its seller is gone, on hold or too dear."""
    if not is_alive(buyer, tie, traders):
        return 0.0
    seller = traders[buyer.seller[tie]]
    if seller.hold_until > week or seller.ask[reference] > buyer.wtp * list_price:
        return 0.0
    return seller.appeal * buyer.pull[tie]


@kernel
def tie_to(buyer, tie, seller, shell):
    """Replace a tie by one to another seller; trust starts anew."""
    buyer.seller[tie] = seller
    buyer.seller_shell[tie] = shell
    buyer.trust[tie] = 0.0
    buyer.pull[tie] = 1.0
    buyer.received[tie] = 0


@kernel
def unusable_tie(w, week, buyer):
    """Return the first tie whose seller is gone, else the first whose seller is on hold or too dear, -1 if none."""
    traders, chips = w.intermediaries, w.chips[0]
    reference = chips.reference
    list_price = chips.list_price[reference]
    found = -1
    for tie in range(buyer.seller.size):
        if not is_alive(buyer, tie, traders):
            return tie
        if found < 0 and tie_weight(buyer, tie, traders, reference, list_price, week) <= 0.0:
            found = tie
    return found


@kernel
def least_trusted(buyer):
    """Return the tie that a buyer trusts least."""
    worst = 0
    for tie in range(buyer.trust.size):
        if buyer.trust[tie] < buyer.trust[worst]:
            worst = tie
    return worst


@kernel
def knows(buyer, seller, shell):
    """Return whether a buyer already has a tie to this firm."""
    for tie in range(buyer.seller.size):
        same = buyer.seller[tie] == seller and buyer.seller_shell[tie] == shell
        if same:
            return True
    return False


@kernel
def meet_newcomers(w, week):
    """Let idle newcomers reach buyers: some of all, of a circle that each draws for itself where there are many."""
    buyers, traders, p = w.buyers, w.intermediaries, w.parameters[0]
    newcomer = clock_key(w.seed, NEWCOMER, week)
    circle = min(buyers.size, int(p.newcomer_circle))
    for i in range(w.counts[0].slots):
        row = traders[i].row_of
        seller = traders[row]
        if not seller.active or seller.orders > 0 or seller.born >= week:
            continue
        meeting = sub_key(newcomer, i)
        first = int(uniform(meeting, buyers.size) * buyers.size) if circle < buyers.size else 0
        for step in range(circle):
            b = first + step
            buyer = buyers[buyers[b if b < buyers.size else b - buyers.size].row_of]
            if uniform(meeting, buyer.key) < p.newcomer_reach and not knows(buyer, row, seller.shell):
                tie = unusable_tie(w, week, buyer)
                tie_to(buyer, tie if tie >= 0 else least_trusted(buyer), row, seller.shell)


@kernel
def search_sellers(w, week):
    """Let buyers with an unusable tie look for another seller."""
    buyers, traders, reach, slots, p = w.buyers, w.intermediaries, w.reach, w.counts[0].slots, w.parameters[0]
    if slots == 0 or reach[slots - 1] <= 0.0:
        return
    search = clock_key(w.seed, SEARCH, week)
    looks, which = sub_key(search, _SEARCHES), sub_key(search, _WHICH)
    for b in range(buyers.size):
        buyer = buyers[b]
        if uniform(looks, buyer.key) >= p.search:
            continue
        tie = unusable_tie(w, week, buyer)
        if tie >= 0:
            seller = traders[pick(reach, 0, slots, uniform(which, buyer.key) * reach[slots - 1])].row_of
            if not knows(buyer, seller, traders[seller].shell):
                tie_to(buyer, tie, seller, traders[seller].shell)


@kernel
def mix_orders(w, week):
    """Note the running shares of generations in typical orders, which follow what is in stock; return H100e a chip."""
    mix, distributors, chips, now, p = w.scratch.mix, w.distributors, w.chips[0], w.conditions[week], w.parameters[0]
    generations = chips.h100e.size
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
        share = mix[generation] / whole if whole > 0.0 else (1.0 if generation == chips.reference else 0.0)
        compute += share * chips.h100e[generation]
        running += share
        mix[generation] = running
    return compute


@kernel
def buying(w, week):
    """Update ties and need of every buyer, clear the rental market, and place orders."""
    buyers, traders, tastes = w.buyers, w.intermediaries, w.tastes
    scratch, chips, market, now, today = w.scratch, w.chips[0], w.market[0], w.conditions[week], w.tally[week]
    p = w.parameters[0]
    meet_newcomers(w, week)
    search_sellers(w, week)
    count = buyers.size
    ties = buyers[0].seller.size
    generations = chips.h100e.size
    reference = chips.reference
    list_price = chips.list_price[reference]
    scale = p.nest_scale
    base = p.taste_base + p.taste

    compute = mix_orders(w, week)
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
        buyer = buyers[buyers[i].row_of]
        total, price, wait = 0.0, 0.0, 0.0
        for tie in range(ties):
            weight = tie_weight(buyer, tie, traders, reference, list_price, week)
            if weight > 0.0:
                seller = traders[buyer.seller[tie]]
                total += weight
                price += weight * seller.ask[reference]
                wait += weight * seller.backlog / seller.capacity
        buyer.served = total > 0.0
        price = price / total if buyer.served else buyer.wtp * list_price
        wait = wait / total if buyer.served else p.wait_unknown
        utility = smuggled_utility(
            base, p.price_response, price, list_price, now.value_loss, p.wait_response, min(wait, p.wait_cap)
        )
        waiting += buyer.weight * wait
        kind = buyer.kind
        want[i] = buyer.weight * now.wish
        smuggled[i] = math.exp(utility / scale)
        outside[i] = smuggled[i] + licensed
        domestic[i] = scratch.domestic_appeal[kind]
        others[i] = domestic[i] + none
        rented[i] = scratch.rented_appeal[kind]

    stock = rentable_compute(w, week)
    market.rented *= 1.0 - 1.0 / p.rental_contract
    offer = max(0.0, stock - market.rented) / p.rental_offer_weeks
    log_price = clearing_price(w, offer, math.log(market.rental_price))
    market.rental_price = math.exp(log_price)
    cheaper = math.exp(-p.price_response * log_price / scale)
    for i in range(count):
        buyer = buyers[buyers[i].row_of]
        s, lic, r, d, o = nest_choice(smuggled[i], licensed, rented[i] * cheaper, domestic[i], none, scale)
        today.licensed_h100e += want[i] * lic
        today.rented_h100e += want[i] * r
        today.domestic_h100e += want[i] * d
        today.none_h100e += want[i] * o
        need = want[i] * s / compute * (1.0 if buyer.served else p.unmet_need)
        buyer.need = min(buyer.need + need, 4.0 * buyer.next_size + 20.0)
        if buyer.served and buyer.need >= buyer.next_size:
            place_order(w, week, buyer)
        buyer.wtp = next_wtp(buyer.wtp, buyer.wtp_start, buyer.served, p.wtp_rise, p.wtp_return, p.wtp_ceiling)
    today.rented_h100e = min(today.rented_h100e, offer)
    market.rented += today.rented_h100e
    today.rented_stock = market.rented
    today.rentable_stock = stock
    today.rental_price = market.rental_price
    today.wait = waiting


@kernel
def place_order(w, week, buyer):
    """Place a buyer's next order with one of its sellers, at the price asked now."""
    traders, mix, chips, today, p = w.intermediaries, w.scratch.mix, w.chips[0], w.tally[week], w.parameters[0]
    list_price = chips.list_price[chips.reference]
    identity = buyer.key * ORDERS_PER_BUYER + buyer.orders
    key = clock_key(w.seed, BUYER_ORDER, 0)
    total = 0.0
    for tie in range(buyer.seller.size):
        total += tie_weight(buyer, tie, traders, chips.reference, list_price, week)
    aim = uniform(sub_key(key, _SELLER), identity) * total
    chosen = -1
    running = 0.0
    for tie in range(buyer.seller.size):
        weight = tie_weight(buyer, tie, traders, chips.reference, list_price, week)
        if weight > 0.0:
            running += weight
            chosen = tie
            if running >= aim:
                break
    generation = pick(mix, 0, mix.size, uniform(sub_key(key, _GENERATION), identity))
    new_order(w, week, buyer, chosen, generation)
    seller = traders[buyer.seller[chosen]]
    seller.backlog += buyer.next_size
    seller.orders += 1
    today.ordered += buyer.next_size
    buyer.orders += 1
    buyer.need -= buyer.next_size
    buyer.next_size = order_quantity(
        uniform(sub_key(key, _SIZE), identity + 1), buyer.order_median, p.order_sigma, p.server_size, p.order_max
    )


@kernel
def new_order(w, week, buyer, tie, generation):
    """Note a buyer's next order with the seller of one of its ties."""
    counts, seller = w.counts[0], w.intermediaries[buyer.seller[tie]]
    row = counts.orders
    order = w.orders[row]
    order.buyer = w.buyers[buyer.key].row_of
    order.number = buyer.orders
    order.identity = buyer.key * ORDERS_PER_BUYER + buyer.orders
    order.tie = tie
    order.seller = buyer.seller[tie]
    order.shell = seller.shell
    order.generation = generation
    order.quantity = buyer.next_size
    order.remaining = buyer.next_size
    order.tried = 0
    order.unit_price = seller.ask[generation]
    order.week = week
    order.status = ORDER_OPEN
    w.open_orders[counts.open_orders] = row
    counts.orders += 1
    counts.open_orders += 1
