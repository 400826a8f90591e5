"""Conditions on worlds: ``--given`` counts those whose baseline fulfils it, says how many, and runs nothing."""

import json

import numpy as np
import pytest
import stand_in
from stand_in import Less, simulate

from supplysim.api import compare
from supplysim.cli import main
from supplysim.errors import InputError
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.given import ALIASES, FEWEST, Given, conditions, effective, kept
from supplysim.outputs.measures import MEASURES
from supplysim.outputs.periods import years
from supplysim.setup.scenario import Scenario

YEARS = {period.key: period for period in years(Scenario.load("minimal").start, 104)}


@pytest.fixture(scope="module")
def study():
    return compare("minimal", [Less(), Less(share=0.3)], 64, workers=1, simulate=simulate)


def delivered(study):
    return study.values("baseline", "delivered", "2023")


def test_worlds_that_fulfil_it_are_left_and_no_others_and_nothing_is_run(study):
    middle = float(np.median(delivered(study)))
    before = len(stand_in.CALLS)
    chosen = study.given(f"chips_2023={middle}..")
    assert len(stand_in.CALLS) == before
    assert chosen.pairs == 32
    assert delivered(chosen).min() >= middle
    assert chosen.left.text == f"Given chips_2023={middle}..: 32 of 64 worlds are left"
    assert chosen.notes[0] == f"{chosen.left.text}."
    assert study.left is None


def test_the_answer_is_that_of_these_worlds_alone(study):
    chosen = study.given(f"delivered_2023=..{np.median(delivered(study))}")
    here = delivered(study) <= np.median(delivered(study))
    effect = chosen.effect("less(share=0.3)")
    change = study.values("less(share=0.3)", "delivered", "2024") - study.values("baseline", "delivered", "2024")
    assert effect.mean == pytest.approx(change[here].mean())
    assert chosen.adjustment("less") is None  # these worlds are no sample of all


def test_several_conditions_hold_together_in_one_step_or_in_two(study):
    low, high = np.quantile(delivered(study), [0.3, 0.8])
    at_once = study.given([f"delivered_2023={low}..", f"delivered_2023=..{high}"])
    in_turn = study.given(f"delivered_2023={low}..").given(f"delivered_2023=..{high}")
    assert [pair[0].seed for pair in at_once.runs] == [pair[0].seed for pair in in_turn.runs]
    assert (at_once.left.of, in_turn.left.of) == (64, 64)
    assert len(in_turn.left.conditions) == 2


def test_too_few_worlds_give_no_answer(study):
    most = np.sort(delivered(study))[-FEWEST + 1]
    with pytest.raises(InputError, match=f"too few: it holds in {FEWEST - 1} of 64 worlds"):
        study.given(f"delivered_2023={most}..")
    assert study.given(f"delivered_2023={np.sort(delivered(study))[-FEWEST]}..").pairs == FEWEST


def test_an_unknown_value_fulfils_nothing():
    (condition,) = conditions("exposed_share_2024=0..1", YEARS)
    with pytest.raises(InputError, match="too few: it holds in 0 of 20"):
        kept([condition], [np.full(20, np.nan)], 20)


def test_a_comparison_that_is_asked_for_with_a_condition_keeps_all_its_runs(study):
    middle = float(np.median(delivered(study)))
    asked = compare("minimal", [Less()], 64, workers=1, simulate=simulate, given=f"chips_2023={middle}..")
    assert asked.pairs == 32
    document = asked.document()["given"]
    assert (document["worlds"], document["of"], document["effective"]) == (32, 64, 32.0)
    assert document["conditions"][0]["measure"] == "delivered"
    assert document["conditions"][0]["high"] is None
    assert study.document()["given"] is None
    json.loads(asked.to_json())


def test_the_same_worlds_count_under_every_decision_rule(study):
    ruled = compare("minimal", [Less()], 32, workers=1, simulate=simulate, rules="all")
    chosen = ruled.given(f"chips_2023=..{np.quantile(delivered(ruled), 0.6)}")
    for member in chosen.by_rule.values():
        assert [pair[0].pair for pair in member.runs] == [pair[0].pair for pair in chosen.runs]
    assert chosen.ranking()


def test_rounds_go_on_while_too_few_fulfil_it():
    found = compare("minimal", [Less()], 128, precision=0.5, workers=1, simulate=simulate, given="chips_2023=300000..")
    assert found.left.of > 32
    assert found.pairs >= FEWEST


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("seizures", "it is not written QUANTITY_YEAR=LOW..HIGH"),
        ("seizures_2023=5", "it is not written QUANTITY_YEAR=LOW..HIGH"),
        ("seizures=1..2", "it is not written QUANTITY_YEAR=LOW..HIGH"),
        ("seizurs_2023=1..2", "did you mean 'seizures'"),
        ("seizures_2031=1..2", "choose one of 2023, 2024"),
        ("seizures_23=1..2", "choose one of 2023, 2024"),
        ("seizures_2023=..", "both ends are open"),
        ("seizures_2023=3..2", "the low end is above the high one"),
        ("seizures_2023=1_0..20", "'1_0' is not a number"),
        ("seizures_2023=nan..2", "'nan' is not a number"),
        ("seizures_2023=..inf", "'inf' is not a number"),
        (3, "it is no list"),
        (Given("seizrs", 2023, 0.0, 1.0, "mine"), "did you mean 'seized'"),
        (Given("seized", 1999, 0.0, 1.0, "mine"), "choose one of 2023, 2024"),
        (Given("seized", 2023, "a", 1.0, "mine"), "its ends are no numbers"),
        ([b"x"], "it is no text"),
    ],
)
def test_a_condition_that_is_wrong_is_told_in_one_line(text, told):
    with pytest.raises(InputError) as error:
        conditions(text, YEARS)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_every_measure_of_a_year_may_be_named_and_every_alias_is_one():
    for name in (*MEASURES, *ALIASES):
        (condition,) = conditions(f"{name}_2024=0..1", YEARS)
        assert condition.measure == ALIASES.get(name, name)
        assert condition.measure in MEASURES


def test_worlds_that_share_a_draw_of_a_posterior_are_worth_less(monkeypatch):
    monkeypatch.setattr("supplysim.experiment.design.posterior_sample", lambda _: {"a": None, "weight": None})
    draws = [{"a": 1.0, "b": 0.1}, {"a": 1.0, "b": 0.2}, {"a": 2.0, "b": 0.3}]
    assert effective(draws, "posterior", Scenario.load("minimal")) == pytest.approx(9 / 5)
    assert effective(draws, "prior", Scenario.load("minimal")) == 3.0


def test_the_command_line_refuses_with_status_2_and_answers_with_the_worlds_left(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    words = ("compare", "minimal", "-p", "border", "--pairs", 16, "--workers", 1, "--json")
    status, out, _ = ask(*words, "--given", "chips_2024=0..")
    assert status == 0
    assert json.loads(out)["given"]["worlds"] == 16
    status, out, err = ask(*words, "--given", "chips_2024=..0", "--out", tmp_path / "out")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "too few" in err
    assert not list((tmp_path / "out").iterdir())
    assert main([*map(str, words), "--given", "chips_2024"]) == 2


def stop_after(pairs):
    def progress(done, total, runs):
        if done == pairs:
            raise KeyboardInterrupt

    return progress


def test_a_stop_tells_what_the_worlds_left_so_far_say_or_nothing(study):
    middle = float(np.median(delivered(study)))
    for given, told in ((f"chips_2023={middle}..", True), (f"chips_2023={10 * middle}..", False)):
        with pytest.raises(Interrupted) as stop:
            compare("minimal", [Less()], 64, workers=1, simulate=simulate, given=given, progress=stop_after(48))
        found = stop.value.comparison
        assert (found is not None) == told
        if found is not None:
            assert FEWEST <= found.pairs < found.left.of <= 48


def test_packages_are_divided_over_the_worlds_left(ask, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    words = ("compare", "minimal", "-p", "border+penalties", "--pairs", 16, "--workers", 1, "--attribute", "--json")
    status, out, _ = ask(*words, "--given", "chips_2024=0..", "--out", tmp_path / "out")
    assert status == 0
    assert json.loads(out)["attribution"]
    provenance = json.loads((tmp_path / "out" / "provenance.json").read_text("utf-8"))
    assert provenance["given"]["worlds"] == 16
    assert "Given chips_2024=0..: 16 of 16 worlds are left" in (tmp_path / "out" / "report.html").read_text("utf-8")
