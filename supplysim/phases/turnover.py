"""Phase 11: overhead, exit, entry and re-entry under new shells (MODEL 7.11)."""

from supplysim._compiled import kernel
from supplysim.agents.intermediary import is_bankrupt, perceived_catch_rate, perceived_share
from supplysim.agents.shell import close_shell, found_shell
from supplysim.world.streams import ENTRY, clock_key, draw, numbers, sub_key, uniform

_HOW_MANY, _IS_FRONT, _CLOSES = numbers(0, 3)


@kernel
def free_slot(firms, first):
    """Return the lowest free slot from `first` on; the number of slots if none is free."""
    for slot in range(first, firms.size):
        if not firms[firms[slot].row_of].active:
            return slot
    return firms.size


@kernel
def profit_signal(firms, market, now, hubs, counts, p):
    """Return what an outsider thinks a chip earns over its cost, share of list, times how busy traders are."""
    felt_hops, felt_catch, backlog, capacity, active = 0.0, 0.0, 0.0, 0.0, 0
    for i in range(counts.slots):
        row = firms[i].row_of
        if not firms[row].active:
            continue
        active += 1
        for hub in hubs:
            felt_hops += perceived_share(firms[row].hop_losses[hub], firms[row].hop_passes[hub]) / hubs.size
        felt_catch += perceived_catch_rate(firms[row].caught_events, firms[row].caught_years, p.salience)
        backlog += firms[row].backlog
        capacity += firms[row].capacity
    if active == 0:
        return 0.0
    net = market.mark_up - p.entry_cost - p.reservation_margin - felt_hops / active
    net -= p.entry_catch * felt_catch / active * now.fine_ratio
    return net * min(2.0, backlog / capacity / p.entry_backlog)


@kernel
def admit(seed, week, front, principal, returning, firms, directory, chips, market, accounts, counts, p):
    """Let a firm enter the lowest free slot; return whether there was one."""
    slot = free_slot(firms, counts.free_from)
    counts.free_from = slot  # all slots below are taken for the rest of the week
    if slot == firms.size:
        market.skipped += 1
        return False
    row = firms[slot].row_of
    counts.slots = max(counts.slots, slot + 1)
    found_shell(
        seed,
        row,
        week,
        front,
        principal,
        returning,
        firms,
        directory,
        market.heard,
        chips.list_price[chips.reference],
        accounts,
        p,
    )
    return True


@kernel
def turnover(week, seed, firms, office, returns, accounts, market, chips, now, directory, hubs, tally, counts, p):
    """Pay overhead, close firms that are broke or idle, bring principals back, and let newcomers in."""
    today = tally[week]
    closing = sub_key(clock_key(seed, ENTRY, week), _CLOSES)
    for i in range(counts.slots):
        row = firms[i].row_of
        if not firms[row].active:
            continue
        overhead = int(p.overhead_capacity * firms[row].capacity + p.overhead_fixed)
        firms[row].cash -= overhead
        accounts.overhead += overhead
        spare = firms[row].cash - 2 * firms[row].seed_cash
        if spare > 0:
            taken = int(p.withdrawal * spare)
            firms[row].cash -= taken
            accounts.outside += taken
        firms[row].idle = 0 if firms[row].backlog > 0 else firms[row].idle + 1
        idle = firms[row].idle > p.idle_weeks and uniform(closing, firms[row].key) < p.idle_exit
        if idle or is_bankrupt(firms[row].cash, firms[row].seed_cash, p.bankrupt_share):
            close_shell(row, firms, office, accounts)
            today.exits += 1

    counts.free_from = 0
    kept = 0
    for i in range(counts.returns):
        if returns[i].due <= week:
            if admit(
                seed,
                week,
                returns[i].front,
                returns[i].principal,
                True,
                firms,
                directory,
                chips,
                market,
                accounts,
                counts,
                p,
            ):
                today.returns += 1
        else:
            returns[kept].due = returns[i].due
            returns[kept].principal = returns[i].principal
            returns[kept].front = returns[i].front
            kept += 1
    counts.returns = kept

    previous = tally[week - 1].entry_signal if week > 0 else 0.0
    now = profit_signal(firms, market, now, hubs, counts, p)
    today.entry_signal = previous + p.entry_memory * (now - previous)
    lag = int(p.entry_lag)
    heard = tally[week - lag].entry_signal if week >= lag else 0.0
    rate = p.entry * p.intermediaries_at_start / p.entry_unit * max(0.0, heard)
    newcomers = int(rate + draw(seed, ENTRY, week, 0, _HOW_MANY))
    front_chance = p.front_entry * p.fronts_at_start / p.intermediaries_at_start
    for n in range(newcomers):
        front = draw(seed, ENTRY, week, n, _IS_FRONT) < front_chance
        if admit(seed, week, front, market.principals, False, firms, directory, chips, market, accounts, counts, p):
            market.principals += 1
            today.entries += 1
