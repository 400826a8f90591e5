"""Phase 2: honest end users order; some orders are flagged in error, then lost or delayed (MODEL 7.3)."""

from supplysim._compiled import kernel
from supplysim.agents.distributor import screening_bar
from supplysim.agents.end_user import order_size, yearly_orders
from supplysim.detection.signal import false_alarm_rate
from supplysim.detection.targets import user_target
from supplysim.network.ties import pick
from supplysim.phases.market import new_request, report_flagged
from supplysim.world.streams import USER_ORDER, clock_key, numbers, sub_key, uniform

_ORDERS, _SIZE, _PRODUCT, _SEEN, _SCORE, _LOST, _REPORT, _PRIORITY = numbers(0, 8)


@kernel
def hold(w, week, user, product, quantity, wait):
    """Put an honest order aside for some weeks."""
    delayed, today, counts = w.delayed[w.counts[0].delayed], w.tally[week], w.counts[0]
    delayed.user = user
    delayed.product = product
    delayed.quantity = quantity
    delayed.due = week + wait
    delayed.placed = week
    counts.delayed += 1
    today.honest_delay += quantity * wait


@kernel
def ask_again(w, week):
    """Ask once more for flagged orders whose wait is over, without a second look at them."""
    end_users, distributors, delayed, counts = w.end_users, w.distributors, w.delayed, w.counts[0]
    kept = 0
    for i in range(counts.delayed):
        waiting = delayed[i]
        if waiting.due > week:
            delayed[kept].user = waiting.user
            delayed[kept].product = waiting.product
            delayed[kept].quantity = waiting.quantity
            delayed[kept].due = waiting.due
            delayed[kept].placed = waiting.placed
            kept += 1
        else:
            user, product, quantity = end_users[waiting.user], waiting.product, waiting.quantity
            tie = 0 if distributors[user.supplier[0]].stock[product] >= quantity else 1
            priority = uniform(sub_key(clock_key(w.seed, USER_ORDER, waiting.placed), _PRIORITY), user.key)
            new_request(w, waiting.user, -1, tie, user.supplier[tie], product, quantity, 0, priority)
    counts.delayed = kept


@kernel
def honest_orders(w, week):
    """Draw every end user's order of the week, screen it, and ask a supplier for it."""
    end_users, order_chance, distributors, counts = w.end_users, w.order_chance, w.distributors, w.counts[0]
    now, today, p = w.conditions[week], w.tally[week], w.parameters[0]
    counts.requests = 0
    ask_again(w, week)
    key = clock_key(w.seed, USER_ORDER, week)
    ordering = sub_key(key, _ORDERS)
    products = now.product_share.size
    generations = end_users[0].installed.size
    whose = w.scratch.in_order  # free until requests are rationed
    orders = 0
    for who in range(end_users.size):  # by itself and without a branch: most order nothing this week
        whose[orders] = who
        orders += uniform(ordering, who) < order_chance[who]
    for at in range(orders):
        who = whose[at]
        row = end_users[who].row_of
        user = end_users[row]
        quantity = order_size(
            uniform(sub_key(key, _SIZE), who), user.order_median, now.honest_scale, p.user_order_noise
        )
        product = pick(now.product_share, 0, products, uniform(sub_key(key, _PRODUCT), who))
        vendor = product // generations
        tie = 0 if distributors[user.supplier[0]].stock[product] >= quantity else 1
        supplier = user.supplier[tie]
        distributor = distributors[supplier]
        today.honest_orders += 1
        today.honest_ordered += quantity
        if user.hold_until > week:
            today.honest_lost += quantity
            today.stop_lost += quantity
            continue
        distributor.requested += quantity
        exposure = now.screening_exposure[vendor]
        if now.graded_exposure > 0.0 and yearly_orders(user, now.honest_scale) + quantity >= p.graded_size:
            exposure = min(exposure + now.graded_exposure, 1.0)
        if not distributor.complicit and uniform(sub_key(key, _SEEN), who) < exposure:
            bar = screening_bar(now.screening_threshold[vendor], distributor.screening_offset, distributor.alert)
            if uniform(sub_key(key, _SCORE), who) < false_alarm_rate(bar):
                today.honest_flagged += 1
                report_flagged(w, week, vendor, user_target(w, row), uniform(sub_key(key, _REPORT), who))
                if uniform(sub_key(key, _LOST), who) < p.flag_lost:
                    today.honest_lost += quantity
                else:
                    hold(w, week, row, product, quantity, int(p.flag_delay))
                continue
        wait = int(now.customs_delay[distributor.country] + 0.5)
        if wait > 0:
            hold(w, week, row, product, quantity, wait)
            continue
        new_request(w, row, -1, tie, supplier, product, quantity, 0, uniform(sub_key(key, _PRIORITY), who))
