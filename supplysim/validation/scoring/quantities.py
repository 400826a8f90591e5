"""What can be scored: every measure and what the model says is published, whole or by class, route or channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from supplysim.errors import InputError, nearest
from supplysim.evidence import table
from supplysim.experiment.given import ALIASES, COMPUTE
from supplysim.outputs.combining import Combining, Mean, Span, Total
from supplysim.outputs.measures import MEASURES
from supplysim.validation.scoring.rules import AMOUNT, COUNT

if TYPE_CHECKING:
    import numpy as np

PUBLISHED = {  # lines of `outputs.observation`, which loads compiled code
    "seizures_published": ("chips", "seizures that came out"),
    "prosecutions_published": ("cases", "prosecutions that came out"),
    "listing_count": ("listings", "marketplace listings of small sellers, mean of the weeks"),
}
VALUE = "value"  # a line of the weekly books that is no measure
GAP = "mirror_gap"  # by route: chips that trade statistics miss
CHANNELS = {"smuggled": "delivered_h100e"} | {
    name: f"{name}_h100e" for name in ("licensed", "rented", "offshore", "domestic")
}
COUNTED = ("cases", "firms", "orders", "leads", "reports", "consignments", "audits", "listings")
SCALES = {"k ": 1e3, "thousand ": 1e3, "M ": 1e6, "million ": 1e6, "bn ": 1e9, "billion ": 1e9}


@dataclass(frozen=True)
class Counted:
    """A quantity as the model counts it.

    Attributes
    ----------
    name : str
        ``delivered``, ``delivered:B``, ``delivered_via:MY``, ``seizures_published``: its name in the model's books.
    unit, meaning : str
    made : Combining
        How it is made of the weeks of a period.
    """

    name: str
    unit: str
    meaning: str
    made: Combining

    @property
    def kind(self) -> str:
        """Which family of distributions its log score takes."""
        return COUNT if self.unit in COUNTED and isinstance(self.made, Total) else AMOUNT

    @property
    def grows(self) -> bool:
        """Whether it adds up over time, so that a naive rival lets it grow with supply."""
        return isinstance(self.made, Total)

    def over(self, weeks: Mapping[str, np.ndarray], first: int, end: int) -> float:
        """Return it over the weeks from `first` up to, not including, `end`, from weekly columns."""
        sums = {name: float(weeks[name][first:end].sum()) for name in self.made.columns}
        return self.made.over_span(Span(sums, end - first))

    def scale(self, unit: str, place: str) -> float:
        """Return what a number in a unit is times to be in this one: ``M H100e``, ``%``, ``chips``.

        Raises
        ------
        InputError
            If it is another unit.
        """
        if unit == self.unit:
            return 1.0
        if unit == "%" and self.unit == "share":
            return 0.01
        for prefix, scale in SCALES.items():
            if unit == prefix + self.unit:
                return scale
        raise InputError(f"{place}: unit", unit, f"{self.name} is counted in {self.unit}", f"write {self.unit}")


@cache
def quantities() -> Mapping[str, Counted]:
    """Return what the model counts and somebody may publish, by name."""
    found = {name: Counted(name, each.unit, each.meaning, each.made) for name, each in MEASURES.items()}
    for name, (unit, meaning) in PUBLISHED.items():
        found[name] = Counted(name, unit, meaning, Mean(name) if unit == "listings" else Total(name))
    found[VALUE] = Counted(VALUE, "US$", "paid by buyers in China for diverted chips", Total(VALUE))
    for row in table("chips"):
        name = f"delivered:{row['code']}"
        found[name] = Counted(name, "chips", f"deployed in China, {row['name']}", Total(name))
    for row in table("countries"):
        via, gap = f"delivered_via:{row['code']}", f"{GAP}:{row['code']}"
        if f"route_share:{row['code']}" in MEASURES:
            found[via] = Counted(via, "chips", f"deployed in China by way of {row['name']}", Total(via))
        if row["transit"] == "1":
            found[gap] = Counted(gap, "chips", f"missing in trade statistics of {row['name']}", Total(gap))
    return found


@cache
def classes() -> Mapping[str, str]:
    """Return code and every product of a class of chips, in small letters -> its code."""
    found: dict[str, str] = {}
    for row in table("chips"):
        products = row["skus"].replace("/", " ").split()
        found |= {name.lower(): row["code"] for name in (row["code"], *products)}
    return found


def counted(quantity: str, chip: str, route: str, channel: str, place: str) -> Counted:
    """Return a quantity, narrowed to a class of chips, a last country before China, or a channel of compute.

    Raises
    ------
    InputError
        If there is no such quantity, or the model does not count it that way.
    """
    known, name = quantities(), ALIASES.get(quantity, quantity)
    narrowed = {"class": chip, "route": route, "channel": channel}
    asked = {column: code for column, code in narrowed.items() if code}
    if len(asked) > 1:
        columns = " and ".join(asked)
        raise InputError(place, None, f"narrowed by {columns}, and the model counts nothing by both", "keep one")
    heads = {each.partition(":")[0] for each in known}
    if name not in known and name not in heads:
        names = [*ALIASES, *(each for each in known if ":" not in each), *(head for head in heads)]
        raise InputError(f"{place}: quantity", quantity, "there is no such quantity", nearest(quantity, names))
    for column, code in asked.items():
        name = _narrowed(quantity, name, column, code, place)
    if name not in known:
        codes = ", ".join(sorted(each.partition(":")[2] for each in known if each.startswith(f"{name}:")))
        column = "class" if name.startswith("price") else "route"
        raise InputError(f"{place}: quantity", quantity, f"it is counted by {column} alone", f"name one of {codes}")
    return known[name]


def _narrowed(quantity: str, name: str, column: str, code: str, place: str) -> str:
    """Return the name of a part of a quantity."""
    parts = {
        "class": {key: f"{name}:{of}" for key, of in classes().items()},
        "route": {
            row["code"].lower(): f"{'delivered_via' if name == 'delivered' else name}:{row['code']}"
            for row in table("countries")
        },
        "channel": CHANNELS if name == COMPUTE else {},
    }[column]
    possible = {key: part for key, part in parts.items() if part in quantities()}
    if not possible:
        rule = f"the model does not count {quantity} by {column}"
        raise InputError(f"{place}: {column}", code, rule, "leave it empty")
    if code.lower() not in possible:
        names = sorted({part.partition(":")[2] or key for key, part in possible.items()})
        raise InputError(f"{place}: {column}", code, f"{quantity} has no such {column}", nearest(code, names))
    return possible[code.lower()]
