"""Who agencies look at: the slots of intermediaries, then the end users, and what can be seen of them."""

from supplysim._compiled import kernel

USER_VOLUME = 3.0  # an end user's visible volume: three median orders


@kernel
def user_target(w, user):
    """Return the target that an end user's row is."""
    return w.intermediaries.size + user


@kernel
def is_diverter(w, target):
    """Return whether a target truly diverts: an intermediary in business. Agencies never read this."""
    traders = w.intermediaries
    return target < traders.size and traders[target].active


@kernel
def visible_volume(w, target):
    """Return the volume that an agency sees of a target, chips."""
    traders, end_users = w.intermediaries, w.end_users
    slots = traders.size
    return traders[target].recent_volume if target < slots else USER_VOLUME * end_users[target - slots].order_median


@kernel
def identity_of(w, target):
    """Return the key of a target's draws."""
    traders, end_users = w.intermediaries, w.end_users
    slots = traders.size
    return traders[target].key if target < slots else slots + end_users[target - slots].key


@kernel
def country_of(w, target):
    """Return the country of a target."""
    traders, end_users = w.intermediaries, w.end_users
    slots = traders.size
    return traders[target].country if target < slots else end_users[target - slots].country


@kernel
def shell_of(w, target):
    """Return which of its slot's firms a target is; 0 for an end user."""
    traders = w.intermediaries
    return traders[target].shell if target < traders.size else 0


@kernel
def case_key(w, target, opened):
    """Return the key of the draws of a case opened in a week: a shell, or an end user and half-year."""
    traders, end_users = w.intermediaries, w.end_users
    turn = traders[target].shell if target < traders.size else opened // 26
    return identity_of(w, target) + (traders.size + end_users.size) * turn
