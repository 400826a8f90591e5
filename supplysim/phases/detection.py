"""Phase 8: channels that watch firms and sites, week by week; honest firms are flagged too (MODEL 7.8)."""

from supplysim._compiled import kernel
from supplysim.agents.shell import close_shell, queue_return, return_week
from supplysim.detection.channels import END_USE, LOCATION, MARKETPLACE, WATCHING
from supplysim.detection.leads import flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate, size_factor, weekly_chance
from supplysim.world.streams import CHANNEL, HOLD, RESHELL, any_below, clock_key, draw, numbers, sub_key, uniform

FRONTS_SELDOM_LIST = 0.1
MOST_CONSIGNMENTS = 10.0
USER_VOLUME = 3.0  # an end user's visible volume: three median orders
SOONEST, LATEST = 6, 14  # weeks until a dropped shell is replaced
BLOCK = 120  # end users looked through at once: hardly any is flagged in a week
_FIRMS, _USERS = numbers(0, 2)


@kernel
def diverter_factor(channel, volume, consignments, front, channels):
    """Return how much a channel sees of an active diverter against a firm-year."""
    size = consignments if channels[channel].size_scale == 0.0 else volume
    factor = channels[channel].active_factor * size_factor(
        size, channels[channel].size_exponent, channels[channel].size_scale, channels[channel].size_cap
    )
    return factor * FRONTS_SELDOM_LIST if front and channel == MARKETPLACE else factor


@kernel
def can_be_disabled(now):
    """Return whether any vendor's chips with the feature are disabled now."""
    total = 0.0
    for vendor in range(now.disable_hazard.size):
        total += now.disable_hazard[vendor]
    return total > 0.0


@kernel
def features_matter(now):
    """Return whether chips that carry a feature are now checked for their place or may be disabled."""
    return now.place_checks > 0.0 or can_be_disabled(now)


@kernel
def site_chance(exposure, rate, period, consignments):
    """Return the chance that at least one of a firm's featured consignments is flagged this week."""
    return 1.0 - (1.0 - exposure * rate / period) ** min(consignments, MOST_CONSIGNMENTS)


@kernel
def detection(week, seed, firms, end_users, office, returns, accounts, channels, now, today, settings, counts, p):
    """Flag intermediaries and end users; place flags may also stop a firm's supplies at once."""
    slots = firms.size
    skill = p.sophistication
    for i in range(counts.slots):
        row = firms[i].row_of
        if firms[row].active:
            firms[row].recent_volume *= p.recent_memory
            firms[row].recent_shipments *= p.recent_memory
            firms[row].featured_at_risk *= p.recent_memory

    for channel in WATCHING:
        exposure = now.exposure[channel]
        if exposure <= 0.0:
            continue
        sensitivity, threshold = now.sensitivity[channel], now.threshold[channel]
        key = clock_key(seed, CHANNEL + channel, week)
        on_firms, on_users = sub_key(key, _FIRMS), sub_key(key, _USERS)
        for i in range(counts.slots):
            row = firms[i].row_of
            if not firms[row].active or firms[row].recent_shipments <= 0.0:
                continue
            factor = diverter_factor(
                channel, firms[row].recent_volume, firms[row].recent_shipments, firms[row].front, channels
            )
            u = uniform(on_firms, firms[row].key)
            if u >= weekly_chance(exposure, 1.0, factor):
                continue  # not even looked at: no need to know how well it hides
            rate = hit_rate(sensitivity, threshold, channels[channel].concealable, firms[row].sophistication)
            if u < weekly_chance(exposure, rate, factor):
                seen = max(1.0, factor) if channel == END_USE else factor
                weight = flag_weight(channel, sensitivity, threshold, seen, channels, skill, settings.naive_triage)
                post_lead(
                    seed,
                    week,
                    channel,
                    row,
                    firms[row].key,
                    firms[row].country,
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
        chance = weekly_chance(exposure, false_alarm_rate(threshold), channels[channel].honest_factor)
        for first in range(0, end_users.size, BLOCK):
            last = min(first + BLOCK, end_users.size)
            if not any_below(on_users, first, last, chance):
                continue
            for i in range(first, last):
                if uniform(on_users, i) >= chance:
                    continue
                user = end_users[i].row_of
                volume = USER_VOLUME * end_users[user].order_median
                seen = max(1.0, diverter_factor(channel, volume, 1.0, False, channels))
                weight = flag_weight(channel, sensitivity, threshold, seen, channels, skill, settings.naive_triage)
                post_lead(
                    seed,
                    week,
                    channel,
                    slots + user,
                    slots + i,
                    end_users[user].country,
                    False,
                    weight,
                    channels,
                    office,
                    now,
                    today,
                    settings,
                    counts,
                    p,
                )
        if channel == END_USE:
            today.checks += int(exposure / 52.0 * end_users.size + 0.5)

    exposure = now.exposure[LOCATION] * now.place_checks
    if exposure > 0.0:
        check_places(
            week, seed, exposure, firms, end_users, office, returns, accounts, channels, now, today, settings, counts, p
        )


@kernel
def check_places(
    week, seed, exposure, firms, end_users, office, returns, accounts, channels, now, today, settings, counts, p
):
    """Check where featured chips report from; a flag may stop sales, and its principal may drop the shell (7.8)."""
    slots = firms.size
    sensitivity, threshold = now.sensitivity[LOCATION], now.threshold[LOCATION]
    spoofing = p.spoofing
    weight = flag_weight(LOCATION, sensitivity, threshold, 1.0, channels, p.sophistication, settings.naive_triage)
    key = clock_key(seed, CHANNEL + LOCATION, week)
    on_firms, on_users = sub_key(key, _FIRMS), sub_key(key, _USERS)
    for i in range(counts.slots):
        row = firms[i].row_of
        if not firms[row].active or firms[row].featured_at_risk <= 0.0:
            continue
        skill = firms[row].sophistication
        clear = sensitivity * now.place_clarity[firms[row].country]
        rate = hit_rate(clear, threshold, channels[LOCATION].concealable, skill)
        answering = exposure * (1.0 - spoofing * skill)  # the others' chips report a place that they are not at
        if uniform(on_firms, firms[row].key) >= site_chance(
            answering, rate, p.location_period, firms[row].featured_at_risk
        ):
            continue
        who = firms[row].key
        post_lead(
            seed,
            week,
            LOCATION,
            row,
            who,
            firms[row].country,
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
        firms[row].featured_at_risk *= p.location_relief
        if draw(seed, HOLD, week, who, 0) < p.stop_sale:
            today.stop_sales += 1
            firms[row].hold_until = week + int(p.stop_sale_weeks)
            if draw(seed, RESHELL, week, who, 0) < p.reenter:
                due = return_week(week, SOONEST, LATEST, draw(seed, RESHELL, week, who, 1))
                queue_return(returns, due, firms[row].principal, firms[row].front, counts)
                close_shell(row, firms, office, accounts)
                today.exits += 1
    chance = exposure * false_alarm_rate(threshold) / p.location_period * p.location_honest
    for i in range(end_users.size):
        user = end_users[i].row_of
        if end_users[user].featured > 0 and uniform(on_users, end_users[user].key) < chance:
            post_lead(
                seed,
                week,
                LOCATION,
                slots + user,
                slots + end_users[user].key,
                end_users[user].country,
                False,
                weight,
                channels,
                office,
                now,
                today,
                settings,
                counts,
                p,
            )
