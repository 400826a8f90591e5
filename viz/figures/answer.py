"""The quantity that was asked, drawn with the answers on its axis: whose guess each is, and where the model lies."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from supplysim.viz.figures.lesson import SOURCE
from supplysim.viz.figures.parts import Figure

from supplysim.lessons import After, Lesson
from supplysim.report.formatting import written

NATURAL = {"share": (0.0, 1.0), "percent": (-1.0, math.inf), "count": (0.0, math.inf)}  # what a value can be
LOGARITHMIC = 30.0  # from the first bound of the answers to the last: beyond that a plain axis shows only the last
STATISTICS = {"mean": "average", "median": "middle of all worlds", "p05": "low end", "p95": "high end"}


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
    low, high, along = axis([*bounds, found.low, found.high, found.p05, found.p95], bounds, asked.form)
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
    said = f" You said “{after.answers[guess].text}”." if guess is not None else ""
    return {
        "id": "asked",
        "kind": "answer",
        "title": asked.text,
        "sub": f"Dot: the model's {STATISTICS[asked.statistic]}. Bar: its 90 % interval. Line: 9 of 10 worlds.",
        "rows": rows,
        "class": hands is not None,
        "value": value,
        "marks": {key: at(getattr(found, key)) for key in ("value", "low", "high", "p05", "p95")},
        "ticks": [[at(bound), written(bound, asked.form)] for bound in bounds],
        "aria": f"{asked.text}: {value}, between {written(found.low, asked.form)} and "
        f"{written(found.high, asked.form)}. The model's answer: “{best}”.{said}",
        "status": "exact",
        "pairs": found.pairs,
        "source": SOURCE,
        "file": "supplysim-lesson-asked",
        "table": {
            "head": ["What", "From", "To"],
            "rows": [
                [f"The model: {value}, 90 % interval", written(found.low, asked.form), written(found.high, asked.form)],
                ["9 of 10 worlds", written(found.p05, asked.form), written(found.p95, asked.form)],
                *(
                    [f"{row['text']}{' (your guess)' if row['mine'] else ''}", text, more]
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


def axis(values: list[float], bounds: list[float], form: str) -> tuple[float, float, Callable[[float], float]]:
    """Return the ends of an axis that holds some values and room for the open answers, and how it is measured."""
    least, most = NATURAL.get(form, (-math.inf, math.inf))
    known = [value for value in values if math.isfinite(value)]
    if min(known) > 0.0 and bounds[-1] / bounds[0] >= LOGARITHMIC:
        return min(known) / 3.0, min(max(known) * 3.0, most), math.log
    spread = max(known) - min(known)
    return max(min(known) - 0.18 * spread, least), min(max(known) + 0.18 * spread, most), float
