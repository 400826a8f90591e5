import numpy as np
import pytest
from scipy.special import stdtrit

from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE, paired_effect, student_t
from supplysim.experiment.unit_cost import cost_per_unit
from supplysim.outputs.account import discounted
from supplysim.outputs.measures import over_years


def test_small_example_by_hand():
    effect = paired_effect([10.0, 20.0, 30.0, 40.0], [9.0, 17.0, 30.0, 42.0])  # effects -1, -3, 0, 2
    assert effect.mean == pytest.approx(-0.5)
    assert effect.median == pytest.approx(-0.5)
    assert effect.standard_error == pytest.approx(np.std([-1, -3, 0, 2], ddof=1) / 2)
    assert effect.mean - effect.mean_low > 2.353 * effect.standard_error  # t(0.95; 3), and −3 stands apart
    assert effect.mean_high - effect.mean == pytest.approx(2.353363 * effect.standard_error)
    assert effect.relative == pytest.approx(-0.5 / 25.0)
    assert effect.relative_median == pytest.approx(-0.05)
    assert (effect.pairs, effect.pairs_down) == (4, 2)
    assert effect.verdict == NO_EFFECT


def test_neutral_policy_has_exactly_no_effect():
    effect = paired_effect([3.0, 5.0], [3.0, 5.0])
    assert (effect.median, effect.mean, effect.mean_low, effect.mean_high) == (0.0, 0.0, 0.0, 0.0)
    assert effect.pairs_down == 0
    assert effect.verdict == NO_EFFECT
    assert effect.variance_ratio == np.inf


@pytest.mark.parametrize(("shift", "verdict"), [(-2.0, FALL), (2.0, RISE)])
def test_constant_effect_is_clear_and_perfectly_paired(shift, verdict):
    baseline = np.array([10.0, 30.0, 20.0])
    effect = paired_effect(baseline, baseline + shift)
    assert effect.verdict == verdict
    assert effect.variance_ratio == np.inf


def test_variance_ratio_of_independent_sides_is_one():
    rng = np.random.default_rng(3)
    effect = paired_effect(rng.normal(size=20_000), rng.normal(size=20_000))
    assert effect.variance_ratio == pytest.approx(1.0, abs=0.03)


def test_variance_ratio_is_unknown_when_nothing_varies():
    assert np.isnan(paired_effect([4.0, 4.0], [3.0, 3.0]).variance_ratio)


def test_one_pair_gives_an_effect_but_no_verdict():
    effect = paired_effect([10.0], [1.0])
    assert effect.mean == -9.0
    assert np.isnan([effect.standard_error, effect.mean_low, effect.median_error, effect.variance_ratio]).all()
    assert effect.verdict == NO_EFFECT


def test_pairs_without_a_value_do_not_count():
    effect = paired_effect([np.nan, 1.0, 2.0, np.inf], [1.0, 0.0, np.nan, 1.0])
    assert (effect.pairs, effect.pairs_down, effect.mean) == (1, 1, -1.0)


def test_no_known_pair_is_all_unknown():
    effect = paired_effect([np.nan], [1.0])
    assert (effect.pairs, effect.pairs_down) == (0, 0)
    assert np.isnan([effect.mean, effect.median]).all()
    assert effect.verdict == NO_EFFECT


def test_relative_effect_of_nothing_is_unknown():
    effect = paired_effect([0.0, 0.0], [1.0, 2.0])
    assert np.isnan([effect.relative, effect.relative_median]).all()


def test_interval_of_the_mean_covers_as_often_as_it_says():
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2_000):
        effect = paired_effect(np.zeros(12), rng.normal(-1.0, 3.0, 12))
        covered += effect.mean_low <= -1.0 <= effect.mean_high
    assert covered / 2_000 == pytest.approx(0.90, abs=0.02)


def test_median_error_is_the_standard_error_of_the_median():
    rng = np.random.default_rng(5)
    effects = [paired_effect(np.zeros(101), rng.normal(size=101)) for _ in range(400)]
    spread = np.std([effect.median for effect in effects])
    assert np.mean([effect.median_error for effect in effects]) == pytest.approx(spread, rel=0.15)


def test_costs_lose_three_per_cent_a_year():
    cost = np.zeros(53)
    cost[[0, 52]] = 103.0
    assert discounted(cost, rate=0.03) == pytest.approx(203.0)


def test_cost_per_chip_with_a_fixed_cost_is_cost_over_the_interval_of_the_fall():
    prevented = np.array([80.0, 100.0, 120.0, 100.0])
    fall = paired_effect(prevented, np.zeros(4))
    cost = cost_per_unit(np.full(4, 1_000.0), prevented)
    assert cost.verdict == FALL
    assert cost.estimate == pytest.approx(10.0)
    assert cost.low == pytest.approx(1_000.0 / -fall.mean_low)
    assert cost.high == pytest.approx(1_000.0 / -fall.mean_high)


def test_cost_per_chip_covers_the_true_ratio():
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(1_000):
        prevented = rng.normal(100.0, 60.0, 20)
        estimate = cost_per_unit(500.0 + 2.0 * prevented + rng.normal(0.0, 50.0, 20), prevented)
        covered += estimate.low <= 7.0 <= estimate.high
    assert covered / 1_000 == pytest.approx(0.90, abs=0.03)


@pytest.mark.parametrize(
    ("prevented", "verdict"), [([5.0, -5.0, 1.0], NO_EFFECT), ([-5.0, -6.0, -5.0], RISE), ([5.0], NO_EFFECT)]
)
def test_no_cost_per_chip_without_a_clear_fall(prevented, verdict):
    cost = cost_per_unit(np.ones(len(prevented)), prevented)
    assert cost.verdict == verdict
    assert np.isnan([cost.estimate, cost.low, cost.high]).all()


def test_flows_add_up_and_shares_are_weighted_by_what_they_are_shares_of():
    yearly = {
        "delivered": np.array([[100.0, 300.0, 100.0], [0.0, 0.0, 0.0]]),
        "seized": np.array([[0.0, 100.0, 0.0], [0.0, 0.0, 0.0]]),
        "interdiction_rate": np.array([[0.0, 0.25, 0.0], [np.nan, np.nan, np.nan]]),
        "route_share:SG": np.array([[1.0, 0.5, 0.0], [0.0, 0.0, 0.0]]),
        "mark_up": np.array([[1.2, 1.4, 1.6], [1.2, np.nan, 1.4]]),
    }
    last = [1, 2]
    np.testing.assert_array_equal(over_years("delivered", yearly, last), [400.0, 0.0])
    np.testing.assert_allclose(over_years("interdiction_rate", yearly, last), [100.0 / 500.0, np.nan])
    np.testing.assert_allclose(over_years("route_share:SG", yearly, last), [150.0 / 400.0, np.nan])
    np.testing.assert_allclose(over_years("mark_up", yearly, last), [1.5, 1.4])
    np.testing.assert_allclose(over_years("mark_up", yearly, [0]), [1.2, 1.2])


def test_the_quantile_of_student_t_is_the_one_scipy_knows():
    for count in (2, 3, 4, 5, 6, 32, 33, 256, 1000):
        assert student_t(count) == pytest.approx(stdtrit(count - 1, 0.95), rel=1e-12)
