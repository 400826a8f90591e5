"""Outputs: what a run is summed up by. Each is one declaration here; tables, quarters and windows follow from it.

A measure that counts something new needs its weekly column as well: one of `TALLY` (`world/state.py`), or one that
`books.weekly_columns` makes of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from supplysim.evidence import ORIGINS, quantities, table
from supplysim.outputs.combining import (
    EXA_PER_TERA,
    MEAN,
    SUM,
    WEEKS_A_QUARTER,
    WEEKS_A_YEAR,
    Combining,
    ComputeShare,
    Mean,
    Ratio,
    Span,
    Total,
    averaged,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Screen:
    """How the app shows a measure: it stands among those to choose from, and the quick estimate answers for it."""

    title: str
    better: Literal["lower", "higher", "neither"]


@dataclass(frozen=True)
class Measure:
    """One output: its unit (which says how it is written), what it means, and how it is made from the weeks."""

    name: str
    unit: str
    meaning: str
    made: Combining
    screen: Screen | None = None


def _central(identity: str) -> float:
    value = quantities()[identity].central
    assert value is not None, f"{identity} has no central value"
    return value


# Throughput per H100 and the other flows of 2024 as published (Q005-Q009).
SMUGGLED_2024 = 140_000  # chips behind the published bars (Q001)
TRAINING = ComputeShare(
    per_chip=_central("Q005") / SMUGGLED_2024 / EXA_PER_TERA,
    others=_central("Q006") + _central("Q007") + _central("Q008"),
)
_INFERENCE = [row.central or 0.0 for row in quantities().values() if row.id.startswith("Q009")]
INFERENCE = ComputeShare(per_chip=_INFERENCE[0] / SMUGGLED_2024 / EXA_PER_TERA, others=sum(_INFERENCE[1:]))

_LIST = [
    Measure("ordered", "chips", "ordered from intermediaries", Total("ordered")),
    Measure("attempted", "chips", "that reached a purchase attempt, each once", Total("attempted")),
    Measure("refused", "chips", "refused by screening, each attempt", Total("refused")),
    Measure("delivered", "chips", "deployed in China", Total("delivered"), Screen("Chips delivered", "lower")),
    Measure(
        "delivered_h100e",
        "H100e",
        "compute deployed in China",
        Total("delivered_h100e"),
        Screen("Compute delivered, H100e", "lower"),
    ),
    Measure(
        "seized", "chips", "stopped at borders or seized in cases", Total("seized"), Screen("Chips seized", "neither")
    ),
    Measure("disabled", "chips", "switched off after deployment", Total("disabled")),
    Measure("in_use_h100e", "H100e", "smuggled compute in use, mean of the weeks", Mean("in_use_h100e")),
    Measure(
        "training_share",
        "share",
        "smuggled part of training compute acquired",
        TRAINING,
        Screen("Share of training compute", "lower"),
    ),
    Measure("inference_share", "share", "smuggled part of inference compute acquired", INFERENCE),
    Measure(
        "interdiction_rate",
        "share",
        "seized over seized and delivered",
        Ratio("seized", ("seized", "delivered"), weights=("delivered", "seized")),
        Screen("Share seized", "higher"),
    ),
    Measure(
        "mark_up",
        "x list",
        "price that traders take as reference over list price",
        Mean("mark_up"),
        Screen("Price over list", "higher"),
    ),
    Measure("active_intermediaries", "firms", "in business, mean of the weeks", Mean("active_intermediaries")),
    Measure("entries", "firms", "new or returned", Total("newcomers")),
    Measure("prosecutions", "cases", "ended in prosecution", Total("prosecutions"), Screen("Prosecutions", "neither")),
    Measure("prosecutions_us", "cases", "ended in prosecution by the US bureau", Total("prosecutions_us")),
    Measure("prosecutions_host", "cases", "ended in prosecution by host countries", Total("prosecutions_host")),
    Measure("listings", "cases", "ended in a listing", Total("listings"), Screen("Listings", "neither")),
    Measure("lapsed_cases", "cases", "lapsed because the firm was gone", Total("lapsed_cases")),
    Measure(
        "exposed_share",
        "share",
        "lifetime volume of removed firms over delivered",
        Ratio("removed_volume", ("delivered",), weights=("delivered",)),
    ),
    Measure("honest_flagged", "orders", "of honest buyers flagged", Total("honest_flagged")),
    Measure(
        "honest_flagged_share",
        "share",
        "honest orders flagged",
        Ratio("honest_flagged", ("honest_orders",)),
        Screen("Honest orders flagged", "lower"),
    ),
    Measure("honest_fill", "share", "honest demand that was met", Ratio("honest_filled", ("honest_ordered",))),
    Measure("honest_lost", "chips", "of honest buyers not bought after a flag", Total("honest_lost")),
    Measure("honest_sales", "US$", "honest chips sold, at the list prices of the mix on offer", Total("honest_sales")),
    Measure("honest_delay_weeks", "chip-weeks", "delay of flagged honest orders", Total("honest_delay")),
    Measure("honest_disabled", "chips", "of honest owners switched off in error", Total("honest_disabled")),
    Measure("honest_inspected", "orders", "of honest buyers opened at borders", Total("honest_inspected")),
    Measure("false_leads", "leads", "on honest firms", Total("false_leads")),
    Measure(
        "false_cases",
        "cases",
        "against honest firms",
        Total("false_cases"),
        Screen("Cases against honest firms", "lower"),
    ),
    Measure("false_cases_us", "cases", "of the US bureau against honest firms", Total("false_cases_us")),
    Measure("false_cases_host", "cases", "of host countries against honest firms", Total("false_cases_host")),
    Measure("notifications", "reports", "of large transfers filed by sellers", Total("notifications")),
    Measure("government_cost", "US$", "of policies, inspections and checks to governments", Total("government_cost")),
    Measure("us_cost", "US$", "of which in US appropriations", Total("us_cost")),
    Measure("foreign_cost", "US$", "of which to the treasuries of other states", Total("foreign_cost")),
    Measure("us_receipts", "US$", "fines in US cases: a transfer, in no sum", Total("us_receipts")),
    Measure("awards", "US$", "paid to whistleblowers out of US fines: a transfer, in no sum", Total("awards")),
    Measure("fund_fines", "US$", "fines of cases begun by a tip that filled a whistleblower fund", Total("fund_fines")),
    Measure("fund_staff", "US$", "paid by that fund for screening staff, in no sum", Total("fund_staff")),
    Measure("fund_held", "US$", "in that fund, mean of the weeks", Mean("fund_held")),
    Measure("industry_cost", "US$", "of policies, checks, audits and delays to industry", Total("industry_cost")),
    Measure("trade_cost", "US$", "industry cost of consignments opened at borders", Total("trade_cost")),
    Measure("lost_sales_cost", "US$", "margin of honest sales lost in error, in no sum", Total("lost_sales_cost")),
    Measure("false_disable_cost", "US$", "honest chips switched off in error, in no sum", Total("false_disable_cost")),
    Measure("customs_cost", "US$", "government cost of opening consignments at borders", Total("customs_cost")),
    Measure("seller_cost", "US$", "industry cost of compliance, reports and audits to sellers", Total("seller_cost")),
    Measure("buyer_cost", "US$", "industry cost of visits and delays to honest buyers", Total("buyer_cost")),
    Measure(
        "rented_h100e",
        "H100e",
        "newly rented abroad",
        Total("rented_h100e"),
        Screen("Compute rented abroad, H100e", "neither"),
    ),
    Measure("licensed_h100e", "H100e", "bought under licence", Total("licensed_h100e")),
    Measure("offshore_h100e", "H100e", "bought by offshore subsidiaries of Chinese firms", Total("offshore_h100e")),
    Measure("domestic_h100e", "H100e", "domestic chips", Total("domestic_h100e")),
    Measure(
        "compute_h100e",
        "H100e",
        "all compute acquired: smuggled, licensed, rented, offshore-owned, domestic",
        Total("compute_h100e"),
        Screen("All compute, H100e", "lower"),
    ),
    Measure(
        "frontier_h100e",
        "H100e",
        "smuggled, rented or offshore-owned in classes with at least half the compute of the newest",
        Total("frontier_h100e"),
        Screen("Frontier compute, H100e", "lower"),
    ),
    Measure(
        "frontier_fixed_h100e",
        "H100e",
        "the same in classes of at least 1 H100e a chip, whatever is newest",
        Total("frontier_fixed_h100e"),
    ),
    Measure("interdicted", "chips", "seized on their way while a case was open", Total("interdicted")),
    Measure("opened", "consignments", "that look like chips, opened at borders", Total("opened")),
    Measure("audits", "audits", "of sites by vendors", Total("audits")),
    Measure("stop_sales", "firms", "diverters to whom vendors stopped sales", Total("stop_sales")),
    Measure("false_stops", "firms", "honest buyers to whom vendors stopped sales in error", Total("false_stops")),
    Measure(
        "looked_away_share",
        "share",
        "of traders' purchases through sellers who look away",
        Ratio("looked_away", ("purchased",), weights=("delivered",)),
    ),
]
_LIST += [
    Measure(
        f"price_over_list:{row['code']}",
        "x list",
        f"paid for ordered chips of the {row['name']} over list price",
        Ratio(f"paid:{row['code']}", (f"listed:{row['code']}",)),
    )
    for row in table("chips")
]
_LIST += [
    Measure(
        f"route_share:{code}",
        "share",
        f"of deliveries that left for China from {code}",
        Ratio(f"delivered_via:{code}", ("delivered",), weights=("delivered",)),
    )
    for code in ORIGINS
]
MEASURES = {measure.name: measure for measure in _LIST}
# Weekly columns that the app draws by quarter although no measure is made of them.
DRAWN = {"cancelled": SUM, "exits": SUM, "looks": SUM, "cases_opened": SUM, "true_leads": SUM}


def on_screen() -> dict[str, Screen]:
    """Return the measures that the app offers and its quick estimate knows, and how they are shown."""
    return {name: measure.screen for name, measure in MEASURES.items() if measure.screen is not None}


def quarterly() -> dict[str, str]:
    """Return the columns of the table of quarters: every one that a measure is made of, and `DRAWN`; see `SUM`, `MEAN`.

    Raises
    ------
    ValueError
        When one measure adds up a column that another averages.
    """
    found: dict[str, str] = {}
    for columns in (*(measure.made.columns for measure in MEASURES.values()), DRAWN):
        for column, how in columns.items():
            if found.setdefault(column, how) != how:
                raise ValueError(f"measures.py: {column} is added up by one measure and averaged by another")
    return found


def by_quarter(weeks: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return weekly columns by quarters of 13 weeks, shape (quarters, `quarterly`); a last part is left out."""
    import numpy as np

    found = quarterly()
    columns = np.stack([weeks[name] for name in found], axis=1).astype(float)
    whole = len(columns) // WEEKS_A_QUARTER
    used = columns[: whole * WEEKS_A_QUARTER].reshape(whole, WEEKS_A_QUARTER, -1)
    return np.where([how == MEAN for how in found.values()], used.mean(axis=1), used.sum(axis=1))


def over_years(
    measure: str, yearly: Mapping[str, np.ndarray], years: Sequence[int], weeks: Sequence[int] = ()
) -> np.ndarray:
    """Return a measure over several years of every run, combined as its declaration says.

    Parameters
    ----------
    measure : str
        What is no measure of this file is averaged.
    yearly : mapping
        Measure -> values of all runs and years, shape (runs, years).
    years : sequence of int
        Positions of the years to take together.
    weeks : sequence of int, optional
        How long each of them is, if they differ: a part of a year counts for what it is in a mean.

    Returns
    -------
    ndarray, shape (runs,)
        In the unit of the measure; NaN if it is defined in none of the years.
    """
    import numpy as np

    declared, values = MEASURES.get(measure), yearly[measure][:, years]
    length = [np.broadcast_to(np.array(weeks, float), values.shape)] if len(set(weeks)) > 1 else []
    if declared is None:
        return averaged(values, length)
    return declared.made.over_years(values, [yearly[name][:, years] for name in declared.made.weighing] or length)


def policy_years(years: Sequence[int], first_week: int) -> tuple[int, ...]:
    """Return the model years (52 weeks each, see `periods.py` for what they are called) of the window of policies.

    Parameters
    ----------
    years : sequence of int
        All model years of the run.
    first_week : int
        First week of policies; the window begins with the model year that holds it.
    """
    return tuple(years[max(first_week, 0) // WEEKS_A_YEAR :])


def yearly_values(weeks: Mapping[str, Any], first_year: int) -> tuple[tuple[int, ...], dict[str, tuple[float, ...]]]:
    """Return the model years (52 weeks) that weekly columns hold, and every measure in each of them.

    `weeks` is a table or a mapping of arrays: ensembles build no table, which would take a third of a run's time.
    """
    import numpy as np

    names = [name for name in weeks if name != "starts"]  # a weekly table says when its weeks start
    columns = np.array([weeks[name] for name in names], dtype=float)
    parts = [columns[:, first : first + WEEKS_A_YEAR] for first in range(0, columns.shape[1], WEEKS_A_YEAR)]
    years = [Span(dict(zip(names, part.sum(axis=1).tolist(), strict=True)), part.shape[1]) for part in parts]
    values = {name: tuple(measure.made.over_span(year) for year in years) for name, measure in MEASURES.items()}
    return tuple(first_year + position for position in range(len(years))), values


def yearly(weeks: Mapping[str, Any], first_year: int) -> pd.DataFrame:
    """Return every measure by model year (52 weeks); index = year, one float column a measure."""
    import pandas as pd

    years, values = yearly_values(weeks, first_year)
    return pd.DataFrame(values, index=pd.Index(years, name="year"), dtype=float)
