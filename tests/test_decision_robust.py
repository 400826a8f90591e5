"""Means, regrets and favourites against hand calculation."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.choices import made
from supplysim.decision.robust import by_part, error, robustness
from supplysim.errors import InputError

# worlds x (as it stands, option 1, option 2)
VALUES = [[100, 90, 70], [100, 80, 95], [200, 100, 190], [200, 190, 100]]


def test_means_regrets_and_satisficing_are_those_of_hand():
    found = robustness(made(VALUES), target=0.2)
    base, one, two = found.standings
    assert (base.mean, one.mean, two.mean) == (150.0, 115.0, 113.75)
    assert one.change == pytest.approx(115.0 / 150.0 - 1.0)
    # least in each world: 70, 80, 100, 100; regrets of option 1: 20, 0, 0, 90; of option 2: 0, 15, 90, 0
    assert (one.regret, one.regret_max) == (27.5, 90.0)
    assert (two.regret, two.regret_max) == (26.25, 90.0)
    assert base.regret == (30 + 20 + 100 + 100) / 4
    # 90 % lies at the last quarter's middle or beyond: the largest
    assert one.regret_90 == 90.0
    assert (one.satisfied, two.satisfied, base.satisfied) == (0.5, 0.5, 0.0)
    assert (one.best, two.best) == (0.5, 0.5)
    assert found.favourites["mean"] == "option 2"


def test_weights_count():
    found = robustness(made(VALUES, [0.7, 0.1, 0.1, 0.1]))
    assert found.standings[2].mean == pytest.approx(0.7 * 70 + 0.1 * (95 + 190 + 100))
    assert found.standings[1].best == pytest.approx(0.2)
    assert found.matches.better[found.matches.names.index("option 2"), found.matches.names.index("option 1")] == (
        pytest.approx(0.8)
    )


def test_the_favourite_hangs_on_the_criterion():
    # option 1: better on average, once much worse; option 2: always a little
    found = robustness(made([[100, 50, 85]] * 9 + [[100, 100, 10]]), target=0.12)
    assert found.favourites == {
        "mean": "option 1", "regret_90": "option 2", "regret_max": "option 2", "satisfied": "option 2"
    }  # fmt: skip
    assert any("option 2" in sentence for sentence in found.sentences())


def test_equals_share_the_first_place_and_tie():
    found = robustness(made([[100, 80, 80]] * 10))
    assert [one.best for one in found.standings] == [0.0, 0.5, 0.5]
    assert found.tied == ("option 2",)
    assert robustness(made([[100, 80, 90]] * 10)).tied == ()


def test_the_error_is_that_of_a_mean_and_counts_pairs_once():
    values = np.random.default_rng(1).normal(size=50)
    weight = np.full(50, 0.02)
    assert error(values, weight, np.arange(50)) == pytest.approx(values.std(ddof=1) / 50**0.5)
    twice = error(np.repeat(values, 2), np.full(100, 0.01), np.repeat(np.arange(50), 2))
    assert twice == pytest.approx(values.std(ddof=1) / 50**0.5)


def test_parts_are_the_worlds_of_a_state_and_add_up():
    states = pd.DataFrame({"door": ["open"] * 12 + ["shut"] * 20 + ["ajar"] * 2})
    values = np.array([[100, 50, 90]] * 12 + [[100, 90, 40]] * 20 + [[100, 90, 90]] * 2)
    choices = made(values, states=states)
    found = {one.part: one for one in by_part(choices)}
    assert {*found} == {"door=open", "door=shut"}  # two worlds say nothing
    assert found["door=open"].favourites["mean"] == "option 1"
    assert found["door=shut"].favourites["mean"] == "option 2"
    assert found["door=shut"].probability == pytest.approx(20 / 34)
    whole = robustness(choices).standings[1].mean
    rest = sum(one.probability * one.standings[1].mean for one in found.values()) + 90 * 2 / 34
    assert rest == pytest.approx(whole)


def test_a_part_that_is_none_is_refused():
    with pytest.raises(InputError, match="part"):
        robustness(made(VALUES), part="door=open")
