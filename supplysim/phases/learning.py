"""Phase 10: firms learn from their own, their neighbours' and public events; margins and prices move (MODEL 7.10)."""

from supplysim._compiled import kernel
from supplysim.agents.intermediary import next_margin


@kernel
def remember_hops(row, firms, market, heard, p):
    """Age a firm's hop beliefs and add what it hears of other firms' consignments."""
    for c in range(firms[0].hop_losses.size):
        losses = firms[row].hop_losses[c] * p.hop_memory
        passes = firms[row].hop_passes[c] * p.hop_memory
        losses += p.hop_public * min(float(market.stops[c]), p.hop_public_cap)
        passes += p.hop_public * market.passes[c]
        missing = p.hop_floor - losses - passes
        if missing > 0.0:  # a weak belief falls back on what everyone believes
            believed = 1.0 - (1.0 - p.hop_prior) ** heard[1 + c]
            losses += missing * believed
            passes += missing * (1.0 - believed)
        firms[row].hop_losses[c] = losses
        firms[row].hop_passes[c] = passes


@kernel
def remember_catches(row, firms, active, heard, p):
    """Age a firm's belief of being caught; a quiet week for all is a little experience for each."""
    events = firms[row].caught_events * p.caught_memory
    years = firms[row].caught_years * p.caught_memory + (1.0 + p.caught_public * active) / 52.0
    missing = p.caught_floor - years
    if missing > 0.0:
        years += missing
        events += missing * p.caught_prior * heard[0]
    firms[row].caught_events = events
    firms[row].caught_years = years


@kernel
def next_reference(mark_up, orders, week, chips, memory, drift, wtp, counts):
    """Return the reference mark-up: a moving average of what the week's orders paid over list."""
    paid, listed = 0, 0
    at = counts.orders - 1
    while at >= 0 and orders[at].week == week:
        paid += orders[at].quantity * orders[at].unit_price
        listed += orders[at].quantity * chips.list_price[orders[at].generation]
        at -= 1
    if listed > 0:
        return mark_up + memory * (paid / listed - mark_up)
    return mark_up + drift * (wtp - mark_up)


@kernel
def learning(week, firms, orders, chips, market, today, settings, counts, p):
    """Update beliefs, margins, capacity and the reference price."""
    active = 0
    for i in range(counts.slots):
        row = firms[i].row_of
        active += firms[row].active
    for i in range(counts.slots):
        row = firms[i].row_of
        if not firms[row].active:
            continue
        remember_hops(row, firms, market, market.heard, p)
        remember_catches(row, firms, active, market.heard, p)
        for vendor in range(firms[0].tries.size):
            firms[row].tries[vendor] *= p.refusal_memory
            firms[row].refusals[vendor] *= p.refusal_memory
        firms[row].margin = next_margin(
            firms[row].margin,
            firms[row].backlog,
            firms[row].capacity,
            p.backlog_weeks,
            p.margin_speed,
            firms[row].reservation_margin,
            p.margin_max,
        )
        busy = firms[row].backlog > p.seller_backlog_weeks * firms[row].capacity
        if busy and firms[row].cash > firms[row].seed_cash:
            firms[row].capacity = min(firms[row].capacity * (1.0 + p.capacity_growth), p.capacity_max)
    market.mark_up = next_reference(
        market.mark_up, orders, week, chips, p.reference_memory, p.reference_drift, p.wtp, counts
    )
    today.mark_up = market.mark_up
    adapt_inspection(market, settings, p.adaptive_memory)


@kernel
def adapt_inspection(market, settings, memory):
    """Let borders look more where they found something; the mean weight stays 1 (MODEL 7.7)."""
    if not settings.adaptive_inspection:
        return
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
