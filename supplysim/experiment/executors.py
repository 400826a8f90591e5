"""Run one function over many tasks on any executor: results in order, Ctrl-C keeps what is finished."""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import closing, suppress
from itertools import chain, islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError, WorkersLost
from supplysim.limits import MOST_WORKERS
from supplysim.setup import gate

if TYPE_CHECKING:
    from supplysim.experiment.pool import Pool

Progress = Callable[[int, int, Any], None]

TOGETHER = 64  # results that are handed on at once, at most
TICK = 1.0  # seconds after which whoever awaits results is given none, so that it can see to what it has
AHEAD = 8_192  # tasks handed to an executor before results are awaited: enough for thousands of workers

log = logging.getLogger(__name__)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came before all tasks were done.

    Attributes
    ----------
    finished : list
        Results of the tasks that were done, in the order of the tasks.
    comparison : Comparison or None
        What `compare` makes of the finished pairs.
    """

    def __init__(self, finished: list[Any]) -> None:
        super().__init__(f"interrupted with {len(finished)} done")
        self.finished = finished
        self.comparison: Any = None


class Crew:
    """Who runs the tasks: an executor, a pool of processes, or this process; a context.

    Parameters
    ----------
    executor : concurrent.futures.Executor, optional
        Runs the tasks and stays open; default: a pool of spawned processes that opens with the first task that
        needs it and closes with the context.
    workers : int, optional
        Size of the default pool; default: the number of processors. 1 runs in this process.

    Raises
    ------
    InputError
        If `workers` is less than 1.
    """

    def __init__(self, executor: Executor | None = None, workers: int | None = None) -> None:
        if workers is not None:
            workers = gate.whole(workers, "workers", 1, MOST_WORKERS, "leave it out to use all processors")
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise InputError("executor", executor, "it has no submit()", "give a concurrent.futures.Executor")
        self.executor = executor
        self.workers = workers or os.cpu_count() or 1
        self._pool: Pool | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        """Close the pool; all that was asked of it is done, or not wanted any more."""
        if self._pool is not None:
            self._pool.end()

    def run_ordered(
        self, function: Callable[[Any], Any], tasks: Sequence[Any], progress: Progress | None = None
    ) -> list[Any]:
        """Return ``[function(task) for task in tasks]``, whoever computes it and whatever is finished first.

        Raises
        ------
        Interrupted
            On Ctrl-C: pending tasks are cancelled; carries the finished results.
        """
        finished: dict[int, Any] = {}
        try:
            with closing(self.completed(function, tasks)) as completed:
                for index, result in chain.from_iterable(completed):
                    finished[index] = result
                    if progress is not None:
                        progress(len(finished), len(tasks), result)
        except KeyboardInterrupt:
            raise Interrupted([finished[index] for index in sorted(finished)]) from None
        return [finished[index] for index in range(len(tasks))]

    def completed(self, function: Callable[[Any], Any], tasks: Sequence[Any]) -> Generator[list[tuple[int, Any]]]:
        """Yield (position, result) of every task as it is finished, those together that are finished by then.

        An empty list says that time went by.
        """
        executor = self.executor or self._processes(len(tasks))
        if executor is None:
            yield from ([(index, function(task))] for index, task in enumerate(tasks))
            return
        if self.executor is None:
            function = portable(function)
        try:
            yield from _submitted(function, tasks, executor)
        except BrokenExecutor as error:  # of somebody else
            raise InputError("executor", None, f"it ended before it answered ({error})", "repeat it") from error
        except WorkersLost as error:
            raise _told(error, self.workers) from error

    def _processes(self, tasks: int) -> Pool | None:
        """Return the pool; None if one process does as well, or no other can be started."""
        if self._pool is None and min(self.workers, tasks) > 1:
            from supplysim.experiment.pool import Pool, alone

            why = alone()
            if why is None:
                self._pool = Pool(self.workers)
            else:
                log.warning("worker processes cannot be started here (%s): all runs in this one", why)
                self.workers = 1
        return self._pool


class Portable:
    """A function with all that it is made of, for workers that could not import it by name."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._function: Callable[[Any], Any] | None = None

    def __call__(self, task: Any) -> Any:
        """Return what the function makes of a task."""
        if self._function is None:
            self._function = pickle.loads(self.content)
        return self._function(task)

    def __reduce__(self) -> tuple[Any, ...]:
        return Portable, (self.content,)


def portable(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that spawned processes can load: what stands in a notebook or a console goes by its content.

    Raises
    ------
    InputError
        If it cannot be sent, or cloudpickle is needed for that and not installed.
    """
    with suppress(pickle.PicklingError, AttributeError, TypeError):  # defined inside a function, or not importable
        if b"__main__" not in pickle.dumps(function) or getattr(sys.modules.get("__main__"), "__file__", None):
            return function
    remedy = "put it into a module of its own, pip install cloudpickle, or use workers=1"
    try:
        import cloudpickle
    except ImportError as error:
        rule = "what is defined in a notebook cannot be sent to other processes without cloudpickle"
        raise InputError("workers", None, rule, remedy) from error
    try:
        return Portable(cloudpickle.dumps(function))
    except Exception as error:  # whatever hinders an object of somebody else
        rule = f"what is compared cannot be sent to other processes ({type(error).__name__}: {error})"
        raise InputError("workers", None, rule, "use workers=1") from error


def _told(error: WorkersLost, workers: int) -> InputError:
    """Return what is to be done about workers that ended."""
    if error.killed:
        rule = "the system ended worker processes again and again, most often for want of memory"
        return InputError("workers", workers, rule, "use --workers 1, or fewer than now; finished pairs are kept")
    remedy = 'in a script, call this under if __name__ == "__main__": or use workers=1; finished pairs are kept'
    return InputError("workers", workers, str(error), remedy)


def run_ordered(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Any]:
    """Return ``[function(task) for task in tasks]``, whoever computes it and whatever is finished first.

    Parameters
    ----------
    function : callable
        Takes a task; importable by name (picklable) unless ``workers=1``.
    tasks : sequence
        Picklable tasks.
    executor, workers
        See `Crew`.
    progress : callable, optional
        Called as ``progress(done, total, result)`` after each task.

    Raises
    ------
    Interrupted
        On Ctrl-C: pending tasks are cancelled; carries the finished results.
    InputError
        If `workers` is less than 1.
    """
    with Crew(executor, workers) as crew:
        return crew.run_ordered(function, tasks, progress)


def _submitted(
    function: Callable[[Any], Any], tasks: Sequence[Any], executor: Executor
) -> Generator[list[tuple[int, Any]]]:
    """Yield (position, result) in lists, empty ones while nothing is finished; cancel what is pending in the end."""
    done: SimpleQueue[Future[Any]] = SimpleQueue()
    pending: dict[Future[Any], int] = {}
    waiting = iter(enumerate(tasks))

    def submit(count: int) -> None:
        for index, task in islice(waiting, count):
            future = executor.submit(function, task)
            pending[future] = index
            future.add_done_callback(done.put)

    def finished() -> list[Future[Any]]:
        """Return futures that are done, at most `TOGETHER`; none after a `TICK`, so that nobody waits in vain."""
        try:
            futures = [done.get(timeout=TICK)]
        except Empty:
            return []
        while len(futures) < TOGETHER and not done.empty():
            futures.append(done.get())
        return futures

    def results(futures: list[Future[Any]]) -> list[tuple[int, Any]]:
        """Return what came of those that neither failed nor were cancelled."""
        sound = [future for future in futures if not future.cancelled() and future.exception() is None]
        return [(pending.pop(future), future.result()) for future in sound]

    try:
        submit(AHEAD)
        while pending:
            futures = finished()
            submit(len(futures))
            yield results(futures)  # before a failure is told, so that they can be kept
            for future in futures:
                if future in pending:
                    future.result()
    except KeyboardInterrupt:
        yield results([future for future in pending if future.done()])
        raise
    finally:
        for future in pending:
            future.cancel()
