"""Phase 10: firms learn from their own, their neighbours' and public events; margins and prices move (MODEL 7.10)."""

import math

from supplysim._compiled import kernel, rule
from supplysim.agents.intermediary import grown_capacity, knows_corridor, next_margin, perceived_share
from supplysim.phases.detection import features_matter

BITE_OF_STOP, BITE_OF_DISABLED, LEAST_BITE = 0.2, 100.0, 0.1  # a stop-sale, chips disabled, and the mere rule
KILO = 1000.0  # chips in which buyers count what was disabled
SHARE_UPDATE = 0.1  # weekly update of the share of deliveries that carry a switch
SELDOM = 0.02  # share of orders
NEVER = 1e-9


@kernel
def remember_hops(w, trader):
    """Age a firm's hop beliefs and add what it hears of other firms' consignments."""
    market, p = w.market[0], w.parameters[0]
    for c in range(trader.hop_losses.size):
        losses = trader.hop_losses[c] * p.hop_memory
        passes = trader.hop_passes[c] * p.hop_memory
        losses += p.hop_public * min(float(market.stops[c]), p.hop_public_cap)
        passes += p.hop_public * market.passes[c]
        missing = p.hop_floor - losses - passes
        if missing > 0.0:  # a weak belief falls back on what everyone believes
            believed = 1.0 - (1.0 - p.hop_prior) ** market.heard[1 + c]
            losses += missing * believed
            passes += missing * (1.0 - believed)
        trader.hop_losses[c] = losses
        trader.hop_passes[c] = passes


@kernel
def remember_catches(w, trader, active):
    """Age a firm's belief of being caught; a quiet week for all is a little experience for each."""
    market, p = w.market[0], w.parameters[0]
    events = trader.caught_events * p.caught_memory
    years = trader.caught_years * p.caught_memory + (1.0 + p.caught_public * active) / 52.0
    missing = p.caught_floor - years
    if missing > 0.0:
        years += missing
        events += missing * p.caught_prior * market.heard[0]
    trader.caught_events = events
    trader.caught_years = years


@kernel
def next_reference(w, week):
    """Return the reference mark-up: a moving average of what the week's orders paid over list."""
    orders, chips, mark_up, p = w.orders, w.chips[0], w.market[0].mark_up, w.parameters[0]
    paid, listed = 0, 0
    at = w.counts[0].orders - 1
    while at >= 0 and orders[at].week == week:
        paid += orders[at].quantity * orders[at].unit_price
        listed += orders[at].quantity * chips.list_price[orders[at].generation]
        at -= 1
    if listed > 0:
        return mark_up + p.reference_memory * (paid / listed - mark_up)
    return mark_up + p.reference_drift * (p.wtp - mark_up)


@kernel
def best_way(trader):
    """Return the believed chance that the best corridor a trader has a forwarder for stops a consignment."""
    best = 1.0
    for c in range(trader.hop_losses.size):
        if knows_corridor(trader.knows, c):
            best = min(best, perceived_share(trader.hop_losses[c], trader.hop_passes[c]))
    return best


@kernel
def grow(trader, p):
    """Let a newcomer grow by the deals it has done, and an established firm by what it cannot serve."""
    busy = trader.backlog > p.seller_backlog_weeks * trader.capacity
    if trader.capacity < trader.full_capacity:
        weekly = (1.0 - p.recent_memory) * trader.recent_volume
        trader.capacity = grown_capacity(trader.capacity, trader.full_capacity, p.newcomer_growth, weekly)
    elif busy and trader.cash > trader.seed_cash:
        trader.capacity = min(trader.capacity * (1.0 + p.capacity_growth), p.capacity_max)
        trader.full_capacity = trader.capacity


@kernel
def learn_bypass(w, week):
    """Let traders learn to evade checks of where chips are, the faster the more these bite."""
    market, today, p = w.market[0], w.tally[week], w.parameters[0]
    bite = min(1.0, BITE_OF_STOP * today.stop_sales + today.disabled / BITE_OF_DISABLED + LEAST_BITE)
    market.bypass = max(market.bypass, p.spoofing)
    market.bypass += p.bypass_learning * bite * max(0.0, p.bypass_max - market.bypass)


@rule
def lost_value(hazard, life):
    """Return the loss of value that a yearly chance of being disabled means over a chip's years of use, share."""
    expected = hazard * life
    return 1.0 - (1.0 - math.exp(-expected)) / expected if expected > NEVER else 0.0


@kernel
def learn_disabling(w, week):
    """Let buyers learn what a switch costs them: what is announced at first, then what they see disabled."""
    market, chips, vendors = w.market[0], w.chips[0], w.vendors
    now, today, p = w.conditions[week], w.tally[week], w.parameters[0]
    announced, deployed = 0.0, 0
    for vendor in range(vendors.size):
        announced += vendors[vendor].share * now.disable_hazard[vendor]
    for product in range(chips.deployed_switched.size):
        deployed += chips.deployed_switched[product]
    market.disable_events = p.disable_memory * market.disable_events + today.disabled / KILO
    market.disable_years = p.disable_memory * market.disable_years + deployed / 52.0 / KILO
    if today.delivered > 0:
        market.switched_share += SHARE_UPDATE * (today.delivered_switched / today.delivered - market.switched_share)
    prior = p.disable_believed * announced * p.disable_prior_years
    hazard = (prior + market.disable_events) / (p.disable_prior_years + market.disable_years)
    market.value_loss = market.switched_share * lost_value(hazard, p.service_life)


@kernel
def learn_premiums(w, week):
    """Move the premium of each class by the share of traders' requests that stayed unmet (MODEL 7.10)."""
    market, today, p = w.market[0], w.tally[week], w.parameters[0]
    for k in range(market.premium.size):
        unmet = 0.0
        if today.wanted_by[k] > 0:
            unmet = max(0.0, 1.0 - today.granted_by[k] / today.wanted_by[k])
        market.unmet[k] = p.premium_memory * market.unmet[k] + (1.0 - p.premium_memory) * unmet
        moved = market.premium[k] + p.premium_speed * (market.unmet[k] - p.premium_slack)
        gone = market.mix[k] < SELDOM  # a class that is hardly ordered any more has no price of its own
        market.premium[k] = 0.0 if gone else min(max(moved, 0.0), math.log(p.premium_max))
        market.dearer[k] = math.exp(market.premium[k])
        today.premium[k] = market.premium[k]


@kernel
def learning(w, week):
    """Update beliefs, margins, capacity and prices; traders, buyers and the market learn what levers do to them."""
    traders, market, today, counts = w.intermediaries, w.market[0], w.tally[week], w.counts[0]
    p = w.parameters[0]
    active = 0
    for i in range(counts.slots):
        active += traders[traders[i].row_of].active
    for i in range(counts.slots):
        trader = traders[traders[i].row_of]
        if not trader.active:
            continue
        remember_hops(w, trader)
        remember_catches(w, trader, active)
        trader.way = best_way(trader)
        for vendor in range(trader.tries.size):
            trader.tries[vendor] *= p.refusal_memory
            trader.refusals[vendor] *= p.refusal_memory
        trader.margin = next_margin(
            trader.margin,
            trader.backlog,
            trader.capacity,
            p.backlog_weeks,
            p.margin_speed,
            trader.reservation_margin,
            p.margin_max,
        )
        grow(trader, p)
    market.mark_up = next_reference(w, week)
    today.mark_up = market.mark_up
    if features_matter(w, week):
        learn_bypass(w, week)
    learn_disabling(w, week)
    learn_premiums(w, week)
    if w.settings.adaptive_inspection:
        adapt_inspection(w)


@kernel
def adapt_inspection(w):
    """Let borders look more where they found something; the mean weight stays 1 (MODEL 7.7)."""
    market, memory = w.market[0], w.parameters[0].adaptive_memory
    countries = market.stop_record.size - 1  # the destination is not a hop
    total = 0.0
    for c in range(countries):
        market.stop_record[c] = market.stop_record[c] * memory + market.stops[c]
        total += market.stop_record[c] + 0.3
    mean = 0.0
    for c in range(countries):
        target = min(max(countries * (market.stop_record[c] + 0.3) / total, 0.4), 3.0)
        market.inspection_weight[c] = memory * market.inspection_weight[c] + (1.0 - memory) * target
        mean += market.inspection_weight[c] / countries
    for c in range(countries):
        market.inspection_weight[c] /= mean
