"""What the cells of a pack's tables must be: numbers in a range, codes of other tables, one of a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Number(NamedTuple):
    """A number from `low` to `high`."""

    low: float
    high: float
    whole: bool = False
    optional: bool = False


class Code(NamedTuple):
    """The code of a row of another table."""

    table: str
    optional: bool = False
    others: tuple[str, ...] = ()  # words besides


class Word(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]


SHARE, COUNT, FREE = Number(0, 1), Number(0, 1e12), Number(-1e12, 1e12)
MAYBE = Number(-1e15, 1e15, optional=True)
YES = Word(("0", "1"))

CELLS: Mapping[str, Mapping[str, Number | Code | Word]] = {
    "agencies": {"country": Code("countries", optional=True), "staff_share": SHARE},
    "calendar": {"how": Word(("series", "add", "multiply", "set")), "weeks": Number(1, 1040, optional=True)},
    "cases": {"units_low": MAYBE, "units_high": MAYBE, "value_usd": MAYBE},
    "channels": {
        **dict.fromkeys(("concealable", "to_us"), SHARE),
        **dict.fromkeys(("size_exponent", "size_scale", "size_cap", "active_factor"), Number(0, 1000)),
        **dict.fromkeys(("honest_factor", "naive_evidence"), Number(0, 1000)),
    },
    "chips": {"h100e": Number(1e-6, 1e6), "list_price": Number(1, 1e9)},
    "classes": {
        **{"count_share": SHARE, "weight": SHARE, "median_order": Number(1, 1e6)},
        **dict.fromkeys(("rented_taste", "domestic_taste"), Number(-20, 20)),
    },
    "countries": {
        **dict.fromkeys(("intermediary_share", "corridor", "honest_weight", "willingness"), SHARE),
        **{"inspection": Number(0, 100), "lookalikes": COUNT, "freight": Number(0, 100)},
        **{"km_to_china": Number(0, 20_100), "agency": Code("agencies", others=("NONE",)), "transit": YES},
        **{"role": Word(("", "rules", "maker", "hub", "destination")), "edge": YES},
        **{"longitude": Number(-180, 180), "latitude": Number(-90, 90)},
    },
    "crossings": {"country": Code("countries"), "neighbour": Code("countries")},
    "levers": dict.fromkeys(("low", "central", "high"), MAYBE),
    "modes": {
        **{"max_lot": Number(1, 1e6, whole=True), "freight": Number(0, 100), "inspection": Number(0, 100)},
        **dict.fromkeys(("weeks_direct", "weeks_transit"), Number(1, 52, whole=True)),
    },
    "parameters": {"default": FREE, "low": MAYBE, "high": MAYBE},
    "quantities": dict.fromkeys(("low", "central", "high"), MAYBE),
    "series": {"year": Number(-1, 60), "value": FREE},
    "settings": {"default": FREE, "low": MAYBE, "high": MAYBE},
    "skus": {"class": Code("chips", optional=True)},
    "supply_by_quarter": dict.fromkeys(("units_p05", "units_p50", "units_p95"), COUNT),
    "supply_projected": {"units": COUNT},
    "targets": {"scatter": MAYBE},
    "vendors": {"share": SHARE, "appeal": Number(0, 1000)},
}
# Columns that may be empty whatever the table; every other one of words must say something.
MAY_BE_EMPTY: tuple[str, ...] = (
    "note",
    "part",
    "text",
    "symbol",
    "scope",
    "change",
    "weeks",
    "payer",
    "authority",
    "iso_numeric",
)
MAY_BE_EMPTY += ("source_url", "source_date", "confidence", "interval_meaning", "period", "theme", "skus", "prior")
MAY_BE_EMPTY += ("conduct_start", "conduct_end", "public", "low", "central", "high")
# Tables whose rows the model's own code names: a pack may change these rows and add none.
NO_NEW_ROWS = ("channels", "modes", "series", "settings")
# Tables whose shipped rows a pack may leave out; all others hold rows that rules or citations name.
INSTEAD = ("calendar", "crossings", "supply_by_quarter", "supply_projected")
MOST_TRANSITS = 12  # countries of transit: more routes than that have no room in the kernels
