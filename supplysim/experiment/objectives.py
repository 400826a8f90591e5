"""What a policy may be for: three objectives, the measure that stands for each, and who pays. In no other place.

Orders differ: what keeps chips out of smugglers' hands may raise what China buys in other ways. So an effect is told on
all three. Frontier compute is counted against a moving bar, half the compute of the newest class; the fixed bar of one
H100 equivalent a chip stands beside it in files.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from supplysim.language import gettext_noop


class Objective(NamedTuple):
    """An objective.

    Attributes
    ----------
    measure : str
        Name in `measures.MEASURES`.
    heading : str
        Above a column of a narrow table.
    words : str
        In a sentence.
    unit : str
        Behind an amount; empty where the heading or a column beside it says it.
    """

    measure: str
    heading: str
    words: str
    unit: str


OBJECTIVES = {
    "chips": Objective("delivered", "chips delivered", gettext_noop("chips delivered"), ""),
    "compute": Objective("compute_h100e", "China's compute", gettext_noop("China's compute"), " H100e"),
    "frontier": Objective("frontier_h100e", "frontier compute", gettext_noop("frontier compute"), ""),
}
BESIDE = {
    "frontier_fixed": Objective("frontier_fixed_h100e", "frontier, fixed bar", "frontier compute by the fixed bar", "")
}
# Payer -> measures of cost, US$: in files, and on screen, where others than the United States stand together.
PAYERS = {"us": ("us_cost",), "foreign": ("foreign_cost",), "industry": ("industry_cost",)}
ON_SCREEN = {"US": ("us_cost",), "others": ("foreign_cost", "industry_cost")}


def aims_of(measures: Container[str], beside: bool = False) -> dict[str, Objective]:
    """Return the objectives whose measure runs report, with `beside` those that stand beside them too."""
    every = OBJECTIVES | BESIDE if beside else OBJECTIVES
    return {name: objective for name, objective in every.items() if objective.measure in measures}
