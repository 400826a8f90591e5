"""Phase 2: honest end users order; some orders are flagged in error, then lost or delayed (MODEL 7.3)."""

from supplysim._compiled import kernel
from supplysim.agents.distributor import screening_bar
from supplysim.agents.end_user import order_size
from supplysim.detection.channels import SCREENING
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate
from supplysim.network.ties import pick
from supplysim.world.streams import USER_ORDER, clock_key, numbers, sub_key, uniform

_ORDERS, _SIZE, _PRODUCT, _SEEN, _SCORE, _LOST, _REPORT, _PRIORITY = numbers(0, 8)


@kernel
def request(requests, user, order, tie, distributor, product, quantity, kept, weight, counts):
    """Note what is asked of a distributor this week."""
    row = counts.requests
    requests[row].user = user
    requests[row].order = order
    requests[row].tie = tie
    requests[row].distributor = distributor
    requests[row].product = product
    requests[row].quantity = quantity
    requests[row].kept = kept
    requests[row].weight = weight
    counts.requests = row + 1


@kernel
def hold(delayed, user, product, quantity, week, wait, today, counts):
    """Put an honest order aside for some weeks."""
    last = counts.delayed
    delayed[last].user = user
    delayed[last].product = product
    delayed[last].quantity = quantity
    delayed[last].due = week + wait
    delayed[last].placed = week
    counts.delayed = last + 1
    today.honest_delay += quantity * wait


@kernel
def honest_orders(
    week,
    seed,
    end_users,
    order_chance,
    distributors,
    firms,
    requests,
    delayed,
    office,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Draw every end user's order of the week, screen it, and ask a supplier for it."""
    counts.requests = 0
    key = clock_key(seed, USER_ORDER, week)
    ordering = sub_key(key, _ORDERS)
    slots = firms.size

    kept = 0  # flagged orders whose wait is over are asked for again, without a second look
    for i in range(counts.delayed):
        if delayed[i].due > week:
            delayed[kept].user = delayed[i].user
            delayed[kept].product = delayed[i].product
            delayed[kept].quantity = delayed[i].quantity
            delayed[kept].due = delayed[i].due
            delayed[kept].placed = delayed[i].placed
            kept += 1
        else:
            user, product, quantity = delayed[i].user, delayed[i].product, delayed[i].quantity
            tie = 0 if distributors[end_users[user].supplier[0]].stock[product] >= quantity else 1
            priority = uniform(sub_key(clock_key(seed, USER_ORDER, delayed[i].placed), _PRIORITY), end_users[user].key)
            request(requests, user, -1, tie, end_users[user].supplier[tie], product, quantity, 0, priority, counts)
    counts.delayed = kept

    products = now.product_share.size
    generations = end_users[0].installed.size
    for i in range(end_users.size):
        if uniform(ordering, i) >= order_chance[i]:
            continue
        user, who = end_users[i].row_of, i
        quantity = order_size(
            uniform(sub_key(key, _SIZE), who), end_users[user].order_median, now.honest_scale, p.user_order_noise
        )
        product = pick(now.product_share, 0, products, uniform(sub_key(key, _PRODUCT), who))
        vendor = product // generations
        tie = 0 if distributors[end_users[user].supplier[0]].stock[product] >= quantity else 1
        supplier = end_users[user].supplier[tie]
        today.honest_orders += 1
        today.honest_ordered += quantity
        distributors[supplier].requested += quantity
        if not distributors[supplier].complicit:
            flagged = False
            if uniform(sub_key(key, _SEEN), who) < now.screening_exposure[vendor]:
                threshold = now.screening_threshold[vendor]
                bar = screening_bar(threshold, distributors[supplier].screening_offset, distributors[supplier].alert)
                flagged = uniform(sub_key(key, _SCORE), who) < false_alarm_rate(bar)
            if flagged:
                today.honest_flagged += 1
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
                        slots + user,
                        slots + who,
                        end_users[user].country,
                        False,
                        weight,
                        channels,
                        office,
                        now,
                        today,
                        settings,
                        counts,
                        p,
                    )
                if uniform(sub_key(key, _LOST), who) < p.flag_lost:
                    today.honest_lost += quantity
                else:
                    hold(delayed, user, product, quantity, week, int(p.flag_delay), today, counts)
                continue
        wait = int(now.customs_delay[distributors[supplier].country] + 0.5)
        if wait > 0:
            hold(delayed, user, product, quantity, week, wait, today, counts)
            continue
        request(requests, user, -1, tie, supplier, product, quantity, 0, uniform(sub_key(key, _PRIORITY), who), counts)
