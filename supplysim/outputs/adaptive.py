"""When triggers fire in one world, and the calendar that this makes of an arm's policies.

The arm is run without what still waits; the first mark that its public record reaches dates the policy to the week
after, and it is run again. What the public knew by that week is the same in both runs, since no policy changes a week
before its start: so the run with the dates is the one that a reader of the record would have lived through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from supplysim.policies.base import Policy
from supplysim.policies.entries import linked
from supplysim.policies.trigger import NEVER

if TYPE_CHECKING:
    from supplysim.engine import Engine


def settled(trunk: Engine, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Return the policies of an arm with the dates that triggers give them in a world; those without stay as they are.

    Parameters
    ----------
    trunk : Engine
        The world, not beyond the first week in which any of the policies may act; it stays as it is.
    policies : sequence of Policy
    """
    if not any(policy.trigger for policy in policies):
        return tuple(policies)
    days = fired(trunk, policies)
    return _dated(policies, days)


def fired(trunk: Engine, policies: Sequence[Policy]) -> list[date | None]:
    """Return the day on which each policy's trigger makes it begin or end; None if it has none, or it never does."""
    from supplysim.outputs.observation import public_record  # compiled code: only who runs worlds loads it

    scenario = trunk.scenario
    days: list[date | None] = [None] * len(policies)
    while True:
        branch = trunk.fork(trunk.course(_dated(policies, days)))
        branch.run()
        record = public_record(branch.world, branch.weeks)
        reached = {}
        for place, policy in enumerate(policies):
            if policy.trigger is not None and days[place] is None:
                begins = scenario.week_of(policy.start or scenario.policy_start)
                week = policy.trigger.crossed(record, begins if policy.trigger.ends else begins - 1)
                if week != NEVER:
                    reached[place] = week
        if not reached:
            return days
        first = min(reached.values())
        for place, week in reached.items():
            if week == first:
                days[place] = scenario.start + timedelta(days=7 * (week + 1))


def _dated(policies: Sequence[Policy], days: Sequence[date | None]) -> tuple[Policy, ...]:
    """Return the policies that act, by what has fired so far, as a text would say them."""
    held = []
    for policy, day in zip(policies, days, strict=True):
        if policy.trigger is None:
            held.append(policy)
        elif policy.trigger.ends:
            held.append(replace(policy, trigger=None, end=day))
        elif day is not None:
            held.append(replace(policy, trigger=None, start=day))
    return linked(held)
