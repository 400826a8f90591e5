"""Figures of a lesson, made of the numbers that were kept for it; nobody calls this before a prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supplysim.viz.figures.account import waterfall
from supplysim.viz.figures.parts import HOW, Figure, lines_table

from supplysim.language import gettext, gettext_noop
from supplysim.lessons import After, Point
from supplysim.lessons.words import MEASURE_WORDS
from supplysim.report.formatting import chips, signed, written

SOURCE = gettext_noop("Paired runs kept with the lessons (scenarios/lessons/results.csv): the same in every classroom.")
LINES = (
    ("baseline", gettext_noop("As it stands"), gettext_noop("as it stands {n}"), "base"),
    ("policy", gettext_noop("With the policy"), gettext_noop("with the policy {n}"), "policy"),
)

ENTRIES = {
    "prevented": gettext_noop("prevented"),
    "substituted": gettext_noop("substituted"),
    "intercepted": gettext_noop("intercepted"),
    "blocked": gettext_noop("blocked"),
    "delayed": gettext_noop("delayed"),
    "rerouted_memo": gettext_noop("rerouted"),
}


def graphs(after: After, measures: Sequence[str]) -> list[Figure]:
    """Return two figures a measure: both worlds by quarter, and the paired difference."""
    return [figure for measure in measures for figure in (worlds(after, measure), change(after, measure))]


def called(measure: str) -> str:
    """Return what a lesson calls a measure."""
    return gettext(MEASURE_WORDS.get(measure, measure))


def worlds(after: After, measure: str) -> Figure:
    """Return both worlds by quarter."""
    series = [line(after.series, measure, name, gettext(label), role) for name, label, _, role in LINES]
    last = [gettext(ends, n=chips(one["mid"][-1])) for one, (_, _, ends, _) in zip(series, LINES, strict=True)]
    title = called(measure)
    return framed(after, measure, series, chips) | {
        "title": title,
        "sub": f"{after.arm.title}. {gettext(HOW)}",
        "fmt": "chips",
        "aria": gettext("{title}. In the last quarter, median: {list}.", title=title, list=", ".join(last)),
    }


def change(after: After, measure: str) -> Figure:
    """Return the paired difference by quarter."""
    series = [line(after.series, measure, "difference", gettext("Paired difference"), "policy")]
    return framed(after, measure, series, signed) | {
        "id": f"{measure}-change",
        "title": gettext("What the policy changes"),
        "sub": gettext("With the policy minus as it stands, pair by pair. {title}.", title=called(measure)),
        "fmt": "signed",
        "zero": True,
        "aria": gettext("Paired difference, last quarter, median: {n}.", n=signed(series[0]["mid"][-1])),
        "file": f"supplysim-lesson-{measure}-change",
    }


def framed(after: After, measure: str, series: list[dict[str, Any]], show: Any) -> Figure:
    """Return what both figures of a measure share."""
    x = [decimal(it.quarter) for it in after.series if it.measure == measure and it.line == "baseline"]
    return {
        "id": measure,
        "kind": "lines",
        "x": x,
        "series": series,
        "unit": "",
        "policy_at": 2025.0,
        "status": "exact",
        "pairs": after.result.pairs,
        "source": gettext(SOURCE),
        "file": f"supplysim-lesson-{measure}",
        "table": lines_table(x, series, show),
    }


def line(points: Sequence[Point], measure: str, name: str, label: str, role: str) -> dict[str, Any]:
    """Return one line with its two bands."""
    mine = [it for it in points if it.measure == measure and it.line == name]
    keys = {"lo": "p05", "q1": "p25", "mid": "p50", "q3": "p75", "hi": "p95"}
    return {"label": label, "role": role} | {key: [getattr(it, of) for it in mine] for key, of in keys.items()}


def decimal(quarter: str) -> float:
    """Return the middle of a quarter as a decimal year: 2025-Q1 -> 2025.125."""
    year, number = quarter.split("-Q")
    return int(year) + (int(number) - 0.5) / 4.0


def ledger(after: After) -> Figure | None:
    """Return the displacement ledger, None for a lesson without one."""
    if not after.ledger:
        return None
    rows = waterfall({entry: found.value for entry, found in after.ledger.items()})
    return {
        "id": "ledger",
        "kind": "waterfall",
        "title": gettext("Where the chips went instead"),
        "rows": rows,
        "fmt": "chips",
        "sub": gettext(
            "Mean over pairs, chips over the policy years. The first four add up to the fall in deliveries."
        ),
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "status": "exact",
        "pairs": after.result.pairs,
        "source": gettext(SOURCE),
        "file": "supplysim-lesson-ledger",
        "table": {
            "head": [gettext("Entry"), gettext("Mean"), gettext("90 % interval")],
            "rows": [
                [
                    gettext(ENTRIES.get(entry, entry)),
                    signed(it.value),
                    gettext("{low} to {high}", low=signed(it.low), high=signed(it.high)),
                ]
                for entry, it in after.ledger.items()
            ],
        },
    }


def numbers(after: After) -> list[list[str]]:
    """Return every number the lesson rests on, with its 90 % interval."""
    return [
        [
            text,
            written(it.value, form),
            gettext("{low} to {high}", low=written(it.low, form), high=written(it.high, form)),
        ]
        for text, it, form in after.findings
    ]
