"""The tables of a world that hold no firms, as they are before the first week (MODEL 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplysim.evidence import table
from supplysim.network.routes import LONGEST
from supplysim.setup.inputs import codes, column
from supplysim.world.columns import AGENCIES, COUNTRIES, GENERATIONS, PRODUCTS, SUBSTITUTES, VENDORS, rows
from supplysim.world.records import CASE, LEAD, MOST_CASES
from supplysim.world.state import CHIPS, DESK, DOSSIER, MARKET, Office, Scratch

FIRST_CLASS = 1  # the class of a typical order before any trade: H
NO_CORRIDOR = 1e-4  # attraction of a country that is nobody's corridor, for traders that leave from there all the same
FIRST_MARK_UP = 1.4  # the reference price over list before any trade; forgotten within months


def identified(kind: np.dtype, count: int) -> np.ndarray:
    """Return `count` empty rows of a kind of firm, each with its identity."""
    firms = rows(kind, count)
    firms["key"] = np.arange(count)
    if "row_of" in (kind.names or ()):
        firms["row_of"] = np.arange(count)
    return firms


def make_scratch(sizes: Any, targets: int, requests: int) -> Scratch:
    """Return the working space of a week."""
    buckets = sizes.distributors * PRODUCTS
    want, smuggled = np.zeros((2, sizes.buyers))
    cheap, demand, slope, offer, floor = np.zeros((5, SUBSTITUTES))
    return Scratch(
        allocation=np.zeros(sizes.distributors),
        want=want,
        smuggled=smuggled,
        kind=np.zeros(sizes.buyers, np.int64),
        appeal=np.zeros((len(table("classes")), SUBSTITUTES)),
        cheap=cheap,
        demand=demand,
        slope=slope,
        offer=offer,
        floor=floor,
        running_mix=np.zeros(GENERATIONS),
        room=np.zeros(sizes.intermediaries, np.int64),
        cash=np.zeros(sizes.intermediaries, np.int64),
        usable=np.zeros((sizes.distributors, PRODUCTS)),
        usable_of=np.zeros((sizes.distributors, GENERATIONS)),
        brands=np.zeros(VENDORS),
        start=np.zeros(buckets + 1, np.int64),
        filled=np.zeros(buckets, np.int64),
        in_order=np.zeros(requests, np.int64),
        believed=np.zeros(COUNTRIES),
        running=np.zeros(LONGEST),
        border_score=np.zeros(COUNTRIES),
        opened_most=np.zeros(COUNTRIES),
        target=np.zeros(targets, np.int64),
        rank=np.zeros(targets),
        rate=np.zeros(AGENCIES),
        looks=np.zeros(COUNTRIES),
        chance=np.zeros(COUNTRIES),
        watched=np.zeros(sizes.intermediaries),
        links=np.zeros(sizes.intermediaries, np.int64),
    )


def make_office(agencies: np.ndarray, targets: int) -> Office:
    """Return the agencies with empty desks; a country without an agency belongs to the last one."""
    names = codes("agencies")
    agency_of = [names.index(row["agency"]) if row["agency"] in names else len(names) - 1 for row in table("countries")]
    return Office(
        agencies=agencies,
        agency_of=np.array(agency_of),
        desks=rows(DESK, AGENCIES, targets),
        dossiers=rows(DOSSIER, AGENCIES * targets),
        leads=rows(LEAD, 16 * targets + 4096),
        cases=rows(CASE, 2 * MOST_CASES),
        open_cases=np.zeros(2 * MOST_CASES, np.int64),
    )


def make_chips(p: Any) -> np.ndarray:
    """Return the books of chips, one row of CHIPS, all empty; classes to come have the compute that a run draws."""
    chips = rows(CHIPS, 1)
    chips["h100e"] = column("chips", "h100e")
    names = codes("chips")
    chips["h100e"][0, names.index("R")] = p["rubin_h100e"]
    chips["h100e"][0, names.index("U")] = p["ultra_h100e"]
    chips["list_price"] = column("chips", "list_price")
    return chips


def multiplied(share: str, names: str, p: Any) -> np.ndarray:
    """Return a share of countries times the multiples `names` of single ones (1 where there is none), sum 1."""
    multiple = [
        p[f"{names}_{code.lower()}"] if f"{names}_{code.lower()}" in p.dtype.names else 1.0
        for code in codes("countries")
    ]
    shares = column("countries", share) * multiple
    return shares / shares.sum()


def make_market(corridor: np.ndarray) -> np.ndarray:
    """Return prices and beliefs at the start, one row of MARKET; `corridor` is the attraction of each country."""
    market = rows(MARKET, 1)
    market["mark_up"] = FIRST_MARK_UP
    market["mix"][0, FIRST_CLASS] = 1.0
    market["corridor_log"] = np.log(np.maximum(corridor, NO_CORRIDOR))
    market["rental_price"] = market["heard"] = market["inspection_weight"] = market["dearer"] = 1.0
    return market
