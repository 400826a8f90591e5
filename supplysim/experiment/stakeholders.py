"""Who gains and who loses: what a policy changes for each stakeholder, and what it costs those who trade honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from supplysim.experiment.comparison import Comparison
from supplysim.experiment.statistics import NO_EFFECT, RISE
from supplysim.outputs.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Line:
    """One thing a stakeholder looks at.

    Attributes
    ----------
    measure : str
        Name of the yearly measure.
    text : str
        What it is to them, in plain words.
    better : {"lower", "higher", "neither"}
        Which way they want it to go. Prosecutions are neither: fewer of them may mean fewer crimes.
    """

    measure: str
    text: str
    better: Literal["lower", "higher", "neither"] = "lower"


# Policies declare what they cost the United States, other states and industry, not which states or which firms:
# compliance stands with vendors and distributors alike, and the text says so.
STAKEHOLDERS: dict[str, tuple[Line, ...]] = {
    "US government": (
        Line("delivered", "diverted chips that arrive in China"),
        Line("in_use_h100e", "smuggled compute in use"),
        Line("us_cost", "appropriations for programmes, staff, checks and US customs"),
        Line("us_receipts", "fines in US cases, not netted against costs", "neither"),
        Line("prosecutions_us", "prosecutions by the US bureau", "neither"),
        Line("false_cases_us", "US cases against honest firms"),
    ),
    "transit state": (
        Line("foreign_cost", "cost of customs and targeting to all states but the United States"),
        Line("honest_inspected", "honest orders opened at borders"),
        Line("prosecutions_host", "prosecutions by host countries", "neither"),
        Line("false_cases_host", "host countries' cases against honest firms"),
    ),
    "vendor": (
        Line("honest_sales", "honest sales at list price", "higher"),
        Line("licensed_h100e", "sales under licence", "higher"),
        Line("seller_cost", "cost of compliance and reports, all sellers together"),
        Line("honest_disabled", "customers' chips switched off in error"),
    ),
    "distributor": (
        Line("seller_cost", "cost of compliance and reports, all sellers together"),
        Line("notifications", "reports to file"),
        Line("honest_flagged", "honest orders flagged in error"),
        Line("honest_lost", "honest sales lost after a flag"),
    ),
    "honest buyer": (
        Line("buyer_cost", "cost of visits and waiting"),
        Line("honest_fill", "share of demand that is met", "higher"),
        Line("honest_delay_weeks", "waiting for flagged orders"),
        Line("honest_disabled", "chips switched off in error"),
        Line("false_leads", "leads on honest firms"),
    ),
}


def scorecard(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy, stakeholder and line.

    Columns: policy, stakeholder, line, measure, then those of `change_row` with the verdict in
    plain words: better, worse, or no clear effect; more or fewer where neither is better.
    Measures that the runs do not report are left out.
    """
    import pandas as pd

    rows = []
    for arm in comparison.arms:
        for stakeholder, lines in STAKEHOLDERS.items():
            for line in lines:
                if line.measure in comparison.measures:
                    change = change_row(comparison, arm, line.measure)
                    change["verdict"] = in_words(change["verdict"], line.better)
                    told = {"stakeholder": stakeholder, "line": line.text, "measure": line.measure}
                    rows.append({"policy": arm, **told, **change})
    return pd.DataFrame(rows)


def in_words(verdict: str, better: str) -> str:
    """Return what a clear fall or rise means to somebody who wants less, more or neither."""
    if verdict == NO_EFFECT:
        return verdict
    if better == "neither":
        return "more" if verdict == RISE else "fewer"
    return "better" if (verdict == RISE) == (better == "higher") else "worse"


# More is worse in every one of them.
BURDENS = (
    "honest_flagged",
    "honest_delay_weeks",
    "honest_lost",
    "false_leads",
    "false_cases",
    "honest_disabled",
    "honest_inspected",
)


def burden(comparison: Comparison) -> pd.DataFrame:
    """Return one row a policy and burden: see `change_row`."""
    import pandas as pd

    rows = [
        {"policy": arm, "measure": measure, **change_row(comparison, arm, measure)}
        for arm in comparison.arms
        for measure in reported(comparison, BURDENS)
    ]
    return pd.DataFrame(rows)


def reported(comparison: Comparison, measures: Sequence[str]) -> list[str]:
    """Return those of the measures that the runs report: a stand-in for the model may report fewer."""
    return [measure for measure in measures if measure in comparison.measures]


def change_row(comparison: Comparison, arm: str, measure: str) -> dict[str, Any]:
    """Return the paired change of a measure over the window, in its unit.

    `change` is the mean, `low` and `high` the ends of its 90 % interval, `relative` the mean over that of
    the baseline with the ends of its own; US$ are not discounted.
    """
    effect = comparison.effect(arm, measure)
    return {
        "unit": MEASURES[measure].unit,
        "baseline_median": effect.baseline_median,
        "change": effect.mean,
        "low": effect.mean_low,
        "high": effect.mean_high,
        "relative": effect.relative,
        "verdict": effect.verdict,
        "pairs": effect.pairs,
        "relative_low": effect.relative_low,
        "relative_high": effect.relative_high,
    }
