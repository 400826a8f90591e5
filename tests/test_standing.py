"""How policies stand to each other: ties are called ties, flips between objectives and values that decide are found."""

import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from stand_in import Less, simulate

from supplysim.api import compare
from supplysim.cli.compare import tell
from supplysim.experiment import assumptions as hangs
from supplysim.experiment.adjustment import normal_scores
from supplysim.experiment.objectives import BESIDE, OBJECTIVES, PAYERS, aims_of
from supplysim.experiment.ties import BETTER, TIE, UNKNOWN, WORSE, matches, reversed_order
from supplysim.experiment.volume import by_volume
from supplysim.outputs.measures import MEASURES
from supplysim.policies import Package, six
from supplysim.report import effects, standing
from supplysim.setup.scenario import Scenario

WORLDS = 64


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_objectives_and_payers_name_measures_that_there_are():
    assert set(OBJECTIVES) == {"chips", "compute", "frontier"}
    named = [aim.measure for aim in (*OBJECTIVES.values(), *BESIDE.values())]
    assert {*named, *(name for names in PAYERS.values() for name in names)} <= set(MEASURES)
    assert list(aims_of(["delivered"])) == ["chips"]  # what runs do not report is left out


# Ties


def test_a_difference_below_half_a_per_cent_of_the_baseline_is_none():
    baseline = np.full(20, 1000.0)
    found = matches({"a": baseline - 100.0, "b": baseline - 104.0, "c": baseline - 106.0}, baseline)
    assert found.names == ("c", "b", "a")
    assert found.verdict("b", "a") == found.verdict("c", "b") == TIE
    assert (found.verdict("c", "a"), found.verdict("a", "c")) == (BETTER, WORSE)
    assert found.groups() == [["c", "b"], ["a"]]


@pytest.mark.parametrize(("better", "verdict"), [(14, TIE), (15, BETTER), (6, TIE), (5, WORSE)])
def test_three_worlds_of_four_make_a_policy_better(better, verdict):
    baseline = np.full(20, 100.0)
    a = np.where(np.arange(20) < better, 50.0, 70.0)
    assert matches({"a": a, "b": np.full(20, 60.0)}, baseline).verdict("a", "b") == verdict


def test_worlds_with_nothing_to_prevent_and_unknown_ones_do_not_count():
    baseline = np.array([100.0] * 8 + [0.0, np.nan])
    found = matches({"a": np.where(baseline > 0.0, 50.0, 9.0), "b": baseline}, baseline)
    assert (found.worlds, found.better[0, 1]) == (8, 1.0)


def test_decision_rules_are_pooled_but_make_no_more_worlds():
    baseline = np.full((3, 8), 100.0)
    policy = baseline - np.array([[10.0], [10.0], [0.0]])
    found = matches({"a": policy, "b": baseline}, baseline)
    assert found.worlds == 8
    assert found.better[0, 1] == pytest.approx(2.0 / 3.0)


def test_of_few_worlds_nothing_is_said():
    found = matches({"a": np.full(7, 1.0), "b": np.full(7, 9.0)}, np.full(7, 10.0))
    assert found.verdict("a", "b") == UNKNOWN
    assert found.groups() == [["a", "b"]]


def test_policies_that_beat_each_other_in_a_circle_are_one_group():
    # As dice do: each beats the next in three worlds of four, the last the first.
    ranks = {"a": [1, 4, 3, 2], "b": [2, 1, 4, 3], "c": [3, 2, 1, 4], "d": [4, 3, 2, 1]}
    levels = {name: np.tile(np.array(row, float), 3) for name, row in ranks.items()}
    found = matches(levels, np.full(12, 10.0))
    assert found.verdict("a", "b") == found.verdict("b", "c") == found.verdict("c", "d") == BETTER
    assert found.verdict("d", "a") == BETTER
    assert found.groups() == [list(found.names)]


def test_an_order_that_flips_between_objectives_is_found():
    baseline = np.full(12, 100.0)
    chips = matches({"a": baseline - 30.0, "b": baseline - 10.0}, baseline)
    compute = matches({"a": baseline + 5.0, "b": baseline - 1.0}, baseline)
    assert reversed_order({"chips": chips, "compute": compute}) == [("a", "b", "chips", "compute")]
    assert reversed_order({"chips": chips, "frontier": chips}) == []


# Thirds of worlds


def test_mean_median_and_thirds_differ_where_small_worlds_lose_more():
    baseline = np.repeat([10.0, 100.0, 1000.0], 8)
    policy = baseline * np.repeat([0.4, 0.7, 0.9], 8)
    found = by_volume(baseline, policy, volume=baseline)
    assert (found.low, found.middle, found.high) == pytest.approx((-0.6, -0.3, -0.1))
    assert found.median == pytest.approx(-0.3)
    assert found.ratio == pytest.approx((policy.sum() - baseline.sum()) / baseline.sum())
    assert (found.share_down, found.worlds, found.left_out) == (1.0, 24, 0)
    assert found.apart
    assert not by_volume(baseline, baseline * 0.8, baseline).apart


def test_worlds_that_deliver_nothing_are_left_out_and_counted():
    baseline = np.append(np.full(12, 10.0), [0.0, 0.0])
    found = by_volume(baseline, baseline * 0.5, baseline)
    assert (found.worlds, found.left_out, found.ratio) == (12, 2, -0.5)
    nothing = by_volume(np.zeros(3), np.zeros(3), np.zeros(3))
    assert (nothing.worlds, np.isnan(nothing.ratio), nothing.apart) == (0, True, False)
    few = by_volume(np.ones(5), np.ones(5), np.ones(5))
    assert np.isnan(few.low)


# Assumptions


def made(rng, draws, weight, slopes):
    """Return relative changes about -20 % that rise by the slopes a standard deviation of named columns."""
    scores = normal_scores(draws, draws)
    return -0.2 + sum(slope * scores[:, place] for place, slope in slopes.items()) + rng.normal(0.0, 0.01, len(draws))


def test_an_effect_made_of_two_parameters_is_taken_apart(rng):
    draws, weight = rng.lognormal(0.0, 1.0, (WORLDS, 20)), rng.lognormal(0.0, 0.7, WORLDS)
    change = made(rng, draws, weight, {3: -0.05, 7: 0.02})
    first, second, *_ = hangs.lines(draws, change, weight)
    assert (first.found.place, second.found.place) == (3, 7)
    assert first.found.clear
    assert second.found.clear
    middle = np.average(change, weights=weight)  # the ratio of means
    assert first.middle == pytest.approx(middle)
    assert first.value(-hangs.REACH) - first.value(hangs.REACH) == pytest.approx(0.1 * hangs.REACH, rel=0.1)
    assert second.slope == pytest.approx(0.02, abs=4.0 * np.sqrt(second.slope_error))


def test_chance_seldom_stands_out(rng):
    draws = rng.normal(size=(WORLDS, 20))
    found = [
        any(line.found.clear for line in hangs.lines(draws, rng.normal(size=WORLDS), np.ones(WORLDS), 3))
        for _ in range(60)
    ]
    assert np.mean(found) < 0.25  # one in ten is what the bar is made for


def test_a_parameter_that_goes_along_with_another_is_named_beside_it(rng):
    draws = rng.normal(size=(WORLDS, 20))
    draws[:, 11] = draws[:, 3] + rng.normal(0.0, 0.1, WORLDS)
    change = made(rng, draws, np.ones(WORLDS), {3: -0.01})
    line = hangs.lines(draws, change, np.ones(WORLDS))[0]
    assert {line.found.place, line.found.instead} == {3, 11}
    draws[:, 11] = rng.normal(size=WORLDS)
    assert hangs.lines(draws, change, np.ones(WORLDS))[0].found.instead is None


def test_few_worlds_and_nothing_that_varies_give_no_lines(rng):
    few = hangs.FEWEST - 1
    assert hangs.lines(rng.normal(size=(few, 4)), rng.normal(size=few), np.ones(few), 3) == []
    assert hangs.lines(np.zeros((WORLDS, 0)), rng.normal(size=WORLDS), np.ones(WORLDS), 3) == []
    assert hangs.lines(rng.normal(size=(WORLDS, 4)), np.zeros(WORLDS), np.ones(WORLDS), 3) == []


# The same from a comparison, and in words


def by_taste(scenario, policies, seed, parameters):
    """Return a run in which a policy of share .3 works the better the lower `taste`, and others the same everywhere."""
    places = [
        replace(policy, share=0.3 - 0.05 * parameters["taste"]) if policy.share == 0.3 else policy
        for policy in policies
    ]
    return simulate(
        scenario, [replace(policy, share=min(max(policy.share, 0.0), 1.0)) for policy in places], seed, parameters
    )


@pytest.fixture(scope="module")
def turning():
    arms = [Less(share=0.3), Less(share=0.28)]
    return compare(Scenario.load("minimal"), arms, WORLDS, seed=1, workers=1, simulate=by_taste)


def test_the_value_at_which_an_order_turns_is_found(turning):
    turn = turning.turns()[0]
    assert turn.parameter == "taste"
    assert turn.value == pytest.approx(0.4, abs=0.1)  # .3 - .05 * .4 = .28
    assert turn.low < 0.4 < turn.high
    assert (turn.below, turn.above) == ("less(share=0.3)", "less(share=0.28)")
    told = standing.decided(turning)
    assert f"With taste below {standing.number(turn.value)}" in told
    assert "less(share=0.3) does more than less(share=0.28), above it less." in told


def test_the_strongest_assumption_of_an_effect_is_told_with_its_ends(turning):
    first = hangs.assumptions(turning, "less(share=0.3)", "delivered")[0]
    assert (first.parameter, first.stands_out) == ("taste", True)
    assert first.at_low == pytest.approx(-0.3 + 0.05 * first.low, abs=0.01)
    assert first.at_high == pytest.approx(-0.3 + 0.05 * first.high, abs=0.01)
    assert "taste" in standing.hangs(turning)
    assert standing.ends_of(first) in standing.hangs(turning)


def test_tables_documents_and_words_say_the_same(turning):
    chips = json.loads(turning.to_json())["objectives"]["chips"]
    assert chips["words"]["order"] == standing.ties(turning)
    assert chips["turns"][0]["value"] == turning.turns()[0].value == turning.turns_table()["value"][0]
    assert [row["verdict"] for row in chips["pairwise"]] == list(turning.pairwise_table()["verdict"])
    assert chips["groups"] == turning.matches().groups()


def test_settings_of_levers_that_an_arm_does_not_have_are_not_among_its_assumptions(turning):
    drawn = [draw | {"border.growth": draw["taste"], "less.share": -draw["taste"]} for draw in turning.draws]
    study = replace(turning, draws=drawn)
    names = {one.parameter for one in hangs.assumptions(study, "less(share=0.3)", "delivered")}
    assert "border.growth" not in names
    assert names & {"taste", "less.share"}


def test_no_order_is_told_without_what_decides_it_or_why_that_is_unknown(turning):
    scenario = Scenario.load("minimal")
    arms = [Less(share=0.3), Less(share=0.28)]
    few = compare(scenario, arms, 16, seed=1, workers=1, simulate=simulate)
    assert f"takes {hangs.FEWEST} worlds or more" in standing.decided(few)
    fixed = compare(scenario, arms, WORLDS, seed=1, workers=1, simulate=simulate, parameters="central")
    assert "held at its central value" in standing.decided(fixed)
    tied = compare(scenario, [Less(share=0.3), Less(share=0.301)], WORLDS, seed=1, workers=1, simulate=simulate)
    assert standing.ties(tied) == "Tied on chips delivered: less(share=0.301) and less(share=0.3)."
    assert "are tied, and no single assumption is seen to decide between them" in standing.decided(tied)
    apart = compare(scenario, [Less(share=0.3), Less(share=0.1)], WORLDS, seed=1, workers=1, simulate=simulate)
    assert "less(share=0.3) does more than each other policy in 100 of 100 worlds" in standing.ties(apart)
    assert "No single assumption is seen to turn the order" in standing.decided(apart)
    assert apart.leading() == ["less(share=0.3)", "less"]
    one = compare(scenario, [Less(share=0.3)], 16, seed=1, workers=1, simulate=simulate)
    assert standing.ties(one) is standing.decided(one) is None
    idle = compare(scenario, [Less(share=0.3), Less(share=0.001)], 16, seed=1, workers=1, simulate=simulate)
    assert standing.ties(idle).endswith("Tied with the baseline: less(share=0.001).")


@pytest.fixture(scope="module")
def crossed():
    """Return a comparison on three objectives in which a policy lowers one and raises another."""

    def engine(scenario, policies, seed, parameters):
        weekly, yearly = simulate(scenario, policies, seed, parameters)
        sign = -1.0 if any(policy.share > 0.2 for policy in policies) else 1.0
        bare = simulate(scenario, [], seed, parameters)[1]["delivered"]
        cut = bare - yearly["delivered"]
        return weekly, yearly.assign(
            **{
                OBJECTIVES["compute"].measure: 10.0 * bare - sign * cut,
                OBJECTIVES["frontier"].measure: yearly["delivered"],
            }
        )

    return compare(Scenario.load("minimal"), [Less(share=0.3), Less(share=0.2)], 16, seed=1, workers=1, simulate=engine)


def test_signs_that_differ_between_objectives_are_told(crossed):
    told = standing.across(crossed)
    assert "less(share=0.3) lowers chips delivered and frontier compute and raises China's compute." in told
    table = crossed.ranking_table()
    assert set(table["objective"]) == {"chips", "compute", "frontier"}
    best = table.drop_duplicates("objective").set_index("objective")["policy"]
    assert (best["chips"], best["compute"]) == ("less(share=0.3)", "less(share=0.2)")


# On the screen


@pytest.fixture(scope="module")
def six_arms():
    """Return a comparison on three objectives of seven arms with the longest names that the default question has."""

    def engine(scenario, policies, seed, parameters):
        weekly, yearly = by_taste(scenario, policies, seed, parameters)
        more = {OBJECTIVES[name].measure: 9e3 + yearly["delivered"] for name in ("compute", "frontier")}
        return weekly, yearly.assign(**more)

    names = [*(policy.lever for policy in six()), "all six"]
    arms = [
        Package(name, (Less(share=share),))
        for name, share in zip(names, (0.3, 0.02, 0.28, 0.01, 0.03, 0.2, 0.6), strict=True)
    ]
    return compare(Scenario.load("minimal"), arms, WORLDS, seed=1, workers=1, simulate=engine)


@pytest.mark.parametrize(("width", "most"), [(100, 40), (80, 45)])
def test_the_default_question_fills_one_screen_with_one_line_a_policy(six_arms, width, most, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    tell(six_arms, as_json=False)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert len(lines) <= most
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("Six CNAS recommendations from January 2024, in 2024, over 64 worlds")
    for row in effects.main(six_arms).rows:
        assert any(line.split() == " ".join(row).split() for line in lines)  # whole, on a line of its own
    told = " ".join(line.strip() for line in lines)
    for key, sentence in standing.facts(six_arms):
        assert key in told
        assert sentence.replace(" ", "") in told.replace(" ", "")


def test_the_report_says_what_the_screen_says(six_arms, tmp_path):
    six_arms.save(tmp_path)
    page = re.sub("</?small>", "", unescape((tmp_path / "report.html").read_text("utf-8")))
    for _, sentence in standing.facts(six_arms):
        assert sentence in page
    for row in effects.main(six_arms).rows:
        assert "".join(f"<td>{cell}</td>" for cell in row[1:]) in page
    for objective in OBJECTIVES:
        assert standing.decided(six_arms, objective) in page
