"""Phase 9: agencies read dossiers, open cases, work on them for months, and act (MODEL 7.9, EQUATIONS a, c)."""

import numpy as np

from supplysim._compiled import kernel
from supplysim.agents.enforcer import (
    case_effort,
    case_slots,
    conviction_chance,
    look_evidence,
    priority,
    prosecution_chance,
    work_rate,
)
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.columns import AGENCIES
from supplysim.detection.channels import SPILL_OVER
from supplysim.detection.leads import US, copy_chance, post_lead
from supplysim.phases.detection import USER_VOLUME
from supplysim.records import (
    CASE_CLEARED,
    CASE_FAILED,
    CASE_LAPSED,
    CASE_LISTING,
    CASE_OPEN,
    CASE_PROSECUTION,
    MOST_CASES,
    SEIZED,
)
from supplysim.streams import CASE, RESHELL, TRIAGE, WILLING, draw, lognormal, normal, stream_key, uniform
from supplysim.streams import SPILL_OVER as SPILL_OVER_DRAW

_RANK, _LOOK, _LOOKS = range(3)
_DRAWS = 3  # an agency: two that look at one target see it each with their own eyes
_EFFORT, _SUCCESS, _REACH = range(3)
SAFE_WEEKS = 2  # consignments closer to arrival than this cannot be seized any more
FINE_SCOPE = 2.0  # a fine counts twice the recent volume
FORGOTTEN = 0.05  # evidence below which a dossier is closed
PROSECUTED_RETURN = (8, 14)
LISTED_RETURN = (6, 12)


@kernel
def is_diverter(target, firms):
    """Return whether a target truly diverts: an intermediary in business. Agencies never read this."""
    return target < firms.size and firms[target].active


@kernel
def visible_volume(target, firms, end_users):
    """Return the volume that an agency sees of a target, chips."""
    slots = firms.size
    return firms[target].recent_volume if target < slots else USER_VOLUME * end_users[target - slots].order_median


@kernel
def identity_of(target, firms, end_users):
    """Return the key of a target's draws."""
    slots = firms.size
    return firms[target].key if target < slots else slots + end_users[target - slots].key


@kernel
def country_of(target, firms, end_users):
    """Return the country of a target."""
    slots = firms.size
    return firms[target].country if target < slots else end_users[target - slots].country


@kernel
def shell_of(target, firms):
    """Return which of its slot's firms a target is; 0 for an end user."""
    return firms[target].shell if target < firms.size else 0


@kernel
def case_key(target, week, firms, end_users):
    """Return the key of a case's draws: a shell, or an end user and half-year."""
    slots = firms.size
    targets = slots + end_users.size
    turn = firms[target].shell if target < slots else week // 26
    return identity_of(target, firms, end_users) + targets * turn


@kernel
def age_dossiers(office, memory, counts):
    """Let evidence age; forget dossiers with nothing left in them."""
    kept = 0
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        office.desks[agency, target].evidence *= memory
        if abs(office.desks[agency, target].evidence) < FORGOTTEN and not office.desks[agency, target].on_case:
            office.desks[agency, target].evidence = 0.0
            office.desks[agency, target].listed = False
            office.desks[agency, target].looked = False
            office.desks[agency, target].ready = False
            continue
        office.dossiers[kept].agency = agency
        office.dossiers[kept].target = target
        kept += 1
    counts.dossiers = kept


@kernel
def most_pressing(agency, ready, most, week, seed, office, firms, end_users, settings, counts, p):
    """Return an agency's most pressing dossiers, at most `most`: those ready for a case, or those unread."""
    key = stream_key(seed, TRIAGE, week, _RANK + _DRAWS * agency)
    found = np.empty(most, np.int64)
    rank = np.empty(most)
    count = 0
    base = 0.0 if settings.naive_triage else p.prior_log_odds
    for i in range(counts.dossiers):
        target = office.dossiers[i].target
        if office.dossiers[i].agency != agency or office.desks[agency, target].on_case:
            continue
        wanted = office.desks[agency, target].ready if ready else not office.desks[agency, target].looked
        if not wanted:
            continue
        z = normal(uniform(key, identity_of(target, firms, end_users)))
        mine = priority(
            base + office.desks[agency, target].evidence,
            visible_volume(target, firms, end_users),
            p.triage_volume,
            p.triage_noise,
            z,
        )
        if count == most and mine <= rank[count - 1]:
            continue
        at = count if count < most else most - 1
        while at > 0 and rank[at - 1] < mine:
            rank[at] = rank[at - 1]
            found[at] = found[at - 1]
            at -= 1
        rank[at] = mine
        found[at] = target
        if count < most:
            count += 1
    return found[:count]


@kernel
def triage(week, seed, staff, agency, office, firms, end_users, today, settings, counts, p):
    """Read the most pressing unread dossiers, as many as staff time allows."""
    looks = int(p.triage_share * staff / p.triage_effort + draw(seed, TRIAGE, week, agency, _LOOKS + _DRAWS * agency))
    if looks <= 0:
        return
    key = stream_key(seed, TRIAGE, week, _LOOK + _DRAWS * agency)
    for target in most_pressing(agency, False, looks, week, seed, office, firms, end_users, settings, counts, p):
        today.looks += 1
        office.desks[agency, target].looked = True
        z = normal(uniform(key, identity_of(target, firms, end_users)))
        true = is_diverter(target, firms)
        evidence = office.desks[agency, target].evidence
        if settings.naive_triage:
            score = (p.triage_sensitivity if true else 0.0) + p.naive_evidence * evidence + z
            office.desks[agency, target].ready = score > p.naive_pass
            if not office.desks[agency, target].ready:
                office.desks[agency, target].evidence = 0.5 * evidence
        else:
            office.desks[agency, target].evidence = min(
                p.evidence_cap, evidence + look_evidence(p.triage_sensitivity, true, z)
            )


@kernel
def mark_ready(office, counts, p):
    """Mark read dossiers whose odds are above even as ready; let those lapse that fell well below (EQUATIONS a)."""
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        odds = p.prior_log_odds + office.desks[agency, target].evidence
        if odds < p.dossier_lapse:
            office.desks[agency, target].ready = False
        elif odds > 0.0 and office.desks[agency, target].looked:
            office.desks[agency, target].ready = True


@kernel
def open_cases(week, seed, staff, agency, office, firms, end_users, now, today, settings, counts, p):
    """Open cases on ready dossiers while there are slots; a host acts only where it is willing."""
    slots = firms.size
    free = min(case_slots(staff, p.wip) - office.agencies[agency].open_cases, MOST_CASES // AGENCIES)
    if free <= 0:
        return
    for target in most_pressing(agency, True, free, week, seed, office, firms, end_users, settings, counts, p):
        sub = agency + AGENCIES * shell_of(target, firms)
        willing = draw(seed, WILLING, 0, identity_of(target, firms, end_users), sub)
        if agency != US and willing >= now.willingness[country_of(target, firms, end_users)]:
            continue
        log_odds = p.prior_log_odds + office.desks[agency, target].evidence
        u = draw(seed, CASE, 0, case_key(target, week, firms, end_users), _EFFORT)
        slope = 0.0 if settings.naive_triage else p.effort_slope
        row = counts.cases
        office.cases[row].agency = agency
        office.cases[row].target = target
        office.cases[row].shell = firms[target].shell if target < slots else -1
        office.cases[row].true = is_diverter(target, firms)
        office.cases[row].effort = case_effort(lognormal(u, p.effort, p.effort_sigma), log_odds, slope)
        office.cases[row].opened = week
        office.cases[row].gone = 0
        office.cases[row].closed = -1
        office.cases[row].outcome = CASE_OPEN
        office.cases[row].volume = 0
        office.cases[row].started = firms[target].born if target < slots else -1
        office.open_cases[counts.open_cases] = row
        counts.cases = row + 1
        counts.open_cases += 1
        office.desks[agency, target].on_case = True
        office.agencies[agency].open_cases += 1
        today.cases_opened += 1


@kernel
def seize_in_transit(week, row, shell, shipments, moving, chips, today, counts):
    """Seize a prosecuted firm's consignments that are still far from arrival."""
    kept = 0
    for at in range(counts.moving):
        shipment = moving[at]
        if (
            shipments[shipment].seller == row
            and shipments[shipment].shell == shell
            and shipments[shipment].arrives - week >= SAFE_WEEKS
        ):
            product, quantity = shipments[shipment].product, shipments[shipment].quantity
            shipments[shipment].status = SEIZED
            chips.in_transit[product] -= quantity
            chips.transit_featured[product] -= shipments[shipment].featured
            chips.seized[product] += quantity
            today.seized_cases += quantity
        else:
            moving[kept] = shipment
            kept += 1
    counts.moving = kept


@kernel
def shared_suppliers(firms, row, other):
    """Return how many of a firm's supplier ties lead to a supplier of another firm."""
    ties = firms[0].supplier.size
    shared = 0
    for a in range(ties):
        for b in range(ties):
            if firms[row].supplier[a] == firms[other].supplier[b]:
                shared += 1
                break
    return shared


@kernel
def spread_word(week, seed, row, strength, firms, distributors, office, channels, now, today, settings, counts, p):
    """Make a prosecution or listing felt: suppliers grow alert, peers grow afraid and may be pointed at."""
    spread = copy_chance(p.referral, now.cooperation)
    for tie in range(firms[0].supplier.size):
        supplier = firms[row].supplier[tie]
        if strength == 1.0:
            distributors[supplier].alert = min(distributors[supplier].alert + p.alert_rise, p.alert_max)
    for i in range(firms.size):
        other = firms[i].row_of
        if other == row or not firms[other].active:
            continue
        firms[other].caught_events += strength * p.caught_public
        shared = shared_suppliers(firms, other, row)
        if shared > 0:
            firms[other].caught_events += strength * p.caught_neighbour
        if strength == 1.0 and shared >= p.spill_over_ties:
            pointed = draw(seed, SPILL_OVER_DRAW, week, firms[other].key, firms[row].key) < p.spill_over
            if pointed:
                weight = channels[SPILL_OVER].naive_evidence if settings.naive_triage else p.spill_over_weight
                post_lead(
                    seed,
                    week,
                    SPILL_OVER,
                    other,
                    firms[other].key,
                    firms[other].country,
                    True,
                    weight,
                    channels,
                    office,
                    today,
                    spread,
                    p.evidence_cap,
                    settings.naive_triage,
                    counts,
                )


@kernel
def end_case(row, week, outcome, office):
    """Close a case with an outcome; its slot is free again."""
    agency, target = office.cases[row].agency, office.cases[row].target
    office.cases[row].closed = week
    office.cases[row].outcome = outcome
    office.agencies[agency].open_cases -= 1
    office.desks[agency, target].on_case = False
    office.desks[agency, target].looked = False
    office.desks[agency, target].ready = False


@kernel
def conclude(
    row,
    week,
    seed,
    office,
    firms,
    end_users,
    distributors,
    shipments,
    moving,
    chips,
    accounts,
    returns,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Bring a finished case against a live target to its outcome."""
    agency, target = office.cases[row].agency, office.cases[row].target
    if not office.cases[row].true:
        office.desks[agency, target].evidence = p.cleared_evidence if not settings.naive_triage else 0.0
        today.false_cases += 1
        end_case(row, week, CASE_CLEARED, office)
        return
    country = firms[target].country
    who = case_key(target, office.cases[row].opened, firms, end_users)
    log_odds = p.prior_log_odds + office.desks[agency, target].evidence
    slope = 0.0 if settings.naive_triage else p.conviction_slope
    if draw(seed, CASE, 0, who, _SUCCESS) >= conviction_chance(p.conviction_base, slope, log_odds):
        office.desks[agency, target].evidence *= 0.5
        today.failed_cases += 1
        end_case(row, week, CASE_FAILED, office)
        return
    chance = prosecution_chance(
        agency == US,
        office.agency_of[country] == US,
        now.willingness[country],
        p.us_abroad,
        p.host_success,
        now.cooperation,
        p.cooperation_prosecution,
    )
    prosecuted = draw(seed, CASE, 0, who, _REACH) < chance
    shell, principal, front = firms[target].shell, firms[target].principal, firms[target].front
    office.cases[row].volume = firms[target].delivered
    today.removed_volume += firms[target].delivered
    today.exits += 1
    end_case(row, week, CASE_PROSECUTION if prosecuted else CASE_LISTING, office)
    spread_word(
        week,
        seed,
        target,
        1.0 if prosecuted else p.listing_public,
        firms,
        distributors,
        office,
        channels,
        now,
        today,
        settings,
        counts,
        p,
    )
    if prosecuted:
        office.agencies[agency].prosecutions += 1
        today.prosecutions += 1
        seize_in_transit(week, target, shell, shipments, moving, chips, today, counts)
        owed = int(now.fine_ratio * FINE_SCOPE * firms[target].recent_volume * chips.list_price[chips.reference])
        fine = max(0, min(firms[target].cash, owed))
        firms[target].cash -= fine
        accounts.government += fine
        today.fines += fine
        back, delays = p.reenter, PROSECUTED_RETURN
    else:
        office.agencies[agency].listings += 1
        today.listings += 1
        back, delays = p.reenter_listed, LISTED_RETURN
    if draw(seed, RESHELL, 0, who, 2) < back:
        queue_return(
            returns, return_week(week, delays[0], delays[1], draw(seed, RESHELL, 0, who, 3)), principal, front, counts
        )
    close_shell(target, firms, office, accounts)


@kernel
def work_cases(
    week,
    seed,
    office,
    firms,
    end_users,
    distributors,
    shipments,
    moving,
    chips,
    accounts,
    returns,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Give every open case its week of work; close those that are done or have lost their target."""
    slots = firms.size
    rate = np.empty(office.agencies.size)
    for agency in range(rate.size):
        rate[agency] = work_rate(
            now.investigators[agency], office.agencies[agency].open_cases, p.work_rate, p.work_rate_max
        )
    youngest = p.case_weeks * (1.0 - p.cooperation_case_age * now.cooperation)
    for at in range(counts.open_cases):
        row = office.open_cases[at]
        target = office.cases[row].target
        office.cases[row].effort -= rate[office.cases[row].agency]
        gone = target < slots and (not firms[target].active or firms[target].shell != office.cases[row].shell)
        if gone:
            office.cases[row].gone += 1
            if office.cases[row].gone >= p.lapse_weeks and rate[office.cases[row].agency] > 0.0:
                today.lapsed_cases += 1
                agency = office.cases[row].agency
                office.cases[row].closed = week
                office.cases[row].outcome = CASE_LAPSED
                office.agencies[agency].open_cases -= 1
        elif office.cases[row].effort <= 0.0 and week - office.cases[row].opened >= youngest:
            conclude(
                row,
                week,
                seed,
                office,
                firms,
                end_users,
                distributors,
                shipments,
                moving,
                chips,
                accounts,
                returns,
                channels,
                now,
                today,
                settings,
                counts,
                p,
            )
    kept = 0
    for at in range(counts.open_cases):
        row = office.open_cases[at]
        if office.cases[row].outcome == CASE_OPEN:
            office.open_cases[kept] = row
            kept += 1
    counts.open_cases = kept


@kernel
def enforcement(
    week,
    seed,
    office,
    firms,
    end_users,
    distributors,
    shipments,
    moving,
    chips,
    accounts,
    returns,
    channels,
    now,
    today,
    settings,
    counts,
    p,
):
    """Age evidence, triage, open cases, work on them; agencies act one after the other."""
    for row in range(distributors.size):
        distributors[row].alert *= p.alert_memory
    age_dossiers(office, p.evidence_memory, counts)
    for agency in range(office.agencies.size):
        staff = now.investigators[agency]
        if staff <= 0.0:
            continue
        triage(week, seed, staff, agency, office, firms, end_users, today, settings, counts, p)
    if not settings.naive_triage:
        mark_ready(office, counts, p)
    for agency in range(office.agencies.size):
        open_cases(
            week, seed, now.investigators[agency], agency, office, firms, end_users, now, today, settings, counts, p
        )
    work_cases(
        week,
        seed,
        office,
        firms,
        end_users,
        distributors,
        shipments,
        moving,
        chips,
        accounts,
        returns,
        channels,
        now,
        today,
        settings,
        counts,
        p,
    )
    today.open_cases = counts.open_cases
    waiting = 0
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        if not office.desks[agency, target].looked and not office.desks[agency, target].on_case:
            waiting += 1
    today.queue = waiting
