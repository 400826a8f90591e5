"""The signal-detection test behind every channel: rates, monotone coupling, weight of a flag."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from supplysim.detection import channels, signal
from supplysim.detection.traits import read_channels
from supplysim.evidence import parameters

MEAN_SOPHISTICATION = 0.4  # the public mean that agencies know (EQUATIONS a)

no_deadline = settings(deadline=None)  # the first call may compile
share = st.floats(0.0, 1.0)
strictness = st.floats(-3.0, 6.0)
information = st.floats(0.0, 9.0)


def default(name):
    return parameters()[name].default


@no_deadline
@given(d=information, theta=strictness, kappa=share, s=share)
def test_a_hit_rate_is_the_normal_tail_beyond_the_threshold(d, theta, kappa, s):
    assert signal.hit_rate(d, theta, kappa, s) == pytest.approx(norm.sf(theta, loc=d * (1.0 - kappa * s)), rel=1e-12)


@no_deadline
@given(strictness)
def test_a_false_alarm_rate_is_the_tail_of_honest_scores(theta):
    assert signal.false_alarm_rate(theta) == pytest.approx(norm.sf(theta), rel=1e-12)


@no_deadline
@given(theta=strictness, kappa=share, s=share)
def test_a_channel_without_information_treats_all_alike(theta, kappa, s):
    assert signal.hit_rate(0.0, theta, kappa, s) == signal.false_alarm_rate(theta)


@no_deadline
@given(
    seen=share, score=share, e=share, d=information, theta=strictness, kappa=share, s=share,
    more_e=share, more_d=information, lower=st.floats(0.0, 3.0),
)  # fmt: skip
def test_a_stronger_lever_keeps_every_flag(seen, score, e, d, theta, kappa, s, more_e, more_d, lower):
    def flagged(exposure, sensitivity, threshold):
        return seen < exposure and score < signal.hit_rate(sensitivity, threshold, kappa, s)

    if flagged(e, d, theta):
        assert flagged(e + more_e, d, theta)
        assert flagged(e, d + more_d, theta)
        assert flagged(e, d, theta - lower)


@no_deadline
@given(exposure=st.floats(0.0, 10.0), rate=share, factor=st.floats(0.0, 20.0), more=st.floats(0.0, 5.0))
def test_a_weekly_chance_is_a_chance_and_grows_with_exposure(exposure, rate, factor, more):
    chance = signal.weekly_chance(exposure, rate, factor)
    assert 0.0 <= chance <= 1.0
    assert chance <= signal.weekly_chance(exposure + more, rate, factor)


# EQUATIONS a, column "typical llr", to the digit printed; the end-use value is at four recent shipments.
@pytest.mark.parametrize(
    ("channel", "volume", "typical"),
    [
        (channels.SCREENING, 0.0, 1.15),
        (channels.NOTIFICATION, 0.0, 1.48),
        (channels.LOCATION, 0.0, 2.78),
        (channels.TIP, 400.0, 5.1),
        (channels.MARKETPLACE, 400.0, 3.9),
        (channels.INTELLIGENCE, 400.0, 4.7),
        (channels.END_USE, 4.0, 3.2),
    ],
)
def test_a_flag_weighs_what_the_tested_equations_say(channel, volume, typical):
    traits = read_channels(default("concealment"), default("insider_share"))[channel]
    name = channels.NAMES[channel]
    hit = signal.hit_rate(
        default(f"{name}_sensitivity"), default(f"{name}_threshold"), traits["concealable"], MEAN_SOPHISTICATION
    )
    honest = traits["honest_factor"] if channel != channels.LOCATION else 1.0
    diverter = traits["active_factor"] * signal.size_factor(
        volume, traits["size_exponent"], traits["size_scale"], traits["size_cap"]
    )
    weight = signal.log_likelihood_ratio(hit, signal.false_alarm_rate(default(f"{name}_threshold")), diverter, honest)
    assert weight == pytest.approx(typical, abs=0.05)


def test_opened_goods_weigh_more_than_what_made_a_border_open_them():
    hit = signal.hit_rate(default("stopped_sensitivity"), default("stopped_threshold"), 0.0, 0.0)
    opened = signal.log_likelihood_ratio(hit, signal.false_alarm_rate(default("stopped_threshold")), 1.0, 1.0)
    assert opened == pytest.approx(2.6, abs=0.05)
    hit = signal.hit_rate(default("border_sensitivity"), default("border_threshold"), 0.5, 0.4)
    closed = signal.log_likelihood_ratio(hit, signal.false_alarm_rate(default("border_threshold")), 1.0, 1.0)
    assert closed < opened


@no_deadline
@given(st.lists(st.floats(-2.0, 6.0), max_size=20))
def test_evidence_never_exceeds_its_cap_and_later_flags_count_half(weights):
    evidence = 0.0
    for weight in weights:
        before, evidence = evidence, signal.added_evidence(evidence, weight, 8.0)
        assert evidence <= 8.0
        assert evidence == min(8.0, before + weight * (1.0 if before <= 1.0 else 0.5))


def test_exposure_grows_with_size_up_to_a_cap():
    assert signal.size_factor(400.0, 0.5, 50.0, 7.7) == 3.0
    assert signal.size_factor(1e9, 0.5, 50.0, 7.7) == 7.7
    assert signal.size_factor(3.0, 1.0, 0.0, 8.0) == 3.0
    assert signal.size_factor(99.0, 1.0, 0.0, 8.0) == 8.0
    assert signal.size_factor(99.0, 0.0, 50.0, 7.7) == 1.0


def test_the_logistic_does_not_overflow():
    assert signal.logistic(-1000.0) == 0.0
    assert signal.logistic(1000.0) == 1.0
    assert signal.logistic(0.7) == pytest.approx(1.0 / (1.0 + math.exp(-0.7)))


def test_every_channel_is_named_as_in_the_evidence():
    named = {name.lower(): value for name, value in vars(channels).items() if isinstance(value, np.integer)}
    assert named == {name: index for index, name in enumerate(channels.NAMES)}
    assert {channels.NAMES[channel] for channel in channels.WATCHING} == {
        "end_use",
        "tip",
        "marketplace",
        "intelligence",
    }
