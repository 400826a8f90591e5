"""The scoreboard: facts read off worlds whose answer is known, thresholds kept, and how it is told."""

import importlib
import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from supplysim.engine import Engine
from supplysim.evidence import table
from supplysim.experiment.statistics import Interval
from supplysim.experiment.store import Store
from supplysim.setup.scenario import Scenario
from supplysim.validation import facts, keeping, laws, scoreboard, targets
from supplysim.validation.arms import (
    BASELINE,
    CLOSED,
    DOUBLED,
    HALF_DILIGENCE,
    NEUTRAL,
    PULSES,
    REMOVAL,
    STRICTNESS,
    arms,
)
from supplysim.validation.facts import FOUND_BY
from supplysim.validation.facts.timing import half_life
from supplysim.validation.sampling import WEEKLY, Ensemble, Sample, run_ensemble, sample_pair, tallied
from supplysim.validation.score import log_change, ratio_interval, said, verdict
from supplysim.validation.shells import remove_largest, run_noting_shells, size_shares
from supplysim.validation.targets import vendors_times_volume
from supplysim.world.conservation import assert_conserved

command = importlib.import_module("supplysim.cli.validate")  # the package has a verb of that name
WEEKS, FIRST = 208, 104
PAIRS = 10
CODES = [row["code"] for row in table("countries")]


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("baseline-2024")


def sample(seed, through=None, details=None, **columns):
    """Return a sample of steady weeks with a little noise of its own; columns replace the usual numbers."""
    rng = np.random.default_rng(seed)
    usual = dict.fromkeys(WEEKLY, 0.0) | {
        "delivered": 1_000.0,
        "ordered": 1_100.0,
        "seized": 20.0,
        "prosecutions": 0.02,
        "listings": 0.05,
        "mark_up": 1.5,
        "active_intermediaries": 100.0,
        "honest_orders": 100.0,
        "honest_flagged": 2.0,
        "honest_ordered": 1_000.0,
        "honest_filled": 800.0,
    }
    noise = 1.0 + 0.01 * rng.standard_normal()
    weekly = {name: np.broadcast_to(noise * np.asarray(value), WEEKS) for name, value in (usual | columns).items()}
    through = np.full(len(CODES), 30_000.0) if through is None else through
    return Sample(weekly, through * noise, details or {})


def world(pair, arm_names, **changed):
    """Return a world: baseline, and every arm with its own noise; `changed` names arms -> columns or samples."""
    lags = {
        "order_median": 30.0,
        "top_share": 0.2,
        "case_weeks": np.full(5, 40),
        "return_weeks": np.full(5, 10),
        "trade_weeks": np.full(5, 110),
        "removed_in": np.full(5, 150),
        "delivered_within": np.full(5, 0.4),
        "later_purchases": np.array([[3, 0, 1_000], [4, 0, 600], [4, 1, 50]]),
    }
    samples = {name: sample(1000 * pair + 7 * n) for n, name in enumerate(arm_names)}
    samples[BASELINE] = sample(pair, details=lags)
    samples[NEUTRAL] = samples[BASELINE]
    samples[REMOVAL] = sample(pair, details={"removed": np.array([[3, 0], [4, 0]])})
    return samples | {name: make(pair) for name, make in changed.items()}


@pytest.fixture
def ensemble(scenario):
    names = list(arms(scenario))

    def build(**changed):
        return Ensemble(scenario, [world(pair, names, **changed) for pair in range(PAIRS)])

    return build


def judged(identity, ensemble):
    fact = next(fact for fact in facts.facts() if fact.id == identity)
    return FOUND_BY[identity](ensemble, fact.low, fact.high)


def after(before, then):
    """Return a weekly column that changes when the policies start."""
    return np.where(np.arange(WEEKS) < FIRST, before, then)


def test_every_fact_of_the_file_has_a_function_and_the_other_way_round():
    assert [fact.id for fact in facts.facts()] == list(FOUND_BY)
    assert {fact.level for fact in facts.facts()} == {"must", "should"}
    assert all(fact.rule and fact.source for fact in facts.facts())


@pytest.mark.parametrize("displaced", [0.0, 0.5, 1.0])
def test_displaced_share_is_read_off(ensemble, displaced):
    def closed(country):
        through = np.full(len(CODES), 30_000.0)
        through[CODES.index(country)] = 0.0
        fall = (1.0 - displaced) * 30_000.0 / (WEEKS - FIRST)
        return lambda pair: sample(pair, through=through, delivered=after(1_000.0, 1_000.0 - fall))

    finding = judged("F5", ensemble(**{f"close_country:{country}": closed(country) for country in CLOSED}))
    assert finding.passed == (displaced == 0.5)
    assert finding.numbers["SG"].mean == pytest.approx(displaced, abs=1e-9)


@pytest.mark.parametrize(("together", "passed"), [(0.4, True), (0.2, False)])
def test_interaction_in_actions_is_both_less_each_alone(ensemble, together, passed):
    changed = {
        "whistleblower": lambda pair: sample(pair, prosecutions=0.1),
        "enforcement_budget": lambda pair: sample(pair, prosecutions=0.2),
        "whistleblower+enforcement_budget": lambda pair: sample(pair, prosecutions=together),
    }
    finding = judged("F6a", ensemble(**changed))
    assert finding.passed == passed
    assert finding.numbers["interaction"].mean == pytest.approx((together - 0.28) * 104, rel=0.02)


def test_elasticity_is_the_logarithm_to_base_two(ensemble):
    changed = {
        DOUBLED["border"]: lambda pair: sample(pair, delivered=500.0, seized=500.0),
        DOUBLED["penalties"]: lambda pair: sample(pair, delivered=1_000.0),
        DOUBLED["investigators"]: lambda pair: sample(pair, prosecutions=0.1, listings=0.2),
    }
    finding = judged("F7a", ensemble(**changed))
    assert finding.passed
    hazard = 0.5 / (20.0 / 1_020.0)  # half of what is sent is stopped, for a fiftieth
    assert finding.numbers["hazard"] == pytest.approx(hazard)
    assert finding.numbers["border"].mean == pytest.approx(np.log(0.5) / np.log(hazard), abs=1e-3)
    assert not judged("F7b", ensemble(**changed)).passed
    idle = changed | {DOUBLED["investigators"]: lambda pair: sample(pair, prosecutions=0.0)}
    assert judged("F7b", ensemble(**idle)).passed is None  # twice the staff removed nobody more


def test_vintage_slope_is_the_fall_per_featured_share(ensemble):
    share = np.repeat(np.linspace(0.0, 0.7, 8), 13)

    def located(pair):
        delivered = np.full(WEEKS, 1_000.0)
        delivered[FIRST:] *= np.exp(-2.0 * share)
        featured = np.zeros(WEEKS)
        featured[FIRST:] = share * delivered[FIRST:]
        return sample(pair, delivered=delivered, delivered_reporting=featured)

    finding = judged("F8", ensemble(location_verification=located))
    assert finding.passed
    assert finding.numbers["slope"].mean == pytest.approx(-2.0, rel=0.01)


def test_without_featured_deliveries_vintage_is_not_tested(ensemble):
    assert judged("F8", ensemble()).passed is None


def test_a_step_that_flags_no_more_honest_orders_fails(ensemble):
    steps = {HALF_DILIGENCE: 4.0, STRICTNESS[0.3]: 8.0, STRICTNESS[0.0]: 5.0, STRICTNESS[0.6]: 12.0}

    def flagged(number):
        return lambda pair: sample(pair, honest_flagged=number * (1.0 + 0.001 * pair))

    rising = {name: flagged(number) for name, number in (steps | {STRICTNESS[0.9]: 18.0}).items()}
    assert judged("F9", ensemble(**rising)).passed
    assert not judged("F9", ensemble(**rising | {STRICTNESS[0.9]: flagged(12.0)})).passed


def test_a_lever_that_invites_is_found(ensemble):
    assert judged("F10a", ensemble()).passed
    inviting = ensemble(border=lambda pair: sample(pair, delivered=1_200.0))
    assert not judged("F10a", inviting).passed
    assert "border" in judged("F10b", inviting).found


def test_removal_is_told_as_part_of_what_the_brokers_would_have_delivered(ensemble):
    gone = {"removed": np.array([[3, 0], [4, 0]])}
    less = {REMOVAL: lambda pair: sample(pair, delivered=after(1_000.0, 960.0), details=gone)}
    finding = judged("F11b", ensemble(**less))
    assert finding.passed
    assert finding.numbers["part_of_own"].mean == pytest.approx(26 * 40 / 1_600, rel=0.5)
    assert not judged("F11b", ensemble()).passed
    nobody = {REMOVAL: lambda pair: sample(pair, details={"removed": np.empty((0, 2), dtype=int)})}
    assert judged("F11b", ensemble(**nobody)).passed is None


def test_what_arrives_of_a_removed_firm_is_a_median(ensemble):
    assert judged("F17", ensemble()).numbers == {"median": 0.4}
    assert judged("F17", ensemble()).passed


def test_returns_and_times_to_action_are_medians(ensemble):
    assert judged("F11a", ensemble()).numbers == {"return_weeks": 10.0, "case_weeks": 40.0}
    assert judged("F15", ensemble()).numbers["months"] == pytest.approx(110 * 12 / 52)


def test_more_seized_with_no_less_delivered_is_shown(ensemble):
    changed = {"tighter_controls": lambda pair: sample(pair, seized=after(20.0, 40.0), delivered=1_001.0 + pair)}
    assert judged("F12", ensemble(**changed)).passed


@pytest.mark.parametrize(("late", "passed"), [(1_000.0, True), (820.0, False)])
def test_a_pulse_fades_or_does_not(ensemble, late, passed):
    weekly = np.full(WEEKS, 1_000.0)
    weekly[FIRST : FIRST + 40] = 800.0
    weekly[FIRST + 40 :] = late
    finding = judged("F13a", ensemble(**{PULSES["border"]: lambda pair: sample(pair, delivered=weekly)}))
    assert finding.passed == passed


def test_a_pulse_without_an_effect_is_not_tested(ensemble):
    assert judged("F13b", ensemble()).passed is None


def test_half_life_is_counted_from_the_end_of_the_pulse():
    fall = np.zeros(104)
    fall[:36] = 100.0
    assert half_life(fall) == pytest.approx(10.0, abs=1.0)
    assert half_life(np.full(200, 100.0)) > 60.0 or half_life(np.full(200, 100.0)) == np.inf


def test_a_difference_under_a_neutral_policy_is_found(ensemble):
    assert judged("F16", ensemble()).passed
    assert not judged("F16", ensemble(**{NEUTRAL: lambda pair: sample(pair + 1)})).passed


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"delivered": 140_000.0 / 52}, "T1"),
        ({"mark_up": 2.5}, "T5"),
        ({"prosecutions": 0.0}, "T8"),
        ({"prosecutions": 40.0 / 52}, "T8"),
        ({"order_median": 400.0}, "T6"),
        ({"order_median": np.nan}, "T6"),
        ({"top_share": 0.02}, "T7"),
    ],
)
def test_targets_fail_a_world_unlike_the_published_one(scenario, change, check):
    def year(delivered, change):
        details = {"order_median": 30.0, "top_share": 0.2} | change
        columns = {"delivered": delivered / 52, "mark_up": 1.4, "prosecutions": 3.0 / 52} | change
        weekly = {name: np.full(WEEKS, columns[name]) for name in ("delivered", "mark_up", "prosecutions")}
        return Sample(weekly, np.zeros(1), details)

    volumes = np.geomspace(4_000.0, 800_000.0, 21)
    like, unlike = (
        {score.id: score for score in targets.judge(Ensemble(scenario, [], [year(v, c) for v in volumes]), "")}
        for c in ({}, change)
    )
    assert not any(score.broken for score in like.values())
    assert unlike[check].broken


WORLDS = {
    "prosecutions_us": (0.0, 0.0, 3.0),
    "prosecutions_host": (0.0, 0.0, 2.0),
    **{f"delivered_via:{row['code']}": (0.0,) * 3 for row in table("countries")},
    **{f"delivered_via:{code}": (n,) * 3 for code, n in {"MY": 470, "HK": 220, "TH": 110, "SG": 60, "VN": 50}.items()},
    "delivered_via:ID": (40.0, 40.0, 40.0),
    **{f"paid:{kind}": price for kind, price in {"A": (1.9,) * 3, "H": (1.4,) * 3, "B": (1.5,) * 3}.items()},
    **{f"listed:{kind}": (1.0, 1.0, 1.0) for kind in "AHB"},
    "delivered_h100e": (0.02e6, 0.16e6, 0.48e6),
    "licensed_h100e": (0.2e6, 0.2e6, 0.15e6),
    "rented_h100e": (0.1e6, 0.2e6, 0.4e6),
    "offshore_h100e": (0.0, 0.05e6, 0.05e6),
    "domestic_h100e": (0.1e6, 0.25e6, 0.6e6),
}
HISTORY_FACTS = [fact.id for fact in facts.facts() if fact.world == "history"]


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({}, set()),
        ({"prosecutions_us": (0.0, 2.0, 3.0)}, {"F18a"}),
        ({"prosecutions_us": (0.0, 0.0, 9.0)}, {"F18a"}),
        ({"prosecutions_host": (0.0, 0.0, 8.0)}, {"F18b"}),
        ({"delivered_via:MY": (4_000.0,) * 3}, {"F19"}),
        ({"paid:B": (2.5,) * 3}, {"F20"}),
        ({"delivered_h100e": (0.0, 0.16e6, 2e6)}, {"F21b"}),
    ],
)
def test_history_is_held_against_what_is_published(scenario, changed, broken):
    weekly = {name: np.zeros(208) for name in WORLDS}
    for name, years in (WORLDS | changed).items():
        weekly[name][[0, 52, 104]] = years
    worlds = Ensemble(scenario.with_(rules={"calendar": True}), [], [Sample(weekly, np.zeros(1))] * 8)
    scores = {score.id: score for score in facts.judge(worlds, "")}
    assert list(scores) == HISTORY_FACTS
    assert {name for name, score in scores.items() if score.verdict == "fail"} == broken


def test_order_sizes_by_hand():
    sizes = size_shares(np.array([20] * 150 + [500]))
    assert sizes["order_median"] == 20.0
    assert sizes["top_share"] == pytest.approx(500 / 3_500)
    assert np.isnan([*size_shares(np.array([], int)).values()]).all()


def test_a_ratio_has_the_interval_of_its_parts():
    whole = np.array([100.0, 200.0, 300.0])
    assert ratio_interval(0.5 * whole, whole) == pytest.approx((0.5, 0.5, 0.5))
    wide = ratio_interval(np.array([40.0, 110.0, 150.0]), whole)
    assert wide.low < wide.mean < wide.high
    assert log_change(np.array([0.0]), np.array([0.0])) == 0.0


def test_numbers_are_said_with_their_interval():
    assert said(Interval(-0.5, -1.0, 0.0), ".1f") == "−0.5 (−1.0 to 0.0)"
    assert [verdict(passed) for passed in (True, False, None)] == ["pass", "fail", "not tested"]


def test_the_rival_reaches_over_the_published_range():
    low, middle, high = np.quantile(vendors_times_volume(), [0.05, 0.5, 0.95])
    assert low < 140_000 < high
    assert 50_000 < middle < 400_000


def test_noting_shells_changes_nothing_and_knows_every_removed_one():
    noted, plain = (Engine("baseline-2024", seed=3) for _ in range(2))
    shells = run_noting_shells(noted)
    plain.run()
    assert noted.weekly().equals(plain.weekly())
    cases = plain.cases()
    removed = cases[cases["outcome"].isin(["prosecution", "listing"])]
    assert len(removed) > 0
    assert all((case.target, case.shell) in shells for case in removed.itertuples())
    assert all(shells[case.target, case.shell][1] == case.started for case in removed.itertuples())


def test_removed_traders_leave_balanced_books():
    engine = Engine("baseline-2024", seed=3, check=True)
    engine.run(FIRST)
    before = int(engine.world.intermediaries["active"].sum())
    assert 0.0 < remove_largest(engine)["share"] < 1.0
    assert int(engine.world.intermediaries["active"].sum()) == before - 3
    assert_conserved(engine.world, FIRST - 1)
    engine.run(FIRST + 30)


def test_nobody_is_removed_where_nobody_delivered():
    engine = Engine("baseline-2024", seed=3)
    gone = remove_largest(engine)
    assert (len(gone["removed"]), gone["share"]) == (0, 0.0)


def test_an_ensemble_is_the_same_whoever_runs_it_and_shares_its_worlds():
    small = Scenario.load("minimal")
    named = {name: policies for name, policies in arms(small).items() if name in (BASELINE, NEUTRAL, REMOVAL, "border")}
    draws = [{}, {}, {}]
    alone = run_ensemble(small, named, draws, 2, seed=5, workers=1)
    again = run_ensemble(small, named, draws, 2, seed=5, executor=_Backwards())
    assert (len(alone.pairs), len(alone.extra), len(alone.baselines)) == (2, 1, 3)
    for one, other in zip(alone.pairs, again.pairs, strict=True):
        for arm in named:
            assert np.array_equal(one[arm].weekly["delivered"], other[arm].weekly["delivered"])
            assert np.array_equal(one[arm].through, other[arm].through)
    assert judged("F16", alone).passed


class _Backwards:
    """An executor that computes at once, as a thread pool of one would."""

    def submit(self, function, task):
        from concurrent.futures import Future

        future = Future()
        future.set_result(function(task))
        return future


def test_books_are_checked_under_every_rule():
    names = [name for name, _, _ in laws.worlds()]
    assert len(names) == 8
    assert any("habit, naive" in name for name in names)
    small = next((scenario, policies) for name, scenario, policies in laws.worlds() if name.startswith("minimal"))
    assert laws.conserved(*small).passed


def told(monkeypatch, tmp_path, ensemble, **changes):
    monkeypatch.setattr(command, "without_runs", list)
    monkeypatch.setattr(command, "ensembles", lambda *_: iter([ensemble]))
    asked = {"draws": 4, "pairs": PAIRS, "quick": False, "rules": "scenario", "settings": [], "seed": 7, "workers": 1}
    return command.validate_command(**asked | {"out": tmp_path, "as_json": True} | changes)


def test_validate_writes_the_scoreboard_and_its_status_says_whether_all_that_must_holds(
    monkeypatch, tmp_path, capsys, ensemble
):
    assert told(monkeypatch, tmp_path, ensemble()) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["failed"] > 0
    assert {score["section"] for score in answer["scores"]} == {"fact", "target of 2024"}
    page = (tmp_path / "scoreboard.md").read_text()
    assert f"--pairs {PAIRS} --rules scenario --seed 7`, {date.today():%Y-%m-%d}" in page
    assert "**fail** (must)" in page
    assert json.loads((tmp_path / "scoreboard.json").read_text()) == answer
    assert (tmp_path / "scoreboard.csv").read_text().startswith("section,id,statement")


def test_validate_is_content_when_only_what_may_fail_fails(monkeypatch, tmp_path, capsys, ensemble):
    whole = command.scoreboard

    def softened(*arguments):
        board = whole(*arguments)
        return replace(board, scores=tuple(replace(score, level="should") for score in board.scores))

    monkeypatch.setattr(command, "scoreboard", softened)
    assert told(monkeypatch, tmp_path, ensemble(), as_json=False) == 0
    assert "All that must hold does." in capsys.readouterr().out


def test_quick_runs_no_pairs(monkeypatch, tmp_path, capsys, scenario):
    asked = SimpleNamespace()

    def few(_, rules, draws, pairs, *__):
        asked.rules, asked.draws, asked.pairs = rules, draws, pairs
        yield Ensemble(scenario, [], [world(seed, [])[BASELINE] for seed in range(4)])

    monkeypatch.setattr(command, "without_runs", list)
    monkeypatch.setattr(command, "ensembles", few)
    command.validate_command(500, 40, True, "all", [], 7, None, 1, False)
    assert (len(asked.rules), asked.draws, asked.pairs) == (len(scoreboard.RULES), command.QUICK_DRAWS, 0)
    assert "not tested" in capsys.readouterr().out


def test_facts_are_not_judged_on_few_pairs(scenario, ensemble):
    few = replace(ensemble(), pairs=ensemble().pairs[:3])
    assert {score.verdict for score in facts.judge(few, "")} == {"not tested"}


def test_numbers_that_are_not_finite_become_null():
    assert scoreboard.plain({"a": (np.inf, 1.0), "b": np.nan}) == {"a": [None, 1.0], "b": None}


def test_tallied_columns_are_those_of_the_weekly_table():
    engine = Engine("minimal", seed=3)
    engine.run()
    weekly = engine.weekly()
    for name in WEEKLY:
        assert np.array_equal(tallied(engine, name), weekly[name].to_numpy(dtype=float)), name


def test_a_validation_that_was_stopped_goes_on_with_the_same_numbers(tmp_path, monkeypatch):
    store = Store(tmp_path)
    small = Scenario.load("minimal")
    asked = (small, [{}], 2, 1, 5, None, 1)
    (first,) = scoreboard.ensembles(*asked, store=store)
    files = sorted(tmp_path.rglob("*.json"))
    assert len(files) == 2
    files[0].write_text("{}")  # a damaged one is made again
    done = []
    monkeypatch.setattr(keeping, "sample_pair", lambda *task: done.append(task) or sample_pair(*task))
    (again,) = scoreboard.ensembles(*asked, store=store)
    assert len(done) == 1
    (alone,) = scoreboard.ensembles(*asked)
    for other in (again, alone):
        assert [*other.pairs[0]] == [*first.pairs[0]]
        for arm, sample in first.pairs[0].items():
            for name, column in sample.weekly.items():
                np.testing.assert_array_equal(other.pairs[0][arm].weekly[name], column)
            np.testing.assert_array_equal(other.pairs[0][arm].through, sample.through)
            assert repr(other.pairs[0][arm].details) == repr(sample.details)
