"""Naive rivals: what somebody would say without a model, as draws, so that the same rules score them.

Both look at nothing later than the outcome's period, but for the world's supply, which the model is given too.

- *vendors x volume*: the published arithmetic of 2024 (vendors, chips a vendor, fronts: Q031 to Q038), times the growth
  of the world's volume. It knows smuggled chips, and smuggled compute by the world's compute a chip.
- *growth of supply*: the last number published for an earlier period. What adds up grows with the world's supply of
  compute; prices, shares and numbers of firms stay. It is as uncertain as what was published, see `SCATTER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from scipy import special

from supplysim.evidence import supply_by_quarter, table
from supplysim.report.published import YEAR
from supplysim.validation.scoring.outcome import FOLDER, SHIPPED, Outcome, outcomes
from supplysim.validation.scoring.quantities import Counted
from supplysim.validation.scoring.rules import COUNT, ENDS, points_between
from supplysim.validation.targets import vendors_times_volume

VENDORS, SUPPLY = "vendors x volume", "growth of supply"
RIVALS = (VENDORS, SUPPLY)
PUBLISHED = FOLDER / "published-2024.csv"
DRAWS = 4_095
SCATTER = 0.5  # of the log of an amount published as a point, as calibration takes it (assumption)
PRICE_SCATTER = 0.1  # of a price or share published as a point, likewise


@dataclass(frozen=True)
class Supply:
    """What was sold world-wide in a period of chips that need a licence."""

    chips: float
    h100e: float


def rivals(counted: Counted, first_day: date, last_day: date) -> dict[str, np.ndarray | None]:
    """Return the draws of each rival for a quantity in a period; None if it says nothing of it."""
    return {VENDORS: vendors(counted, first_day, last_day), SUPPLY: growth(counted, first_day, last_day)}


def vendors(counted: Counted, first_day: date, last_day: date) -> np.ndarray | None:
    """Return the volume of 2024 by the published arithmetic, carried forward; None of anything but smuggled volume."""
    if counted.name not in ("delivered", "delivered_h100e") or first_day.year < YEAR:
        return None
    then, now = world_supply(date(YEAR, 1, 1), date(YEAR, 12, 31)), world_supply(first_day, last_day)
    return vendors_times_volume() * (now.chips if counted.name == "delivered" else now.h100e) / then.chips


def growth(counted: Counted, first_day: date, last_day: date) -> np.ndarray | None:
    """Return what was last published of the quantity, grown with supply; None if nothing was."""
    last = last_published(counted, first_day)
    if last is None:
        return None
    factor = 1.0
    if counted.grows:
        factor = world_supply(first_day, last_day).h100e / world_supply(last.first_day, last.last_day).h100e
    if counted.kind == COUNT and not last.is_estimate:
        return _counts(last.centre, factor)
    low, high = (last.low, last.high) if last.low is not None and last.high is not None else _around(last)
    middle = None if last.value is None else last.value * factor
    return points_between(low * factor, high * factor, DRAWS, middle)


def _around(last: Outcome) -> tuple[float, float]:
    """Return 5 and 95 % of a number that was published as a point."""
    scatter = SCATTER if last.counted.grows else PRICE_SCATTER
    away = np.exp(scatter * special.ndtri(ENDS[-1]))
    return last.centre / away, last.centre * away


def _counts(number: float, factor: float) -> np.ndarray:
    """Return counts after a count: Poisson, its rate as uncertain as one count leaves it (Jeffreys), grown."""
    shape, share = number + 0.5, 1.0 / (1.0 + factor)
    mean = shape * factor
    numbers = np.arange(np.ceil(mean + 20.0 * np.sqrt(mean * (1.0 + factor)) + 20.0))
    upto = special.betainc(shape, numbers + 1.0, share)  # distribution function of the negative binomial
    return np.searchsorted(upto, (np.arange(DRAWS) + 0.5) / DRAWS).astype(float)


def last_published(counted: Counted, first_day: date) -> Outcome | None:
    """Return the latest number about the same quantity whose period ended before a day."""
    earlier = [each for each in _known() if each.counted.name == counted.name and each.last_day < first_day]
    return max(earlier, key=lambda each: each.last_day, default=None)


@cache
def _known() -> tuple[Outcome, ...]:
    return (*outcomes(PUBLISHED), *(each for path in SHIPPED.values() for each in outcomes(path)))


def world_supply(first_day: date, last_day: date) -> Supply:
    """Return the supply of a period: of each quarter the part of its days; beyond the table, as in its last quarter."""
    chips = h100e = 0.0
    by_quarter = _by_quarter()
    ends = sorted(by_quarter)
    day = first_day
    while day <= last_day:
        quarter = (day.year, (day.month - 1) // 3 + 1)
        begins, after = _days(quarter)
        days = (min(after - timedelta(days=1), last_day) - day).days + 1
        sold = by_quarter.get(quarter) or by_quarter[min(max(quarter, ends[0]), ends[-1])]
        part = days / (after - begins).days
        chips, h100e = chips + part * sold.chips, h100e + part * sold.h100e
        day = after
    return Supply(chips, h100e)


def _days(quarter: tuple[int, int]) -> tuple[date, date]:
    """Return the first day of a quarter, and the first after it."""
    year, number = quarter
    return date(year, 3 * number - 2, 1), date(year + number // 4, 3 * (number % 4) + 1, 1)


@cache
def _by_quarter() -> Mapping[tuple[int, int], Supply]:
    """Return what was sold, and later is assumed to be, by quarter."""
    compute = {name: float(row["h100e"]) for row in table("chips") for name in (row["skus"], *row["skus"].split())}
    sold = [(row.quarter, row.sku, row.units_p50) for row in supply_by_quarter()]
    sold += [(row["quarter"], row["sku"], float(row["units"])) for row in table("supply_projected")]
    found: dict[tuple[int, int], Supply] = {}
    for quarter, sku, units in sold:
        if sku in compute:  # the others are made for China, and sold there lawfully
            place = (int(quarter[:4]), int(quarter[-1]))
            before = found.get(place, Supply(0.0, 0.0))
            found[place] = Supply(before.chips + units, before.h100e + units * compute[sku])
    return found
