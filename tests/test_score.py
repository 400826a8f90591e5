"""``supplysim score``: the worlds behind a prediction, what may be called one, and how it is told."""

import json

import numpy as np
import pandas as pd
import pytest
from test_outcomes import GOOD, write

from supplysim.errors import InputError
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.store import Store
from supplysim.model import SupplyChain
from supplysim.run import pair_seed
from supplysim.setup.scenario import Scenario
from supplysim.validation.sampling import Ensemble, Sample
from supplysim.validation.score import FAIL, NOT_TESTED, PASS
from supplysim.validation.scoring import Outcome, board, outcomes, score, worlds
from supplysim.validation.scoring.card import MODEL, NEEDED, Card, scored_rows
from supplysim.validation.scoring.page import page
from supplysim.validation.scoring.rivals import RIVALS
from supplysim.validation.scoring.worlds import until, values

HALF = {"first_day": "2024-01-01", "last_day": "2024-06-30"}


@pytest.fixture
def file(tmp_path):
    """Return a file of three outcomes of the small world, one of them an estimate."""
    rows = (
        GOOD | HALF | {"quantity": "chips", "value": "1500", "low": "900", "high": "2500"},
        GOOD | {"quantity": "prosecutions_published", "unit": "cases", "value": "1"},
        GOOD | {"quantity": "price", "unit": "x list", "value": "1.4"},
    )
    return write(tmp_path / "mine.csv", *rows)


@pytest.fixture
def asked(file, tmp_path, monkeypatch, ask):
    """Return a function that scores the file on the small world by the command line."""
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / "cache"))

    def run(*words, draws=16):
        return ask("score", file, "--scenario", "minimal", "--draws", draws, "--workers", 1, *words)

    return run


def test_a_value_is_the_sum_of_its_weeks_in_the_worlds_of_a_comparison():
    scenario = Scenario.load("minimal")
    drawn = parameter_draws(scenario, "prior", 3, 7)
    found = values(scenario, [("delivered", 60, 73), ("seizures_published", 52, 104)], drawn, 7, workers=1)
    model = SupplyChain("minimal", rng=pair_seed(7, 2), parameters=drawn[2])
    model.run()
    assert found["delivered", 60, 73][2] == model.weekly()["delivered"][60:73].sum()
    assert found["seizures_published", 52, 104][2] == model.public_record()["seizures_published"][52:].sum()


def test_worlds_end_with_the_last_outcome_and_their_weeks_stay_equal_to_the_bit():
    scenario = Scenario.load("minimal")
    drawn = parameter_draws(scenario, "prior", 2, 7)
    short = until(scenario, 70)
    assert short.weeks == 70
    assert until(scenario, 20).weeks == 53  # a week after the policies' first day, which it must hold
    place = ("delivered", 40, 66)
    np.testing.assert_array_equal(
        values(scenario, [place], drawn, 7, workers=1)[place], values(short, [place], drawn, 7, workers=1)[place]
    )


def test_finished_worlds_are_kept_and_found_again(tmp_path, monkeypatch):
    scenario, place = Scenario.load("minimal"), ("delivered", 52, 104)
    drawn, store = parameter_draws(scenario, "prior", 3, 7), Store(tmp_path)
    first = values(scenario, [place], drawn, 7, workers=1, store=store)
    monkeypatch.setattr(worlds, "run_arms", None)
    np.testing.assert_array_equal(values(scenario, [place], drawn, 7, workers=1, store=store)[place], first[place])


def test_a_condition_and_another_outcome_of_a_year_run_nothing_again(asked, file, monkeypatch):
    assert asked()[0] == 0
    monkeypatch.setattr(worlds, "run_arms", None)
    assert asked("--given", "seizures_2024=0..")[0] == 0
    text = file.read_text("utf-8") + "listings,,,,2023-01-01,2023-12-31,cases,2,,,somebody\n"
    file.write_text(text, "utf-8")
    status, out, _ = asked("--json")
    assert status == 0
    assert json.loads(out)["outcomes"][-1]["scores"][MODEL]["draws"] == 16


def row_of(tmp_path, draws):
    outcome = outcomes(write(tmp_path / "one.csv", GOOD))
    return Card(Scenario.load("minimal"), "prior", 7, len(draws), None, scored_rows(outcome, [np.array(draws, float)]))


def test_only_a_thousand_draws_make_a_scored_prediction(tmp_path):
    enough = row_of(tmp_path, np.arange(NEEDED))
    assert enough.is_prediction
    assert enough.standing.startswith("Scored predictions of 1,000 worlds each")
    few = row_of(tmp_path, np.arange(NEEDED - 1))
    assert not few.is_prediction
    assert few.standing.startswith("A trial, no scored prediction: 999 draws")
    unknown = row_of(tmp_path, [*np.arange(NEEDED - 1), np.nan])
    assert not unknown.is_prediction
    assert unknown.rows[0].scored[MODEL].draws == NEEDED - 1


def test_a_quantity_that_no_world_knows_is_told_and_not_scored(tmp_path):
    nothing = row_of(tmp_path, [np.nan, np.nan])
    assert nothing.rows[0].scored[MODEL] is None
    assert not nothing.is_prediction
    assert "no world has a value" in page(nothing, "made so")
    json.loads(nothing.to_json())


def test_totals_are_sums_and_means_and_compare_the_same_outcomes(tmp_path):
    rows = (
        GOOD | {"quantity": "chips", "value": "90000"},
        GOOD | {"quantity": "chips", "value": "200000", "source": "b"},
    )
    later = GOOD | {"quantity": "chips", "value": "300000", "first_day": "2025-01-01", "last_day": "2025-12-31"}
    given = outcomes(write(tmp_path / "one.csv", *rows, later))
    drawn = [np.geomspace(1e4, 1e6, 100)] * 3
    card = Card(Scenario.load("baseline-2024"), "prior", 7, 100, None, scored_rows(given, drawn))
    ours, vendors, supply = card.totals
    scores = [row.scored[MODEL] for row in card.rows]
    assert (ours.rows, ours.inside) == (3, 3)
    assert ours.crps_sum == pytest.approx(sum(each.crps for each in scores))
    assert ours.log_score_mean == pytest.approx(np.mean([each.log_score for each in scores]))
    assert vendors.rows == 3
    assert supply.rows == 1  # nothing was published before 2024
    assert supply.model_crps_mean == scores[2].crps


def test_the_command_tells_the_table_and_that_it_is_a_trial(asked):
    status, out, _ = asked()
    assert status == 0
    assert "A trial, no scored prediction: 16 draws" in " ".join(out.split())
    assert "this model" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_command_gives_json_and_files_with_the_same_numbers(asked, tmp_path):
    status, out, _ = asked("--json", "--out", tmp_path / "out")
    told = json.loads(out)
    assert status == 0
    assert (told["worlds"], told["scored_prediction"], told["needed"]) == (16, False, 1000)
    assert [row["quantity"] for row in told["outcomes"]] == ["delivered", "prosecutions_published", "mark_up"]
    assert json.loads((tmp_path / "out" / "score.json").read_text("utf-8")) == told
    table = pd.read_csv(tmp_path / "out" / "score.csv")
    assert table["crps"].tolist() == pytest.approx([row["scores"][MODEL]["crps"] for row in told["outcomes"]])
    text = (tmp_path / "out" / "score.md").read_text("utf-8")
    assert "A trial, no scored prediction" in text
    assert "supplysim score" in text


def test_given_counts_only_worlds_that_fulfil_it(asked):
    status, out, _ = asked("--json", "--given", "chips_2024=0..", draws=24)
    assert status == 0
    assert json.loads(out)["given"]["worlds"] == 24
    middle = json.loads(out)["outcomes"][0]["scores"][MODEL]["p50"]
    status, out, _ = asked("--json", "--given", f"chips_2024={middle}..", draws=24)
    left = json.loads(out)
    assert status == 0
    assert FEW <= left["given"]["worlds"] == left["worlds"] <= 24


FEW = 12


def sampled(volume, worlds):
    """Return an ensemble whose worlds smuggle so much compute in 2025, more or less as the estimate has it."""
    rng, weeks = np.random.default_rng(1), np.zeros(208)
    weeks[104:156] = volume / 52
    baselines = [Sample({"delivered_h100e": weeks * rng.lognormal(0.0, 0.58)}, np.zeros(1)) for _ in range(worlds)]
    return Ensemble(Scenario.load("baseline-2024"), [], baselines)


def test_the_scoreboard_tests_a_prediction_of_a_thousand_draws_and_no_trial():
    (trial,) = board.judge(sampled(478_000.0, NEEDED - 1), "as usual")
    assert (trial.verdict, trial.level, trial.source) == (NOT_TESTED, "should", "est:E003")
    assert trial.found.startswith("a trial, 999 draws of 1,000: this model")
    (right,) = board.judge(sampled(478_000.0, NEEDED), "as usual")
    assert right.verdict == PASS
    assert "vendors x volume 49,900" in right.found
    assert right.numbers["crps"] < min(right.numbers[rival]["crps"] for rival in RIVALS)
    (wrong,) = board.judge(sampled(100_000.0, NEEDED), "as usual")
    assert wrong.verdict == FAIL
    assert not wrong.broken  # a prediction may be wrong


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--given", "chips_2024=..0"), "too few: it holds in"),
        (("--given", "chips_2030=1..2"), "choose one of 2023, 2024"),
        (("--set", "no_such=1"), "--set no_such"),
        (("--draws", "0"), "--draws"),
        (("--draws", "1"), "draws = 1"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(asked, tmp_path, words, told):
    status, out, err = asked(*words, "--out", tmp_path / "out")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_file_that_is_wrong_is_refused_before_anything_runs(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(worlds, "run_arms", None)
    bad = write(tmp_path / "bad.csv", GOOD | {"unit": "tons"})
    status, out, err = ask("score", bad, "--scenario", "minimal")
    assert (status, out) == (2, "")
    assert err == "supplysim: bad.csv, line 2: unit = tons, but seized is counted in chips; write chips\n"
    outside = write(tmp_path / "outside.csv", GOOD | {"first_day": "2029-01-01", "last_day": "2029-12-31"})
    status, _, err = ask("score", outside, "--scenario", "minimal")
    assert status == 2
    assert "outside.csv, line 2 = 2029, but minimal runs from" in err


def test_a_stop_keeps_what_is_finished_and_says_how_to_go_on(asked, monkeypatch):
    def stopped(*_, **__):
        raise Interrupted([])

    monkeypatch.setattr("supplysim.cli.score.score", stopped)
    status, out, err = asked()
    assert (status, out) == (130, "")
    assert "The same command goes on from there." in " ".join(err.split())


def test_python_takes_outcomes_it_was_given_and_refuses_what_is_none(file):
    card = score(outcomes(file)[:1], "minimal", 4, workers=1, store=False, parameters="central")
    assert len(card.rows) == 1
    assert isinstance(card.rows[0].outcome, Outcome)
    for wrong in (
        {"draws": 1},
        {"draws": 2.5},
        {"parameters": "mine"},
        {"seed": -1},
        {"given": 3},
        {"scenario": "nowhere"},
    ):
        with pytest.raises(InputError):
            score(outcomes(file), **({"scenario": "minimal", "draws": 4, "workers": 1, "store": False} | wrong))


def test_the_shipped_outcomes_of_2025_lie_in_the_scenario_they_are_scored_on():
    scenario = Scenario.load("baseline-2024")
    for outcome in outcomes("2025"):
        first, end = outcome.weeks(scenario)
        assert 104 <= first < end <= 156
