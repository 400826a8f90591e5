"""Within phase 9: investigators whom no case needs look for hidden traders themselves (MODEL 7.9)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import free_staff
from supplysim.detection.channels import SEARCH
from supplysim.detection.leads import US, flag_weight, post_lead
from supplysim.detection.signal import false_alarm_rate, hit_rate, weekly_chance
from supplysim.detection.targets import USER_VOLUME, user_target
from supplysim.phases.cases import unfinished
from supplysim.phases.detection import BLOCK, diverter_factor
from supplysim.world.streams import CHANNEL, any_below, clock_key, numbers, sub_key, uniform

_FIRMS, _USERS = numbers(0, 2)


@kernel
def search_reach(w, then, agency, country):
    """Return how far an agency's searches reach into a country under a week's conditions, share."""
    if w.office.agency_of[country] == agency:
        return then.willingness[country]
    return w.parameters[0].search_abroad * (1.0 + then.cooperation[country]) if agency == US else 0.0


@kernel
def note_power(w, week):
    """Note what each agency's free staff can do, FTE to the power of its returns; return the sum."""
    power, now, p = w.scratch.rate, w.conditions[week], w.parameters[0]
    total = 0.0
    for agency in range(power.size):
        staff, busy = now.investigators[agency], unfinished(w, agency)
        free = free_staff(staff, busy, p.search_share, p.work_rate, p.work_rate_max)
        power[agency] = free**p.search_exponent if free > 0.0 else 0.0
        total += power[agency]
    return total


@kernel
def note_looks(w, week):
    """Note how often a firm in each country is looked at, 1/firm-year, by all agencies that reach it."""
    power, looks, now, exposure = w.scratch.rate, w.scratch.looks, w.conditions[week], w.parameters[0].search_exposure
    for c in range(looks.size):
        looks[c] = 0.0
        for agency in range(power.size):
            looks[c] += exposure * power[agency] * search_reach(w, now, agency, c)


@kernel
def search_freely(w, week):
    """Let free staff look for traders, with diminishing returns; honest firms are flagged too."""
    if note_power(w, week) > 0.0 and w.conditions[week].sensitivity[SEARCH] > 0.0:
        note_looks(w, week)
        search_traders(w, week)
        search_users(w, week)


@kernel
def search_traders(w, week):
    """Flag traders that sell: the more they send, the sooner they are looked at."""
    traders, now, p = w.intermediaries, w.conditions[week], w.parameters[0]
    sensitivity, threshold = now.sensitivity[SEARCH], now.threshold[SEARCH]
    key = sub_key(clock_key(w.seed, CHANNEL + SEARCH, week), _FIRMS)
    for i in range(w.counts[0].slots):
        row = traders[i].row_of
        trader = traders[row]
        if not trader.active or trader.recent_shipments <= 0.0:
            continue
        looks = w.scratch.looks[trader.country]
        factor = diverter_factor(w, SEARCH, trader.recent_volume, trader.recent_shipments, False)
        u = uniform(key, trader.key)
        if u >= weekly_chance(looks, 1.0, factor):
            continue  # not even looked at: no need to know how well it hides
        rate = hit_rate(sensitivity, threshold, w.channels[SEARCH].concealable, trader.sophistication)
        if u < weekly_chance(looks, rate, factor):
            post_lead(w, week, SEARCH, row, flag_weight(w, SEARCH, sensitivity, threshold, factor, p.sophistication))


@kernel
def search_users(w, week):
    """Flag end users in error; hardly any block of them holds one, so most are passed over at the highest chance."""
    end_users, now, chance, p = w.end_users, w.conditions[week], w.scratch.chance, w.parameters[0]
    sensitivity, threshold = now.sensitivity[SEARCH], now.threshold[SEARCH]
    key = sub_key(clock_key(w.seed, CHANNEL + SEARCH, week), _USERS)
    highest = 0.0
    for c in range(chance.size):
        chance[c] = weekly_chance(w.scratch.looks[c], false_alarm_rate(threshold), w.channels[SEARCH].honest_factor)
        highest = max(highest, chance[c])
    for first in range(0, end_users.size, BLOCK):
        last = min(first + BLOCK, end_users.size)
        if not any_below(key, first, last, highest):
            continue
        for i in range(first, last):
            row = end_users[i].row_of
            if uniform(key, i) >= chance[end_users[row].country]:
                continue
            seen = diverter_factor(w, SEARCH, USER_VOLUME * end_users[row].order_median, 1.0, False)
            weight = flag_weight(w, SEARCH, sensitivity, threshold, seen, p.sophistication)
            post_lead(w, week, SEARCH, user_target(w, row), weight)
