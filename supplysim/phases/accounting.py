"""Phase 12: end-of-week stocks, honest border burden, and the books that must balance (MODEL 14)."""

import numpy as np

from supplysim._compiled import kernel, rule
from supplysim.detection.channels import BORDER
from supplysim.detection.signal import false_alarm_rate


@kernel
def accounting(firms, end_users, orders, open_orders, shipments, moving, market, now, today, counts, p):
    """Record the stocks at the end of the week and what borders cost honest trade."""
    active, fronts = 0, 0
    for row in range(firms.size):
        active += firms[row].active
        fronts += firms[row].active and firms[row].front
    today.active_intermediaries = active
    today.active_fronts = fronts
    backlog = 0
    for at in range(counts.open_orders):
        backlog += orders[open_orders[at]].remaining
    today.open = backlog
    sent = 0
    for at in range(counts.moving):
        sent += shipments[moving[at]].quantity
    today.in_transit = sent
    opened = 0.0
    for i in range(end_users.size):
        row = end_users[i].row_of
        opened += min(now.border_exposure[end_users[row].country], p.border_exposure_max)
    share = opened / end_users.size if end_users.size > 0 else 0.0
    chips = today.honest_filled
    today.honest_inspected = int(chips * share + 0.5)
    stopped = share * false_alarm_rate(now.threshold[BORDER])
    today.honest_stopped = int(chips * stopped + 0.5)
    today.announced = market.heard[0]


@rule
def chip_imbalance(chips, distributors, end_users, firms):
    """Return minted chips less chips found anywhere, by generation; conservation says zero."""
    generations = chips.h100e.size
    balance = np.zeros(generations, np.int64)
    for product in range(chips.minted.size):
        generation = product % generations
        balance[generation] += chips.minted[product] - chips.direct[product] - chips.in_transit[product]
        balance[generation] -= chips.seized[product] + chips.deployed[product] + chips.disabled[product]
        for row in range(distributors.size):
            balance[generation] -= distributors[row].stock[product]
    for generation in range(generations):
        for row in range(end_users.size):
            balance[generation] -= end_users[row].installed[generation]
        for row in range(firms.size):
            balance[generation] -= firms[row].kept[generation]
    return balance


@rule
def money_imbalance(vendors, distributors, end_users, firms, buyers, accounts):
    """Return the sum of all cash, US$; conservation says zero."""
    total = accounts.government + accounts.carriers + accounts.overhead + accounts.outside
    for cash in (vendors.cash, distributors.cash, end_users.cash, firms.cash, buyers.cash):
        for row in range(cash.size):
            total += cash[row]
    return total


@rule
def order_imbalance(orders, counts, tally, week):
    """Return ordered less delivered, seized, cancelled, open and in transit so far, chips; zero again."""
    ordered = 0
    for order in range(counts.orders):
        ordered += orders[order].quantity
    cancelled, delivered, seized = 0, 0, 0
    for t in range(week + 1):
        delivered += tally[t].delivered
        seized += tally[t].seized_border + tally[t].seized_cases
        cancelled += tally[t].cancelled
    return ordered - delivered - seized - cancelled - tally[week].open - tally[week].in_transit


@rule
def featured_exceeds(distributors, chips):
    """Return whether featured chips anywhere exceed the chips they are among."""
    for row in range(distributors.size):
        for product in range(chips.minted.size):
            if not 0 <= distributors[row].featured[product] <= distributors[row].stock[product]:
                return True
    for product in range(chips.minted.size):
        if not 0 <= chips.transit_featured[product] <= chips.in_transit[product]:
            return True
        if not 0 <= chips.deployed_featured[product] <= chips.deployed[product]:
            return True
    return False
