"""Outputs: what a run is summed up by. Weekly tallies in, numbers out; no side effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from supplysim.evidence import quantities, table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from supplysim.policies.base import Policy
    from supplysim.world.conditions import Baseline

WEEKS_A_YEAR = 52
EXA_PER_TERA = 1e-6
HOME = "US"  # the bureau's country; every other agency is a host's


class Year(NamedTuple):
    """What measures are made of: the sum of every weekly column over a year, and the number of its weeks."""

    sums: dict[str, float]
    weeks: int


@dataclass(frozen=True)
class Measure:
    """One output: its unit, what it means, and how a year's number is made from the weeks."""

    name: str
    unit: str
    meaning: str
    of_year: Callable[[Year], float]


def total(column: str) -> Callable[[Year], float]:
    """Return the sum of a weekly column over the year."""
    return lambda year: year.sums[column]


def mean(column: str) -> Callable[[Year], float]:
    """Return the mean of a weekly column over the year."""
    return lambda year: year.sums[column] / year.weeks


def ratio(part: str, *whole: str) -> Callable[[Year], float]:
    """Return a sum over the year divided by other sums; NaN where the base is zero."""

    def of_year(year: Year) -> float:
        base = sum(year.sums[column] for column in whole)
        return year.sums[part] / base if base else float("nan")

    return of_year


def _central(identity: str) -> float:
    value = quantities()[identity].central
    assert value is not None, f"{identity} has no central value"
    return value


def compute_share(per_chip: float, others: float) -> Callable[[Year], float]:
    """Return smuggled compute over all that China acquired, by the published convention (MODEL 11).

    Parameters
    ----------
    per_chip : float
        Throughput of an H100, TFLOP/s.
    others : float
        Licensed and domestic compute of 2024, EFLOP/s.
    """

    def of_year(year: Year) -> float:
        smuggled = year.sums["delivered_h100e"] * per_chip * EXA_PER_TERA
        return smuggled / (smuggled + others)

    return of_year


# Throughput per H100 and the other flows of 2024 as published (Q005-Q009).
SMUGGLED_2024 = 140_000  # chips behind the published bars (Q001)
TRAINING_OTHERS = _central("Q006") + _central("Q007") + _central("Q008")
TRAINING_PER_CHIP = _central("Q005") / SMUGGLED_2024 / EXA_PER_TERA
INFERENCE = [row.central or 0.0 for row in quantities().values() if row.id.startswith("Q009")]
INFERENCE_PER_CHIP = INFERENCE[0] / SMUGGLED_2024 / EXA_PER_TERA
INFERENCE_OTHERS = sum(INFERENCE[1:])

_LIST = [
    Measure("ordered", "chips", "ordered from intermediaries", total("ordered")),
    Measure("attempted", "chips", "that reached a purchase attempt, each once", total("attempted")),
    Measure("refused", "chips", "refused by screening, each attempt", total("refused")),
    Measure("delivered", "chips", "deployed in China", total("delivered")),
    Measure("delivered_h100e", "H100e", "compute deployed in China", total("delivered_h100e")),
    Measure("seized", "chips", "stopped at borders or seized in cases", total("seized")),
    Measure("disabled", "chips", "switched off after deployment", total("disabled")),
    Measure("in_use_h100e", "H100e", "smuggled compute in use, mean of the weeks", mean("in_use_h100e")),
    Measure(
        "training_share",
        "share",
        "smuggled part of training compute acquired",
        compute_share(TRAINING_PER_CHIP, TRAINING_OTHERS),
    ),
    Measure(
        "inference_share",
        "share",
        "smuggled part of inference compute acquired",
        compute_share(INFERENCE_PER_CHIP, INFERENCE_OTHERS),
    ),
    Measure("interdiction_rate", "share", "seized over seized and delivered", ratio("seized", "seized", "delivered")),
    Measure("mark_up", "x list", "price that traders take as reference over list price", mean("mark_up")),
    Measure("active_intermediaries", "firms", "in business, mean of the weeks", mean("active_intermediaries")),
    Measure("entries", "firms", "new or returned", total("newcomers")),
    Measure("prosecutions", "cases", "ended in prosecution", total("prosecutions")),
    Measure("prosecutions_us", "cases", "ended in prosecution by the US bureau", total("prosecutions_us")),
    Measure("prosecutions_host", "cases", "ended in prosecution by host countries", total("prosecutions_host")),
    Measure("listings", "cases", "ended in a listing", total("listings")),
    Measure("lapsed_cases", "cases", "lapsed because the firm was gone", total("lapsed_cases")),
    Measure(
        "exposed_share",
        "share",
        "lifetime volume of removed firms over delivered",
        ratio("removed_volume", "delivered"),
    ),
    Measure("honest_flagged", "orders", "of honest buyers flagged", total("honest_flagged")),
    Measure("honest_flagged_share", "share", "honest orders flagged", ratio("honest_flagged", "honest_orders")),
    Measure("honest_fill", "share", "honest demand that was met", ratio("honest_filled", "honest_ordered")),
    Measure("honest_lost", "chips", "of honest buyers not bought after a flag", total("honest_lost")),
    Measure("honest_sales", "US$", "honest chips sold, at the list prices of the mix on offer", total("honest_sales")),
    Measure("honest_delay_weeks", "chip-weeks", "delay of flagged honest orders", total("honest_delay")),
    Measure("honest_disabled", "chips", "of honest owners switched off in error", total("honest_disabled")),
    Measure("honest_inspected", "orders", "of honest buyers opened at borders", total("honest_inspected")),
    Measure("false_leads", "leads", "on honest firms", total("false_leads")),
    Measure("false_cases", "cases", "against honest firms", total("false_cases")),
    Measure("false_cases_us", "cases", "of the US bureau against honest firms", total("false_cases_us")),
    Measure("false_cases_host", "cases", "of host countries against honest firms", total("false_cases_host")),
    Measure("notifications", "reports", "of large transfers filed by sellers", total("notifications")),
    Measure("government_cost", "US$", "of policies, inspections and checks to governments", total("government_cost")),
    Measure("industry_cost", "US$", "of policies, checks and delays to industry", total("industry_cost")),
    Measure("programme_cost", "US$", "government cost of policies, checks and awards", total("programme_cost")),
    Measure("customs_cost", "US$", "government cost of opening honest orders at borders", total("customs_cost")),
    Measure("seller_cost", "US$", "industry cost of compliance and reports to sellers", total("seller_cost")),
    Measure("buyer_cost", "US$", "industry cost of visits and delays to honest buyers", total("buyer_cost")),
    Measure("rented_h100e", "H100e", "newly rented abroad", total("rented_h100e")),
    Measure("licensed_h100e", "H100e", "bought under licence", total("licensed_h100e")),
    Measure("domestic_h100e", "H100e", "domestic chips", total("domestic_h100e")),
]
TRANSITS = tuple(row["code"] for row in table("countries") if row["code"] != "CN")
_LIST += [
    Measure(
        f"route_share:{code}",
        "share",
        f"of deliveries that left for China from {code}",
        ratio(f"delivered_via:{code}", "delivered"),
    )
    for code in TRANSITS
]
MEASURES = {measure.name: measure for measure in _LIST}


def weekly_columns(
    tally: np.ndarray,
    cases: np.ndarray,
    weeks: int,
    chips: np.ndarray,
    policies: Sequence[Policy],
    baseline: Baseline,
    parameters: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return what happened in the weeks run so far, one array a column, shape (weeks,).

    Parameters
    ----------
    tally : ndarray of TALLY
        The run's books.
    cases : ndarray of CASE
        Every case so far, for which agency ended it.
    weeks : int
        Weeks run.
    chips : ndarray of CHIPS, shape (1,)
        Compute and list price of a chip by generation.
    policies, baseline
        For what they cost.
    parameters : ndarray of PARAMETERS, shape (1,)
        Unit costs.
    """
    import numpy as np

    used, h100e = tally[:weeks], chips[0]["h100e"]
    book = {name: np.ascontiguousarray(used[name]) for name in tally.dtype.names or () if used[name].ndim == 1}
    leads, via = np.ascontiguousarray(used["leads"]), np.ascontiguousarray(used["via"])
    book["seized"] = book["seized_border"] + book["seized_cases"]
    book["newcomers"] = book["entries"] + book["returns"]
    book["delivered_h100e"] = used["delivered_by"] @ h100e
    book["in_use_h100e"] = np.cumsum((used["delivered_by"] - used["disabled_by"]) @ h100e)
    for generation, row in enumerate(table("chips")):
        book[f"delivered:{row['code']}"] = used["delivered_by"][:, generation]
    for country, row in enumerate(table("countries")):
        if row["code"] != "CN":
            book[f"delivered_via:{row['code']}"] = via[:, country]
    for channel, row in enumerate(table("channels")):
        book[f"true_leads:{row['code']}"] = leads[:, channel, 1]
        book[f"false_leads:{row['code']}"] = leads[:, channel, 0]
    book["false_leads"], book["true_leads"] = leads[:, :, 0].sum(axis=1), leads[:, :, 1].sum(axis=1)
    book["honest_sales"] = used["honest_filled"] * _mean_list_price(baseline, chips[0]["list_price"])[:weeks]
    return book | _cases_by_agency(cases, weeks) | _costs(used, policies, baseline, parameters[0])


def weekly(columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return weekly columns as a table, one row a week."""
    import pandas as pd

    frame = pd.DataFrame(dict(columns))
    frame.index.name = "week"
    return frame


def _mean_list_price(baseline: Baseline, list_price: np.ndarray) -> np.ndarray:
    """Return US$ of an average honest chip, shape (weeks,): orders follow the products' shares of supply."""
    import numpy as np

    shares = np.diff(baseline.conditions["product_share"], axis=1, prepend=0.0)
    return shares.reshape(baseline.weeks, -1, list_price.size).sum(axis=1) @ list_price


def _cases_by_agency(cases: np.ndarray, weeks: int) -> dict[str, np.ndarray]:
    """Return prosecutions and false cases that ended each week, by the US bureau and by host countries."""
    import numpy as np

    from supplysim.world.records import CASE_CLEARED, CASE_PROSECUTION

    at_home = np.array([row["country"] == HOME for row in table("agencies")])[cases["agency"]]
    return {
        f"{name}_{side}": np.bincount(cases["closed"][(cases["outcome"] == outcome) & of_side], minlength=weeks)
        for name, outcome in (("prosecutions", CASE_PROSECUTION), ("false_cases", CASE_CLEARED))
        for side, of_side in (("us", at_home), ("host", ~at_home))
    }


def _costs(used: np.ndarray, policies: Sequence[Policy], baseline: Baseline, p: np.void) -> dict[str, np.ndarray]:
    """Return US$ a week by payer: what policies declare, and unit costs times what was counted."""
    import numpy as np

    weeks = used.size
    programme, declared, per_chip = np.zeros(weeks), np.zeros(weeks), np.zeros(weeks)
    for policy in policies:
        programme += policy.government_cost(baseline)[:weeks]
        programme += policy.award_share_of_fines(baseline)[:weeks] * used["fines"]
        declared += policy.industry_cost(baseline)[:weeks]
        per_chip += policy.industry_cost_per_chip(baseline)[:weeks]
    programme += p["check_cost"] * used["checks"]
    customs = p["inspection_cost"] * used["honest_inspected"]
    sellers = declared + per_chip * used["honest_filled"] + p["report_cost"] * used["notifications"]
    late = used["honest_delay"] + p["stop_delay"] * used["honest_stopped"]
    buyers = p["checked_cost"] * used["checks"] + p["delay_cost"] * late
    return {
        "programme_cost": programme,
        "customs_cost": customs,
        "government_cost": programme + customs,
        "seller_cost": sellers,
        "buyer_cost": buyers,
        "industry_cost": sellers + buyers,
    }


def yearly_values(weeks: Mapping[str, Any], first_year: int) -> tuple[tuple[int, ...], dict[str, tuple[float, ...]]]:
    """Return the model years (52 weeks) that weekly columns hold, and every measure in each of them.

    `weeks` is a table or a mapping of arrays: ensembles build no table, which would take a third of a run's time.
    """
    import numpy as np

    names = list(weeks)
    columns = np.array([weeks[name] for name in names], dtype=float)
    parts = [columns[:, first : first + WEEKS_A_YEAR] for first in range(0, columns.shape[1], WEEKS_A_YEAR)]
    years = [Year(dict(zip(names, part.sum(axis=1).tolist(), strict=True)), part.shape[1]) for part in parts]
    values = {name: tuple(measure.of_year(year) for year in years) for name, measure in MEASURES.items()}
    return tuple(first_year + position for position in range(len(years))), values


def yearly(weeks: Mapping[str, Any], first_year: int) -> pd.DataFrame:
    """Return every measure by model year (52 weeks); index = year, one float column a measure."""
    import pandas as pd

    years, values = yearly_values(weeks, first_year)
    return pd.DataFrame(values, index=pd.Index(years, name="year"), dtype=float)
