"""Phase 5: intermediaries try to buy, are screened, and share scarce stock with honest users (MODEL 7.6)."""

import numpy as np

from supplysim._compiled import kernel
from supplysim.agents.distributor import next_mark_up, resale_price, screening_bar
from supplysim.agents.intermediary import brand_weight, usable_stock, weekly_limit
from supplysim.agents.shell import draw_supplier
from supplysim.detection.channels import NOTIFICATION, SCREENING
from supplysim.detection.leads import copy_chance, flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate, is_flagged
from supplysim.phases.detection import places_are_checked
from supplysim.phases.honest_orders import request
from supplysim.records import IN_TRANSIT, ORDER_CANCELLED, ORDER_FILLED
from supplysim.streams import PURCHASE, USER_ORDER, clock_key, sub_key, uniform

(
    _TAKES_PART,
    _TIE_A,
    _TIE_B,
    _BRAND,
    _SEEN,
    _SCORE,
    _REPORT,
    _REPLACED,
    _HOME,
    _COUNTRY,
    _SUPPLIER,
    _PRIORITY,
    _NOTIFIED,
    _NOTICE_SCORE,
) = range(14)
_USER_NOTIFIED, _USER_NOTICE_SCORE = 8, 9


@kernel
def cancel(order, orders, buyers, firms, today, trust_lost):
    """Cancel what is left of an order; the buyer trusts that seller less."""
    buyer, tie, seller = orders[order].buyer, orders[order].tie, orders[order].seller
    today.cancelled += orders[order].remaining
    orders[order].status = ORDER_CANCELLED
    if buyers[buyer].seller[tie] == seller and buyers[buyer].seller_shell[tie] == orders[order].shell:
        buyers[buyer].trust[tie] -= trust_lost
    if firms[seller].active and firms[seller].shell == orders[order].shell:
        firms[seller].backlog -= orders[order].remaining


@kernel
def stock_for(distributor, generation, distributors, generations, avoidance):
    """Return how attractive a distributor's stock of a generation is to a trader, chips."""
    total = 0.0
    for product in range(generation, distributors[0].stock.size, generations):
        total += usable_stock(
            distributors[distributor].stock[product], distributors[distributor].featured[product], avoidance
        )
    return total


@kernel
def choose_brand(row, distributor, generation, u, firms, distributors, vendors, generations, avoidance):
    """Return the vendor whose chips a trader tries to buy, -1 if there is nothing it wants in stock."""
    total = 0.0
    for vendor in range(vendors.size):
        product = vendor * generations + generation
        usable = usable_stock(
            distributors[distributor].stock[product], distributors[distributor].featured[product], avoidance
        )
        total += brand_weight(usable, vendors[vendor].appeal, firms[row].refusals[vendor], firms[row].tries[vendor])
    if total <= 0.0:
        return -1
    aim, running, chosen = u * total, 0.0, -1
    for vendor in range(vendors.size):
        product = vendor * generations + generation
        usable = usable_stock(
            distributors[distributor].stock[product], distributors[distributor].featured[product], avoidance
        )
        weight = brand_weight(usable, vendors[vendor].appeal, firms[row].refusals[vendor], firms[row].tries[vendor])
        if weight > 0.0:
            running += weight
            chosen = vendor
            if running >= aim:
                break
    return chosen


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
    counts,
    p,
):
    """Let every open order try one lot this week, oldest first within a firm, within capacity and cash."""
    generations = chips.h100e.size
    avoidance = p.featured_avoidance if places_are_checked(now) else 0.0
    spread = copy_chance(p.referral, now.cooperation)
    room = np.empty(firms.size, np.int64)
    cash = np.empty(firms.size, np.int64)
    for row in range(firms.size):
        room[row] = weekly_limit(firms[row].capacity, p.capacity_surge, p.capacity_least)
        cash[row] = firms[row].cash

    kept = 0
    for at in range(counts.open_orders):
        order = open_orders[at]
        row = orders[order].seller
        age = week - orders[order].week
        if not firms[row].active or firms[row].shell != orders[order].shell or age >= p.patience:
            cancel(order, orders, buyers, firms, today, p.trust_cancelled)
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
        if stock_for(firms[row].supplier[other], generation, distributors, generations, avoidance) > stock_for(
            firms[row].supplier[tie], generation, distributors, generations, avoidance
        ):
            tie = other
        distributor = firms[row].supplier[tie]
        vendor = choose_brand(
            row,
            distributor,
            generation,
            uniform(sub_key(key, _BRAND), who),
            firms,
            distributors,
            vendors,
            generations,
            avoidance,
        )
        if vendor < 0:
            continue
        cost = resale_price(chips.list_price[generation], distributors[distributor].mark_up)
        outlay = cost - int(p.prepaid * orders[order].unit_price) + int(p.freight_allowance)
        lot = min(orders[order].remaining, int(p.lot_max_front if firms[row].front else p.lot_max), room[row])
        if outlay > 0:
            lot = min(lot, max(cash[row], 0) // outlay)
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
        firms[row].tries[vendor] += 1.0

        if not distributors[distributor].complicit:
            bar = screening_bar(
                now.screening_threshold[vendor],
                distributors[distributor].screening_offset,
                distributors[distributor].alert,
            )
            rate = hit_rate(
                now.screening_sensitivity[vendor], bar, channels[SCREENING].concealable, firms[row].sophistication
            )
            if is_flagged(
                uniform(sub_key(key, _SEEN), who),
                uniform(sub_key(key, _SCORE), who),
                now.screening_exposure[vendor],
                rate,
            ):
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
                        today,
                        spread,
                        p.evidence_cap,
                        settings.naive_triage,
                        counts,
                    )
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
                continue
        extra = 0
        if firms[row].front:
            extra = int(lot * (1.0 - firms[row].diverted_share) / firms[row].diverted_share + 0.5)
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
def by_bucket(requests, products, buckets, counts):
    """Return request rows sorted by (distributor, product), then by priority, and where each bucket starts."""
    count = counts.requests
    start = np.zeros(buckets + 1, np.int64)
    for i in range(count):
        start[requests[i].distributor * products + requests[i].product + 1] += 1
    for bucket in range(buckets):
        start[bucket + 1] += start[bucket]
    filled = start.copy()
    order = np.empty(count, np.int64)
    for i in range(count):
        bucket = requests[i].distributor * products + requests[i].product
        at = filled[bucket]
        while at > start[bucket] and requests[order[at - 1]].weight > requests[i].weight:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
        filled[bucket] += 1
    return order, start


@kernel
def ration(
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
    counts,
    p,
):
    """Grant requests bucket by bucket in the order of keyed priority until stock is gone."""
    products = distributors[0].stock.size
    order_of, start = by_bucket(requests, products, distributors.size * products, counts)
    for d in range(distributors.size):  # by identity: the order of consignments matters to what firms remember
        distributor = distributors[d].row_of
        for product in range(products):
            bucket = distributor * products + product
            if start[bucket] == start[bucket + 1]:
                continue
            inventory = distributors[distributor].stock[product]
            featured = distributors[distributor].featured[product]
            given = 0
            for at in range(start[bucket], start[bucket + 1]):
                i = order_of[at]
                granted = min(requests[i].quantity, inventory - given)
                if granted <= 0:
                    break
                # featured chips go pro rata by running totals, so they never exceed what is left
                with_feature = (given + granted) * featured // inventory - given * featured // inventory
                given += granted
                distributors[distributor].stock[product] -= granted
                distributors[distributor].featured[product] -= with_feature
                if requests[i].user >= 0:
                    sell_to_user(
                        week,
                        seed,
                        i,
                        granted,
                        with_feature,
                        requests,
                        end_users,
                        distributors,
                        chips,
                        rentable,
                        firms,
                        office,
                        channels,
                        now,
                        today,
                        settings,
                        counts,
                        p,
                    )
                else:
                    sell_to_intermediary(
                        week,
                        seed,
                        i,
                        granted,
                        with_feature,
                        requests,
                        orders,
                        shipments,
                        moving,
                        buyers,
                        firms,
                        distributors,
                        chips,
                        rentable,
                        accounts,
                        office,
                        channels,
                        now,
                        today,
                        settings,
                        counts,
                        p,
                    )


@kernel
def sell_to_user(
    week,
    seed,
    i,
    granted,
    with_feature,
    requests,
    end_users,
    distributors,
    chips,
    rentable,
    firms,
    office,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Deliver chips to an honest user; large transfers are notified where that is the rule."""
    user, distributor, product = requests[i].user, requests[i].distributor, requests[i].product
    generations = chips.h100e.size
    generation, vendor = product % generations, product // generations
    price = resale_price(chips.list_price[generation], distributors[distributor].mark_up)
    end_users[user].installed[generation] += granted
    end_users[user].featured += with_feature
    end_users[user].bought[requests[i].tie] += granted
    end_users[user].cash -= granted * price
    distributors[distributor].cash += granted * price
    if end_users[user].provider:
        rentable[end_users[user].country].provider[generation] += granted
    today.honest_filled += granted
    if granted >= p.notification_size and now.notification_exposure[vendor] > 0.0:
        key = clock_key(seed, USER_ORDER, week)
        who = end_users[user].key
        if uniform(sub_key(key, _USER_NOTIFIED), who) < now.notification_exposure[vendor]:
            today.notifications += 1
            if uniform(sub_key(key, _USER_NOTICE_SCORE), who) < false_alarm_rate(now.threshold[NOTIFICATION]):
                slots = firms.size
                post_lead(
                    seed,
                    week,
                    NOTIFICATION,
                    slots + user,
                    slots + who,
                    end_users[user].country,
                    False,
                    flag_weight(
                        NOTIFICATION,
                        now.sensitivity[NOTIFICATION],
                        now.threshold[NOTIFICATION],
                        1.0,
                        channels,
                        p.sophistication,
                        settings.naive_triage,
                    ),
                    channels,
                    office,
                    today,
                    copy_chance(p.referral, now.cooperation),
                    p.evidence_cap,
                    settings.naive_triage,
                    counts,
                )


@kernel
def sell_to_intermediary(
    week,
    seed,
    i,
    granted,
    with_feature,
    requests,
    orders,
    shipments,
    moving,
    buyers,
    firms,
    distributors,
    chips,
    rentable,
    accounts,
    office,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Sell a lot to an intermediary, which ships it on; a front keeps part of it."""
    order, distributor, product = requests[i].order, requests[i].distributor, requests[i].product
    generations = chips.h100e.size
    generation, vendor = product % generations, product // generations
    row, buyer = orders[order].seller, orders[order].buyer
    price = resale_price(chips.list_price[generation], distributors[distributor].mark_up)
    kept = granted * requests[i].kept // requests[i].quantity
    lot = granted - kept
    if kept > 0:  # a front's own business pays for what it keeps; those chips pass any check of the site
        firms[row].kept[generation] += kept
        rentable[firms[row].country].fronts[generation] += kept
        accounts.outside -= kept * price
        distributors[distributor].cash += kept * price
        with_feature = min(with_feature, lot)
    prepaid = int(p.prepaid * orders[order].unit_price) * lot
    buyers[buyer].cash -= prepaid
    firms[row].cash += prepaid - lot * price
    distributors[distributor].cash += lot * price
    firms[row].bought[requests[i].tie] += granted
    orders[order].remaining -= lot
    firms[row].backlog -= lot
    if orders[order].remaining == 0:
        orders[order].status = ORDER_FILLED
    today.purchased += lot

    at = counts.shipments
    shipments[at].order = order
    shipments[at].seller = row
    shipments[at].shell = orders[order].shell
    shipments[at].distributor = distributor
    shipments[at].product = product
    shipments[at].quantity = lot
    shipments[at].featured = with_feature
    shipments[at].unit_price = orders[order].unit_price
    shipments[at].unit_cost = price
    shipments[at].route = -1
    shipments[at].week = week
    shipments[at].arrives = -1
    shipments[at].stop_hop = -1
    shipments[at].status = IN_TRANSIT
    moving[counts.moving] = at
    counts.shipments = at + 1
    counts.moving += 1
    chips.in_transit[product] += lot
    chips.transit_featured[product] += with_feature

    if granted >= p.notification_size and now.notification_exposure[vendor] > 0.0:
        key = clock_key(seed, PURCHASE, week - orders[order].week)
        who = orders[order].identity
        if uniform(sub_key(key, _NOTIFIED), who) < now.notification_exposure[vendor]:
            today.notifications += 1
            rate = hit_rate(
                now.sensitivity[NOTIFICATION],
                now.threshold[NOTIFICATION],
                channels[NOTIFICATION].concealable,
                firms[row].sophistication,
            )
            if uniform(sub_key(key, _NOTICE_SCORE), who) < rate:
                post_lead(
                    seed,
                    week,
                    NOTIFICATION,
                    row,
                    firms[row].key,
                    firms[row].country,
                    True,
                    flag_weight(
                        NOTIFICATION,
                        now.sensitivity[NOTIFICATION],
                        now.threshold[NOTIFICATION],
                        1.0,
                        channels,
                        p.sophistication,
                        settings.naive_triage,
                    ),
                    channels,
                    office,
                    today,
                    copy_chance(p.referral, now.cooperation),
                    p.evidence_cap,
                    settings.naive_triage,
                    counts,
                )


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
        counts,
        p,
    )
    close_books(distributors, orders, open_orders, now, counts, p)
