"""Editions of the rules: a refactored source is the same, a changed rule is another, and nothing answers for it."""

import json
import shutil
import subprocess
import sys

import digests
import numpy as np
import pandas as pd
import pytest

from supplysim import edition as editions
from supplysim.edition import (
    PACKAGE,
    edition,
    files_hash,
    foreign,
    register,
    registered,
    rules,
    source_hash,
    stamp,
    stamped,
)
from supplysim.emulator import predict
from supplysim.errors import InputError
from supplysim.experiment import design
from supplysim.lessons.library import folder
from supplysim.lessons.results import provenance, warning

LEVERS = registered()["levers"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a function that edits a file in a copy of some of the package and returns the hash of the source."""
    package = tmp_path_factory.mktemp("copy") / "supplysim"
    for name in ("agents", "cli", "evidence", "experiment", "outputs", "policies"):
        shutil.copytree(PACKAGE / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))

    def edited(file, old, new):
        path = package / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        found = source_hash(LEVERS, package)
        path.write_text(text, "utf-8")
        return found

    edited.package = package
    return edited


def test_the_source_as_it_is_was_run_and_is_of_the_registered_edition():
    assert registered()["source"] == source_hash(LEVERS), "the rules changed: make same-results, or make digests"
    assert registered()["digests"] == editions.digests_hash(digests.FILE), "make digests, or tests/digests.py --columns"
    assert set(LEVERS) <= set(digests.OWN)
    assert edition() == registered()["edition"]


def test_what_cannot_change_a_run_leaves_the_source_as_it_is(copy):
    usual = source_hash(LEVERS, copy.package)
    assert copy("agents/intermediary.py", '"""', '"""Otherwise said: ') == usual
    assert copy("agents/intermediary.py", "@rule", "# a remark\n@rule") == usual
    assert copy("outputs/account.py", "from __future__ import annotations", "") != usual
    assert copy("outputs/account.py", " -> Account:", ":") == usual
    assert copy("cli/show.py", "def ", "def also_") == usual
    assert copy("experiment/design.py", "def ", "def also_") == usual


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("agents/intermediary.py", "return ", "return 2 * "),
        ("agents/intermediary.py", "\ndef ", "\ndef also_"),
        ("evidence/parameters.csv", "0.", "1."),
        ("policies/border.py", "ramp_weeks = ", "ramp_weeks = 1"),
        ("outputs/account.py", "return ", "return 1 and "),
    ],
)
def test_what_can_change_a_run_changes_the_hash_of_the_source(copy, file, old, new):
    assert copy(file, old, new) != source_hash(LEVERS, copy.package)


def test_a_lever_of_ones_own_leaves_the_edition_as_it_is(copy):
    before = source_hash(LEVERS, copy.package), files_hash(LEVERS, copy.package)
    lever = copy.package / "policies" / "port_scanners.py"
    lever.write_text("from supplysim.policies.base import Policy\n\n\nclass PortScanners(Policy):\n    pass\n")
    assert (source_hash(LEVERS, copy.package), files_hash(LEVERS, copy.package)) == before
    assert source_hash([*LEVERS, "port_scanners"], copy.package) != before[0]
    lever.rename(lever.with_name("helper.py"))  # no lever: others may call it
    assert source_hash(LEVERS, copy.package) != before[0]
    lever.with_name("helper.py").unlink()


def test_an_edition_is_what_the_rules_do_not_what_columns_are_called(tmp_path):
    kept = json.loads(digests.FILE.read_text())
    usual = editions.digests_hash(digests.FILE)
    world = kept["minimal"]
    kept["platform"] = "elsewhere"
    kept["minimal"] = {f"renamed.{column}": value for column, value in world.items()}
    (tmp_path / "digests.json").write_text(json.dumps(kept))
    assert editions.digests_hash(tmp_path / "digests.json") == usual
    kept["minimal"] = world | {"world.vendors.key": ["000000000000"]}
    (tmp_path / "digests.json").write_text(json.dumps(kept))
    assert editions.digests_hash(tmp_path / "digests.json") != usual


def test_a_source_that_nobody_registered_is_an_edition_of_its_own(tmp_path, monkeypatch):
    file = tmp_path / "edition.json"
    monkeypatch.setattr(editions, "FILE", file)
    made = register("second-00000000", digests.FILE, LEVERS, file)
    monkeypatch.setattr(editions, "registered", lambda: made)
    rules.cache_clear()
    try:
        assert edition() == "second-00000000"
        monkeypatch.setattr(editions, "registered", lambda: made | {"files": "another layout"})
        rules.cache_clear()
        assert edition() == "second-00000000"
        monkeypatch.setattr(editions, "registered", lambda: made | {"files": "", "source": "another rule"})
        rules.cache_clear()
        assert edition() == f"unregistered-{made['source'][:8]}"
    finally:
        monkeypatch.undo()
        rules.cache_clear()


def test_asking_loads_no_compiled_code():
    code = "import sys, supplysim.edition as e; e.edition(); print('numba' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=1200)
    assert done.stdout.split() == ["False", "False"]


def test_a_text_says_which_edition_made_it():
    assert stamped(f"<!-- Generated by `x`; {stamp()}; do not edit. -->") == edition()
    assert stamped("Two editions were printed.") is None
    assert foreign(edition()) == ""
    assert "another edition of the rules (second-12345678; these are " in foreign("second-12345678")
    assert "it does not say which" in foreign(None)


# --- registering -------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return what registering writes, with one small world and files of its own."""
    file = tmp_path / "digests.json"
    kept = json.loads(digests.FILE.read_text())
    file.write_text(json.dumps({name: kept[name] for name in ("platform", "minimal")}))
    monkeypatch.setattr(digests, "FILE", file)
    monkeypatch.setattr(digests, "WORLDS", {"minimal": digests.WORLDS["minimal"]})
    written = []
    monkeypatch.setattr(digests, "register", lambda name, *rest: written.append(name) or registered())
    return file, written


def test_a_refactored_source_is_registered_once_all_worlds_are_equal(small):
    file, written = small
    before = file.read_text()
    assert digests.main(["--same"]) == 0
    assert written == [registered()["edition"]]
    assert file.read_text() == before


def test_a_source_whose_runs_are_others_is_not_registered(small, capsys):
    file, written = small
    kept = json.loads(file.read_text())
    kept["minimal"]["world.vendors.key"] = ["000000000000"]
    file.write_text(json.dumps(kept))
    assert digests.main(["--same"]) == 1
    assert digests.main(["--columns"]) == 1
    assert written == []
    assert "minimal: world.vendors.key" in capsys.readouterr().out


def test_columns_may_come_and_go_within_an_edition_when_it_is_said(small):
    file, written = small
    kept = json.loads(file.read_text())
    kept["minimal"]["world.vendors.old_name"] = kept["minimal"].pop("world.vendors.key")
    file.write_text(json.dumps(kept))
    assert digests.main(["--same"]) == 1
    assert digests.main(["--columns"]) == 0
    assert written == [registered()["edition"]]
    assert "world.vendors.key" in json.loads(file.read_text())["minimal"]


def test_a_new_edition_has_a_name_and_new_digests(small):
    file, written = small
    assert digests.main(["--edition", "second"]) == 0
    assert written == [f"second-{editions.digests_hash(file)}"]
    with pytest.raises(SystemExit):
        digests.main(["--edition", "The Second"])


# --- nothing answers for another edition -------------------------------------------------------------------


@pytest.fixture
def changed_rules(monkeypatch):
    """Let the rules be others than those that made what is shipped."""
    monkeypatch.setattr(editions, "edition", lambda: "unregistered-12345678")
    predict._shipped.cache_clear()
    yield
    monkeypatch.undo()
    predict._shipped.cache_clear()


def test_the_emulator_answers_for_the_edition_that_trained_it(its_edition):
    assert predict.emulator() is not None
    assert predict.refusal() == ""


def test_the_emulator_does_not_answer_for_changed_rules_and_says_why(changed_rules):
    assert predict.emulator() is None
    assert "The quick estimate is not used: it was made by another edition of the rules (" in predict.refusal()


def test_the_app_shows_why_there_is_no_estimate_and_marks_its_reports(changed_rules):
    from supplysim.viz import pages
    from supplysim.viz.session import Session

    class NoPool:
        ask = withdraw = staticmethod(lambda *_: None)

    session = Session(pool=NoPool())
    try:
        assert "made by another edition of the rules" in session.outside
        assert session.known is None
        assert session.explore()["tiles"] == []
    finally:
        session.close()
    assert "made by another edition of the rules" in pages.tested()["why"]
    marked = [report["id"] for report in pages.reports() if "This page was made by another edition" in report["html"]]
    assert marked == [name for name in pages.REPORTS if name not in pages.FROZEN]


def test_no_emulator_and_one_of_other_countries_are_told_apart(tmp_path, monkeypatch, its_edition):
    monkeypatch.setattr(predict, "ORIGINS", ("SG",))
    assert "made for other countries" in predict._shipped.__wrapped__()[1]
    assert "No quick estimate is shipped" in predict._shipped.__wrapped__(tmp_path / "none.npz")[1]


def test_the_emulator_refuses_a_lever_it_was_not_trained_on(its_edition):
    with pytest.raises(InputError, match="not trained on this lever"):
        predict.emulator().predict({"border": 0.5, "port_scanners": 1.0})


def test_a_lever_of_another_package_leaves_the_estimate_for_all_other_packages(monkeypatch, its_edition):
    from supplysim.policies import registry
    from supplysim.policies.border import Border

    class PortScanners(Border):
        lever = "port_scanners"

    PortScanners.__module__ = "another_package"
    before = predict.lever_names()
    monkeypatch.setitem(registry.levers(), "port_scanners", PortScanners)
    predict._shipped.cache_clear()
    assert predict.lever_names() == before
    assert np.all(np.isfinite(predict.emulator().predict({"border": 0.5}).effect("delivered", 2026).diff))


def test_the_posterior_is_refused_for_changed_rules_in_one_line_with_the_remedy(changed_rules):
    from supplysim.setup.scenario import Scenario

    with pytest.raises(InputError) as refused:
        design.parameter_draws(Scenario.load("baseline-2024"), "posterior", 2, 1)
    assert "another edition of the rules" in str(refused.value)
    assert "supplysim calibrate --to 2024 --out" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_sample_that_does_not_say_what_made_it_is_refused(tmp_path):
    pd.DataFrame({"taste": [1.0], "weight": [1.0]}).to_parquet(tmp_path / "sample.parquet")
    with pytest.raises(InputError, match="it does not say which"):
        design.check_posterior(tmp_path / "sample.parquet")


def test_lessons_say_that_their_numbers_are_of_other_rules(changed_rules):
    assert "made by another edition of the rules" in provenance(folder())
    assert warning(folder()).startswith(" The numbers of this lesson were made by another edition")


def test_lessons_of_this_edition_carry_no_warning(monkeypatch):
    made = stamped(provenance(folder()))
    monkeypatch.setattr(editions, "edition", lambda: made)
    assert warning(folder()) == ""
