"""A lever without code: what a file declares of it, and the class that acts as declared.

The definition travels with every policy (workers make the class again from it) and is its fingerprint (a finished run
answers for this definition and no other). `lever_files.py` reads and checks the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from supplysim.policies.base import Physical, Policy, setting
from supplysim.policies.movable import movable, places

if TYPE_CHECKING:
    import numpy as np

    from supplysim.world.conditions import Baseline, Shift

MODULE = "levers_in_files"  # what their classes say they are of: no module of this package
HOW = ("add", "times", "to")  # at full strength: this much more, so many times as much, or this much in all
# Who pays -> the declared cost of `Policy` that it is part of.
PAID = {"US appropriation": "government_cost", "foreign state": "foreign_cost", "industry": "industry_cost"}
PER_CHIP = "industry, an honest chip"  # US$ a chip that is sold honestly
PAYERS = (*PAID, PER_CHIP)


@dataclass(frozen=True, kw_only=True)
class Declared(Policy):
    """A lever that a file describes: conditions that it shifts, and what that costs."""

    definition: ClassVar[str]  # the checked table as JSON, one text for one meaning
    moves: ClassVar[tuple[Mapping[str, Any], ...]]
    costs: ClassVar[tuple[Mapping[str, Any], ...]]
    moved: ClassVar[Mapping[str, Any]]

    @classmethod
    def fingerprint(cls) -> str:
        """Return all that the lever does."""
        return cls.definition

    @classmethod
    def physical(cls) -> Physical:
        """Return what the file says that the lever moves, in the world's own units."""
        return Physical(**cls.moved) if cls.moved else super().physical()

    @classmethod
    def details(cls) -> dict[str, list[str]]:
        """Return every declared shift and cost in words."""
        return {"How it acts here": [*map(_shift_told, cls.moves)], "Who pays": [*map(_cost_told, cls.costs)]}

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a worker, which has not read the file, make the class again."""
        return _again, (self.lever, self.definition, {one.name: getattr(self, one.name) for one in fields(self)})

    def shifts(self, base: Baseline) -> Iterator[Shift]:
        """Yield every declared shift, at the places to which file and user narrow it."""
        from supplysim.world.conditions import Shift

        x = self.strength(base)
        for move in self.moves:
            name = move["condition"]
            for at in self._places(move, base):
                usual = base.conditions[name][(slice(None), *at)]
                yield Shift(name, x * self._change(move, usual), at)

    def _change(self, move: Mapping[str, Any], usual: np.ndarray) -> np.ndarray | float:
        """Return how far a shift at full strength moves a condition, shape (weeks,) or one number."""
        (how,) = (key for key in HOW if key in move)
        amount = self._number(move[how])
        return amount if how == "add" else usual * (amount - 1.0) if how == "times" else amount - usual

    def _places(self, move: Mapping[str, Any], base: Baseline) -> Iterator[tuple[int, ...]]:
        """Yield where a shift acts, as `Shift.at` says it."""
        along, only = movable()[move["condition"]].along, move.get("only")
        if not along:
            yield ()
            return
        if along == "countries":
            rows = base.country_rows(self.countries, self.agencies)
        elif along == "agencies":
            rows = base.agency_rows(self.countries, self.agencies)
        elif along == "vendors":
            rows = base.vendor_rows(self.vendors)
        elif along == "chips" and self.skus:
            rows = base.licences_of(self.skus)
        else:
            rows = list(range(len(places(along))))
        yield from ((row,) for row in rows if only is None or places(along)[row] in only)

    def _number(self, amount: float | str) -> float:
        """Return a number of the file: itself, or the setting that it names."""
        return float(getattr(self, amount)) if isinstance(amount, str) else amount

    def government_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week from appropriations of the United States, shape (weeks,)."""
        return self._paid("government_cost", base)

    def foreign_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week from the treasuries of other states, shape (weeks,)."""
        return self._paid("foreign_cost", base)

    def industry_cost(self, base: Baseline) -> np.ndarray:
        """Return US$ a week that industry pays, shape (weeks,)."""
        return self._paid("industry_cost", base)

    def industry_cost_per_chip(self, base: Baseline) -> np.ndarray:
        """Return US$ per honestly sold chip, shape (weeks,): those are no sums a year."""
        return 52.0 * self._sum(base, PER_CHIP)

    def _paid(self, cost: str, base: Baseline) -> np.ndarray:
        (payer,) = (name for name, declared in PAID.items() if declared == cost)
        return self._sum(base, payer)

    def _sum(self, base: Baseline, payer: str) -> np.ndarray:
        """Return a 52nd of what a payer pays, shape (weeks,): fixed at any strength, variable with the strength."""
        total = base.nothing()
        for cost in self.costs:
            if cost["payer"] == payer:
                fixed, variable = (self._number(cost.get(part, 0.0)) for part in ("fixed", "variable"))
                total = total + self.fixed(fixed, base) + self.variable(variable, base)
        return total


def _shift_told(move: Mapping[str, Any]) -> str:
    (how,) = (key for key in HOW if key in move)
    only = f" of {', '.join(move['only'])}" if "only" in move else ""
    return f"Shift: {move['condition']}{only}, {how} {_written(move[how])} at full strength."


def _cost_told(cost: Mapping[str, Any]) -> str:
    unit = "US$ a chip" if cost["payer"] == PER_CHIP else "US$ a year"
    parts = {"fixed": "at any strength", "variable": "at full strength"}
    sums = " and ".join(f"{_written(cost[part])} {unit} {when}" for part, when in parts.items() if part in cost)
    decided = f", decided by: {cost['authority']}" if "authority" in cost else ""
    return f"Cost: {cost.get('meaning', 'not named')}; {sums}; paid by: {cost['payer']}{decided}."


def _written(amount: float | str) -> str:
    return amount if isinstance(amount, str) else f"{amount:,.12g}"


def of_table(name: str, table: Mapping[str, Any]) -> type[Declared]:
    """Return the lever that a checked table describes; the same class for the same table."""
    return _made(name, json.dumps(table, sort_keys=True))


@lru_cache(maxsize=1024)
def _made(name: str, definition: str) -> type[Declared]:
    told = json.loads(definition)
    own = {key: setting(**values) for key, values in told["settings"].items()}
    namespace = {
        "__module__": MODULE,
        "__doc__": told["does"],
        "__annotations__": dict.fromkeys(own, float),
        **own,
        **{key: told[key] for key in ("title", "short", "group", "mechanism", "response", "unknown", "law")},
        **{key: told[key] for key in ("payer", "burden", "ramp_weeks", "needs_scope", "costs")},
        **{key: tuple(told[key]) for key in ("sources", "scopes")},
        "lever": name,
        "definition": definition,
        "moves": told["shifts"],
        "moved": told["physical"],
    }
    kind = type("".join(part.capitalize() for part in name.split("_")), (Declared,), namespace)
    return dataclass(frozen=True, kw_only=True)(kind)


def tables_of(policies: Iterable[Policy]) -> dict[str, dict[str, Any]]:
    """Return the definitions of those policies that files describe, by name, as a file would hold them."""
    found = {}
    for policy in policies:
        if isinstance(policy, Declared):
            told = json.loads(policy.definition)
            found[policy.lever] = {key: value for key, value in told.items() if value not in ("", [], {}, False)}
    return found


def _again(name: str, definition: str, values: Mapping[str, Any]) -> Declared:
    """Return a policy that another process has made."""
    return _made(name, definition)(**values)
