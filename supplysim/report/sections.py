"""The tables of the report below the first: what stands in their cells, in words and rounded numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplysim.experiment.burden import BURDENS, reported
from supplysim.experiment.ledger import DISABLED, ENTRIES, NOISE, SPLIT
from supplysim.experiment.statistics import mean_interval
from supplysim.report.formatting import compact, dollars, points
from supplysim.report.words import amount, change, per_chip, per_unit

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison

MONEY, SHARE = "US$", "share"

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]  # heads, rows

LEDGER_NOTE = (
    "Chips, mean over pairs and its 90 % interval. Prevented = substituted (never ordered from an intermediary) "
    "+ intercepted (seized) + blocked (refused, or the seller gone or unwilling) + "
    "delayed (still open or in transit at the end)."
)
SPLIT_NOTE = (
    "What took the place of the chips that were never ordered, in chips of the same compute; the four add up to "
    "substituted. None: nobody replaced it; below zero, more was bought elsewhere than was given up."
)
MEMO_NOTE = (
    "Beside the sum, since these chips arrived. Rerouted chips came by another country. Two worlds without any policy "
    "differ by as much as stands under noise: rerouting below that is no news."
)
COST_NOTE = (
    "US$ beyond the scenario as it stands, discounted, over the window. An H100e-year is the compute of one "
    "H100 in use for a year; compute that is switched off counts as denied. "
    "Intervals of ratios are Fieller's; none is given where the fall is not clear."
)
BURDEN_NOTE = (
    "Change against the scenario as it stands over the window, mean over pairs and its 90 % interval; more is worse."
)
SCORECARD_NOTE = (
    "Mean paired change over the window; US$ are not discounted. No clear effect: the 90 % interval of the "
    "mean includes zero. Policies declare what they cost governments and industry, not which of them pays: "
    "costs that two stakeholders share are shown in full for each."
)
_BURDEN_HEADS = {
    "honest_flagged": "Orders flagged",
    "honest_delay_weeks": "Chip-weeks of delay",
    "honest_lost": "Chips lost",
    "false_leads": "False leads",
    "false_cases": "False cases",
    "honest_disabled": "Chips disabled",
    "honest_inspected": "Orders opened at borders",
}


def ledger(comparison: Comparison) -> Table:
    """Return where the chips went instead: the parts of the sum."""
    return _ledger_columns(comparison, {name: name.capitalize() for name in ENTRIES[:-1]})


def split(comparison: Comparison) -> Table:
    """Return what took the place of the chips that were never ordered."""
    return _ledger_columns(comparison, {name: name.removeprefix("substituted_").capitalize() for name in SPLIT})


def memos(comparison: Comparison) -> Table:
    """Return what stands beside the ledger's sum."""
    heads = {ENTRIES[-1]: "Rerouted", NOISE: "Rerouted: noise", DISABLED: "Disabled later"}
    return _ledger_columns(comparison, heads)


def costs(comparison: Comparison) -> Table:
    """Return what each policy costs, in all and for each unit denied."""
    rows: list[tuple[str, ...]] = []
    for arm in comparison.arms:
        parts = (amount(mean_interval(part), dollars) for part in comparison.extra_costs(arm).T)
        per_year = per_unit(comparison.cost_per_h100e_year(arm), "compute in use rises")
        rows.append((arm, *parts, per_chip(comparison, arm), per_year))
    return ("Policy", "Government", "Industry", "Per chip prevented", "Per H100e-year denied"), rows


def burden(comparison: Comparison) -> Table:
    """Return what each policy changes for honest trade, one column a burden."""
    measures = reported(comparison, BURDENS)
    cells = {(row["policy"], row["measure"]): _change(row) for row in comparison.burden().to_dict("records")}
    rows = [(arm, *(cells[arm, measure] for measure in measures)) for arm in comparison.arms]
    return ("Policy", *(_BURDEN_HEADS[measure] for measure in measures)), rows


def scorecard(comparison: Comparison, arms: Sequence[str]) -> Table:
    """Return what some policies change for each stakeholder: one row a line, one column a policy."""
    lines: dict[tuple[str, str], list[str]] = {}
    for row in comparison.only(arms).scorecard().to_dict("records"):
        lines.setdefault((row["stakeholder"], row["line"]), []).append(_gain(row))
    rows = [(f"{who}: {line}", *cells) for (who, line), cells in lines.items()]
    return ("For whom", *arms), rows


def _ledger_columns(comparison: Comparison, heads: dict[str, str]) -> Table:
    rows = comparison.ledger().to_dict("records")
    return ("Policy", *heads.values()), [(row["policy"], *(change(row, name) for name in heads)) for row in rows]


def _change(row: dict[str, Any]) -> str:
    return change({"change": row["change"], "change_low": row["low"], "change_high": row["high"]}, "change")


def _gain(row: dict[str, Any]) -> str:
    """Return a change with its interval and what it means to the stakeholder, a line each."""
    ends = f"{_amount(row['low'], row)} to {_amount(row['high'], row)}\n" if isfinite(row["low"]) else ""
    unit = "" if row["unit"] in (MONEY, SHARE) else f" {row['unit']}"
    return f"{_amount(row['change'], row)}{unit}\n{ends}{row['verdict']}"


def _amount(number: float, row: dict[str, Any]) -> str:
    """Return a change in the little room of the scorecard."""
    if row["unit"] == MONEY:
        return dollars(number)
    if row["unit"] == SHARE:
        return points(number)
    return compact(number, sign=True)
