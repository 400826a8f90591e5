"""Distributors: firms that hold stock, price it by how scarce it is, and screen who buys it."""

from __future__ import annotations

from supplysim._compiled import rule
from supplysim.world.columns import PRODUCTS, VENDORS, columns, flag, real, whole
from supplysim.world.kind import Kind, Tie

DISTRIBUTOR = columns(
    key=whole,  # identity
    row_of=whole,  # row of each key: allocations visit firms by identity
    country=whole,  # index of countries
    share=real,  # of the channel
    complicit=flag,  # does not screen
    carries=(whole, VENDORS),  # 1 if it sells that vendor's chips
    screening_offset=real,  # score
    alert=real,  # score taken off the threshold after a customer's prosecution
    stock=(whole, PRODUCTS),  # chips
    reporting=(whole, PRODUCTS),  # chips of stock that can report where they are
    switched=(whole, PRODUCTS),  # chips of stock that can be disabled
    mark_up=real,  # share of list price
    requested=whole,  # chips asked for this week
    demand=real,  # chips/week, memory of requests
    cash=whole,  # US$
    received=(whole, VENDORS),  # chips received so far
)
KIND = Kind(
    "distributor",
    "distributors",
    DISTRIBUTOR,
    stock=("stock",),
    featured=("reporting", "switched"),
    traits=("share", "complicit", "mark_up", "cash"),
    ties=(Tie("vendor", units="received", open="carries"),),
)


@rule
def resale_price(list_price, mark_up):
    """Return the price of one chip, whole US$ (MODEL 7.2)."""
    return int(list_price * (1.0 + mark_up) + 0.5)


@rule
def unproven_mark_up(mark_up, dearer):
    """Return the mark-up that a buyer without standing pays: the usual one, and the premium of the class on top."""
    return (1.0 + mark_up) * dearer - 1.0


@rule
def unproven_limit(share, stock, u):
    """Return the most chips of a stock that unproven buyers get in a week, in whole chips by keyed rounding."""
    return stock if share >= 1.0 else int(share * stock + u)


@rule
def next_mark_up(mark_up, cover, target_cover, speed, highest):
    """Return next week's mark-up: it rises when stock covers fewer weeks than the target (MODEL 7.2)."""
    gap = (target_cover - min(cover, 2.0 * target_cover)) / target_cover
    return min(max(mark_up + speed * gap, 0.0), highest)


@rule
def allocation_share(share, demand, total_demand, memory):
    """Return a distributor's share of new supply: part size, part past orders (MODEL 7.2)."""
    past = demand / total_demand if total_demand > 0.0 else share
    return (1.0 - memory) * share + memory * past


@rule
def screening_bar(threshold, offset, alert):
    """Return the score at which this distributor flags a purchase."""
    return threshold + offset - alert
