"""The second half of phase 9: cases run for months and end in prosecution, listing or nothing (EQUATIONS c)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import conviction_chance, prosecution_chance, work_rate
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.detection.channels import SPILL_OVER
from supplysim.detection.leads import US, post_lead
from supplysim.detection.targets import case_key, country_of
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
def seize_in_transit(w, week, seller, shell):
    """Seize a prosecuted firm's consignments that are still far from arrival."""
    moving, chips, today, counts = w.moving, w.chips[0], w.tally[week], w.counts[0]
    kept = 0
    for at in range(counts.moving):
        shipment = w.shipments[moving[at]]
        if shipment.seller == seller and shipment.shell == shell and shipment.arrives - week >= SAFE_WEEKS:
            shipment.status = SEIZED
            chips.in_transit[shipment.product] -= shipment.quantity
            chips.transit_featured[shipment.product] -= shipment.featured
            chips.seized[shipment.product] += shipment.quantity
            today.seized_cases += shipment.quantity
        else:
            moving[kept] = moving[at]
            kept += 1
    counts.moving = kept


@kernel
def shared_suppliers(trader, other):
    """Return how many of a firm's supplier ties lead to a supplier of another firm."""
    ties = trader.supplier.size
    shared = 0
    for a in range(ties):
        for b in range(ties):
            if trader.supplier[a] == other.supplier[b]:
                shared += 1
                break
    return shared


@kernel
def spread_word(w, week, row, strength):
    """Make a prosecution or listing felt: suppliers grow alert, peers grow afraid and may be pointed at."""
    traders, p = w.intermediaries, w.parameters[0]
    trader = traders[row]
    if strength == 1.0:
        for tie in range(trader.supplier.size):
            distributor = w.distributors[trader.supplier[tie]]
            distributor.alert = min(distributor.alert + p.alert_rise, p.alert_max)
    for i in range(w.counts[0].slots):
        at = traders[i].row_of
        other = traders[at]
        if at == row or not other.active:
            continue
        other.caught_events += strength * p.caught_public
        shared = shared_suppliers(other, trader)
        if shared > 0:
            other.caught_events += strength * p.caught_neighbour
        if strength < 1.0 or shared < p.spill_over_ties:
            continue
        if draw(w.seed, SPILL_OVER_DRAW, week, other.key, trader.key) < p.spill_over:
            naive = w.settings.naive_triage
            post_lead(w, week, SPILL_OVER, at, w.channels[SPILL_OVER].naive_evidence if naive else p.spill_over_weight)


@kernel
def end_case(w, week, case, outcome):
    """Close a case with an outcome; its slot is free again."""
    agency, desk = w.office.agencies[case.agency], w.office.desks[case.agency, case.target]
    case.closed = week
    case.outcome = outcome
    agency.open_cases -= 1
    desk.on_case = False
    desk.looked = False
    desk.ready = False


@kernel
def conclude(w, week, case):
    """Bring a finished case against a live target to its outcome."""
    now, today, p = w.conditions[week], w.tally[week], w.parameters[0]
    desk, naive = w.office.desks[case.agency, case.target], w.settings.naive_triage
    if not case.true:
        desk.evidence = p.cleared_evidence if not naive else 0.0
        today.false_cases += 1
        end_case(w, week, case, CASE_CLEARED)
        return
    country = country_of(w, case.target)
    who = case_key(w, case.target, case.opened)
    log_odds = p.prior_log_odds + desk.evidence
    slope = 0.0 if naive else p.conviction_slope
    if draw(w.seed, CASE, 0, who, _SUCCESS) >= conviction_chance(p.conviction_base, slope, log_odds):
        desk.evidence *= 0.5
        today.failed_cases += 1
        end_case(w, week, case, CASE_FAILED)
        return
    chance = prosecution_chance(
        case.agency == US,
        w.office.agency_of[country] == US,
        now.willingness[country],
        p.us_abroad,
        p.host_success,
        now.cooperation[country],
        p.cooperation_prosecution,
    )
    remove(w, week, case, who, draw(w.seed, CASE, 0, who, _REACH) < chance)


@kernel
def remove(w, week, case, who, prosecuted):
    """Take a convicted firm out of business: prosecution seizes and fines, a listing only names it."""
    trader, agency, chips = w.intermediaries[case.target], w.office.agencies[case.agency], w.chips[0]
    accounts, now, today, p = w.accounts[0], w.conditions[week], w.tally[week], w.parameters[0]
    case.volume = trader.delivered
    today.removed_volume += trader.delivered
    today.exits += 1
    end_case(w, week, case, CASE_PROSECUTION if prosecuted else CASE_LISTING)
    spread_word(w, week, case.target, 1.0 if prosecuted else p.listing_public)
    if prosecuted:
        agency.prosecutions += 1
        today.prosecutions += 1
        seize_in_transit(w, week, case.target, trader.shell)
        owed = int(now.fine_ratio * FINE_SCOPE * trader.recent_volume * chips.list_price[chips.reference])
        fine = max(0, min(trader.cash, owed))
        trader.cash -= fine
        accounts.government += fine
        today.fines += fine
        back, delays = p.reenter, PROSECUTED_RETURN
    else:
        agency.listings += 1
        today.listings += 1
        back, delays = p.reenter_listed, LISTED_RETURN
    if draw(w.seed, RESHELL, 0, who, 2) < back:
        due = return_week(week, delays[0], delays[1], draw(w.seed, RESHELL, 0, who, 3))
        queue_return(w, due, trader.principal, trader.front)
    close_shell(w, case.target)


@kernel
def has_lost_target(w, case):
    """Return whether the firm that a case is against is gone."""
    traders = w.intermediaries
    return case.target < traders.size and (not traders[case.target].active or traders[case.target].shell != case.shell)


@kernel
def work_cases(w, week):
    """Give every open case its week of work; close those that are done or have lost their target."""
    office, rate, now, today, counts = w.office, w.scratch.rate, w.conditions[week], w.tally[week], w.counts[0]
    p = w.parameters[0]
    for agency in range(rate.size):
        working = office.agencies[agency].open_cases
        rate[agency] = work_rate(now.investigators[agency], working, p.work_rate, p.work_rate_max)
    for at in range(counts.open_cases):
        case = office.cases[office.open_cases[at]]
        case.effort -= rate[case.agency]
        cooperation = now.cooperation[country_of(w, case.target)]
        youngest = p.case_weeks * (1.0 - p.cooperation_case_age * cooperation)
        if has_lost_target(w, case):
            case.gone += 1
            if case.gone >= p.lapse_weeks and rate[case.agency] > 0.0:
                agency = office.agencies[case.agency]
                today.lapsed_cases += 1
                case.closed = week
                case.outcome = CASE_LAPSED
                agency.open_cases -= 1
        elif case.effort <= 0.0 and week - case.opened >= youngest:
            conclude(w, week, case)
    kept = 0
    for at in range(counts.open_cases):
        row = office.open_cases[at]
        if office.cases[row].outcome == CASE_OPEN:
            office.open_cases[kept] = row
            kept += 1
    counts.open_cases = kept
