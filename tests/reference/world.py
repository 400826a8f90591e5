"""The world and its week: the phases in their order, learning, coming and going (MODEL 3, 7.10, 7.11)."""

from types import SimpleNamespace

from supplysim.setup.scenario import Scenario

from . import inputs, people
from .draws import Draws
from .inputs import COUNTRIES, LIST, VENDORS, of_countries
from .law import CHANNELS, Agencies
from .market import asks, buying, honest_orders, supply
from .trade import arrivals, dispatch, procurement

COUNTED = """
    ordered attempted refused delivered seized_border seized_cases cancelled honest_orders honest_ordered
    honest_filled honest_flagged honest_lost honest_delay looks cases_opened prosecutions listings lapsed_cases
    failed_cases false_cases entries returns exits licensed_h100e rented_h100e domestic_h100e
""".split()  # noqa: SIM905
HUBS = [COUNTRIES.index(code) for code in ("SG", "MY", "HK")]


class World:
    def __init__(self, name, seed, **changed):
        scenario = Scenario.load(name)
        self.p = p = scenario.central_parameters() | changed
        sizes = scenario.population
        self.draw, self.week, self.count = Draws(seed), 0, scenario.weeks
        self.willingness, self.inspection = of_countries("willingness"), of_countries("inspection")
        self.fine_ratio = p["fine_multiple"] * p["collectability"]
        self.distributors = people.distributors(self.draw, p, sizes.distributors)
        self.book = people.Phonebook(self.distributors)
        self.users = people.users(self.draw, p, sizes.end_users, self.book)
        people.give_first_chips(self.users, p)
        self.slots = [people.empty_slot(key) for key in range(sizes.intermediaries)]
        self.used = self.principals = int(p["intermediaries_at_start"])
        for slot in self.slots[: self.used]:
            people.found(self.draw, p, slot, 0, slot.key, False, self.book, len(self.slots))
        self.buyers = people.buyers(self.draw, p, sizes.buyers, self.slots)
        self.inputs = inputs.weeks(p, self.count, people.usual_orders(self.users, p))
        self.routes = inputs.routes(p)
        self.agencies = Agencies(self)
        self.mark_up, self.rented, self.signals, self.days = 1.4, 0.0, [], []
        self.open, self.placed, self.moving, self.delayed, self.requests, self.returns = [], [], [], [], [], []

    def active(self):
        return [trader for trader in self.slots if trader.active]

    def run(self):
        while self.week < self.count:
            self.step()
        return self.days

    def step(self):
        now = self.inputs[self.week]
        today = SimpleNamespace(**dict.fromkeys(COUNTED, 0))
        today.delivered_by, today.via, today.leads = [0] * 3, [0] * len(COUNTRIES), [[0, 0] for _ in CHANNELS]
        self.placed = []
        supply(self, now)
        honest_orders(self, now, today)
        asks(self)
        buying(self, now, today)
        procurement(self, now, today)
        dispatch(self)
        arrivals(self, today)
        self.agencies.watch(today)
        self.agencies.act(today)
        self.learn()
        self.turn_over(today)
        today.mark_up, today.active_intermediaries = self.mark_up, len(self.active())
        today.open = sum(order.remaining for order in self.open)
        today.in_transit = sum(lot.quantity for lot in self.moving)
        self.days.append(today)
        self.week += 1

    def learn(self):
        p, firms = self.p, self.active()
        for trader in firms:
            for c in range(len(COUNTRIES)):
                trader.losses[c] = trader.losses[c] * p["hop_memory"] + p["hop_public"] * min(
                    self.stops[c], p["hop_public_cap"]
                )
                trader.passes[c] = trader.passes[c] * p["hop_memory"] + p["hop_public"] * self.passed[c]
                missing = max(0.0, p["hop_floor"] - trader.losses[c] - trader.passes[c])
                trader.losses[c] += missing * p["hop_prior"]
                trader.passes[c] += missing * (1.0 - p["hop_prior"])
            trader.events *= p["caught_memory"]
            trader.years = trader.years * p["caught_memory"] + (1.0 + p["caught_public"] * len(firms)) / 52.0
            missing = max(0.0, p["caught_floor"] - trader.years)
            trader.years += missing
            trader.events += missing * p["caught_prior"]
            for vendor in range(len(VENDORS)):
                trader.tries[vendor] *= p["refusal_memory"]
                trader.refusals[vendor] *= p["refusal_memory"]
            pressure = min(max(trader.backlog / (trader.capacity * p["backlog_weeks"]) - 1.0, -1.0), 2.0)
            least = max(0.0, 0.5 * trader.reserve)
            trader.margin = min(max(trader.margin + p["margin_speed"] * pressure, least), p["margin_max"])
            if trader.backlog > p["seller_backlog_weeks"] * trader.capacity and trader.cash > trader.seed_cash:
                trader.capacity = min(trader.capacity * (1.0 + p["capacity_growth"]), p["capacity_max"])
        listed = sum(order.quantity * LIST[order.chip] for order in self.placed)
        if listed:
            paid = sum(order.quantity * order.price for order in self.placed)
            self.mark_up += p["reference_memory"] * (paid / listed - self.mark_up)
        else:
            self.mark_up += p["reference_drift"] * (p["wtp"] - self.mark_up)

    def turn_over(self, today):
        p, week, draw = self.p, self.week, self.draw
        for trader in self.active():
            trader.cash -= int(p["overhead_capacity"] * trader.capacity + p["overhead_fixed"])
            trader.cash -= int(p["withdrawal"] * max(0, trader.cash - 2 * trader.seed_cash))
            trader.idle = 0 if trader.backlog > 0 else trader.idle + 1
            idle = trader.idle > p["idle_weeks"] and draw("entry", week, trader.key, 2) < p["idle_exit"]
            if idle or trader.cash < -p["bankrupt_share"] * trader.seed_cash:
                self.close(trader)
                today.exits += 1
        back = [entry for entry in self.returns if entry[0] <= week]
        self.returns = [entry for entry in self.returns if entry[0] > week]
        for _, principal in back:
            today.returns += self.admit(principal, True)
        last = self.signals[-1] if self.signals else 0.0
        self.signals.append(last + p["entry_memory"] * (self.profit() - last))
        lag = int(p["entry_lag"])
        heard = self.signals[week - lag] if week >= lag else 0.0
        rate = p["entry"] * p["intermediaries_at_start"] / p["entry_unit"] * max(0.0, heard)
        for _ in range(int(rate + draw("entry", week, 0, 0))):
            if self.admit(self.principals, False):
                self.principals += 1
                today.entries += 1

    def profit(self):
        p, firms = self.p, self.active()
        if not firms:
            return 0.0
        hops = sum(t.losses[hub] / (t.losses[hub] + t.passes[hub]) / len(HUBS) for t in firms for hub in HUBS)
        caught = sum(p["salience"] * t.events / t.years for t in firms)
        net = self.mark_up - p["entry_cost"] - p["reservation_margin"] - hops / len(firms)
        net -= p["entry_catch"] * caught / len(firms) * self.fine_ratio
        waiting = sum(t.backlog for t in firms) / sum(t.capacity for t in firms) / p["entry_backlog"]
        return net * min(2.0, waiting)

    def admit(self, principal, returning):
        free = [slot for slot in self.slots if not slot.active]
        if not free:
            return False
        self.used = max(self.used, free[0].key + 1)
        people.found(self.draw, self.p, free[0], self.week, principal, returning, self.book, len(self.slots))
        return True

    def close(self, trader):
        trader.active, trader.cash = False, 0
        self.agencies.forget(trader)
