"""The country graph and the routes through it: modes x transit countries (MODEL 7.7, 16.5).

Countries are nodes, one edge a mode of transport. A route leads from the country of purchase to China in
one leg or, through one transit country, in two. Modes are aggregate categories only.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplysim._compiled import rule
from supplysim.evidence import DESTINATION, table
from supplysim.world.columns import columns, real, rows, whole

if TYPE_CHECKING:
    import networkx as nx

FREIGHT_MODES = ("air", "sea")
LONGEST = 64  # more routes than any origin has
NO_WAY = -1e300  # utility of a route that cannot be taken
_VANISHES = -690.0  # below it a route's weight is 0


ROUTE = columns(
    transit=whole,  # country in between, -1 direct
    last=whole,  # last country before China
    pull=real,  # less the log of how many routes of the origin leave by that country
    max_lot=whole,  # chips
    freight=real,  # US$/chip
    weeks=whole,  # from purchase to arrival
    inspection_origin=real,  # multiple of the origin's inspection by mode
    inspection_transit=real,  # the same for the transit country
)


Legs = tuple[tuple[str, str, str], ...]


class Routes(NamedTuple):
    """The routes of every origin, those of one origin together."""

    first: np.ndarray  # int64 (countries + 1,), first route of each origin
    row: np.ndarray  # ROUTE (routes,)


@cache
def crossings() -> dict[tuple[str, str], list[str]]:
    """Return the modes of transport between countries: (from, to) -> modes that can be used."""
    codes = [row["code"] for row in table("countries")]
    found = {
        (origin, destination): [*FREIGHT_MODES, *(["hand"] if destination == DESTINATION else [])]
        for origin in codes
        for destination in codes
        if origin not in (destination, DESTINATION)
    }
    for row in table("crossings"):
        for pair in ((row["country"], row["neighbour"]), (row["neighbour"], row["country"])):
            if pair in found:
                found[pair].append("land")
    return found


def country_graph() -> nx.MultiDiGraph:
    """Return the country graph: nodes with inspection and freight, one edge a mode that can be used."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    for row in table("countries"):
        graph.add_node(
            row["code"],
            name=row["name"],
            inspection=float(row["inspection"]),
            freight=float(row["freight"]),
            transit=row["transit"] == "1",
        )
    graph.add_edges_from((*pair, mode) for pair, modes in crossings().items() for mode in modes)
    return graph


def _may_follow(first: str, second: str) -> bool:
    """Return whether goods that came by one mode plausibly go on by another."""
    return first == second or first == "land" or second == "land" or (second == "hand" and first == "air")


def find_routes(origin: str) -> list[Legs]:
    """Return every usable route from a country to China as tuples of (from, to, mode) legs, sorted.

    Written out, since networkx, which a test compares it with, takes longer to load than a short run takes.
    """
    modes = crossings()
    found: list[Legs] = [((origin, DESTINATION, mode),) for mode in modes.get((origin, DESTINATION), ())]
    for row in table("countries"):
        transit = row["code"]
        if row["transit"] != "1" or transit in (origin, DESTINATION):
            continue
        found += [
            ((origin, transit, first), (transit, DESTINATION, second))
            for first in modes[origin, transit]
            for second in modes[transit, DESTINATION]
            if _may_follow(first, second)
        ]
    return sorted(found)


@cache
def read_routes(freight: float, freight_transit: float) -> Routes:
    """Return the route table.

    Parameters
    ----------
    freight, freight_transit : float
        Air freight of a chip over a reference distance, and further freight through a transit country, US$.
    """
    countries = {row["code"]: row for row in table("countries")}
    codes = [*countries]
    modes = {row["code"]: row for row in table("modes")}
    first = [0]
    found: list[tuple[int, int, int, float, int, float, float]] = []
    for origin in codes:
        for legs in find_routes(origin) if origin != DESTINATION else []:
            used = [modes[mode] for _, _, mode in legs]
            cost = freight * float(countries[origin]["freight"]) * float(used[0]["freight"])
            transit = -1
            weeks = int(used[0]["weeks_direct"])
            if len(legs) == 2:
                transit = codes.index(legs[0][1])
                cost += freight_transit * float(countries[legs[0][1]]["freight"]) * float(used[1]["freight"])
                weeks = max(int(mode["weeks_transit"]) for mode in used)
            found.append(
                (
                    transit,
                    codes.index(legs[-1][0]),
                    min(int(mode["max_lot"]) for mode in used),
                    cost,
                    weeks,
                    float(used[0]["inspection"]),
                    float(used[-1]["inspection"]),
                )
            )
        first.append(len(found))
    assert max(np.diff(first)) <= LONGEST, "more routes from one country than dispatch has room for"
    row = rows(ROUTE, len(found))
    fields = [name for name in ROUTE.names or () if name != "pull"]
    for field, values in zip(fields, zip(*found, strict=True), strict=True):
        row[field] = values
    for start, stop in pairwise(first):
        last = row["last"][start:stop]
        row["pull"][start:stop] = -np.log(np.bincount(last)[last]) if stop > start else 0.0
    return Routes(np.array(first), row)


@rule
def stop_chance(exposure, mode_factor, most, rate):
    """Return the true chance that a hop stops a diverted consignment (MODEL 7.7)."""
    return min(most, exposure * mode_factor) * rate


@rule
def route_utility(freight, weeks, hazard, cost, response, loss_factor, week_cost):
    """Return the utility of a route: less freight, expected loss and time, over the value sent (MODEL 7.7)."""
    return -response * (freight + loss_factor * hazard * cost + week_cost * weeks) / cost


@rule
def exponential(x):
    """Return e^x for x <= 0: within 1e-12 of its value down to e^-90, 0 below e^-690.

    Ten squarings of a polynomial at x / 1024: only sums and products, so that the weights of all routes are worked
    out side by side, and the same on every platform. With the C library's function, 28 calls a consignment, this
    took a third of the phase.
    """
    y = max(x, _VANISHES) * (1.0 / 1024.0)
    e = 1.0 / 120.0 + y * (1.0 / 720.0 + y * (1.0 / 5040.0))
    e = 1.0 + y * (1.0 + y * (1.0 / 2.0 + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * e))))
    for _ in range(10):
        e *= e
    return e if x > _VANISHES else 0.0
