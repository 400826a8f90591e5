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
    featured=whole,  # installed chips that carry the feature
    cash=whole,  # US$ (negative: spent)
)
KIND = Kind(
    "end_user",
    "end_users",
    END_USER,
    stock=("installed",),
    featured="featured",
    traits=("provider", "order_median", "cash"),
    ties=(Tie("distributor", units="bought", rows="supplier"),),
)


@rule
def order_size(u, median, scale, noise):
    """Return an order in chips: lognormal about the user's median and the market's pace (MODEL 7.3)."""
    return max(1, int(lognormal(u, median * scale, noise) + 0.5))
