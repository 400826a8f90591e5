"""The quantity that was asked, drawn with the answers on its axis: whose guess each is, and where the model lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from supplysim.viz.figures.lesson import SOURCE
from supplysim.viz.figures.parts import Figure

from supplysim.language import gettext, gettext_noop
from supplysim.lessons import After, Lesson
from supplysim.report.formatting import written

NATURAL = {"share": (0.0, 1.0), "percent": (-1.0, math.inf), "count": (0.0, math.inf)}  # what a value can be
LOGARITHMIC = 15.0  # from the least to the largest: beyond that a plain axis shows only the largest
ROOM = 13.0  # percent of the axis, on a phone
STATISTICS = {
    "mean": gettext_noop("the model's average"),
    "median": gettext_noop("the middle of the model's worlds"),
    "p05": gettext_noop("one of the model's worlds in twenty lies below"),
    "p95": gettext_noop("one of the model's worlds in twenty lies above"),
}


def answer(mine: Lesson, after: After, guess: int | None = None, hands: Mapping[int, int] | None = None) -> Figure:
    """Return the answers as spans of one axis, and on it the model's value with both of its ranges.

    Parameters
    ----------
    mine : Lesson
    after : After
        What it shows after a prediction.
    guess : int, optional
        The learner's answer.
    hands : mapping of int to int, optional
        Answer -> how many of a class chose it.
    """
    asked, found = mine.finding(mine.document.predict.finding), after.result
    bounds = [option.below for option in mine.document.predict.options[:-1] if option.below is not None]
    core = [*bounds, found.value, found.low, found.high]
    low, high, along = axis(core, [found.p05, found.p95], asked.form)
    dot = gettext(STATISTICS[asked.statistic])
    if found.p05 < low or found.p95 > high:
        sub = gettext("Dot: {dot}. Bar: its 90 % interval. Line: 9 of 10 worlds (cut at the edge).", dot=dot)
    else:
        sub = gettext("Dot: {dot}. Bar: its 90 % interval. Line: 9 of 10 worlds.", dot=dot)
    starts, ends = [low, *bounds], [*bounds, high]

    def at(value: float) -> float:
        """Return a place on the axis, percent of its width."""
        return round(100.0 * (along(min(max(value, low), high)) - along(low)) / (along(high) - along(low)), 2)

    rows = [
        {
            "text": it.text,
            "from": at(start),
            "to": at(end),
            "verdict": it.verdict,
            "mine": place == guess,
            "hands": (hands or {}).get(place, 0),
        }
        for place, (it, start, end) in enumerate(zip(after.answers, starts, ends, strict=True))
    ]
    value = written(found.value, asked.form)
    best = next(it.text for it in after.answers if it.verdict == "best")
    interval = {"low": written(found.low, asked.form), "high": written(found.high, asked.form)}
    aria = gettext(
        "{text}: {value}, between {low} and {high}. The model's answer: “{best}”.",
        text=asked.text,
        value=value,
        best=best,
        **interval,
    )
    if guess is not None:
        aria += " " + gettext("You said “{answer}”.", answer=after.answers[guess].text)
    return {
        "id": "asked",
        "kind": "answer",
        "title": asked.text,
        "sub": sub,
        "rows": rows,
        "class": hands is not None,
        "value": value,
        "marks": {key: at(getattr(found, key)) for key in ("value", "low", "high", "p05", "p95")},
        "ticks": apart([[at(bound), written(bound, asked.form)] for bound in bounds]),
        "aria": aria,
        "status": "exact",
        "pairs": found.pairs,
        "source": gettext(SOURCE),
        "file": "supplysim-lesson-asked",
        "table": {
            "head": [gettext("What"), gettext("From"), gettext("To")],
            "rows": [
                [gettext("The model: {value}, 90 % interval", value=value), *interval.values()],
                [gettext("9 of 10 worlds"), written(found.p05, asked.form), written(found.p95, asked.form)],
                *(
                    [gettext("{answer} (your guess)", answer=row["text"]) if row["mine"] else row["text"], text, more]
                    for row, text, more in zip(
                        rows,
                        ["–", *(written(bound, asked.form) for bound in bounds)],
                        [*(written(bound, asked.form) for bound in bounds), "–"],
                        strict=True,
                    )
                ),
            ],
        },
    }


def axis(core: list[float], worlds: list[float], form: str) -> tuple[float, float, Callable[[float], float]]:
    """Return the ends of an axis, and how it is measured.

    It holds the answers' bounds and the model's interval with room for the open answers; of the worlds beyond, as much
    as half that width on each side.
    """
    known = [value for value in core if math.isfinite(value)]
    least, most = min(known), max(known)
    if least > 0.0 and most / least >= LOGARITHMIC:
        return least / 3.0, most * 3.0, math.log
    spread, natural = most - least, NATURAL.get(form, (-math.inf, math.inf))
    far = [min(max(value, least - 0.5 * spread), most + 0.5 * spread) for value in worlds if math.isfinite(value)]
    ends = min([least - 0.18 * spread, *far]), max([most + 0.18 * spread, *far])
    limits = natural if natural[0] <= least and most < natural[1] else (-math.inf, math.inf)  # a ratio may pass 1
    return max(ends[0], limits[0]), min(ends[1], limits[1]), float


def apart(ticks: list[list[Any]]) -> list[list[Any]]:
    """Return the ticks that have room for their words, from the left."""
    kept: list[list[Any]] = []
    for tick in ticks:
        if not kept or tick[0] - kept[-1][0] >= ROOM:
            kept.append(tick)
    return kept
