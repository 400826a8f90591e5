"""Phase 8: channels that watch firms and sites, week by week; honest firms are flagged too (MODEL 7.8)."""

from supplysim._compiled import kernel
from supplysim.detection.channels import END_USE, LOCATION, MARKETPLACE, TIP, WATCHING
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate, size_factor, weekly_chance
from supplysim.detection.targets import USER_VOLUME, user_target
from supplysim.phases.fund import pay_staff
from supplysim.phases.sites import check_sites
from supplysim.world.streams import CHANNEL, any_below, clock_key, numbers, sub_key, uniform

FRONTS_SELDOM_LIST = 0.1
BLOCK = 120  # end users looked through at once: hardly any is flagged in a week
_FIRMS, _USERS = numbers(0, 2)


@kernel
def diverter_factor(w, channel, volume, consignments, front):
    """Return how much a channel sees of an active diverter against a firm-year."""
    traits = w.channels[channel]
    size = consignments if traits.size_scale == 0.0 else volume
    factor = traits.active_factor * size_factor(size, traits.size_exponent, traits.size_scale, traits.size_cap)
    return factor * FRONTS_SELDOM_LIST if front and channel == MARKETPLACE else factor


@kernel
def can_be_disabled(w, week):
    """Return whether any vendor's chips with the feature are disabled now."""
    now = w.conditions[week]
    total = 0.0
    for vendor in range(now.disable_hazard.size):
        total += now.disable_hazard[vendor]
    return total > 0.0


@kernel
def features_matter(w, week):
    """Return whether chips that carry a feature are now checked for their place or may be disabled."""
    now = w.conditions[week]
    return now.place_checks > 0.0 or can_be_disabled(w, week)


@kernel
def detection(w, week):
    """Flag intermediaries and end users; vendors look at the sites whose chips can report where they are."""
    traders, now, today, p = w.intermediaries, w.conditions[week], w.tally[week], w.parameters[0]
    for i in range(w.counts[0].slots):
        trader = traders[traders[i].row_of]
        if trader.active:
            trader.recent_volume *= p.recent_memory
            trader.recent_value *= p.recent_memory
            trader.recent_shipments *= p.recent_memory
            trader.reports_at_risk *= p.recent_memory
    idle = 1.0 - pay_staff(w, week)
    for channel in WATCHING:
        if now.exposure[channel] > 0.0:
            watch_traders(w, week, channel, idle)
            watch_users(w, week, channel, idle)
            if channel == END_USE:
                today.checks += int(now.exposure[channel] / 52.0 * w.end_users.size + 0.5)
    if now.exposure[LOCATION] * now.place_checks > 0.0:
        check_sites(w, week)


@kernel
def looks(now, channel, idle):
    """Return a channel's looks a firm-year; tips fall by what the unpaid share of a programme's staff would bring."""
    return now.exposure[channel] - (idle * now.fund_exposure if channel == TIP else 0.0)


@kernel
def bar(now, channel, idle):
    """Return the score at which a channel flags; for tips the old one as far as a programme's staff is unpaid."""
    return now.threshold[channel] + (idle * now.fund_threshold if channel == TIP else 0.0)


@kernel
def watch_traders(w, week, channel, idle):
    """Flag intermediaries that sell: a channel sees the more of them the more they send."""
    traders, now, p = w.intermediaries, w.conditions[week], w.parameters[0]
    exposure, sensitivity, threshold = looks(now, channel, idle), now.sensitivity[channel], bar(now, channel, idle)
    concealable = w.channels[channel].concealable
    key = sub_key(clock_key(w.seed, CHANNEL + channel, week), _FIRMS)
    for i in range(w.counts[0].slots):
        row = traders[i].row_of
        trader = traders[row]
        if not trader.active or trader.recent_shipments <= 0.0:
            continue
        factor = diverter_factor(w, channel, trader.recent_volume, trader.recent_shipments, trader.front)
        u = uniform(key, trader.key)
        if u >= weekly_chance(exposure, 1.0, factor):
            continue  # not even looked at: no need to know how well it hides
        rate = hit_rate(sensitivity, threshold, concealable, trader.sophistication)
        if u < weekly_chance(exposure, rate, factor):
            seen = max(1.0, factor) if channel == END_USE else factor
            weight = flag_weight(w, channel, sensitivity, threshold, seen, p.sophistication)
            post_lead(w, week, channel, row, weight)


@kernel
def watch_users(w, week, channel, idle):
    """Flag end users in error."""
    end_users, now, p = w.end_users, w.conditions[week], w.parameters[0]
    sensitivity, threshold = now.sensitivity[channel], bar(now, channel, idle)
    key = sub_key(clock_key(w.seed, CHANNEL + channel, week), _USERS)
    chance = weekly_chance(looks(now, channel, idle), false_alarm_rate(threshold), w.channels[channel].honest_factor)
    for first in range(0, end_users.size, BLOCK):
        last = min(first + BLOCK, end_users.size)
        if not any_below(key, first, last, chance):
            continue
        for i in range(first, last):
            if uniform(key, i) >= chance:
                continue
            row = end_users[i].row_of
            seen = diverter_factor(w, channel, USER_VOLUME * end_users[row].order_median, 1.0, False)
            weight = flag_weight(w, channel, sensitivity, threshold, max(1.0, seen), p.sophistication)
            post_lead(w, week, channel, user_target(w, row), weight)
