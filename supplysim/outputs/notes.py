"""What a reader must be told of a scenario and of policies besides numbers: one list of sentences for every output.

Whatever is accepted has an effect, or is said here to have none, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from supplysim.language import gettext, ngettext
from supplysim.outputs import periods
from supplysim.policies.base import Policy
from supplysim.policies.entries import meet
from supplysim.setup.scenario import Scenario


def notes(scenario: Scenario, arms: Mapping[str, Sequence[Policy]]) -> list[str]:
    """Return the sentences about a scenario's periods, its own policies, and those of each arm."""
    found = periods.notes(scenario.start, scenario.weeks) + [
        sentence for policy in scenario.policies for sentence in of_policy(policy, scenario)
    ]
    for policies in arms.values():
        for policy in policies:
            found += of_policy(policy, scenario)
            found += already_in_force(policy, scenario)
        found += of_two_texts(policies, scenario)
    return list(dict.fromkeys(found))


def of_policy(policy: Policy, scenario: Scenario) -> list[str]:
    """Return why a policy does nothing, or less than its strength says."""
    name = policy.label()
    if policy.intensity == 0.0:
        return [gettext("{lever} has no effect: its strength is 0.", lever=name)]
    come, weeks = share_of_ramp(policy, scenario), _ramp_weeks(policy)
    if come == 0.0:
        return [_none_of_ramp(name, weeks, run_ends=policy.end is None)]
    if come < 1.0:
        return [
            gettext(
                "{lever} reaches {share} of its strength by {end}: it takes {weeks} weeks to build up.",
                lever=name,
                share=f"{come:.0%}",
                end=policy.end or scenario.end,
                weeks=weeks,
            )
        ]
    return []


def _none_of_ramp(name: str, weeks: float, *, run_ends: bool) -> str:
    """Return why a policy that ends in its first week, or with the run, does nothing."""
    if run_ends and weeks:
        return gettext(
            "{lever} has no effect: the run ends in the week in which it starts: its strength grows over {weeks} "
            "weeks from nothing.",
            lever=name,
            weeks=weeks,
        )
    if run_ends:
        return gettext("{lever} has no effect: the run ends in the week in which it starts.", lever=name)
    if weeks:
        return gettext(
            "{lever} has no effect: it ends in the week in which it starts: its strength grows over {weeks} weeks "
            "from nothing.",
            lever=name,
            weeks=weeks,
        )
    return gettext("{lever} has no effect: it ends in the week in which it starts.", lever=name)


def share_of_ramp(policy: Policy, scenario: Scenario) -> float:
    """Return how far a policy's ramp has come in the last week in which it is in force; 0 if there is no such week."""
    first = scenario.week_of(_first_day(policy, scenario))
    stop = scenario.weeks if policy.end is None else min(scenario.week_of(policy.end), scenario.weeks)
    if stop <= first:
        return 0.0
    return min((stop - 1 - first) / _ramp_weeks(policy), 1.0) if _ramp_weeks(policy) else 1.0


def already_in_force(policy: Policy, scenario: Scenario) -> list[str]:
    """Return what is said when the scenario has the lever in force itself, at a common time and place."""
    return [
        gettext(
            "{lever}: {own} is already in force in this scenario; the stronger of the two holds, place by place and "
            "week by week.",
            lever=policy.label(),
            own=own.label(),
        )
        for own in scenario.policies
        if meet(policy, own) and _overlap(policy, own, scenario)
    ]


def of_two_texts(policies: Sequence[Policy], scenario: Scenario) -> list[str]:
    """Return what is said of a lever that two texts or files of one package have in force at a common time and place.

    Entries of one text take turns instead, and know each other.
    """
    return [
        gettext(
            "{one} and {other} come from two texts; the stronger of the two holds, place by place and week by week.",
            one=one.label(),
            other=other.label(),
        )
        for one, other in combinations(policies, 2)
        if meet(one, other) and replace(other, beside=()) not in one.beside and _overlap(one, other, scenario)
    ]


def unmoved(arms: Iterable[str], pairs: int) -> list[str]:
    """Return what is said of arms that changed no measure in any pair."""
    return [
        ngettext(
            "{arm} changed nothing in the only pair: no measure differs from the scenario as it stands.",
            "{arm} changed nothing in any of {pairs} pairs: no measure differs from the scenario as it stands.",
            pairs,
            arm=arm,
            pairs=pairs,
        )
        for arm in arms
    ]


def _first_day(policy: Policy, scenario: Scenario) -> date:
    return policy.start or scenario.policy_start


def _overlap(one: Policy, other: Policy, scenario: Scenario) -> bool:
    first = max(_first_day(one, scenario), _first_day(other, scenario))
    return first < min(one.end or scenario.end, other.end or scenario.end)


def _ramp_weeks(policy: Policy) -> float:
    """Return over how many weeks a policy comes into force; 0 for a lever of another package that has no ramp."""
    return getattr(policy, "ramp_weeks", 0)
