"""Chip vendors: three firms that make the chips, allocate them and decide what is built into them."""

from __future__ import annotations

from supplysim._compiled import rule
from supplysim.world.columns import GENERATIONS, columns, real, whole
from supplysim.world.kind import Kind

VENDOR = columns(
    key=whole,  # identity
    share=real,  # share of controlled supply
    appeal=real,  # weight of the brand for buyers in China, leading vendor = 1
    cash=whole,  # US$
    sold=(whole, GENERATIONS),  # chips sold to distributors so far
    sold_direct=(whole, GENERATIONS),  # chips sold on direct contracts so far
)
KIND = Kind("vendor", "vendors", VENDOR, traits=("share", "appeal", "cash"), codes="vendors")


@rule
def featured_units(quantity, feature_share):
    """Return how many of a batch of new chips carry the feature, chips (MODEL 7.2)."""
    return int(quantity * feature_share + 0.5)
