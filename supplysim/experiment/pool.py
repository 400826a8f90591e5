"""Processes that run tasks, the most urgent first: one pool for command line, app, training and calibration."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from heapq import heappop, heappush
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from supplysim import run
from supplysim.environment import reason
from supplysim.errors import WorkersLost
from supplysim.limits import MOST_WORKERS

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
TRIES = 3  # a task is begun at most; workers die with all that is in hand, and only one task can be the cause
LOOK = 2.0  # seconds between looks for the parent


class Pool(Executor):
    """Spawned processes; a task that is no longer wanted is taken back with its future's `cancel`.

    Parameters
    ----------
    workers : int
        Number of processes.
    niceness : int
        How far they stand back behind others in the queue for a processor, where the system knows such a thing.
    kept_worlds : int
        Worlds that each process keeps for the next question about them, see `run.Kept`.
    """

    def __init__(self, workers: int, niceness: int = 0, kept_worlds: int = 0) -> None:
        self.workers, self.settings = min(workers, MOST_WORKERS), (niceness, kept_worlds)
        self._lock = threading.RLock()
        self._number = itertools.count()
        self._waiting: list[tuple[float, int, _Task]] = []
        self._running = 0
        self._closed = False
        self._members: dict[int, Any] = {}
        self._killed = False
        self._processes = self._started()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function after what was asked for before; importable by name."""
        return self.ask(0.0, fn, *args, **kwargs)

    def ask(self, rank: float, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function before all that wait with a higher rank."""
        task = _Task(fn, args, kwargs)
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            heappush(self._waiting, (rank, next(self._number), task))
        self._feed()
        return task.future

    def warm(self) -> None:
        """Let every process load the compiled code now rather than at the first question."""
        for _ in range(self.workers):
            self.submit(_ready)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close; what waits is cancelled or, by default, still run."""
        with self._lock:
            self._closed = True
            dropped = [task for *_, task in self._waiting] if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
            left = [task.future for *_, task in self._waiting]
        for task in dropped:
            task.future.cancel()
        if wait:
            for future in left:
                future.exception()
        self._processes.shutdown(wait=wait, cancel_futures=cancel_futures)

    def end(self) -> None:
        """Close at once: what runs is given up, and no process is left when this returns."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = [task for *_, task in self._waiting], []
            members = list(self._members.values())
        for task in waiting:
            task.future.cancel()
        for process in members:
            with suppress(OSError, ValueError):  # gone already
                process.kill()
        self._processes.shutdown(wait=True, cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # forking a process that has threads can hang
        settings = (os.getpid(), *self.settings)
        executor = ProcessPoolExecutor(self.workers, context, initializer=_start_worker, initargs=settings)
        self._members = executor._processes  # type: ignore[assignment]  # the executor forgets them when one dies
        return executor

    def _feed(self) -> None:
        """Hand the most urgent tasks to the processes: one more than there are, so that none has to wait."""
        while True:
            with self._lock:
                if self._running > self.workers or not self._waiting:
                    return
                _, number, task = heappop(self._waiting)
                if not task.future.running() and not task.future.set_running_or_notify_cancel():
                    continue  # taken back
                self._running += 1
                processes = self._processes
            try:
                with _one_thread_each():  # a process may be started here
                    inner = processes.submit(task.function, *task.arguments, **task.named)
            except (RuntimeError, OSError) as error:  # broken or closed since, or no process can be started
                self._over(processes, number, task, error)
                continue
            inner.add_done_callback(partial(self._done, processes, number, task))

    def _done(self, processes: ProcessPoolExecutor, number: int, task: _Task, inner: Future[Any]) -> None:
        error = None if inner.cancelled() else inner.exception()
        if inner.cancelled() or isinstance(error, BrokenProcessPool):
            self._over(processes, number, task, error or BrokenProcessPool("the pool was closed"))
        else:
            with self._lock:
                self._running -= 1
            if error is None:
                task.future.set_result(inner.result())
            else:
                task.future.set_exception(error)
        self._feed()

    def _over(self, processes: ProcessPoolExecutor, number: int, task: _Task, error: BaseException) -> None:
        """Replace processes of which one was killed, and run the task in hand again."""
        if isinstance(error, OSError):  # no process could be started: those that are there end when they have answered
            processes.shutdown(wait=False)
        with self._lock:
            self._running -= 1
            if self._processes is processes and not self._closed:
                for process in self._members.values():
                    process.join(1.0)  # what has ended says how only once it was waited for
                codes = [process.exitcode for process in self._members.values()]
                self._killed = -signal.SIGKILL in codes if hasattr(signal, "SIGKILL") else True
                self._processes = self._started()
            task.tries += 1
            again = task.tries < TRIES and not self._closed
            if again:
                heappush(self._waiting, (-1.0, number, task))
        if not again:
            lost = f"worker processes ended {task.tries} times before they answered ({reason(error)})"
            task.future.set_exception(WorkersLost(lost, self._killed))


class _Task:
    """A call that waits or runs, and how often it was begun."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.function, self.arguments, self.named = function, arguments, named
        self.future: Future[Any] = Future()
        self.tries = 0


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let spawned workers inherit one numerical thread each: they must not compete for processors."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _start_worker(parent: int, niceness: int, kept_worlds: int) -> None:
    """Prepare a worker: deaf to what stops a command, which the parent hears, and gone when the parent is.

    The parent says its number: one that is asked for here may be that of whoever inherits an orphan.
    """
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if any("error" in option for option in sys.warnoptions):  # a worker's warnings are no developer's business
        warnings.simplefilter("ignore")
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    run.HERE.most = kept_worlds
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this worker when the process that started it is gone, however it went.

    Its end closes a pipe, which is heard at once; where a third process holds that pipe open, the number of the
    parent changes, but not on Windows.
    """
    starter = multiprocessing.parent_process()
    ends = [] if starter is None else [starter.sentinel]
    while os.name == "nt" or os.getppid() == parent:
        if wait(ends, LOOK):
            break
    os._exit(0)


def alone() -> str | None:
    """Return why no worker processes can be started from here; None if they can."""
    if multiprocessing.current_process().daemon:
        return "a daemonic process may not have children"
    try:
        if not Path(os.getcwd()).is_dir():
            return "the working directory is gone"
    except OSError:
        return "the working directory is gone"
    program = sys.modules.get("__main__")
    file = getattr(program, "__file__", None)
    if file is not None and getattr(program, "__spec__", None) is None and not Path(file).exists():
        return "the program is no file that they could import"
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError, NotImplementedError) as error:
        return reason(error)
    return None


def _ready() -> int:
    """Return the worker's process id once it has loaded the compiled code."""
    from supplysim import engine  # noqa: F401

    return os.getpid()
