"""The model's parameters: name, unit, default, range, prior, meaning and source.

``parameters.csv`` holds those of the world, ``settings.csv`` those of the levers: strengths and costs, each named
``lever.setting``, with who pays and whose decision it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from numbers import Real
from types import MappingProxyType
from typing import Any, cast

from supplysim.errors import InputError
from supplysim.evidence.citations import resolve
from supplysim.evidence.priors import Prior
from supplysim.evidence.tables import Evidence, number, rows
from supplysim.packs import active

ASSUMPTION = "assumption"  # stands among the sources where no source was found
# Names of the first edition of the rules, and what stands in their place; a file that gives one is told so.
RETIRED = {
    "stop_sale": "vendors hold odds on a site now: set stop_odds",
    "disable_value_loss": "buyers learn it from what they see disabled: set disable_believed",
    "spill_over": "papers of a case name peers now: set named",
    "spill_over_weight": "papers of a case name peers now: set named_weight",
    "spill_over_ties": "papers of a case name peers now: set named",
    "wish_factor": "the wish for compute is money alone now: set demand_scale",
    "taste_legal": "licensed compute has a quota now: set licensed_scale",
    "taste_banned": "licensed compute has a quota now: set beijing_leave",
}
COLUMNS = ("name", "unit", "default", "low", "high", "prior", "meaning", "sources", "note")
PAYERS = ("US appropriation", "foreign state", "industry", "transfer")  # of a setting that is a cost
AUTHORITIES = ("rule", "appropriation", "statute", "foreign state", "vendor")  # whose decision a setting is
LEVER = "lever"  # group of the levers' settings


@dataclass(frozen=True)
class Parameter:
    """One number of the model that a scenario may set."""

    name: str
    symbol: str  # short alias of the literature, accepted in scenario files; empty for most
    group: str
    unit: str
    default: float
    low: float | None  # None: unbounded
    high: float | None
    prior: Prior | None  # None: fixed unless a scenario says otherwise
    meaning: str
    sources: tuple[str, ...]  # evidence ids, or "assumption"
    note: str  # a prior that is fixed says why
    payer: str = ""  # of a lever's cost: one of `PAYERS`
    authority: str = ""  # of a lever's setting: one of `AUTHORITIES`

    @property
    def lever(self) -> str:
        """The lever whose setting it is; empty for a parameter of the world."""
        return self.name.partition(".")[0] if self.group == LEVER else ""

    @property
    def assumed(self) -> bool:
        """Whether no source was found for the value, or only for part of it."""
        return ASSUMPTION in self.sources

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The rows of evidence behind the cited ids."""
        return tuple(row for ref in self.sources if ref != ASSUMPTION for row in resolve(ref))

    def allows(self, value: float) -> bool:
        """Return whether the value lies in the parameter's range.

        The lump of a ``zero_or_lognormal`` is allowed beside the range.
        """
        if value == 0 and self.prior is not None and self.prior.kind == "zero_or_lognormal":
            return True
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Extreme(dict[str, float]):
    """Parameters of a limit case: finite numbers that may lie beyond the ranges of the evidence.

    For known answers only (a world without demand, a fine without a limit): no file, text, command or page says it.
    """


def admissible(value: Any, parameter: Parameter, place: str, remedy: str = "write a number") -> float:
    """Return a number of Python or NumPy as a float inside the parameter's range; -0 is 0.

    Raises
    ------
    InputError
        If it is no number, or lies outside the range; names the place.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputError(place, value, "it is not a number", remedy)
    number = cast(float, value)  # any Real: NumPy's, or a whole number too large for a float
    if not (abs(number) <= sys.float_info.max and parameter.allows(float(number))):  # nan fails the first test
        low, high = ("anything" if end is None else f"{end:g}" for end in (parameter.low, parameter.high))
        rule = f"its range is {low} to {high} ({parameter.unit})"
        raise InputError(place, value, rule, "choose a value inside that range")
    return float(number) + 0.0


def read_parameters(file: str, table: Iterable[Mapping[str, str]]) -> dict[str, Parameter]:
    """Return the parameters of the rows of a CSV file by name, in the file's order.

    Raises
    ------
    ValueError
        When a column is missing, a name stands twice, a number or prior cannot be read, a default lies
        outside its range, or unit, meaning or sources are empty.
    """
    found: dict[str, Parameter] = {}
    for row in table:
        missing = [column for column in COLUMNS if column not in row]
        if missing:
            raise ValueError(f"{file}: column {missing[0]!r} is missing; columns are {', '.join(COLUMNS)}")
        place = f"{file}: {row['name']}"
        if row["name"] in found:
            raise ValueError(f"{place} stands twice; remove one of the rows")
        for column in ("name", "default", "unit", "meaning", "sources"):
            if not row[column]:
                raise ValueError(f"{place}.{column} is empty; fill it in")
        default, low, high = (number(row[column], f"{place}.{column}") for column in ("default", "low", "high"))
        assert default is not None  # not empty, see above
        try:
            prior = Prior.parse(row["prior"], low, high)
        except InputError as error:
            raise ValueError(f"{place}.prior: {error.rule}") from error
        parameter = Parameter(
            name=row["name"],
            symbol=row.get("symbol", ""),
            group=row.get("group", LEVER),
            unit=row["unit"],
            default=default,
            low=low,
            high=high,
            prior=prior,
            meaning=row["meaning"],
            sources=tuple(row["sources"].split()),
            note=row["note"],
            payer=row.get("payer", ""),
            authority=row.get("authority", ""),
        )
        if not parameter.allows(default):
            raise ValueError(f"{place}.default = {default:g}, but the range is {row['low']} to {row['high']}")
        found[parameter.name] = parameter
    return found


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return all parameters by name in the order of the files: those of the world, then the levers' settings.

    Raises
    ------
    InputError
        If a world pack has a prior that cannot be read.
    """
    found: dict[str, Parameter] = {}
    try:
        for name in ("parameters", "settings"):
            found |= read_parameters(f"{name}.csv", rows(name))
    except ValueError as error:
        pack = active()
        if pack is None:
            raise
        raise InputError(f"world pack {pack.folder.name}", None, str(error), "correct it there") from error
    return MappingProxyType(found)
