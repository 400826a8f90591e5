"""How a shell begins and ends: what the n-th firm in a slot is like, and what is left when it goes."""

from __future__ import annotations

import math

from supplysim._compiled import kernel, rule
from supplysim.network.ties import pick_country, pick_distributor
from supplysim.world.streams import OCCUPANT, clock_key, lognormal, normal, numbers, sub_key, uniform

_CAPACITY, _SKILL, _SEED, _RESERVE, _KEPT, _COUNTRY = numbers(0, 6)
_TIE_HOME, _TIE_COUNTRY, _TIE = 10, 20, 30
_BELIEF = 40
HOME_TIES = 4  # the first ties are mostly at home, the last mostly abroad
HOME_CHANCE, ABROAD_CHANCE = 0.55, 0.25
MEAN_CORRECTION = 0.6  # sigma^2 / 2 at the spread of `capacity_sigma`: keeps the mean at the mean capacity


@kernel
def draw_supplier(country, home_chance, u_home, u_country, u_distributor, directory):
    """Return the row of a new supplier: at home with some probability, else where intermediaries sit."""
    where = country if u_home < home_chance else pick_country(directory, u_country)
    return pick_distributor(directory, where, u_distributor)


@kernel
def found_shell(seed, row, week, front, principal, returning, firms, directory, heard, list_price, accounts, p):
    """Put a new firm into a slot; its traits are drawn by (slot, shell), so it is the same in every world."""
    key = clock_key(seed, OCCUPANT, 0)
    firms[row].shell += 1
    who = firms[row].key + firms.size * firms[row].shell
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

    firms[row].active = True
    firms[row].principal = principal
    firms[row].front = front
    firms[row].country = country
    firms[row].born = week
    firms[row].capacity = min(capacity, p.capacity_max)
    firms[row].seed_cash = int(firms[row].capacity * list_price * wealth)
    firms[row].cash = firms[row].seed_cash
    accounts.outside -= firms[row].seed_cash
    firms[row].sophistication = min(max(skill, 0.02), 0.98)
    firms[row].reservation_margin = p.reservation_margin * reserve
    firms[row].margin = p.margin_start
    firms[row].diverted_share = 1.0
    if front:
        firms[row].diverted_share = p.front_diverted_low + spread * uniform(sub_key(key, _KEPT), who)
    firms[row].backlog = 0
    firms[row].idle = 0
    firms[row].orders = 0
    firms[row].hold_until = -1
    firms[row].recent_volume = 0.0
    firms[row].recent_shipments = 0.0
    firms[row].featured_at_risk = 0.0
    firms[row].delivered = 0
    firms[row].last_route = -1
    firms[row].route_failed = False
    for vendor in range(firms[0].tries.size):
        firms[row].tries[vendor] = 0.0
        firms[row].refusals[vendor] = 0.0
    for tie in range(firms[0].supplier.size):
        firms[row].supplier[tie] = draw_supplier(
            country,
            HOME_CHANCE if tie < HOME_TIES else ABROAD_CHANCE,
            uniform(sub_key(key, _TIE_HOME + tie), who),
            uniform(sub_key(key, _TIE_COUNTRY + tie), who),
            uniform(sub_key(key, _TIE + tie), who),
            directory,
        )
        firms[row].bought[tie] = 0
    fear = p.return_hop_fear
    for c in range(firms[0].hop_losses.size):
        u = uniform(sub_key(key, _BELIEF + c), who)
        believed = min(lognormal(u, p.hop_prior, p.hop_prior_sigma), 0.9)
        believed = 1.0 - (1.0 - believed) ** heard[1 + c]
        if returning:
            believed = min(believed * fear, 0.9)
        firms[row].hop_losses[c] = believed * p.hop_prior_strength
        firms[row].hop_passes[c] = (1.0 - believed) * p.hop_prior_strength
    firms[row].caught_years = p.caught_prior_years
    firms[row].caught_events = p.caught_prior * heard[0] * p.caught_prior_years
    if returning:
        firms[row].caught_events += p.return_caught_fear


@rule
def found_first(seed, traders, fronts, firms, directory, heard, list_price, accounts, parameters):
    """Put the firms of week 0 into the lowest slots: traders first, then fronts."""
    for slot in range(traders + fronts):
        found_shell(
            seed, slot, 0, slot >= traders, slot, False, firms, directory, heard, list_price, accounts[0], parameters[0]
        )


@kernel
def close_shell(row, firms, office, accounts):
    """Take a firm out of business: the principal takes its cash, agencies close their dossiers on it."""
    accounts.outside += firms[row].cash
    firms[row].cash = 0
    firms[row].active = False
    for agency in range(office.desks.shape[0]):
        office.desks[agency, row].evidence = 0.0
        office.desks[agency, row].looked = False
        office.desks[agency, row].ready = False
        office.desks[agency, row].on_case = False


@kernel
def queue_return(returns, due, principal, front, counts):
    """Note that a principal will come back as a new shell."""
    last = counts.returns
    returns[last].due = due
    returns[last].principal = principal
    returns[last].front = front
    counts.returns = last + 1


@kernel
def return_week(week, earliest, latest, u):
    """Return the week in which a principal comes back, uniform between two delays in weeks."""
    return week + earliest + int(u * (latest - earliest + 1))
