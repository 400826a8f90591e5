"""Phase 0: announced rules are heard before they are met (MODEL 16.4, EQUATIONS b).

While a policy takes force, intermediaries move their beliefs by `announcement` times the relative change
that it makes to the joint rate of leads and cases, and of stops at each hop.
"""

from supplysim._compiled import kernel
from supplysim.detection.channels import BORDER, NOTIFICATION, SCREENING, WATCHING
from supplysim.detection.leads import flag_weight
from supplysim.detection.signal import hit_rate, logistic
from supplysim.phases.detection import diverter_factor

HOPS_PER_PURCHASE = 1.6
SMALLEST, LARGEST = 0.2, 10.0


@kernel
def worthy(channel, rate, sensitivity, threshold, size, concealable, channels, p):
    """Return the yearly leads of a channel on one firm that would be worth a case: those whose odds get above even."""
    if rate <= 0.0:
        return 0.0
    hits = rate * hit_rate(sensitivity, threshold, concealable, p.sophistication)
    if channel == BORDER:  # what is stopped is opened: those goods tell more than the consignment did
        weight = flag_weight(channel, p.stopped_sensitivity, p.stopped_threshold, size, channels, 0.0, 0)
    else:
        weight = flag_weight(channel, sensitivity, threshold, size, channels, p.sophistication, 0)
    return hits * logistic(p.prior_log_odds + weight)


@kernel
def case_worthy_leads(firms, vendors, conditions, channels, counts, p):
    """Return the yearly leads on active firms that would be worth a case under a week's conditions."""
    total = 0.0
    for i in range(counts.slots):
        row = firms[i].row_of
        if not firms[row].active:
            continue
        mine = 0.0
        purchases = 52.0 * (1.0 - p.recent_memory) * firms[row].recent_shipments  # a decaying sum back to a rate
        for vendor in range(vendors.size):
            bought = purchases * vendors[vendor].share
            rate = bought * conditions.screening_exposure[vendor] * conditions.screening_report[vendor]
            mine += worthy(
                SCREENING,
                rate,
                conditions.screening_sensitivity[vendor],
                conditions.screening_threshold[vendor],
                1.0,
                channels[SCREENING].concealable,
                channels,
                p,
            )
            rate = bought * conditions.notification_exposure[vendor]
            mine += worthy(
                NOTIFICATION,
                rate,
                conditions.sensitivity[NOTIFICATION],
                conditions.threshold[NOTIFICATION],
                1.0,
                channels[NOTIFICATION].concealable,
                channels,
                p,
            )
        here = firms[row].country
        opened = min(conditions.border_exposure[here], conditions.inspection_max[here])
        mine += worthy(
            BORDER,
            purchases * HOPS_PER_PURCHASE * opened * p.border_report,
            conditions.sensitivity[BORDER],
            conditions.threshold[BORDER],
            1.0,
            channels[BORDER].concealable,
            channels,
            p,
        )
        for channel in WATCHING:  # place flags drop shells before cases end, so traders do not count them
            size = diverter_factor(channel, firms[row].recent_volume, firms[row].recent_shipments, False, channels)
            mine += worthy(
                channel,
                conditions.exposure[channel] * size,
                conditions.sensitivity[channel],
                conditions.threshold[channel],
                size,
                channels[channel].concealable,
                channels,
                p,
            )
        total += mine * (1.0 + p.cooperation_leads * conditions.cooperation[firms[row].country])
    return total


@kernel
def joint_rate(leads, conditions, product, p):
    """Return leads and case capacity combined: harmonic, so that the scarcer one rules."""
    staff = 0.0
    for agency in range(conditions.investigators.size):
        staff += conditions.investigators[agency]
    capacity = p.work_rate * 52.0 * staff / p.effort
    if product:
        return leads * capacity
    return leads * capacity / (leads + capacity) if leads + capacity > 0.0 else 0.0


@kernel
def stop_rate(conditions, country, channels, p):
    """Return how often a hop stops a diverted consignment of a typical firm."""
    rate = hit_rate(
        conditions.sensitivity[BORDER], conditions.threshold[BORDER], channels[BORDER].concealable, p.sophistication
    )
    return min(conditions.border_exposure[country], conditions.inspection_max[country]) * rate


@kernel
def announce(firms, vendors, now, before, channels, market, settings, counts, p):
    """Let every active firm hear of rules that take force or end this week."""
    if not now.announcing:
        return
    joint = joint_rate(
        case_worthy_leads(firms, vendors, now, channels, counts, p), now, settings.product_announcement, p
    )
    usual = joint_rate(
        case_worthy_leads(firms, vendors, before, channels, counts, p), before, settings.product_announcement, p
    )
    change = min(max(joint / usual, SMALLEST), LARGEST) if usual > 0.0 else 1.0
    heard = 1.0 + p.announcement * (change - 1.0)
    step = heard / market.heard[0]
    market.heard[0] = heard
    for i in range(counts.slots):
        row = firms[i].row_of
        if firms[row].active:
            firms[row].caught_events *= step
    for c in range(now.border_exposure.size):
        usual = stop_rate(before, c, channels, p)
        heard = 1.0 + p.announcement * (stop_rate(now, c, channels, p) / usual - 1.0) if usual > 0.0 else 1.0
        power = heard / market.heard[1 + c]
        market.heard[1 + c] = heard
        if power == 1.0:
            continue
        for i in range(counts.slots):
            row = firms[i].row_of
            if firms[row].active:
                strength = firms[row].hop_losses[c] + firms[row].hop_passes[c]
                believed = 1.0 - (1.0 - firms[row].hop_losses[c] / strength) ** power
                firms[row].hop_losses[c] = believed * strength
                firms[row].hop_passes[c] = strength - firms[row].hop_losses[c]
    for c in range(now.hop_alarm.size):
        if now.hop_alarm[c] > 0.0:
            for i in range(counts.slots):
                row = firms[i].row_of
                if firms[row].active:
                    firms[row].hop_losses[c] += now.hop_alarm[c]
