"""The answer to the question of a comparison in one paragraph, made from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.experiment.ledger import mean_ledger
from supplysim.experiment.ranking import AS_IT_STANDS
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE
from supplysim.report.formatting import compact, dollars, percent
from supplysim.report.trust import share
from supplysim.report.words import pairs

if TYPE_CHECKING:
    from supplysim.experiment.study import Study

WAYS = {
    "substituted": "never ordered from an intermediary",
    "blocked": "refused or dropped",
    "intercepted": "seized",
    "delayed": "only delayed",
}


def answer(study: Study) -> str:
    """Return the paragraph: what falls most, by how much and how surely, at what cost, and what is not clear."""
    found = {arm: study.effect(arm) for arm in study.arms}
    by_verdict = {
        verdict: sorted((arm for arm in found if found[arm].verdict == verdict), key=lambda arm: found[arm].mean)
        for verdict in (FALL, RISE, NO_EFFECT)
    }
    falls = by_verdict[FALL]
    parts = [f"Under the stated assumptions, over {study.window} and {pairs(study)} (in brackets 90 % intervals):"]
    if falls:
        parts.append(f"deliveries fall most under {_change(study, falls[0])}.")
        parts.append(_ways(study, falls[0]))
    else:
        parts.append("no policy clearly lowers deliveries.")
    if falls[1:]:
        parts.append(f"They also fall under {_list([_change(study, arm) for arm in falls[1:]])}.")
    if by_verdict[RISE]:
        parts.append(f"They rise under {_list([_change(study, arm) for arm in by_verdict[RISE]])}.")
    if by_verdict[NO_EFFECT]:
        parts.append(f"No clear effect is seen under {_list(by_verdict[NO_EFFECT])}.")
    if falls:
        parts.append(_cheapest(study, falls))
    best = study.ranking()[0]
    if study.pairs > 1 and best.policy != AS_IT_STANDS and len(study.arms) > 1:
        parts.append(
            f"As a single choice {best.policy} is best in {share(best.probability_best)} "
            f"(± {share(best.probability_error)}) of the worlds."
        )
    return " ".join(filter(None, parts))


def _change(study: Study, arm: str) -> str:
    effect = study.effect(arm)
    low, high = (compact(end, sign=True) for end in (effect.mean_low, effect.mean_high))
    return f"{arm} ({compact(effect.mean, sign=True)} chips, {percent(effect.relative)}; {low} to {high})"


def _ways(study: Study, arm: str) -> str:
    """Return what became of the chips that a policy prevents, in order of size."""
    ledger = mean_ledger(study.ledgers[arm])
    if ledger.prevented <= 0.0:
        return ""
    named = {WAYS[part]: getattr(ledger, part) / ledger.prevented for part in WAYS}
    parts = [f"{percent(named[way]).removeprefix('+')} {way}" for way in sorted(named, key=named.__getitem__)[::-1]]
    below = " (below zero: less than without the policy)" if min(named.values()) < 0.0 else ""
    return f"Of the chips prevented {_list(parts)}{below}."


def _cheapest(study: Study, arms: list[str]) -> str:
    costs = {arm: study.cost_per_chip(arm) for arm in arms}
    arm = min(costs, key=lambda name: costs[name].estimate)
    cost = costs[arm]
    if not np.isfinite(cost.estimate):
        return ""
    who = f"The least cost for each chip prevented is that of {arm}" if len(arms) > 1 else "Each chip prevented costs"
    colon = ": " if len(arms) > 1 else " "
    return f"{who}{colon}{dollars(cost.estimate)} ({dollars(cost.low)} to {dollars(cost.high)})."


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
