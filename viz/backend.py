"""The pool of processes that all sessions share: one job a session, the newest wins; what is known is not run again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

from supplysim.viz.jobs import STEPS, Job
from supplysim.viz.known_runs import KnownRuns, Place

from supplysim.environment import whole
from supplysim.errors import InputError
from supplysim.experiment.archive import Archive
from supplysim.experiment.design import check_posterior
from supplysim.experiment.pairs import Pair
from supplysim.experiment.pool import Pool
from supplysim.experiment.store import Store
from supplysim.run import MOST, Point, Run

WORKERS = whole("SUPPLYSIM_APP_WORKERS", 0, 0, 1024) or max(os.cpu_count() or 1, 1)
NICENESS = whole("SUPPLYSIM_APP_NICE", 10, 0, 19)
MOST_WAITING = whole("SUPPLYSIM_APP_QUEUE", 40, 1, 1_000_000)
IDLE = 0.12  # seconds without a newer move before exact runs begin


class Busy(RuntimeError):
    """Too many people are waiting for exact runs."""


@dataclass(eq=False)
class Task:
    """Runs of a pair that are under way, and who wants them."""

    archive: Archive
    point: Point
    arms: dict[Place, str]
    wanted: list[Job]
    future: Future[Pair] | None = None


class Backend:
    """The pool, the runs that are known, and who waits for more.

    Parameters
    ----------
    workers : int
        Processes.
    store : Store, optional
        Where finished runs are found and kept; default: the user's.
    pool : Pool, optional
        Default: one with these workers, opened when it is needed.
    """

    def __init__(self, workers: int = WORKERS, store: Store | None = None, pool: Pool | None = None) -> None:
        self.workers, self._pool = workers, pool
        self._known = KnownRuns(store or Store())
        self._lock = threading.RLock()
        self._jobs: dict[Hashable, Job] = {}
        self._under_way: dict[Place, Task] = {}
        self._asides: set[Future[Any]] = set()
        self._closed = False

    # --- life ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start processes; harmless when they run."""
        with self._lock:
            if self._closed:
                raise Busy("the server is stopping")
            if self._pool is None:
                self._pool = Pool(self.workers, NICENESS, MOST)
                self._pool.warm()

    def close(self) -> None:
        """Stop everything; what is finished is kept."""
        with self._lock:
            for owner in [*self._jobs]:
                self.withdraw(owner)
            pool, self._pool, self._closed = self._pool, None, True
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        self._known.close()

    # --- asking ----------------------------------------------------------------------------------------

    def ask(self, job: Job) -> None:
        """Begin a job; it takes the place of its owner's earlier one.

        Raises
        ------
        Busy
            If too many others wait, or the server stops.
        InputError
            If the calibrated sample is asked for and these rules have none.
        """
        if job.world.parameters == "posterior":
            check_posterior()
        self.start()
        with self._lock:
            self.withdraw(job.owner)
            if len(self._jobs) >= MOST_WAITING:
                raise Busy(f"{len(self._jobs)} people are waiting for exact runs")
            self._jobs[job.owner] = job
            job.timer = threading.Timer(IDLE, self._begin, (job,))
            job.timer.daemon = True
            job.timer.start()

    def withdraw(self, owner: Hashable) -> None:
        """Forget what a session waited for; runs that nobody else waits for are taken back."""
        with self._lock:
            job = self._jobs.pop(owner, None)
            if job is None:
                return
            if job.timer is not None:
                job.timer.cancel()
            for task in {self._under_way[place] for of in job.places for place in of if place in self._under_way}:
                task.wanted = [other for other in task.wanted if other is not job]
                if not task.wanted and (task.future is None or task.future.cancel()):
                    self._over(task)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run something else in a worker, before all runs that wait (the film of a run, a file)."""
        self.start()
        with self._lock:
            if len(self._asides) > 4 * self.workers + MOST_WAITING:
                raise Busy("too many runs are waiting")
            assert self._pool is not None
            future = self._pool.submit(function, *arguments)
            self._asides.add(future)
        future.add_done_callback(self._asides.discard)
        return future

    # --- running ---------------------------------------------------------------------------------------

    def _begin(self, job: Job) -> None:
        """Take what is known and have the rest run, of all sessions the first pairs first: one run of each in turn."""
        scenario, tasks = job.world.scenario.hash(), []
        try:
            points, archive = job.world.points(job.target), Archive(job.pairing, self._known.store)
        except InputError as error:
            self._fail(job, str(error))
            return
        places = [{arm: (scenario, key) for arm, key in archive.keys(point).items()} for point in points]
        self._known.read(archive, points, places)
        with self._lock:
            if self._jobs.get(job.owner) is not job:
                return
            job.places, known = [[*of.values()] for of in places], {}
            for point, of in zip(points, places, strict=True):
                missing: dict[Place, str] = {}
                for arm, place in of.items():
                    if (run := self._known.get(place)) is not None:
                        known[place] = run
                    elif (other := self._under_way.get(place)) is None:
                        missing[place] = arm  # two arms that are equal are run once
                    elif job not in other.wanted:
                        other.wanted.append(job)
                if missing:
                    tasks.append(Task(archive, point, missing, [job]))
                    self._under_way |= dict.fromkeys(missing, tasks[-1])
        self._have(job, known)
        for task in tasks:
            with self._lock:
                if not task.wanted or self._pool is None:
                    continue
                rank = job.arms * task.point.pair
                task.future = self._pool.ask(rank, task.archive.pairing, (task.point, tuple(task.arms.values())))
            task.future.add_done_callback(partial(self._done, task))

    def _done(self, task: Task, future: Future[Pair]) -> None:
        if future.cancelled():
            return
        error, runs = future.exception(), {}
        if error is None:
            runs = dict(zip(task.arms, future.result(), strict=True))
            self._known.add(task.archive, task.point, runs)
        with self._lock:
            self._over(task)
            quiet = not self._under_way
        if quiet:
            self._known.write()
        for job in task.wanted:
            if error is None:
                self._have(job, runs)
            else:
                self._fail(job, f"a run failed ({type(error).__name__})")

    def _over(self, task: Task) -> None:
        for place in task.arms:
            if self._under_way.get(place) is task:
                del self._under_way[place]

    def _have(self, job: Job, runs: dict[Place, Run]) -> None:
        """Give a job runs, and tell its session if they complete a step."""
        with self._lock:
            if self._jobs.get(job.owner) is not job:
                return
            job.runs |= runs
            while len(job.done) < job.target and all(place in job.runs for place in job.places[len(job.done)]):
                job.done.append(tuple(job.runs[place] for place in job.places[len(job.done)]))
            finished = len(job.done)
            step = max((step for step in (*STEPS, job.target) if job.told < step <= finished), default=0)
            job.told = step or job.told
            if finished == job.target:
                del self._jobs[job.owner]
        if step:
            job.deliver(job, step)

    def _fail(self, job: Job, why: str) -> None:
        with self._lock:
            if self._jobs.get(job.owner) is not job:
                return
            job.failed = why
            self.withdraw(job.owner)
        job.deliver(job, job.told)


_backend: Backend | None = None


def backend() -> Backend:
    """Return the one pool of this server."""
    global _backend
    if _backend is None:
        _backend = Backend()
    return _backend
