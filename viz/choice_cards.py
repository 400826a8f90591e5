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
from supplysim.language import gettext, gettext_noop, numerals
from supplysim.report.decision.facts import HEADINGS_OF
from supplysim.report.decision.words import FREE, HEADINGS
from supplysim.report.formatting import NONE, between, millions, percent, share, tight
from supplysim.report.standing import listed

TOLD = 4  # sentences of a section
BETTER = (  # of the portfolios shown, by place
    gettext_noop(
        "Where {state} is {value}, the best leaves less, by {points} points of the baseline; by state the estimate is "
        "rough."
    ),
    gettext_noop(
        "Where {state} is {value}, the next best leaves less, by {points} points of the baseline; by state the "
        "estimate is rough."
    ),
    gettext_noop(
        "Where {state} is {value}, the third leaves less, by {points} points of the baseline; by state the estimate is "
        "rough."
    ),
)


def a_year(amount: float) -> str:
    """Return an amount of money a year."""
    return gettext("${n}M a year", n=millions(amount))


def card(each: Portfolio, objective: str) -> dict[str, Any]:
    """Return a portfolio as a card: its levers with what each costs, and what it changes by the quick estimate."""
    changes = {name: percent(each.changes[name]) for name in HEADINGS}
    return {
        "name": each.name or gettext("nothing"),
        "parts": parts(each),
        "cost": a_year(each.cost),
        "burden": a_year(each.burden),
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
        "cost": gettext(
            "${n}M a year ({low} to {high} in 9 of 10 worlds)", n=millions(told.cost.mean), low=low, high=high
        ),
        "burden": a_year(told.burden.mean),
        "worlds": between(main.worlds_low, main.worlds_high),
        **_changes(changes, objective),
    }


def _changes(changes: dict[str, str], objective: str) -> dict[str, Any]:
    rows = {name: {"title": gettext(AIMS[name].words), "text": text} for name, text in changes.items()}
    return {"main": rows[objective], "changes": [row for name, row in rows.items() if name != objective]}


def parts(each: Portfolio) -> list[dict[str, Any]]:
    """Return the levers of a portfolio: strength, what each spends a year, its share of all, and who decides."""
    whole = max(sum(map(abs, each.spent.values())), 1.0)
    return [
        {
            "title": called(lever),
            "strength": share(strength),
            "cost": gettext("${n}M", n=millions(spent)) if abs(spent) >= FREE else NONE,
            "share": max(spent, 0.0) / whole,
            "who": ", ".join(map(gettext, sorted(authorities_of(lever)))),
        }
        for lever, strength in each.package
        for spent in [each.spent[typed(lever)]]
    ]


def differs(other: Iterable[str], best: Iterable[str]) -> str:
    """Return how the levers of a portfolio differ from those of the best."""
    more = [called(lever) for lever in other if lever not in best]
    less = [called(lever) for lever in best if lever not in other]
    told = [gettext("adds {levers}", levers=listed(more))] if more else []
    told += [gettext("leaves out {levers}", levers=listed(less))] if less else []
    return "; ".join(told) or gettext("the same levers at other strengths")


def official(found: Decision, dollars: float) -> dict[str, str]:
    """Return what was run -> what it is called: the best, the next best, other objectives' best, the proposals."""
    second = found.runner_up(dollars)
    named = {found.best(dollars).name: gettext("Best")}
    if second is not None:
        named.setdefault(second.name, gettext("Next best"))
    for aim, each in found.others[dollars].items():
        named.setdefault(each.name, gettext("Best for {aim}", aim=gettext(AIMS[aim].words)))
    for proposal in found.question.proposals:
        named.setdefault(proposal.name, proposal.name)
    return {name: label for name, label in named.items() if name in found.exact.arms}


def estimate_sections(answer: Estimated) -> list[dict[str, Any]]:
    """Return what the quick estimate says under the headings of a decision."""
    best = answer.best
    if not best.package:
        return []
    flips = [one.sentence(best) for one in answer.breaks if one.share > 0.0][:TOLD]
    stays = [called(one.lever) for one in answer.breaks if one.share <= 0.0]
    if stays:
        flips.append(gettext("Nothing would make up for: {levers}.", levers=", ".join(stays)))
    robust = [answer.tie] if answer.tie else []
    stands = answer.by_state if answer.whole else []
    wrong = error(answer.known, answer.asked.objective)
    turned = [one for one in stands if one.regret > wrong]
    robust += [
        gettext(
            BETTER[one.best],
            state=gettext(one.state),
            value=gettext(one.value.replace("-", " ")),
            points=numerals(f"{100 * one.regret:.1f}"),
        )
        for one in turned
    ]
    if stands and not turned:
        robust.append(
            gettext("In no state of the world does another of them leave less by more than the estimate's own error.")
        )
    _, unknowns = answer.unknowns
    found = {
        HEADINGS_OF["robust"]: robust,
        HEADINGS_OF["flips"]: flips,
        HEADINGS_OF["information"]: [one.sentence() for one in unknowns if one.flips or one.clear][:TOLD],
    }
    return [
        {"title": gettext(head), "lines": [f"{line[0].upper()}{line[1:]}" for line in lines]}
        for head, lines in found.items()
        if lines
    ]
