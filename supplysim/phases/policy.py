"""Phase 0: announced rules are heard before they are met (MODEL 16.4, EQUATIONS b).

While a policy takes force, intermediaries move their beliefs by `announcement` times the relative change
that it makes to the joint rate of leads and cases, and of stops at each hop.
"""

from supplysim._compiled import kernel
from supplysim.detection.channels import BORDER, NOTIFICATION, SCREENING, SEARCH, WATCHING
from supplysim.detection.leads import flag_evidence
from supplysim.detection.signal import hit_rate, logistic, opened_share
from supplysim.phases.detection import diverter_factor
from supplysim.phases.search import search_reach

HOPS_PER_PURCHASE = 1.6
FREE_OF_CASES = 0.5  # of the time for cases, as traders reckon
SMALLEST, LARGEST = 0.2, 10.0


@kernel
def worthy(w, channel, rate, sensitivity, threshold, size):
    """Return the yearly leads of a channel on one firm that would be worth a case: those whose odds get above even."""
    traits, p = w.channels[channel], w.parameters[0]
    if rate <= 0.0:
        return 0.0
    hits = rate * hit_rate(sensitivity, threshold, traits.concealable, p.sophistication)
    if channel == BORDER:  # what is stopped is opened: those goods tell more than the consignment did
        evidence = flag_evidence(traits, p.stopped_sensitivity, p.stopped_threshold, size, 0.0)
    else:
        evidence = flag_evidence(traits, sensitivity, threshold, size, p.sophistication)
    return hits * logistic(p.prior_log_odds + evidence)


@kernel
def opened_diverted(w, then, country):
    """Return the share of a typical firm's consignments that a border opens under a week's conditions."""
    concealed = 1.0 - w.channels[BORDER].concealable * w.parameters[0].sophistication
    share = opened_share(then.border_exposure[country], then.targeting[country] * concealed)
    return min(share, then.inspection_max[country])


@kernel
def searched(w, then, trader):
    """Return the yearly leads of free search on a firm that would be worth a case, if cases leave half of the time."""
    p = w.parameters[0]
    looks = 0.0
    for agency in range(then.investigators.size):
        free = (p.search_share + FREE_OF_CASES * p.work_rate) * then.investigators[agency]
        looks += p.search_exposure * free**p.search_exponent * search_reach(w, then, agency, trader.country)
    size = diverter_factor(w, SEARCH, trader.recent_volume, trader.recent_shipments, False)
    return worthy(w, SEARCH, looks * size, then.sensitivity[SEARCH], then.threshold[SEARCH], size)


@kernel
def case_worthy_leads(w, then):
    """Return the yearly leads on active firms that would be worth a case under a week's conditions."""
    traders, vendors, p = w.intermediaries, w.vendors, w.parameters[0]
    total = 0.0
    for i in range(w.counts[0].slots):
        trader = traders[traders[i].row_of]
        if not trader.active:
            continue
        mine = 0.0
        purchases = 52.0 * (1.0 - p.recent_memory) * trader.recent_shipments  # a decaying sum back to a rate
        for vendor in range(vendors.size):
            bought = purchases * vendors[vendor].share
            rate = bought * then.screening_exposure[vendor] * then.screening_report[vendor]
            sensitivity, threshold = then.screening_sensitivity[vendor], then.screening_threshold[vendor]
            mine += worthy(w, SCREENING, rate, sensitivity, threshold, 1.0)
            rate = bought * then.notification_exposure[vendor]
            mine += worthy(w, NOTIFICATION, rate, then.sensitivity[NOTIFICATION], then.threshold[NOTIFICATION], 1.0)
        here = trader.country
        rate = purchases * HOPS_PER_PURCHASE * opened_diverted(w, then, here) * p.border_report
        mine += worthy(w, BORDER, rate, then.sensitivity[BORDER], then.threshold[BORDER], 1.0)
        for channel in WATCHING:  # place flags drop shells before cases end, so traders do not count them
            size = diverter_factor(w, channel, trader.recent_volume, trader.recent_shipments, False)
            rate = then.exposure[channel] * size
            mine += worthy(w, channel, rate, then.sensitivity[channel], then.threshold[channel], size)
        mine += searched(w, then, trader)
        total += mine * (1.0 + p.cooperation_leads * then.cooperation[here])
    return total


@kernel
def joint_rate(w, then):
    """Return leads and case capacity combined: harmonic, so that the scarcer one rules."""
    p = w.parameters[0]
    leads = case_worthy_leads(w, then)
    staff = 0.0
    for agency in range(then.investigators.size):
        staff += then.investigators[agency]
    capacity = p.work_rate * 52.0 * staff / p.effort
    if w.settings.product_announcement:
        return leads * capacity
    return leads * capacity / (leads + capacity) if leads + capacity > 0.0 else 0.0


@kernel
def stop_rate(w, then, country):
    """Return how often a hop stops a diverted consignment of a typical firm."""
    concealable, p = w.channels[BORDER].concealable, w.parameters[0]
    rate = hit_rate(then.sensitivity[BORDER], then.threshold[BORDER], concealable, p.sophistication)
    return opened_diverted(w, then, country) * rate


@kernel
def announce(w, week):
    """Let every active firm hear of rules that take force or end this week."""
    traders, now, slots = w.intermediaries, w.conditions[week], w.counts[0].slots
    if not now.announcing:
        return
    announce_cases(w, week)
    for c in range(now.border_exposure.size):
        announce_stops(w, week, c)
    for c in range(now.hop_alarm.size):
        if now.hop_alarm[c] > 0.0:
            for i in range(slots):
                trader = traders[traders[i].row_of]
                if trader.active:
                    trader.hop_losses[c] += now.hop_alarm[c]


@kernel
def announce_cases(w, week):
    """Move what firms believe of being caught by the change of the joint rate of leads and cases."""
    traders, market, p = w.intermediaries, w.market[0], w.parameters[0]
    joint, usual = joint_rate(w, w.conditions[week]), joint_rate(w, w.baseline[week])
    change = min(max(joint / usual, SMALLEST), LARGEST) if usual > 0.0 else 1.0
    heard = 1.0 + p.announcement * (change - 1.0)
    step = heard / market.heard[0]
    market.heard[0] = heard
    for i in range(w.counts[0].slots):
        trader = traders[traders[i].row_of]
        if trader.active:
            trader.caught_events *= step


@kernel
def announce_stops(w, week, country):
    """Move what firms believe of a hop by the change of its stops."""
    traders, market, p = w.intermediaries, w.market[0], w.parameters[0]
    usual = stop_rate(w, w.baseline[week], country)
    change = stop_rate(w, w.conditions[week], country) / usual - 1.0 if usual > 0.0 else 0.0
    heard = 1.0 + p.announcement * change
    power = heard / market.heard[1 + country]
    market.heard[1 + country] = heard
    if power == 1.0:
        return
    for i in range(w.counts[0].slots):
        trader = traders[traders[i].row_of]
        if trader.active:
            strength = trader.hop_losses[country] + trader.hop_passes[country]
            believed = 1.0 - (1.0 - trader.hop_losses[country] / strength) ** power
            trader.hop_losses[country] = believed * strength
            trader.hop_passes[country] = strength - trader.hop_losses[country]
