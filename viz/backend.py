"""The pool of processes that sessions share, in turns; the newest of a kind wins; what is known is not run again."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Hashable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from supplysim.viz.cost import cost
from supplysim.viz.jobs import Job, session_of
from supplysim.viz.known_runs import KnownRuns, Place
from supplysim.viz.turns import Turn, Wish
from supplysim.viz.workers import Workers

from supplysim.environment import whole
from supplysim.errors import InputError
from supplysim.experiment.design import check_posterior, posterior_of
from supplysim.experiment.pairs import Pair
from supplysim.experiment.pool import Pool
from supplysim.experiment.runner import Archive
from supplysim.experiment.store import Store
from supplysim.language import gettext, gettext_noop, speaking
from supplysim.run import MOST, Point, Run

WORKERS = whole("SUPPLYSIM_APP_WORKERS", 0, 0, 1024) or max(os.cpu_count() or 1, 1)
NICENESS = whole("SUPPLYSIM_APP_NICE", 10, 0, 19)
MOST_WAITING = whole("SUPPLYSIM_APP_QUEUE", 40, 1, 1_000_000)
IDLE = 0.12  # seconds without a newer move before exact runs begin
OTHERS, BROKEN = gettext_noop("others are waiting"), gettext_noop("a run failed ({error})")
ASIDE = -1.0  # rank of films and files: before the runs of the same session


class Busy(RuntimeError):
    """Too many people are waiting for exact runs."""


@dataclass(eq=False)
class Task:
    """Runs of a pair that are under way, who wants them, and their turn."""

    archive: Archive
    point: Point
    arms: dict[Place, str]
    wanted: list[Job]
    turn: Turn = field(init=False)


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
        self._known = KnownRuns(store or Store())
        self._lock = threading.RLock()
        self._workers = Workers(workers, NICENESS, MOST, self._lock, pool)
        self._jobs: dict[Hashable, Job] = {}
        self._under_way: dict[Place, Task] = {}
        self._asides: dict[Hashable, list[tuple[Turn, Future[Any]]]] = {}
        self._closed = False

    # --- life ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start processes; harmless when they run."""
        with self._lock:
            if self._closed:
                raise Busy(gettext("the server is stopping"))
            self._workers.start()

    def close(self) -> None:
        """Stop everything; what is finished is kept."""
        with self._lock:
            for owner in [*self._jobs, *self._asides]:
                self.withdraw(owner)
            self._closed = True
        self._workers.close()
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
            check_posterior(posterior_of(job.world.scenario))
        self.start()
        with self._lock:
            self.withdraw(job.owner)
            last = self._make_way(job) if len(self._jobs) >= MOST_WAITING else None
            self._jobs[job.owner] = job
            job.timer = threading.Timer(IDLE, self._begin, (job,))
            job.timer.daemon = True
            job.timer.start()
        if last is not None:
            self._fail(last, OTHERS)

    def _make_way(self, job: Job) -> Job:
        """Return the newest job of the party that has most, for one of a party that has fewer.

        Raises
        ------
        Busy
            If no party has more.
        """
        held = Counter(other.wish.party for other in self._jobs.values())
        party, most = held.most_common(1)[0]
        if most <= held[job.wish.party] + 1:
            raise Busy(gettext("{n} questions are waiting for exact runs", n=len(self._jobs)))
        return [other for other in self._jobs.values() if other.wish.party == party][-1]

    def withdraw(self, owner: Hashable) -> None:
        """Forget what a session waited for; what nobody else waits for and is not begun is taken back."""
        with self._lock:
            made, job = self._asides.pop(owner, []), self._jobs.pop(owner, None)
            for turn, _ in made:
                turn.wishes.clear()
            if job is not None and job.timer is not None:
                job.timer.cancel()
            for task in self._tasks_of(job) if job is not None else ():
                task.wanted = [other for other in task.wanted if other is not job]
                task.turn.wishes = {other.wish for other in task.wanted}
                if not task.wanted and not task.turn.begun:
                    self._over(task)
        for _, future in made:  # whoever hears of it may ask again, so without the lock
            future.cancel()

    def _tasks_of(self, job: Job) -> set[Task]:
        return {self._under_way[place] for of in job.places for place in of if place in self._under_way}

    def aside(
        self, owner: Hashable, party: Hashable, calls: Sequence[tuple[Any, ...]], price: float
    ) -> list[Future[Any]]:
        """Make something else in workers (the film of a run, a file); it takes the place of its owner's earlier one.

        Parameters
        ----------
        owner, party
            Whose it is, and who takes turns.
        calls : sequence of tuple
            Functions, importable by name, and their arguments.
        price : float
            What each costs, in runs of the baseline.
        """
        self.start()
        self.withdraw(owner)
        with self._lock:
            futures = [Future[Any]() for _ in calls]
            pairs = zip(calls, futures, strict=True)
            made = [(Turn(ASIDE, price, call, partial(hand_over, future)), future) for call, future in pairs]
            self._asides[owner] = made
            for turn, _ in made:
                self._workers.add(turn, Wish(party, session_of(owner)))
        self._workers.feed()
        for future in futures:
            future.add_done_callback(partial(self._made, owner, made))
        return futures

    def _made(self, owner: Hashable, made: list[tuple[Turn, Future[Any]]], _: Future[Any]) -> None:
        with self._lock:
            if self._asides.get(owner) is made and all(future.done() for _, future in made):
                del self._asides[owner]

    # --- running ---------------------------------------------------------------------------------------

    def _begin(self, job: Job) -> None:
        """Take what is known and have the rest run, of all sessions the first pairs first: one run of each in turn."""
        scenario, price = job.world.scenario.hash(), cost(job.world.scenario)
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
                        if not other.turn.begun:
                            self._workers.add(other.turn, job.wish)
                if missing:
                    task = Task(archive, point, missing, [job])
                    call = (archive.pairing, (point, tuple(missing.values())))
                    rank, told = job.arms * point.pair, partial(self._done, task)
                    task.turn = Turn(rank, price * len(missing), call, told)
                    self._workers.add(task.turn, job.wish)
                    self._under_way |= dict.fromkeys(missing, task)
        self._have(job, known)
        self._workers.feed()

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
                self._fail(job, BROKEN, error=type(error).__name__)

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
            step = max((step for step in (*job.steps, job.target) if job.told < step <= finished), default=0)
            job.told = step or job.told
            if finished == job.target:
                del self._jobs[job.owner]
        if step:
            with speaking(job.language):
                job.deliver(job, step)

    def _fail(self, job: Job, why: str, **values: str) -> None:
        with self._lock:
            if self._jobs.get(job.owner) is not job:
                return
            self.withdraw(job.owner)
        with speaking(job.language):
            job.failed = gettext(why, **values)
            job.deliver(job, job.told)


def hand_over(future: Future[Any], inner: Future[Any]) -> None:
    """Give what became of a call to whoever waits for it, unless they left."""
    if future.set_running_or_notify_cancel():
        error = CancelledError() if inner.cancelled() else inner.exception()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(inner.result())


_backend: Backend | None = None


def backend() -> Backend:
    """Return the one pool of this server."""
    global _backend
    if _backend is None:
        _backend = Backend()
    return _backend
