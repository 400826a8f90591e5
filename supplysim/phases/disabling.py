"""The second half of phase 7: chips with the feature are disabled, diverted ones and honest ones in error (MODEL 7.12).

Whole chips by keyed rounding. Chips bought before the feature was built in cannot be disabled.
"""

from supplysim._compiled import kernel
from supplysim.phases.detection import can_be_disabled
from supplysim.world.streams import DISABLE, clock_key, numbers, sub_key, uniform

_DIVERTED, _HONEST = numbers(0, 2)


@kernel
def disable(week, seed, end_users, rentable, chips, now, today):
    """Disable a share of the diverted chips in China and, in error, of honest owners' chips."""
    if can_be_disabled(now):
        disable_diverted(now.disable_hazard, sub_key(clock_key(seed, DISABLE, week), _DIVERTED), chips, today)
    if now.false_disable > 0.0:
        key = sub_key(clock_key(seed, DISABLE, week), _HONEST)
        disable_honest(now.false_disable / 52.0, key, end_users, rentable, chips, today)


@kernel
def disable_diverted(hazard, key, chips, today):
    """Disable deployed chips, product by product, at each vendor's yearly hazard."""
    generations = chips.h100e.size
    for product in range(chips.deployed.size):
        featured = chips.deployed_featured[product]
        weekly = hazard[product // generations] / 52.0
        lost = min(int(featured * weekly + uniform(key, product)), featured)
        chips.deployed_featured[product] -= lost
        chips.deployed[product] -= lost
        chips.disabled[product] += lost
        today.disabled += lost
        today.disabled_by[product % generations] += lost


@kernel
def disable_honest(hazard, key, end_users, rentable, chips, today):
    """Disable honest owners' chips; an owner does not know vintages apart, so its newest generation goes first."""
    for i in range(end_users.size):
        user = end_users[i].row_of
        featured = end_users[user].featured
        if featured == 0:
            continue
        left = min(int(featured * hazard + uniform(key, end_users[user].key)), featured)
        end_users[user].featured -= left
        today.honest_disabled += left
        for generation in range(chips.h100e.size - 1, -1, -1):
            lost = min(left, end_users[user].installed[generation])
            end_users[user].installed[generation] -= lost
            chips.honest_disabled[generation] += lost
            if end_users[user].provider:
                rentable[end_users[user].country].provider[generation] -= lost
            left -= lost
