"""In words: how precise a comparison is, which policy is best how surely, and where its spread comes from."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from supplysim.experiment.precision import half_widths
from supplysim.experiment.ranking import AS_IT_STANDS
from supplysim.report.formatting import compact, share
from supplysim.report.words import pairs

if TYPE_CHECKING:
    from supplysim.experiment.study import Study

LISTED = 3  # choices told in words; the rest stand in ranking.csv


def precision(study: Study) -> str:
    """Return one sentence: the half-width reached, by which policy, and whether it was what was asked for."""
    if not isfinite(study.reached):
        return f"{pairs(study).capitalize()} say nothing about the precision of the effects."
    width = f"The widest half-width of a 90 % interval is {share(study.reached)} of the baseline after {pairs(study)}"
    widths = half_widths(study)
    width += f" ({max(widths, key=widths.__getitem__)})"
    if study.precision is None:
        return f"{width}."
    if study.reached <= study.precision:
        return f"{width}: within the {share(study.precision)} asked for."
    return f"{width}: not the {share(study.precision)} asked for; --pairs allows more."


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
