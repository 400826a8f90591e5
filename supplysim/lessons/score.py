"""How well a learner knows what they know: the Brier score of predictions, and how often each confidence was right."""

from __future__ import annotations

from collections.abc import Sequence

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.language import gettext
from supplysim.lessons.lesson import CONFIDENCE
from supplysim.setup import gate

FEWEST = 4  # answers before their gap is judged
Judged = Sequence[tuple[int, bool]]  # confidence in percent, and whether the answer was right


def brier(judged: Judged) -> float | None:
    """Return the Brier score: 0 is sure and right, 0.25 always "50 %", 1 sure and wrong; None without answers.

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
        rows.append((gettext(word), percent, sum(outcomes), len(outcomes)))
    return rows


def in_words(judged: Judged) -> str:
    """Return whether someone was as sure as they were right; a gap that luck explains (two standard errors) is none.

    Examples
    --------
    >>> in_words([(90, False)] * 5)
    'You were 90 % sure on average, and right 0 of 5 times. You were surer than you were right.'
    """
    judged = _checked(judged)
    if not judged:
        return ""
    sure, right = sum(percent for percent, _ in judged) / 100.0, sum(right for _, right in judged)
    spread = sum(percent / 100.0 * (1.0 - percent / 100.0) for percent, _ in judged) ** 0.5
    said = gettext(
        "You were {percent} % sure on average, and right {right} of {all} times.",
        percent=f"{100.0 * sure / len(judged):.0f}",
        right=right,
        all=len(judged),
    )
    if len(judged) < FEWEST:
        verdict = gettext("A few more, and this says whether you know how much you know.")
    elif abs(sure - right) <= 2.0 * spread:
        verdict = gettext("You were about as sure as you were right.")
    elif sure > right:
        verdict = gettext("You were surer than you were right.")
    else:
        verdict = gettext("You were less sure than you were right.")
    return f"{said} {verdict}"


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
