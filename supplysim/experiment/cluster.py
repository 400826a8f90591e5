"""A Dask cluster as an executor: ``--dask tcp://...``; other executors are handed to `compare` as they are.

Dask gives the tasks of a worker that died to another one, so a comparison ends complete; since a run is a
function of its scenario, policies, parameters and seed alone, it also ends the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from supplysim.errors import InputError

ANSWER_WITHIN = "15s"
DEATHS = 5  # of workers that a task may see before it is held to be their cause


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Connect to a Dask scheduler and yield its executor; the cluster stays up.

    Raises
    ------
    InputError
        If Dask is not installed or no scheduler answers.
    """
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise InputError("--dask", address, "Dask is not installed", "pip install 'supplysim[dask]'") from None
    with dask.config.set({"distributed.scheduler.allowed-failures": DEATHS}):
        try:
            client = Client(address, timeout=ANSWER_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            remedy = "start one with `dask scheduler` and workers with `dask worker ADDRESS --nthreads 1`"
            raise InputError("--dask", address, f"no scheduler answers there ({error})", remedy) from error
    with client, client.get_executor(pure=False, retries=DEATHS) as executor:
        yield executor
