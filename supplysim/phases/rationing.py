"""The second half of phase 5: honest and illicit requests share scarce stock by keyed priority (MODEL 7.6)."""

from supplysim._compiled import kernel
from supplysim.phases.market import sell_to_intermediary, sell_to_user


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


@kernel
def ration(w, week):
    """Grant requests bucket by bucket in the order of keyed priority until stock is gone."""
    requests, distributors, in_order, start = w.requests, w.distributors, w.scratch.in_order, w.scratch.start
    products = distributors[0].stock.size
    by_bucket(w, products, distributors.size * products)
    for d in range(distributors.size):  # by identity: the order of consignments matters to what firms remember
        row = distributors[d].row_of
        distributor = distributors[row]
        for product in range(products):
            bucket = row * products + product
            if start[bucket] == start[bucket + 1]:
                continue
            inventory, featured = distributor.stock[product], distributor.featured[product]
            given = 0
            for at in range(start[bucket], start[bucket + 1]):
                request = requests[in_order[at]]
                granted = min(request.quantity, inventory - given)
                if granted <= 0:
                    break
                # featured chips go pro rata by running totals, so they never exceed what is left
                with_feature = 0
                if featured > 0:
                    with_feature = (given + granted) * featured // inventory - given * featured // inventory
                given += granted
                distributor.stock[product] -= granted
                distributor.featured[product] -= with_feature
                if request.user >= 0:
                    sell_to_user(w, week, request, granted, with_feature)
                else:
                    sell_to_intermediary(w, week, request, granted, with_feature)
