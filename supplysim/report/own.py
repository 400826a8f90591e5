"""Assumptions of one's own in words and tables: what was changed, and which change did it."""

from __future__ import annotations

from math import isfinite

from supplysim.experiment.beliefs import Beliefs
from supplysim.experiment.beside import ALL, TOGETHER, Beside, Moved, first
from supplysim.report import effects
from supplysim.report.formatting import minus, percent
from supplysim.report.html import Table

CHANGED = ("Assumption", "Meaning", "As shipped", "Your own", "Source", "Why")
CHANGED_NOTE = (
    "Everything else is as shipped, draw by draw. What was learnt or trained under the shipped assumptions does not "
    "know these: the quick estimates of the app and of explore.html, the posterior sample, the scoreboard."
)
SHIPPED = "under the shipped assumptions"


def title(beliefs: Beliefs) -> str:
    """Return the sentence that stands above all answers."""
    count = len(beliefs.items)
    return f"These answers rest on {'an assumption' if count == 1 else f'{count} assumptions'} of your own"


def changed(beliefs: Beliefs) -> Table:
    """Return what was changed, one row an assumption."""
    return CHANGED, [
        (one.name, one.meaning, one.default, one.believed, one.source, one.why) for one in beliefs.changed()
    ]


def two_tables(beside: Beside) -> list[tuple[str, effects.Told]]:
    """Return the table of effects under one's own assumptions and under the shipped ones."""
    return [("Under your own assumptions", effects.main(beside.study)), ("As shipped", effects.main(beside.default))]


def moved(beside: Beside) -> Table:
    """Return which assumption changes the effect of the first policy on chips delivered, and who is first."""
    arm = next(iter(beside.study.arms))
    rows: list[tuple[str, ...]] = [
        ("as shipped", percent(beside.default.effect(arm).relative), "", "", first(beside.default))
    ]
    for one in beside.moved(arm):
        name = {ALL: "all your own", TOGETHER: "acting together"}.get(one.world, f"{one.world} alone")
        effect = percent(one.relative) if isfinite(one.relative) else ""
        rows.append(
            (name, effect, change(one), percent(one.share).lstrip("+") if isfinite(one.share) else "", one.first)
        )
    return ("Assumptions", f"Effect of {arm}", "Change", "Of the change", "First on chips"), rows


def change(one: Moved) -> str:
    """Return a change of a relative change, with half its interval if that is known."""
    size = f"{100.0 * one.change:+.1f}"
    told = minus(size if float(size) else size[1:])
    return f"{told} ± {50.0 * (one.high - one.low):.1f} points" if isfinite(one.low) else f"{told} points"


MOVED_NOTE = (
    "Change: of the relative change of chips delivered, in percentage points, against the shipped assumptions on the "
    "same seeds and draws; ± half its 90 % interval of simulation. Acting together: what is left when the part of each "
    "alone is taken off. First: by the mean."
)


def said(beside: Beside) -> str:
    """Return in a few sentences what the assumptions change, and which of them does it."""
    arm = next(iter(beside.study.arms))
    whole, *others = beside.moved(arm)
    alone = [one for one in others if one.world != TOGETHER]
    before, after = (percent(study.effect(arm).relative) for study in (beside.default, beside.study))
    effects_told = f"{before} {SHIPPED}, {after} under yours"
    if _clear(whole):
        parts = [f"What {arm} does to chips delivered changes: {effects_told}."]
        if len(alone) > 1:
            ordered = sorted(alone, key=lambda one: -abs(one.change))
            told = ", ".join(f"{one.world} {percent(one.share).lstrip('+')}" for one in ordered)
            parts.append(f"Of that change each alone makes: {told}.")
    else:
        worlds = f"{beside.study.pairs} worlds"
        parts = [f"Whether what {arm} does to chips delivered changes {worlds} do not tell ({effects_told})."]
        if len(alone) > 1 and any(map(_clear, alone)):
            told = ", ".join(f"{one.world} {change(one)}" for one in alone if _clear(one))
            parts.append(f"Alone they do change it: {told}.")
    return " ".join([*parts, *_firsts(beside, whole, alone)])


def _clear(one: Moved) -> bool:
    return one.low > 0.0 or one.high < 0.0


def _firsts(beside: Beside, whole: Moved, alone: list[Moved]) -> list[str]:
    """Return who is first under which assumptions, and what was not tried."""
    shipped = first(beside.default)
    turned = [f"{one.world} alone makes it {one.first}" for one in alone if one.first != shipped and len(alone) > 1]
    same = whole.first == shipped
    head = f"First on chips by the mean is {whole.first}{' in both' if same else f' instead of {shipped}'}"
    rest = [f"Not tried alone: {', '.join(beside.not_tried)}."] if beside.not_tried else []
    return ["; ".join([head, *turned]) + ".", *rest]
