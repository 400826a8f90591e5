"""Purchases from distributors, honest and illicit alike: what is asked for, reported and sold (MODEL 7.3, 7.6).

Phases 2 and 5 ask, `rationing` grants.
"""

from supplysim._compiled import kernel
from supplysim.agents.distributor import resale_price, unproven_mark_up
from supplysim.detection.channels import NOTIFICATION, SCREENING
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate
from supplysim.detection.targets import user_target
from supplysim.world.records import IN_TRANSIT, ORDER_FILLED
from supplysim.world.streams import PURCHASE, USER_ORDER, clock_key, numbers, sub_key, uniform

_NOTIFIED, _NOTICE_SCORE = numbers(12, 14)  # of the purchase stream; its other draws are in `procurement`
_USER_NOTIFIED, _USER_NOTICE_SCORE = numbers(8, 10)  # of the users' stream; its other draws are in `honest_orders`


@kernel
def new_request(w, user, order, tie, distributor, product, quantity, kept, weight):
    """Note what is asked of a distributor this week."""
    request, counts = w.requests[w.counts[0].requests], w.counts[0]
    request.user = user
    request.order = order
    request.tie = tie
    request.distributor = distributor
    request.product = product
    request.quantity = quantity
    request.kept = kept
    request.weight = weight
    counts.requests += 1


@kernel
def new_shipment(w, week, request, quantity, reporting, switched, unit_cost):
    """Note a consignment that an intermediary has bought for an order and will send this week."""
    counts, order = w.counts[0], w.orders[request.order]
    row = counts.shipments
    shipment = w.shipments[row]
    shipment.order = request.order
    shipment.seller = order.seller
    shipment.shell = order.shell
    shipment.distributor = request.distributor
    shipment.product = request.product
    shipment.quantity = quantity
    shipment.reporting = reporting
    shipment.switched = switched
    shipment.unit_price = order.unit_price
    shipment.unit_cost = unit_cost
    shipment.route = -1
    shipment.week = week
    shipment.arrives = -1
    shipment.stop_hop = -1
    shipment.status = IN_TRANSIT
    w.moving[counts.moving] = row
    counts.shipments += 1
    counts.moving += 1


@kernel
def report_flagged(w, week, vendor, target, u):
    """Report a purchase that screening has flagged, where the vendor's rule is to report."""
    now, p = w.conditions[week], w.parameters[0]
    if u < now.screening_report[vendor]:
        sensitivity, threshold = now.screening_sensitivity[vendor], now.screening_threshold[vendor]
        post_lead(w, week, SCREENING, target, flag_weight(w, SCREENING, sensitivity, threshold, 1.0, p.sophistication))


@kernel
def notify(w, week, vendor, target, rate, seen, score):
    """Report a large transfer to the registry where that is the rule; a report that looks wrong becomes a lead."""
    now, today, p = w.conditions[week], w.tally[week], w.parameters[0]
    if seen >= now.notification_exposure[vendor]:
        return
    today.notifications += 1
    if score < rate:
        sensitivity, threshold = now.sensitivity[NOTIFICATION], now.threshold[NOTIFICATION]
        weight = flag_weight(w, NOTIFICATION, sensitivity, threshold, 1.0, p.sophistication)
        post_lead(w, week, NOTIFICATION, target, weight)


@kernel
def sell_to_user(w, week, request, granted, reporting, switched):
    """Deliver chips to an honest user; large transfers are notified where that is the rule."""
    user, distributor = w.end_users[request.user], w.distributors[request.distributor]
    chips, now, today, p = w.chips[0], w.conditions[week], w.tally[week], w.parameters[0]
    generations = chips.h100e.size
    generation, vendor = request.product % generations, request.product // generations
    price = resale_price(chips.list_price[generation], distributor.mark_up)
    user.installed[generation] += granted
    user.reporting += reporting
    user.switched += switched
    user.bought[request.tie] += granted
    user.cash -= granted * price
    distributor.cash += granted * price
    if user.provider:
        w.rentable[user.country].provider[generation] += granted
    today.honest_filled += granted
    if granted >= p.notification_size and now.notification_exposure[vendor] > 0.0:
        key = clock_key(w.seed, USER_ORDER, week)
        seen, score = (
            uniform(sub_key(key, _USER_NOTIFIED), user.key),
            uniform(sub_key(key, _USER_NOTICE_SCORE), user.key),
        )
        rate = false_alarm_rate(now.threshold[NOTIFICATION])
        notify(w, week, vendor, user_target(w, request.user), rate, seen, score)


@kernel
def sell_to_intermediary(w, week, request, granted, reporting, switched):
    """Sell a lot to an intermediary, which ships it on; a front keeps part of it."""
    order, distributor, channels = w.orders[request.order], w.distributors[request.distributor], w.channels
    trader, buyer = w.intermediaries[order.seller], w.buyers[order.buyer]
    chips, accounts, now = w.chips[0], w.accounts[0], w.conditions[week]
    today, p = w.tally[week], w.parameters[0]
    product = request.product
    generations = chips.h100e.size
    generation, vendor = product % generations, product // generations
    list_price = chips.list_price[generation]
    price = resale_price(list_price, unproven_mark_up(distributor.mark_up, w.market[0].dearer[generation]))
    kept = granted * request.kept // request.quantity
    lot = granted - kept
    if kept > 0:  # a front's own business pays for what it keeps; those chips pass any check of the site
        trader.kept[generation] += kept
        w.rentable[trader.country].fronts[generation] += kept
        accounts.outside -= kept * price
        distributor.cash += kept * price
        reporting, switched = min(reporting, lot), min(switched, lot)
    prepaid = int(p.prepaid * order.unit_price) * lot
    buyer.cash -= prepaid
    trader.cash += prepaid - lot * price
    distributor.cash += lot * price
    trader.bought[request.tie] += granted
    trader.bought_value[request.tie] += granted * list_price
    order.remaining -= lot
    trader.backlog -= lot
    if order.remaining == 0:
        order.status = ORDER_FILLED
    today.purchased += lot
    today.granted_by[generation] += lot
    if distributor.complicit:
        today.looked_away += lot
    new_shipment(w, week, request, lot, reporting, switched, price)
    chips.in_transit[product] += lot
    chips.transit_reporting[product] += reporting
    chips.transit_switched[product] += switched
    if granted >= p.notification_size and now.notification_exposure[vendor] > 0.0:
        key, who = clock_key(w.seed, PURCHASE, week - order.week), order.identity
        seen, score = uniform(sub_key(key, _NOTIFIED), who), uniform(sub_key(key, _NOTICE_SCORE), who)
        sensitivity, threshold = now.sensitivity[NOTIFICATION], now.threshold[NOTIFICATION]
        rate = hit_rate(sensitivity, threshold, channels[NOTIFICATION].concealable, trader.sophistication)
        notify(w, week, vendor, order.seller, rate, seen, score)
