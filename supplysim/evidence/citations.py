"""Citations: every reference that a parameter, lever or page can make, and the rows of evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from supplysim import arguments
from supplysim.evidence.later import later
from supplysim.evidence.tables import Evidence, cases, levers, quantities


@cache
def _references() -> Mapping[str, tuple[Evidence, ...]]:
    """Return every reference that can be cited, with its rows; a heading has the rows of all its parts."""
    found: dict[str, tuple[Evidence, ...]] = {}
    tables: tuple[tuple[str, Mapping[str, Evidence]], ...] = (
        ("", quantities()),
        ("P:", levers()),
        ("case:", cases()),
        ("", later()),
    )
    for prefix, rows in tables:
        for key, row in rows.items():
            found[prefix + key] = (row,)
            heading = prefix + key.rstrip("abcdefgh")
            if heading != prefix + key:
                found[heading] = (*found.get(heading, ()), row)
    return MappingProxyType(found)


def resolve(ref: str) -> tuple[Evidence, ...]:
    """Return the evidence behind a citation.

    Parameters
    ----------
    ref : str
        ``Q031``, ``P:V09``, ``case:C02``, or of the tables to 2026 ``enf:F050``. A heading whose source gives
        several values (``Q056``) has one row for each; ``Q056a`` is the first of them.

    Raises
    ------
    InputError
        When there is no such id; the message names the nearest one.
    """
    known = _references()
    return known[arguments.known(ref, known, "evidence", "id")]
