"""The scenario's own conditions: published supply, demand series and baseline parameters, week by week.

Supply per chip and quarter is read from `evidence/supply_by_quarter.csv`, and beyond what is published from
`evidence/supply_projected.csv`; other series are piecewise
linear between the knots of `evidence/series.csv`; dated rules come from `evidence/calendar.csv`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np

from supplysim.detection.channels import BORDER, NAMED, NAMES, NOTIFICATION, SCREENING, SEARCH
from supplysim.evidence import supply_by_quarter, table
from supplysim.setup.scenario import Scenario
from supplysim.world.columns import LICENSED_CLASSES, rows
from supplysim.world.conditions import CONDITIONS

FIRST_YEAR = 2023
QUARTER = 13  # weeks; a model year has 52
KNOWN_UNTIL = 2.0  # years: without the calendar, rules stay as they were at the end of 2024
TRENDS = 3.75  # years: drifts of supply and domestic capacity begin where published quarters end
WISH_TREND = 3.0  # years: the drift of the wish begins with 2026
ATTENTION = 0.5  # years: agencies begin to turn to AI chips in the middle of 2023
DUTY_FROM, LEAVE_REFUSED = 3.04, 3.0  # years: licensed chips in 2026 (cal:K022, dem:D074)
REFUSED_LEAVE = 0.02  # share of licensed chips that China lets in while it refuses (dem:D073, dem:D074)
VENDOR_CUT, VENDOR_CUT_YEARS = 3.41, 0.12  # years: the leading vendor drops buyers in Asia (cal:K038, cal:K042)
SCOPES = {"investigators": "agencies", "reporting_share": "vendors", "foreign_taste": "classes"}  # else countries
ASIA = ("SG", "MY", "JP", "TH", "TW", "VN", "IN", "KR", "HK", "ID")
LET_FALLS = 0.6  # years over which providers' chips are booked elsewhere, from the start of 2025 (Q133)


def codes(name: str) -> tuple[str, ...]:
    """Return the codes of an evidence table, in its order."""
    return tuple(row["code"] for row in table(name))


def column(name: str, field: str) -> np.ndarray:
    """Return a numeric column of an evidence table."""
    return np.array([float(row[field]) for row in table(name)])


@cache
def series(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a series' knots: years from 2023.0, values."""
    rows = [row for row in table("series") if row["series"] == name]
    return np.array([float(row["year"]) for row in rows]), np.array([float(row["value"]) for row in rows])


def at_weeks(name: str, weeks: int, first: float, until: float = math.inf) -> np.ndarray:
    """Return a series at the middle of each week; after `until` years it stays where it was."""
    years = np.minimum(first + (np.arange(weeks) + 0.5) / 52.0, until)
    return np.interp(years, *series(name))


@cache
def published_supply() -> tuple[np.ndarray, tuple[float, ...]]:
    """Return chips sold per quarter from 2023Q1, shape (quarters, generations), and sales before it.

    The quarters after the published ones are those of the central projection.
    """
    rows = [(row.quarter, row.sku, row.units_p50) for row in supply_by_quarter()]
    rows += [(row["quarter"], row["sku"], float(row["units"])) for row in table("supply_projected")]
    last = max(quarter for quarter, _, _ in rows)
    quarters = (int(last[:4]) - FIRST_YEAR) * 4 + int(last[-1])
    sold = np.zeros((quarters, len(table("chips"))))
    before = np.zeros(len(table("chips")))
    for generation, chip in enumerate(table("chips")):
        for name, sku, units in rows:
            if sku in chip["skus"].split():
                quarter = (int(name[:4]) - FIRST_YEAR) * 4 + int(name[-1]) - 1
                if quarter < 0:
                    before[generation] += units
                else:
                    sold[quarter, generation] += units
    return sold, tuple(before)


def cumulative_supply(weeks: int, first: float, growth: float) -> np.ndarray:
    """Return the leading vendor's cumulative chips at the start of each week, shape (weeks + 1, generations).

    Sales are even within a quarter. After the last projected quarter a generation still sold grows by
    `growth` a quarter; one that had ended stays ended.
    """
    sold, _ = published_supply()
    needed = math.ceil((first * 52 + weeks) / QUARTER) + 1
    quarters = [*sold]
    while len(quarters) < needed:
        quarters.append(quarters[-1] * (1.0 + growth))
    edges = np.arange(len(quarters) + 1) * QUARTER
    totals = np.vstack([np.zeros(sold.shape[1]), np.cumsum(quarters, axis=0)])
    when = first * 52 + np.arange(weeks + 1)
    return np.column_stack([np.interp(when, edges, totals[:, k]) for k in range(sold.shape[1])])


def whole_units(cumulative: np.ndarray) -> np.ndarray:
    """Return weekly whole units whose running totals never stray from a cumulative series by a unit."""
    return np.diff(np.floor(cumulative + 1e-9).astype(np.int64), axis=0)


def supply_tables(weeks: int, first: float, values: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return weekly chips to distributors and on direct contracts, int64, each (weeks, products)."""
    scale = values["supply_scale"] * values["market_scale"]
    share = column("vendors", "share")
    leading = cumulative_supply(weeks, first, values["supply_growth"]) * scale
    if values["supply_trend"] != 0.0:
        late = np.maximum(first + np.arange(weeks) / 52.0 - TRENDS, 0.0)
        weekly = np.diff(leading, axis=0) * np.exp(values["supply_trend"] * late)[:, None]
        leading = leading[:1] + np.vstack([np.zeros(leading.shape[1]), np.cumsum(weekly, axis=0)])
    cumulative = np.concatenate([leading * (s / share[0]) for s in share], axis=1)
    channel = whole_units(cumulative * values["channel_share"])
    return channel, whole_units(cumulative) - channel


def honest_scale(weeks: int, first: float, channel: np.ndarray, usual: float) -> np.ndarray:
    """Return the pace that makes expected honest orders = tightness x channel supply, shape (weeks,)."""
    tightness = at_weeks("honest_tightness", weeks, first)
    return tightness * channel.sum(axis=1) / usual if usual > 0 else np.zeros(weeks)


def product_shares(channel: np.ndarray) -> np.ndarray:
    """Return the running sum of products' shares of channel supply, shape (weeks, products)."""
    total = channel.sum(axis=1, keepdims=True)
    shares = np.divide(channel, total, out=np.full(channel.shape, 1.0 / channel.shape[1]), where=total > 0)
    return np.cumsum(shares, axis=1)


def wish(weeks: int, first: float, values: Mapping[str, float]) -> np.ndarray:
    """Return the compute that buyers in China would have at list price, H100e/week, shape (weeks,).

    From money alone: capital spending, the part of it spent on accelerators, and the price of compute.
    """
    spent = at_weeks("capital_spending", weeks, first) * 1e9 * at_weeks("accelerator_part", weeks, first)
    years = first + (np.arange(weeks) + 0.5) / 52.0
    drift = np.exp(values["wish_trend"] * np.maximum(years - WISH_TREND, 0.0))
    scale = values["demand_scale"] * values["market_scale"] / 52.0
    return spent / at_weeks("price_per_h100e", weeks, first) * drift * scale


def substitutes(weeks: int, first: float, values: Mapping[str, float], calendar: bool) -> dict[str, np.ndarray]:
    """Return the conditions of licensed, offshore-owned and domestic compute, H100e/year and shares, by name.

    Without the calendar quota, leave, duty and the way offshore stay as they were at the end of 2024.
    """
    years = first + (np.arange(weeks) + 0.5) / 52.0
    until = math.inf if calendar else KNOWN_UNTIL
    quota = np.zeros((weeks, LICENSED_CLASSES))
    quota[:, -1] = at_weeks("licensed_china", weeks, first, until)
    quota[:, codes("chips").index("H")] = at_weeks("licensed_h200", weeks, first, until)
    leave, price = np.ones(weeks), np.ones(weeks)
    if calendar:
        leave[years >= LEAVE_REFUSED] = REFUSED_LEAVE
        price[years >= DUTY_FROM] = 1.0 + values["licence_duty"]
    uncertain = values["domestic_scale"] ** np.clip(years - KNOWN_UNTIL, 0.0, 1.0)
    drift = np.exp(values["domestic_trend"] * np.maximum(years - TRENDS, 0.0))
    return {
        "licensed_quota": quota * values["licensed_scale"] * values["market_scale"],
        "licensed_leave": leave,
        "licensed_price": price,
        "domestic_capacity": at_weeks("domestic_capacity", weeks, first) * uncertain * drift * values["market_scale"],
        "offshore_share": at_weeks("offshore_share", weeks, first, until) * values["offshore_scale"],
    }


def access(weeks: int, first: float, values: Mapping[str, float], calendar: bool) -> np.ndarray:
    """Return the largest share of a stock that unproven buyers may have in a week, shape (weeks, countries)."""
    share = np.full((weeks, len(codes("countries"))), values["access"])
    if calendar:
        years = first + (np.arange(weeks) + 0.5) / 52.0
        cut = values["vendor_cut"] * np.clip((years - VENDOR_CUT) / VENDOR_CUT_YEARS, 0.0, 1.0)
        share[:, [codes("countries").index(code) for code in ASIA]] *= (1.0 - cut)[:, None]
    return share


def base_conditions(scenario: Scenario, values: Mapping[str, float], usual_orders: float) -> np.ndarray:
    """Return the scenario's conditions before any policy.

    Parameters
    ----------
    values : mapping of str to float
        Every parameter of the run.
    usual_orders : float
        Chips a week that end users would order at pace 1.
    """
    weeks = scenario.weeks
    first = (scenario.start - date(FIRST_YEAR, 1, 2)).days / 364.0
    calendar = scenario.rules.calendar
    channel, direct = supply_tables(weeks, first, values)
    years = first + (np.arange(weeks) + 0.5) / 52.0
    booked = np.clip((years - KNOWN_UNTIL) / LET_FALLS, 0.0, 1.0)
    let = values["provider_let_share"] * (1.0 - values["provider_let_fall"] * booked)

    def watched(kind: str) -> np.ndarray:
        """Return exposure, sensitivity or threshold by channel; channels seen elsewhere stay 0."""
        rows = np.zeros((weeks, len(NAMES)))
        for index, name in enumerate(NAMES):
            if f"{name}_{kind}" in values and index not in (SCREENING, NAMED):
                rows[:, index] = values[f"{name}_{kind}"]
        return rows

    exposure = watched("exposure")
    exposure[:, [NOTIFICATION, BORDER, SEARCH]] = 0.0  # these are seen by vendor, by country, and by free staff
    inspection = column("countries", "inspection")
    agencies = column("agencies", "staff_share")
    conditions = rows(CONDITIONS, weeks)
    conditions["supply"] = channel
    conditions["direct"] = direct
    conditions["product_share"] = product_shares(channel)
    conditions["honest_scale"] = honest_scale(weeks, first, channel, usual_orders)
    conditions["wish"] = wish(weeks, first, values)
    for name, series_of in substitutes(weeks, first, values, calendar).items():
        conditions[name] = series_of
    conditions["access"] = access(weeks, first, values, calendar)
    conditions["licensed_taste"] = at_weeks("licensed_taste", weeks, first, math.inf if calendar else KNOWN_UNTIL)
    conditions["rented_taste"] = at_weeks("rented_taste", weeks, first)
    conditions["domestic_taste"] = at_weeks("domestic_taste", weeks, first)
    conditions["rentable_share"] = let[:, None]
    conditions["screening_exposure"] = values["screening_exposure"]
    conditions["screening_sensitivity"] = values["screening_sensitivity"]
    conditions["screening_threshold"] = values["screening_threshold"]
    conditions["screening_report"] = values["screening_report"]
    conditions["inspection_max"] = values["border_exposure_max"]
    conditions["place_clarity"] = 1.0 - np.exp(-column("countries", "km_to_china") / values["location_error"])
    conditions["border_exposure"] = values["border_exposure"] * inspection
    conditions["targeting"] = values["border_targeting"]
    conditions["exposure"] = exposure
    conditions["sensitivity"] = watched("sensitivity")
    conditions["threshold"] = watched("threshold")
    attention = np.clip((years - ATTENTION) / values["attention_years"], values["attention_floor"], 1.0)
    conditions["investigators"] = values["investigators"] * agencies * attention[:, None]
    conditions["willingness"] = column("countries", "willingness")
    conditions["fine_ratio"] = values["fine_multiple"] * values["collectability"]
    return with_calendar(conditions, scenario, values) if calendar else conditions


def with_calendar(conditions: np.ndarray, scenario: Scenario, values: Mapping[str, float]) -> np.ndarray:
    """Return the conditions after the dated rules of the calendar that are not in a series already.

    A rule adds to a condition, multiplies it or sets it, at once or over some weeks; how far is a number of its row or
    a parameter that the row names.
    """
    for rule in table("calendar"):
        if rule["how"] == "series":
            continue
        week = max(0, scenario.week_of(date.fromisoformat(rule["date"])))
        column = conditions[rule["field"]]
        places = codes(SCOPES.get(rule["field"], "countries"))
        rows = (slice(week, None), places.index(rule["scope"])) if rule["scope"] else slice(week, None)
        change = values[rule["change"]] if rule["change"] in values else float(rule["change"])
        if rule["how"] == "set":
            column[rows] = change
        elif rule["how"] == "add":
            column[rows] = np.minimum(column[rows] + change, 1.0)
        elif rule["weeks"]:
            come = np.clip((np.arange(week, len(conditions)) - week) / float(rule["weeks"]), 0.0, 1.0)
            column[rows] = column[rows] * (1.0 + (change - 1.0) * come)
        else:
            column[rows] = column[rows] * change
    return conditions
