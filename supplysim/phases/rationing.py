"""The second half of phase 5: honest and illicit requests share scarce stock by keyed priority (MODEL 7.6)."""

from supplysim._compiled import kernel
from supplysim.agents.distributor import resale_price
from supplysim.detection.channels import NOTIFICATION
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate
from supplysim.world.records import IN_TRANSIT, ORDER_FILLED
from supplysim.world.streams import PURCHASE, USER_ORDER, clock_key, numbers, sub_key, uniform

_NOTIFIED, _NOTICE_SCORE = numbers(12, 14)  # of the purchase stream; the draws before are in `procurement`
_USER_NOTIFIED, _USER_NOTICE_SCORE = numbers(8, 10)


@kernel
def by_bucket(requests, products, buckets, order, start, filled, counts):
    """Sort request rows into `order` by (distributor, product), then by priority; `start` is where buckets start."""
    count = counts.requests
    for bucket in range(buckets + 1):
        start[bucket] = 0
    for i in range(count):
        start[requests[i].distributor * products + requests[i].product + 1] += 1
    for bucket in range(buckets):
        filled[bucket] = start[bucket]
        start[bucket + 1] += start[bucket]
    for i in range(count):
        bucket = requests[i].distributor * products + requests[i].product
        at = filled[bucket]
        while at > start[bucket] and requests[order[at - 1]].weight > requests[i].weight:
            order[at] = order[at - 1]
            at -= 1
        order[at] = i
        filled[bucket] += 1


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
    scratch,
    counts,
    p,
):
    """Grant requests bucket by bucket in the order of keyed priority until stock is gone."""
    products = distributors[0].stock.size
    order_of, start = scratch.in_order, scratch.start
    by_bucket(requests, products, distributors.size * products, order_of, start, scratch.filled, counts)
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
                with_feature = 0
                if featured > 0:
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
def notify(
    week,
    seed,
    seen,
    score,
    rate,
    target,
    identity,
    country,
    is_true,
    vendor,
    channels,
    office,
    now,
    today,
    settings,
    counts,
    p,
):
    """Report a large transfer to the registry where that is the rule; a report that looks wrong becomes a lead."""
    if seen >= now.notification_exposure[vendor]:
        return
    today.notifications += 1
    if score < rate:
        weight = flag_weight(
            NOTIFICATION,
            now.sensitivity[NOTIFICATION],
            now.threshold[NOTIFICATION],
            1.0,
            channels,
            p.sophistication,
            settings.naive_triage,
        )
        post_lead(
            seed,
            week,
            NOTIFICATION,
            target,
            identity,
            country,
            is_true,
            weight,
            channels,
            office,
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
    if granted >= p.notification_size:
        key, who = clock_key(seed, USER_ORDER, week), end_users[user].key
        notify(
            week,
            seed,
            uniform(sub_key(key, _USER_NOTIFIED), who),
            uniform(sub_key(key, _USER_NOTICE_SCORE), who),
            false_alarm_rate(now.threshold[NOTIFICATION]),
            firms.size + user,
            firms.size + who,
            end_users[user].country,
            False,
            vendor,
            channels,
            office,
            now,
            today,
            settings,
            counts,
            p,
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

    if granted >= p.notification_size:
        key, who = clock_key(seed, PURCHASE, week - orders[order].week), orders[order].identity
        rate = hit_rate(
            now.sensitivity[NOTIFICATION],
            now.threshold[NOTIFICATION],
            channels[NOTIFICATION].concealable,
            firms[row].sophistication,
        )
        notify(
            week,
            seed,
            uniform(sub_key(key, _NOTIFIED), who),
            uniform(sub_key(key, _NOTICE_SCORE), who),
            rate,
            row,
            firms[row].key,
            firms[row].country,
            True,
            vendor,
            channels,
            office,
            now,
            today,
            settings,
            counts,
            p,
        )
