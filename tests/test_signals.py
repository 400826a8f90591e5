"""What stops a command, and what happens to its workers: SIGTERM is Ctrl-C, a killed worker is replaced."""

import multiprocessing
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from supplysim.cli.outcome import heard, status
from supplysim.errors import INTERRUPTED, InputError, RunFailed
from supplysim.experiment import executors, pool
from supplysim.experiment.executors import Crew, run_ordered

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")


@pytest.mark.parametrize(("name", "ends"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_stops_a_command_like_ctrl_c_with_a_status_of_its_own(name, ends, capsys):
    before = signal.getsignal(getattr(signal, name))
    assert status(lambda: signal.raise_signal(getattr(signal, name))) == ends
    assert capsys.readouterr().err == "Stopped. What was finished is kept; the same command goes on from there.\n"
    assert signal.getsignal(getattr(signal, name)) is before


def test_a_command_that_told_what_it_has_ends_with_the_signals_status(capsys):
    def stopped():
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            return INTERRUPTED

    assert status(stopped) == 143
    assert capsys.readouterr().err == ""


def test_what_a_caller_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
    try:
        with heard():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(28, "No space left on device", "a/file"), RunFailed("pair 3 failed")]
)
def test_what_goes_wrong_outside_the_program_is_one_line(error, capsys):
    def fails():
        raise error

    assert status(fails) == 2
    told = capsys.readouterr().err
    assert told.startswith("supplysim: ")
    assert told.count("\n") == 1


def test_a_fault_of_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        status(lambda: 1 // 0)


def die_once(task):
    """End this process as the system does for want of memory, the first time that the task is begun."""
    folder, number = task
    if number == 2 and not (folder / "died").exists():
        (folder / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die(task):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_worker_is_replaced_and_what_it_had_in_hand_runs_again(tmp_path):
    tasks = [(tmp_path, number) for number in range(6)]
    assert run_ordered(die_once, tasks, workers=2) == [0, 1, 4, 9, 16, 25]
    assert (tmp_path / "died").exists()


@pytest.mark.slow
def test_workers_that_are_killed_again_and_again_are_told_in_one_line():
    with pytest.raises(InputError, match=r"workers = 2.*memory; use --workers 1"):
        run_ordered(die, [1, 2], workers=2)


@pytest.mark.parametrize(
    ("reason", "setting"),
    [
        ("daemonic", ("multiprocessing.current_process", lambda: SimpleNamespace(daemon=True))),
        ("directory is gone", ("os.getcwd", lambda: "/no such folder")),
    ],
)
def test_where_no_worker_can_be_started_one_process_does_it_all(reason, setting, monkeypatch, caplog):
    monkeypatch.setattr(f"supplysim.experiment.pool.{setting[0]}", setting[1])
    with Crew(workers=2) as crew:
        assert crew.run_ordered(str, [1, 2, 3]) == ["1", "2", "3"]
    assert reason in caplog.text


def test_a_program_from_standard_input_gets_its_answer():
    code = "from supplysim.experiment.executors import run_ordered\nprint(run_ordered(str, [1, 2], workers=2))"
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=False, timeout=1200)
    assert (done.returncode, done.stdout) == (0, "['1', '2']\n"), done.stderr


def ask_inside(answers):
    answers.put(run_ordered(abs, [-1, -2], workers=2))


@pytest.mark.slow
def test_a_daemonic_process_gets_its_answer():
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=ask_inside, args=(answers,), daemon=True)
    process.start()
    assert answers.get(timeout=120) == [1, 2]
    process.join(timeout=60)
    assert process.exitcode == 0


def test_finished_results_are_handed_on_when_the_user_stops(monkeypatch):
    finished = executors.Future()
    waiting = [executors.Future(), finished]

    class Slow:
        def submit(self, function, task):
            return waiting[task]

    def stop(*_, **__):
        finished.set_result("done")
        raise KeyboardInterrupt

    monkeypatch.setattr(executors, "SimpleQueue", lambda: SimpleNamespace(get=stop, put=print))
    found = executors._submitted(str, [0, 1], Slow())
    assert next(found) == [(1, "done")]
    with pytest.raises(KeyboardInterrupt):
        next(found)
    assert waiting[0].cancelled()


def test_a_pool_is_no_larger_than_a_system_can_watch():
    assert pool.MOST_WORKERS in (61, 1024)
    few = pool.Pool(10**6)
    assert few.workers == pool.MOST_WORKERS
    few.end()


@pytest.mark.parametrize(("name", "ends"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_while_the_program_still_loads_ends_it_with_its_status(name, ends):
    code = f"""
import os, signal, sys
class Then:
    def find_spec(self, module, *_):
        if module == "typer":
            os.kill(os.getpid(), signal.{name})
sys.meta_path.insert(0, Then())
from supplysim.__main__ import main
sys.argv = ["supplysim", "list"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=1200)
    assert (done.returncode, done.stdout, done.stderr) == (ends, "", "")


def test_a_signal_that_the_caller_ignores_does_not_stop_the_program_while_it_loads():
    code = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
from supplysim.__main__ import main
import supplysim.cli
supplysim.cli.main = lambda: os.kill(os.getpid(), signal.SIGHUP) or 0
sys.exit(main())
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=1200).returncode == 0
