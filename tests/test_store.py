"""The store of finished runs: nothing is lost, nothing is run twice, nothing damaged is believed."""

import errno
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import stand_in
from stand_in import Less, simulate

from supplysim import _compiled
from supplysim.api import compare
from supplysim.errors import InputError, RunFailed
from supplysim.experiment import Interrupted, design, fingerprint, runner
from supplysim.experiment.packing import FORGOTTEN, pack
from supplysim.experiment.run_table import Entry, Key, to_runs, to_table
from supplysim.experiment.store import DAMAGED, FEW, Store
from supplysim.experiment.summary import summary
from supplysim.outputs.account import Account
from supplysim.outputs.quarters import kept
from supplysim.run import Run, pair_seed
from supplysim.setup.scenario import Scenario

LESS = Less()
CHANNELS, ROUTES = {"rented": 1 / 3, "licensed": 0.0}, {"SG": 3, "MY": 1}
TOTALS = Account(5, 4, 1, 0, 0, 2**60 + 1, 0.1 + 0.2, 7 / 9, CHANNELS, ROUTES, 1e9, -0.0)


def run(seed=1):
    yearly = {"delivered": (1 / 3, float(seed)), "exposed_share": (float("nan"), -0.0)}
    return Run(-1, "", seed, {}, (2023, 2024), yearly, TOTALS, np.arange(2.0 * len(kept())).reshape(2, -1) / 7)


def entry(seed=1, policy="x" * 24):
    return Entry(Key("p" * 24, policy, seed, 52), "less", run(seed))


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("minimal")


@pytest.fixture
def shelf(tmp_path, scenario):
    return Store(tmp_path).shelf(scenario)


def files(shelf):
    return sorted(shelf.folder.glob("*.parquet"))


def asked(scenario, store, policies=(LESS,), pairs=6, **settings):
    """Return a comparison on the stand-in, and how many runs it took."""
    before = len(stand_in.CALLS)
    settings = {"seed": 1, "replicates": 0} | settings
    study = compare(scenario, list(policies), pairs, workers=1, store=store, simulate=simulate, **settings)
    return study, len(stand_in.CALLS) - before


def test_a_run_comes_back_to_the_bit(shelf):
    shelf.keep([entry(1), entry(2)])
    found = shelf.find([entry(1).key, entry(2).key, entry(3).key], quarters=True)
    assert repr(found) == repr({entry(1).key: run(1), entry(2).key: run(2)})
    assert repr(to_runs(to_table([entry(7)]))) == repr([(entry(7).key, run(7))])


def test_two_who_write_the_same_runs_write_the_same_file(shelf):
    for _ in range(2):
        shelf.keep([entry()])
    assert len(files(shelf)) == 1


DAMAGES = {
    "truncated": lambda content: content[: len(content) // 2],
    "emptied": lambda content: b"",
    "noise": lambda content: np.random.default_rng(1).bytes(len(content)),
    "one bit": lambda content: content[:99] + bytes([content[99] ^ 1]) + content[100:],
    "longer": lambda content: content + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_set_aside_with_a_message_and_the_others_are_read(shelf, damage, caplog):
    shelf.keep([entry(1)])
    (path,) = files(shelf)
    shelf.keep([entry(2)])
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert list(shelf.find([entry(1).key, entry(2).key])) == [entry(2).key]
    assert f"{path} is damaged" in caplog.text
    assert not path.exists()
    assert len(list((shelf.store.folder / DAMAGED).iterdir())) == 1
    shelf.keep([entry(1)])
    assert len(shelf.find([entry(1).key, entry(2).key])) == 2


def test_damaged_runs_are_repeated_with_the_same_numbers(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr("supplysim.experiment.runner.EVERY", 0.0)  # a file a pair
    first, runs = asked(scenario, tmp_path)
    assert runs == 12
    path, other, *_ = tmp_path.glob("rules=*/scenario=*/*.parquet")
    path.write_bytes(path.read_bytes()[:-5])
    other.write_bytes(b"")
    again, runs = asked(scenario, tmp_path)
    assert runs == 4
    assert again.to_json() == first.to_json()


def test_the_same_question_twice_runs_nothing_and_more_pairs_only_the_new_ones(scenario, tmp_path):
    first, runs = asked(scenario, tmp_path)
    assert runs == 12
    again, runs = asked(scenario, tmp_path)
    assert (runs, again.reused) == (0, 12)
    assert again.to_json() == first.to_json()
    more, runs = asked(scenario, tmp_path, pairs=9)
    assert runs == 6
    assert more.to_json() == asked(scenario, False, pairs=9)[0].to_json()


def test_another_policy_costs_only_its_own_runs(scenario, tmp_path):
    asked(scenario, tmp_path)
    study, runs = asked(scenario, tmp_path, [Less(), Less(share=0.3)])
    assert runs == 6
    assert study.to_json() == asked(scenario, False, [Less(), Less(share=0.3)])[0].to_json()


def test_what_can_change_a_run_is_another_run(scenario, tmp_path):
    asked(scenario, tmp_path)
    assert asked(scenario, tmp_path, seed=2, pairs=5, parameters="central")[1] == 10
    assert asked(scenario, tmp_path, rule="habit")[1] == 12
    assert asked(scenario, tmp_path, [Less(intensity=0.5)])[1] == 6
    assert asked(scenario, tmp_path)[1] == 0


def test_changed_rules_never_reuse_old_results(scenario, tmp_path, monkeypatch):
    asked(scenario, tmp_path)
    monkeypatch.setattr("supplysim.experiment.store.rules_hash", lambda: "0" * 64)
    assert asked(scenario, tmp_path)[1] == 12


def test_an_interrupted_comparison_goes_on_where_it_stopped(scenario, tmp_path):
    def stop(done, total, pair):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        asked(scenario, tmp_path, progress=stop)
    assert stopped.value.comparison.pairs == 4
    study, runs = asked(scenario, tmp_path)
    assert runs == 4
    assert study.to_json() == asked(scenario, False)[0].to_json()


def failing(scenario, policies, seed, parameters):
    if seed == pair_seed(1, 5):
        raise ZeroDivisionError
    return simulate(scenario, policies, seed, parameters)


def test_what_was_done_before_a_failure_is_kept(scenario, tmp_path):
    with ThreadPoolExecutor(1) as threads, pytest.raises(RunFailed, match="pair 5 failed"):
        compare(scenario, LESS, 6, seed=1, executor=threads, store=tmp_path, simulate=failing)
    kept = Store(tmp_path).query("SELECT seed, count(*) AS n FROM runs GROUP BY seed").to_pylist()
    runs = {row["seed"]: row["n"] for row in kept}  # a thread may have been ahead, among the worlds after the failure
    assert [runs.get(pair_seed(1, pair)) for pair in range(6)] == [2, 2, 2, 2, 2, None]


def test_small_files_are_joined_and_no_run_is_lost_or_doubled(shelf):
    keys = [entry(seed).key for seed in range(2 * FEW)]
    for seed in range(2 * FEW):
        shelf.keep([entry(seed)])
    kept = {path: path.read_bytes() for path in files(shelf)}
    pack(shelf)
    assert len(files(shelf)) == 1
    assert len(shelf.find(keys)) == len(keys)
    for path, content in kept.items():  # as if killed before the joined files were deleted
        path.write_bytes(content)
    assert shelf.store.query("SELECT count(*) AS n FROM runs").column("n").to_pylist() == [len(keys)]
    assert len(shelf.find(keys)) == len(keys)
    pack(shelf)
    assert len(files(shelf)) == 1


def test_what_a_killed_process_left_is_removed_after_a_day(shelf, monkeypatch):
    shelf.keep([entry()])
    left = shelf.folder / ".writing-abc"
    left.write_bytes(b"half")
    pack(shelf)
    assert left.exists()
    monkeypatch.setattr("supplysim.experiment.packing.time.time", lambda: left.stat().st_mtime + FORGOTTEN + 1)
    pack(shelf)
    assert not left.exists()


def test_many_threads_may_write_read_and_pack_one_shelf(tmp_path, scenario):
    errors, rounds = [], 12

    def use(first):
        shelf = Store(tmp_path).shelf(scenario)
        mine = [entry(first + number) for number in range(rounds)]
        try:
            for number, one in enumerate(mine, start=1):
                shelf.keep([one])
                if number % 4 == 0:
                    pack(shelf)
                assert len(shelf.find(one.key for one in mine[:number])) == number
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=use, args=(1000 * number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=1200)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []
    assert Store(tmp_path).query("SELECT count(*) AS n FROM runs").column("n").to_pylist() == [3 * rounds]


def test_pairs_are_written_once_a_second_and_what_is_left_in_the_end(scenario, tmp_path, monkeypatch):
    assert runner.EVERY == 1.0
    monkeypatch.setattr(runner, "EVERY", 3600.0)
    study, _ = asked(scenario, tmp_path, pairs=40)
    assert study.pairs == 40
    assert len(list(tmp_path.glob("rules=*/scenario=*/*.parquet"))) == 2  # the first pair at once, then the others
    assert asked(scenario, tmp_path, pairs=40)[1] == 0


def test_a_full_disk_is_told_once_and_the_answer_comes_all_the_same(scenario, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("supplysim.experiment.runner.EVERY", 0.0)
    wrote = Path.write_bytes
    count = iter(range(100))

    def full(path, content):
        if next(count) >= 3:
            wrote(path, content[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return wrote(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        first, runs = asked(scenario, tmp_path)
    assert runs == 12
    assert [record.message.count("no space left on device") for record in caplog.records] == [1]
    assert "is not kept" in caplog.text
    assert not list(tmp_path.rglob(".writing-*"))
    study, runs = asked(scenario, tmp_path)
    assert runs == 6
    assert study.to_json() == first.to_json() == asked(scenario, False)[0].to_json()


def test_a_store_that_cannot_be_made_is_told_and_done_without(scenario, tmp_path, monkeypatch, caplog):
    from supplysim.experiment.compare import store_for

    (tmp_path / "runs").write_text("")
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    assert store_for(None, None) is None
    assert "cannot be kept" in caplog.text
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="nothing can be written there"):
        asked(scenario, tmp_path / "file")
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputError, match="SUPPLYSIM_CACHE.*is no folder"):
        store_for(None, None)


def test_contents_and_clear(shelf, tmp_path):
    shelf.keep([entry(1), entry(2)])
    (about,) = Store(tmp_path).contents()
    assert (about["scenario"], about["runs"], about["files"], about["current"]) == ("minimal", 2, 1, True)
    Store(tmp_path).clear()
    assert Store(tmp_path).contents() == []
    with pytest.raises(InputError, match="nothing is kept there yet"):
        Store(tmp_path).query("SELECT 1")


def test_the_rules_cover_every_source_of_compiled_code():
    covered = set(fingerprint.rule_files())
    for name in _compiled.KERNEL_SOURCES:
        path = _compiled.PACKAGE / name
        assert set(path.rglob("*.py") if path.is_dir() else [path]) <= covered
    names = {str(path.relative_to(_compiled.PACKAGE)) for path in covered}
    some = {"outputs/measures.py", "engine.py", "policies/border.py", "evidence/parameters.csv", "outputs/account.py"}
    assert some <= names
    assert not any(name.startswith(("cli", "viz", "report/")) for name in names)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("phases/asks.py", True),
        ("evidence/parameters.csv", True),
        ("outputs/measures.py", True),
        ("cli/compare.py", False),
    ],
)
def test_a_changed_rule_changes_the_hash(tmp_path, monkeypatch, name, changes):
    copy = tmp_path / "supplysim"
    shutil.copytree(fingerprint.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "PACKAGE", copy)
    before = fingerprint.rules_hash.__wrapped__()
    (copy / name).write_text((copy / name).read_text() + "\n")
    assert (fingerprint.rules_hash.__wrapped__() != before) is changes


def test_policies_are_told_apart_by_every_setting():
    hashes = {fingerprint.policies_hash(p) for p in ((), (Less(),), (Less(share=0.2),), (Less(), Less(share=0.2)))}
    assert len(hashes) == 4
    assert fingerprint.policies_hash((Less(),)) == fingerprint.policies_hash((replace(Less()),))


def test_a_known_answer_loads_no_compiled_code(tmp_path):
    code = (
        "import sys; from supplysim.api import compare;"
        f"s = compare('minimal', ['border'], 1, workers=1, store={str(tmp_path)!r}, parameters='central');"
        "print(s.reused, *(name in sys.modules for name in ('supplysim._compiled', 'numba')))"
    )
    told = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=1200).stdout
        for _ in range(2)
    ]
    compiles = _compiled.OBJECT_CODE is None  # where object code of this source is there, numba is never needed
    assert told == [f"0 True {compiles}\n", "2 False False\n"]


def test_draws_are_made_once_and_damaged_ones_again(scenario, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    priors = dict(list(scenario.uncertain().items())[:3])

    def drawn(points, seed=5):
        return design.sample(priors, [design.SHARE], points, seed)

    first = drawn(6)
    assert first.shape == (6, 4)
    (path,) = (tmp_path / "draws").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(design, "even_points", None)
        np.testing.assert_array_equal(drawn(6), first)
        np.testing.assert_array_equal(drawn(8)[:6], first)
    path.write_bytes(path.read_bytes()[::-1])
    np.testing.assert_array_equal(drawn(6), first)
    assert drawn(6, seed=6).tolist() != first.tolist()
    shutil.rmtree(tmp_path / "draws")
    (tmp_path / "draws").write_text("")  # a file: nothing can be kept below it
    np.testing.assert_array_equal(drawn(6), first)


def test_a_known_answer_over_the_priors_loads_no_scipy_and_no_pandas(tmp_path):
    code = (
        "import sys; from supplysim.api import compare;"
        f"s = compare('minimal', ['border'], 24, workers=1, store={str(tmp_path)!r}, seed=991, replicates=0);"
        "s.effects_of('border');"  # of so many pairs an effect is adjusted
        "print(s.reused, *(name in sys.modules for name in ('scipy', 'pandas', 'matplotlib')))"
    )
    told = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=1200).stdout
        for _ in range(2)
    ]
    assert told[1] == "48 False False False\n"


def test_the_summary_of_a_store_agrees_with_the_comparison(scenario, tmp_path):
    study, _ = asked(scenario, tmp_path, [Less(), Less(share=0.3)], pairs=9)
    rows = {(row["policy"], row["entry"]): row for row in summary(Store(tmp_path)).to_pylist()}
    for arm in study.arms:
        row, effect = rows[arm, "delivered"], study.effect(arm)
        assert (row["pairs"], row["share_down"]) == (9, effect.pairs_down / effect.pairs)
        for name, value in (("mean", effect.mean), ("median", effect.median), ("p05", effect.p05), ("p95", effect.p95)):
            assert row[f"effect_{name}"] == pytest.approx(value)
        assert row["effect_se"] == pytest.approx(effect.standard_error)
        assert row["relative_effect"] == pytest.approx(effect.relative)


def test_a_study_can_be_drawn_from_the_store_alone(tmp_path):
    study = compare("minimal", ["border"], 2, seed=5, replicates=0, workers=1, store=tmp_path)
    kept = Store(tmp_path).query("SELECT * FROM runs WHERE policy = 'baseline'").to_pylist()
    by_seed = {row["seed"]: row for row in kept}
    rows = [by_seed[pair_seed(5, pair)] for pair in range(2)]
    assert len(kept) == 2
    for row, draw in zip(rows, study.draws, strict=True):
        assert {name: row[f"parameter:{name}"] for name in draw} == draw


def test_quarters_are_read_only_when_they_are_asked_for(shelf):
    shelf.keep([entry()])
    (plain,) = shelf.find([entry().key]).values()
    (whole,) = shelf.find([entry().key], quarters=True).values()
    assert plain.quarters.size == 0
    assert np.array_equal(whole.quarters, run().quarters)
