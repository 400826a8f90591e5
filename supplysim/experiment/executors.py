"""Run one function over many tasks on any executor: results in order, Ctrl-C keeps what is finished."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any

from supplysim.errors import InputError
from supplysim.experiment.pool import Pool
from supplysim.setup import gate

Progress = Callable[[int, int, Any], None]

TOGETHER = 64  # results that are handed on at once, at most
MOST_WORKERS = 1_024  # processes of one machine; an executor may have more
AHEAD = 8_192  # tasks handed to an executor before results are awaited: enough for thousands of workers


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
        self._closing = ExitStack()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

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
        """Yield (position, result) of every task as it is finished, those together that are finished by then."""
        if self.executor is None:
            if min(self.workers, len(tasks)) <= 1:
                yield from ([(index, function(task))] for index, task in enumerate(tasks))
                return
            self.executor = self._pool()
        try:
            yield from _submitted(function, tasks, self.executor)
        except BrokenProcessPool as error:
            raise RuntimeError(
                "a worker process stopped before it answered; in a script, call this under "
                'if __name__ == "__main__": or use workers=1'
            ) from error

    def _pool(self) -> Executor:
        pool = Pool(self.workers)
        self._closing.callback(pool.shutdown, cancel_futures=True)
        return pool


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
    """Yield (position, result) in lists; cancel what is pending if the reader stops or a task fails."""
    done: SimpleQueue[Future[Any]] = SimpleQueue()
    pending: dict[Future[Any], int] = {}
    waiting = iter(enumerate(tasks))

    def submit(count: int) -> None:
        for index, task in islice(waiting, count):
            future = executor.submit(function, task)
            pending[future] = index
            future.add_done_callback(done.put)

    try:
        submit(AHEAD)
        while pending:
            futures = [done.get()]
            while len(futures) < TOGETHER and not done.empty():
                futures.append(done.get())
            submit(len(futures))
            failed = [future for future in futures if future.exception() is not None]
            results = [(pending.pop(future), future.result()) for future in futures if future not in failed]
            if results:  # before a failure is told, so that they can be kept
                yield results
            for future in failed:
                future.result()
    finally:
        for future in pending:
            future.cancel()
