from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplysim.experiment.ledger import SPLIT, displacement, entries, mean_ledger, rerouting_noise
from supplysim.outputs.account import CHANNELS, Account, account

FLOW = st.integers(0, 10**9)


@st.composite
def accounts(draw):
    delivered, seized, cancelled, outstanding = (draw(FLOW) for _ in range(4))
    singapore = draw(st.integers(0, delivered))
    return Account(
        ordered=delivered + seized + cancelled + outstanding,
        delivered=delivered,
        seized=seized,
        cancelled=cancelled,
        disabled=draw(FLOW),
        outstanding=outstanding,
        delivered_h100e=1.5 * delivered,
        in_use_h100e_years=0.7 * delivered,
        channels={name: float(draw(FLOW)) for name in ("licensed", "rented", "offshore", "domestic")},
        routes={"SG": singapore, "MY": delivered - singapore},
        government_cost=0.0,
        industry_cost=0.0,
    )


def example(**changes):
    world = Account(
        ordered=1_000,
        delivered=800,
        seized=50,
        cancelled=100,
        disabled=0,
        outstanding=50,
        delivered_h100e=1_600.0,
        in_use_h100e_years=900.0,
        channels={"licensed": 500.0, "rented": 300.0, "offshore": 0.0, "domestic": 200.0},
        routes={"SG": 400, "MY": 400},
        government_cost=0.0,
        industry_cost=0.0,
    )
    return replace(world, **changes)


@given(accounts(), accounts())
def test_ledger_closes_in_whole_chips(baseline, policy):
    ledger = displacement(baseline, policy)
    assert ledger.prevented == ledger.substituted + ledger.intercepted + ledger.blocked + ledger.delayed
    assert ledger.substituted == pytest.approx(sum(ledger.substitutes.values()), abs=1e-3)
    assert 0.0 <= ledger.rerouted_memo <= policy.delivered


@given(accounts())
def test_equal_worlds_have_an_empty_ledger(world):
    ledger = displacement(world, world)
    assert (ledger.prevented, ledger.substituted, ledger.intercepted, ledger.blocked, ledger.delayed) == (0,) * 5
    assert ledger.rerouted_memo == 0.0
    assert set(ledger.substitutes.values()) == {0.0}


def test_each_part_says_where_the_chips_went():
    policy = example(
        ordered=900,
        delivered=600,
        seized=90,
        cancelled=130,
        outstanding=80,
        disabled=7,
        delivered_h100e=1_200.0,
        channels={"licensed": 500.0, "rented": 400.0, "offshore": 0.0, "domestic": 220.0},
        routes={"SG": 150, "MY": 450},
    )
    ledger = displacement(example(), policy)
    assert (ledger.prevented, ledger.substituted, ledger.intercepted, ledger.blocked, ledger.delayed) == (
        200,
        100,
        40,
        30,
        30,
    )
    assert ledger.disabled_memo == 7
    assert ledger.rerouted_memo == pytest.approx(0.25 * 600)  # half of all deliveries by SG, then a quarter
    # 100 more H100e rented are 50 chips of 2 H100e; 20 more domestic are 10; 40 chips nobody replaced.
    assert ledger.substitutes == {"licensed": 0.0, "rented": 50.0, "offshore": 0.0, "domestic": 10.0, "none": 40.0}


def test_lost_chip_is_an_error():
    with pytest.raises(ArithmeticError, match="does not close"):
        displacement(example(), example(delivered=799))


def test_nothing_delivered_is_counted_in_reference_chips():
    nothing = example(ordered=200, delivered=0, delivered_h100e=0.0, routes={"SG": 0, "MY": 0})
    policy = replace(nothing, ordered=150, cancelled=50, channels={**nothing.channels, "rented": 330.0})
    ledger = displacement(nothing, policy)
    assert ledger.substitutes["rented"] == 30.0
    assert ledger.rerouted_memo == 0.0


@given(st.lists(st.tuples(accounts(), accounts()), min_size=1, max_size=5))
def test_mean_ledger_closes(worlds):
    mean = mean_ledger([displacement(*pair) for pair in worlds])
    parts = mean.substituted + mean.intercepted + mean.blocked + mean.delayed
    assert mean.prevented == pytest.approx(parts, abs=1e-3)
    assert mean.substituted == pytest.approx(sum(mean.substitutes.values()), abs=1e-3)


@given(accounts(), accounts())
def test_row_of_a_ledger_has_the_split_after_the_fixed_entries(baseline, policy):
    row = entries(displacement(baseline, policy))
    fixed = ["prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo"]
    assert list(row) == [*fixed, *SPLIT, "disabled_memo"]
    assert row["substituted"] == pytest.approx(sum(row[name] for name in SPLIT), abs=1e-3)
    assert [name.removeprefix("substituted_") for name in SPLIT] == [*CHANNELS, "none"]


def test_noise_is_rerouting_between_neighbouring_baselines():
    worlds = [
        example(delivered=800, routes={"SG": 800, "MY": 0}),
        example(delivered=400, routes={"SG": 200, "MY": 200}),
        example(delivered=100, routes={"SG": 0, "MY": 100}),
    ]
    # Half, half and all of the deliveries of the next world would have come by the other country.
    np.testing.assert_allclose(rerouting_noise(worlds), [0.5 * 400, 0.5 * 100, 1.0 * 800])


def test_noise_needs_two_baselines():
    assert np.isnan(rerouting_noise([example()])).all()


def test_equal_baselines_have_no_noise():
    assert (rerouting_noise([example()] * 3) == 0.0).all()


def test_account_adds_flows_from_the_first_policy_week_and_takes_stocks_at_the_end():
    names = ("ordered", "delivered", "seized", "cancelled", "disabled")
    kinds = ("rented_h100e", "licensed_h100e", "offshore_h100e", "domestic_h100e")
    flows = ("in_use_h100e", "delivered_h100e", *kinds, "delivered_via:SG")
    weekly = pd.DataFrame({name: np.arange(6) for name in (*names, *flows)})
    weekly = weekly.assign(open=[9, 9, 9, 9, 9, 4], in_transit=[9, 9, 9, 9, 9, 3])
    weekly = weekly.assign(government_cost=10.0, industry_cost=0.0).rename_axis("week")
    total = account(weekly, first_week=3, discount_rate=0.03)
    assert total.ordered == 3 + 4 + 5
    assert isinstance(total.ordered, int)
    assert total.outstanding == 7
    assert total.routes == {"SG": 12}
    assert total.channels == {"licensed": 12.0, "rented": 12.0, "offshore": 12.0, "domestic": 12.0}
    assert total.in_use_h100e_years == pytest.approx((3 + 4 + 5) / 52)
    assert total.government_cost == pytest.approx(10.0 * (1.0 + 1.03 ** (-1 / 52) + 1.03 ** (-2 / 52)))
    assert account(weekly, first_week=3, discount_rate=0.0).government_cost == 30.0
