"""`--set` fixes a parameter in every verb that runs worlds, and what was set is recorded."""

import json

import pytest

from supplysim.cli import main
from supplysim.cli.names import typed


@pytest.mark.parametrize("verb", [["validate", "--draws", "1", "--pairs", "0"], ["calibrate", "--draws", "64"]])
def test_a_setting_that_is_wrong_is_refused_before_anything_runs(verb, capsys):
    assert main([*verb, "--set", "no_such=1"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "--set no_such" in told.err
    assert main([*verb, "--set", "investigators=nan"]) == 2


def test_a_lesson_takes_no_setting(capsys):
    assert main(["validate", "--lessons", "--set", "investigators=20"]) == 2
    assert "a lesson has its own numbers" in capsys.readouterr().err


def test_compare_records_what_was_set(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    asked = [
        "compare",
        "minimal",
        "-p",
        "border",
        "--pairs",
        "1",
        "--workers",
        "1",
        "--parameters",
        "central",
        "--json",
    ]
    assert main([*asked, "--set", "investigators=20"]) == 0
    assert json.loads(capsys.readouterr().out)["set"] == {"investigators": 20.0}


def test_settings_stand_in_the_command_that_makes_the_same_again():
    assert typed([]) == ""
    assert (
        typed(["investigators=20", "supply_scale = 0.123456789"])
        == " --set investigators=20 --set supply_scale=0.123456789"
    )
