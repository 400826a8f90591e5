"""What is known of each pair makes its effect's interval narrower, and never says more than it knows."""

import numpy as np
import pytest

from supplysim.experiment.adjustment import FEWEST, Adjustment, Known
from supplysim.experiment.statistics import relative_changes


def worlds(rng, pairs, signal=1.0, noise=0.3, parameters=8):
    """Return draws, baseline and policy: the share that a policy takes hangs on two of the parameters."""
    draws = rng.uniform(size=(pairs, parameters))
    baseline = rng.lognormal(size=pairs) * 0.1 + 1_000.0
    share = 0.2 + signal * 0.1 * (draws[:, 0] - draws[:, 1]) + noise * 0.1 * rng.normal(size=pairs)
    return draws, baseline, baseline * (1.0 - share)


def change(draws, baseline, policy, population=None):
    adjustment = Adjustment(Known(draws, baseline, population), policy - baseline)
    return relative_changes(baseline[None, :], policy[None, :], adjustment)


def width(found):
    return float(found.high[0] - found.low[0])


def plain(baseline, policy):
    return relative_changes(baseline[None, :], policy[None, :])


def test_what_parameters_explain_is_taken_off_the_width_and_not_off_the_estimate():
    draws, baseline, policy = worlds(np.random.default_rng(1), 256)
    found, before = change(draws, baseline, policy), plain(baseline, policy)
    assert found.value == before.value  # of even points
    # Parameters make up a variance of 2 / 12, chance .09: what is left is √(.09 / .257) = .59 of the width.
    assert width(found) / width(before) == pytest.approx(0.59, abs=0.06)


def test_chance_alone_is_never_told_wider_than_without():
    rng = np.random.default_rng(2)
    for pairs in (32, 64, 128):
        for _ in range(20):
            world = worlds(rng, pairs, signal=0.0, noise=1.0)
            assert width(change(*world)) <= 1.02 * width(plain(*world[1:]))


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [64, 128])
def test_of_independent_points_nine_of_ten_intervals_hold_the_truth(pairs):
    rng = np.random.default_rng(3)
    population = rng.uniform(size=(2048, 8))
    found = [change(*worlds(rng, pairs), population) for _ in range(300)]
    assert 0.86 <= np.mean([one.low[0] <= -0.2 <= one.high[0] for one in found]) <= 0.95
    errors = [one.value[0] + 0.2 for one in found]
    assert np.std(errors) < 0.8 * 0.1 * np.sqrt((2.0 / 12.0 + 0.09) / pairs)  # than that of the plain estimate


def test_neither_the_order_of_pairs_nor_units_of_parameters_matter():
    draws, baseline, policy = worlds(np.random.default_rng(4), 96)
    first = change(draws, baseline, policy)
    order = np.random.default_rng(5).permutation(96)
    again = change(np.exp(7.0 * draws[order]), baseline[order], policy[order])
    np.testing.assert_allclose(np.ravel(again), np.ravel(first), rtol=1e-9)


def test_no_effect_is_exactly_none_and_has_no_width():
    draws, baseline, _ = worlds(np.random.default_rng(6), 64)
    found = change(draws, baseline, baseline.copy())
    assert (found.value[0], found.low[0], found.high[0], found.error[0]) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("kind", ["few", "fixed", "none", "nothing delivered"])
def test_where_too_little_is_known_nothing_is_taken_off(kind):
    draws, baseline, policy = worlds(np.random.default_rng(7), FEWEST - 1 if kind == "few" else 64)
    if kind == "fixed":
        draws = np.ones_like(draws)
    if kind == "none":
        draws = draws[:, :0]
    if kind == "nothing delivered":
        baseline, policy = np.zeros_like(baseline), np.zeros_like(policy)
    np.testing.assert_array_equal(change(draws, baseline, policy), plain(baseline, policy))


def test_constant_parameters_change_nothing():
    draws, baseline, policy = worlds(np.random.default_rng(8), 64)
    more = np.column_stack([np.full(64, 3.0), draws, np.zeros(64)])
    np.testing.assert_array_equal(change(more, baseline, policy), change(draws, baseline, policy))
