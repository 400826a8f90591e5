"""Numbers of a brief, two digits each, and what policies are called where nobody knows their short names."""

from __future__ import annotations

from math import floor, isfinite, log10

from supplysim.experiment.arms import ALL_SIX
from supplysim.experiment.study import Study
from supplysim.policies.base import Policy
from supplysim.report.formatting import minus, unknown

NEXT_TO_NOTHING = 0.0005  # as a share: below it a change is called none


def two(number: float) -> str:
    """Return a number with two digits that count: 12.36 -> ``12``, 4.126 -> ``4.1``, 0.0634 -> ``0.063``."""
    if not isfinite(number):
        return unknown()
    if number == 0.0:
        return "0"
    places = 1 - floor(log10(abs(number)))
    rounded = round(number, places)
    places = 1 - floor(log10(abs(rounded)))  # 9.96 is 10 by now
    return minus(f"{rounded:,.{max(places, 0)}f}")


def amount(number: float) -> str:
    """Return a number of things: 439_000 -> ``440 thousand``; 9.17e6 -> ``9.2 million``."""
    size = abs(number)
    if size >= 999_500.0:
        return f"{two(number / 1e6)} million"
    return f"{two(number / 1e3)} thousand" if size >= 9_950.0 else two(number)


def percent(change: float) -> str:
    """Return the size of a relative change: -0.1236 -> ``12 %``."""
    return f"{two(100.0 * abs(change)) if abs(change) >= NEXT_TO_NOTHING else '0'} %"


def signed(change: float) -> str:
    """Return a relative change with its sign."""
    return f"{'' if abs(change) < NEXT_TO_NOTHING else '+' if change > 0.0 else '−'}{percent(change)}"


def falls(low: float, high: float) -> str:
    """Return where changes lie, as a verb says it: ``falls by between 4.1 and 25 %``."""
    if not isfinite(low):
        return "cannot be compared"
    ends = sorted((abs(low), abs(high)))
    for verb, holds in (("falls", high <= 0.0), ("rises", low >= 0.0)):
        if holds:
            first, last = (percent(end) for end in ends)
            return f"{verb} by {last}" if first == last else f"{verb} by between {first.removesuffix(' %')} and {last}"
    return f"changes by between {signed(low)} and {signed(high)}"


def millions(dollars: float) -> str:
    """Return US$ in millions."""
    return "0" if abs(dollars) < 5e3 else two(dollars / 1e6)


def plain(study: Study) -> dict[str, str]:
    """Return arm -> what it is called in words; two that would be called the same keep what was typed."""
    found = {arm: _plain(arm, policies) for arm, policies in study.arms.items()}
    names = list(found.values())
    return {arm: name if names.count(name) == 1 else f"{name} ({arm})" for arm, name in found.items()}


def _plain(arm: str, policies: tuple[Policy, ...]) -> str:
    """Return the short titles of levers that an arm is called by; the name itself if somebody gave it another."""
    if arm == ALL_SIX:
        return "all six CNAS recommendations"
    terms = arm.split("+")
    if len(terms) != len(policies) or not all(map(_begins, terms, policies)):
        return arm.replace("_", " ").replace("+", " + ")
    return " + ".join(map(_titled, terms, policies))


def _begins(term: str, policy: Policy) -> bool:
    return term.startswith(policy.lever)


def _titled(term: str, policy: Policy) -> str:
    """Return a lever's title, and behind it what else was typed: strength, dates, scope."""
    rest = term.removeprefix(policy.lever).lstrip("=:")
    title = policy.short or getattr(policy, "title", policy.lever)  # somebody's own lever may have none
    return f"{title} ({rest.removeprefix('(').removesuffix(')')})" if rest else title
