"""Honest end users: they order for themselves; some are cloud providers that rent chips out."""

from __future__ import annotations

from supplysim._compiled import rule
from supplysim.agents.view import Column, View
from supplysim.columns import GENERATIONS, columns, flag, real, whole
from supplysim.streams import USER_ORDER, draw, lognormal

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


@rule
def order_size(u, median, scale, noise):
    """Return an order in chips: lognormal about the user's median and the market's pace (MODEL 7.3)."""
    return max(1, int(lognormal(u, median * scale, noise) + 0.5))


class EndUser(View):
    """An honest end user or cloud provider: a row view of `EndUsers`."""

    country = Column("end_users")
    provider = Column("end_users")
    order_chance = Column("end_users")
    order_median = Column("end_users")
    installed = Column("end_users")
    featured = Column("end_users")
    cash = Column("end_users")

    def wants(self) -> int:
        """Return the chips this user orders this week, 0 if none."""
        world, week = self.world, self.week
        if draw(world.seed, USER_ORDER, week, self.key, 0) >= self.order_chance:
            return 0
        u = draw(world.seed, USER_ORDER, week, self.key, 1)
        noise = self.p["user_order_noise"]
        return order_size(u, self.order_median, self.now["honest_scale"], noise)
