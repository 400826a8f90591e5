"""The weekly books of a run: what was counted, what follows from it, and what it cost whom. No side effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from supplysim.evidence import DESTINATION, RULES_OF, table

LAWFUL = ("licensed", "rented", "offshore", "domestic")

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from supplysim.policies.base import Policy
    from supplysim.world.conditions import Baseline

STARTS = "starts"  # column of a weekly table: first day of the week


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
    lawful = sum(book[f"{kind}_h100e"] for kind in LAWFUL)
    book["compute_h100e"] = book["delivered_h100e"] + lawful
    book["frontier_h100e"] = book["frontier_smuggled"] + book["frontier_abroad"]
    book["frontier_fixed_h100e"] = book["advanced_smuggled"] + book["advanced_abroad"]
    book["in_use_h100e"] = np.cumsum((used["delivered_by"] - used["disabled_by"]) @ h100e)
    for generation, row in enumerate(table("chips")):
        code = row["code"]
        book[f"delivered:{code}"] = used["delivered_by"][:, generation]
        book[f"premium:{code}"] = np.exp(used["premium"][:, generation])
        book[f"paid:{code}"], book[f"listed:{code}"] = used["paid_by"][:, generation], used["listed_by"][:, generation]
    for country, row in enumerate(table("countries")):
        if row["code"] != DESTINATION:
            book[f"delivered_via:{row['code']}"] = via[:, country]
    for channel, row in enumerate(table("channels")):
        book[f"true_leads:{row['code']}"] = leads[:, channel, 1]
        book[f"false_leads:{row['code']}"] = leads[:, channel, 0]
    book["false_leads"], book["true_leads"] = leads[:, :, 0].sum(axis=1), leads[:, :, 1].sum(axis=1)
    price = _mean_list_price(baseline, chips[0]["list_price"])[:weeks]
    book["honest_sales"] = used["honest_filled"] * price
    return book | _cases_by_agency(cases, weeks) | _costs(used, policies, baseline, parameters[0], price)


def weekly(columns: Mapping[str, np.ndarray], start: date) -> pd.DataFrame:
    """Return weekly columns as a table, one row a week; `STARTS` is the first day of each, from that of week 0."""
    import pandas as pd

    frame = pd.DataFrame(dict(columns))
    frame.insert(0, STARTS, pd.date_range(start, periods=len(frame), freq="7D"))
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

    at_home = np.array([row["country"] == RULES_OF for row in table("agencies")])[cases["agency"]]
    return {
        f"{name}_{side}": np.bincount(cases["closed"][(cases["outcome"] == outcome) & of_side], minlength=weeks)
        for name, outcome in (("prosecutions", CASE_PROSECUTION), ("false_cases", CASE_CLEARED))
        for side, of_side in (("us", at_home), ("host", ~at_home))
    }


def _costs(
    used: np.ndarray, policies: Sequence[Policy], baseline: Baseline, p: np.void, price: np.ndarray
) -> dict[str, np.ndarray]:
    """Return US$ a week by payer: what policies declare, and unit costs times what was counted.

    A foreign treasury is none of the United States'. Fines and awards are transfers: they stand beside and are in no
    sum, nor is what error costs honest trade in sales and chips. `price` is that of a chip.
    """
    import numpy as np

    from supplysim.world.overlap import COSTS, costs

    weeks = used.size
    paid = {name: np.zeros(weeks) for name in COSTS}
    for cost in costs(policies, baseline):
        for name in COSTS:
            paid[name] += cost[name][:weeks]
    customs, home = p["inspection_cost"] * used["opened"], p["inspection_cost"] * used["us_opened"]
    us = paid["government_cost"] + p["check_cost"] * used["checks"] + home
    foreign = paid["foreign_cost"] + customs - home
    trade = p["opening_delay_cost"] * used["opened"]
    sellers = paid["industry_cost"] + paid["industry_cost_per_chip"] * used["honest_filled"]
    sellers += p["report_cost"] * used["notifications"]
    sellers += p["audit_cost"] * used["audits"]
    late = used["honest_delay"] + p["stop_delay"] * used["honest_stopped"]
    buyers = p["checked_cost"] * used["checks"] + p["delay_cost"] * late
    return {
        "us_cost": us,
        "foreign_cost": foreign,
        "government_cost": us + foreign,
        "customs_cost": customs,
        "awards": paid["award_share_of_fines"] * used["us_fines"] + used["fund_awards"],
        "us_receipts": used["us_fines"].astype(float),
        "seller_cost": sellers,
        "buyer_cost": buyers,
        "trade_cost": trade,
        "industry_cost": sellers + buyers + trade,
        "lost_sales_cost": p["honest_margin"] * price * used["honest_lost"],
        "false_disable_cost": price * used["honest_disabled"],
    }
