"""Comparisons that are killed, share a store or run out of disk end with the numbers of one that is left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from supplysim.experiment.store import Store

HERE = Path(__file__).parent
STAND_IN = """
import sys
from stand_in import Less, slow_simulate
from supplysim.api import compare
if __name__ == "__main__":
    out, pairs = sys.argv[1:]
    study = compare("minimal", [Less()], int(pairs), replicates=0, workers=1, store=out, simulate=slow_simulate)
    print(study.to_json(), study.run_table().to_csv())
"""
MODEL = """
import sys
from supplysim.api import compare
if __name__ == "__main__":
    out, pairs = sys.argv[1:]
    study = compare("minimal", ["border", "whistleblower"], int(pairs), replicates=0, workers=2, store=out)
    print(study.to_json(), study.run_table().to_csv())
"""


def start(program, *arguments, **settings):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    if program is MODEL:  # worker processes import the program
        command[1:3] = [str(program_file(arguments[0], program))]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **settings,
    )


def program_file(store, program):
    path = Path(store).parent / "program.py"
    path.write_text(program)
    return path


def ended(process):
    """Return what a process says to its end; one that hangs is killed with its workers, and is an error."""
    try:
        return process.communicate(timeout=600)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def answer(program, *arguments):
    done = start(program, *arguments)
    output, errors = ended(done)
    assert done.returncode == 0, errors
    return output


def kill(process):
    """Kill a process and its workers, as a machine that goes down would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)


def files(store):
    return list(Path(store).glob("rules=*/scenario=*/*.parquet"))


def count(store):
    distinct = "count(DISTINCT (seed, parameters, policy_hash))"
    return Store(store).query(f"SELECT count(*) AS n, {distinct} AS keys FROM runs").to_pylist()[0]


def killed_at_random_moments(program, pairs, runs, kills, tmp_path):
    """Kill the program again and again; return how often it had kept something and not yet ended."""
    rng, useful = random.Random(3), 0
    reference = answer(program, tmp_path / "reference", pairs)
    for number in range(kills):
        store = tmp_path / f"store-{number}"
        process = start(program, store, pairs)
        while not files(store) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, 0.02 * runs))
        useful += process.poll() is None
        kill(process)
        assert answer(program, store, pairs) == reference
        assert count(store) == {"n": runs, "keys": runs}
    return useful


@pytest.mark.slow
def test_a_killed_comparison_resumes_to_the_same_numbers(tmp_path):
    assert killed_at_random_moments(STAND_IN, pairs=20, runs=40, kills=2, tmp_path=tmp_path) > 0


@pytest.mark.slow
def test_the_model_killed_at_twenty_random_moments_resumes_to_the_same_numbers(tmp_path):
    assert killed_at_random_moments(MODEL, pairs=40, runs=120, kills=20, tmp_path=tmp_path) > 10


@pytest.mark.slow
def test_two_comparisons_at_once_on_one_store_are_both_right(tmp_path):
    reference = {pairs: answer(STAND_IN, tmp_path / "reference", pairs) for pairs in (24, 16)}
    both = [(start(STAND_IN, tmp_path / "shared", pairs), pairs) for pairs in reference]
    for process, pairs in both:
        output, errors = ended(process)
        assert output == reference[pairs], errors
    assert count(tmp_path / "shared") == {"n": 48, "keys": 48}


LIMITED = """
import resource, signal, sys, time
from supplysim.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))  # any file larger than that cannot be written
seed = str(time.time_ns() % 10**9)  # one that no store has seen
words = ["compare", "minimal", "-p", "border", "--pairs", "2", "--seed", seed, "--workers", "1"]
sys.exit(main([*words, "--out", sys.argv[1]]))
"""


@pytest.mark.slow
def test_on_a_full_disk_the_table_is_shown_and_what_could_not_be_written_is_told(tmp_path):
    process = start(LIMITED, tmp_path)
    output, errors = ended(process)
    assert process.returncode == 2
    assert "border" in output
    assert "nothing more can be written there (file too large)" in errors  # the store
    assert "nothing can be written there (file too large)" in errors  # the folder
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
