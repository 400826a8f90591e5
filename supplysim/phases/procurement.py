"""Phase 5: intermediaries try to buy, are screened, and share scarce stock with honest users (MODEL 7.6)."""

from supplysim._compiled import kernel
from supplysim.agents.buyer import change_trust, still_tied
from supplysim.agents.distributor import next_mark_up, resale_price, screening_bar, unproven_mark_up
from supplysim.agents.intermediary import brand_weight, unnoticed_lot, usable_stock, weekly_limit
from supplysim.agents.shell import draw_supplier
from supplysim.detection.channels import SCREENING
from supplysim.detection.signal import hit_rate
from supplysim.phases.detection import features_matter
from supplysim.phases.market import new_request, report_flagged
from supplysim.phases.rationing import ration
from supplysim.world.records import ORDER_CANCELLED, ORDER_FILLED
from supplysim.world.streams import PURCHASE, clock_key, numbers, sub_key, uniform

_TAKES_PART, _TIE_A, _TIE_B, _BRAND, _SEEN, _SCORE, _REPORT, _REPLACED = numbers(0, 8)
_HOME, _COUNTRY, _SUPPLIER, _PRIORITY = numbers(8, 12)
_BARRED, _SPLITS = numbers(14, 16)  # 12 and 13 are drawn in `market`


@kernel
def cancel(w, week, order):
    """Cancel what is left of an order; the buyer trusts that seller less."""
    buyer, trader, today, p = w.buyers[order.buyer], w.intermediaries[order.seller], w.tally[week], w.parameters[0]
    today.cancelled += order.remaining
    order.status = ORDER_CANCELLED
    if still_tied(buyer, order):
        change_trust(buyer, order.tie, -p.trust_cancelled, p.seller_trust)
    if trader.active and trader.shell == order.shell:
        trader.backlog -= order.remaining


@kernel
def look_over(w, avoidance):
    """Note how attractive each distributor's stock is to a trader, by product and by generation, chips.

    Stock stays as it is until all have tried and the week's requests are granted.
    """
    distributors, usable, usable_of = w.distributors, w.scratch.usable, w.scratch.usable_of
    generations = w.chips[0].h100e.size
    for row in range(distributors.size):
        for generation in range(generations):
            usable_of[row, generation] = 0.0
        for product in range(distributors[0].stock.size):
            distributor = distributors[row]
            featured = max(distributor.reporting[product], distributor.switched[product])
            stock = usable_stock(distributor.stock[product], featured, avoidance)
            usable[row, product] = stock
            usable_of[row, product % generations] += stock


@kernel
def choose_brand(w, trader, distributor, generation, u):
    """Return the vendor whose chips a trader tries to buy, -1 if there is nothing it wants in stock."""
    vendors, usable, weights = w.vendors, w.scratch.usable, w.scratch.brands
    generations = w.chips[0].h100e.size
    total = 0.0
    for vendor in range(vendors.size):
        stock = usable[distributor, vendor * generations + generation]
        weight = brand_weight(stock, vendors[vendor].appeal, trader.refusals[vendor], trader.tries[vendor])
        weights[vendor] = weight
        total += weight
    if total <= 0.0:
        return -1
    aim, running, chosen = u * total, 0.0, -1
    for vendor in range(vendors.size):
        weight = weights[vendor]
        if weight > 0.0:
            running += weight
            chosen = vendor
            if running >= aim:
                break
    return chosen


@kernel
def replace_tie(w, trader, tie, key, who):
    """Let a refused trader look for another supplier, more often than not abroad."""
    p = w.parameters[0]
    if uniform(sub_key(key, _REPLACED), who) < p.tie_replaced:
        trader.supplier[tie] = draw_supplier(
            trader.country,
            1.0 - p.tie_abroad,
            uniform(sub_key(key, _HOME), who),
            uniform(sub_key(key, _COUNTRY), who),
            uniform(sub_key(key, _SUPPLIER), who),
            w.directory,
        )
        trader.bought[tie] = 0


@kernel
def is_flagged(w, week, trader, distributor, vendor, lot, key, who):
    """Return whether a distributor's screening flags a trader's purchase; a graded duty looks harder at large ones."""
    now, p = w.conditions[week], w.parameters[0]
    exposure, sensitivity = now.screening_exposure[vendor], now.screening_sensitivity[vendor]
    if 52.0 * (1.0 - p.recent_memory) * trader.recent_volume + lot >= p.graded_size:
        exposure = min(exposure + now.graded_exposure, 1.0)
        sensitivity += now.graded_sensitivity
    if distributor.complicit or uniform(sub_key(key, _SEEN), who) >= exposure:
        return False
    bar = screening_bar(now.screening_threshold[vendor], distributor.screening_offset, distributor.alert)
    concealable = w.channels[SCREENING].concealable
    rate = hit_rate(sensitivity, bar, concealable, trader.sophistication)
    return uniform(sub_key(key, _SCORE), who) < rate


@kernel
def refuse(w, week, trader, tie, lot, key, who):
    """Refuse a trader's purchase: it may look for another supplier."""
    today = w.tally[week]
    today.refused += lot
    today.refused_orders += 1
    replace_tie(w, trader, tie, key, who)


@kernel
def try_purchases(w, week):
    """Let every open order try one lot this week, oldest first within a firm, within capacity and cash."""
    orders, open_orders, traders, distributors = w.orders, w.open_orders, w.intermediaries, w.distributors
    chips, market, now, today = w.chips[0], w.market[0], w.conditions[week], w.tally[week]
    counts, p = w.counts[0], w.parameters[0]
    room, cash, usable_of = w.scratch.room, w.scratch.cash, w.scratch.usable_of
    look_over(w, p.featured_avoidance if features_matter(w, week) else 0.0)
    for i in range(counts.slots):
        row = traders[i].row_of
        room[row] = weekly_limit(traders[row].capacity, p.capacity_surge, p.capacity_least)
        cash[row] = traders[row].cash

    kept = 0
    for at in range(counts.open_orders):
        row = open_orders[at]
        order = orders[row]
        trader = traders[order.seller]
        age = week - order.week
        if not trader.active or trader.shell != order.shell or age >= p.patience:
            cancel(w, week, order)
            continue
        open_orders[kept] = row
        kept += 1
        key = clock_key(w.seed, PURCHASE, age)
        seller, generation, who = order.seller, order.generation, order.identity
        if uniform(sub_key(key, _TAKES_PART), who) >= trader.participation:
            continue
        ties = trader.supplier.size
        tie = int(uniform(sub_key(key, _TIE_A), who) * ties)
        other = int(uniform(sub_key(key, _TIE_B), who) * ties)
        if usable_of[trader.supplier[other], generation] > usable_of[trader.supplier[tie], generation]:
            tie = other
        supplier = trader.supplier[tie]
        distributor = distributors[supplier]
        if trader.hold_until > week and not distributor.complicit:
            continue  # sales are stopped by those who follow the vendors' rules
        vendor = choose_brand(w, trader, supplier, generation, uniform(sub_key(key, _BRAND), who))
        if vendor < 0:
            today.wanted_by[generation] += min(order.remaining, int(p.lot_max))
            continue
        mark_up = unproven_mark_up(distributor.mark_up, market.dearer[generation])
        cost = resale_price(chips.list_price[generation], mark_up)
        outlay = cost - int(p.prepaid * order.unit_price) + int(p.freight_allowance)
        lot = min(order.remaining, int(p.lot_max_front if trader.front else p.lot_max), room[seller])
        if outlay > 0:
            lot = min(lot, max(cash[seller], 0) // outlay)
        extra = 0
        if trader.front:
            extra = int(lot * (1.0 - trader.diverted_share) / trader.diverted_share + 0.5)
        small = unnoticed_lot(lot, extra, p.notification_size)
        if small < lot and now.notification_exposure[vendor] > 0.0:
            order_key = clock_key(w.seed, PURCHASE, 0)  # a buyer's order is split, or it is not, as long as it is open
            if uniform(sub_key(order_key, _SPLITS), who) < p.splitting * trader.sophistication:
                extra = extra * small // lot
                lot = small
                today.split_lots += 1
        if lot <= 0:
            continue
        room[seller] -= lot
        cash[seller] -= max(outlay, 0) * lot
        distributor.requested += lot
        today.purchase_orders += 1
        reached = min(order.quantity, order.quantity - order.remaining + lot)
        if reached > order.tried:
            today.attempted += reached - order.tried
            order.tried = reached
        barred = now.closed[distributor.country]
        if barred > 0.0 and uniform(sub_key(key, _BARRED), who) < barred:
            refuse(w, week, trader, tie, lot, key, who)
            continue
        trader.tries[vendor] += 1.0
        if is_flagged(w, week, trader, distributor, vendor, lot, key, who):
            trader.refusals[vendor] += 1.0
            report_flagged(w, week, vendor, seller, uniform(sub_key(key, _REPORT), who))
            refuse(w, week, trader, tie, lot, key, who)
            continue
        today.wanted_by[generation] += lot
        product = vendor * chips.h100e.size + generation
        priority = uniform(sub_key(key, _PRIORITY), who) * p.stock_chase
        new_request(w, -1, row, tie, supplier, product, lot + extra, extra, priority)
    counts.open_orders = kept


@kernel
def close_books(w, week):
    """Drop filled orders from the open list; distributors remember demand and reprice by cover."""
    distributors, orders, open_orders, now = w.distributors, w.orders, w.open_orders, w.conditions[week]
    counts, p = w.counts[0], w.parameters[0]
    kept = 0
    for at in range(counts.open_orders):
        order = open_orders[at]
        if orders[order].status != ORDER_FILLED:
            open_orders[kept] = order
            kept += 1
    counts.open_orders = kept
    channel = 0
    for product in range(now.supply.size):
        channel += now.supply[product]
    memory = p.demand_memory_decay
    for row in range(distributors.size):
        distributor = distributors[row]
        distributor.demand = memory * distributor.demand + (1.0 - memory) * distributor.requested
        inventory = 0
        for product in range(distributor.stock.size):
            inventory += distributor.stock[product]
        weekly = channel * distributor.share
        cover = inventory / weekly if weekly > 0.0 else 0.0
        distributor.mark_up = next_mark_up(
            distributor.mark_up, cover, p.target_cover, p.distributor_mark_up_speed, p.distributor_mark_up_max
        )


@kernel
def procurement(w, week):
    """Try purchases, ration stock, and close the week's books at the distributors."""
    try_purchases(w, week)
    ration(w, week)
    close_books(w, week)
