"""What became of the chips that a policy prevents: in chips with their error, and as shares only where these add up."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import NamedTuple

import numpy as np

from supplysim.experiment.ledger import Ledger
from supplysim.experiment.statistics import Interval, mean_interval
from supplysim.experiment.study import Study
from supplysim.report.formatting import compact
from supplysim.report.standing import listed

WAYS = {  # part of the ledger -> of chips prevented; of fewer of them
    "substituted": ("were never ordered from an intermediary", "more were ordered"),
    "blocked": ("were refused or dropped", "fewer were refused or dropped"),
    "intercepted": ("were seized", "fewer were seized"),
    "delayed": ("still waited or were on their way at the end", "fewer waited or were on their way at the end"),
}


class Way(NamedTuple):
    """One part of the chips prevented.

    Attributes
    ----------
    part : str
        Key of `WAYS`.
    chips : Interval
        Mean over worlds, and its 90 % interval, which leaves out zero.
    share : float
        Of the chips prevented; NaN where a part is negative or larger than the whole, as then no share means anything.
    """

    part: str
    chips: Interval
    share: float


def ways(study: Study, arm: str) -> tuple[Interval, list[Way]]:
    """Return the chips that a policy prevents and the parts that are clear of zero, the largest first."""
    ledgers = study.ledgers[arm]
    prevented = _mean(ledgers, "prevented")
    found = {part: _mean(ledgers, part) for part in WAYS}
    clear = {part: chips for part, chips in found.items() if _clear(chips)}
    whole = prevented.low > 0.0 and all(0.0 < chips.mean <= prevented.mean for chips in clear.values())
    parts = [Way(part, chips, chips.mean / prevented.mean if whole else np.nan) for part, chips in clear.items()]
    return prevented, sorted(parts, key=lambda way: -way.chips.mean)


def said(study: Study, arm: str, form: Callable[[float], str] = compact) -> str:
    """Return what became of the chips prevented in a sentence; nothing if no fall in deliveries is clear."""
    prevented, parts = ways(study, arm)
    if not prevented.low > 0.0:
        return ""
    whole = f"the {_with_error(prevented, form)} chips prevented"
    taken = [way for way in parts if way.chips.mean > 0.0]
    if not taken:
        return f"What became of {whole} {study.pairs} worlds do not tell."
    told = [f"{_with_error(way.chips, form)}{_share(way.share)} {WAYS[way.part][0]}" for way in taken]
    fewer = [
        f"{_with_error(Interval(-way.chips.mean, -way.chips.high, -way.chips.low), form)} {WAYS[way.part][1]}"
        for way in parts
        if way.chips.mean < 0.0
    ]
    less = f"; {listed(fewer)} than without the policy" if fewer else ""
    return f"Of {whole} {listed(told)}{less}."


def _mean(ledgers: list[Ledger], part: str) -> Interval:
    return mean_interval([getattr(ledger, part) for ledger in ledgers])


def _clear(chips: Interval) -> bool:
    """Return whether the interval, which need not be even, and the error that is told both leave out zero."""
    return (chips.low > 0.0 or chips.high < 0.0) and abs(chips.mean) > (chips.high - chips.low) / 2.0


def _with_error(found: Interval, form: Callable[[float], str]) -> str:
    return f"{form(found.mean)} ± {form((found.high - found.low) / 2.0)}"


def _share(share: float) -> str:
    return f" ({100.0 * share:.0f} %)" if isfinite(share) else ""
