"""Phase 5: intermediaries try to buy, are screened, and share scarce stock with honest users (MODEL 7.6)."""

from supplysim._compiled import kernel
from supplysim.agents.buyer import change_trust
from supplysim.agents.distributor import next_mark_up, resale_price, screening_bar
from supplysim.agents.intermediary import brand_weight, unnoticed_lot, usable_stock, weekly_limit
from supplysim.agents.shell import draw_supplier
from supplysim.detection.channels import SCREENING
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import hit_rate
from supplysim.phases.detection import features_matter
from supplysim.phases.honest_orders import request
from supplysim.phases.rationing import ration
from supplysim.world.records import ORDER_CANCELLED, ORDER_FILLED
from supplysim.world.streams import PURCHASE, clock_key, numbers, sub_key, uniform

_TAKES_PART, _TIE_A, _TIE_B, _BRAND, _SEEN, _SCORE, _REPORT, _REPLACED = numbers(0, 8)
_HOME, _COUNTRY, _SUPPLIER, _PRIORITY = numbers(8, 12)
_BARRED, _SPLITS = numbers(14, 16)  # 12 and 13 are drawn in `rationing`


@kernel
def cancel(order, orders, buyers, firms, today, p):
    """Cancel what is left of an order; the buyer trusts that seller less."""
    buyer, tie, seller = orders[order].buyer, orders[order].tie, orders[order].seller
    today.cancelled += orders[order].remaining
    orders[order].status = ORDER_CANCELLED
    if buyers[buyer].seller[tie] == seller and buyers[buyer].seller_shell[tie] == orders[order].shell:
        change_trust(buyers, buyer, tie, -p.trust_cancelled, p.seller_trust)
    if firms[seller].active and firms[seller].shell == orders[order].shell:
        firms[seller].backlog -= orders[order].remaining


@kernel
def look_over(distributors, generations, avoidance, usable, usable_of):
    """Note how attractive each distributor's stock is to a trader, by product and by generation, chips.

    Stock stays as it is until all have tried and the week's requests are granted.
    """
    for row in range(distributors.size):
        for generation in range(generations):
            usable_of[row, generation] = 0.0
        for product in range(distributors[0].stock.size):
            stock = usable_stock(distributors[row].stock[product], distributors[row].featured[product], avoidance)
            usable[row, product] = stock
            usable_of[row, product % generations] += stock


@kernel
def choose_brand(row, distributor, generation, u, firms, vendors, generations, usable, weights):
    """Return the vendor whose chips a trader tries to buy, -1 if there is nothing it wants in stock."""
    total = 0.0
    for vendor in range(vendors.size):
        stock = usable[distributor, vendor * generations + generation]
        weight = brand_weight(stock, vendors[vendor].appeal, firms[row].refusals[vendor], firms[row].tries[vendor])
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
def replace_tie(row, tie, key, who, firms, directory, p):
    """Let a refused trader look for another supplier, more often than not abroad."""
    if uniform(sub_key(key, _REPLACED), who) < p.tie_replaced:
        firms[row].supplier[tie] = draw_supplier(
            firms[row].country,
            1.0 - p.tie_abroad,
            uniform(sub_key(key, _HOME), who),
            uniform(sub_key(key, _COUNTRY), who),
            uniform(sub_key(key, _SUPPLIER), who),
            directory,
        )
        firms[row].bought[tie] = 0


@kernel
def try_purchases(
    week,
    seed,
    orders,
    open_orders,
    buyers,
    firms,
    distributors,
    vendors,
    requests,
    chips,
    office,
    channels,
    now,
    today,
    settings,
    directory,
    scratch,
    counts,
    p,
):
    """Let every open order try one lot this week, oldest first within a firm, within capacity and cash."""
    generations = chips.h100e.size
    room, cash, usable, usable_of = scratch.room, scratch.cash, scratch.usable, scratch.usable_of
    look_over(distributors, generations, p.featured_avoidance if features_matter(now) else 0.0, usable, usable_of)
    for i in range(counts.slots):
        row = firms[i].row_of
        room[row] = weekly_limit(firms[row].capacity, p.capacity_surge, p.capacity_least)
        cash[row] = firms[row].cash

    kept = 0
    for at in range(counts.open_orders):
        order = open_orders[at]
        row = orders[order].seller
        age = week - orders[order].week
        if not firms[row].active or firms[row].shell != orders[order].shell or age >= p.patience:
            cancel(order, orders, buyers, firms, today, p)
            continue
        open_orders[kept] = order
        kept += 1
        if firms[row].hold_until > week:
            continue
        who = orders[order].identity
        key = clock_key(seed, PURCHASE, age)
        if uniform(sub_key(key, _TAKES_PART), who) >= firms[row].participation:
            continue

        generation = orders[order].generation
        ties = firms[0].supplier.size
        tie = int(uniform(sub_key(key, _TIE_A), who) * ties)
        other = int(uniform(sub_key(key, _TIE_B), who) * ties)
        if usable_of[firms[row].supplier[other], generation] > usable_of[firms[row].supplier[tie], generation]:
            tie = other
        distributor = firms[row].supplier[tie]
        vendor = choose_brand(
            row,
            distributor,
            generation,
            uniform(sub_key(key, _BRAND), who),
            firms,
            vendors,
            generations,
            usable,
            scratch.brands,
        )
        if vendor < 0:
            continue
        cost = resale_price(chips.list_price[generation], distributors[distributor].mark_up)
        outlay = cost - int(p.prepaid * orders[order].unit_price) + int(p.freight_allowance)
        lot = min(orders[order].remaining, int(p.lot_max_front if firms[row].front else p.lot_max), room[row])
        if outlay > 0:
            lot = min(lot, max(cash[row], 0) // outlay)
        extra = 0
        if firms[row].front:
            extra = int(lot * (1.0 - firms[row].diverted_share) / firms[row].diverted_share + 0.5)
        small = unnoticed_lot(lot, extra, p.notification_size)
        if small < lot and now.notification_exposure[vendor] > 0.0:
            order_key = clock_key(seed, PURCHASE, 0)  # a buyer's order is split, or it is not, as long as it is open
            if uniform(sub_key(order_key, _SPLITS), who) < p.splitting * firms[row].sophistication:
                extra = extra * small // lot
                lot = small
                today.split_lots += 1
        if lot <= 0:
            continue
        room[row] -= lot
        cash[row] -= max(outlay, 0) * lot
        distributors[distributor].requested += lot
        today.purchase_orders += 1
        reached = min(orders[order].quantity, orders[order].quantity - orders[order].remaining + lot)
        if reached > orders[order].tried:
            today.attempted += reached - orders[order].tried
            orders[order].tried = reached
        barred = now.closed[distributors[distributor].country]
        if barred > 0.0 and uniform(sub_key(key, _BARRED), who) < barred:
            today.refused += lot
            today.refused_orders += 1
            replace_tie(row, tie, key, who, firms, directory, p)
            continue
        firms[row].tries[vendor] += 1.0

        if not distributors[distributor].complicit:
            flagged = False
            if uniform(sub_key(key, _SEEN), who) < now.screening_exposure[vendor]:
                bar = screening_bar(
                    now.screening_threshold[vendor],
                    distributors[distributor].screening_offset,
                    distributors[distributor].alert,
                )
                rate = hit_rate(
                    now.screening_sensitivity[vendor], bar, channels[SCREENING].concealable, firms[row].sophistication
                )
                flagged = uniform(sub_key(key, _SCORE), who) < rate
            if flagged:
                today.refused += lot
                today.refused_orders += 1
                firms[row].refusals[vendor] += 1.0
                if uniform(sub_key(key, _REPORT), who) < now.screening_report[vendor]:
                    weight = flag_weight(
                        SCREENING,
                        now.screening_sensitivity[vendor],
                        now.screening_threshold[vendor],
                        1.0,
                        channels,
                        p.sophistication,
                        settings.naive_triage,
                    )
                    post_lead(
                        seed,
                        week,
                        SCREENING,
                        row,
                        firms[row].key,
                        firms[row].country,
                        True,
                        weight,
                        channels,
                        office,
                        now,
                        today,
                        settings,
                        counts,
                        p,
                    )
                replace_tie(row, tie, key, who, firms, directory, p)
                continue
        request(
            requests,
            -1,
            order,
            tie,
            distributor,
            vendor * generations + generation,
            lot + extra,
            extra,
            uniform(sub_key(key, _PRIORITY), who) * p.stock_chase,
            counts,
        )
    counts.open_orders = kept


@kernel
def close_books(distributors, orders, open_orders, now, counts, p):
    """Drop filled orders from the open list; distributors remember demand and reprice by cover."""
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
    for row in range(distributors.size):
        memory = p.demand_memory_decay
        distributors[row].demand = memory * distributors[row].demand + (1.0 - memory) * distributors[row].requested
        inventory = 0
        for product in range(distributors[0].stock.size):
            inventory += distributors[row].stock[product]
        weekly = channel * distributors[row].share
        cover = inventory / weekly if weekly > 0.0 else 0.0
        distributors[row].mark_up = next_mark_up(
            distributors[row].mark_up, cover, p.target_cover, p.distributor_mark_up_speed, p.distributor_mark_up_max
        )


@kernel
def procurement(
    week,
    seed,
    orders,
    open_orders,
    buyers,
    firms,
    end_users,
    distributors,
    vendors,
    requests,
    shipments,
    moving,
    chips,
    rentable,
    accounts,
    office,
    channels,
    now,
    today,
    settings,
    directory,
    scratch,
    counts,
    p,
):
    """Try purchases, ration stock, and close the week's books at the distributors."""
    try_purchases(
        week,
        seed,
        orders,
        open_orders,
        buyers,
        firms,
        distributors,
        vendors,
        requests,
        chips,
        office,
        channels,
        now,
        today,
        settings,
        directory,
        scratch,
        counts,
        p,
    )
    ration(
        week,
        seed,
        requests,
        orders,
        shipments,
        moving,
        buyers,
        firms,
        end_users,
        distributors,
        chips,
        rentable,
        accounts,
        office,
        channels,
        now,
        today,
        settings,
        scratch,
        counts,
        p,
    )
    close_books(distributors, orders, open_orders, now, counts, p)
