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
from typing import Any

import numpy as np

from supplysim.evidence import DESTINATION, table
from supplysim.world.columns import (
    AGENCIES,
    CHANNELS,
    CLASSES,
    COUNTRIES,
    LICENSED_CLASSES,
    PRODUCTS,
    VENDORS,
    columns,
    flag,
    real,
    whole,
)

# Effective parameters, one row a week.
CONDITIONS = columns(
    supply=(whole, PRODUCTS),  # chips to distributors
    direct=(whole, PRODUCTS),  # chips on direct contracts
    product_share=(real, PRODUCTS),  # running sum of the products' shares of channel supply
    honest_scale=real,  # pace of honest orders
    wish=real,  # compute that buyers in China want, H100e/week
    licensed_quota=(real, LICENSED_CLASSES),  # that licences cover, H100e/year; last: chips made for China
    licensed_leave=real,  # share of it that China lets in
    licensed_price=real,  # over list: duty
    domestic_capacity=real,  # H100e/year
    offshore_share=real,  # share of direct sales that go to offshore subsidiaries of Chinese firms
    access=(real, COUNTRIES),  # largest share of a stock that unproven buyers may have in a week
    licensed_taste=real,  # utility
    rented_taste=real,  # utility
    domestic_taste=real,  # utility
    foreign_taste=(
        real,
        CLASSES,
    ),  # utility that foreign compute of every kind has beyond the usual, by class of buyers
    rentable_share=(real, COUNTRIES),  # share of providers' chips that Chinese customers may rent
    reporting_share=(real, VENDORS),  # share of new chips that can report where they are
    switch_share=(real, VENDORS),  # share of new chips that can be disabled
    screening_exposure=(real, VENDORS),  # share of purchases screened
    screening_sensitivity=(real, VENDORS),  # d'
    screening_threshold=(real, VENDORS),  # score
    screening_report=(real, VENDORS),  # share of flags reported
    graded_exposure=real,  # share of large purchases screened beyond the usual
    graded_sensitivity=real,  # d' added there
    notification_exposure=(real, VENDORS),  # share of transfers notified
    border_exposure=(real, COUNTRIES),  # share of look-alike consignments opened
    targeting=(real, COUNTRIES),  # d' of the papers by which they are chosen
    exposure=(real, CHANNELS),  # looks a firm-year, or share seen
    sensitivity=(real, CHANNELS),  # d'
    threshold=(real, CHANNELS),  # score
    investigators=(real, AGENCIES),  # FTE
    tip_first=(real, AGENCIES),  # share of the desk's room in which dossiers begun by a tip go first
    willingness=(real, COUNTRIES),  # share of targets a host will act on
    cooperation=(real, COUNTRIES),  # share of what close work with the US bureau could bring
    closed=(real, COUNTRIES),  # share of traders' purchases refused outright
    inspection_max=(real, COUNTRIES),  # largest share of consignments that can be opened
    customs_delay=(real, COUNTRIES),  # weeks that honest orders wait for papers
    hop_alarm=(real, COUNTRIES),  # stops that every trader adds to what it believes of a hop this week
    place_checks=real,  # 1 while somebody checks where chips with the feature report from
    place_clarity=(real, COUNTRIES),  # how well a place check tells a site there from one in China, share of d'
    fine_ratio=real,  # collectable fine over the value of goods
    fund_start=real,  # US$ of start money that a whistleblower fund gets this week
    fund_share=real,  # share of the fines of cases begun by a tip that goes into it
    fund_award=real,  # share of the same fines that the fund owes insiders
    fund_staff=real,  # US$ of screening staff this week that the fund alone pays
    fund_exposure=real,  # of `exposure` to tips, what goes without that staff, looks a firm-year
    fund_threshold=real,  # by how much the tips' `threshold` is higher without it, score
    disable_hazard=(real, VENDORS),  # of diverted chips with the feature, 1/year
    false_disable=real,  # of honest chips with the feature, 1/year
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
    at: tuple[int | np.integer, ...] = ()


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
    providers: tuple[int, ...]  # cloud providers by country
    settled: tuple[Any, np.ndarray] | None = None  # a policy, and its strength by week beside other entries

    @property
    def weeks(self) -> int:
        """Number of weeks in the scenario."""
        return len(self.conditions)

    def week_of(self, day: date) -> int:
        """Return the week that contains a day, counted from the scenario's start."""
        return (day - self.start).days // 7

    def ramp(self, first: int, weeks: float) -> np.ndarray:
        """Return how far something that starts in a week and takes some weeks has come, shape (weeks,), shares."""
        week = np.arange(self.weeks)
        return np.clip((week - first) / weeks, 0.0, 1.0) if weeks else (week >= first) * 1.0

    def rises(self, strength: np.ndarray) -> np.ndarray:
        """Return whether a lever is stronger than in the week before, shape (weeks,), bool."""
        return np.diff(strength, prepend=0.0) > 0.0

    def nothing(self) -> np.ndarray:
        """Return zeros, shape (weeks,)."""
        return np.zeros(self.weeks)

    def market_share(self, names: tuple[str, ...]) -> float:
        """Return the share of controlled chips that the named vendors sell; 1 if none is named."""
        return sum(float(row["share"]) for row in table("vendors") if not names or row["code"] in names)

    def country_rows(self, countries: tuple[str, ...], agencies: tuple[str, ...] = ()) -> list[int]:
        """Return the indices of the named countries and of those that the named agencies answer for; none named, all.

        China, where the chips go, is never among them.
        """
        rows = table("countries")
        named = [row["code"] in countries or row["agency"] in agencies for row in rows]
        everywhere = not countries and not agencies
        return [i for i, row in enumerate(rows) if row["code"] != DESTINATION and (everywhere or named[i])]

    def agency_rows(self, countries: tuple[str, ...], agencies: tuple[str, ...]) -> list[int]:
        """Return the indices of the agencies named or answering for the named countries; none named, all."""
        rows = table("countries")
        answering = {rows[country]["agency"] for country in self.country_rows(countries, agencies)}
        return [i for i, code in enumerate(self.agencies) if code in answering]

    def licences_of(self, skus: tuple[str, ...]) -> list[int]:
        """Return the indices of `licensed_quota` that the named chips belong to; chips made for China are the last."""
        codes = [row["code"] for row in table("chips")]
        classes = {row["code"]: row["class"] for row in table("skus")}
        return sorted({codes.index(classes[sku]) if classes[sku] else len(codes) for sku in skus})

    def vendor_rows(self, names: tuple[str, ...]) -> list[int]:
        """Return the indices of the named vendors; all if none is named."""
        return [self.vendors.index(name) for name in names] if names else list(range(len(self.vendors)))


SHARES = {
    "screening_exposure",
    "notification_exposure",
    "border_exposure",
    "reporting_share",
    "switch_share",
    "screening_report",
    "willingness",
    "cooperation",
    "closed",
    "inspection_max",
    "place_checks",
    "place_clarity",
    "rentable_share",
    "licensed_leave",
    "offshore_share",
    "access",
    "tip_first",
    "fund_share",
    "fund_award",
}
NON_NEGATIVE = {
    "exposure",
    "sensitivity",
    "screening_sensitivity",
    "investigators",
    "fine_ratio",
    "disable_hazard",
    "false_disable",
    "customs_delay",
    "hop_alarm",
    "honest_scale",
    "targeting",
    "graded_exposure",
    "graded_sensitivity",
    "licensed_quota",
    "licensed_price",
    "domestic_capacity",
    "fund_start",
    "fund_staff",
    "fund_exposure",
    "fund_threshold",
}


def shifted(baseline: np.ndarray, shifts: Iterable[Shift]) -> np.ndarray:
    """Return the conditions after all shifts; the order of shifts changes nothing, not even the last bit.

    Parameters
    ----------
    baseline : ndarray of CONDITIONS, shape (weeks,)
        The scenario's own conditions; left as they are.
    shifts : iterable of Shift
        What all policies move.
    """
    by_place: dict[tuple[str, tuple[Any, ...]], list[np.ndarray]] = defaultdict(list)
    for shift in shifts:
        column = baseline[shift.field]
        places: Any = [shift.at] if shift.at or column.ndim == 1 else np.ndindex(column.shape[1:])
        for place in places:
            by_place[shift.field, place].append(np.asarray(shift.amount, dtype=float))
    conditions = baseline.copy()
    for (field, place), amounts in by_place.items():
        total = amounts[0]
        if len(amounts) > 1:
            total = np.array([math.fsum(week) for week in zip(*amounts, strict=True)])
        where: Any = (slice(None), *place)
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
