"""Portfolios as cards and sentences of the Decide page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from supplysim.viz.estimated_choice import Estimated

from supplysim.decision.aims import AIMS
from supplysim.decision.at_once import called, error
from supplysim.decision.decide import Decision
from supplysim.decision.emulated import typed
from supplysim.decision.portfolio import Portfolio
from supplysim.decision.problem import authorities_of
from supplysim.report.decision.facts import HEADINGS_OF
from supplysim.report.decision.words import FREE, HEADINGS
from supplysim.report.formatting import NONE, between, millions, percent, share, tight
from supplysim.report.standing import listed

TOLD = 4  # sentences of a section


def card(each: Portfolio, objective: str) -> dict[str, Any]:
    """Return a portfolio as a card: its levers with what each costs, and what it changes by the quick estimate."""
    changes = {name: percent(each.changes[name]) for name in HEADINGS}
    return {
        "name": each.name or "nothing",
        "parts": parts(each),
        "cost": f"${millions(each.cost)}M a year",
        "burden": f"${millions(each.burden)}M a year",
        **_changes(changes, objective),
    }


def exact_card(found: Decision, each: Portfolio, objective: str) -> dict[str, Any]:
    """Return the same by exact runs: ± how far simulating more worlds could move a change."""
    if not each.package:
        return card(each, objective)
    told = found.told(each.name)
    low, high = (millions(end) for end in told.cost_worlds)
    changes = {
        name: tight(one.relative, one.relative_low, one.relative_high)
        for name, one in told.changes.items()
        if name in HEADINGS
    }
    main = told.changes[objective]
    return {
        "name": each.name,
        "parts": parts(each),
        "cost": f"${millions(told.cost.mean)}M a year ({low} to {high} in 9 of 10 worlds)",
        "burden": f"${millions(told.burden.mean)}M a year",
        "worlds": between(main.worlds_low, main.worlds_high),
        **_changes(changes, objective),
    }


def _changes(changes: dict[str, str], objective: str) -> dict[str, Any]:
    rows = {name: {"title": AIMS[name].words, "text": text} for name, text in changes.items()}
    return {"main": rows[objective], "changes": [row for name, row in rows.items() if name != objective]}


def parts(each: Portfolio) -> list[dict[str, Any]]:
    """Return the levers of a portfolio: strength, what each spends a year, its share of all, and who decides."""
    whole = max(sum(map(abs, each.spent.values())), 1.0)
    return [
        {
            "title": called(lever),
            "strength": share(strength),
            "cost": f"${millions(spent)}M" if abs(spent) >= FREE else NONE,
            "share": max(spent, 0.0) / whole,
            "who": ", ".join(sorted(authorities_of(lever))),
        }
        for lever, strength in each.package
        for spent in [each.spent[typed(lever)]]
    ]


def differs(other: Iterable[str], best: Iterable[str]) -> str:
    """Return how the levers of a portfolio differ from those of the best."""
    more = [called(lever) for lever in other if lever not in best]
    less = [called(lever) for lever in best if lever not in other]
    told = [f"adds {listed(more)}"] if more else []
    told += [f"leaves out {listed(less)}"] if less else []
    return "; ".join(told) or "the same levers at other strengths"


def official(found: Decision, dollars: float) -> dict[str, str]:
    """Return what was run -> what it is called: the best, the next best, other objectives' best, the proposals."""
    options = {name: label for name, label in found.roles(dollars).items() if name in found.exact.arms}
    short = {name: label.removeprefix("the ").removesuffix(" portfolio") for name, label in options.items()}
    return {name: name if label == name else label[0].upper() + label[1:] for name, label in short.items()}


def estimate_sections(answer: Estimated) -> list[dict[str, Any]]:
    """Return what the quick estimate says under the headings of a decision."""
    best = answer.best
    if not best.package:
        return []
    flips = [one.sentence(best) for one in answer.breaks if one.share > 0.0][:TOLD]
    stays = [called(one.lever) for one in answer.breaks if one.share <= 0.0]
    if stays:
        flips.append(f"Nothing would make up for: {', '.join(stays)}.")
    robust = [answer.tie] if answer.tie else []
    stands = answer.by_state if answer.whole else []
    wrong = error(answer.known, answer.asked.objective)
    turned = [one for one in stands if one.regret > wrong]
    robust += [
        f"Where {one.state} is {one.value.replace('-', ' ')}, the {('best', 'next best', 'third')[one.best]} leaves "
        f"less, by {100 * one.regret:.1f} points of the baseline; by state the estimate is rough."
        for one in turned
    ]
    if stands and not turned:
        robust.append("In no state of the world does another of them leave less by more than the estimate's own error.")
    _, unknowns = answer.unknowns
    found = {
        HEADINGS_OF["robust"]: robust,
        HEADINGS_OF["flips"]: flips,
        HEADINGS_OF["information"]: [one.sentence() for one in unknowns if one.flips or one.clear][:TOLD],
    }
    return [
        {"title": head, "lines": [f"{line[0].upper()}{line[1:]}" for line in lines]}
        for head, lines in found.items()
        if lines
    ]
