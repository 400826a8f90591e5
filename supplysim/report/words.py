"""A comparison in words and rounded numbers, for the screen and the report."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from supplysim.experiment.statistics import FALL, RISE, Interval, mean_interval, quantiles
from supplysim.report.formatting import compact, count, dollars, percent
from supplysim.report.published import YEAR, published_volume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.comparison import Comparison
    from supplysim.experiment.cost_per_unit import CostPerUnit

LIMITS = (
    "How strong each lever is has never been measured: the strengths are stated assumptions with ranges.",
    "This compares policies under the same assumptions; it is not a forecast of what will be smuggled.",
)
COLUMNS = ("Policy", "Delivered", "Change", "Pairs fell", "Cost a year", "Cost per chip")
HOW_TO_READ = (
    "Delivered: diverted chips, median over pairs. Change: mean paired difference. Cost per chip: discounted public "
    "and industry cost for each chip prevented. Second lines: 90 % intervals, or ± one standard error, of simulating "
    "so many pairs and no more."
)
AS_IT_STANDS = "as it stands"
ATTRIBUTION_COLUMNS = ("Policy", "Brings", "Share", "Alone", "Added last")
HOW_TO_READ_ATTRIBUTION = (
    "Brings: Shapley value, the mean of what the policy adds to whatever stands before it, in chips delivered; "
    "the values add up to the package. All intervals are 90 % intervals of the mean over pairs."
)
INTERACTION_COLUMNS = ("Two together", "Beyond the sum", "The two alone")
HOW_TO_READ_INTERACTIONS = (
    "Below zero the two strengthen each other, above zero they do the same work twice. "
    "Beyond the sum: averaged over what else is in force; the two alone: against either by itself."
)


def rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the table a person reads, one row for the scenario as it stands and one a policy.

    The cells stand under `COLUMNS` and are over the window; intervals are on a second line.
    """
    table: list[tuple[str, ...]] = []
    for arm in comparison.arms:
        effect = comparison.effect(arm)
        if not table:
            level = plus_minus(effect.baseline_median, effect.baseline_error)
            table.append((AS_IT_STANDS, level, "", "", "", ""))
        change = compact(effect.mean, sign=True)
        if isfinite(effect.relative):
            change += f" ({percent(effect.relative)})"
        if isfinite(effect.standard_error):
            change += f"\n{compact(effect.mean_low, sign=True)} to {compact(effect.mean_high, sign=True)}"
        fell = f"{effect.pairs_down}/{effect.pairs}\n± {100.0 * effect.share_down_error:.0f} %"
        costs = amount(yearly_cost(comparison, arm), dollars), per_chip(comparison, arm)
        table.append((arm, plus_minus(effect.policy_median, effect.policy_error), change, fell, *costs))
    return table


def pairs(comparison: Comparison) -> str:
    """Return how many pairs there are, with the word."""
    return f"{comparison.pairs} pair{'s' if comparison.pairs != 1 else ''}"


def yearly_cost(comparison: Comparison, arm: str) -> Interval:
    """Return what an arm costs beyond the baseline, US$ a year of the window, not discounted."""
    extra = sum(
        comparison.values(arm, name, comparison.window) - comparison.values("baseline", name, comparison.window)
        for name in ("government_cost", "industry_cost")
    )
    return mean_interval(extra / len(comparison.policy_years))


def plus_minus(number: float, error: float) -> str:
    """Return a number with its standard error, if it has one, on a second line."""
    return f"{compact(number)}\n± {compact(error)}" if isfinite(error) else compact(number)


def amount(found: Interval, form: Callable[[float], str]) -> str:
    """Return a mean with its interval, if it has one, on a second line."""
    text = form(found.mean)
    return f"{text}\n{form(found.low)} to {form(found.high)}" if isfinite(found.low) else text


def per_chip(comparison: Comparison, arm: str) -> str:
    """Return the cost per chip prevented with its interval, or why there is none."""
    return per_unit(comparison.cost_per_chip(arm), "deliveries rise")


def per_unit(cost: CostPerUnit, rise: str) -> str:
    """Return a cost per unit with its interval, or why there is none; `rise` says what went up."""
    if cost.verdict == FALL:
        return f"{dollars(cost.estimate)}\n{dollars(cost.low)} to {dollars(cost.high)}"
    return rise if cost.verdict == RISE else cost.verdict


def runs_needed(runs: int, pairs: int) -> str:
    """Return how much an attribution takes."""
    return f"Attribution takes {runs} runs in each of {pairs} pairs: {runs * pairs:,} runs."


def attribution_rows(attribution: Attribution) -> list[tuple[str, ...]]:
    """Return what each policy of a package brings in chips delivered, under `ATTRIBUTION_COLUMNS`."""
    return [
        (
            row["member"],
            *(change(row, "value"), percent(row["share"]).removeprefix("+") if isfinite(row["share"]) else ""),
            *(change(row, name) if isfinite(row[name]) else "" for name in ("alone", "last")),
        )
        for row in attribution.table().to_dict("records")
    ]


def interaction_rows(attribution: Attribution) -> list[tuple[str, ...]]:
    """Return what policies of a package do in twos, in chips delivered, under `INTERACTION_COLUMNS`."""
    return [
        (
            f"{row['first']} and {row['second']}",
            change(row, "index") if isfinite(row["index"]) else "not sampled",
            change(row, "first_order"),
        )
        for row in attribution.interactions().to_dict("records")
    ]


def change(row: Mapping[str, float], name: str) -> str:
    """Return a mean change with its interval, if it has one, on a second line: columns name, name_low, name_high."""
    text = compact(row[name], sign=True)
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{text}\n{compact(low, sign=True)} to {compact(high, sign=True)}" if isfinite(low) else text


def against_published(comparison: Comparison) -> str | None:
    """Return one sentence on the baseline of 2024 and the published range; None without that year."""
    if YEAR not in comparison.years:
        return None
    values, errors = quantiles(comparison.values("baseline", "delivered", str(YEAR)), (0.05, 0.5, 0.95))
    low, median, high = (
        f"{count(value)} ± {count(error)}" if isfinite(error) else count(value)
        for value, error in zip(values, errors, strict=True)
    )
    published = published_volume()
    return (
        f"In {YEAR} the scenario as it stands delivers {median} chips "
        f"(5-95 % of pairs: {low} to {high}); {published.source} estimates "
        f"{count(published.median)} ({count(published.low)} to "
        f"{published.high_as_published}; evidence {published.evidence_id})."
    )
