"""A score: one line of the scoreboard, and how numbers with their intervals are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from supplysim.experiment.statistics import Interval, mean_interval, student_t

PASS, FAIL, NOT_TESTED = "pass", "fail", "not tested"


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes
    ----------
    passed : bool or None
        None if the runs cannot tell: nothing there to judge, or too few pairs.
    found : str
        The numbers in words.
    numbers : dict
        The numbers by name: a number, or mean, low and high of a 90 % interval.
    """

    passed: bool | None
    found: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """One line of the scoreboard: what was asked, under which rules of behaviour, and what came out."""

    section: str
    id: str
    statement: str
    rule: str
    level: str  # must or should
    source: str
    rules: str  # decision rule of traders / triage rule of agencies; empty if it does not matter
    verdict: str
    found: str
    pairs: int  # pairs or draws behind it; 0 if it is no ensemble
    numbers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether something that must hold does not."""
        return self.verdict == FAIL and self.level == "must"


def verdict(passed: bool | None) -> str:
    """Return pass, fail or not tested."""
    return NOT_TESTED if passed is None else PASS if passed else FAIL


def ratio_interval(part: np.ndarray, whole: np.ndarray) -> Interval:
    """Return mean part over mean whole with its 90 % interval, linearised around the ratio (delta method)."""
    ratio = float(part.mean() / whole.mean())
    residual = (part - ratio * whole) / whole.mean()
    half = student_t(residual.size) * float(residual.std(ddof=1)) / np.sqrt(residual.size)
    return Interval(ratio, ratio - half, ratio + half)


def log_change(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return ln((after + 1) / (before + 1)): the relative change in each world, defined where a flow is 0."""
    return np.log((after + 1.0) / (before + 1.0))


def said(interval: Interval, form: str = ".3g", scale: float = 1.0) -> str:
    """Return ``mean (low to high)``, each times `scale`."""
    mean, low, high = (format(scale * value, form) for value in interval)
    return f"{mean} ({low} to {high})".replace("-", "−")


def below_zero(interval: Interval) -> bool:
    """Return whether an interval lies wholly below 0."""
    return interval.high < 0.0


def above_zero(interval: Interval) -> bool:
    """Return whether an interval lies wholly above 0."""
    return interval.low > 0.0


__all__ = [
    "FAIL",
    "NOT_TESTED",
    "PASS",
    "Finding",
    "Interval",
    "Score",
    "above_zero",
    "below_zero",
    "log_change",
    "mean_interval",
    "ratio_interval",
    "said",
    "verdict",
]
