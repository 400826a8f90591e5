"""Phase 10: firms learn from their own, their neighbours' and public events; margins and prices move (MODEL 7.10)."""

from supplysim._compiled import kernel
from supplysim.agents.intermediary import next_margin


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
def learning(w, week):
    """Update beliefs, margins, capacity and the reference price."""
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
        busy = trader.backlog > p.seller_backlog_weeks * trader.capacity
        if busy and trader.cash > trader.seed_cash:
            trader.capacity = min(trader.capacity * (1.0 + p.capacity_growth), p.capacity_max)
    market.mark_up = next_reference(w, week)
    today.mark_up = market.mark_up
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
