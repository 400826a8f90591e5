"""Whether a comparison that was run again says the same, to the last digit, and what may be why if not."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim.edition import foreign
from supplysim.errors import one_line
from supplysim.experiment.study import Study
from supplysim.folders import safe
from supplysim.report import world
from supplysim.report.appendix import versions

if TYPE_CHECKING:
    import pandas as pd

DIGEST = "comparison_sha256"
TABLE = "comparison.csv"
KEYS = ["policy", "measure", "year"]
SAME = "the same to the last digit"
SHOWN = 10  # rows that are named


@dataclass(frozen=True, eq=False)
class Reproduced:
    """A comparison run again from its provenance.

    Attributes
    ----------
    study : Study
        The new runs.
    same : bool
        Whether ``comparison.csv`` is the same file, to the last digit.
    rows : list of str
        Policy, measure and year of rows that differ, and in which columns; empty if they are the same, or if the
        earlier table does not lie beside the provenance.
    why : list of str
        What is not as it was: edition of the rules, versions, kind of machine.
    """

    study: Study
    same: bool
    rows: list[str]
    why: list[str]

    def text(self) -> str:
        """Return all of it in a few lines."""
        if self.same:
            return f"{self.study.pairs} pairs, {len(self.study.arms)} policies: {SAME}."
        more = len(self.rows) - SHOWN
        lines = ["Not the same."]
        if self.rows:
            lines += [f"{len(self.rows)} rows of {TABLE} differ:", *(f"  {row}" for row in self.rows[:SHOWN])]
            lines += [f"  {more} more"] if more > 0 else []
        else:
            lines.append(f"Which rows differ cannot be told: the earlier {TABLE} does not lie beside the provenance.")
        lines += [f"What is not as it was: {'; '.join(self.why)}."] if self.why else []
        lines += (
            [] if self.why else ["Edition, versions and machine are the same: that should not be. Please report it."]
        )
        return "\n".join(lines)


def text_of(table: pd.DataFrame) -> str:
    """Return ``comparison.csv`` of the table of a comparison."""
    return safe(world.table(table)).to_csv(index=False, lineterminator="\n")


def digest(text: str) -> str:
    """Return the digest of a table as provenance keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()


def reproduced(study: Study, document: Mapping[str, Any], place: Path) -> Reproduced:
    """Return a comparison that was run again, set against the one that a provenance is of.

    Parameters
    ----------
    study : Study
    document : mapping
        The provenance.
    place : Path
        Its file; the earlier table may lie beside it.
    """
    new = text_of(study.table())
    if digest(new) == document[DIGEST]:
        return Reproduced(study, True, [], [])
    beside = place.with_name(TABLE)
    old = beside.read_text("utf-8").replace("\r\n", "\n") if beside.is_file() else ""
    rows = _differing(old, new) if digest(old) == document[DIGEST] else []
    return Reproduced(study, False, rows, _why(document))


def _differing(old: str, new: str) -> list[str]:
    """Return the rows of two tables that are not the same, each in a few words."""
    before, after = (_table(text) for text in (old, new))
    found = [f"{' '.join(key)}: not there any more" for key in before.index.difference(after.index)]
    found += [f"{' '.join(key)}: not there before" for key in after.index.difference(before.index)]
    columns = [name for name in before.columns if name in after.columns]
    for key in before.index.intersection(after.index, sort=False):
        one, other = before.loc[key, columns], after.loc[key, columns]
        changed = [name for name in columns if one[name] != other[name]]
        if changed:
            first = changed[0]
            more = f" and {len(changed) - 1} more columns" if len(changed) > 1 else ""
            found.append(f"{' '.join(key)}: {first} {one[first]} is now {other[first]}{more}")
    return found


def _table(text: str) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False).set_index(KEYS)


def _why(document: Mapping[str, Any]) -> list[str]:
    """Return what is not as it was when a provenance was written."""
    found = [foreign(document["edition"])]
    now = versions()
    for name, before in document["versions"].items():
        if now.get(name) != before:
            found.append(f"{name} {before} then, {now.get(name) or 'not installed'} now")
    here = {"system": platform.system(), "machine": platform.machine()}
    found += [
        f"{key} {value} then, {here.get(key)} now"
        for key, value in document["platform"].items()
        if here.get(key) != value
    ]
    return [one_line(one) for one in found if one]
