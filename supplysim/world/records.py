"""Orders, shipments, leads and cases: rows that the phases append to, and pandas tables made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.world.columns import AGENCIES, columns, flag, real, rows, whole

if TYPE_CHECKING:
    import pandas as pd

MOST_CASES = 1024  # that all agencies together open in a week

ORDER_OPEN, ORDER_FILLED, ORDER_CANCELLED = 0, 1, 2
IN_TRANSIT, ARRIVED, STOPPED, SEIZED = 0, 1, 2, 3
CASE_OPEN, CASE_PROSECUTION, CASE_LISTING, CASE_LAPSED, CASE_FAILED, CASE_CLEARED = 0, 1, 2, 3, 4, 5

ORDER_STATUS = ("open", "filled", "cancelled")
SHIPMENT_STATUS = ("in transit", "arrived", "stopped", "seized in a case")
CASE_OUTCOME = ("open", "prosecution", "listing", "lapsed", "no conviction", "cleared")

# One row an order of a buyer in China; `open` lists the rows of open orders, oldest first.
ORDER = columns(
    buyer=whole,  # row
    number=whole,  # the buyer's n-th order; (buyer key, number) is the order's identity
    identity=whole,  # key of its draws
    tie=whole,  # which of the buyer's ties
    seller=whole,  # row
    shell=whole,  # the seller's shell
    generation=whole,
    quantity=whole,  # chips
    remaining=whole,  # chips not yet bought
    tried=whole,  # chips that reached a purchase attempt
    unit_price=whole,  # US$
    week=whole,  # placed
    status=whole,  # index of ORDER_STATUS
)

# One row a consignment to China; `moving` lists the rows in transit.
SHIPMENT = columns(
    order=whole,  # row of orders
    seller=whole,  # row
    shell=whole,
    distributor=whole,  # row
    product=whole,
    quantity=whole,  # chips
    reporting=whole,  # of which can report where they are
    switched=whole,  # of which can be disabled
    unit_price=whole,  # US$
    unit_cost=whole,  # US$
    route=whole,  # -1 before dispatch
    week=whole,  # bought
    arrives=whole,  # week; of the seizure, if it was seized in a case
    stop_hop=whole,  # country where it will be stopped, -1 none
    status=whole,  # index of SHIPMENT_STATUS
)

# One row a lead: a log for display; agencies never read `true`.
LEAD = columns(
    week=whole,
    channel=whole,
    agency=whole,  # that received it first
    target=whole,  # slot of an intermediary, or slots + row of an end user
    true=flag,
    weight=real,  # log-odds
)

# One row a case; `open` lists the rows of open cases in the order they were opened.
CASE = columns(
    agency=whole,
    target=whole,
    shell=whole,  # -1 for an end user
    true=flag,
    effort=real,  # investigator-weeks left
    worked=real,  # investigator-weeks done
    opened=whole,  # week
    gone=whole,  # weeks since the shell is gone
    closed=whole,  # week, -1 open
    outcome=whole,  # index of CASE_OUTCOME
    volume=whole,  # chips that the firm had delivered when the case closed
    started=whole,  # week in which the shell began trading
    tip=flag,  # an insider's tip began it
)

# Honest orders that were flagged and wait, oldest first.
DELAYED = columns(
    user=whole,  # row
    product=whole,
    quantity=whole,  # chips
    due=whole,  # week
    placed=whole,  # week
)

# What is asked of distributors this week, honest and illicit alike, before rationing.
REQUEST = columns(
    user=whole,  # row of the end user, -1 for an intermediary
    order=whole,  # row of the order that an intermediary serves, -1 for an end user
    tie=whole,  # which of its supplier ties
    distributor=whole,  # row
    product=whole,
    quantity=whole,  # chips
    kept=whole,  # of which a front keeps
    weight=real,  # priority: lower is served earlier
)

# Principals that will come back as new shells.
RETURN = columns(
    due=whole,  # week
    principal=whole,
    front=flag,
    standing=real,  # share of its full capacity with which it begins
    evidence=(real, AGENCIES),  # log-odds that each agency keeps on the principal
)

# How many rows of each table and list are in use.
COUNTS = columns(
    **dict.fromkeys(
        (
            "orders",
            "open_orders",
            "shipments",
            "moving",
            "leads",
            "cases",
            "open_cases",
            "delayed",
            "requests",
            "returns",
            "dossiers",
            "free_from",  # lowest slot that may be free while firms enter
            "slots",  # of intermediaries that were ever in use: those above are empty
        ),
        whole,
    )
)


def grown(table: np.ndarray, size: int) -> np.ndarray:
    """Return a table or list with room for `size` rows; contents are kept."""
    larger = np.zeros(size, table.dtype) if table.dtype.names is None else rows(table.dtype, size)
    larger[: table.size] = table
    return larger


def frame(table: np.ndarray, used: int) -> pd.DataFrame:
    """Return the used rows as a DataFrame, one column a field."""
    import pandas as pd

    return pd.DataFrame({name: table[name][:used].copy() for name in table.dtype.names or ()})
