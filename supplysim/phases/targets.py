"""Who agencies look at: the slots of intermediaries, then the end users, and what can be seen of them."""

from supplysim._compiled import kernel
from supplysim.phases.detection import USER_VOLUME


@kernel
def is_diverter(target, traders):
    """Return whether a target truly diverts: an intermediary in business. Agencies never read this."""
    return target < traders.size and traders[target].active


@kernel
def visible_volume(target, traders, end_users):
    """Return the volume that an agency sees of a target, chips."""
    slots = traders.size
    return traders[target].recent_volume if target < slots else USER_VOLUME * end_users[target - slots].order_median


@kernel
def identity_of(target, traders, end_users):
    """Return the key of a target's draws."""
    slots = traders.size
    return traders[target].key if target < slots else slots + end_users[target - slots].key


@kernel
def country_of(target, traders, end_users):
    """Return the country of a target."""
    slots = traders.size
    return traders[target].country if target < slots else end_users[target - slots].country


@kernel
def shell_of(target, traders):
    """Return which of its slot's firms a target is; 0 for an end user."""
    return traders[target].shell if target < traders.size else 0


@kernel
def case_key(target, week, traders, end_users):
    """Return the key of a case's draws: a shell, or an end user and half-year."""
    slots = traders.size
    targets = slots + end_users.size
    turn = traders[target].shell if target < slots else week // 26
    return identity_of(target, traders, end_users) + targets * turn
