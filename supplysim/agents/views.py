"""Mesa agents as row views: their state lives in the model's columns, and they call the model's own rules.

Columns and rules need NumPy and numba alone and stand one file a kind beside this one; only these views,
which ensembles never make, need Mesa.
"""

from __future__ import annotations

from typing import Any, ClassVar

import mesa
import numpy as np

from supplysim.agents import buyer, distributor, end_user, enforcer, intermediary, vendor
from supplysim.agents.buyer import SELLERS
from supplysim.agents.distributor import resale_price, screening_bar, unproven_mark_up
from supplysim.agents.end_user import order_size
from supplysim.agents.enforcer import case_slots, work_rate
from supplysim.agents.intermediary import (
    ask_price,
    knows_corridor,
    participation_chance,
    penalty_severity,
    perceived_share,
)
from supplysim.agents.kinds import KINDS
from supplysim.agents.vendor import featured_units
from supplysim.errors import InputError
from supplysim.evidence import PLACES
from supplysim.phases.asks import firm_cost, mean_mark_up
from supplysim.phases.buying import tie_weight
from supplysim.world.kind import Kind
from supplysim.world.streams import USER_ORDER, draw

HOLDS = {"b": "true or false", "i": "whole numbers", "u": "whole numbers", "f": "finite numbers"}
FITS = {"b": "b", "i": "iu", "u": "iu", "f": "fiu"}  # kinds of NumPy that a column of a kind takes
HIDDEN = ("key", "row_of")  # columns that are no attributes: an agent knows its key, and its row


class Column:
    """An agent's attribute that reads and writes one row of a column of the world."""

    def __init__(self, kind: Kind, name: str) -> None:
        self.kind, self.name = kind, name

    def __get__(self, agent: View | None, owner: type) -> Any:
        if agent is None:
            return self
        value = self.column(agent)[agent.row]
        return value.item() if value.ndim == 0 else value

    def __set__(self, agent: View, value: Any) -> None:
        column = self.column(agent)
        given, place = np.asarray(value), f"{type(agent).__name__}.{self.name}"
        kind = column.dtype.kind
        if given.dtype.kind not in FITS[kind] or (given.dtype.kind == "f" and not np.isfinite(given).all()):
            raise InputError(place, value, f"the column holds {HOLDS[kind]}", "give such a value")
        column[agent.row] = given

    def column(self, agent: View) -> np.ndarray:
        """Return the column of the world that the agent's row lies in."""
        return self.kind.rows(agent.model.world)[self.name]


class View(mesa.Agent):
    """A firm or agency as a Mesa agent; `row` says where its state lives.

    A subclass names its kind, and has each of the kind's columns as an attribute.
    """

    of: ClassVar[dict[str, type[View]]] = {}  # by name of kind
    declared: ClassVar[Kind]

    def __init_subclass__(cls, kind: Kind | None = None, **others: Any) -> None:
        super().__init_subclass__(**others)
        if kind is not None:
            cls.declared, View.of[kind.name] = kind, cls
            for name in kind.columns.names or ():
                if name not in HIDDEN:
                    setattr(cls, name, Column(kind, name))

    def __init__(self, model: mesa.Model, row: int = -1, key: int = -1) -> None:
        super().__init__(model)  # the model refuses views that it did not ask for
        self.row = row
        self.key = key

    def remove(self) -> None:
        """Refuse: firms are rows of the world."""
        self.model.deregister_agent(self)

    def step(self) -> None:
        """Refuse: no firm has a step of its own."""
        raise InputError("agent.step", None, "firms act together in the phases of a week", "call model.step()")

    def advance(self) -> None:
        """Refuse: no firm has a step of its own."""
        raise InputError("agent.advance", None, "firms act together in the phases of a week", "call model.step()")

    def __getattr__(self, name: str) -> Any:
        """Raise AttributeError: what the kind declares has been found before this is asked."""
        raise AttributeError(f"a {type(self).__name__} has no attribute {name!r}")

    @property
    def world(self) -> Any:
        """The columns, conditions and parameters that the model runs on."""
        return self.model.world

    @property
    def week(self) -> int:
        """The week that this agent would act in next."""
        return min(self.model.week, self.model.weeks - 1)

    @property
    def now(self) -> Any:
        """Effective parameters of the week."""
        return self.world.conditions[self.week]

    @property
    def p(self) -> Any:
        """The parameters of the run."""
        return self.world.parameters[0]


class Vendor(View, kind=vendor.KIND):
    """A chip vendor: a row view of `vendors`."""

    def featured(self, quantity: int) -> int:
        """Return how many of `quantity` chips made this week can report where they are."""
        return featured_units(quantity, self.now["reporting_share"][self.row])

    def switched(self, quantity: int) -> int:
        """Return how many of `quantity` chips made this week can be disabled."""
        return featured_units(quantity, self.now["switch_share"][self.row])


class Distributor(View, kind=distributor.KIND):
    """A distributor: a row view of `distributors`."""

    def price(self, generation: int) -> int:
        """Return today's price of one chip of a generation to a known buyer, US$."""
        return resale_price(self.world.chips["list_price"][0, generation], self.mark_up)

    def price_unproven(self, generation: int) -> int:
        """Return today's price of one chip of a generation to an unproven buyer, US$: with the premium of its class."""
        dearer = self.world.market[0]["dearer"][generation]
        return resale_price(self.world.chips["list_price"][0, generation], unproven_mark_up(self.mark_up, dearer))

    def bar(self, vendor: int = 0) -> float:
        """Return the score at which a purchase of that vendor's chips is flagged now."""
        threshold = self.now["screening_threshold"][vendor]
        return screening_bar(threshold, self.screening_offset, self.alert)


class EndUser(View, kind=end_user.KIND):
    """An honest end user or cloud provider: a row view of `end_users`."""

    def wants(self) -> int:
        """Return the chips this user orders this week, 0 if none."""
        world, week = self.world, self.week
        if draw(world.seed, USER_ORDER, week, self.key, 0) >= self.order_chance:
            return 0
        u = draw(world.seed, USER_ORDER, week, self.key, 1)
        noise = self.p["user_order_noise"]
        return order_size(u, self.order_median, self.now["honest_scale"], noise)


class Intermediary(View, kind=intermediary.KIND):
    """A slot for an intermediary: a row view of `intermediaries`."""

    def full_cost(self, generation: int) -> float:
        """Return the full cost of one chip as this firm sees it now, US$."""
        w = self.world
        severity = penalty_severity(self.now["fine_ratio"], self.p["severity_exponent"])
        mark_up = mean_mark_up(w.intermediaries[self.row], w.distributors)
        me = w.intermediaries[self.row]
        return firm_cost(me, generation, mark_up, severity, w.chips[0], w.market[0], self.now, w.settings, self.p)

    def quote(self, generation: int = 1) -> int:
        """Return the price this firm asks now for one chip of a generation, US$."""
        return ask_price(self.full_cost(generation), self.margin)

    def takes_part(self) -> float:
        """Return the chance that this firm takes up an order this week."""
        mix, price = self.world.market[0]["mix"], self.world.chips[0]["list_price"]
        cost = sum(mix[k] / price[k] * self.full_cost(k) for k in range(price.size))
        mark_up, slope = self.world.market[0]["mark_up"], self.p["participation_slope"]
        return participation_chance(mark_up, cost, self.reservation_margin, slope)

    def corridors(self) -> list[str]:
        """Return the codes of the countries by way of which this firm has a forwarder."""
        return [code for country, code in enumerate(PLACES) if knows_corridor(self.knows, country)]

    def belief(self, country: int) -> float:
        """Return the believed chance that a hop stops a consignment."""
        mine = self.world.intermediaries[self.row]
        return perceived_share(mine["hop_losses"][country], mine["hop_passes"][country])


class Buyer(View, kind=buyer.KIND):
    """A buyer in China: a row view of `buyers`."""

    def seller_weights(self) -> np.ndarray:
        """Return the weight of each of the buyer's ties in its choice now, 0 if unusable, shape (8,)."""
        w = self.world
        return np.array([tie_weight(w.buyers[self.row], tie, w.intermediaries, self.week) for tie in range(SELLERS)])


class Enforcer(View, kind=enforcer.KIND):
    """An enforcement agency: a row view of `office.agencies`."""

    @property
    def investigators(self) -> float:
        """Investigators on AI chips this week, FTE."""
        return float(self.now["investigators"][self.row])

    def slots(self) -> int:
        """Return how many cases this agency may hold open now."""
        return case_slots(self.investigators, self.p["wip"])

    def rate(self) -> float:
        """Return the investigator-weeks that each of its open cases with work left receives this week."""
        office = self.world.office
        cases = office.cases[office.open_cases[: self.world.counts[0]["open_cases"]]]
        busy = int(((cases["agency"] == self.row) & (cases["effort"] > 0.0)).sum())
        return work_rate(self.investigators, busy, self.p["work_rate"], self.p["work_rate_max"])

    def dossiers(self) -> np.ndarray:
        """Return the targets of its open dossiers, strongest evidence first."""
        files = self.world.office.desks[self.row]
        listed = np.flatnonzero(files["listed"])
        return listed[np.argsort(-files["evidence"][listed], kind="stable")]


def view_of(kind: Kind) -> type[View]:
    """Return the Mesa agent of a kind; one without rules of its own has none but its columns."""
    name = kind.name.title().replace("_", "")
    return View.of.get(kind.name) or type(name, (View,), {"__doc__": f"A row view of `{kind.table}`."}, kind=kind)


VIEWS = tuple(view_of(kind) for kind in KINDS)
