"""The second half of phase 5: honest and illicit requests share scarce stock by keyed priority (MODEL 7.6)."""

from supplysim._compiled import kernel, rule
from supplysim.agents.distributor import unproven_limit
from supplysim.phases.detection import features_matter
from supplysim.phases.market import sell_to_intermediary, sell_to_user
from supplysim.world.streams import ACCESS, clock_key, uniform


@kernel
def by_bucket(w, products, buckets):
    """Sort request rows into `order` by (distributor, product), then by priority; `start` is where buckets start."""
    requests, order, start, filled = w.requests, w.scratch.in_order, w.scratch.start, w.scratch.filled
    count = w.counts[0].requests
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


@rule
def taken_along(granted, given, inventory, carrying, left, stock_left, avoided):
    """Return how many of the chips granted carry a feature: pro rata, less what a trader passes over, never too many.

    Running totals lose no chip. What a trader leaves goes to whoever buys next, so of a stock there are never fewer
    left than must be, nor more taken than there are.

    Parameters
    ----------
    granted, given, inventory : int
        Chips of this grant, of those before, and of the stock before the week's grants.
    carrying, left, stock_left : int
        Chips with the feature before the week's grants and now, and the stock after this grant.
    avoided : float
        Share of its part that the buyer passes over.
    """
    if carrying == 0:
        return 0
    fair = (given + granted) * carrying // inventory - given * carrying // inventory
    return min(max(int((1.0 - avoided) * fair), left - stock_left), min(granted, left))


@kernel
def unproven_part(w, week, row, product, inventory):
    """Return the most chips of a stock that traders without a business of their own get this week."""
    distributor, p = w.distributors[row], w.parameters[0]
    share = w.conditions[week].access[distributor.country]
    if distributor.complicit:
        share *= p.access_complicit
    slot = distributor.key * distributor.stock.size + product
    return unproven_limit(share, inventory, uniform(clock_key(w.seed, ACCESS, week), slot))


@kernel
def ration(w, week):
    """Grant requests bucket by bucket in the order of keyed priority until stock is gone.

    Unproven buyers share a part of every stock. One who is cut short does not end the loop: others take the rest.
    """
    requests, distributors, in_order, start = w.requests, w.distributors, w.scratch.in_order, w.scratch.start
    products = distributors[0].stock.size
    avoidance = w.parameters[0].featured_avoidance if features_matter(w, week) else 0.0
    by_bucket(w, products, distributors.size * products)
    for d in range(distributors.size):  # by identity: the order of consignments matters to what firms remember
        row = distributors[d].row_of
        distributor = distributors[row]
        for product in range(products):
            bucket = row * products + product
            if start[bucket] == start[bucket + 1]:
                continue
            inventory = distributor.stock[product]
            reporting, switched = distributor.reporting[product], distributor.switched[product]
            limit = unproven_part(w, week, row, product, inventory)
            given = 0
            for at in range(start[bucket], start[bucket + 1]):
                request = requests[in_order[at]]
                granted = min(request.quantity, inventory - given)
                if granted <= 0:
                    break
                trader = request.user < 0
                if trader and not w.intermediaries[w.orders[request.order].seller].front:
                    granted = min(granted, limit)
                    if granted <= 0:
                        continue
                    limit -= granted
                avoided = avoidance if trader else 0.0
                stock_left = inventory - given - granted
                with_report = taken_along(
                    granted, given, inventory, reporting, distributor.reporting[product], stock_left, avoided
                )
                with_switch = taken_along(
                    granted, given, inventory, switched, distributor.switched[product], stock_left, avoided
                )
                given += granted
                distributor.stock[product] = stock_left
                distributor.reporting[product] -= with_report
                distributor.switched[product] -= with_switch
                if trader:
                    sell_to_intermediary(w, week, request, granted, with_report, with_switch)
                else:
                    sell_to_user(w, week, request, granted, with_report, with_switch)
