"""Who agencies look at: the slots of intermediaries, then the end users, and what can be seen of them."""

from supplysim._compiled import kernel
from supplysim.phases.detection import USER_VOLUME


@kernel
def is_diverter(target, firms):
    """Return whether a target truly diverts: an intermediary in business. Agencies never read this."""
    return target < firms.size and firms[target].active


@kernel
def visible_volume(target, firms, end_users):
    """Return the volume that an agency sees of a target, chips."""
    slots = firms.size
    return firms[target].recent_volume if target < slots else USER_VOLUME * end_users[target - slots].order_median


@kernel
def identity_of(target, firms, end_users):
    """Return the key of a target's draws."""
    slots = firms.size
    return firms[target].key if target < slots else slots + end_users[target - slots].key


@kernel
def country_of(target, firms, end_users):
    """Return the country of a target."""
    slots = firms.size
    return firms[target].country if target < slots else end_users[target - slots].country


@kernel
def shell_of(target, firms):
    """Return which of its slot's firms a target is; 0 for an end user."""
    return firms[target].shell if target < firms.size else 0


@kernel
def case_key(target, week, firms, end_users):
    """Return the key of a case's draws: a shell, or an end user and half-year."""
    slots = firms.size
    targets = slots + end_users.size
    turn = firms[target].shell if target < slots else week // 26
    return identity_of(target, firms, end_users) + targets * turn
