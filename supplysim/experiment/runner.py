"""Where pairs get run: looks up what is known, has the rest run, and keeps what is done once a second."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from supplysim.errors import InputError
from supplysim.experiment.executors import Crew, Interrupted, Progress
from supplysim.experiment.fingerprint import function_hash, parameters_hash, policies_hash
from supplysim.experiment.pairs import Pair, Pairing, Simulate
from supplysim.experiment.run_table import Entry, Key
from supplysim.experiment.store import FEW, Shelf, Store
from supplysim.run import BASELINE, Arms, Point, Run
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import complete, states_of

log = logging.getLogger(__name__)

PACK_AFTER = 1_024  # files
EVERY = 1.0  # seconds between files: to write one takes as long for a second's pairs as for a single one


class Archive:
    """The runs of some arms of a scenario, in a store or in none.

    Parameters
    ----------
    pairing : Pairing
        What is run at a point.
    store : Store, optional
        Without one nothing is found and nothing is kept.
    """

    def __init__(self, pairing: Pairing, store: Store | None) -> None:
        self.pairing = pairing
        self.shelf: Shelf | None = None
        if store is not None:
            simulate = pairing.simulate
            made_by = "" if simulate is None else f"-{function_hash(simulate)}"
            self.shelf = store.shelf(pairing.scenario.without_states(), made_by)

    def keys(self, point: Point) -> dict[str, Key]:
        """Return the key of each arm's run at a point.

        States count by what they do, the parameters that they set and the policies that act: a run is the same
        whatever other states, values and probabilities there may be.
        """
        states, (shared, acting) = self.pairing.scenario.states, self._acting(point)
        values = complete(states, states_of(point.parameters))
        sets = {name: number for state in states for name, number in state.sets(values[state.name]).items()}
        world = parameters_hash(sets | point.parameters) + shared  # a draw has what its states set; others may not
        return {arm: Key(world, policy, point.seed, self.pairing.first_week) for arm, (policy, _) in acting.items()}

    def find(self, wanted: Sequence[tuple[Point, Collection[str]]], quarters: bool = False) -> list[dict[str, Run]]:
        """Return arm -> run for each point and the arms wanted there, for the runs that are kept."""
        if self.shelf is None:
            return [{} for _ in wanted]
        keys = [{arm: key for arm, key in self.keys(point).items() if arm in arms} for point, arms in wanted]
        runs = self.shelf.find((key for arms in keys for key in arms.values()), quarters)
        return [
            {
                arm: replace(runs[key], pair=point.pair, arm=arm, parameters=point.parameters)
                for arm, key in arms.items()
                if key in runs
            }
            for (point, _), arms in zip(wanted, keys, strict=True)
        ]

    def keep(self, fresh: Iterable[tuple[Point, Iterable[Run]]]) -> None:
        """Write runs as one file.

        Raises
        ------
        InputError
            If the store is full.
        """
        if self.shelf is None:
            return
        entries: dict[Key, Entry] = {}  # arms that are the same in a state are one run
        for point, runs in fresh:
            keys, (_, acting) = self.keys(point), self._acting(point)
            for run in runs:
                entries.setdefault(keys[run.arm], Entry(keys[run.arm], acting[run.arm][1], run))
        self.shelf.keep([*entries.values()])

    def _acting(self, point: Point) -> tuple[str, dict[str, tuple[str, str]]]:
        """Return what acts in the states at a point: for the scenario itself and, with a label, for each arm.

        Each is a fingerprint of policies; of the scenario's, those alone that do not act in every state, if any.
        """
        values = tuple(states_of(point.parameters).items())
        if values not in self._known:
            own, arms = self.pairing.in_force(point)
            told = {
                arm: (policies_hash(policies), "+".join(policy.label() for policy in policies) or BASELINE)
                for arm, policies in arms.items()
            }
            self._known[values] = f"+{policies_hash(own)}" if own else "", told
        return self._known[values]

    @cached_property
    def _known(self) -> dict[tuple[tuple[str, str], ...], tuple[str, dict[str, tuple[str, str]]]]:
        """What `_acting` has found, by the values of the states."""
        return {}


class Contents:
    """Which policies the files of a shelf hold, for who asks often: each file is read once, as none ever changes."""

    def __init__(self) -> None:
        self._known: dict[Path, frozenset[tuple[str, int]]] = {}

    def of(self, shelf: Shelf) -> set[tuple[str, int]]:
        """Return fingerprints of policies, each with the first week of the window, as the files stand now."""
        import pyarrow.parquet as pq

        here = {path for path in shelf.folder.glob("*.parquet") if os.path.isfile(path)}
        for path in here - self._known.keys():
            with suppress(OSError, ValueError):  # packed by another process, or damaged: told when it is read
                columns = pq.read_table(path, columns=["policy_hash", "first_week"]).to_pydict()
                self._known[path] = frozenset(zip(columns["policy_hash"], columns["first_week"], strict=True))
        return set().union(*(self._known[path] for path in here & self._known.keys()))


class Runner:
    """One scenario under the baseline and some policies, at as many points as one asks for.

    Parameters
    ----------
    scenario : Scenario
    arms : mapping
        Name -> policies; the baseline is added in front.
    first_week : int
        First week of the window of the ledger and the costs.
    crew : Crew
        Runs what has to be run.
    store : Store, optional
        Keeps finished runs; default: they are kept in memory only.
    simulate : callable, optional
        Stand-in for the model.
    quarters : bool
        Read the quarters of runs that are in the store as well.

    Attributes
    ----------
    done : dict of (int, int) to tuple of Run
        Finished pairs by (pair, seed), each the baseline first, then the arms in their order.
    reused, written : int
        Runs that were found in the store; files that were written to it.
    """

    def __init__(
        self,
        scenario: Scenario,
        arms: Arms,
        first_week: int,
        crew: Crew,
        store: Store | None = None,
        simulate: Simulate | None = None,
        quarters: bool = False,
    ) -> None:
        self.scenario, self.crew, self.quarters = scenario, crew, quarters
        self.pairing = Pairing(scenario, {BASELINE: (), **arms}, first_week, simulate)
        self.archive = Archive(self.pairing, store)
        self.done: dict[tuple[int, int], Pair] = {}
        self.reused = self.written = 0
        self._fresh: list[tuple[Point, Sequence[Run]]] = []  # not written yet
        self._last = -EVERY

    def run(
        self,
        points: Sequence[Point],
        progress: Progress | None = None,
        only: Mapping[int, Collection[str]] | None = None,
    ) -> list[Pair]:
        """Return the pairs at the points, in their order; what is known is not run again.

        `only` says of a pair which arms it has, if not all: a design need not run every arm at every point.

        `progress` is called as ``progress(done, total, pair)`` for every pair, those that were kept first.

        Raises
        ------
        Interrupted
            On Ctrl-C; finished pairs are in `done` and, if there is one with room, in the store.
        """
        new = [point for point in points if (point.pair, point.seed) not in self.done]
        finished, tasks = len(points) - len(new), []
        for point, kept in zip(new, self._kept(new, only), strict=True):
            self.reused += len(kept)
            arms = self._arms(point, only)
            missing = tuple(arm for arm in arms if arm not in kept)
            if missing:
                tasks.append((point, missing, kept))
                continue
            pair = self._finish(point, kept)
            finished += 1
            if progress is not None:
                progress(finished, len(points), pair)
        try:
            with closing(self.crew.completed(self.pairing, [task[:2] for task in tasks])) as completed:
                for results in completed:
                    fresh = [(tasks[index][0], runs) for index, runs in results]
                    self._fresh += fresh
                    if time.monotonic() >= self._last + EVERY:
                        self._keep()
                    for (index, _), (point, runs) in zip(results, fresh, strict=True):
                        pair = self._finish(point, tasks[index][2] | {run.arm: run for run in runs})
                        finished += 1
                        if progress is not None:
                            progress(finished, len(points), pair)
        except KeyboardInterrupt:
            raise Interrupted(self.finished(points)) from None
        finally:
            self._keep()
            if tasks:
                self._pack()
        return self.finished(points)

    def finished(self, points: Iterable[Point]) -> list[Pair]:
        """Return the pairs that are done, in the order of the points."""
        return [self.done[point.pair, point.seed] for point in points if (point.pair, point.seed) in self.done]

    def _arms(self, point: Point, only: Mapping[int, Collection[str]] | None) -> list[str]:
        return [arm for arm in self.pairing.arms if only is None or arm in only[point.pair]]

    def _kept(self, points: Sequence[Point], only: Mapping[int, Collection[str]] | None) -> list[dict[str, Run]]:
        """Return arm -> run for each point, for the runs that the store has."""
        return self.archive.find([(point, self._arms(point, only)) for point in points], self.quarters)

    def _keep(self) -> None:
        """Write what has come in as one file; a store that takes no more is told of once, and done without."""
        if not self._fresh or self.archive.shelf is None:
            return
        try:
            self.archive.keep(self._fresh)
        except InputError as error:
            log.warning("%s; what is finished from here on is not kept", error)
            self.archive.shelf = None
            return
        self._fresh, self._last = [], time.monotonic()
        self.written += 1
        if self.written % PACK_AFTER == 0:
            self._pack()

    def _pack(self) -> None:
        """Join many small files into few."""
        if self.archive.shelf is not None and len(self.archive.shelf.paths()) > FEW:
            from supplysim.experiment.packing import pack

            pack(self.archive.shelf)

    def _finish(self, point: Point, runs: dict[str, Run]) -> Pair:
        pair = tuple(runs[arm] for arm in self.pairing.arms if arm in runs)
        self.done[point.pair, point.seed] = pair
        return pair
