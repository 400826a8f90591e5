"""Facts about where the trade goes: balloon, seizures that prevent nothing, substitutes (F5, F12, F14)."""

from __future__ import annotations

import numpy as np

from supplysim.evidence import table
from supplysim.validation.arms import BASELINE, CLOSED, MORE_SEIZED
from supplysim.validation.sampling import Ensemble
from supplysim.validation.score import Finding, Interval, above_zero, below_zero, mean_interval, ratio_interval, said


def balloon(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F5: of the chips that a closed country loses (bought there or sent through it), how many arrive another way.

    The displaced share is 1 − fall of all deliveries / fall of those that touch the country, both in the
    window, a ratio of means over pairs.
    """
    codes = [row["code"] for row in table("countries")]
    shares: dict[str, Interval] = {}
    texts = []
    for country in CLOSED:
        arm = f"close_country:{country}"
        at = codes.index(country)
        lost = np.array([pair[BASELINE].through[at] - pair[arm].through[at] for pair in ensemble.pairs])
        still_arrived = lost + ensemble.change(arm, "delivered")
        shares[country] = ratio_interval(still_arrived, lost)
        texts.append(f"{country} {said(shares[country], '.2f')} of {lost.mean():,.0f} chips")
    passed = all(low < share.low and share.high < high for share in shares.values())
    return Finding(passed, "; ".join(texts), shares)


def more_seized(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F12: a setting in which more is seized and no less arrives."""
    numbers: dict[str, Interval] = {}
    texts, shown = [], False
    for arm in MORE_SEIZED:
        seized, delivered = (mean_interval(ensemble.change(arm, column)) for column in ("seized", "delivered"))
        numbers |= {f"{arm}: seized": seized, f"{arm}: delivered": delivered}
        texts.append(f"{arm}: seized {said(seized, ',.0f')}, delivered {said(delivered, ',.0f')}")
        shown = shown or (above_zero(seized) and not below_zero(delivered))
    return Finding(shown, "; ".join(texts), numbers)


def _relative(ensemble: Ensemble, arm: str):
    return ratio_interval(ensemble.change(arm, "delivered"), ensemble.sums(BASELINE, "delivered"))


def remote_checks(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F14a: those who may rent no more buy smuggled chips."""
    change = mean_interval(ensemble.change("remote_kyc", "delivered"))
    relative = _relative(ensemble, "remote_kyc")
    found = f"{said(change, ',.0f')} chips, {said(relative, '+.1f', 100.0)} %"
    return Finding(above_zero(change), found, {"change": change, "relative": relative})


def legal_supply(ensemble: Ensemble, low: float, high: float) -> Finding:
    """F14b: those who may buy legally leave smugglers."""
    change = mean_interval(ensemble.change("legal_supply", "delivered"))
    relative = _relative(ensemble, "legal_supply")
    found = f"{said(change, ',.0f')} chips, {said(relative, '+.1f', 100.0)} %"
    return Finding(below_zero(change), found, {"change": change, "relative": relative})
