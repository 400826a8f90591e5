"""How well a learner knows what they know: the Brier score of predictions, and how often each confidence was right."""

from __future__ import annotations

from collections.abc import Sequence

from supplysim.lessons.lesson import CONFIDENCE

Judged = Sequence[tuple[int, bool]]  # confidence in percent, and whether the answer was right


def brier(judged: Judged) -> float | None:
    """Return the Brier score: 0 is sure and right, 0.25 always "a guess", 1 sure and wrong; None without answers.

    Examples
    --------
    >>> brier([(50, True), (90, True)])
    0.13
    """
    if not judged:
        return None
    return round(sum((percent / 100.0 - right) ** 2 for percent, right in judged) / len(judged), 10)


def calibration(judged: Judged) -> list[tuple[str, int, int, int]]:
    """Return for each confidence: its word, its percent, how many answers were right, how many there were."""
    rows = []
    for percent, word in CONFIDENCE.items():
        outcomes = [right for sure, right in judged if sure == percent]
        rows.append((word, percent, sum(outcomes), len(outcomes)))
    return rows
