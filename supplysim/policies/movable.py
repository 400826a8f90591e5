"""What a lever may move: the conditions of a week, read from their own declaration, so that there is no second list.

The source is read and not imported: that would load compiled code, which listing and checking must not.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from supplysim.evidence import DESTINATION, table

SOURCE = Path(__file__).parents[1] / "world" / "conditions.py"
NEVER = ("product_share",)  # a running sum: it cannot be moved place by place
FOR_CHINA = "for_china"  # the last of the classes that a licence may cover: chips made for China alone
# Width as it is declared -> what the places are.
ALONG = {
    "COUNTRIES": "countries",
    "VENDORS": "vendors",
    "AGENCIES": "agencies",
    "CHANNELS": "channels",
    "CLASSES": "classes",
    "LICENSED_CLASSES": "chips",
}


@dataclass(frozen=True)
class Movable:
    """A condition that a lever may move.

    Attributes
    ----------
    name, meaning : str
        As declared in `world.conditions`; the meaning begins with the unit where there is one.
    along : str
        Of what it has one value each: a value of `ALONG`; empty for one value in all.
    share, positive : bool
        Whether it is held between 0 and 1, or from 0 on.
    """

    name: str
    meaning: str
    along: str
    share: bool
    positive: bool

    @property
    def range(self) -> str:
        """Where it is held, in words."""
        return "0 to 1" if self.share else "0 and more" if self.positive else "any number"


@cache
def movable() -> Mapping[str, Movable]:
    """Return every condition that a lever may move, by name; whole numbers and flags are none."""
    text = SOURCE.read_text("utf-8")
    lines = text.splitlines()
    assigned = {
        node.targets[0].id: node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    shares, positive = (ast.literal_eval(assigned[name]) for name in ("SHARES", "NON_NEGATIVE"))
    declared: Any = assigned["CONDITIONS"]
    found = {}
    for keyword in declared.keywords:
        parts: Any = keyword.value.elts if isinstance(keyword.value, ast.Tuple) else [keyword.value]
        kind, *width = parts
        if kind.id == "real" and keyword.arg not in NEVER:
            meaning = " ".join(line.partition("#")[2] for line in lines[keyword.lineno - 1 : keyword.end_lineno])
            along = ALONG[width[0].id] if width else ""
            name = keyword.arg
            found[name] = Movable(name, meaning.strip(), along, name in shares, name in positive)
    return found


def places(along: str) -> list[str]:
    """Return the codes of the places along a condition, in the order of its values; China is among the countries."""
    if along == "chips":
        return [*(row["code"] for row in table("chips")), FOR_CHINA]
    return [row["code"] for row in table(along)]


def nameable(along: str) -> list[str]:
    """Return the codes that a lever may be narrowed to: China, where the chips go, is no place of a lever."""
    return [code for code in places(along) if along != "countries" or code != DESTINATION]
