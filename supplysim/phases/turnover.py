"""Phase 11: overhead, exit, entry and re-entry under new shells (MODEL 7.11)."""

from supplysim._compiled import kernel
from supplysim.agents.intermediary import is_bankrupt, perceived_catch_rate, perceived_share
from supplysim.agents.shell import close_shell, found_shell
from supplysim.world.streams import ENTRY, clock_key, draw, numbers, sub_key, uniform

_HOW_MANY, _IS_FRONT, _CLOSES = numbers(0, 3)


@kernel
def free_slot(w):
    """Return the lowest free slot; the number of slots if none is free."""
    traders = w.intermediaries
    for slot in range(w.counts[0].free_from, traders.size):
        if not traders[traders[slot].row_of].active:
            return slot
    return traders.size


@kernel
def profit_signal(w, week):
    """Return what an outsider thinks a chip earns over its cost, share of list, times how busy traders are."""
    traders, hubs, market, now, counts = w.intermediaries, w.hubs, w.market[0], w.conditions[week], w.counts[0]
    p = w.parameters[0]
    felt_hops, felt_catch, backlog, capacity, active = 0.0, 0.0, 0.0, 0.0, 0
    for i in range(counts.slots):
        trader = traders[traders[i].row_of]
        if not trader.active:
            continue
        active += 1
        for hub in hubs:
            felt_hops += perceived_share(trader.hop_losses[hub], trader.hop_passes[hub]) / hubs.size
        felt_catch += perceived_catch_rate(trader.caught_events, trader.caught_years, p.salience)
        backlog += trader.backlog
        capacity += trader.capacity
    if active == 0:
        return 0.0
    net = market.mark_up - p.entry_cost - p.reservation_margin - felt_hops / active
    net -= p.entry_catch * felt_catch / active * now.fine_ratio
    return net * min(2.0, backlog / capacity / p.entry_backlog)


@kernel
def admit(w, week, front, principal, returning):
    """Let a firm enter the lowest free slot; return whether there was one."""
    seed, traders, directory, chips, market = w.seed, w.intermediaries, w.directory, w.chips[0], w.market[0]
    accounts, counts, p = w.accounts[0], w.counts[0], w.parameters[0]
    slot = free_slot(w)
    counts.free_from = slot  # all slots below are taken for the rest of the week
    if slot == traders.size:
        market.skipped += 1
        return False
    row = traders[slot].row_of
    counts.slots = max(counts.slots, slot + 1)
    found_shell(
        seed,
        row,
        week,
        front,
        principal,
        returning,
        traders,
        directory,
        market.heard,
        chips.list_price[chips.reference],
        accounts,
        p,
    )
    return True


@kernel
def turnover(w, week):
    """Pay overhead, close firms that are broke or idle, bring principals back, and let newcomers in."""
    seed, traders, returns, tally, accounts = w.seed, w.intermediaries, w.returns, w.tally, w.accounts[0]
    market, counts, p = w.market[0], w.counts[0], w.parameters[0]
    today = tally[week]
    closing = sub_key(clock_key(seed, ENTRY, week), _CLOSES)
    for i in range(counts.slots):
        row = traders[i].row_of
        trader = traders[row]
        if not trader.active:
            continue
        overhead = int(p.overhead_capacity * trader.capacity + p.overhead_fixed)
        trader.cash -= overhead
        accounts.overhead += overhead
        spare = trader.cash - 2 * trader.seed_cash
        if spare > 0:
            taken = int(p.withdrawal * spare)
            trader.cash -= taken
            accounts.outside += taken
        trader.idle = 0 if trader.backlog > 0 else trader.idle + 1
        idle = trader.idle > p.idle_weeks and uniform(closing, trader.key) < p.idle_exit
        if idle or is_bankrupt(trader.cash, trader.seed_cash, p.bankrupt_share):
            close_shell(w, row)
            today.exits += 1

    counts.free_from = 0
    kept = 0
    for i in range(counts.returns):
        if returns[i].due <= week:
            if admit(w, week, returns[i].front, returns[i].principal, True):
                today.returns += 1
        else:
            returns[kept].due = returns[i].due
            returns[kept].principal = returns[i].principal
            returns[kept].front = returns[i].front
            kept += 1
    counts.returns = kept

    previous = tally[week - 1].entry_signal if week > 0 else 0.0
    signal = profit_signal(w, week)
    today.entry_signal = previous + p.entry_memory * (signal - previous)
    lag = int(p.entry_lag)
    heard = tally[week - lag].entry_signal if week >= lag else 0.0
    rate = p.entry * p.intermediaries_at_start / p.entry_unit * max(0.0, heard)
    newcomers = int(rate + draw(seed, ENTRY, week, 0, _HOW_MANY))
    front_chance = p.front_entry * p.fronts_at_start / p.intermediaries_at_start
    for n in range(newcomers):
        front = draw(seed, ENTRY, week, n, _IS_FRONT) < front_chance
        if admit(w, week, front, market.principals, False):
            market.principals += 1
            today.entries += 1
