"""Figures of the Decide page from the quick estimate: what more money brings, what flips it, what to find out first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from supplysim.viz.figures.parts import Figure, clean, table

from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.at_once import Break, Stand, Unknown, called
from supplysim.decision.portfolio import Portfolio
from supplysim.experiment.effects import LOWER, UPPER, WINDOW, Summary
from supplysim.language import gettext, gettext_noop
from supplysim.report.formatting import chips, percent, share, signed

ROWS = 8  # of a figure
ESTIMATE = gettext_noop(
    "The quick estimate, searched; no run was made for it. Strengths of levers are assumptions with ranges."
)


def ladder(best: Mapping[int, Portfolio], objective: str, budget: int) -> Figure:
    """Return what the best portfolio of every budget changes."""
    at = sorted(best)
    changes = [best[each].changes[objective] for each in at]
    names = [", ".join(called(lever) for lever, _ in best[each].package) or gettext("nothing") for each in at]
    rows = [[gettext("${n}M", n=each), change, name] for each, change, name in zip(at, changes, names, strict=True)]
    return {
        "id": "ladder",
        "kind": "curves",
        "title": gettext("What more money brings"),
        "sub": gettext(
            "Change in {aim} by the best portfolio of each budget, mean over worlds.",
            aim=gettext(AIMS[objective].words),
        ),
        "x": at,
        "log": True,
        "xfmt": "budget",
        "xlabel": gettext("US$ a year"),
        "fmt": "change",
        "lines": [{"label": gettext(AIMS[objective].words), "tone": "teal", "values": clean(changes)}],
        "mark": budget,
        "band": None,
        "status": "estimate",
        "pairs": 0,
        "source": gettext(ESTIMATE),
        "file": "supplysim-budgets",
        "aria": gettext(
            "From {low} at ${first}M to {high} at ${last}M a year",
            low=percent(changes[0]),
            first=at[0],
            high=percent(changes[-1]),
            last=at[-1],
        ),
        "table": table(
            [gettext("Budget a year"), gettext("Change"), gettext("Levers")],
            rows,
            [percent, str],
            gettext("share of the baseline"),
        ),
    }


def breaks(found: Sequence[Break]) -> Figure:
    """Return how little each lever may do before another portfolio is better."""
    rows = [
        {
            "label": called(one.lever),
            "lo": 0.0,
            "mid": round(one.share, 4),
            "hi": round(one.share, 4),
            "text": gettext("stays") if one.share <= 0.0 else gettext("below {share}", share=share(one.share)),
            "tone": "rust" if one.share >= 0.5 else "slate",
        }
        for one in found
    ]
    told = [[called(one.lever), one.share, one.brings, one.instead.name or gettext("nothing")] for one in found]
    return ranges(
        "breaks",
        gettext("What would flip the choice"),
        gettext(
            "How much of what each lever is expected to do it must do, or the best portfolio without it is better."
        ),
        rows,
        "percent",
        (0.0, 1.0),
        table(
            [gettext("Lever"), gettext("Flips below"), gettext("Brings"), gettext("Better then")],
            told,
            [share, share, str],
            gettext("share"),
        ),
    )


def unknowns(found: Sequence[Unknown], made: str) -> Figure:
    """Return how far each assumption moves a lever of the portfolio."""
    rows = [
        {
            "label": f"{upper(words.meaning(one.parameter))} ({called(one.lever)})",
            "lo": min(one.at_low, one.at_high),
            "mid": None,
            "hi": max(one.at_low, one.at_high),
            "text": gettext("{low} to {high}", low=percent(one.at_low), high=percent(one.at_high)),
            "tone": "rust" if one.flips else "teal" if one.clear else "grey",
        }
        for one in found[:ROWS]
    ]
    told = [
        [f"{words.factor(one.parameter)}, {called(one.lever)}", one.at_low, one.at_high, one.sources.sentence()]
        for one in found
    ]
    sub = gettext(
        "Change of chips by the lever alone, at the 5 % and 95 % point of an assumption. Rust: one end flips the choice."
    )
    head = [gettext("Assumption"), gettext("At its low end"), gettext("At its high end"), gettext("Who would tell")]
    figure = ranges(
        "unknowns",
        gettext("What to find out first"),
        sub,
        rows,
        "change",
        None,
        table(head, told, [percent] * 2, gettext("share")),
    )
    return figure | {"source": gettext("Exact runs of every lever alone: {command}.", command=made)}


def ranges(
    name: str,
    title: str,
    sub: str,
    rows: list[dict[str, Any]],
    fmt: str,
    ends: tuple[float, float] | None,
    numbers: dict[str, Any],
) -> Figure:
    """Return a figure of ranges, each under its name."""
    return {
        "id": name,
        "kind": "ranges",
        "title": title,
        "sub": sub,
        "rows": rows,
        "fmt": fmt,
        "ends": ends,
        "status": "estimate",
        "pairs": 0,
        "source": gettext(ESTIMATE),
        "file": f"supplysim-{name}",
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": numbers,
    }


def stands(found: Sequence[Stand], names: Sequence[str]) -> dict[str, Any] | None:
    """Return what the portfolios change in each value of each state, as a table; None without states."""
    if not found:
        return None
    rows = [
        {
            "name": f"{words.valued(one.state, one.value)} ({share(one.probability)})",
            "changes": [percent(change) for change in one.changes],
            "best": one.best,
            "regret": words.in_points(one.regret) if one.best else gettext("none"),
        }
        for one in found
    ]
    return {"head": [*names], "rows": rows}


def middle(summary: Summary, objective: str) -> str:
    """Return where the middle half of worlds lies: further out the quick estimate is too rough to be told."""
    aim = AIMS[objective]
    diff = summary.effect(aim.measures[0], WINDOW).diff
    if diff[UPPER] >= 0.0:
        return gettext("Whether it falls in three worlds of four takes exact runs to tell.")
    few, many = (chips(-float(diff[place])) for place in (UPPER, LOWER))
    return gettext(
        "In the middle half of worlds the fall is between {low} and {high} {unit}.",
        low=few,
        high=many,
        unit=gettext(aim.unit),
    )


def rough(figure: Figure) -> Figure:
    """Return the forest of an estimate with the middle half of worlds only."""
    rows = [row | {"lo": row["q1"], "hi": row["q3"], "words": ""} for row in figure["rows"]]
    told = [[row["label"], row["mid"], row["q1"], row["q3"]] for row in rows]
    head = [
        *(gettext("Portfolio"), gettext("Change of the mean")),
        *(gettext("25 % of worlds"), gettext("75 % of worlds")),
    ]
    return figure | {
        "title": gettext("How far worlds lie apart"),
        "sub": gettext(
            "Change by the quick estimate. Dot: mean over worlds. Bar: the middle half; the rest takes exact runs."
        ),
        "rows": rows,
        "aria": "; ".join(f"{row['label']}: {row['text']}" for row in rows),
        "table": table(head, told, signed, figure["table"]["unit"]),
    }


def upper(text: str) -> str:
    """Return a text that begins a label."""
    return text[:1].upper() + text[1:]
