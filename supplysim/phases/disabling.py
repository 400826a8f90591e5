"""The second half of phase 7: chips with the feature are disabled, diverted ones and honest ones in error (MODEL 7.12).

Whole chips by keyed rounding. Chips bought before the feature was built in cannot be disabled.
"""

from supplysim._compiled import kernel
from supplysim.phases.detection import can_be_disabled
from supplysim.world.streams import DISABLE, clock_key, numbers, sub_key, uniform

_DIVERTED, _HONEST = numbers(0, 2)


@kernel
def disable(w, week):
    """Disable a share of the diverted chips in China and, in error, of honest owners' chips."""
    if can_be_disabled(w, week):
        disable_diverted(w, week)
    if w.conditions[week].false_disable > 0.0:
        disable_honest(w, week)


@kernel
def disable_diverted(w, week):
    """Disable deployed chips, product by product, at each vendor's yearly hazard; those that evade cannot be found."""
    chips, now, today = w.chips[0], w.conditions[week], w.tally[week]
    key = sub_key(clock_key(w.seed, DISABLE, week), _DIVERTED)
    generations = chips.h100e.size
    reached = 1.0 - w.market[0].bypass
    for product in range(chips.deployed.size):
        switched = chips.deployed_switched[product]
        weekly = reached * now.disable_hazard[product // generations] / 52.0
        lost = min(int(switched * weekly + uniform(key, product)), switched)
        chips.deployed_switched[product] -= lost
        chips.deployed_reporting[product] = min(chips.deployed_reporting[product], chips.deployed[product] - lost)
        chips.deployed[product] -= lost
        chips.disabled[product] += lost
        today.disabled += lost
        today.disabled_by[product % generations] += lost


@kernel
def disable_honest(w, week):
    """Disable honest owners' chips; an owner does not know vintages apart, so its newest generation goes first."""
    end_users, rentable, chips, today = w.end_users, w.rentable, w.chips[0], w.tally[week]
    key = sub_key(clock_key(w.seed, DISABLE, week), _HONEST)
    hazard = w.conditions[week].false_disable / 52.0
    for i in range(end_users.size):
        user = end_users[end_users[i].row_of]
        switched = user.switched
        if switched == 0:
            continue
        left = min(int(switched * hazard + uniform(key, user.key)), switched)
        user.switched -= left
        today.honest_disabled += left
        held = 0
        for generation in range(chips.h100e.size - 1, -1, -1):
            lost = min(left, user.installed[generation])
            user.installed[generation] -= lost
            chips.honest_disabled[generation] += lost
            if user.provider:
                rentable[user.country].provider[generation] -= lost
            left -= lost
            held += user.installed[generation]
        user.reporting = min(user.reporting, held)
