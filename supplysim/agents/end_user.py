"""Honest end users: they order for themselves; some are cloud providers that rent chips out."""

from __future__ import annotations

from supplysim._compiled import rule
from supplysim.world.columns import GENERATIONS, columns, flag, real, whole
from supplysim.world.kind import Kind, Tie
from supplysim.world.streams import lognormal

SUPPLIERS = 2


END_USER = columns(
    key=whole,  # identity
    row_of=whole,  # row of each key
    country=whole,  # index of countries
    provider=flag,  # rents chips out
    order_chance=real,  # orders/week
    order_median=real,  # chips
    supplier=(whole, SUPPLIERS),  # rows of distributors
    bought=(whole, SUPPLIERS),  # chips by supplier so far
    installed=(whole, GENERATIONS),  # chips
    reporting=whole,  # installed chips that can report where they are
    switched=whole,  # installed chips that can be disabled
    suspicion=real,  # log-odds that vendors add to those of a site
    audit_due=whole,  # week in which an audit of the site ends, -1 none
    hold_until=whole,  # week until which vendors stop sales to it
    cash=whole,  # US$ (negative: spent)
)
KIND = Kind(
    "end_user",
    "end_users",
    END_USER,
    stock=("installed",),
    featured=("reporting", "switched"),
    traits=("provider", "order_median", "cash"),
    ties=(Tie("distributor", units="bought", rows="supplier"),),
)


@rule
def order_size(u, median, scale, noise):
    """Return an order in chips: lognormal about the user's median and the market's pace (MODEL 7.3)."""
    return max(1, int(lognormal(u, median * scale, noise) + 0.5))


@rule
def yearly_orders(user, scale):
    """Return what a user usually orders in a year, chips: large buyers owe more papers under a graded duty."""
    return 52.0 * user.order_chance * user.order_median * scale
