"""Run one function over many tasks on any executor: results in order, Ctrl-C keeps what is finished."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from typing import Any

from supplysim.errors import InputError

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


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


def run_ordered(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
) -> list[Any]:
    """Return ``[function(task) for task in tasks]``, whoever computes it and whatever is finished first.

    Parameters
    ----------
    function : callable
        Takes a task; importable by name (picklable) unless ``workers=1``.
    tasks : sequence
        Picklable tasks.
    executor : concurrent.futures.Executor, optional
        Runs the tasks and stays open; default: a pool of spawned processes that is closed at the end.
    workers : int, optional
        Size of the default pool; default: the number of processors. 1 runs in this process.
    progress : callable, optional
        Called as ``progress(done, total, result)`` after each task.

    Raises
    ------
    Interrupted
        On Ctrl-C: pending tasks are cancelled; carries the finished results.
    InputError
        If `workers` is less than 1.
    """
    if workers is not None and workers < 1:
        raise InputError("workers", workers, "at least 1 is needed", "leave it out to use all processors")
    finished: dict[int, Any] = {}
    try:
        with closing(_completed(function, tasks, executor, workers)) as completed:
            for index, result in completed:
                finished[index] = result
                if progress is not None:
                    progress(len(finished), len(tasks), result)
    except KeyboardInterrupt:
        raise Interrupted([finished[index] for index in sorted(finished)]) from None
    return [finished[index] for index in range(len(tasks))]


def _completed(
    function: Callable[[Any], Any], tasks: Sequence[Any], executor: Executor | None, workers: int | None
) -> Generator[tuple[int, Any]]:
    """Yield (position, result) of every task as it is finished."""
    if executor is not None:
        yield from _submitted(function, tasks, executor)
        return
    workers = min(workers or os.cpu_count() or 1, len(tasks))
    if workers <= 1:
        yield from enumerate(map(function, tasks))
        return
    context = multiprocessing.get_context("spawn")  # forking a process that has threads can hang
    with _one_thread_each(), ProcessPoolExecutor(workers, context, initializer=_leave_interrupts_to_parent) as pool:
        try:
            yield from _submitted(function, tasks, pool)
        except BrokenProcessPool as error:
            raise RuntimeError(
                "a worker process stopped before it answered; in a script, call this under "
                'if __name__ == "__main__": or use workers=1'
            ) from error


def _submitted(function: Callable[[Any], Any], tasks: Sequence[Any], executor: Executor) -> Iterator[tuple[int, Any]]:
    """Yield (position, result); cancel what is pending if the reader stops or a task fails."""
    futures = {executor.submit(function, task): index for index, task in enumerate(tasks)}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


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


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
