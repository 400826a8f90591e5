"""Exact paired runs in a pool of processes, shared by all sessions: one package a session, the newest wins."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from supplysim.experiment.arms import first_week_of
from supplysim.experiment.design import check_posterior, parameter_draws
from supplysim.outputs.brief import Result, ready, run_once, start_worker
from supplysim.outputs.summary import Summary, summarise
from supplysim.policies.base import Policy
from supplysim.setup.scenario import Scenario

WORKERS = int(os.environ.get("SUPPLYSIM_APP_WORKERS", "0")) or max(os.cpu_count() or 1, 1)
MOST_WAITING = int(os.environ.get("SUPPLYSIM_APP_QUEUE", "40"))
MOST_KEPT = 12_000  # runs kept in memory, 10 to 30 kB each
STEPS = (8, 16, 32, 64)
IDLE = 0.12  # seconds without a newer move before exact runs begin


class Busy(RuntimeError):
    """Too many people are waiting for exact runs."""


@dataclass(frozen=True)
class World:
    """What two runs of a pair share: scenario, seed of the first pair, where parameters come from."""

    scenario: Scenario
    seed: int = 1
    parameters: str = "prior"
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.scenario.hash()}:{self.seed}:{self.parameters}")


@dataclass
class Job:
    """What a session waits for: packages of one world, from few pairs to many."""

    owner: Hashable
    world: World
    packages: tuple[tuple[Policy, ...], ...]
    deliver: Callable[[Job, int], None]  # called with the number of pairs that are done, from the pool's thread
    target: int = STEPS[-1]
    simulate: Callable[..., Result] = run_once
    not_before: float = 0.0
    next_task: int = 0
    done: dict[tuple[int, int], Result] = field(default_factory=dict)
    told: int = 0
    cancelled: bool = False
    failed: str = ""
    first_week: int = 0
    started: float = 0.0

    @property
    def arms(self) -> int:
        """Return the number of runs of a pair."""
        return 1 + len(self.packages)

    def finished_pairs(self) -> int:
        """Return how many pairs are complete from the first on."""
        pair = self.told
        while pair < self.target and all((pair, arm) in self.done for arm in range(self.arms)):
            pair += 1
        return pair

    def summary(self, pairs: int, arm: int = 1) -> Summary:
        """Return what the first pairs say about a package, counted from 1."""
        base = [self.done[pair, 0] for pair in range(pairs)]
        policy = [self.done[pair, arm] for pair in range(pairs)]
        return summarise(base, policy, policy_years(self.world.scenario, self.first_week), self.first_week)


def policy_years(scenario: Scenario, first_week: int) -> tuple[int, ...]:
    """Return the years of 52 weeks from the one in which policies begin."""
    first = min(first_week // 52, scenario.weeks // 52)
    last = max(first, (scenario.weeks - 1) // 52)
    return tuple(scenario.start.year + year for year in range(first, last + 1))


class Backend:
    """The pool, the runs it has done, and who waits for more."""

    def __init__(self, workers: int = WORKERS) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Condition()
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._kept: OrderedDict[tuple, Result] = OrderedDict()
        self._draws: OrderedDict[str, list] = OrderedDict()
        self._running = 0
        self._pending: dict[tuple, list[tuple[Job, int, int]]] = {}  # runs under way, and who else wants them
        self._thread: threading.Thread | None = None
        self._closed = False

    # --- life ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start processes and the thread that feeds them; harmless when they run."""
        with self._lock:
            if self._pool is None:
                self._pool = self._new_pool()
                self._thread = threading.Thread(target=self._feed, name="supplysim-runs", daemon=True)
                self._thread.start()
                for worker in range(self.workers):
                    self._pool.submit(ready, worker)

    def _new_pool(self) -> ProcessPoolExecutor:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, context, initializer=start_worker)

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            self._closed = True
            self._jobs.clear()
            pool, self._pool = self._pool, None
            self._lock.notify_all()
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    # --- asking ----------------------------------------------------------------------------------------

    def ask(self, job: Job) -> None:
        """Begin a job; it takes the place of its owner's earlier one.

        Raises
        ------
        Busy
            If too many others wait.
        InputError
            If the calibrated sample is asked for and these rules have none.
        """
        if job.world.parameters == "posterior":
            check_posterior()
        self.start()
        scenario = job.world.scenario
        job.first_week = first_week_of(scenario, {str(i): package for i, package in enumerate(job.packages)})
        job.not_before = time.monotonic() + IDLE
        job.started = time.monotonic()
        with self._lock:
            self._drop(job.owner)
            if len(self._jobs) >= MOST_WAITING:
                raise Busy(f"{len(self._jobs)} people are waiting for exact runs")
            self._jobs[job.owner] = job
            self._lock.notify_all()

    def withdraw(self, owner: Hashable) -> None:
        """Forget what a session waited for."""
        with self._lock:
            self._drop(owner)

    def _drop(self, owner: Hashable) -> None:
        job = self._jobs.pop(owner, None)
        if job is not None:
            job.cancelled = True

    def waiting(self) -> int:
        """Return how many sessions wait."""
        return len(self._jobs)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """Run something else in a worker (the film of one run)."""
        self.start()
        with self._lock:
            if self._running > 4 * self.workers + MOST_WAITING:
                raise Busy("too many runs are waiting")
            assert self._pool is not None
            return self._pool.submit(function, *arguments)

    # --- feeding the pool ------------------------------------------------------------------------------

    def _feed(self) -> None:
        """Hand out runs, one of each session in turn, never more than the pool can begin."""
        while True:
            with self._lock:
                while not self._closed and (self._running > self.workers or self._next() is None):
                    self._lock.wait(0.05 if self._jobs else None)
                if self._closed:
                    return
                job = self._next()
                assert job is not None
                self._jobs.move_to_end(job.owner)
                pair, arm = divmod(job.next_task, job.arms)
                job.next_task += 1
            self._begin(job, pair, arm)

    def _next(self) -> Job | None:
        now = time.monotonic()
        for job in self._jobs.values():
            if job.next_task < job.target * job.arms and now >= job.not_before and not job.failed:
                return job
        return None

    def _draw(self, world: World, pair: int) -> dict[str, float]:
        draws = self._draws.get(world.key)
        if draws is None:
            draws = parameter_draws(world.scenario, world.parameters, STEPS[-1], world.seed)
            self._draws[world.key] = draws
            while len(self._draws) > 50:
                self._draws.popitem(last=False)
        return draws[pair]

    def _begin(self, job: Job, pair: int, arm: int) -> None:
        policies = job.packages[arm - 1] if arm else ()
        key = (job.simulate.__qualname__, job.world.key, job.first_week, pair, tuple(map(repr, policies)))
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self._have(job, pair, arm, kept)
            return
        with self._lock:
            if key in self._pending:
                self._pending[key].append((job, pair, arm))
                return
            self._pending[key] = [(job, pair, arm)]
        arguments = (job.world.scenario, policies, job.world.seed + pair, self._draw(job.world, pair), job.first_week)
        with self._lock:
            pool = self._pool
            if pool is None:
                return
            self._running += 1
        try:
            future = pool.submit(job.simulate, *arguments)
        except RuntimeError:  # a worker was killed: a new pool takes over
            with self._lock:
                self._running -= 1
                wanted = self._pending.pop(key, [])
                if not self._closed:
                    self._pool = self._new_pool()
                    for each, *_ in wanted:
                        each.next_task = 0
            return
        future.add_done_callback(lambda future: self._done(key, future))

    def _done(self, key: tuple, future: Future) -> None:
        with self._lock:
            self._running -= 1
            wanted = self._pending.pop(key, [])
            self._lock.notify_all()
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            for job, *_ in wanted:
                if not job.cancelled:
                    job.failed = f"a run failed ({type(error).__name__})"
                    self.withdraw(job.owner)
                    job.deliver(job, job.told)
            return
        result = future.result()
        self._kept[key] = result
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        for job, pair, arm in wanted:
            self._have(job, pair, arm, result)

    def _have(self, job: Job, pair: int, arm: int, result: Result) -> None:
        with self._lock:
            job.done[pair, arm] = result
            finished = job.finished_pairs()
            step = max((step for step in (*STEPS, job.target) if job.told < step <= finished), default=0)
            if step:
                job.told = step
            if finished >= job.target and self._jobs.get(job.owner) is job:
                del self._jobs[job.owner]
            stale = job.cancelled
        if step and not stale:
            job.deliver(job, step)


_backend: Backend | None = None


def backend() -> Backend:
    """Return the one pool of this server."""
    global _backend
    if _backend is None:
        _backend = Backend()
    return _backend
