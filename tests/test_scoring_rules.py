"""Scoring rules, by known answers: a normal, ties, a point, a count, and an outcome that is itself an estimate."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from supplysim.validation.scoring.rules import AMOUNT, COUNT, crps, interval, log_score, points_between

NORMAL = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)


def of_normal(y):
    """Return the CRPS of a standard normal in closed form (Gneiting and Raftery 2007, eq. 22)."""
    return y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)


def test_crps_of_many_normal_draws_is_the_closed_form():
    at = np.array([-3.0, 0.0, 0.4, 2.5])
    np.testing.assert_allclose(crps(NORMAL, at), of_normal(at), atol=2e-4)
    np.testing.assert_allclose(crps(5.0 + 3.0 * NORMAL, 5.0 + 3.0 * at), 3.0 * of_normal(at), atol=1e-3)


@pytest.mark.parametrize("draws", [[2.0], [1.0, 1.0, 4.0], [0.0, 0.0, 0.0, 7.0, 7.0, 9.5]])
def test_crps_is_the_integral_of_the_squared_distance_of_the_step_functions(draws):
    draws = np.array(draws)
    for y in (-1.0, 1.0, 3.0, 7.0, 20.0):
        edges = np.unique([*draws, y])
        middles, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
        share = (draws[:, None] <= middles).mean(axis=0)
        assert crps(draws, np.array([y]))[0] == pytest.approx(float(((share - (y <= middles)) ** 2 * widths).sum()))


def test_crps_of_a_point_is_its_distance_and_of_the_outcome_itself_nothing():
    np.testing.assert_allclose(crps(np.full(50, 3.0), np.array([3.0, 5.0, -1.0])), [0.0, 2.0, 4.0])


def test_crps_does_not_hang_on_the_order_of_the_draws():
    shuffled = np.random.default_rng(1).permutation(NORMAL)
    assert crps(shuffled, np.array([0.7])) == crps(NORMAL, np.array([0.7]))


def test_log_score_of_lognormal_draws_is_that_of_the_normal_of_their_logarithms():
    draws, at = np.exp(2.0 + 0.5 * NORMAL), np.array([3.0, 7.4, 40.0])
    np.testing.assert_allclose(log_score(draws, at, AMOUNT), -stats.norm.logpdf(np.log(at), 2.0, 0.5), atol=2e-3)


def test_log_score_has_no_unit():
    draws, at = np.exp(NORMAL), np.array([0.3, 2.0])
    np.testing.assert_allclose(log_score(1e6 * draws, 1e6 * at, AMOUNT), log_score(draws, at, AMOUNT))


def test_log_score_gives_zero_the_share_of_draws_that_are_zero():
    draws = np.concatenate([np.zeros(300), np.exp(NORMAL[::20])[:700]])
    at_zero, beyond = log_score(draws, np.array([0.0, 1.0]), AMOUNT)
    assert at_zero == pytest.approx(-np.log(0.3), abs=2e-3)
    assert beyond > log_score(draws[300:], np.array([1.0]), AMOUNT)[0]
    assert log_score(np.exp(NORMAL), np.array([0.0]), AMOUNT)[0] == np.inf


def test_log_score_of_counts_is_the_probability_of_the_number():
    poisson = np.repeat(np.arange(12), np.rint(1e5 * stats.poisson.pmf(np.arange(12), 2.0)).astype(int))
    np.testing.assert_allclose(
        log_score(poisson, np.array([0, 3]), COUNT), -stats.poisson.logpmf([0, 3], 2.0), atol=0.02
    )
    wide = np.repeat(np.arange(80), np.rint(1e6 * stats.nbinom.pmf(np.arange(80), 1.5, 0.3)).astype(int))
    np.testing.assert_allclose(
        log_score(wide, np.array([0, 9]), COUNT), -stats.nbinom.logpmf([0, 9], 1.5, 0.3), atol=0.02
    )


@pytest.mark.parametrize("kind", [AMOUNT, COUNT])
def test_draws_that_do_not_vary_have_no_log_score(kind):
    assert np.isnan(log_score(np.full(9, 4.0), np.array([4.0, 5.0]), kind)).all()


def test_an_interval_becomes_a_lognormal_with_these_ends():
    points = points_between(189_000.0, 1_285_000.0, 9_999)
    low, middle, high = interval(points)
    assert (low, high) == pytest.approx((189_000.0, 1_285_000.0), rel=1e-3)
    assert middle == pytest.approx(np.sqrt(189_000.0 * 1_285_000.0), rel=1e-9)


def test_an_interval_with_a_median_meets_all_three_numbers():
    assert interval(points_between(10.0, 300.0, 9_999, 140.0)) == pytest.approx((10.0, 140.0, 300.0), rel=1e-3)
    assert interval(points_between(0.0, 10.0, 9_999, 2.0)) == pytest.approx((0.0, 2.0, 10.0), abs=0.01)
    at_its_end = points_between(3.0, 5.0, 999, 3.0)
    assert interval(at_its_end) == pytest.approx((3.0, 3.0, 5.0), rel=1e-2)
    assert (at_its_end == 3.0).mean() == pytest.approx(0.5, abs=1e-3)


def test_an_interval_from_zero_becomes_a_normal_with_nothing_below_zero():
    points = points_between(0.0, 10.0, 999)
    assert interval(points) == pytest.approx((0.0, 5.0, 10.0), abs=0.02)
    assert points.min() == 0.0


def test_the_mean_crps_over_an_estimate_is_the_closed_form():
    low, high = 100.0, 400.0
    spread = np.log(high / low) / 2 / special.ndtri(0.95)
    estimate = stats.lognorm(spread, scale=np.sqrt(low * high))
    draws = np.array([50.0, 220.0, 900.0])
    apart = [
        integrate.quad(lambda y, x=x: abs(x - y) * estimate.pdf(y), 0, 1e5, points=[x], limit=500)[0] for x in draws
    ]
    expected = np.mean(apart) - np.abs(draws[:, None] - draws).mean() / 2
    assert crps(draws, points_between(low, high, 999)).mean() == pytest.approx(expected, rel=2e-3)


def test_nobody_scores_better_against_an_estimate_than_who_says_the_estimate():
    estimate = points_between(100.0, 400.0, 999)

    def scores(draws):
        return crps(draws, estimate).mean(), log_score(draws, estimate, AMOUNT).mean()

    best = scores(estimate)
    for other in (
        1.2 * estimate,
        estimate**1.3 / 200.0**0.3,
        estimate**0.7 * 200.0**0.3,
        np.full(3, 200.0) * [0.99, 1, 1.01],
    ):
        found = scores(other)
        assert found[0] > best[0]
        assert found[1] > best[1]
