"""Within phase 4: licensed, rented, offshore-owned and domestic compute: each an offer and a price (EQUATIONS d).

Prices of licensed and domestic compute are shadow prices: a queue or a favour, paid to nobody.
"""

import math

from supplysim._compiled import kernel
from supplysim.world.streams import numbers

LICENSED, RENTED, OFFSHORE, DOMESTIC = numbers(0, 4)
SHUT = 6.0  # log price of what is not offered at all
FARTHEST = 1.0  # largest step of a log price
FRONTIER = 0.5  # classes with at least that part of the newest one's compute count as near it


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


@kernel
def part_above(w, bar):
    """Return the part of the compute that providers and fronts hold in classes of at least `bar` H100e a chip."""
    rentable, chips = w.rentable, w.chips[0]
    held, above = 0.0, 0.0
    for c in range(rentable.size):
        for generation in range(chips.h100e.size):
            compute = chips.h100e[generation]
            here = (rentable[c].provider[generation] + rentable[c].fronts[generation]) * compute
            held += here
            if compute >= bar:
                above += here
    return above / held if held > 0.0 else 0.0


@kernel
def make_offers(w, week):
    """Note what there is of each kind of compute this week, H100e, and the lowest price at which it is sold."""
    offer, floor, chips, market = w.scratch.offer, w.scratch.floor, w.chips[0], w.market[0]
    now, today, p = w.conditions[week], w.tally[week], w.parameters[0]
    licensed = 0.0
    for covered in range(now.licensed_quota.size):
        licensed += now.licensed_quota[covered]
    direct = 0.0
    for product in range(now.direct.size):
        direct += now.direct[product] * chips.h100e[product % chips.h100e.size]
    market.rented *= 1.0 - 1.0 / p.rental_contract
    today.rentable_stock = rentable_compute(w, week)
    offer[LICENSED] = licensed * now.licensed_leave / 52.0
    offer[RENTED] = max(0.0, today.rentable_stock - market.rented) / p.rental_offer_weeks
    offer[OFFSHORE] = now.offshore_share * direct
    offer[DOMESTIC] = now.domestic_capacity / 52.0
    floor[LICENSED] = math.log(now.licensed_price)
    floor[RENTED] = p.rented_price_floor
    floor[OFFSHORE] = 0.0
    floor[DOMESTIC] = 0.0


@kernel
def make_appeals(w, week):
    """Note how much each class of buyers likes each kind of compute; what is owned offshore is liked as rented is."""
    appeal, tastes, now, p = w.scratch.appeal, w.tastes, w.conditions[week], w.parameters[0]
    for kind in range(tastes.shape[0]):
        foreign = now.foreign_taste[kind]
        abroad = math.exp((now.rented_taste + p.rented_shift + tastes[kind, 0] + foreign) / p.nest_scale)
        appeal[kind, LICENSED] = math.exp((now.licensed_taste + foreign) / p.nest_scale)
        appeal[kind, RENTED] = abroad
        appeal[kind, OFFSHORE] = abroad
        appeal[kind, DOMESTIC] = math.exp(now.domestic_taste + tastes[kind, 1])


@kernel
def cheapen(w):
    """Note what the prices of the other kinds of compute make of their appeal."""
    cheap, price, p = w.scratch.cheap, w.market[0].channel_price, w.parameters[0]
    for c in range(cheap.size):
        scale = (
            1.0 if c == DOMESTIC else p.nest_scale
        )  # domestic compute is no closer to the foreign kinds than none is
        cheap[c] = math.exp(-p.price_response * price[c] / scale)


@kernel
def wanted(w):
    """Note the demand for each kind of compute at its price, and its slope; return what buyers do without, H100e."""
    want, smuggled, kinds, appeal, cheap = (
        w.scratch.want,
        w.scratch.smuggled,
        w.scratch.kind,
        w.scratch.appeal,
        w.scratch.cheap,
    )
    demand, slope, p = w.scratch.demand, w.scratch.slope, w.parameters[0]
    scale, none = p.nest_scale, math.exp(p.taste_none)
    cheapen(w)
    for c in range(demand.size):
        demand[c] = 0.0
        slope[c] = 0.0
    left = 0.0
    for i in range(want.size):
        kind = kinds[i]
        licensed, rented = appeal[kind, LICENSED] * cheap[LICENSED], appeal[kind, RENTED] * cheap[RENTED]
        offshore, domestic = appeal[kind, OFFSHORE] * cheap[OFFSHORE], appeal[kind, DOMESTIC] * cheap[DOMESTIC]
        inside = smuggled[i] + licensed + rented + offshore
        nest = inside**scale
        total = nest + domestic + none
        foreign = want[i] * nest / (total * inside)
        steep = (1.0 - scale + scale * nest / total) / inside  # how much a part of the nest softens its own slope
        demand[LICENSED] += foreign * licensed
        demand[RENTED] += foreign * rented
        demand[OFFSHORE] += foreign * offshore
        demand[DOMESTIC] += want[i] * domestic / total
        slope[LICENSED] += foreign * licensed * (1.0 - steep * licensed)
        slope[RENTED] += foreign * rented * (1.0 - steep * rented)
        slope[OFFSHORE] += foreign * offshore * (1.0 - steep * offshore)
        slope[DOMESTIC] += want[i] * domestic / total * (1.0 - domestic / total)
        left += want[i] * none / total
    for c in range(slope.size):
        slope[c] *= p.price_response / (1.0 if c == DOMESTIC else scale)
    return left


@kernel
def step_prices(w):
    """Move every log price by one Newton step of its own towards where demand meets the offer."""
    price, demand, slope = w.market[0].channel_price, w.scratch.demand, w.scratch.slope
    offer, floor = w.scratch.offer, w.scratch.floor
    for c in range(offer.size):
        if offer[c] <= 0.0:
            price[c] = SHUT
            continue
        step = -FARTHEST
        if demand[c] > 0.0:
            step = math.log(demand[c] / offer[c]) * demand[c] / max(slope[c], 1e-12)
        price[c] = min(max(price[c] + min(max(step, -FARTHEST), FARTHEST), floor[c]), SHUT)


@kernel
def clear_substitutes(w, week):
    """Let the prices of the four kinds of compute approach clearing; what is rationed is done without."""
    demand, offer, market, today = w.scratch.demand, w.scratch.offer, w.market[0], w.tally[week]
    make_appeals(w, week)
    make_offers(w, week)
    for _step in range(int(w.parameters[0].clearing_passes)):
        wanted(w)
        step_prices(w)
    left = wanted(w)
    for c in range(offer.size):
        taken = min(demand[c], offer[c])
        left += demand[c] - taken
        demand[c] = taken
        today.channel_price[c] = market.channel_price[c]
    today.licensed_h100e = demand[LICENSED]
    today.rented_h100e = demand[RENTED]
    today.offshore_h100e = demand[OFFSHORE]
    today.domestic_h100e = demand[DOMESTIC]
    today.none_h100e = left
    today.frontier_abroad = demand[OFFSHORE] + demand[RENTED] * part_above(w, FRONTIER * market.newest)
    today.advanced_abroad = demand[OFFSHORE] + demand[RENTED] * part_above(w, w.parameters[0].advanced_chip)
    market.offshore += demand[OFFSHORE]
    market.rented += demand[RENTED]
    market.rental_price = math.exp(market.channel_price[RENTED])
    today.rented_stock = market.rented
    today.rental_price = market.rental_price
