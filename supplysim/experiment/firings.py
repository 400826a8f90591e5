"""In how many worlds of a comparison triggers fired, and when: each world's arm is followed once more."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from supplysim.experiment.arms import first_week_of
from supplysim.experiment.executors import run_ordered
from supplysim.experiment.study import Study
from supplysim.outputs.adaptive import fired
from supplysim.policies.base import Policy
from supplysim.run import HERE, Arms, Point
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of


class Fired(NamedTuple):
    """What became of one policy's trigger over the worlds of a comparison."""

    arm: str
    policy: str  # as its label says, with the trigger
    worlds: int
    fired: int  # worlds in which it did
    median: date | None  # over those; the earlier of two in the middle
    first: date | None
    last: date | None

    def document(self) -> dict[str, Any]:
        """Return it in plain words and numbers, dates as text."""
        days = {name: None if day is None else day.isoformat() for name, day in zip(DAYS, self[4:], strict=True)}
        return {"arm": self.arm, "policy": self.policy, "worlds": self.worlds, "fired": self.fired} | days

    def told(self) -> str:
        """Return it in one sentence."""
        share = f"{self.policy}: in {self.fired} of {self.worlds} worlds ({self.fired / max(self.worlds, 1):.0%})"
        return f"{share}, median {self.median}, {self.first} to {self.last}." if self.fired else f"{share}."


DAYS = ("median", "first", "last")


@dataclass(frozen=True)
class Following:
    """What follows triggers at a point; sent to workers."""

    scenario: Scenario
    arms: Arms
    first_week: int

    def __call__(self, point: Point) -> dict[tuple[str, str], date | None]:
        """Return the day on which each policy's trigger fired, by arm and label."""
        scenario = self.scenario.settled(states_of(point.parameters))
        found: dict[tuple[str, str], date | None] = {}
        for arm, policies in self.arms.items():
            acting = gate.in_force(policies, scenario)
            days = dict(zip(acting, fired(HERE.at(self.scenario, point, self.first_week), acting), strict=True))
            for policy in policies:  # one that does not act in the states of this world cannot fire
                if policy.trigger is not None:
                    found[arm, policy.label()] = days.get(replace(policy, when=""))
        return found


def firings(study: Study, workers: int | None = None, executor: Executor | None = None) -> list[Fired]:
    """Return what became of every trigger of a comparison, in the order of its arms; nothing if there is none."""
    arms: Mapping[str, tuple[Policy, ...]] = {
        arm: policies for arm, policies in study.arms.items() if any(policy.trigger for policy in policies)
    }
    if not arms:
        return []
    points = [Point(pair[0].pair, pair[0].seed, pair[0].parameters) for pair in study.runs]
    following = Following(study.scenario, arms, first_week_of(study.scenario, study.arms))
    worlds = run_ordered(following, points, executor, workers)
    return [
        _over(arm, policy, [days.get((arm, policy)) for days in worlds])
        for arm, policies in arms.items()
        for policy in (one.label() for one in policies if one.trigger is not None)
    ]


def _over(arm: str, policy: str, days: list[date | None]) -> Fired:
    known = sorted(day for day in days if day is not None)
    middle = known[(len(known) - 1) // 2] if known else None
    return Fired(arm, policy, len(days), len(known), middle, *((known[0], known[-1]) if known else (None, None)))
