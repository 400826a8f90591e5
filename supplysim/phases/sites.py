"""Within phase 8: vendors ask chips where they are, audit doubtful sites, and stop sales to the worst (MODEL 7.8).

A vendor cannot know a diverter from a customer: both have a suspicion in log odds, moved by the same reports and
audits. So customers are stopped in error, and traders who pass an audit are not stopped.
"""

import math

import numpy as np

from supplysim._compiled import kernel, rule
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.detection.channels import LOCATION
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import added_evidence, false_alarm_rate, hit_rate
from supplysim.detection.targets import user_target
from supplysim.world.streams import AUDIT, CHANNEL, RESHELL, clock_key, draw, normal, numbers, sub_key, uniform

MOST_CONSIGNMENTS = 10.0
SOONEST, LATEST = 6, 14  # weeks until a dropped shell is replaced
EVADING = 0.6  # part of the bypass that a trader without any skill has; skill adds to it
MOST_EVADING = 0.98
ANSWERED_FEWEST = 1e-3  # an honest site misses some reports, however many chips answer
SCATTER = 0.2  # nats, by which the order of audits is mixed against ties
_FIRMS, _USERS, _SILENT_FIRMS, _SILENT_USERS = numbers(0, 4)
_RANK = np.int64(1)  # of the audits; their scores are drawn from the clock itself


@rule
def site_chance(rate, period, consignments):
    """Return the chance that at least one of a firm's consignments in view shows something this week."""
    return 1.0 - (1.0 - rate / period) ** min(consignments, MOST_CONSIGNMENTS)


@rule
def answering_share(exposure, bypass, skill):
    """Return the share of a trader's chips that report their true place: evasion is learned, and skill adds to it."""
    return exposure * (1.0 - min(MOST_EVADING, bypass * (EVADING + skill)))


@rule
def silence_evidence(exposure, bypass, skill, weight):
    """Return the log odds in a missed report: diverters miss more of them, but honest sites miss some too."""
    honest = max(1.0 - exposure, ANSWERED_FEWEST)
    return weight * math.log(max(1.0 - answering_share(exposure, bypass, skill), honest) / honest)


@rule
def audit_evidence(sensitivity, conceal, skill, diverts, z):
    """Return the log odds that an audit adds: the log-likelihood ratio of its score; sites can be staged."""
    score = (sensitivity * (1.0 - conceal * skill) if diverts else 0.0) + z
    return sensitivity * score - 0.5 * sensitivity * sensitivity


@kernel
def is_beyond_doubt(site, week, p):
    """Return whether a vendor stops sales to a site: its odds are over the bar and it is not stopped already."""
    return site.hold_until <= week and p.site_prior + site.suspicion > p.stop_odds


@kernel
def suspect(site, weight, p):
    """Raise a vendor's suspicion of a site."""
    site.suspicion = added_evidence(site.suspicion, weight, p.evidence_cap)


@kernel
def hold_site(site, week, p):
    """Stop sales to a site for some months; what was held against it is settled by that."""
    site.hold_until = week + int(p.stop_sale_weeks)
    site.suspicion = 0.0
    site.audit_due = -1


@kernel
def check_sites(w, week):
    """Let suspicion age, take in the week's reports, close audits, stop sales and begin new audits."""
    traders, end_users, p = w.intermediaries, w.end_users, w.parameters[0]
    for i in range(w.counts[0].slots):
        traders[i].suspicion *= p.suspicion_memory
    for i in range(end_users.size):
        end_users[i].suspicion *= p.suspicion_memory
    w.market[0].bypass = max(w.market[0].bypass, p.spoofing)
    hear_traders(w, week)
    hear_users(w, week)
    judge_sites(w, week)
    begin_audits(w, week)


@kernel
def hear_traders(w, week):
    """Flag traders whose chips report from elsewhere; doubt those whose chips say nothing."""
    traders, now, p = w.intermediaries, w.conditions[week], w.parameters[0]
    sensitivity, threshold = now.sensitivity[LOCATION], now.threshold[LOCATION]
    exposure, bypass = now.exposure[LOCATION] * now.place_checks, w.market[0].bypass
    weight = flag_weight(w, LOCATION, sensitivity, threshold, 1.0, p.sophistication)
    silence = silence_evidence(exposure, bypass, p.sophistication, p.silence_weight)
    key = clock_key(w.seed, CHANNEL + LOCATION, week)
    flags, silent = sub_key(key, _FIRMS), sub_key(key, _SILENT_FIRMS)
    for i in range(w.counts[0].slots):
        row = traders[i].row_of
        trader = traders[row]
        if not trader.active or trader.reports_at_risk <= 0.0:
            continue
        skill, in_view = trader.sophistication, trader.reports_at_risk
        rate = hit_rate(
            sensitivity * now.place_clarity[trader.country], threshold, w.channels[LOCATION].concealable, skill
        )
        answering = answering_share(exposure, bypass, skill)
        if uniform(silent, trader.key) < site_chance(1.0 - answering, p.location_period, in_view):
            suspect(trader, silence, p)
        if uniform(flags, trader.key) < site_chance(answering * rate, p.location_period, in_view):
            post_lead(w, week, LOCATION, row, weight)
            suspect(trader, weight, p)
            trader.reports_at_risk *= p.location_relief


@kernel
def hear_users(w, week):
    """Flag honest users in error; doubt those whose chips say nothing."""
    end_users, now, p = w.end_users, w.conditions[week], w.parameters[0]
    sensitivity, threshold = now.sensitivity[LOCATION], now.threshold[LOCATION]
    exposure = now.exposure[LOCATION] * now.place_checks
    weight = flag_weight(w, LOCATION, sensitivity, threshold, 1.0, p.sophistication)
    silence = silence_evidence(exposure, w.market[0].bypass, p.sophistication, p.silence_weight)
    seen = p.location_honest / p.location_period
    chance, missed = exposure * false_alarm_rate(threshold) * seen, (1.0 - exposure) * seen
    key = clock_key(w.seed, CHANNEL + LOCATION, week)
    flags, silent = sub_key(key, _USERS), sub_key(key, _SILENT_USERS)
    for i in range(end_users.size):
        row = end_users[i].row_of
        user = end_users[row]
        if user.reporting == 0:
            continue
        if uniform(silent, user.key) < missed:
            suspect(user, silence, p)
        if uniform(flags, user.key) < chance:
            post_lead(w, week, LOCATION, user_target(w, row), weight)
            suspect(user, weight, p)


@kernel
def judge_sites(w, week):
    """Read the audits that end this week; stop sales to sites that are beyond doubt, customers or not."""
    traders, end_users, today, p = w.intermediaries, w.end_users, w.tally[week], w.parameters[0]
    scores = clock_key(w.seed, AUDIT, week)
    for i in range(w.counts[0].slots):
        row = traders[i].row_of
        trader = traders[row]
        if not trader.active:
            continue
        if trader.audit_due == week:
            z = normal(uniform(scores, trader.key))
            trader.suspicion += audit_evidence(p.audit_sensitivity, p.audit_conceal, trader.sophistication, True, z)
            trader.audit_due = -1
        if is_beyond_doubt(trader, week, p):
            today.stop_sales += 1
            hold_site(trader, week, p)
            drop_shell(w, week, row)
    for i in range(end_users.size):
        user = end_users[end_users[i].row_of]
        if user.audit_due == week:
            z = normal(uniform(scores, traders.size + user.key))
            user.suspicion += audit_evidence(p.audit_sensitivity, p.audit_conceal, 0.0, False, z)
            user.audit_due = -1
        if is_beyond_doubt(user, week, p):
            today.false_stops += 1
            hold_site(user, week, p)


@kernel
def drop_shell(w, week, row):
    """Let a principal whose shell was stopped drop it, more often than not, to come back under another name."""
    trader, p = w.intermediaries[row], w.parameters[0]
    who = trader.key + w.intermediaries.size * trader.shell
    if draw(w.seed, RESHELL, week, who, 0) < p.reenter:
        queue_return(w, return_week(week, SOONEST, LATEST, draw(w.seed, RESHELL, week, who, 1)), row)
        close_shell(w, row)
        w.tally[week].exits += 1


@kernel
def free_auditors(w):
    """Return how many audits more vendors have people for."""
    traders, end_users, p = w.intermediaries, w.end_users, w.parameters[0]
    running = 0
    for i in range(w.counts[0].slots):
        running += traders[i].active and traders[i].audit_due >= 0
    for i in range(end_users.size):
        running += end_users[i].audit_due >= 0
    return int(p.audit_capacity * p.audit_weeks + 0.5) - running


@kernel
def begin_audits(w, week):
    """Send auditors to the most suspicious sites that have none and are not stopped."""
    traders, end_users, p = w.intermediaries, w.end_users, w.parameters[0]
    rank = sub_key(clock_key(w.seed, AUDIT, week), _RANK)
    due = week + int(p.audit_weeks)
    for _turn in range(free_auditors(w)):
        trader, user, highest = -1, -1, p.audit_odds - p.site_prior
        for i in range(w.counts[0].slots):
            row = traders[i].row_of
            if traders[row].active and may_be_audited(traders[row], week):
                mine = traders[row].suspicion + SCATTER * uniform(rank, traders[row].key)
                if mine > highest:
                    trader, highest = row, mine
        for i in range(end_users.size):
            row = end_users[i].row_of
            if may_be_audited(end_users[row], week):
                mine = end_users[row].suspicion + SCATTER * uniform(rank, traders.size + end_users[row].key)
                if mine > highest:
                    user, highest = row, mine
        if user >= 0:
            end_users[user].audit_due = due
        elif trader >= 0:
            traders[trader].audit_due = due
        else:
            break
        w.tally[week].audits += 1


@kernel
def may_be_audited(site, week):
    """Return whether an auditor could be sent to a site: there is something against it, and nobody is there yet."""
    return site.audit_due < 0 and site.suspicion > 0.0 and site.hold_until <= week
