"""The order of the phases: the model on one screen.

Each phase sees the state that the one before it left; its first lines say what it uses. The same source
serves the compiled run, stepping phase by phase from Python, and the uncompiled reference
(`NUMBA_DISABLE_JIT=1`).
"""

from __future__ import annotations

from typing import NamedTuple

from supplysim._compiled import entry, kernel
from supplysim.phases.accounting import accounting
from supplysim.phases.arrivals import arrivals
from supplysim.phases.asks import asks
from supplysim.phases.buying import buying
from supplysim.phases.detection import detection
from supplysim.phases.dispatch import dispatch
from supplysim.phases.enforcement import enforcement
from supplysim.phases.honest_orders import honest_orders
from supplysim.phases.learning import learning
from supplysim.phases.policy import announce
from supplysim.phases.procurement import procurement
from supplysim.phases.supply import supply
from supplysim.phases.turnover import turnover
from supplysim.world.records import MOST_CASES


class Phase(NamedTuple):
    """One step of the week, and the tables of `World` that it uses; a test holds both lists to the phase's source.

    Settings, parameters, counts and scratch, which every phase uses, are left out.
    """

    name: str
    reads: str  # values that it uses
    writes: str  # values that it sets, moves or adds up


PHASES = (
    Phase(
        "policy",
        reads="vendors, intermediaries, agency_of, market, channels, conditions, baseline",
        writes="intermediaries, market",
    ),
    Phase(
        "supply",
        reads="distributors, chips, conditions",
        writes="vendors, distributors, chips, market, accounts, tally",
    ),
    Phase(
        "honest orders",
        reads=(
            "distributors, end_users, order_chance, intermediaries, agency_of, desks, delayed, channels, conditions"
        ),
        writes="distributors, desks, dossiers, leads, delayed, requests, tally",
    ),
    Phase("asks", reads="distributors, intermediaries, chips, market, conditions", writes="intermediaries, reach"),
    Phase(
        "buying",
        reads=("distributors, intermediaries, buyers, chips, rentable, market, reach, tally, tastes, conditions"),
        writes="intermediaries, buyers, orders, open_orders, market, tally",
    ),
    Phase(
        "procurement",
        reads=(
            "vendors, distributors, end_users, intermediaries, buyers, agency_of, desks, orders, open_orders, "
            "requests, chips, market, directory, channels, conditions"
        ),
        writes=(
            "distributors, end_users, intermediaries, buyers, desks, dossiers, leads, orders, open_orders, "
            "shipments, moving, requests, chips, rentable, accounts, tally"
        ),
    ),
    Phase(
        "dispatch",
        reads=("distributors, intermediaries, orders, shipments, moving, market, routes, channels, conditions"),
        writes="intermediaries, shipments, accounts, tally",
    ),
    Phase(
        "arrivals",
        reads=(
            "distributors, end_users, intermediaries, buyers, agency_of, desks, orders, shipments, moving, chips, "
            "market, routes, channels, conditions"
        ),
        writes=(
            "end_users, intermediaries, buyers, desks, dossiers, leads, shipments, moving, chips, rentable, "
            "market, accounts, tally"
        ),
    ),
    Phase(
        "detection",
        reads="end_users, intermediaries, agencies, agency_of, desks, market, channels, conditions",
        writes="end_users, intermediaries, agencies, desks, dossiers, leads, returns, market, accounts, tally",
    ),
    Phase(
        "enforcement",
        reads=(
            "distributors, end_users, intermediaries, buyers, agencies, agency_of, desks, dossiers, cases, "
            "open_cases, orders, shipments, moving, routes, channels, conditions"
        ),
        writes=(
            "distributors, intermediaries, agencies, desks, dossiers, cases, open_cases, leads, shipments, "
            "moving, returns, chips, accounts, tally"
        ),
    ),
    Phase(
        "learning",
        reads="vendors, intermediaries, orders, chips, market, tally, conditions",
        writes="intermediaries, market, tally",
    ),
    Phase(
        "turnover",
        reads="intermediaries, desks, returns, chips, market, tally, directory, conditions",
        writes="intermediaries, desks, dossiers, returns, market, accounts, tally",
    ),
    Phase(
        "accounting",
        reads=(
            "users_in, lookalikes, intermediaries, orders, open_orders, shipments, moving, market, tally, conditions"
        ),
        writes="tally",
    ),
)


@kernel
def one_phase(w, week, phase):
    """Run one phase of the week, by its place in `PHASES`."""
    if phase == 0:
        announce(w, week)
    elif phase == 1:
        supply(w, week)
    elif phase == 2:
        honest_orders(w, week)
    elif phase == 3:
        asks(w, week)
    elif phase == 4:
        buying(w, week)
    elif phase == 5:
        procurement(w, week)
    elif phase == 6:
        dispatch(w, week)
    elif phase == 7:
        arrivals(w, week)
    elif phase == 8:
        detection(w, week)
    elif phase == 9:
        enforcement(w, week)
    elif phase == 10:
        learning(w, week)
    elif phase == 11:
        turnover(w, week)
    elif phase == 12:
        accounting(w, week)


@kernel
def has_room(w):
    """Return whether every table has room for the most rows that one week can add."""
    counts = w.counts[0]
    buyers, users, slots = w.buyers.size, w.end_users.size, w.intermediaries.size
    pending = counts.open_orders + buyers
    return (
        counts.orders + buyers <= w.orders.size
        and pending <= w.open_orders.size
        and counts.shipments + pending <= w.shipments.size
        and counts.moving + pending <= w.moving.size
        and counts.leads + 8 * (slots + users) + 4 * pending + counts.delayed + counts.open_cases * slots
        <= w.office.leads.size
        and counts.cases + MOST_CASES <= w.office.cases.size
        and counts.open_cases + MOST_CASES <= w.office.open_cases.size
        and counts.delayed + users <= w.delayed.size
        and counts.returns + 3 * slots <= w.returns.size
        and 2 * users + counts.delayed + pending <= w.requests.size
    )


@entry
def run(w, week, until, first, last):
    """Run phases `first` to `last` of the weeks from `week` up to `until`.

    Returns the week reached: earlier than `until` if a table must grow before the next week.
    """
    while week < until and has_room(w):
        for phase in range(first, last + 1):
            one_phase(w, week, phase)
        week += 1
    return week
