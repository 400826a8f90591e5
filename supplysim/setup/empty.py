"""The tables of a world that hold no firms, as they are before the first week (MODEL 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplysim.evidence import table
from supplysim.network.routes import LONGEST
from supplysim.setup.inputs import codes, column
from supplysim.world.columns import AGENCIES, COUNTRIES, GENERATIONS, PRODUCTS, VENDORS, rows
from supplysim.world.records import CASE, LEAD, MOST_CASES
from supplysim.world.state import CHIPS, DESK, DOSSIER, MARKET, Office, Scratch

REFERENCE = 1  # buyers compare prices of the H generation
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
    want, smuggled, outside, others, domestic, rented = np.zeros((6, sizes.buyers))
    return Scratch(
        allocation=np.zeros(sizes.distributors),
        want=want,
        smuggled=smuggled,
        outside=outside,
        others=others,
        domestic=domestic,
        rented=rented,
        domestic_appeal=np.zeros(len(table("classes"))),
        rented_appeal=np.zeros(len(table("classes"))),
        mix=np.zeros(GENERATIONS),
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
        target=np.zeros(targets, np.int64),
        rank=np.zeros(targets),
        rate=np.zeros(AGENCIES),
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


def make_chips() -> np.ndarray:
    """Return the books of chips, one row of CHIPS, all empty."""
    chips = rows(CHIPS, 1)
    chips["reference"] = REFERENCE
    chips["h100e"] = column("chips", "h100e")
    chips["list_price"] = column("chips", "list_price")
    return chips


def make_market() -> np.ndarray:
    """Return prices and beliefs at the start, one row of MARKET."""
    market = rows(MARKET, 1)
    market["mark_up"] = FIRST_MARK_UP
    market["rental_price"] = market["heard"] = market["inspection_weight"] = 1.0
    return market
