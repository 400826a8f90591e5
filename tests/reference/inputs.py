"""What a week brings from outside: supply, honest pace, offers, tastes; and the routes and their corridors."""

import math
from functools import cache
from itertools import product
from types import SimpleNamespace

import numpy as np

from supplysim.evidence import supply_by_quarter, table

COUNTRIES = [row["code"] for row in table("countries")]
CHIPS, VENDORS, AGENCIES = table("chips"), table("vendors"), table("agencies")
PRODUCTS = [(vendor, chip) for vendor in range(len(VENDORS)) for chip in range(len(CHIPS))]
H100E = [float(chip["h100e"]) for chip in CHIPS]
LIST = [int(chip["list_price"]) for chip in CHIPS]
H = 1  # the class that a typical order is taken to have before anything was ordered


def of_countries(field):
    return [float(row[field]) for row in table("countries")]


def shares(field, prefix, p):
    """Return a share by country, those with a multiplier of their own multiplied by it; they sum to one."""
    found = [float(row[field]) * p.get(f"{prefix}_{row['code'].lower()}", 1.0) for row in table("countries")]
    return [share / sum(found) for share in found]


def series(name, year):
    knots = [row for row in table("series") if row["series"] == name]
    return float(np.interp(year, [float(k["year"]) for k in knots], [float(k["value"]) for k in knots]))


@cache
def sold_until(week, chip):
    """Return what the leading vendor has sold of a class since 2023 by the start of a week."""
    total = 0.0
    for row in supply_by_quarter():
        if row.sku in CHIPS[chip]["skus"].split() and row.quarter >= "2023":
            first = (int(row.quarter[:4]) - 2023) * 52 + 13 * (int(row.quarter[-1]) - 1)
            total += row.units_p50 * min(max(week - first, 0), 13) / 13
    return total


def weeks(p, count, usual_orders):
    """Return every week's inputs."""
    leading = float(VENDORS[0]["share"])
    scale = p["supply_scale"] * p["market_scale"]

    def units(week, vendor, chip, part):
        share = float(VENDORS[vendor]["share"]) / leading
        return math.floor(sold_until(week, chip) * scale * share * part + 1e-9)

    found = []
    for week in range(count):
        year = (week + 0.5) / 52.0
        channel, everything = (
            [units(week + 1, v, c, part) - units(week, v, c, part) for v, c in PRODUCTS]
            for part in (p["channel_share"], 1.0)
        )
        shares = [lot / sum(channel) if sum(channel) else 1.0 / len(PRODUCTS) for lot in channel]
        pace = series("honest_tightness", year) * sum(channel) / usual_orders
        let = p["provider_let_share"] * (1.0 - p["provider_let_fall"] * min(max((year - 2.0) / 0.6, 0.0), 1.0))
        money = 1e9 * series("capital_spending", year) * series("accelerator_part", year)
        wish = money / series("price_per_h100e", year) * p["demand_scale"] * p["market_scale"] / 52.0
        direct = [whole - part for whole, part in zip(everything, channel, strict=True)]
        direct_compute = sum(n * H100E[chip] for n, (_, chip) in zip(direct, PRODUCTS, strict=True))
        licensed = series("licensed_china", year) + series("licensed_h200", year)
        found.append(
            SimpleNamespace(
                channel=channel,
                direct=direct,
                shares=shares,
                pace=pace,
                wish=wish,
                licensed=series("licensed_taste", year),
                rented=series("rented_taste", year),
                domestic=series("domestic_taste", year),
                let=let,
                quota=licensed * p["licensed_scale"] * p["market_scale"] / 52.0,
                capacity=series("domestic_capacity", year) * p["domestic_scale"] * p["market_scale"] / 52.0,
                offshore=series("offshore_share", year) * p["offshore_scale"] * direct_compute,
                attention=min(max((year - 0.5) / p["attention_years"], p["attention_floor"]), 1.0),
            )
        )
    return found


def routes(p):
    """Return the routes from every country: direct, or by one transit country, by modes that fit together."""
    land = {(row["country"], row["neighbour"]) for row in table("crossings")}
    land |= {(b, a) for a, b in land if b != "CN"}
    modes = {row["code"]: row for row in table("modes")}
    distance = dict(zip(COUNTRIES, of_countries("freight"), strict=True))

    def usable(a, b):
        return ["air", "sea", *(["hand"] if b == "CN" else []), *(["land"] if (a, b) in land else [])]

    def fits(first, second):
        return first == second or "land" in (first, second) or (first, second) == ("air", "hand")

    def route(legs):
        used = [modes[mode] for _, _, mode in legs]
        freight = p["freight"] * distance[legs[0][0]] * float(used[0]["freight"])
        weeks = int(used[0]["weeks_direct"])
        if len(legs) == 2:
            freight += p["freight_transit"] * distance[legs[1][0]] * float(used[1]["freight"])
            weeks = max(int(mode["weeks_transit"]) for mode in used)
        return SimpleNamespace(
            hops=[(COUNTRIES.index(leg[0]), float(mode["inspection"])) for leg, mode in zip(legs, used, strict=True)],
            most=min(int(mode["max_lot"]) for mode in used),
            freight=freight,
            weeks=weeks,
            last=COUNTRIES.index(legs[-1][0]),
        )

    transits = [row["code"] for row in table("countries") if row["transit"] == "1"]
    found = {}
    for home in COUNTRIES[:-1]:
        direct = [((home, "CN", mode),) for mode in usable(home, "CN")]
        indirect = [
            ((home, via, first), (via, "CN", second))
            for via in transits
            if via != home
            for first, second in product(usable(home, via), usable(via, "CN"))
            if fits(first, second)
        ]
        routes_here = [route(legs) for legs in sorted(direct + indirect)]
        for one in routes_here:  # routes that leave by the same country share its pull
            one.pull = -math.log(sum(other.last == one.last for other in routes_here))
        found[COUNTRIES.index(home)] = routes_here
    return found
