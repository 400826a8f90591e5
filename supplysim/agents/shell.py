"""How a shell begins and ends: what the n-th firm in a slot is like, and what is left when it goes."""

from __future__ import annotations

import math

from supplysim._compiled import entry, kernel
from supplysim.network.ties import pick_corridor, pick_country, pick_distributor
from supplysim.world.streams import OCCUPANT, clock_key, lognormal, normal, numbers, sub_key, uniform

_CAPACITY, _SKILL, _SEED, _RESERVE, _KEPT, _COUNTRY = numbers(0, 6)
_TIE_HOME, _TIE_COUNTRY, _TIE = 10, 20, 30
_BELIEF = 40
_FIRST_CORRIDOR, _CORRIDOR = 100, 101  # of a principal, so that whoever comes back has its forwarders
HOME_TIES = 4  # the first ties are mostly at home, the last mostly abroad
HOME_CHANCE, ABROAD_CHANCE = 0.55, 0.25
MEAN_CORRECTION = 0.6  # sigma^2 / 2 at the spread of `capacity_sigma`: keeps the mean at the mean capacity


@kernel
def draw_supplier(country, home_chance, u_home, u_country, u_distributor, directory):
    """Return the row of a new supplier: at home with some probability, else where intermediaries sit."""
    where = country if u_home < home_chance else pick_country(directory, u_country)
    return pick_distributor(directory, where, u_distributor)


@kernel
def known_corridors(key, principal, directory, p):
    """Return the corridors that a principal has forwarders for, one bit a country: one by attraction, perhaps more."""
    knows = 1 << pick_corridor(directory, uniform(sub_key(key, _FIRST_CORRIDOR), principal))
    for c in range(directory.corridor.size):
        chance = 1.0 - (1.0 - directory.corridor[c]) ** p.other_corridors
        if uniform(sub_key(key, _CORRIDOR + c), principal) < chance:
            knows |= 1 << c
    return knows


@kernel
def found_shell(
    seed, row, week, front, principal, returning, standing, traders, directory, heard, list_price, accounts, p
):
    """Put a new firm into a slot; its traits are drawn by (slot, shell), so it is the same in every world.

    It can handle a part of its full capacity, `standing`, until it has made a name for itself.
    """
    trader = traders[row]
    key = clock_key(seed, OCCUPANT, 0)
    trader.shell += 1
    who = trader.key + traders.size * trader.shell
    country = pick_country(directory, uniform(sub_key(key, _COUNTRY), who))
    z = normal(uniform(sub_key(key, _CAPACITY), who))
    if front:
        capacity = p.front_capacity / 52.0 * math.exp(p.front_capacity_sigma * z)
    else:
        mean = p.intermediary_capacity * 12.0 / 52.0
        capacity = mean * math.exp(-MEAN_CORRECTION + p.capacity_sigma * z)
    skill = p.sophistication_front if front else p.sophistication
    skill += p.sophistication_sd * normal(uniform(sub_key(key, _SKILL), who))
    wealth = lognormal(uniform(sub_key(key, _SEED), who), p.seed_cash, p.seed_cash_sigma)
    reserve = lognormal(uniform(sub_key(key, _RESERVE), who), 1.0, p.reservation_sigma)
    spread = p.front_diverted_high - p.front_diverted_low

    trader.active = True
    trader.principal = principal
    trader.front = front
    trader.country = country
    trader.born = week
    trader.full_capacity = min(capacity, p.capacity_max)
    trader.capacity = trader.full_capacity * standing
    trader.seed_cash = int(trader.full_capacity * list_price * wealth)
    trader.cash = trader.seed_cash
    trader.taken = 0
    accounts.outside -= trader.seed_cash
    trader.sophistication = min(max(skill, 0.02), 0.98)
    trader.reservation_margin = p.reservation_margin * reserve
    trader.margin = p.margin_start
    trader.diverted_share = 1.0
    if front:
        trader.diverted_share = p.front_diverted_low + spread * uniform(sub_key(key, _KEPT), who)
    trader.backlog = 0
    trader.idle = 0
    trader.orders = 0
    trader.hold_until = -1
    trader.recent_volume = 0.0
    trader.recent_value = 0.0
    trader.recent_shipments = 0.0
    trader.reports_at_risk = 0.0
    trader.suspicion = 0.0
    trader.audit_due = -1
    trader.delivered = 0
    trader.last_route = -1
    trader.route_failed = False
    for vendor in range(trader.tries.size):
        trader.tries[vendor] = 0.0
        trader.refusals[vendor] = 0.0
    for tie in range(trader.supplier.size):
        trader.supplier[tie] = draw_supplier(
            country,
            HOME_CHANCE if tie < HOME_TIES else ABROAD_CHANCE,
            uniform(sub_key(key, _TIE_HOME + tie), who),
            uniform(sub_key(key, _TIE_COUNTRY + tie), who),
            uniform(sub_key(key, _TIE + tie), who),
            directory,
        )
        trader.bought[tie] = 0
        trader.bought_value[tie] = 0
    fear = p.return_hop_fear
    for c in range(trader.hop_losses.size):
        u = uniform(sub_key(key, _BELIEF + c), who)
        believed = min(lognormal(u, p.hop_prior, p.hop_prior_sigma), 0.9)
        believed = 1.0 - (1.0 - believed) ** heard[1 + c]
        if returning:
            believed = min(believed * fear, 0.9)
        trader.hop_losses[c] = believed * p.hop_prior_strength
        trader.hop_passes[c] = (1.0 - believed) * p.hop_prior_strength
    trader.knows = known_corridors(key, principal, directory, p)
    trader.way = p.hop_prior
    trader.caught_years = p.caught_prior_years
    trader.caught_events = p.caught_prior * heard[0] * p.caught_prior_years
    if returning:
        trader.caught_events += p.return_caught_fear


@entry
def found_first(seed, plain, fronts, traders, directory, heard, list_price, accounts, parameters):
    """Put the firms of week 0 into the lowest slots: plain traders first, then fronts."""
    for slot in range(plain + fronts):
        found_shell(
            seed,
            slot,
            0,
            slot >= plain,
            slot,
            False,
            1.0,
            traders,
            directory,
            heard,
            list_price,
            accounts[0],
            parameters[0],
        )


@kernel
def close_shell(w, row):
    """Take a firm out of business: the principal takes its cash, agencies close their dossiers on it."""
    trader, accounts, desks = w.intermediaries[row], w.accounts[0], w.office.desks
    accounts.outside += trader.cash
    trader.cash = 0
    trader.active = False
    for agency in range(desks.shape[0]):
        desk = desks[agency, row]
        desk.evidence = 0.0
        desk.looked = False
        desk.ready = False
        desk.on_case = False
        desk.tip = False


@kernel
def queue_return(w, due, row):
    """Note that a firm's principal will come back as a new shell, with part of its standing and of its record."""
    coming, counts, p = w.returns[w.counts[0].returns], w.counts[0], w.parameters[0]
    trader = w.intermediaries[row]
    coming.due = due
    coming.principal = trader.principal
    coming.front = trader.front
    reached = min(1.0, trader.capacity / trader.full_capacity) if trader.full_capacity > 0.0 else 1.0
    coming.standing = max(p.newcomer_start, p.return_standing * reached)
    for agency in range(coming.evidence.size):
        coming.evidence[agency] = p.principal_memory * max(0.0, w.office.desks[agency, row].evidence)
    counts.returns += 1


@kernel
def return_week(week, earliest, latest, u):
    """Return the week in which a principal comes back, uniform between two delays in weeks."""
    return week + earliest + int(u * (latest - earliest + 1))
