"""The six levers: what each moves, how it grows, whom it binds, what it costs, and who hears of it."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplysim.conditions import NON_NEGATIVE, SHARES, shifted
from supplysim.detection import channels
from supplysim.model import SupplyChain
from supplysim.policies.registry import SIX, levers
from supplysim.population import build
from supplysim.scenario import Scenario

BASELINE = Scenario.load("baseline-2024")
WORLD, BASE = build(BASELINE, (), 3)
START = BASE.policy_start
LAST = BASE.weeks - 1
VENDORS = {"screening_exposure", "screening_sensitivity", "screening_threshold", "screening_report"}

# Lever -> the only effective parameters it may move, and where along their second axis (None: vendors).
MOVES = {
    "due_diligence": dict.fromkeys(VENDORS),
    "notification": {"notification_exposure": None, "screening_sensitivity": None},
    "location_verification": {"feature_share": None},
    "intelligence": {"exposure": channels.INTELLIGENCE, "sensitivity": channels.INTELLIGENCE},
    "whistleblower": {"exposure": channels.TIP, "threshold": channels.TIP},
    "enforcement_budget": {"investigators": 0},
}
by_lever = pytest.mark.parametrize("lever", SIX)


def conditions(*policies):
    return shifted(BASE.conditions, [shift for policy in policies for shift in policy.shifts(BASE)])


def moved(policy):
    """Return how far a policy moves each effective parameter, shape (weeks, ...), where it moves it."""
    after = conditions(policy)
    change = {name: after[name] - BASE.conditions[name] for name in after.dtype.names if name != "announcing"}
    return {name: amount for name, amount in change.items() if amount.any()}


def test_the_six_recommendations_come_first():
    assert tuple(levers())[:6] == SIX


@by_lever
def test_a_lever_says_in_words_what_it_does(lever):
    kind = levers()[lever]
    assert kind.lever == lever
    assert kind.group in ("sale", "chip", "information", "border", "consequences")
    for text in (kind.title, kind.mechanism, kind.response, kind.unknown, kind.payer, kind.burden):
        assert len(text) >= 10
    for source in kind.sources:
        assert re.fullmatch(r"assumption|Q\d{3}|P:[A-Z]\d{2}|case:C\d{2}", source)
    assert kind.ramp_weeks > 0


@by_lever
def test_every_setting_has_a_unit_a_meaning_and_a_range_around_its_default(lever):
    declared = levers()[lever].settings()
    assert "intensity" in declared
    assert len(declared) >= 2  # a strength and at least one number of its own
    for setting in declared.values():
        assert setting["unit"]
        assert setting["meaning"]
        assert setting["low"] <= setting["default"] <= setting["high"]


@by_lever
def test_strength_grows_in_a_line_from_the_start_to_the_end_of_the_ramp(lever):
    policy = levers()[lever](intensity=0.8)
    x = policy.strength(BASE)
    assert (x[: START + 1] == 0.0).all()
    full = START + policy.ramp_weeks
    assert x[START : full + 1] == pytest.approx(0.8 * np.arange(policy.ramp_weeks + 1) / policy.ramp_weeks)
    assert (x[full:] == 0.8).all()


def test_a_lever_starts_and_ends_on_its_days():
    policy = levers()["due_diligence"](start=date(2024, 1, 1), end=date(2024, 7, 1))
    x = policy.strength(BASE)
    assert np.flatnonzero(x).tolist() == list(range(53, 78))  # week 52 is the foot of the ramp


def test_a_policy_older_than_the_scenario_is_already_at_strength():
    assert levers()["notification"](start=date(2020, 1, 6)).strength(BASE).min() == 1.0


@by_lever
def test_a_lever_moves_what_it_declares_and_nothing_else(lever):
    change = moved(levers()[lever]())
    assert set(change) == set(MOVES[lever])
    for name, place in MOVES[lever].items():
        elsewhere = change[name] if place is None else np.delete(change[name], place, axis=1)
        assert place is None or not elsewhere.any()
        assert not change[name][:START].any()


@pytest.mark.parametrize(
    ("lever", "field", "place", "full"),
    [
        ("due_diligence", "screening_exposure", 0, 0.95),
        ("due_diligence", "screening_sensitivity", 0, 0.8 + 0.6),
        ("due_diligence", "screening_threshold", 0, 1.65 - 0.3),
        ("due_diligence", "screening_report", 0, 0.03 + 0.3),
        ("notification", "notification_exposure", 0, 0.9),
        ("notification", "screening_sensitivity", 0, 0.8 + 0.2),
        ("location_verification", "feature_share", 0, 1.0),
        ("location_verification", "exposure", channels.LOCATION, 0.7),
        ("intelligence", "exposure", channels.INTELLIGENCE, 6 * 0.04),
        ("intelligence", "sensitivity", channels.INTELLIGENCE, 1.4 + 0.4),
        ("whistleblower", "threshold", channels.TIP, 1.8 - 0.15),
        ("enforcement_budget", "investigators", 0, 4 * 12.0),
    ],
)
def test_a_full_lever_reaches_the_published_strength(lever, field, place, full):
    assert conditions(levers()[lever]())[field][LAST, place] == pytest.approx(full)


def test_a_funded_award_of_thirty_percent_brings_about_eight_times_the_tips():
    after = conditions(levers()["whistleblower"]())["exposure"][LAST, channels.TIP]
    assert after / BASE.conditions["exposure"][LAST, channels.TIP] == pytest.approx(8.0, rel=0.05)


def test_tips_follow_the_award_its_funding_and_protection():
    def tips(**numbers):
        return conditions(levers()["whistleblower"](**numbers))["exposure"][LAST, channels.TIP]

    usual = BASE.conditions["exposure"][LAST, channels.TIP]
    assert tips(award_share=0.0) == pytest.approx(usual)
    assert usual < tips(award_share=0.1) < tips(award_share=0.3) < tips(award_share=0.5)
    assert tips(funding=0.0) == pytest.approx(usual)
    assert tips(funding=0.5) == pytest.approx(tips(award_share=0.15))
    assert tips(award_share=0.0, protection=1.0) > usual


def test_old_chips_never_get_the_feature_and_production_lags():
    share = conditions(levers()["location_verification"]())["feature_share"][:, 0]
    weeks = np.arange(27) / 26
    assert share[START : START + 27] == pytest.approx(weeks * weeks)  # ramp times production lag


numbers = {
    lever: st.fixed_dictionaries(
        {name: st.floats(s["low"], s["high"]) for name, s in levers()[lever].settings().items()}
    )
    for lever in SIX
}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(SIX).flatmap(lambda lever: st.tuples(st.just(lever), numbers[lever])), min_size=1, max_size=5
    )
)
def test_shares_stay_shares_and_nothing_turns_negative(chosen):
    after = conditions(*(levers()[lever](**values) for lever, values in chosen))
    for name in SHARES:
        assert ((after[name] >= 0.0) & (after[name] <= 1.0)).all(), name
    for name in NON_NEGATIVE:
        assert (after[name] >= 0.0).all(), name


def test_two_location_policies_do_not_make_more_chips_report_than_do():
    kind = levers()["location_verification"]
    after = conditions(kind(vendors=BASE.vendors[:1]), kind(vendors=BASE.vendors[1:]))
    assert after["exposure"][LAST, channels.LOCATION] <= 0.7


@pytest.mark.parametrize("lever", ["due_diligence", "notification", "location_verification"])
def test_a_rule_for_one_vendor_moves_that_vendor_alone(lever):
    vendor = BASE.vendors[1]
    change = moved(levers()[lever](vendors=(vendor,)))
    everywhere = moved(levers()[lever]())
    for name, place in MOVES[lever].items():
        if place is None:
            assert np.array_equal(change[name][:, 1], everywhere[name][:, 1])
            assert not np.delete(change[name], 1, axis=1).any()


@by_lever
@pytest.mark.parametrize("cost", ["government_cost", "industry_cost", "industry_cost_per_chip"])
def test_costs_are_finite_and_fall_due_only_in_force(lever, cost):
    policy = levers()[lever](end=date(2026, 1, 5))
    due = getattr(policy, cost)(BASE)
    assert due.shape == (BASE.weeks,)
    assert np.isfinite(due).all()
    assert (due >= 0.0).all()
    assert not due[policy.strength(BASE) == 0.0].any()


@by_lever
def test_every_lever_costs_somebody_something(lever):
    policy = levers()[lever]()
    assert policy.government_cost(BASE).sum() + policy.industry_cost(BASE).sum() > 0.0


def test_more_investigators_cost_their_salaries():
    cost = levers()["enforcement_budget"](growth=3.0).government_cost(BASE)
    assert cost[LAST] * 52.0 == pytest.approx(3 * 12.0 * 350_000)


def heard(*policies, **parameters):
    model = SupplyChain("baseline-2024", [f"{policy}@2024-06" for policy in policies], rng=3, parameters=parameters)
    model.run(130)
    return float(model.world.market["heard"][0, 0])


def test_more_staff_and_more_tips_are_heard_and_reinforce_each_other():
    nothing, staff, tips = heard(), heard("enforcement_budget"), heard("whistleblower")
    both = heard("enforcement_budget", "whistleblower")
    assert nothing == 1.0
    assert staff > 1.05
    assert tips > 1.05
    assert both > max(staff, tips)
    assert both - 1.0 > (staff - 1.0) + (tips - 1.0)  # leads and cases are needed together


def test_what_is_heard_grows_with_strength_and_belief():
    assert 1.0 < heard("enforcement_budget=0.3") < heard("enforcement_budget=1")
    assert 1.0 < heard("whistleblower", announcement=0.3) < heard("whistleblower", announcement=1.0)


def test_without_announcement_nothing_is_heard():
    assert heard("enforcement_budget", "whistleblower", announcement=0.0) == 1.0


def test_place_checks_are_not_counted_among_what_ends_in_a_case():
    assert heard("location_verification") == 1.0
