"""Enough pairs, honest intervals, where the spread comes from, and which policy is best."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stand_in import Less, simulate

from benchmarks import coverage
from supplysim.api import compare
from supplysim.edition import edition
from supplysim.errors import InputError
from supplysim.experiment import design, parameter_draws
from supplysim.experiment.statistics import mean_interval, paired_effect, paired_effects, quantiles
from supplysim.experiment.uncertainty import (
    APART,
    choices,
    half_width,
    next_round,
    rank,
    replicate_seed,
    replicates_of,
    split,
)
from supplysim.report import text
from supplysim.setup.scenario import Scenario

REPEATS = 400
LESS = Less()


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("minimal")


def asked(scenario, policies=(LESS,), pairs=32, **settings):
    return compare(scenario, list(policies), pairs, workers=1, simulate=simulate, **settings)


def world(rng, pairs, spread=1.0):
    """Return a baseline and a policy with a true mean effect of -0.2 exp(spread²/2): volumes of all sizes."""
    baseline = rng.lognormal(0.0, spread, pairs)
    return baseline, baseline * (1.0 - rng.uniform(0.1, 0.3, pairs))


@pytest.mark.parametrize("pairs", [16, 32, 64, 128])
@pytest.mark.parametrize("values", coverage.VALUES)
def test_90_per_cent_intervals_cover_the_truth_90_per_cent_of_the_time(values, pairs):
    share = coverage.covered(coverage.chosen, values, pairs)
    if (values, pairs) == ("lognormal 1.3", 16):  # the one miss: 16 pairs do not show so long a tail
        assert 0.83 <= share < 0.86
    else:
        assert 0.86 <= share <= 0.94


@pytest.mark.parametrize(
    ("values", "pairs"), [("lognormal 1", 32), ("lognormal 1.3", 64), ("lognormal 1, 80 % zeros", 64)]
)
def test_plain_intervals_miss_skewed_means_too_often(values, pairs):
    assert coverage.covered(coverage.plain, values, pairs) < 0.86


@pytest.mark.parametrize(("pairs", "spread"), [(16, 0.0), (64, 0.7), (64, 1.0), (64, 1.3), (256, 1.0)])
def test_the_interval_of_a_paired_effect_is_that_of_its_mean(pairs, spread):
    rng, truth = np.random.default_rng(20), -0.2 * np.exp(spread**2 / 2.0)
    worlds = [world(rng, pairs, spread) for _ in range(10 * REPEATS)]  # 400 have a standard error of 1.5 %
    effects = paired_effects(*np.swapaxes(worlds, 0, 1))
    assert 0.86 <= np.mean([effect.mean_low <= truth <= effect.mean_high for effect in effects]) <= 0.94


def test_many_effects_at_once_are_those_one_by_one():
    rng = np.random.default_rng(4)
    baseline, policy = rng.lognormal(size=(2, 5, 9))
    baseline[1, 3] = policy[2, 0] = np.nan
    baseline[3], baseline[4, :2] = np.nan, 0.0
    together = paired_effects(baseline, policy)
    assert repr(together) == repr([paired_effect(a, b) for a, b in zip(baseline, policy, strict=True)])
    assert [effect.pairs for effect in together] == [9, 8, 8, 0, 9]
    assert together[4].relative_median == pytest.approx(np.median(policy[4, 2:] / baseline[4, 2:] - 1.0))


def test_stopping_when_precise_enough_keeps_the_coverage():
    rng, covered, sizes = np.random.default_rng(21), 0, set()
    for _ in range(REPEATS):
        baseline = rng.normal(10.0, 1.0, 1_024)
        policy = baseline - rng.normal(1.0, 2.0, 1_024)
        size, wide = 0, np.inf
        while size < 1_024 and wide > 1.0:
            size = next_round(size, wide, 1_024)
            effect = paired_effect(baseline[:size], policy[:size])
            wide = half_width(effect) / 0.025
        covered += effect.relative_low <= -0.1 <= effect.relative_high
        sizes.add(size)
    assert len(sizes) > 1
    assert 0.86 <= covered / REPEATS <= 0.94


def test_each_end_of_the_interval_is_the_farther_one():
    symmetric = np.array([-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0])
    _, low, high = mean_interval(symmetric)
    assert (low + high) / 2.0 == pytest.approx(0.0, abs=1e-12)
    assert high == pytest.approx(1.894579 * symmetric.std(ddof=1) / np.sqrt(8))  # t(0.95; 7)
    assert mean_interval(np.full(9, 4.0)) == (4.0, 4.0, 4.0)
    assert np.isnan(mean_interval([4.0])[1:]).all()
    skewed = np.array([0.0] * 9 + [10.0])
    mean, low, high = mean_interval(skewed)
    assert low == pytest.approx(mean - 1.833113 * skewed.std(ddof=1) / np.sqrt(10))  # t(0.95; 9)
    assert high - mean > mean - low  # the long tail may hide more
    assert mean_interval(-skewed) == (-mean, -high, -low)


def test_quantile_errors_are_standard_errors():
    rng = np.random.default_rng(5)
    found = np.array([quantiles(rng.normal(size=400), (0.05, 0.5, 0.95)) for _ in range(400)])
    np.testing.assert_allclose(found[:, 1].mean(axis=0), found[:, 0].std(axis=0), rtol=0.15)


def test_errors_of_ratios_are_standard_errors():
    rng = np.random.default_rng(6)
    effects = [paired_effect(*world(rng, 400)) for _ in range(400)]
    spread = np.std([effect.relative for effect in effects])
    assert np.mean([effect.relative_error for effect in effects]) == pytest.approx(spread, rel=0.15)


def test_rounds_go_as_far_as_the_width_still_asks_for_and_at_most_double():
    assert next_round(0, np.inf, 256) == 32
    assert next_round(0, np.inf, 5) == 5
    assert next_round(64, 1.2, 256) == 96  # 64 * 1.44 = 92, in rounds of 32
    assert next_round(64, 1.001, 256) == 96
    assert next_round(64, 3.0, 256) == 128
    assert next_round(64, np.inf, 256) == 128  # of nothing delivered
    assert next_round(96, 2.0, 100) == 100


def test_pairs_are_run_until_the_effects_are_precise(scenario):
    wide = asked(scenario, pairs=64).reached
    study = asked(scenario, pairs=64, precision=2.0 * wide)
    assert study.reached <= study.precision
    assert study.pairs == 32
    assert "asked for" in text.precision(study)
    assert (
        asked(scenario, pairs=study.pairs).to_json().split('"precision"')[0] == study.to_json().split('"precision"')[0]
    )


def test_what_is_out_of_reach_is_said(scenario):
    study = asked(scenario, pairs=40, precision=1e-4)
    assert study.pairs == 40
    assert "not the 0.01 % asked for; --pairs allows more" in text.precision(study)
    assert f"{100 * study.reached:.1f} %" in text.precision(study)


@pytest.mark.parametrize("wrong", [{"precision": 0.0}, {"precision": 2.0}, {"replicates": -1}, {"rules": "habits"}])
def test_wrong_numbers_are_refused(scenario, wrong):
    with pytest.raises(InputError):
        asked(scenario, **wrong)


def test_variance_is_split_as_it_was_made():
    rng = np.random.default_rng(7)
    shares = []
    for _ in range(100):
        draws = rng.normal(0.0, 2.0, 256)  # variance of parameters 4, of seeds 1
        values, again = draws + rng.normal(size=256), draws[:32] + rng.normal(size=32)
        shares.append(split(values, values[:32], again))
    assert np.mean([one.seeds_share for one in shares]) == pytest.approx(0.2, abs=0.02)
    assert all(one.seeds_share + one.parameters_share == pytest.approx(1.0) for one in shares)
    spread = np.std([one.seeds_share for one in shares])
    assert np.mean([one.error for one in shares]) == pytest.approx(spread, rel=0.2)


def test_split_of_nothing_is_unknown_and_chance_alone_is_all():
    assert np.isnan(split(np.ones(4), np.ones(2), np.ones(2)).seeds_share)
    assert np.isnan(split(np.arange(4.0), np.zeros(0), np.zeros(0)).seeds_share)
    alone = split(np.array([0.0, 1.0]), np.array([0.0, 5.0]), np.array([3.0, 0.0]))
    assert (alone.seeds_share, alone.parameters_share) == (1.0, 0.0)


def test_replicates_repeat_the_first_draws_under_other_seeds(scenario):
    study = asked(scenario, pairs=24, replicates=None)
    assert len(study.replicates) == 8
    for pair, again in zip(study.runs, study.replicates, strict=False):
        assert again[0].parameters == pair[0].parameters
        assert again[0].seed == replicate_seed(pair[0].seed) == pair[0].seed + APART
    level = study.variance_split("baseline")
    assert level.groups == 8
    assert 0.0 < level.seeds_share < 0.5  # the stand-in's volume is mostly demand_scale
    assert "run under two seeds" in text.variance(study)
    assert list(study.variance_table()["policy"]) == ["baseline", "less"]


def test_fixed_parameters_need_no_replicates(scenario):
    assert (replicates_of(64, "prior"), replicates_of(256, "posterior"), replicates_of(4, "prior")) == (8, 32, 4)
    assert replicates_of(64, "central") == 0
    assert asked(scenario, parameters="central", pairs=4, replicates=None).replicates == []
    assert replicate_seed(2**63 - 1) < 2**63


def test_ranking_by_hand():
    delivered = {"a": np.array([[1.0, 5.0], [2.0, 2.0]]), "b": np.array([[3.0, 3.0], [2.0, 1.0]])}
    a, b = rank(delivered)
    assert (a.policy, b.policy) == ("b", "a")  # b: best in 0.5 of (world 1), 1 of (world 2)
    assert (a.probability_best, b.probability_best) == (0.625, 0.375)
    assert (a.regret, b.regret) == (0.5, 0.75)
    assert a.regret_error == pytest.approx(0.5)


def test_packages_do_not_compete_with_their_parts():
    x, y, z = Less(), Less(share=0.2), Less(share=0.3)
    assert choices({"x": (x,), "y": (y,), "x+y": (x, y), "z": (z,), "y+z only": (y, z)}) == ["x", "y", "z"]
    assert choices({"x+y": (x, y), "z": (z,)}) == ["x+y", "z"]


def test_ranking_over_all_rules_pools_their_worlds(scenario):
    study = asked(scenario, [Less(), Less(share=0.11)], pairs=8, rules="all")
    assert set(study.by_rule) == {"expected_utility", "salience", "habit"}
    table = study.ranking_table().set_index(["rule", "policy"])
    assert set(table.index.get_level_values(0)) == {"all", *study.by_rule}
    assert table["probability_best"].groupby("rule").sum().to_numpy() == pytest.approx(1.0)
    assert table.loc[("all", "as it stands"), "probability_best"] == 0.0
    assert "3 decision rules" in text.ranking(study)
    alone = asked(scenario, [Less(), Less(share=0.11)], pairs=8)
    pd.testing.assert_frame_equal(alone.table(), study.table())
    assert text.ranking(asked(scenario, pairs=2)) is None


def posterior(tmp_path, monkeypatch, **columns):
    path = tmp_path / "posterior.parquet"
    sample = pa.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)
    pq.write_table(sample.replace_schema_metadata({design.ORIGIN: json.dumps({"edition": edition()})}), path)
    monkeypatch.setattr(design, "POSTERIOR", path)


def test_posterior_draws_follow_its_weights_and_priors_fill_the_rest(scenario, tmp_path, monkeypatch):
    posterior(tmp_path, monkeypatch, demand_scale=[1.0, 2.0, 3.0], wtp=[7.0, 8.0, 9.0], weight=[1.0, 0.0, 3.0])
    draws = parameter_draws(scenario, "posterior", 256, seed=1)
    assert draws[:10] == parameter_draws(scenario, "posterior", 10, seed=1)
    assert draws[0].keys() == scenario.uncertain().keys()
    pairs = [(draw["demand_scale"], draw["wtp"]) for draw in draws]
    assert set(pairs) == {(1.0, 7.0), (3.0, 9.0)}
    assert pairs.count((3.0, 9.0)) == pytest.approx(192, abs=3)
    prior = scenario.uncertain()["investigators"]
    assert np.median([draw["investigators"] for draw in draws]) == pytest.approx(prior.quantile(0.5), rel=0.05)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"demand_scal": [1.0], "weight": [1.0]}, "did you mean 'demand_scale'"),
        ({"demand_scale": [1.0]}, "weights"),
        ({"demand_scale": [np.nan], "weight": [1.0]}, "finite"),
        ({"demand_scale": [1.0], "weight": [0.0]}, "not all zero"),
    ],
)
def test_a_wrong_posterior_is_refused(scenario, tmp_path, monkeypatch, columns, message):
    posterior(tmp_path, monkeypatch, **columns)
    with pytest.raises(InputError, match=message):
        parameter_draws(scenario, "posterior", 2, seed=1)
