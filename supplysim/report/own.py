"""Assumptions of one's own in words and tables: what was changed, and which change did it."""

from __future__ import annotations

from math import isfinite

from supplysim.experiment.beliefs import Beliefs
from supplysim.experiment.beside import ALL, TOGETHER, Beside, Moved, first
from supplysim.report import effects
from supplysim.report.formatting import percent, points
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
            (name, effect, _change(one), percent(one.share).lstrip("+") if isfinite(one.share) else "", one.first)
        )
    return ("Assumptions", f"Effect of {arm}", "Change", "Of the change", "First on chips"), rows


def _change(one: Moved) -> str:
    if not isfinite(one.low):
        return points(one.change)
    return f"{points(one.change, '')}± {50.0 * (one.high - one.low):.1f} points"


MOVED_NOTE = (
    "Change: of the relative change of chips delivered, in percentage points, against the shipped assumptions on the "
    "same seeds and draws; ± half its 90 % interval of simulation. Acting together: what is left when the part of each "
    "alone is taken off. First: by the mean."
)


def said(beside: Beside) -> str:
    """Return in a sentence or two what the assumptions change, and which of them does it."""
    arm = next(iter(beside.study.arms))
    whole, *others = beside.moved(arm)
    before, after = (percent(study.effect(arm).relative) for study in (beside.default, beside.study))
    if not (whole.low > 0.0 or whole.high < 0.0):
        unclear = f"Whether your assumptions change what {arm} does to chips delivered {beside.study.pairs} worlds"
        parts = [f"{unclear} do not tell ({before} {SHIPPED}, {after} under yours)."]
    else:
        parts = [f"{arm} changes chips delivered by {before} {SHIPPED} and by {after} under yours."]
        alone = sorted((one for one in others if one.world != TOGETHER), key=lambda one: -abs(one.change))
        if len(alone) > 1:
            told = ", ".join(f"{one.world} {percent(one.share).lstrip('+')}" for one in alone)
            parts.append(f"Of that change each alone makes: {told}.")
    shipped_first = first(beside.default)
    if whole.first != shipped_first:
        turning = [one.world for one in others if one.first == whole.first]
        by = f"; {', '.join(turning)} alone turns it" if turning else "; none alone turns it"
        parts.append(f"First on chips is {whole.first} instead of {shipped_first}{by if len(others) > 1 else ''}.")
    else:
        parts.append(f"First on chips is {whole.first} in both.")
    if beside.not_tried:
        parts.append(f"Not tried alone: {', '.join(beside.not_tried)}.")
    return " ".join(parts)
