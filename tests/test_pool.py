"""The pool: urgent tasks first, what is taken back is not run, and no worker outlives the process that started it."""

import os
import subprocess
import sys
import time

import pytest

from supplysim.experiment.pool import Pool


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 4.0], ids=["while they start", "while they wait"])
@pytest.mark.skipif(os.name != "posix", reason="asks for processes by number")
def test_workers_end_with_a_parent_that_ends_without_a_word(after):
    code = (
        "import os, time; from supplysim.experiment.pool import Pool; pool = Pool(2);"
        "[pool.submit(os.getpid) for _ in range(2)];"
        f"print(*pool._processes._processes, flush=True); time.sleep({after}); os._exit(0)"
    )
    told = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, timeout=60).stdout
    workers = [int(pid) for pid in told.split()]
    assert workers
    limit = time.monotonic() + 30.0
    while any(map(alive, workers)) and time.monotonic() < limit:
        time.sleep(0.2)
    assert [pid for pid in workers if alive(pid)] == []


def test_the_most_urgent_goes_first_and_what_is_taken_back_is_not_run(tmp_path):
    pool = Pool(1)
    try:
        first = [pool.submit(time.sleep, 0.5) for _ in range(2)]  # one that runs and one in hand
        late = pool.ask(2.0, (tmp_path / "late").touch)
        dropped = pool.ask(1.0, (tmp_path / "dropped").touch)
        urgent = pool.ask(0.5, time.time)
        assert dropped.cancel()
        late.result(30.0)
        assert urgent.done()
        assert all(future.done() for future in first)
        assert not (tmp_path / "dropped").exists()
    finally:
        pool.shutdown()
