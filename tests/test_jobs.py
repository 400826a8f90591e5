"""Exact runs of the app: known to the command line and from it, shared by sessions, taken back when nobody waits."""

from __future__ import annotations

import itertools
from concurrent.futures import Future
from heapq import heappop, heappush

import pytest

pytest.importorskip("solara")

from supplysim.viz import backend as backends
from supplysim.viz import known_runs
from supplysim.viz.backend import Backend, Busy
from supplysim.viz.figures.compare import cards
from supplysim.viz.figures.tiles import tiles
from supplysim.viz.headline import headline
from supplysim.viz.jobs import Job, World

from supplysim.experiment.compare import compare
from supplysim.experiment.effects import WINDOW
from supplysim.experiment.store import Store
from supplysim.policies.text import parse
from supplysim.report.formatting import signed
from supplysim.report.text import change_of
from supplysim.run import run_pair
from supplysim.setup.scenario import Scenario

MINIMAL = Scenario.load("minimal")
PAIRS = 3


class Hand:
    """A pool that runs what it was asked, the most urgent first, when it is told to."""

    def __init__(self):
        self.waiting, self.number, self.ran = [], itertools.count(), []

    def ask(self, rank, function, *arguments):
        future = Future()
        heappush(self.waiting, (rank, next(self.number), function, arguments, future))
        return future

    def step(self):
        *_, function, arguments, future = heappop(self.waiting)
        if future.set_running_or_notify_cancel():
            self.ran.append(arguments[0])
            try:
                future.set_result(function(*arguments))
            except Exception as error:
                future.set_exception(error)

    def run(self):
        while self.waiting:
            self.step()

    def runs(self):
        return [(point.pair, arm) for point, arms in self.ran for arm in arms]

    def shutdown(self, **_):
        pass


class Listener:
    """Whom a job tells of its steps."""

    def __init__(self):
        self.heard = []

    def __call__(self, job, pairs):
        self.heard.append(pairs)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Let jobs begin in the thread that asks."""
    monkeypatch.setattr(backends.threading, "Timer", Now)


class Now:
    """A timer that does not wait."""

    def __init__(self, _, function, arguments):
        self.start = lambda: function(*arguments)

    def cancel(self):
        pass


def job_of(text, owner="me", target=PAIRS, seed=1):
    packages = tuple(parse(each, MINIMAL).policies if each else () for each in text.split("|"))
    return Job(owner, World(MINIMAL, seed), packages, Listener(), target)


def test_what_the_command_line_has_run_is_not_run_again(tmp_path):
    study = compare("minimal", ["border=0.5"], pairs=PAIRS, seed=1, replicates=0, workers=1, store=tmp_path)
    server, job = Backend(1, Store(tmp_path), Hand()), job_of("border=0.5")
    server.ask(job)
    assert server._workers.pool.waiting == []
    assert job.deliver.heard == [PAIRS]
    base, policy = (study.values(arm, "delivered", study.window) for arm in ("baseline", "border=0.5"))
    assert job.summary(PAIRS).effect("delivered", WINDOW).diff[2] == sorted(policy - base)[1]
    assert job.study(["border=0.5"], PAIRS).table().equals(study.table())
    server.close()


def test_what_the_app_has_run_is_not_run_again_by_the_command_line(tmp_path):
    server, job = Backend(1, Store(tmp_path), Hand()), job_of("border=0.5|penalties")
    server.ask(job)
    server._workers.pool.run()
    server.close()
    study = compare(
        "minimal", ["border=0.5", "penalties"], pairs=PAIRS, seed=1, replicates=0, workers=1, store=tmp_path
    )
    assert study.reused == 3 * PAIRS
    assert study.table().equals(job.study(["border=0.5", "penalties"], PAIRS).table())


def test_a_restarted_app_runs_only_what_is_new(tmp_path):
    for text, arms in (("border=0.5", ["baseline", "1"]), ("border=0.5|penalties", ["2"])):
        server = Backend(1, Store(tmp_path), Hand())
        server.ask(job_of(text))
        server._workers.pool.run()
        assert server._workers.pool.runs() == [(pair, arm) for pair in range(PAIRS) for arm in arms]
        server.close()


def test_no_lever_is_the_world_as_it_stands_and_is_run_once(tmp_path):
    server, job = Backend(1, Store(tmp_path), Hand()), job_of("")
    server.ask(job)
    server._workers.pool.run()
    assert len(server._workers.pool.runs()) == PAIRS
    assert all(pair[0] is pair[1] for pair in job.done)
    server.close()


def test_steps_are_told_as_they_are_reached(tmp_path, monkeypatch):
    server, job = Backend(1, Store(tmp_path), Hand()), job_of("", target=10)
    server.ask(job)
    server._workers.pool.run()
    assert job.deliver.heard == [8, 10]
    server.close()


def test_sessions_take_turns_and_equal_questions_are_run_once(tmp_path):
    server = Backend(1, Store(tmp_path), Hand())
    jobs = [job_of(text, owner) for owner, text in enumerate(("border=0.5", "border=0.5", "penalties"))]
    for job in jobs:
        server.ask(job)
    server._workers.pool.run()
    ran = server._workers.pool.runs()
    assert len(ran) == len(set(ran)) + PAIRS == 3 * PAIRS  # arm "1" is another package in the third job
    assert [pair for pair, _ in ran[4:6]] == [0, 2]  # after what was in hand, the third job before the first one's last
    assert [job.deliver.heard for job in jobs] == [[PAIRS]] * 3
    server.close()


def test_a_newer_move_takes_back_what_nobody_waits_for(tmp_path):
    server = Backend(1, Store(tmp_path), Hand())
    old, same = job_of("border=0.5", target=5), job_of("border=0.5", "another", target=5)
    new = job_of("penalties", target=5)
    for job in (old, same):
        server.ask(job)
    server._workers.pool.step()  # one pair is done, and the two after it are in hand
    server.withdraw("another")
    server.ask(new)
    server._workers.pool.run()
    assert old.deliver.heard == same.deliver.heard == []
    assert new.deliver.heard == [5]
    begun = [(pair, arm) for pair in range(3) for arm in ("baseline", "1")]
    ran = server._workers.pool.runs()
    assert ran[:6] == begun
    assert sorted(ran[6:]) == [(0, "1"), (1, "1"), (2, "1"), (3, "1"), (3, "baseline"), (4, "1"), (4, "baseline")]
    server.close()


def test_one_session_too_many_is_told_to_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(backends, "MOST_WAITING", 1)
    server = Backend(1, Store(tmp_path), Hand())
    server.ask(job_of("border"))
    with pytest.raises(Busy, match="waiting"):
        server.ask(job_of("border", "another"))
    server.close()


def test_a_run_that_fails_ends_its_job_and_says_so(tmp_path):
    server, job = Backend(1, Store(tmp_path), Hand()), job_of("")
    object.__setattr__(job.pairing, "simulate", broken)
    server.ask(job)
    server._workers.pool.run()
    assert job.failed == "a run failed (RunFailed)"
    assert job.deliver.heard == [0]
    server.close()


def broken(scenario, policies, seed, parameters):
    raise ArithmeticError


@pytest.mark.parametrize("wrong", ["a file in its place", "no room"])
def test_without_a_store_the_runs_are_made_and_the_reason_is_told_once(tmp_path, monkeypatch, caplog, wrong):
    folder = tmp_path / "store"
    if wrong == "no room":
        monkeypatch.setattr(known_runs, "LEFT_FREE", 1e18)
    else:
        folder.write_text("not a folder")
    server = Backend(1, Store(folder), Hand())
    for text in ("border=0.5", "penalties"):
        job = job_of(text)
        server.ask(job)
        server._workers.pool.run()
        assert len(job.done) == PAIRS
    server.close()
    assert len([line for line in caplog.messages if str(folder) in line]) == 1


def test_one_who_asks_for_many_films_does_not_keep_anybody_waiting(tmp_path):
    server, mine = Backend(1, Store(tmp_path), Hand()), job_of("border=0.5", "me")
    filmed = [server.aside(("other", "film"), "other", [(film, MINIMAL.name)] * 2, 3.0) for _ in range(150)]
    server.ask(mine)
    server._workers.pool.run()
    assert len([asked for asked in server._workers.pool.ran if asked == MINIMAL.name]) <= 4  # in hand, and the newest
    assert mine.deliver.heard == [PAIRS]
    assert all(future.cancelled() for films in filmed[:-1] for future in films)
    assert [future.result(timeout=60) for future in filmed[-1]] == ["a film"] * 2
    server.close()


def test_a_file_is_not_made_for_whoever_left(tmp_path):
    server, busy = Backend(1, Store(tmp_path), Hand()), job_of("border=0.5", "me")
    server.ask(busy)
    [future] = server.aside(("other", "file"), "other", [(film, "x")], 1.0)
    server.withdraw(("other", "file"))
    server._workers.pool.run()
    assert future.cancelled()
    assert "x" not in server._workers.pool.ran
    server.close()


def test_a_full_queue_makes_way_for_who_has_fewer_questions(tmp_path, monkeypatch):
    monkeypatch.setattr(backends, "MOST_WAITING", 4)
    server = Backend(1, Store(tmp_path), Hand())
    many = [job_of("border", (number, "explore")) for number in range(4)]
    for job in many:
        job.party = "a"
        server.ask(job)
    mine = job_of("penalties", "me")
    server.ask(mine)
    assert [job.failed for job in many] == ["", "", "", "others are waiting"]
    server._workers.pool.run()
    assert mine.deliver.heard == [PAIRS]
    server.close()


def test_a_run_that_ends_after_the_server_is_no_error(tmp_path):
    server = Backend(1, Store(tmp_path), Hand())
    server.ask(job_of("border=0.5"))
    hand = server._workers.pool
    server.close()
    hand.run()
    assert len(hand.runs()) == 4  # what was in hand: two pairs


def film(name):
    return "a film"


def test_the_relative_change_stands_first_and_is_the_command_lines(tmp_path):
    package, pairs = parse("border=0.5").policies, 24
    job = Job("session", World(MINIMAL, 3), (package,), Listener(), pairs)
    job.done = [run_pair(MINIMAL, job.pairing.arms, point, job.pairing.first_week) for point in job.world.points(pairs)]
    theirs = compare(MINIMAL, ["border=0.5"], pairs=pairs, seed=3, replicates=0, workers=1, store=tmp_path)
    (arm,), summary = theirs.arms, job.summary(pairs)
    for measure in ("delivered", "seized", "mark_up"):
        told = theirs.effect(arm, measure)
        assert summary.effect(measure, WINDOW).relative == (told.relative, told.relative_low, told.relative_high)
    told, effect = headline(summary), theirs.effect(arm)
    assert told.share_text("delivered") == change_of(effect)
    assert tiles(summary, "delivered", acted=True)[0]["change"].startswith(signed(effect.mean))
    assert cards(["mine"], [package], [summary])[0]["change"] == change_of(effect)
