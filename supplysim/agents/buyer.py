"""Buyers in China: they choose between smuggled, licensed, rented and domestic compute, and between sellers."""

from __future__ import annotations

import math

from supplysim._compiled import kernel, rule
from supplysim.world.columns import columns, flag, real, whole
from supplysim.world.kind import Kind, Tie
from supplysim.world.streams import lognormal

SELLERS = 8
ORDERS_PER_BUYER = 1 << 20  # an order's identity is (buyer, order count)


BUYER = columns(
    key=whole,  # identity
    row_of=whole,  # row of each key
    kind=whole,  # index of buyer classes
    weight=real,  # share of the wish for compute
    order_median=real,  # chips
    wtp=real,  # highest price over list
    wtp_start=real,  # the same at the start
    served=flag,  # has a seller it can use this week
    need=real,  # chips, built up and not yet ordered
    next_size=whole,  # chips of the next order
    orders=whole,  # orders placed
    seller=(whole, SELLERS),  # rows of intermediaries
    seller_shell=(whole, SELLERS),  # the shell that the tie was made with
    trust=(real, SELLERS),  #
    pull=(real, SELLERS),  # how trust weighs in the choice, see `change_trust`
    received=(whole, SELLERS),  # chips by tie
    cash=whole,  # US$ (negative: spent)
)
KIND = Kind(
    "buyer",
    "buyers",
    BUYER,
    traits=("order_median", "weight", "wtp", "cash"),
    ties=(Tie("intermediary", units="received", rows="seller", shell="seller_shell", trust="trust"),),
)


@kernel
def change_trust(buyer, tie, change, weight):
    """Let a buyer trust a seller more or less; a seller weighs its appeal times e^(weight x trust) (MODEL 7.5).

    The exponential is kept: trust changes with a delivery, and is asked for in every week and search.
    """
    trust = buyer.trust[tie] + change
    buyer.trust[tie] = trust
    buyer.pull[tie] = math.exp(weight * trust)


@kernel
def still_tied(buyer, order):
    """Return whether a buyer's tie still belongs to the shell that took the order."""
    return buyer.seller[order.tie] == order.seller and buyer.seller_shell[order.tie] == order.shell


@rule
def smuggled_utility(taste, response, price, value_loss, wait_response, wait):
    """Return the utility of smuggled chips at an expected price over list and wait (MODEL 7.5)."""
    return taste - response * math.log(price / (1.0 - value_loss)) - wait_response * wait


@rule
def smuggled_share(smuggled, others, domestic, none, scale):
    """Return the share of its wish for which a buyer turns to smugglers (MODEL 7.5).

    Exponentials: of utility over `scale` for smuggled chips and the `others` of the foreign nest together, of utility
    for domestic chips and for none.
    """
    inside = smuggled + others
    nest = inside**scale
    return nest / (nest + domestic + none) * smuggled / inside


@rule
def order_quantity(u, median, sigma, server, largest):
    """Return the size of an order, chips; orders of a server or more are whole servers (MODEL 7.5)."""
    size = min(lognormal(u, median, sigma), largest)
    if size >= server:
        return int(server) * int(size / server + 0.5)
    return max(1, int(size + 0.5))


@rule
def next_wtp(wtp, start, served, rise, fall, ceiling):
    """Return next week's cap on price: it drifts up without a usable seller, else back (MODEL 7.5)."""
    if served:
        return wtp + fall * (start - wtp)
    return min(wtp * (1.0 + rise), ceiling * start)
