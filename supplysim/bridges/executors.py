"""Executors for `compare(executor=...)`: Joblib, with whatever backend it is set to, and Ray."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any

from supplysim.errors import InputError


class JoblibExecutor(Executor):
    """Runs tasks by `joblib.Parallel`, all that wait at a time; a backend set by `joblib.parallel_config` counts.

    Parameters
    ----------
    **settings
        Of `joblib.Parallel`, for example ``n_jobs=4, backend="loky"``.

    Raises
    ------
    InputError
        If Joblib is not installed.
    """

    def __init__(self, **settings: Any) -> None:
        try:
            from joblib import Parallel
        except ImportError as error:
            raise InputError("executor", None, "joblib is not installed", 'pip install "supplysim[bridges]"') from error
        self._parallel = Parallel(**{"return_as": "generator_unordered", **settings})  # here: it notes what is set
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[..., Any], Any, Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function with the tasks that wait."""
        future: Future[Any] = Future()
        self._waiting.put((future, fn, args, kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; what waits is run."""
        self._waiting.put(None)
        if wait:
            self._thread.join()

    def _serve(self) -> None:
        from joblib import delayed

        ended = False
        while not ended:
            tasks = [self._waiting.get()]
            try:
                while True:
                    tasks.append(self._waiting.get_nowait())
            except Empty:
                ended = None in tasks
            wanted = [task for task in tasks if task is not None and task[0].set_running_or_notify_cancel()]
            try:
                calls = (delayed(_kept)(at, *task[1:]) for at, task in enumerate(wanted))
                for at, error, result in self._parallel(calls) if wanted else ():
                    future = wanted[at][0]
                    future.set_result(result) if error is None else future.set_exception(error)
            except Exception as error:  # of the backend: everyone who waits is told
                for future, *_ in wanted:
                    if not future.done():
                        future.set_exception(error)


def _kept(at: int, fn: Callable[..., Any], args: Any, kwargs: Any) -> tuple[int, Exception | None, Any]:
    """Return a task's number, and its error or its result: one that fails must not end the others."""
    try:
        return at, None, fn(*args, **kwargs)
    except Exception as error:
        return at, error, None


class RayExecutor(Executor):
    """Runs every task as a Ray task on the cluster that `ray.init` has joined; started here if there is none."""

    def __init__(self) -> None:
        try:
            import ray
        except ImportError as error:
            raise InputError("executor", None, "ray is not installed", "pip install ray") from error
        if not ray.is_initialized():
            ray.init()
        self._run = ray.remote(_call)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function somewhere on the cluster."""
        return self._run.remote(fn, args, kwargs).future()


def _call(fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    return fn(*args, **kwargs)
