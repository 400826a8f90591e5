"""Who there is at the start, and what a new shell is like."""

import math
from types import SimpleNamespace

from supplysim.evidence import table

from .draws import lognormal, normal, pick, running
from .inputs import COUNTRIES, H100E, PRODUCTS, VENDORS, of_countries, shares


class Phonebook:
    """How a trader or user finds a distributor: by country, the larger ones sooner."""

    def __init__(self, distributors, p):
        self.everyone = sorted(distributors, key=lambda d: (d.country, d.key))
        total = sum(d.share for d in self.everyone)
        self.everywhere = [s / total for s in running([d.share for d in self.everyone])]
        self.seats = running(shares("intermediary_share", "seats", p))
        self.attraction = shares("corridor", "corridor", p)

    def find(self, country, u):
        here = [d for d in self.everyone if d.country == country]
        if not here:
            return self.everyone[pick(self.everywhere, u)]
        total = sum(d.share for d in here)
        return here[pick([s / total for s in running([d.share for d in here])], u)]


def distributors(draw, p, count):
    weights = of_countries("honest_weight")
    sums = running(weights)
    firms = []
    for key in range(count):
        firms.append(
            SimpleNamespace(
                key=key,
                country=pick(sums, draw("init_distributor", 0, key, 0) * sums[-1]),
                share=math.exp(p["distributor_size_sigma"] * normal(draw("init_distributor", 0, key, 1))),
                complicit=draw("init_distributor", 0, key, 2) < p["complicit_share"],
                offset=p["screening_offset_sd"] * normal(draw("init_distributor", 0, key, 3)),
                alert=0.0,
                stock=[0] * len(PRODUCTS),
                mark_up=p["distributor_mark_up"],
                requested=0,
            )
        )
    present = [sum(f.share for f in firms if f.country == c) for c in range(len(COUNTRIES))]
    for firm in firms:
        firm.share *= weights[firm.country] / present[firm.country]
    total = sum(firm.share for firm in firms)
    for firm in firms:
        firm.share /= total
        firm.demand = firm.share
    return firms


def users(draw, p, count, book):
    sums = running(of_countries("honest_weight"))
    found = []
    for key in range(count):
        country = pick(sums, draw("init_user", 0, key, 0) * sums[-1])
        rate = p["user_rate"] * math.exp(p["user_rate_sigma"] * normal(draw("init_user", 0, key, 1)))
        median = p["user_order"] * math.exp(p["user_order_sigma"] * normal(draw("init_user", 0, key, 2)))
        provider = draw("init_user", 0, key, 3) < p["provider_share"]
        found.append(
            SimpleNamespace(
                key=key,
                country=country,
                chance=min(rate, p["user_rate_max"]) / 52.0,
                provider=provider,
                median=median * (p["provider_size"] if provider else 1.0),
                suppliers=[book.find(country, draw("init_user", 0, key, 10 + tie)) for tie in range(2)],
                installed=[0] * len(H100E),
            )
        )
    return found


def usual_orders(people, p):
    return sum(user.chance * user.median for user in people) * math.exp(0.5 * p["user_order_noise"] ** 2)


def give_first_chips(people, p):
    """Give cloud providers their part of what was installed before the start, in chips of the oldest class."""
    compute = p["initial_compute"] * p["market_scale"] * p["channel_share"]
    total = sum(user.chance * user.median for user in people)
    for user in people:
        if user.provider:
            user.installed[0] += math.floor(compute * (user.chance * user.median) / total / H100E[0])


def empty_slot(key):
    return SimpleNamespace(key=key, shell=-1, active=False, backlog=0, country=0, recent_volume=0.0, capacity=0.0)


def found(draw, p, slot, week, principal, returning, standing, book, slots, typical_price):
    """Fill a slot with its next shell; what it is like depends on slot and shell alone."""
    slot.shell += 1
    who = slot.key + slots * slot.shell

    def u(sub):
        return draw("occupant", 0, who, sub)

    slot.country = pick(book.seats, u(5))
    mean = p["intermediary_capacity"] * 12.0 / 52.0
    slot.full = min(mean * math.exp(-0.6 + p["capacity_sigma"] * normal(u(0))), p["capacity_max"])
    slot.capacity = slot.full * standing
    slot.skill = min(max(p["sophistication"] + p["sophistication_sd"] * normal(u(1)), 0.02), 0.98)
    slot.seed_cash = int(slot.full * typical_price * lognormal(u(2), p["seed_cash"], p["seed_cash_sigma"]))
    slot.cash, slot.taken = slot.seed_cash, 0
    slot.reserve = p["reservation_margin"] * lognormal(u(3), 1.0, p["reservation_sigma"])
    slot.margin = p["margin_start"]
    slot.active, slot.principal, slot.born = True, principal, week
    slot.backlog = slot.idle = slot.orders = slot.delivered = 0
    slot.recent_volume = slot.recent_value = slot.recent_shipments = 0.0
    slot.tries, slot.refusals = [0.0] * len(VENDORS), [0.0] * len(VENDORS)
    slot.suppliers = [
        find_supplier(slot, 0.55 if tie < 4 else 0.25, u(10 + tie), u(20 + tie), u(30 + tie), book) for tie in range(6)
    ]
    slot.bought = [0] * 6
    slot.losses, slot.passes = [], []
    for country in range(len(COUNTRIES)):
        believed = min(lognormal(u(40 + country), p["hop_prior"], p["hop_prior_sigma"]), 0.9)
        if returning:
            believed = min(believed * p["return_hop_fear"], 0.9)
        slot.losses.append(believed * p["hop_prior_strength"])
        slot.passes.append((1.0 - believed) * p["hop_prior_strength"])
    slot.knows = corridors(draw, p, principal, book)
    slot.way = p["hop_prior"]  # what everyone believes, until the first week has taught it
    slot.years = p["caught_prior_years"]
    slot.events = p["caught_prior"] * slot.years + (p["return_caught_fear"] if returning else 0.0)


def corridors(draw, p, principal, book):
    """Return the countries through which a principal has forwarders: one by attraction, perhaps others."""
    known = {pick(running(book.attraction), draw("occupant", 0, principal, 100))}
    for c, attraction in enumerate(book.attraction):
        if draw("occupant", 0, principal, 101 + c) < 1.0 - (1.0 - attraction) ** p["other_corridors"]:
            known.add(c)
    return known


def felt(trader, country):
    return trader.losses[country] / (trader.losses[country] + trader.passes[country])


def best_way(trader):
    """Return the felt hazard of the best corridor that a trader knows."""
    return min(felt(trader, c) for c in trader.knows)


def find_supplier(slot, home_chance, u_home, u_country, u_distributor, book):
    country = slot.country if u_home < home_chance else pick(book.seats, u_country)
    return book.find(country, u_distributor)


def class_counts(classes, total):
    exact = [float(row["count_share"]) / sum(float(r["count_share"]) for r in classes) * total for row in classes]
    counts = [math.floor(e) for e in exact]
    for index in sorted(range(len(exact)), key=lambda i: -(exact[i] - counts[i]))[: total - sum(counts)]:
        counts[index] += 1
    return counts


def order_size(u, median, p):
    size = min(lognormal(u, median, p["order_sigma"]), p["order_max"])
    server = p["server_size"]
    return int(server) * int(size / server + 0.5) if size >= server else max(1, int(size + 0.5))


def buyers(draw, p, count, traders):
    classes = table("classes")
    kinds = [kind for kind, number in enumerate(class_counts(classes, count)) for _ in range(number)]
    weights = [math.exp(p["buyer_weight_sigma"] * normal(draw("init_buyer", 0, key, 0))) for key in range(count)]
    totals = [sum(w for w, k in zip(weights, kinds, strict=True) if k == kind) for kind in range(len(classes))]
    weights = [w * float(classes[k]["weight"]) / totals[k] for w, k in zip(weights, kinds, strict=True)]
    reach = running([math.sqrt(t.capacity) if t.active else 0.0 for t in traders])
    people = []
    for key in range(count):
        kind = classes[kinds[key]]
        median = float(kind["median_order"]) * math.exp(p["order_scatter"] * normal(draw("init_buyer", 0, key, 1)))
        wtp = p["wtp"] * math.exp(p["wtp_sigma"] * normal(draw("init_buyer", 0, key, 2)))
        sellers = [traders[pick(reach, draw("init_buyer", 0, key, 10 + tie) * reach[-1])] for tie in range(8)]
        people.append(
            SimpleNamespace(
                key=key,
                weight=weights[key] / sum(weights),
                median=median,
                wtp=wtp,
                wtp_start=wtp,
                need=0.3 * draw("init_buyer", 0, key, 3) * median,
                size=order_size(draw("buyer_order", 0, key << 20, 0), median, p),
                ties=[SimpleNamespace(seller=seller, shell=seller.shell, trust=0.0, received=0) for seller in sellers],
                orders=0,
                rented=float(kind["rented_taste"]),
                domestic=float(kind["domestic_taste"]),
            )
        )
    return people
