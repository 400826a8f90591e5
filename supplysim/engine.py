"""Engine: one world run week by week, without Mesa: what ensembles and the command line use.

`SupplyChain` (`model.py`) is the same run as a `mesa.Model`, with agents.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplysim import arguments
from supplysim.errors import InputError
from supplysim.outputs import books, measures, observation, periods
from supplysim.outputs.access import access
from supplysim.policies import Package
from supplysim.policies.base import Policy
from supplysim.setup import gate
from supplysim.setup.population import build
from supplysim.setup.scenario import Scenario
from supplysim.week import PHASES, run
from supplysim.world.conditions import shifted
from supplysim.world.conservation import assert_conserved
from supplysim.world.copies import COUNTED, copied
from supplysim.world.overlap import shifts
from supplysim.world.records import CASE_OUTCOME, ORDER_STATUS, SHIPMENT_STATUS, frame, grown

if TYPE_CHECKING:
    import pandas as pd

LAST_PHASE = len(PHASES) - 1
WEEK = "give a number of weeks, or leave it out to run to the end"


class Course(NamedTuple):
    """What other policies would make of a run: its conditions, and the week in which it would part from this one."""

    policies: tuple[Policy, ...]
    conditions: np.ndarray  # CONDITIONS (weeks,)
    week: int  # first week with other conditions; the number of weeks if there is none


class ByYear(NamedTuple):
    """A run by year, in plain numbers."""

    years: dict[int, dict[str, float]]  # every measure
    access: dict[tuple[int, str], dict[str, Any]]  # by channel, see `access.COLUMNS`
    public_record: dict[tuple[int, str], dict[str, float]]  # truth and public by line, see `observation.LINES`


class Engine:
    """A world and the week it has reached.

    Parameters
    ----------
    scenario : str, Path, Scenario or Admitted
        A shipped scenario's name, a TOML file, or a scenario; or what `gate.admit` has checked as a whole.
    policies : sequence of Policy, Package or str
        Levers in force besides the scenario's own, for example ``["border=0.5@2025-06"]``.
    seed : int
        Names the world: the same number gives the same draws under every policy.
    parameters : mapping of str to float, optional
        Values that replace the scenario's central ones.
    check : bool
        Assert conservation of chips, orders and money after every week.
    """

    def __init__(
        self,
        scenario: str | Path | Scenario | gate.Admitted,
        policies: Sequence[Policy | Package | str] = (),
        seed: int = 7,
        parameters: Mapping[str, float] | None = None,
        check: bool = False,
    ) -> None:
        if not isinstance(scenario, gate.Admitted):
            scenario = gate.admit(scenario, policies, seed, parameters)
        self.scenario: Scenario = scenario.scenario
        added = scenario.policies
        self.policies = (*self.scenario.policies, *added)
        self.weeks = self.scenario.weeks
        self.week = 0
        self.check = arguments.truth(check, "check")
        self.world, self.before = build(self.scenario, added, scenario.seed, scenario.parameters)

    def run(self, until: int | None = None) -> None:
        """Run up to a week (default: the end of the scenario)."""
        last = self.weeks if until is None else min(gate.whole(until, "until", 0, None, WEEK), self.weeks)
        while self.week < last:
            reached = run(self.world, self.week, self.week + 1 if self.check else last, 0, LAST_PHASE)
            if reached == self.week:
                self._make_room()
            elif self.check:
                assert_conserved(self.world, self.week)
            self.week = reached

    def run_phase(self, index: int) -> None:
        """Run one phase of the current week, by its place in `PHASES`; the last one ends the week."""
        index = gate.whole(index, "phase", 0, LAST_PHASE, "choose a place in PHASES")
        if self.week == self.weeks:
            raise InputError("phase", index, f"the scenario ends after week {self.weeks - 1}", "choose a longer one")
        while run(self.world, self.week, self.week + 1, index, index) == self.week:
            self._make_room()
        if index == LAST_PHASE:
            self.week += 1

    def course(self, policies: Sequence[Policy | Package | str] = ()) -> Course:
        """Return what the run would meet under other policies than its own, besides the scenario's."""
        added = gate.in_force(gate.policies_of(policies, self.scenario), self.scenario)
        held = (*self.scenario.policies, *added)
        conditions = shifted(self.world.baseline, shifts(held, self.before))
        return Course(held, conditions, first_difference(self.world.conditions, conditions))

    def fork(
        self,
        policies: Sequence[Policy | Package | str] | Course,
        over: Engine | None = None,
        room: Mapping[str, int] | None = None,
    ) -> Engine:
        """Return a run under other policies that has this one's past; this one stays as it is.

        No lever changes a week before its start, so the runs of a pair are equal until then: running those
        weeks once and forking gives the same bits as running each from week 0.

        Parameters
        ----------
        policies : sequence of Policy, Package or str, or Course
            In force from here on besides the scenario's own.
        over : Engine, optional
            A fork that nobody needs any more: its memory is used again, which is faster than asking for new.
        room : mapping of str to int, optional
            Of a run that was kept in little memory, see `world.copies.packed`.

        Raises
        ------
        InputError
            If the policies would have changed a week that has been run.
        """
        course = policies if isinstance(policies, Course) else self.course(policies)
        if over is not None:
            arguments.one_of(Engine, over, "over", "give a fork that nobody needs any more, or leave it out")
        if course.week < self.week:
            names = "+".join(policy.label() for policy in course.policies)
            rule = f"it changes week {course.week}, and week {self.week} comes next"
            raise InputError("fork", names, rule, "fork earlier, or start the policy later")
        branch = copy.copy(self)
        world = copied(self.world, None if over is None else over.world, room)
        branch.world = world._replace(conditions=course.conditions)
        branch.policies = course.policies
        return branch

    def _make_room(self) -> None:
        """Double the tables that rows are added to."""
        world, counts = self.world, self.world.counts[0]

        def doubled(table: np.ndarray, name: str) -> np.ndarray:
            return grown(table[: counts[name]] if name in COUNTED else table, 2 * table.size)

        tables = ("orders", "open_orders", "shipments", "moving", "delayed", "returns", "requests")
        larger: dict[str, Any] = {name: doubled(getattr(world, name), name) for name in tables}
        files = {name: doubled(getattr(world.office, name), name) for name in ("leads", "cases", "open_cases")}
        scratch = world.scratch._replace(in_order=np.zeros(larger["requests"].size, np.int64))
        self.world = world._replace(office=world.office._replace(**files), scratch=scratch, **larger)

    def columns(self) -> dict[str, np.ndarray]:
        """Return what happened in the weeks run so far, one array a column, shape (weeks,)."""
        w = self.world
        cases = w.office.cases[: w.counts[0]["cases"]]
        return books.weekly_columns(w.tally, cases, self.week, w.chips, self.policies, self.before, w.parameters)

    def weekly(self) -> pd.DataFrame:
        """Return what happened, one row a week run so far; column ``starts`` is the first day of the week."""
        return books.weekly(self.columns(), self.scenario.start)

    def yearly(self) -> pd.DataFrame:
        """Return every measure by year; index = year."""
        return measures.yearly(self.columns(), periods.first_key(self.scenario.start))

    def summary(self) -> ByYear:
        """Return what `yearly`, `access` and `public_record_by_year` say, without a table: they load pandas."""
        columns, first_year = self.columns(), periods.first_key(self.scenario.start)
        years, values = measures.yearly_values(columns, first_year)
        return ByYear(
            {year: {name: value[at] for name, value in values.items()} for at, year in enumerate(years)},
            access(self.world, columns, first_year),
            observation.by_year(self.world, self.week, first_year),
        )

    def access(self) -> pd.DataFrame:
        """Return price, wait, risk, performance and quantity; index = (year, channel), columns: `access.COLUMNS`."""
        return _table(self.summary().access, "channel")

    def public_record(self) -> pd.DataFrame:
        """Return what the public has seen, one row a week run so far; ``starts`` is the first day of the week."""
        return books.weekly(observation.public_record(self.world, self.week), self.scenario.start)

    def public_record_by_year(self) -> pd.DataFrame:
        """Return truth and public record side by side; index = (year, line), columns truth and public."""
        return _table(self.summary().public_record, "line")

    def orders(self) -> pd.DataFrame:
        """Return every order, one row each."""
        table = frame(self.world.orders, self.world.counts[0]["orders"])
        return table.assign(status=_names(ORDER_STATUS, table["status"]))

    def shipments(self) -> pd.DataFrame:
        """Return every consignment, one row each."""
        table = frame(self.world.shipments, self.world.counts[0]["shipments"])
        return table.assign(status=_names(SHIPMENT_STATUS, table["status"]))

    def leads(self) -> pd.DataFrame:
        """Return every lead, one row each."""
        return frame(self.world.office.leads, self.world.counts[0]["leads"])

    def cases(self) -> pd.DataFrame:
        """Return every case, one row each."""
        table = frame(self.world.office.cases, self.world.counts[0]["cases"])
        return table.assign(outcome=_names(CASE_OUTCOME, table["outcome"]))


def first_difference(one: np.ndarray, other: np.ndarray) -> int:
    """Return the first row in which two tables of the same columns differ; their length if they are equal."""
    first = len(one)
    for name in one.dtype.names or ():
        differs = one[name][:first] != other[name][:first]
        if differs.any():
            first = int(differs.reshape(first, -1).any(axis=1).argmax())
    return first


def _table(rows: Mapping[tuple[int, str], Mapping[str, Any]], line: str) -> pd.DataFrame:
    """Return rows by year and line as a table; index = (year, line)."""
    import pandas as pd

    index = pd.MultiIndex.from_tuples(list(rows), names=["year", line])
    return pd.DataFrame(list(rows.values()), index=index)


def _names(names: Sequence[str], codes: Any) -> np.ndarray:
    return np.array(names, dtype=object)[np.asarray(codes)]
