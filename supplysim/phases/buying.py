"""Phase 4: buyers choose between kinds of compute, build up need, and order from a seller (MODEL 7.5, EQUATIONS d)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.buyer import ORDERS_PER_BUYER, next_wtp, order_quantity, smuggled_share, smuggled_utility
from supplysim.network.ties import pick
from supplysim.phases.substitutes import DOMESTIC, clear_substitutes
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
def tie_weight(buyer, tie, traders, week):
    """Return the weight of one tie in a buyer's choice; 0 if its seller is gone, on hold or too dear."""
    if not is_alive(buyer, tie, traders):
        return 0.0
    seller = traders[buyer.seller[tie]]
    if seller.hold_until > week or seller.over_list > buyer.wtp:
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
    traders = w.intermediaries
    found = -1
    for tie in range(buyer.seller.size):
        if not is_alive(buyer, tie, traders):
            return tie
        if found < 0 and tie_weight(buyer, tie, traders, week) <= 0.0:
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
    """Note the running shares of classes in typical orders, by what is in stock and not dear; return H100e a chip."""
    mix, distributors, chips, market, p = (
        w.scratch.running_mix,
        w.distributors,
        w.chips[0],
        w.market[0],
        w.parameters[0],
    )
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
        mix[generation] *= math.exp(-p.mix_price * market.premium[generation])
        whole += mix[generation]
    compute = 0.0
    running = 0.0
    for generation in range(generations):
        share = mix[generation] / whole if whole > 0.0 else market.mix[generation]  # nothing in stock: as before
        market.mix[generation] = share
        compute += share * chips.h100e[generation]
        running += share
        mix[generation] = running
    return compute


@kernel
def look_around(w, week):
    """Note what each buyer wants and how it likes smuggled chips at its sellers' quotes; return their mean wait."""
    buyers, traders, scratch, market, now = w.buyers, w.intermediaries, w.scratch, w.market[0], w.conditions[week]
    p = w.parameters[0]
    base = p.taste_base + p.taste
    waiting = 0.0
    for i in range(buyers.size):
        buyer = buyers[buyers[i].row_of]
        total, price, wait = 0.0, 0.0, 0.0
        for tie in range(buyer.seller.size):
            weight = tie_weight(buyer, tie, traders, week)
            if weight > 0.0:
                seller = traders[buyer.seller[tie]]
                total += weight
                price += weight * seller.over_list
                wait += weight * seller.backlog / seller.capacity
        buyer.served = total > 0.0
        price = price / total if buyer.served else buyer.wtp
        wait = wait / total if buyer.served else p.wait_unknown
        utility = smuggled_utility(
            base + now.foreign_taste[buyer.kind],
            p.price_response,
            price,
            market.value_loss,
            p.wait_response,
            min(wait, p.wait_cap),
        )
        waiting += buyer.weight * wait
        scratch.want[i] = buyer.weight * now.wish
        scratch.smuggled[i] = math.exp(utility / p.nest_scale)
        scratch.kind[i] = buyer.kind
    return waiting


@kernel
def buying(w, week):
    """Update ties and need of every buyer, clear the markets for other compute, and place orders."""
    buyers, scratch, p = w.buyers, w.scratch, w.parameters[0]
    meet_newcomers(w, week)
    search_sellers(w, week)
    compute = mix_orders(w, week)
    w.tally[week].wait = look_around(w, week)
    clear_substitutes(w, week)
    appeal, cheap, none = scratch.appeal, scratch.cheap, math.exp(p.taste_none)
    for i in range(buyers.size):
        buyer = buyers[buyers[i].row_of]
        others = 0.0
        for c in range(DOMESTIC):
            others += appeal[buyer.kind, c] * cheap[c]
        domestic = appeal[buyer.kind, DOMESTIC] * cheap[DOMESTIC]
        share = smuggled_share(scratch.smuggled[i], others, domestic, none, p.nest_scale)
        need = scratch.want[i] * share / compute * (1.0 if buyer.served else p.unmet_need)
        buyer.need = min(buyer.need + need, 4.0 * buyer.next_size + 20.0)
        if buyer.served and buyer.need >= buyer.next_size:
            place_order(w, week, buyer)
        buyer.wtp = next_wtp(buyer.wtp, buyer.wtp_start, buyer.served, p.wtp_rise, p.wtp_return, p.wtp_ceiling)


@kernel
def place_order(w, week, buyer):
    """Place a buyer's next order with one of its sellers, at the price asked now."""
    traders, mix, chips, today, p = w.intermediaries, w.scratch.running_mix, w.chips[0], w.tally[week], w.parameters[0]
    identity = buyer.key * ORDERS_PER_BUYER + buyer.orders
    key = clock_key(w.seed, BUYER_ORDER, 0)
    total = 0.0
    for tie in range(buyer.seller.size):
        total += tie_weight(buyer, tie, traders, week)
    aim = uniform(sub_key(key, _SELLER), identity) * total
    chosen = -1
    running = 0.0
    for tie in range(buyer.seller.size):
        weight = tie_weight(buyer, tie, traders, week)
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
    today.paid_by[generation] += buyer.next_size * seller.ask[generation]
    today.listed_by[generation] += buyer.next_size * chips.list_price[generation]
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
