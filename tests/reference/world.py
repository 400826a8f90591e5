"""The world and its week: the phases in their order, learning, coming and going."""

import math
from types import SimpleNamespace

from supplysim.setup.scenario import Scenario

from . import inputs, people
from .draws import Draws
from .inputs import COUNTRIES, LIST, VENDORS, H, of_countries
from .law import CHANNELS, Agencies
from .market import LAWFUL, asks, buying, honest_orders, supply
from .people import best_way
from .trade import arrivals, dispatch, procurement

COUNTED = """
    ordered attempted refused delivered seized_border seized_cases cancelled honest_orders honest_ordered
    honest_filled honest_flagged honest_lost honest_delay looks cases_opened prosecutions listings lapsed_cases
    failed_cases false_cases entries returns exits licensed_h100e rented_h100e offshore_h100e domestic_h100e
    interdicted named liable corridors_opened
""".split()  # noqa: SIM905


class World:
    def __init__(self, name, seed, **changed):
        scenario = Scenario.load(name)
        self.p = p = scenario.central_parameters() | changed
        sizes = scenario.population
        self.draw, self.week, self.count = Draws(seed), 0, scenario.weeks
        self.willingness, self.inspection = of_countries("willingness"), of_countries("inspection")
        self.fine_ratio = p["fine_multiple"] * p["collectability"]
        self.distributors = people.distributors(self.draw, p, sizes.distributors)
        self.book = people.Phonebook(self.distributors, p)
        self.users = people.users(self.draw, p, sizes.end_users, self.book)
        people.give_first_chips(self.users, p)
        self.slots = [people.empty_slot(key) for key in range(sizes.intermediaries)]
        self.used = self.principals = int(p["intermediaries_at_start"])
        self.mix = [float(chip == H) for chip in range(len(LIST))]
        self.premium, self.unmet = [0.0] * len(LIST), [0.0] * len(LIST)
        self.price = dict.fromkeys(LAWFUL, 0.0)
        for slot in self.slots[: self.used]:
            self.found(slot, slot.key, False, 1.0)
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
        today.delivered_by, today.wanted_by, today.granted_by = ([0] * len(LIST) for _ in range(3))
        today.via, today.leads = [0] * len(COUNTRIES), [[0, 0] for _ in CHANNELS]
        self.placed = []
        supply(self, now)
        honest_orders(self, now, today)
        asks(self)
        buying(self, now, today)
        procurement(self, now, today)
        dispatch(self, today)
        arrivals(self, today)
        self.agencies.watch(today)
        self.agencies.act(now, today)
        self.learn(today)
        self.turn_over(today)
        today.premium = list(self.premium)
        today.mark_up, today.active_intermediaries = self.mark_up, len(self.active())
        today.open = sum(order.remaining for order in self.open)
        today.in_transit = sum(lot.quantity for lot in self.moving)
        self.days.append(today)
        self.week += 1

    def learn(self, today):
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
            if trader.capacity < trader.full:  # a newcomer grows by the deals it does
                done = (1.0 - p["recent_memory"]) * trader.recent_volume
                trader.capacity = min(trader.capacity + p["newcomer_growth"] * done, trader.full)
            elif trader.backlog > p["seller_backlog_weeks"] * trader.capacity and trader.cash > trader.seed_cash:
                trader.capacity = min(trader.capacity * (1.0 + p["capacity_growth"]), p["capacity_max"])
                trader.full = trader.capacity
            trader.way = best_way(trader)
        listed = sum(order.quantity * LIST[order.chip] for order in self.placed)
        if listed:
            paid = sum(order.quantity * order.price for order in self.placed)
            self.mark_up += p["reference_memory"] * (paid / listed - self.mark_up)
        else:
            self.mark_up += p["reference_drift"] * (p["wtp"] - self.mark_up)

        for chip in range(len(LIST)):
            wanted, memory = today.wanted_by[chip], p["premium_memory"]
            missed = 1.0 - today.granted_by[chip] / wanted if wanted > 0 else 0.0
            self.unmet[chip] = memory * self.unmet[chip] + (1.0 - memory) * missed
            rise = p["premium_speed"] * (self.unmet[chip] - p["premium_slack"])
            dearest = math.log(p["premium_max"])
            self.premium[chip] = min(max(self.premium[chip] + rise, 0.0), dearest)
            if self.mix[chip] < 0.02:
                self.premium[chip] = 0.0

    def turn_over(self, today):
        p, week, draw = self.p, self.week, self.draw
        for trader in self.active():
            trader.cash -= int(p["overhead_capacity"] * trader.capacity + p["overhead_fixed"])
            out = int(p["withdrawal"] * max(0, trader.cash - 2 * trader.seed_cash))
            trader.cash -= out
            trader.taken += out
            trader.idle = 0 if trader.backlog > 0 else trader.idle + 1
            idle = trader.idle > p["idle_weeks"] and draw("entry", week, trader.key, 2) < p["idle_exit"]
            if idle or trader.cash < -p["bankrupt_share"] * trader.seed_cash:
                self.close(trader)
                today.exits += 1
        back = [entry for entry in self.returns if entry.week <= week]
        self.returns = [entry for entry in self.returns if entry.week > week]
        for entry in back:
            slot = self.admit(entry.principal, True, entry.standing)
            if slot:
                self.agencies.remember(slot, entry.evidence)
                today.returns += 1
        last = self.signals[-1] if self.signals else 0.0
        self.signals.append(last + p["entry_memory"] * (self.profit() - last))
        lag = int(p["entry_lag"])
        heard = self.signals[week - lag] if week >= lag else 0.0
        rate = p["entry"] * p["intermediaries_at_start"] / p["entry_unit"] * max(0.0, heard)
        for _ in range(int(rate + draw("entry", week, 0, 0))):
            if self.admit(self.principals, False, p["newcomer_start"]):
                self.principals += 1
                today.entries += 1

    def profit(self):
        p, firms = self.p, self.active()
        if not firms:
            return 0.0
        hops = sum(share * people.felt(t, c) for t in firms for c, share in enumerate(self.book.attraction))
        caught = sum(p["salience"] * t.events / t.years for t in firms)
        dearer = sum(share * math.exp(g) for share, g in zip(self.mix, self.premium, strict=True))
        net = self.mark_up - p["entry_cost"] * dearer - p["reservation_margin"] - hops / len(firms)
        net -= p["entry_catch"] * caught / len(firms) * self.fine_ratio
        waiting = sum(t.backlog for t in firms) / sum(t.capacity for t in firms) / p["entry_backlog"]
        return net * min(2.0, waiting)

    def admit(self, principal, returning, standing):
        free = [slot for slot in self.slots if not slot.active]
        if not free:
            return None
        self.used = max(self.used, free[0].key + 1)
        self.found(free[0], principal, returning, standing)
        return free[0]

    def found(self, slot, principal, returning, standing):
        price = sum(share * list_price for share, list_price in zip(self.mix, LIST, strict=True))
        people.found(
            self.draw, self.p, slot, self.week, principal, returning, standing, self.book, len(self.slots), price
        )

    def close(self, trader):
        trader.active, trader.cash = False, 0
        self.agencies.forget(trader)
