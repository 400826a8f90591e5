"""Policies that wait for the public record: one that fires at once is a fixed date, one that never does is none."""

import json
from datetime import date, timedelta

import numpy as np
import pytest

from supplysim.cli import main
from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.experiment.firings import firings
from supplysim.outputs.adaptive import fired, settled
from supplysim.outputs.observation import LINES, public_record
from supplysim.policies.text import parse
from supplysim.policies.trigger import NEVER, Trigger, watched
from supplysim.run import Point, run_pair
from supplysim.setup.scenario import Scenario

WORLD = Scenario.load("minimal")  # policies start in week 52 of 104
POINT = Point(0, 1, {})
FIRST = WORLD.week_of(WORLD.policy_start)


def trigger_file(folder, name="adaptive", policy="border=0.5", **keys):
    """Return the path of a scenario with one trigger; keys are written as TOML has them."""
    table = {"watch": '"seizures_published"', "window_weeks": 52, "policy": f'"{policy}"'} | keys
    lines = "\n".join(f"{key} = {value}" for key, value in table.items())
    path = folder / f"{name}.toml"
    path.write_text(f'name = "{name}"\nextends = "minimal"\n[[triggers]]\n{lines}\n')
    return str(path)


def runs(*arms, point=POINT):
    """Return the runs of policies as text at a point, without their names."""
    made = run_pair(WORLD, {arm: parse(arm, WORLD).policies for arm in arms}, point, FIRST)
    return [(run.yearly, run.account, run.quarters.tobytes()) for run in made]


def test_what_can_be_watched_are_the_lines_of_the_public_record():
    assert set(watched()) == {line.public for line in LINES}


def test_one_that_fires_at_once_is_the_fixed_calendar_to_the_bit(tmp_path):
    adaptive, fixed, baseline = runs(trigger_file(tmp_path, above=0), "border=0.5", "border=0@2024-06")
    assert repr(adaptive) == repr(fixed)
    assert repr(adaptive) != repr(baseline)


@pytest.mark.parametrize("mark", ["inf", "1e9"])
def test_one_that_never_fires_is_the_world_as_it_stands_to_the_bit(tmp_path, mark):
    adaptive, nothing = (
        run_pair(WORLD, {"arm": policies}, POINT, FIRST)[0]
        for policies in (parse(trigger_file(tmp_path, above=mark), WORLD).policies, ())
    )
    assert repr(adaptive) == repr(nothing)


def test_it_begins_in_the_week_after_the_public_has_seen_enough_and_is_then_a_fixed_date(tmp_path):
    path = trigger_file(tmp_path, above=100)
    trunk = Engine(WORLD, seed=POINT.seed)
    (day,) = fired(trunk, parse(path, WORLD).policies)
    whole = Engine(WORLD, seed=POINT.seed)
    whole.run()
    seen = public_record(whole.world, WORLD.weeks)["seizures_published"]
    sums = [seen[max(week - 51, 0) : week + 1].sum() for week in range(WORLD.weeks)]
    by_hand = next(week for week in range(FIRST - 1, WORLD.weeks) if sums[week] >= 100)
    assert FIRST < by_hand + 1 < WORLD.weeks
    assert day == WORLD.start + timedelta(days=7 * (by_hand + 1))
    adaptive, fixed = runs(path, f"border=0.5@{day}")
    assert repr(adaptive) == repr(fixed)


def test_the_record_up_to_that_week_is_the_same_with_the_policy_and_without(tmp_path):
    """Else a policy would begin because of what it does itself."""
    trunk = Engine(WORLD, seed=POINT.seed)
    policies = parse(trigger_file(tmp_path, above=100, policy="border+due_diligence"), WORLD).policies
    day = fired(trunk, policies)[0]
    branches = [trunk.fork(trunk.course(held)) for held in ((), settled(trunk, policies))]
    for branch in branches:
        branch.run()
    week = WORLD.week_of(day)
    without, held = (public_record(branch.world, WORLD.weeks) for branch in branches)
    for name in without:
        assert np.array_equal(without[name][:week], held[name][:week]), name
    assert branches[0].world.tally["delivered"].sum() != branches[1].world.tally["delivered"].sum()


def test_one_trigger_follows_what_another_began(tmp_path):
    """Where Malaysia is closed its mirror gap dries up, and only there."""
    block = '[[triggers]]\nwatch = "{}"\nwindow_weeks = 13\n{}\npolicy = "{}"\n'
    first = block.format("seizures_published", "above = 0", "close_country:MY")
    second = block.format("mirror_gap:MY", "below = 0", "border=0.5")
    for name, text in {"both": first + second, "alone": second}.items():
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}"\nextends = "minimal"\n{text}')
    path, point = str(tmp_path / "both.toml"), Point(0, 3, {})
    closed, border = fired(Engine(WORLD, seed=3), parse(path, WORLD).policies)
    assert closed == WORLD.policy_start < border
    assert fired(Engine(WORLD, seed=3), parse(str(tmp_path / "alone.toml"), WORLD).policies) == [None]
    dated = f"close_country:MY@{closed}+border=0.5@{border}"
    assert repr(runs(path, point=point)) == repr(runs(dated, point=point))


def test_a_policy_ends_when_the_mark_is_reached(tmp_path):
    path = trigger_file(tmp_path, above=100, ends="true", policy="due_diligence@2024-02-05")
    policies = parse(path, WORLD).policies
    (day,) = fired(Engine(WORLD, seed=POINT.seed), policies)
    assert day > date(2024, 2, 5)
    assert repr(runs(path)) == repr(runs(f"due_diligence@2024-02-05..{day}"))
    never = trigger_file(tmp_path, "never", above="inf", ends="true", policy="due_diligence@2024-02-05")
    assert repr(runs(never)) == repr(runs("due_diligence@2024-02-05"))


def test_a_window_is_summed_and_a_stock_averaged():
    record = {"seizures_published": np.array([0, 5, 0, 5, 0, 0]), "listing_count": np.array([4, 4, 10, 10, 4, 4])}
    flow = Trigger("seizures_published", 3, 10.0, None, "border")
    assert flow.crossed(record, -1) == 3
    assert flow.crossed(record, 4) == NEVER
    assert Trigger("seizures_published", 3, 0.0, None, "border").crossed(record, -1) == -1
    assert Trigger("seizures_published", 3, None, 5.0, "border").crossed(record, -1) == 2  # the first whole window
    assert Trigger("listing_count", 2, 10.0, None, "border").crossed(record, -1) == 3
    late = {"seizures_published": np.array([0, 0, 0, 9])}
    assert Trigger("seizures_published", 3, 9.0, None, "border").crossed(late, -1) == NEVER  # no week is left


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"watch": '"seized"', "above": 1}, "triggers[0].watch = seized, but the public sees no such thing; "),
        ({"watch": '"mirror_gap:US"', "above": 1}, "mirror_gap:US, but the public sees no such thing; did you mean"),
        ({"above": 1, "below": 2}, "triggers[0].above: a trigger has one mark; write above or below"),
        ({}, "triggers[0].above: a trigger has one mark"),
        ({"above": "nan"}, "triggers[0].above = nan, but it is no number"),
        ({"above": '"many"'}, "triggers[0].above = many, but it should be a valid number; write a number"),
        ({"above": 1, "window_weeks": 0}, "triggers[0].window_weeks = 0, but it must be from 1 to 1040 weeks"),
        ({"above": 1, "window_weeks": 1.5}, "triggers[0].window_weeks = 1.5, but"),
        ({"above": 1, "policy": "bordr=0.5"}, "triggers[0].policy: there is no lever 'bordr'; did you mean 'border'"),
        ({"above": 1, "policy": "border@2024-06"}, "= border@2024-06, but the trigger starts it; leave the date out"),
        ({"above": 1, "policy": "border@..2024-06", "ends": "true"}, "but the trigger ends it; leave the date out"),
        ({"above": 1, "start": "2024-06-01"}, "triggers[0].start: there is no such key"),
    ],
)
def test_what_is_wrong_in_a_trigger_is_one_line_and_status_2(tmp_path, capsys, keys, told):
    path = trigger_file(tmp_path, **keys)
    with pytest.raises(InputError) as error:
        parse(path, WORLD)
    assert told in str(error.value)
    assert main(["compare", "minimal", "-p", path, "--pairs", "1", "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_world_has_no_triggers_and_a_single_run_follows_none(tmp_path, capsys):
    path = trigger_file(tmp_path, above=100)
    assert main(["run", path]) == 2
    assert "triggers belong to policies, and here it is the world; name the file with -p" in capsys.readouterr().err
    assert main(["compare", path, "-p", "border=0.5", "--pairs", "1"]) == 2
    assert "name the file with -p" in capsys.readouterr().err
    assert main(["run", "minimal", "-p", path]) == 2
    assert "which a comparison alone follows; use compare" in capsys.readouterr().err


def test_a_file_with_triggers_is_written_as_it_was_read(tmp_path):
    source = Scenario.load(trigger_file(tmp_path, above=100))
    (tmp_path / "again.toml").write_text(source.to_toml())
    assert Scenario.load(tmp_path / "again.toml").triggers == source.triggers
    assert source.hash() != WORLD.hash()
    assert "triggers" not in WORLD.to_toml()


def test_other_marks_are_other_runs_in_the_store(tmp_path):
    from supplysim.experiment.fingerprint import policies_hash

    hashes = {
        policies_hash(parse(trigger_file(tmp_path, above=mark), WORLD).policies) for mark in ("100", "101", "inf")
    }
    assert len(hashes | {policies_hash(parse("border=0.5", WORLD).policies)}) == 4


@pytest.mark.slow
def test_compare_says_how_often_and_when_whatever_the_worker_count(tmp_path, capsys, monkeypatch):
    path = trigger_file(tmp_path, above=100)
    told = []
    for workers in ("1", "2"):
        monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / workers))
        words = ["compare", "minimal", "-p", path, "-p", "border=0.5", "--pairs", "6", "--workers", workers]
        assert main([*words, "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        document.pop("wall_time_seconds", None)
        told.append(document)
    assert told[0]["triggers"] == told[1]["triggers"]
    assert told[0]["policies"] == told[1]["policies"]
    (one,) = told[0]["triggers"]
    assert one["policy"] == "border=0.5 once seizures_published>=100 in 52 weeks"
    assert one["worlds"] == 6
    assert 0 < one["fired"] <= 6
    assert one["first"] <= one["median"] <= one["last"]


@pytest.mark.slow
def test_compare_writes_what_became_of_triggers_beside_its_tables(tmp_path, capsys):
    words = ["compare", "minimal", "-p", trigger_file(tmp_path, above=100), "--pairs", "4", "--workers", "1"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 0
    (one,) = json.loads((tmp_path / "out" / "triggers.json").read_text())
    assert f"in {one['fired']} of 4 worlds" in " ".join(capsys.readouterr().out.split())


def test_a_comparison_without_triggers_follows_none():
    from supplysim.api import compare

    assert firings(compare(WORLD, ["border=0.5"], pairs=1, workers=1, store=False)) == []
