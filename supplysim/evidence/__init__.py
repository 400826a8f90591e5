"""The sourced numbers: what is known, from where, how far to trust it, and which inputs rest on it.

Effects of policy levers on diversion have never been measured: every such coefficient is a parameter with
a range and ``assumption`` among its sources.
"""

from supplysim.evidence.citations import resolve
from supplysim.evidence.later import later
from supplysim.evidence.parameters import ASSUMPTION, RETIRED, Extreme, Parameter, admissible, parameters
from supplysim.evidence.places import BUREAU, DESTINATION, HUBS, MAKER, ORIGINS, PLACES, RULES_OF, Place
from supplysim.evidence.priors import Prior
from supplysim.evidence.tables import (
    TABLES,
    Case,
    Evidence,
    Lever,
    Quantity,
    SupplyRow,
    cases,
    levers,
    quantities,
    supply_by_quarter,
    table,
)

__all__ = [
    "ASSUMPTION",
    "BUREAU",
    "DESTINATION",
    "HUBS",
    "MAKER",
    "ORIGINS",
    "PLACES",
    "RETIRED",
    "RULES_OF",
    "TABLES",
    "Case",
    "Evidence",
    "Extreme",
    "Lever",
    "Parameter",
    "Place",
    "Prior",
    "Quantity",
    "SupplyRow",
    "admissible",
    "cases",
    "later",
    "levers",
    "parameters",
    "quantities",
    "resolve",
    "supply_by_quarter",
    "table",
]
