"""How well a learner knows what they know: the Brier score of predictions, and how often each confidence was right."""

from __future__ import annotations

from collections.abc import Sequence

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.lessons.lesson import CONFIDENCE
from supplysim.setup import gate

Judged = Sequence[tuple[int, bool]]  # confidence in percent, and whether the answer was right


def brier(judged: Judged) -> float | None:
    """Return the Brier score: 0 is sure and right, 0.25 always "a guess", 1 sure and wrong; None without answers.

    Examples
    --------
    >>> brier([(50, True), (90, True)])
    0.13
    """
    judged = _checked(judged)
    if not judged:
        return None
    return round(sum((percent / 100.0 - right) ** 2 for percent, right in judged) / len(judged), 10)


def calibration(judged: Judged) -> list[tuple[str, int, int, int]]:
    """Return for each confidence: its word, its percent, how many answers were right, how many there were."""
    judged, rows = _checked(judged), []
    for percent, word in CONFIDENCE.items():
        outcomes = [right for sure, right in judged if sure == percent]
        rows.append((word, percent, sum(outcomes), len(outcomes)))
    return rows


def _checked(judged: Judged) -> Judged:
    """Return answers once they are known to be pairs of a confidence and right or wrong."""
    pairs = arguments.items(judged, "answers", "write [(70, True)]")
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InputError("answers", pair, "it is no pair of confidence and right or wrong", "write (70, True)")
        if not gate.is_number(pair[0]) or pair[0] not in CONFIDENCE:
            known = ", ".join(map(str, CONFIDENCE))
            raise InputError("answers: confidence", pair[0], "there is no such choice", f"choose one of {known}")
        arguments.truth(pair[1], "answers: right")
    return pairs
