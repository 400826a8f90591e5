"""The second half of phase 9: cases are worked on for months, and what their targets send is watched (EQUATIONS c)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import conviction_chance, prosecution_chance, watched_share, work_rate
from supplysim.detection.leads import US
from supplysim.detection.targets import case_key, country_of
from supplysim.phases.outcomes import end_case, remove, seize
from supplysim.world.records import CASE_CLEARED, CASE_FAILED, CASE_LAPSED, CASE_OPEN
from supplysim.world.streams import CASE, INTERDICT, draw, numbers

_SUCCESS, _REACH = numbers(1, 3)


@kernel
def unfinished(w, agency):
    """Return how many of an agency's open cases still need work; the others wait for their time."""
    found = 0
    for at in range(w.counts[0].open_cases):
        case = w.office.cases[w.office.open_cases[at]]
        found += case.agency == agency and case.effort > 0.0
    return found


@kernel
def has_lost_target(w, case):
    """Return whether the firm that a case is against is gone."""
    traders = w.intermediaries
    return case.target < traders.size and (not traders[case.target].active or traders[case.target].shell != case.shell)


@kernel
def watch(w):
    """Note how much open cases see of what each firm sends; return whether they see anything."""
    traders, watched, p = w.intermediaries, w.scratch.watched, w.parameters[0]
    for i in range(w.counts[0].slots):
        watched[traders[i].row_of] = 0.0
    anything = False
    for at in range(w.counts[0].open_cases):
        case = w.office.cases[w.office.open_cases[at]]
        if case.target < traders.size and not has_lost_target(w, case):
            seen = watched_share(case.worked, p.watch_work)
            watched[case.target] = max(watched[case.target], seen)
            anything |= seen > 0.0
    return anything


@kernel
def interdict(w, week):
    """Seize what watched firms have under way, where a country on its route is willing.

    One draw a consignment decides for good, so more work only adds to what is seized.
    """
    traders, moving, watched, now = w.intermediaries, w.moving, w.scratch.watched, w.conditions[week]
    kept = 0
    for at in range(w.counts[0].moving):
        shipment = w.shipments[moving[at]]
        trader = traders[shipment.seller]
        if watched[shipment.seller] > 0.0 and shipment.shell == trader.shell and shipment.arrives > week:
            reach = now.willingness[w.distributors[shipment.distributor].country]
            transit = w.routes.row[shipment.route].transit
            if transit >= 0:
                reach = max(reach, now.willingness[transit])
            order = w.orders[shipment.order]
            u = draw(w.seed, INTERDICT, shipment.week - order.week, order.identity, 0)
            if u < watched[shipment.seller] * reach:
                seize(w, week, shipment)
                w.tally[week].interdicted += shipment.quantity
                trader.caught_events += w.parameters[0].caught_own
                continue
        moving[kept] = moving[at]
        kept += 1
    w.counts[0].moving = kept


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
def put_in_work(w, week):
    """Give every open case that still needs some its week of work, investigator-weeks."""
    office, rate, now, p = w.office, w.scratch.rate, w.conditions[week], w.parameters[0]
    for agency in range(rate.size):
        rate[agency] = work_rate(now.investigators[agency], unfinished(w, agency), p.work_rate, p.work_rate_max)
    for at in range(w.counts[0].open_cases):
        case = office.cases[office.open_cases[at]]
        if case.effort > 0.0:
            case.effort -= rate[case.agency]
            case.worked += rate[case.agency]


@kernel
def work_cases(w, week):
    """Work on open cases and watch their targets; close cases that are done or have lost their target."""
    office, now, today, counts, p = w.office, w.conditions[week], w.tally[week], w.counts[0], w.parameters[0]
    put_in_work(w, week)
    if watch(w):
        interdict(w, week)
    for at in range(counts.open_cases):
        case = office.cases[office.open_cases[at]]
        cooperation = now.cooperation[country_of(w, case.target)]
        youngest = p.case_weeks * (1.0 - p.cooperation_case_age * cooperation)
        if has_lost_target(w, case):
            case.gone += 1
            if case.gone >= p.lapse_weeks and now.investigators[case.agency] > 0.0:
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
