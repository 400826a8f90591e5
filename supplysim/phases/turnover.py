"""Phase 11: overhead, exit, entry and re-entry under new shells (MODEL 7.11)."""

from supplysim._compiled import kernel
from supplysim.agents.intermediary import is_bankrupt, perceived_catch_rate, perceived_share
from supplysim.agents.shell import close_shell, found_shell
from supplysim.phases.enforcement import FORGOTTEN
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
    traders, market, now, counts, p = w.intermediaries, w.market[0], w.conditions[week], w.counts[0], w.parameters[0]
    corridor = w.directory.corridor
    felt_hops, felt_catch, backlog, capacity, active = 0.0, 0.0, 0.0, 0.0, 0
    for i in range(counts.slots):
        trader = traders[traders[i].row_of]
        if not trader.active:
            continue
        active += 1
        for c in range(corridor.size):
            if corridor[c] > 0.0:
                felt_hops += corridor[c] * perceived_share(trader.hop_losses[c], trader.hop_passes[c])
        felt_catch += perceived_catch_rate(trader.caught_events, trader.caught_years, p.salience)
        backlog += trader.backlog
        capacity += trader.capacity
    if active == 0:
        return 0.0
    dearer = 0.0  # what scarcity adds goes to distributors: it is no profit
    for k in range(market.mix.size):
        dearer += market.mix[k] * market.dearer[k]
    net = market.mark_up - p.entry_cost * dearer - p.reservation_margin - felt_hops / active
    net -= p.entry_catch * felt_catch / active * now.fine_ratio
    return net * min(2.0, backlog / capacity / p.entry_backlog)


@kernel
def mean_list_price(market, chips):
    """Return the list price of a chip of a typical order, US$: what newcomers bring goes with it."""
    price = 0.0
    for k in range(market.mix.size):
        price += market.mix[k] * chips.list_price[k]
    return price


@kernel
def admit(w, week, front, principal, returning, standing):
    """Let a firm enter the lowest free slot; return its row, -1 if there is none."""
    seed, traders, directory, chips, market = w.seed, w.intermediaries, w.directory, w.chips[0], w.market[0]
    accounts, counts, p = w.accounts[0], w.counts[0], w.parameters[0]
    slot = free_slot(w)
    counts.free_from = slot  # all slots below are taken for the rest of the week
    if slot == traders.size:
        market.skipped += 1
        return -1
    row = traders[slot].row_of
    counts.slots = max(counts.slots, slot + 1)
    found_shell(
        seed,
        row,
        week,
        front,
        principal,
        returning,
        standing,
        traders,
        directory,
        market.heard,
        mean_list_price(market, chips),
        accounts,
        p,
    )
    return row


@kernel
def remember_principal(w, coming, row):
    """Lay what each agency kept of a principal before it, as a dossier that nobody has read."""
    office, counts = w.office, w.counts[0]
    for agency in range(office.desks.shape[0]):
        if coming.evidence[agency] <= FORGOTTEN:
            continue
        desk = office.desks[agency, row]
        desk.evidence = coming.evidence[agency]
        desk.looked = False
        desk.ready = False
        desk.tip = False
        if not desk.listed:
            desk.listed = True
            office.dossiers[counts.dossiers].agency = agency
            office.dossiers[counts.dossiers].target = row
            counts.dossiers += 1


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
            trader.taken += taken
        trader.idle = 0 if trader.backlog > 0 else trader.idle + 1
        idle = trader.idle > p.idle_weeks and uniform(closing, trader.key) < p.idle_exit
        if idle or is_bankrupt(trader.cash, trader.seed_cash, p.bankrupt_share):
            close_shell(w, row)
            today.exits += 1

    counts.free_from = 0
    kept = 0
    for i in range(counts.returns):
        if returns[i].due <= week:
            row = admit(w, week, returns[i].front, returns[i].principal, True, returns[i].standing)
            if row >= 0:
                today.returns += 1
                remember_principal(w, returns[i], row)
        else:
            returns[kept].due = returns[i].due
            returns[kept].principal = returns[i].principal
            returns[kept].front = returns[i].front
            returns[kept].standing = returns[i].standing
            for agency in range(returns[i].evidence.size):
                returns[kept].evidence[agency] = returns[i].evidence[agency]
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
        if admit(w, week, front, market.principals, False, p.newcomer_start) >= 0:
            market.principals += 1
            today.entries += 1
