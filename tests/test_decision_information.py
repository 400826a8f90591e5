"""The value of information against known answers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.choices import gaussian, linear, made, points
from supplysim.decision.information import information
from supplysim.errors import InputError


def of(found, name):
    return next(one for one in (*found.factors, *found.groups) if one.name == name)


def test_two_options_and_a_normal_factor_give_the_closed_form():
    known = gaussian(-4.0, 20.0)
    found = [of(information(linear(seed=seed)), "x0") for seed in range(6)]
    assert np.mean([one.value for one in found]) == pytest.approx(known, rel=0.08)
    assert sum(one.low <= known <= one.high for one in found) >= 5
    assert all(one.clear for one in found)


def test_three_options_give_the_integral():
    z = np.linspace(-8.0, 8.0, 400_001)
    density = stats.norm.pdf(z) * (z[1] - z[0])

    def known(slope, own, other):
        least = np.minimum(np.minimum(100.0, 100.0 + own + slope * z), 100.0 + other)
        return 100.0 + min(own, other, 0.0) - float(density @ least)

    found = [information(linear(slopes=(20.0, 8.0), means=(-4.0, -6.0), seed=seed)) for seed in range(6)]
    for name, worth in (("x0", known(20.0, -4.0, -6.0)), ("x1", known(8.0, -6.0, -4.0))):
        assert np.mean([of(one, name).value for one in found]) == pytest.approx(worth, rel=0.15, abs=0.1)


def test_it_is_that_of_nested_monte_carlo_where_the_mean_bends():
    def outcomes(x, y, w):
        return np.stack(
            [np.full(np.shape(x + y + w), 1.0), 1.2 + np.sin(5.0 * x) * (0.5 + y) - 0.3 * w, 0.9 + y - x**2]
        )

    rng = np.random.default_rng(2)
    inner = outcomes((np.arange(400) + 0.5)[:, None] / 400, rng.random((400, 2000)), rng.random((400, 2000)))
    by_x = inner.mean(axis=2)
    nested = by_x.mean(axis=1).min() - by_x.min(axis=0).mean()
    found = []
    for seed in range(4):
        u = points(512, 3, seed)
        choices = made(outcomes(*u.T).T, factors=pd.DataFrame(u, columns=["x", "y", "w"]))
        found.append(of(information(choices), "x"))
    assert np.mean([one.value for one in found]) == pytest.approx(nested, rel=0.1)


def test_what_does_nothing_is_worth_nothing_among_thirty():
    found = information(linear(count=30))
    idle = [one for one in found.factors if one.name != "x0"]
    assert len(idle) == 29
    assert sum(one.low > 0.0 for one in idle) <= 4  # 90 % intervals: one in twenty begins above 0
    assert not any(one.clear for one in idle)
    assert found.factors[0].name == "x0"


def test_what_is_worth_little_may_be_nothing_and_has_an_interval_that_holds_it():
    known = gaussian(-10.0, 5.0)
    found = [of(information(linear(96, seed, means=(-10.0,), slopes=(5.0,))), "x0") for seed in range(12)]
    assert sum(one.low <= known <= one.high for one in found) >= 9
    assert sum(one.low == 0.0 for one in found) >= 6
    assert max(one.high for one in found) < 1.0


def test_where_nothing_is_uncertain_nothing_is_worth_anything():
    found = information(made([[100.0, 80.0, 90.0]] * 64, factors=pd.DataFrame({"x": np.arange(64.0)})))
    assert found.everything.value == 0.0
    assert [one.value for one in found.factors] == [0.0]


def test_perfect_information_is_the_mean_regret_of_the_favourite():
    found = information(made([[100, 90, 70], [100, 80, 95], [200, 100, 190], [200, 190, 100]]), worth=1000.0)
    assert found.everything.value == 26.25
    assert found.everything.relative == pytest.approx(26.25 / 150.0)
    assert found.everything.dollars == 26_250.0
    assert found.factors == ()
    assert "32 worlds" in found.sentences()[-1]


def test_a_group_is_worth_what_its_members_are_together():
    u = points(256, 8, 3)
    z = stats.norm.ppf(u)
    noise = 5.0 * np.random.default_rng(4).normal(size=256)
    values = np.column_stack([np.full(256, 100.0), 98.0 + 8.0 * z[:, 0] + 8.0 * z[:, 1] + noise])
    names = [
        "border_exposure",
        "border_targeting",
        "border_sensitivity",
        "case_weeks",
        "effort",
        "wtp",
        "taste",
        "salience",
    ]
    found = information(made(values, factors=pd.DataFrame(u, columns=names)))
    for name in ("border", "all that stand out"):
        assert of(found, name).value == pytest.approx(gaussian(-2.0, 8.0 * 2**0.5), rel=0.25)
    assert {one.name for one in found.groups if one.clear} == {"border", "all that stand out"}
    assert of(found, "border").value > max(one.value for one in found.factors)


def test_a_state_is_worth_what_knowing_it_changes():
    states = pd.DataFrame({"door": ["open"] * 50 + ["shut"] * 150})
    rng = np.random.default_rng(6)
    base = 100.0 + rng.normal(size=200)
    values = np.column_stack([base, base - np.where(states["door"] == "open", 40.0, 10.0), base - 20.0])
    found = information(made(values, states=states))
    # not knowing: -20 by option 2; knowing: -40 where open, -20 where shut
    assert of(found, "door").value == pytest.approx(0.25 * 20.0, rel=0.1)
    assert of(found, "door").clear
    assert of(found, "states of the world").value == pytest.approx(5.0, rel=0.1)
    assert "Only time tells." in " ".join(found.sentences())


def test_a_factor_is_told_with_its_sources_or_that_there_are_none():
    choices = linear()
    choices.factors.columns = ["demand_scale", "audit_sensitivity", "wtp", "effort", "taste"]
    told = " ".join(information(choices, worth=25_000.0).sentences())
    assert "(demand_scale) alone" in told
    assert "On record: " in told
    assert "$" in told
    choices.factors.columns = ["audit_sensitivity", "demand_scale", "wtp", "effort", "taste"]
    assert "An assumption: nothing on record would tell." in " ".join(information(choices).sentences())


def test_the_same_seed_gives_the_same_and_other_factors_move_nothing():
    choices = linear()
    assert information(choices).document() == information(choices).document()
    fewer = made(choices.of("chips"), factors=choices.factors[["x0", "x1"]])
    assert of(information(fewer), "x0").value == pytest.approx(of(information(choices), "x0").value, rel=0.02)


@pytest.mark.parametrize("worth", [-1.0, float("nan"), float("inf"), "much", True])
def test_a_worth_that_is_none_is_refused(worth):
    with pytest.raises(InputError, match="worth"):
        information(linear(), worth=worth)
