"""The quick estimate: no lever no effect, states as they were trained, later starts, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from supplysim.emulator.later import delayed
from supplysim.emulator.predict import FILES, Emulator, cases_of, features, indicators
from supplysim.errors import InputError
from supplysim.setup.states import State, Value

BEIJING = State("beijing", (Value("open", 0.25), Value("shut", 0.75)))
RULE = State("rule", (Value("stayed", 0.5), Value("in-force", 0.5)))


@pytest.fixture(scope="module")
def now() -> Emulator:
    return Emulator.load(FILES["baseline-2027"])


def test_no_lever_has_no_effect_in_any_state():
    for case in cases_of([BEIJING, RULE]):
        assert not features(np.zeros(3), indicators([BEIJING, RULE], case)).any()


def test_worlds_as_drawn_are_the_mean_over_the_values_of_a_state():
    x = np.array([0.3, 0.0, 1.0])
    by_value = [features(x, indicators([BEIJING], {"beijing": name})) for name in BEIJING.names]
    np.testing.assert_allclose(BEIJING.probabilities @ by_value, features(x, indicators([BEIJING], {})), atol=1e-12)


def test_every_choice_of_values_is_a_case_and_no_choice_is_one_too():
    assert len(cases_of([BEIJING, RULE])) == 9
    assert cases_of([]) == [{}]


def test_a_later_start_meets_the_baseline_of_its_own_years():
    """One series, one measure, three years: a fall of 10, 20, 30 % of 100, 200, 400, begun a year later."""
    base = np.concatenate([np.repeat([25.0, 50.0, 100.0], 4), [100.0, 200.0, 400.0, 700.0]])
    fall = np.concatenate([np.repeat([0.1, 0.2, 0.3], 4), [0.1, 0.2, 0.3, 0.0]])
    mean = -fall * base
    mean[-1] = mean[-4:-1].sum()
    nothing = np.zeros_like(mean)
    moved, *_, left = delayed(mean, nothing, nothing, nothing, np.zeros((5, mean.size)), base, (1, 1, 3), 1)
    np.testing.assert_allclose(moved[:12], -np.repeat([0.0, 0.1, 0.2], 4) * base[:12])
    np.testing.assert_allclose(moved[12:], [0.0, -20.0, -80.0, -100.0])
    assert left[0] == pytest.approx(100.0 / 170.0)


def test_levers_that_start_later_do_nothing_before_and_less_in_all(now):
    early, late = now.predict({"border": 1.0}), now.predict({"border": 1.0}, later=2)
    assert not late.effect("delivered", 2028).diff.any()
    assert late.effect("delivered", 2029).diff[2] < 0.0
    assert early.ledger["prevented"] > late.ledger["prevented"] > 0.0


def test_china_open_to_licensed_chips_gives_tighter_controls_something_to_stop(now):
    opened, shut = (Emulator.load(FILES["baseline-2027"], {"beijing": value}) for value in ("open", "shut"))
    changes = [
        each.predict({"tighter_controls": 1.0}).effect("compute_h100e", "window").relative.mean
        for each in (opened, shut)
    ]
    assert changes[0] < changes[1] - 0.03


@pytest.mark.parametrize("later", [-1, 4, True, 1.0])
def test_a_start_outside_its_years_is_refused(now, later):
    with pytest.raises(InputError, match="whole years from 0 to 3"):
        now.predict({"border": 1.0}, later=later)


def test_a_state_that_it_does_not_know_is_refused():
    with pytest.raises(InputError, match="knows no such states"):
        Emulator.load(FILES["baseline-2027"], {"beijing": "ajar"})


def test_what_is_shipped_tells_unseen_packages_apart(now):
    """Printed where it is used; a later training that tells them worse trips this."""
    for name in ("delivered", "compute_h100e", "frontier_h100e"):
        told = now.report[name]
        assert told["rank_correlation"] >= 0.9, name
        assert abs(told["bias"]) <= 0.05, name
        assert told["sign"] >= 0.95, name
