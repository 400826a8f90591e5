"""A comparison in words and rounded numbers, for the screen and the report: rows, sentences, and the answer itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING

from supplysim.experiment.arms import ALL_SIX
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, Interval, PairedEffect, quantiles
from supplysim.experiment.study import Study
from supplysim.experiment.uncertainty import AS_IT_STANDS, half_widths
from supplysim.experiment.unit_cost import CostPerUnit
from supplysim.outputs.periods import of_year
from supplysim.packs import limits
from supplysim.policies import six
from supplysim.report import standing, ways
from supplysim.report.formatting import between, compact, count, dollars, percent, relative, share
from supplysim.report.published import YEAR, published_volume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from supplysim.experiment.attribution import Attribution


LIMITS = ("A comparison under stated assumptions, not a forecast: no lever's strength was ever measured.",)
SIX = "Six CNAS recommendations"
MONTHS = (  # in no locale
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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


def question(study: Study) -> str:
    """Return what is compared, from when, over which years and how many worlds."""
    arms = [*study.arms]
    what = SIX if arms == [*(policy.lever for policy in six()), ALL_SIX] else arms[0]
    if what != SIX and len(arms) > 1:
        what = f"{len(arms)} policies"
    usual = study.scenario.policy_start + timedelta(days=6)  # that week's last day: years begin with their first Monday
    first = min(policy.start or usual for policies in study.arms.values() for policy in policies)
    years = study.window_days.partition(" (")[0]
    return f"{what} from {MONTHS[first.month - 1]} {first.year}, in {years}, over {worlds(study)}"


def setting(study: Study) -> str:
    """Return the world of a comparison: scenario, days of the window, where its parameters come from, and the rules."""
    rule = f", {' and '.join(study.by_rule)} rules" if study.by_rule else ""
    keys = [study.periods[year] for year in study.policy_years]
    days = replace(keys[0], last=keys[-1].last).days
    return f"{study.scenario.title}: {days}, parameters: {study.parameters}{rule}. {limits()}".rstrip()


def worlds(comparison: Comparison) -> str:
    """Return how many worlds there are, with the word."""
    return f"{comparison.pairs} world{'s' if comparison.pairs != 1 else ''}"


def change_of(effect: PairedEffect) -> str:
    """Return the relative change of a mean with half its 90 % interval."""
    return relative(effect.relative, effect.relative_low, effect.relative_high)


def pairs(comparison: Comparison) -> str:
    """Return how many pairs there are, with the word."""
    return f"{comparison.pairs} pair{'s' if comparison.pairs != 1 else ''}"


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
    """Return one sentence on the baseline of 2024 and the published range; None unless the whole year was run."""
    period = of_year(YEAR, comparison.periods.values())
    if period is None:
        return None
    values, errors = quantiles(comparison.values("baseline", "delivered", str(period.key)), (0.05, 0.5, 0.95))
    low, median, high = map(count, values)
    error = f" ± {count(errors[1])}" if isfinite(errors[1]) else ""
    published = published_volume()
    return (
        f"In {YEAR} ({period.days}) the median world delivers {median}{error} chips "
        f"(5-95 %: {low} to {high}); "
        f"{published.source}: {count(published.median)} ({count(published.low)} to "
        f"{published.high_as_published}; {published.evidence_id})."
    )


LISTED = 3  # choices told in words; the rest stand in ranking.csv


def precision(study: Study) -> str:
    """Return one sentence: the widest half-width of a relative change, and whether it was what was asked for."""
    if not isfinite(study.reached):
        return f"{pairs(study).capitalize()} say nothing about the precision of the effects."
    widths = half_widths(study)
    arm = max(widths, key=widths.__getitem__)
    width = f"The change known least surely is that under {arm}: ± {share(study.reached)} after {pairs(study)}"
    if study.precision is None:
        return f"{width}."
    asked = share(study.precision) if study.precision >= 0.001 else f"{100.0 * study.precision:.2g} %"
    if study.reached <= study.precision:
        return f"{width}: within the {asked} asked for."
    return f"{width}: not the {asked} asked for; --pairs allows more."


def ranking(study: Study) -> str | None:
    """Return one sentence on which single choice is best how surely; None if there is nothing to choose from."""
    ranks = study.ranking()
    if len(ranks) < 3 or study.pairs < 2:
        return None
    over = f"the {len(study.by_rule)} decision rules" if study.by_rule else f"the {study.scenario.rules.decision} rule"
    parts = [
        f"{one.policy if one.policy != AS_IT_STANDS else 'nothing'} {share(one.probability_best)} "
        f"(± {share(one.probability_error)}; expected regret {compact(one.regret)} ± {compact(one.regret_error)} chips)"
        for one in ranks[:LISTED]
    ]
    return f"Best single choice over pairs and {over}, with its probability: {', '.join(parts)}."


def variance(study: Study) -> str | None:
    """Return one sentence on the split of variance; None without replicates."""
    level = study.variance_split("baseline")
    if not isfinite(level.seeds_share):
        return None
    effects = {arm: study.variance_split(arm) for arm in study.arms}
    known = {arm: split for arm, split in effects.items() if isfinite(split.seeds_share)}
    text = (
        f"Of the variance of deliveries as it stands, chance (the seed) makes up {share(level.seeds_share)} "
        f"(± {share(level.error)}), parameters the rest"
    )
    if known:
        low, high = (pick(known, key=lambda arm: known[arm].seeds_share) for pick in (min, max))
        parts = [f"{share(known[arm].seeds_share)} (± {share(known[arm].error)}; {arm})" for arm in (low, high)]
        text += "; of the variance of the effects " + (f"between {' and '.join(parts)}" if low != high else parts[0])
    return f"{text}. {level.groups} draws of the parameters were run under two seeds."


def answer(study: Study) -> str:
    """Return the paragraph: what falls most, by how much and how surely, at what cost, and what is not clear."""
    found = {arm: study.effect(arm) for arm in study.arms}
    by_verdict = {
        verdict: sorted((arm for arm in found if found[arm].verdict == verdict), key=lambda arm: found[arm].mean)
        for verdict in (FALL, RISE, NO_EFFECT)
    }
    falls = by_verdict[FALL]
    over = f"over {study.window_days} and {pairs(study)}"
    parts = [f"Under the stated assumptions, {over} (±: how far simulating more could move it, 90 %):"]
    if falls:
        parts.append(f"deliveries fall most under {_change(study, falls[0])}.")
        parts.append(ways.said(study, falls[0]))
    else:
        parts.append("no policy clearly lowers deliveries.")
    if falls[1:]:
        parts.append(f"They also fall under {standing.listed([_change(study, arm) for arm in falls[1:]])}.")
    if by_verdict[RISE]:
        parts.append(f"They rise under {standing.listed([_change(study, arm) for arm in by_verdict[RISE]])}.")
    if by_verdict[NO_EFFECT]:
        parts.append(f"No clear effect is seen under {standing.listed(by_verdict[NO_EFFECT])}.")
    if falls:
        parts.append(_cheapest(study, falls))
    parts += [standing.ties(study) or "", standing.across(study) or "", standing.decided(study) or ""]
    return " ".join(filter(None, parts))


def _change(study: Study, arm: str) -> str:
    effect = study.effect(arm)
    chips = f"{compact(effect.mean, sign=True)} chips"
    spread = f"; 9 of 10 worlds {between(effect.worlds_low, effect.worlds_high)}" if isfinite(effect.worlds_low) else ""
    return f"{arm} ({change_of(effect)}{spread}; {chips})" if isfinite(effect.relative) else f"{arm} ({chips})"


def _cheapest(study: Study, arms: list[str]) -> str:
    costs = {arm: cost for arm in arms if isfinite((cost := study.cost_per_chip(arm)).estimate)}
    if not costs:
        return ""
    arm = min(costs, key=lambda name: costs[name].estimate)
    cost = costs[arm]
    who = f"The least cost for each chip prevented is that of {arm}" if len(arms) > 1 else "Each chip prevented costs"
    colon = ": " if len(arms) > 1 else " "
    return f"{who}{colon}{dollars(cost.estimate)} ({dollars(cost.low)} to {dollars(cost.high)})."
