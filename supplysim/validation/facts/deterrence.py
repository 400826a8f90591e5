"""Facts about what deters: tips and investigators, certainty and severity, and no lever that invites (F6, F7, F10)."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from supplysim.experiment.statistics import CONFIDENCE, Interval
from supplysim.validation.arms import BASELINE, BOTH, BUDGET, DETECTION, DOUBLED, TIPS
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Finding, above_zero, below_zero, log_change, mean_interval, ratio_interval, said


def actions(ensemble: Ensemble, arm: str) -> np.ndarray:
    """Return prosecutions and listings of the window, shape (pairs,)."""
    return ensemble.sums(arm, "prosecutions") + ensemble.sums(arm, "listings")


def interaction(tips: np.ndarray, budget: np.ndarray, both: np.ndarray, neither: np.ndarray) -> np.ndarray:
    """Return what two levers bring together beyond the sum of what each brings alone."""
    return both - tips - budget + neither


def tips_and_budget_in_actions(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F6a: more investigators make more of more tips."""
    neither, tips, budget, both = (actions(ensemble, arm) for arm in (BASELINE, TIPS, BUDGET, BOTH))
    beyond = mean_interval(interaction(tips, budget, both, neither))
    alone = {name: mean_interval(value - neither) for name, value in (("tips", tips), ("budget", budget))}
    found = (
        f"{said(beyond, '.1f')} beyond the sum; tips {said(alone['tips'], '+.1f')}, "
        f"budget {said(alone['budget'], '+.1f')} on {neither.mean():.1f}"
    )
    return Finding(not below_zero(beyond), found, {"interaction": beyond, **alone})


def tips_and_budget_in_volume(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F6b: the same in chips delivered; shown as a share of the baseline."""
    neither, tips, budget, both = (ensemble.sums(arm, "delivered") for arm in (BASELINE, TIPS, BUDGET, BOTH))
    beyond = mean_interval(interaction(tips, budget, both, neither))
    shares = {
        name: ratio_interval(value, neither)
        for name, value in (
            ("interaction", interaction(tips, budget, both, neither)),
            ("tips", tips - neither),
            ("budget", budget - neither),
            ("both", both - neither),
        )
    }
    texts = [f"{name} {said(share, '+.1f', 100.0)} %" for name, share in shares.items()]
    return Finding(not above_zero(beyond), "; ".join(texts), {"interaction_chips": beyond, **shares})


def elasticity(ensemble: Ensemble, lever: str) -> np.ndarray:
    """Return ln(delivered with / without) / ln 2 for a lever whose means are doubled, shape (pairs,)."""
    return log_change(
        ensemble.sums(BASELINE, "delivered"), ensemble.sums(DOUBLED[lever], "delivered")
    ) / np.log(2.0)  # fmt: skip


def stopped(ensemble: Ensemble, arm: str) -> float:
    """Return the share of chips that are seized, of those that end: how sure a consignment is to be lost."""
    seized, delivered = (ensemble.sums(arm, column).mean() for column in ("seized", "delivered"))
    return seized / (seized + delivered)


def removed(ensemble: Ensemble, arm: str) -> float:
    """Return prosecutions and listings per firm in business: how sure a firm is to be removed, 1/firm-week."""
    return actions(ensemble, arm).mean() / ensemble.sums(arm, "active_intermediaries").mean()


HAZARDS = {"border": stopped, "investigators": removed}  # what is doubled, and the hazard that it raises


def _against_penalties(ensemble: Ensemble, lever: str) -> Finding:
    """Hold a lever's elasticity to the hazard it makes, taken as known, against that to the whole penalty."""
    hazard = HAZARDS[lever]
    before, after = (hazard(ensemble, arm) for arm in (BASELINE, DOUBLED[lever]))
    if not after > before > 0.0:
        return Finding(None, f"the hazard is {after:.3g} with twice the {lever}, {before:.3g} without")
    certain = elasticity(ensemble, lever) * np.log(2.0) / np.log(after / before)
    severe = elasticity(ensemble, "penalties")
    numbers = {
        lever: mean_interval(certain),
        "penalties": mean_interval(severe),
        "difference": mean_interval(certain - severe),
    }
    texts = [f"{name} {said(value, '.4f')}" for name, value in numbers.items()]
    texts.append(f"hazard x {after / before:.2f}")
    return Finding(below_zero(numbers["difference"]), "; ".join(texts), numbers | {"hazard": after / before})


def border_against_penalties(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F7a: twice the inspections, per unit of what they stop, against twice the fine."""
    return _against_penalties(ensemble, "border")


def investigators_against_penalties(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F7b: twice the US investigators, per unit of the removal hazard, against twice the fine."""
    return _against_penalties(ensemble, "investigators")


def _raises(ensemble: Ensemble, tests: int) -> Finding:
    """Return whether any lever raises deliveries, at a confidence of 90 % for so many tests together."""
    intervals, texts, passed = {}, [], True
    for arm in DETECTION:
        change = ensemble.change(arm, "delivered")
        error = change.std(ddof=1) / np.sqrt(change.size)
        half = float(stdtrit(change.size - 1, 1.0 - (1.0 - CONFIDENCE) / 2.0 / tests) * error)
        passed = passed and not change.mean() - half > 0.0
        intervals[arm] = ratio_interval(change, ensemble.sums(BASELINE, "delivered"))
        texts.append(f"{arm} {said(intervals[arm], '+.1f', 100.0)} %")
    return Finding(bool(passed), "; ".join(texts), intervals)


def no_lever_raises_together(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F10a: no lever of detection raises deliveries, at 90 % for all together; shown are 90 % intervals of each."""
    return _raises(ensemble, len(DETECTION))


def no_lever_raises_singly(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F10b: the same, each lever for itself; names only those that do raise them."""
    finding = _raises(ensemble, 1)
    raising: dict[str, Interval] = {}
    for arm, relative in finding.numbers.items():
        if above_zero(mean_interval(ensemble.change(arm, "delivered"))):
            raising[arm] = relative
    texts = [f"{arm} {said(relative, '+.2f', 100.0)} %" for arm, relative in raising.items()]
    return Finding(finding.passed, "; ".join(texts) or f"none of {len(DETECTION)}", raising)
