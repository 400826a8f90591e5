"""The second half of phase 9: cases run for months and end in prosecution, listing or nothing (EQUATIONS c)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import conviction_chance, prosecution_chance, work_rate
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.detection.channels import SPILL_OVER
from supplysim.detection.leads import US, post_lead
from supplysim.phases.targets import case_key, country_of
from supplysim.world.records import (
    CASE_CLEARED,
    CASE_FAILED,
    CASE_LAPSED,
    CASE_LISTING,
    CASE_OPEN,
    CASE_PROSECUTION,
    SEIZED,
)
from supplysim.world.streams import CASE, RESHELL, draw, numbers
from supplysim.world.streams import SPILL_OVER as SPILL_OVER_DRAW

_SUCCESS, _REACH = numbers(1, 3)
SAFE_WEEKS = 2  # consignments closer to arrival than this cannot be seized any more
FINE_SCOPE = 2.0  # a fine counts twice the recent volume
PROSECUTED_RETURN = (8, 14)
LISTED_RETURN = (6, 12)


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
    for tie in range(firms[0].supplier.size):
        supplier = firms[row].supplier[tie]
        if strength == 1.0:
            distributors[supplier].alert = min(distributors[supplier].alert + p.alert_rise, p.alert_max)
    for i in range(counts.slots):
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
                    now,
                    today,
                    settings,
                    counts,
                    p,
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
        now.cooperation[country],
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
    rate,
    counts,
    p,
):
    """Give every open case its week of work; close those that are done or have lost their target."""
    slots = firms.size
    for agency in range(rate.size):
        rate[agency] = work_rate(
            now.investigators[agency], office.agencies[agency].open_cases, p.work_rate, p.work_rate_max
        )
    for at in range(counts.open_cases):
        row = office.open_cases[at]
        target = office.cases[row].target
        office.cases[row].effort -= rate[office.cases[row].agency]
        cooperation = now.cooperation[country_of(target, firms, end_users)]
        youngest = p.case_weeks * (1.0 - p.cooperation_case_age * cooperation)
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
