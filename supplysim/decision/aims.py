"""What a choice may be for: the objectives of `experiment.objectives`, smuggled compute, burden on honest trade.

The burden is what error and delay cost those who trade honestly, in US$: visits and waiting, consignments opened at
borders, sales lost after a flag, chips switched off in error. Costs of compliance are a budget's, and not in it.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from supplysim.experiment.objectives import OBJECTIVES
from supplysim.language import gettext_noop


class Aim(NamedTuple):
    """Something of which less is better.

    Attributes
    ----------
    measures : tuple of str
        Names in `measures.MEASURES`, added up.
    words : str
        In a sentence.
    unit : str
        Of an amount, many of them: ``chips``.
    """

    measures: tuple[str, ...]
    words: str
    unit: str


AIMS = {
    "chips": Aim((OBJECTIVES["chips"].measure,), OBJECTIVES["chips"].words, gettext_noop("chips")),
    "smuggled": Aim(("delivered_h100e",), gettext_noop("smuggled compute"), "H100e"),
    "compute": Aim((OBJECTIVES["compute"].measure,), OBJECTIVES["compute"].words, "H100e"),
    "frontier": Aim((OBJECTIVES["frontier"].measure,), OBJECTIVES["frontier"].words, "H100e"),
    "burden": Aim(
        ("buyer_cost", "trade_cost", "lost_sales_cost", "false_disable_cost"),
        gettext_noop("the burden on honest trade"),
        "US$",
    ),
}


def reported(measures: Container[str]) -> dict[str, Aim]:
    """Return the aims whose measures runs report: a stand-in for the model may report fewer."""
    return {name: aim for name, aim in AIMS.items() if all(measure in measures for measure in aim.measures)}
