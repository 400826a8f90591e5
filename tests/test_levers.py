"""The twenty-two levers: what each moves, how it grows, whom it binds and what it costs."""

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lever_worlds import ALL, BASE, FOR_CHINA, H_CLASS, LAST, MOVES, MY, SG, START, US, bits, conditions, make, moved

from supplysim.detection import channels
from supplysim.policies.base import GROUPS, Policy
from supplysim.policies.registry import SIX, levers
from supplysim.world.conditions import NON_NEGATIVE, SHARES
from supplysim.world.overlap import COSTS

FREE = {"penalties"}  # paid for as it happens, or not at all
by_lever = pytest.mark.parametrize("lever", levers())


def test_every_lever_of_the_interface_is_there_and_the_six_recommendations_come_first():
    assert tuple(levers())[:6] == SIX
    assert set(levers()) == set(MOVES)


@by_lever
def test_a_lever_says_in_words_what_it_does(lever):
    kind = levers()[lever]
    assert kind.lever == lever
    assert kind.group in ("sale", "chip", "information", "border", "consequences")
    for text in (kind.title, kind.mechanism, kind.response, kind.unknown, kind.payer, kind.burden):
        assert len(text) >= 10
    for source in kind.sources:
        assert re.fullmatch(r"assumption|Q\d{3}|P:[A-Z]\d{2}|case:C\d{2}|(cal|dem|enf|geo|in|sup):[A-Z]\d{2,3}", source)
    assert kind.ramp_weeks >= 0
    assert kind.__doc__.count(".") == 1  # one sentence


@by_lever
def test_every_setting_has_a_unit_a_meaning_and_a_range_around_its_default(lever):
    declared = levers()[lever].settings()
    assert "intensity" in declared
    assert len(declared) >= 2  # a strength, and at least one number of its own
    for setting in declared.values():
        assert setting["unit"]
        assert setting["meaning"]
        assert setting["low"] <= setting["default"] <= setting["high"]


@by_lever
def test_strength_grows_in_a_line_from_the_start_to_the_end_of_the_ramp(lever):
    policy = make(lever, intensity=0.8)
    x = policy.strength(BASE)
    assert (x[:START] == 0.0).all()
    if policy.ramp_weeks == 0:
        assert (x[START:] == 0.8).all()
        return
    line = np.clip(np.arange(BASE.weeks - START) / policy.ramp_weeks, 0.0, 1.0)
    assert x[START:] == pytest.approx(0.8 * line)


def test_a_lever_without_a_ramp_ends_as_it_began():
    x = make("close_country", start="2024-01-01", end="2024-07-01").strength(BASE)
    assert np.flatnonzero(x).tolist() == list(range(52, 78))


def test_a_lever_starts_and_ends_on_its_days():
    policy = levers()["due_diligence"](start=date(2024, 1, 1), end=date(2024, 7, 1))
    x = policy.strength(BASE)
    assert np.flatnonzero(x).tolist() == list(range(53, 78))  # week 52 is the foot of the ramp


def test_a_policy_older_than_the_scenario_is_already_at_strength():
    assert levers()["notification"](start=date(2020, 1, 6)).strength(BASE).min() == 1.0


@by_lever
def test_a_lever_moves_what_it_declares_and_nothing_else(lever):
    change = moved(make(lever))
    assert set(change) == set(MOVES[lever])
    for name, places in MOVES[lever].items():
        assert not change[name][:START].any()
        if places is not ALL:
            assert np.flatnonzero(change[name].any(axis=0)).tolist() == sorted(places), name


@by_lever
def test_a_lever_of_strength_zero_leaves_every_bit(lever):
    assert bits(conditions(make(lever, intensity=0.0))) == bits(BASE.conditions)


@by_lever
def test_a_lever_that_ended_leaves_every_bit_but_the_news_of_its_end(lever):
    policy = make(lever, start="2024-01-01", end="2025-06-30")
    after, end = conditions(policy), BASE.week_of(policy.end)
    left, usual = bits(after[end:]), bits(BASE.conditions[end:])
    assert {name for name in left if left[name] != usual[name]} == {"announcing"}
    assert after["announcing"][end]  # traders hear of it
    assert not after["announcing"][end + 1 :].any()


@pytest.mark.parametrize(
    ("lever", "field", "place", "full"),
    [
        ("due_diligence", "screening_exposure", 0, 0.95),
        ("due_diligence", "screening_sensitivity", 0, 0.8 + 0.6),
        ("due_diligence", "screening_threshold", 0, 1.65 - 0.3),
        ("due_diligence", "screening_report", 0, 0.03 + 0.3),
        ("notification", "notification_exposure", 0, 0.9),
        ("notification", "screening_sensitivity", 0, 0.8 + 0.2),
        ("location_verification", "reporting_share", 0, 1.0),
        ("location_verification", "place_checks", (), 1.0),
        ("intelligence", "exposure", channels.INTELLIGENCE, 6 * 0.04),
        ("intelligence", "sensitivity", channels.INTELLIGENCE, 1.4 + 0.4),
        ("whistleblower", "threshold", channels.TIP, 1.8 - 0.15),
        ("enforcement_budget", "investigators", 0, 4 * 12.0),
        ("border", "border_exposure", SG, (1 + 7 * 0.7) * 0.01 * 1.2),
        ("border", "border_exposure", US, 8 * 0.01 * 3),
        ("close_country", "closed", SG, 1.0),
        ("close_country", "border_exposure", SG, 0.95),
        ("close_country", "inspection_max", SG, 0.95),
        ("close_country", "customs_delay", SG, 2.0),
        ("cooperation", "cooperation", MY, 1.0),
        ("cooperation", "willingness", MY, 0.4 + 0.6 * 0.6),
        ("cooperation", "border_exposure", SG, (1 + 2 * 0.7) * 0.01 * 1.2),
        ("end_use_checks", "exposure", channels.END_USE, 10 * 0.02),
        ("kill_switch", "switch_share", 0, 1.0),
        ("kill_switch", "disable_hazard", 0, 0.35),
        ("kill_switch", "false_disable", (), 0.0005),
        ("legal_supply", "licensed_quota", H_CLASS, 0.5 * 2e6),
        ("marketplace", "exposure", channels.MARKETPLACE, 10 * 0.05),
        ("penalties", "fine_ratio", (), 5 * 2 * 0.5),
        ("remote_kyc", "rentable_share", SG, (1 - 0.8) * 0.56 * (1 - 0.45)),
        ("tighter_controls", "licensed_quota", FOR_CHINA, 0.0),
        ("buyer_list", "access", SG, 0.5 * 0.3),
        ("domestic_inputs", "domestic_capacity", (), (1 - 0.35) * BASE.conditions["domestic_capacity"][LAST]),
        ("parent_headquarters", "offshore_share", (), 0.1 * 0.005),
        ("targeting", "targeting", SG, 0.4 + 0.6 * 0.7),
        ("graded_duty", "graded_exposure", (), 0.95 - 0.45),
        ("graded_duty", "graded_sensitivity", (), 0.6),
        ("tip_priority", "tip_first", 0, 1.0),
    ],
)
def test_a_full_lever_reaches_the_published_strength(lever, field, place, full):
    assert conditions(make(lever, start="2023-01-02"))[field][LAST][place] == pytest.approx(full)


def test_distrust_of_the_switch_costs_one_honest_order_in_a_hundred():
    after = conditions(make("kill_switch", start="2023-01-02"))["honest_scale"]
    assert after[LAST] == pytest.approx(0.99 * BASE.conditions["honest_scale"][LAST])


def test_closing_a_country_alarms_in_its_first_week_alone():
    alarm = conditions(make("close_country"))["hop_alarm"]
    assert np.flatnonzero(alarm.any(axis=1)).tolist() == [START]
    assert alarm[START, SG] == 15.0


def test_a_funded_award_of_thirty_percent_brings_about_eight_times_the_tips():
    after = conditions(make("whistleblower"))["exposure"][LAST, channels.TIP]
    assert after / BASE.conditions["exposure"][LAST, channels.TIP] == pytest.approx(8.0, rel=0.05)


def test_tips_follow_the_award_its_funding_and_protection():
    def tips(**numbers):
        return conditions(make("whistleblower", **numbers))["exposure"][LAST, channels.TIP]

    usual = BASE.conditions["exposure"][LAST, channels.TIP]
    assert tips(award_share=0.0) == pytest.approx(usual)
    assert usual < tips(award_share=0.1) < tips(award_share=0.3) < tips(award_share=0.5)
    assert tips(funding=0.0) == pytest.approx(usual)
    assert tips(funding=0.5) == pytest.approx(tips(award_share=0.15))
    assert tips(award_share=0.0, protection=1.0) > usual


def test_old_chips_never_get_the_feature_and_production_lags():
    share = conditions(levers()["location_verification"]())["reporting_share"][:, 0]
    weeks = np.arange(27) / 26
    assert share[START : START + 27] == pytest.approx(weeks * weeks)  # ramp times production lag


@st.composite
def packages(draw):
    """Return up to five levers at any strength, settings, dates and scope that they allow."""
    chosen = []
    for lever in draw(st.lists(st.sampled_from(list(levers())), min_size=1, max_size=5)):
        kind = levers()[lever]
        values = {name: draw(st.floats(s["low"], s["high"])) for name, s in kind.settings().items()}
        for scope in kind.scopes[:1]:
            least = 1 if kind.needs_scope or kind.default_scope() else 0
            names = st.lists(st.sampled_from(kind.choices(scope)), min_size=least, max_size=3, unique=True)
            values[scope] = draw(names)
        values["start"] = draw(st.sampled_from([None, "2023-01-02", "2024-06", "2025-09"]))
        values["end"] = draw(st.sampled_from([None, "2026-03"]))
        chosen.append(kind(**values))
    return chosen


@settings(max_examples=60, deadline=None)
@given(packages())
def test_shares_stay_shares_and_nothing_turns_negative(chosen):
    after = conditions(*chosen)
    for name in SHARES:
        assert ((after[name] >= 0.0) & (after[name] <= 1.0)).all(), name
    for name in NON_NEGATIVE:
        assert (after[name] >= 0.0).all(), name


@settings(max_examples=60, deadline=None)
@given(packages(), st.randoms(use_true_random=False))
def test_the_order_of_a_package_changes_no_bit(chosen, chance):
    usual = bits(conditions(*chosen))
    chance.shuffle(chosen)
    assert bits(conditions(*chosen)) == usual


def test_two_location_policies_do_not_make_more_chips_report_than_do():
    kind = levers()["location_verification"]
    after = conditions(kind(vendors=BASE.vendors[:1]), kind(vendors=BASE.vendors[1:]))
    assert after["place_checks"].max() == 1.0
    assert after["exposure"][LAST, channels.LOCATION] == BASE.conditions["exposure"][LAST, channels.LOCATION]


@by_lever
@pytest.mark.parametrize("cost", COSTS)
def test_costs_are_finite_and_fall_due_only_in_force(lever, cost):
    policy = make(lever, end=date(2026, 1, 5))
    due = getattr(policy, cost)(BASE)
    assert due.shape == (BASE.weeks,)
    assert np.isfinite(due).all()
    assert (due >= 0.0).all()
    assert not due[policy.strength(BASE) == 0.0].any()


@by_lever
def test_a_lever_costs_somebody_something_unless_it_is_paid_for_as_it_happens(lever):
    policy = make(lever)
    assert (sum(getattr(policy, cost)(BASE).sum() for cost in COSTS) > 0.0) == (lever not in FREE)


def test_more_investigators_cost_their_salaries():
    cost = make("enforcement_budget", growth=3.0, annual_cost=1e6).government_cost(BASE)
    assert cost[LAST] * 52.0 == pytest.approx(3 * 12.0 * 350_000 + 1e6)


@pytest.mark.parametrize("name", levers())
def test_words_on_screen_come_from_the_class(name):
    pytest.importorskip("solara")
    from supplysim.viz.levers import panel

    kind, (shown,) = levers()[name], (each for each in panel() if each["name"] == name)
    assert (shown["title"], shown["long"], shown["group"]) == (kind.called(), kind.title, kind.group)
    assert kind.called() == kind.short
    assert len(kind.short) < 30
    assert kind.group in GROUPS
    assert "physical" in vars(kind)  # of its own, not that of `Policy`
    moved = kind.physical()
    assert (shown["from"], shown["to"], shown["unit"]) == moved[:3]
    assert moved.full != moved.without
    assert float(shown["fmt"]) == 0.0


def test_a_lever_that_says_nothing_of_its_units_is_shown_by_its_strength():
    class Bare(Policy):
        title = "A bare lever"

    assert (Bare.called(), Bare.physical()) == ("A bare lever", (0.0, 100.0, "% strength", 0))
