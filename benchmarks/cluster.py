"""Pairs a second on a Dask cluster with one and two worker processes, and what a pair costs the scheduler.

A pair is one seed run in every arm: as it stands, under each of the six recommendations, and under all six.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from typing import Any

import psutil

from benchmarks.figures import Figure, elapsed, figure
from supplysim.experiment.arms import arms_of, first_week_of
from supplysim.experiment.cluster import dask_executor
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.pairs import Pairing, run_pairs
from supplysim.run import BASELINE, points_of
from supplysim.setup.scenario import Scenario

TITLE = "Throughput on a Dask cluster"


def measure(name: str, pairs: int = 8, repeats: int = 3, workers: Sequence[int] = (1, 2)) -> list[Figure]:
    """Return pairs a second by number of workers, their ratio, and processor time and bytes of the scheduler."""
    from distributed import LocalCluster

    scenario = Scenario.load(name)
    arms, first_week = arms_of(None, scenario), first_week_of(scenario, arms_of(None, scenario))
    draws = parameter_draws(scenario, "central", pairs, 1)
    took: dict[int, list[float]] = {count: [] for count in workers}
    worked: dict[int, list[float]] = {count: [] for count in workers}
    for _ in range(repeats):
        for count in workers:
            with (
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as cluster,
                dask_executor(cluster.scheduler_address) as executor,
            ):
                run_pairs(scenario, {}, draws[: 2 * count], 1, first_week, executor)  # loads the compiled code there
                before = _worked(cluster)
                took[count].append(elapsed(lambda: run_pairs(scenario, arms, draws, 1, first_week, executor)))
                worked[count].append((_worked(cluster) - before) / pairs)
    figures = [figure(f"{count} workers", [pairs / t for t in took[count]], "pairs/s") for count in workers]
    few, many = workers
    ratios = [one / two for one, two in zip(took[few], took[many], strict=True)]
    figures.append(figure(f"{many} workers over {few}", ratios, "times"))
    figures += [figure(f"{count} workers, processor time of the workers", worked[count], "s/pair") for count in workers]
    figures += _scheduler(200)
    task = (points_of(draws, 1)[0], (BASELINE, *arms))
    pairing = Pairing(scenario, {BASELINE: (), **arms}, first_week)
    runs = pairing(task)
    figures.append(Figure("sent for a pair", len(pickle.dumps((pairing, task))), "bytes"))
    figures.append(Figure("returned for a pair", len(pickle.dumps(runs)), "bytes"))
    return figures


def _worked(cluster: Any) -> float:
    """Return the processor time that the workers have used so far, s: other programs hardly disturb it."""
    times = [psutil.Process(worker.process.pid).cpu_times() for worker in cluster.workers.values()]
    return float(sum(used.user + used.system for used in times))


def _scheduler(tasks: int) -> list[Figure]:
    """Return the processor time that a scheduler and its client spend on a task that does nothing."""
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.gather(client.map(abs, range(tasks)))
        before = time.process_time()
        client.gather(client.map(abs, range(tasks, 6 * tasks)))
        spent = time.process_time() - before  # scheduler and client share this process
    return [Figure("scheduler and client, a task", 1e3 * spent / (5 * tasks), "ms")]
