"""Runs that are known: in memory, and behind it the user's store, where the command line's are as well."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from supplysim.experiment.packing import pack
from supplysim.experiment.pairs import Pair
from supplysim.experiment.run_table import Key
from supplysim.experiment.runner import Archive, Contents
from supplysim.experiment.store import Store
from supplysim.run import Point, Run

log = logging.getLogger("supplysim.app")

MOST = 12_000  # runs kept in memory, 10 to 30 kB each
BATCH = 256  # pairs that wait to be written, at most
PACK_AFTER = 16  # files
LEFT_FREE = 1_000_000_000  # bytes of the disk that are left alone

Place = tuple[str, Key]  # of a run among those of all scenarios: hash of the scenario, and its key


class KnownRuns:
    """What has been run, here or elsewhere. A store that cannot be read or written is done without, and told once.

    Parameters
    ----------
    store : Store
        Is read by whoever asks and written by a thread of its own.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.RLock()
        self._runs: OrderedDict[Place, Run] = OrderedDict()
        self._contents = Contents()
        self._fresh: dict[Archive, list[tuple[Point, Pair]]] = {}  # not yet in the store
        self._writer = ThreadPoolExecutor(1, "supplysim-store")
        self._written = 0
        self._told = self._closed = False

    def get(self, place: Place) -> Run | None:
        """Return a run if it is in memory."""
        with self._lock:
            if place in self._runs:
                self._runs.move_to_end(place)
            return self._runs.get(place)

    def read(self, archive: Archive, points: Sequence[Point], places: Sequence[dict[str, Place]]) -> None:
        """Take into memory what the store has of the runs at the points; `places` names those by arm at each point."""
        absent = [
            (point, {arm: place for arm, place in of.items() if place not in self._runs})
            for point, of in zip(points, places, strict=True)
        ]
        try:
            if archive.shelf is None or not any(of for _, of in absent):
                return
            held = self._contents.of(archive.shelf)
            kept = [
                (point, {arm: (name, key) for arm, (name, key) in of.items() if (key.policy, key.first_week) in held})
                for point, of in absent
            ]
            if not any(of for _, of in kept):
                return
            for (_, of), runs in zip(kept, archive.find(kept, quarters=True), strict=True):
                self._remember({of[arm]: run for arm, run in runs.items()}.items())
        except Exception as error:  # whatever is wrong with a store, the runs can be made
            self._tell(error)

    def add(self, archive: Archive, point: Point, runs: dict[Place, Run]) -> None:
        """Remember fresh runs of a pair, to be written by and by."""
        with self._lock:
            self._remember(runs.items())
            self._fresh.setdefault(archive, []).append((point, tuple(runs.values())))
            full = sum(map(len, self._fresh.values())) >= BATCH
        if full:
            self.write()

    def write(self) -> None:
        """Let what is fresh be written; returns at once."""
        with self._lock:
            batch, self._fresh = self._fresh, {}
            if batch and not self._closed:  # a run that ends after the end is in nobody's way
                self._writer.submit(self._keep, batch)

    def close(self) -> None:
        """Write what is fresh, and wait for it."""
        self.write()
        with self._lock:
            self._closed = True
        self._writer.shutdown()

    def _remember(self, runs: Iterable[tuple[Place, Run]]) -> None:
        with self._lock:
            self._runs.update(runs)
            while len(self._runs) > MOST:
                self._runs.popitem(last=False)

    def _keep(self, batch: dict[Archive, list[tuple[Point, Pair]]]) -> None:
        """Write runs, a file a question."""
        try:
            for archive, fresh in batch.items():
                assert archive.shelf is not None
                self.store.folder.mkdir(parents=True, exist_ok=True)
                if shutil.disk_usage(self.store.folder).free < LEFT_FREE:
                    raise OSError(f"less than {LEFT_FREE / 1e9:g} GB are free")
                archive.keep(fresh)
                self._written += 1
                if self._written % PACK_AFTER == 0:
                    pack(archive.shelf)
        except Exception as error:  # a full or read-only disk, a file in the folder's place
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not self._told:
            log.warning("finished runs cannot all be kept or found in %s: %s", self.store.folder, error)
        self._told = True
