"""Where the runs of a question stand in the store: one key a run, the same for command line and app."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from supplysim.experiment.fingerprint import function_hash, parameters_hash, policies_hash
from supplysim.experiment.pairs import Pairing
from supplysim.experiment.run_table import Entry, Key
from supplysim.experiment.store import Shelf, Store
from supplysim.run import BASELINE, Point, Run


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
            self.shelf = store.shelf(pairing.scenario, "" if simulate is None else f"-{function_hash(simulate)}")

    def keys(self, point: Point) -> dict[str, Key]:
        """Return the key of each arm's run at a point."""
        parameters, first_week = parameters_hash(point.parameters), self.pairing.first_week
        return {arm: Key(parameters, policy, point.seed, first_week) for arm, policy in self._policies.items()}

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
        pairs = [(self.keys(point), runs) for point, runs in fresh]
        self.shelf.keep([Entry(keys[run.arm], self._labels[run.arm], run) for keys, runs in pairs for run in runs])

    @cached_property
    def _policies(self) -> dict[str, str]:
        return {arm: policies_hash(policies) for arm, policies in self.pairing.arms.items()}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            arm: "+".join(policy.label() for policy in policies) or BASELINE
            for arm, policies in self.pairing.arms.items()
        }


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
