"""The order of the phases: the model on one screen.

Each phase sees the state that the one before it left; its call says what it reads and writes. The same source
serves the compiled run, stepping phase by phase from Python, and the uncompiled reference
(`NUMBA_DISABLE_JIT=1`).
"""

from __future__ import annotations

from typing import NamedTuple

from supplysim._compiled import kernel, rule
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
    """One step of the week."""

    name: str
    reads: str
    writes: str


PHASES = (
    Phase("policy", "lever schedules, beliefs", "beliefs about rules that take force"),
    Phase("supply", "published supply, sizes, past orders", "distributor stock, featured stock, cash"),
    Phase("honest orders", "order rates, stock, screening", "requests, delayed orders, false leads"),
    Phase("asks", "beliefs, mark-ups, margins, reference price", "asks, participation, appeal"),
    Phase("buying", "asks, trust, backlog, substitutes", "needs, orders, backlog, ties, rented compute"),
    Phase("procurement", "open orders, cash, stock, requests", "stock, cash, mark-ups, shipments, refusals"),
    Phase("dispatch", "beliefs, routes, border", "routes, what hops will do, freight"),
    Phase("arrivals", "shipments due", "chips deployed or seized, payments, trust, leads"),
    Phase("detection", "activity, featured consignments, channels", "leads, evidence, holds"),
    Phase("enforcement", "evidence, investigators", "cases, removals, seizures, fines, alerts"),
    Phase("learning", "own, others' and public events", "beliefs, margins, reference price"),
    Phase("turnover", "cash, idleness, lagged profit", "active firms, newcomers, returns"),
    Phase("accounting", "everything", "weekly books"),
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
        and counts.leads + 7 * (slots + users) + 4 * pending + counts.delayed + counts.open_cases * slots
        <= w.office.leads.size
        and counts.cases + MOST_CASES <= w.office.cases.size
        and counts.open_cases + MOST_CASES <= w.office.open_cases.size
        and counts.delayed + users <= w.delayed.size
        and counts.returns + 2 * slots <= w.returns.size
        and 2 * users + counts.delayed + pending <= w.requests.size
    )


@rule
def run(w, week, until, first, last):
    """Run phases `first` to `last` of the weeks from `week` up to `until`.

    Returns the week reached: earlier than `until` if a table must grow before the next week.
    """
    while week < until and has_room(w):
        for phase in range(first, last + 1):
            one_phase(w, week, phase)
        week += 1
    return week
