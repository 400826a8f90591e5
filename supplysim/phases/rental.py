"""Within phase 4: the rental market, between buyers in China and providers and fronts (EQUATIONS d)."""

import math

from supplysim._compiled import kernel

CHEAPEST_RENT, DEAREST_RENT = -0.1, 10.0  # logs of the rental price
CLEARED = 1e-7  # relative gap between demand and offer at which the rental market clears


@kernel
def rental_demand(w, log_price):
    """Return the compute that buyers would rent this week at a price, H100e, and its slope in the log price."""
    want, outside, others, rented = w.scratch.want, w.scratch.outside, w.scratch.others, w.scratch.rented
    response, scale = w.parameters[0].price_response, w.parameters[0].nest_scale
    factor = math.exp(-response * log_price / scale)
    total, slope = 0.0, 0.0
    for b in range(want.size):
        mine = rented[b] * factor
        inside = outside[b] + mine
        nest = inside**scale
        share = mine / inside
        taken = nest / (nest + others[b])
        demand = want[b] * share * taken
        total += demand
        slope -= demand * response / scale * (1.0 - (1.0 - scale) * share - scale * share * taken)
    return total, slope


@kernel
def clearing_price(w, offer, start):
    """Return the log rental price at which buyers want no more than is offered (EQUATIONS d).

    Newton's method on the log of demand, which is nearly straight, kept inside a shrinking bracket.
    """
    if offer <= 0.0:
        demand, _ = rental_demand(w, CHEAPEST_RENT)
        return CHEAPEST_RENT if demand <= offer else DEAREST_RENT
    low, high = CHEAPEST_RENT, DEAREST_RENT
    price = min(max(start, low), high)
    for step in range(60):
        demand, slope = rental_demand(w, price)
        if step == 0 and demand <= offer:  # the price falls, perhaps as far as it can
            least, _ = rental_demand(w, CHEAPEST_RENT)
            if least <= offer:
                return CHEAPEST_RENT
        gap = math.log(demand / offer)
        if abs(gap) < CLEARED:
            break
        if gap > 0.0:
            low = price
        else:
            high = price
        price -= gap * demand / slope
        if not low < price < high:
            price = 0.5 * (low + high)
    return price


@kernel
def rentable_compute(w, week):
    """Return the compute that providers and fronts may rent to buyers in China, H100e."""
    rentable, chips, now = w.rentable, w.chips[0], w.conditions[week]
    total = 0.0
    for c in range(rentable.size):
        held = 0.0
        for generation in range(chips.h100e.size):
            count = rentable[c].provider[generation] + rentable[c].fronts[generation]
            held += count * chips.h100e[generation]
        total += now.rentable_share[c] * held
    return total
