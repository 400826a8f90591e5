"""Where the choice changes: crossings that are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.choices import bent, crossing, made
from supplysim.decision.choices import Choices
from supplysim.decision.flips import SURE, flips
from supplysim.decision.smooth import Smoother, scores_of, spline


def test_the_value_at_which_two_options_cross_is_found():
    found = flips(crossing())
    (flip,) = found.curves[0].flips
    assert found.curves[0].factor == flip.factor == "due_diligence.coverage"
    assert (flip.below, flip.above) == ("option 2", "option 1")
    assert flip.low < 0.6 < flip.high
    assert flip.value == pytest.approx(0.6, abs=0.05)
    assert flip.high - flip.low < 0.2
    assert flip.share == 1.0
    assert found.favourite == "option 2"
    assert flip.worlds == pytest.approx(1.0 - flip.value, abs=0.02)


def test_its_interval_covers_a_crossing_of_a_bent_curve_as_often_as_it_says():
    inside, told = 0, 0
    for seed in range(16):
        curves = flips(crossing(seed=seed, curve=bent, noise=15.0)).curves
        one = next((flip for curve in curves if curve.factor == "due_diligence.coverage" for flip in curve.flips), None)
        told += one is not None
        inside += one is not None and one.low <= 0.4 ** (1 / 3) <= one.high
    assert told >= 15
    assert inside >= 0.7 * told  # 90 % but for chance: so few would come up once in fifty


def test_no_flip_is_told_where_one_option_is_best_along_all_of_a_factor():
    found = flips(crossing(curve=lambda x: 30.0 * x + 10.0))
    assert [curve.flips for curve in found.curves] == [()]
    (sentence,) = found.sentences()
    assert "No value" in sentence
    assert "due_diligence.coverage" in sentence


def test_nothing_is_told_of_few_worlds_or_where_nothing_matters():
    assert "48 worlds" in flips(crossing(worlds=40)).sentences()[-1]
    told = flips(crossing(curve=lambda x: 0.0 * x + 3.0, noise=0.0))
    assert told.curves == ()
    assert "No assumption stands out" in told.sentences()[-1]


def test_the_sentence_names_factor_value_and_both_options():
    sentence = next(one for one in flips(crossing()).sentences() if "90 %" in one)
    assert sentence.startswith(
        "Where due diligence: purchases screened at full strength (due_diligence.coverage) is above"
    )
    assert "option 1 is better than option 2" in sentence


def test_the_winner_on_another_objective_is_named_with_how_far_the_favourite_is_behind():
    chips = np.array([[100.0, 60.0, 80.0]] * 20)
    burden = np.array([[0.0, 50.0, 10.0]] * 20) + 100.0
    made_of = made(chips)
    both = Choices(made_of.names, {"chips": chips, "burden": burden}, made_of.factors, made_of.states, made_of.weights)
    winner = {one.objective: one for one in flips(both).winners}
    assert (winner["chips"].option, winner["chips"].behind) == ("option 1", 0.0)
    assert (winner["burden"].option, winner["burden"].behind) == ("as it stands", 0.5)
    assert (
        "On the burden on honest trade the best is as it stands; option 1 leaves more by 50 %"
        in flips(both).sentences()[0]
    )


def test_three_options_change_twice():
    rng = np.random.default_rng(3)
    x = (rng.permutation(192) + 0.5) / 192
    columns = [np.full(192, 100.0), 20.0 + 100.0 * x, np.full(192, 55.0), 120.0 - 100.0 * x]
    values = np.column_stack(columns) + np.column_stack([np.zeros(192), rng.normal(size=(192, 3))])
    found = flips(made(values, factors=pd.DataFrame({"x": x})))
    first, second = found.curves[0].flips
    assert (first.below, first.above, second.above) == ("option 1", "option 2", "option 3")
    assert first.value == pytest.approx(0.35, abs=0.03)
    assert second.value == pytest.approx(0.65, abs=0.03)
    assert min(first.share, second.share) >= SURE


def test_worlds_of_one_pair_count_once():
    single = crossing(worlds=64)
    twice = Choices(
        single.names,
        {"chips": np.repeat(single.of("chips"), 2, axis=0)},
        single.factors.loc[np.repeat(np.arange(64), 2)].reset_index(drop=True),
        pd.DataFrame({"decision rule": ["one", "other"] * 64}),
        np.full(128, 1 / 128),
        np.repeat(np.arange(64), 2),
    )
    assert [curve.flips for curve in flips(twice).curves] == [curve.flips for curve in flips(single).curves]


def test_a_smoother_finds_a_bent_mean_and_leaves_noise_flat():
    rng = np.random.default_rng(5)
    x = rng.random(512)
    model = Smoother(spline(scores_of(x)), np.full(512, 1 / 512))
    bent = np.sin(3.0 * x)
    targets = np.column_stack([bent + 0.2 * rng.normal(size=512), rng.normal(size=512)])
    fitted = model.fitted(targets)
    assert np.abs(fitted[:, 0] - bent).mean() < 0.04
    assert fitted[:, 1].std() < 0.15
    np.testing.assert_allclose(fitted.mean(axis=0), targets.mean(axis=0), atol=1e-9)


def test_an_option_without_the_lever_stays_flat_along_its_setting():
    choices = crossing()
    levers = {name: frozenset() for name in choices.names} | {"option 2": frozenset({"due_diligence"})}
    known = replace(choices, levers=levers)
    (curve,) = flips(known).curves
    np.testing.assert_allclose(curve.changes[:, 1], choices.means("chips")[1] - choices.means("chips")[0])
    assert curve.flips[0].value == pytest.approx(0.6, abs=0.05)
    assert np.ptp(curve.changes[:, 2]) > 10.0
