"""The effective parameters of every week: the scenario's, and the scenario's as moved by policies.

A table with one row a week, made before the run. Policies yield `Shift`s; `shifted` adds them up. Nothing
is ever changed and restored, so policies overlap, end and commute; compiled phases only read a row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from supplysim.columns import AGENCIES, CHANNELS, COUNTRIES, PRODUCTS, VENDORS, columns, flag, real, whole
from supplysim.evidence import table

# Effective parameters, one row a week.
CONDITIONS = columns(
    supply=(whole, PRODUCTS),  # chips to distributors
    direct=(whole, PRODUCTS),  # chips on direct contracts
    product_share=(real, PRODUCTS),  # running sum of the products' shares of channel supply
    honest_scale=real,  # pace of honest orders
    wish=real,  # compute that buyers in China want, H100e/week
    licensed_taste=real,  # utility
    rented_taste=real,  # utility
    domestic_taste=real,  # utility
    rentable_share=(real, COUNTRIES),  # share of providers' chips that Chinese customers may rent
    feature_share=(real, VENDORS),  # share of new chips that carry the feature
    screening_exposure=(real, VENDORS),  # share of purchases screened
    screening_sensitivity=(real, VENDORS),  # d'
    screening_threshold=(real, VENDORS),  # score
    screening_report=(real, VENDORS),  # share of flags reported
    notification_exposure=(real, VENDORS),  # share of transfers notified
    border_exposure=(real, COUNTRIES),  # share of consignments opened
    exposure=(real, CHANNELS),  # looks a firm-year, or share seen
    sensitivity=(real, CHANNELS),  # d'
    threshold=(real, CHANNELS),  # score
    investigators=(real, AGENCIES),  # FTE
    willingness=(real, COUNTRIES),  # share of targets a host will act on
    cooperation=real,  # share
    fine_ratio=real,  # collectable fine over the value of goods
    value_loss=real,  # expected loss of value from a disable feature
    disable_hazard=real,  # 1/year
    announcing=flag,  # a rule is taking force or ending
)


@dataclass(frozen=True)
class Shift:
    """How far one effective parameter moves in every week.

    Parameters
    ----------
    field : str
        Field of `CONDITIONS`.
    amount : ndarray, shape (weeks,)
        What is added to the scenario's value.
    at : tuple of int
        Index behind the week: which vendor, country, channel or agency; empty for all.
    """

    field: str
    amount: np.ndarray
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """What a lever needs to know of the scenario to say how far it moves things."""

    conditions: np.ndarray
    start: date
    policy_start: int
    values: dict[str, float]
    countries: tuple[str, ...]
    vendors: tuple[str, ...]
    agencies: tuple[str, ...]
    distributors: int  # firms that screen

    @property
    def weeks(self) -> int:
        """Number of weeks in the scenario."""
        return len(self.conditions)

    def week_of(self, day: date) -> int:
        """Return the week that contains a day, counted from the scenario's start."""
        return (day - self.start).days // 7

    def market_share(self, names: tuple[str, ...]) -> float:
        """Return the share of controlled chips that the named vendors sell; 1 if none is named."""
        return sum(float(row["share"]) for row in table("vendors") if not names or row["code"] in names)

    def vendor_rows(self, names: tuple[str, ...]) -> list[int]:
        """Return the indices of the named vendors; all if none is named."""
        return [self.vendors.index(name) for name in names] if names else list(range(len(self.vendors)))


SHARES = {
    "screening_exposure",
    "notification_exposure",
    "border_exposure",
    "feature_share",
    "screening_report",
    "willingness",
    "cooperation",
    "value_loss",
    "rentable_share",
}
NON_NEGATIVE = {"exposure", "sensitivity", "screening_sensitivity", "investigators", "fine_ratio", "disable_hazard"}


def shifted(baseline: np.ndarray, shifts: Iterable[Shift]) -> np.ndarray:
    """Return the conditions after all shifts; the order of shifts changes nothing, not even the last bit.

    Parameters
    ----------
    baseline : ndarray of CONDITIONS, shape (weeks,)
        The scenario's own conditions; left as they are.
    shifts : iterable of Shift
        What all policies move.
    """
    by_place: dict[tuple[str, tuple[int, ...]], list[np.ndarray]] = defaultdict(list)
    for shift in shifts:
        column = baseline[shift.field]
        places = [shift.at] if shift.at or column.ndim == 1 else list(np.ndindex(column.shape[1:]))
        for place in places:
            by_place[shift.field, place].append(np.asarray(shift.amount, dtype=float))
    conditions = baseline.copy()
    for (field, place), amounts in by_place.items():
        total = np.array([math.fsum(week) for week in zip(*amounts, strict=True)])
        where = (slice(None), *place)
        column = conditions[field]
        moved = column[where] + total
        if field in SHARES:
            moved = np.clip(moved, 0.0, 1.0)
        elif field in NON_NEGATIVE:
            moved = np.maximum(moved, 0.0)
        column[where] = np.where(total != 0.0, moved, column[where])  # an unmoved week keeps the scenario's bits
        for amount in amounts:
            conditions["announcing"][1:] |= amount[1:] != amount[:-1]
    return conditions
