"""Dask as an executor: a real scheduler and two worker processes; one of them dies, and nothing changes."""

import os
import signal
import sys
from pathlib import Path

import pytest
from stand_in import Less, slow_simulate

from supplysim.api import compare
from supplysim.errors import InputError
from supplysim.experiment import cluster

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")  # Dask's own

HERE = str(Path(__file__).parent)


@pytest.fixture
def two_workers(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([HERE, *sys.path]))  # workers import what they are sent
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as local:
        yield local


def asked(pairs=20, **settings):
    return compare("minimal", [Less()], pairs, simulate=slow_simulate, **settings)


@pytest.mark.slow
def test_a_worker_that_dies_changes_no_number(two_workers, tmp_path):
    reference = asked(workers=1)
    victims = [worker.process.pid for worker in two_workers.workers.values()][:1]

    def kill_one(done, total, pair):
        if done >= 4 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    with cluster.dask_executor(two_workers.scheduler_address) as executor:
        study = asked(executor=executor, progress=kill_one, store=tmp_path)
    assert victims == []
    assert study.pairs == 20
    assert repr(study.runs) == repr(reference.runs)
    assert study.to_json() == reference.to_json()
    assert repr(asked(workers=1, store=tmp_path).runs) == repr(reference.runs)


@pytest.mark.slow
def test_the_model_gives_the_same_bits_on_dask_and_here(two_workers):
    here = compare("minimal", ["border", "whistleblower"], 6, workers=1, store=False)
    with cluster.dask_executor(two_workers.scheduler_address) as executor:
        there = compare("minimal", ["border", "whistleblower"], 6, executor=executor, store=False)
    assert repr(there.runs) == repr(here.runs)


def test_no_scheduler_is_told_with_how_to_start_one(monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER_WITHIN", "0.3s")
    with (
        pytest.raises(InputError, match="no scheduler answers there.*start one with `dask scheduler`"),
        cluster.dask_executor("tcp://127.0.0.1:9"),
    ):
        pass
    with pytest.raises(InputError, match="no scheduler answers"), cluster.dask_executor("nonsense://"):
        pass


def test_without_dask_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="Dask is not installed"), cluster.dask_executor("tcp://127.0.0.1:9"):
        pass
