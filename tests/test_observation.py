"""The public record is late, noisy and harmless: it shows part of what happened and changes none of it (MODEL 11)."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplysim.engine import Engine
from supplysim.evidence import parameters
from supplysim.model import SupplyChain
from supplysim.outputs import observation
from supplysim.outputs.observation import LINES, Events

BUSY = {"investigators": 150.0, "border_exposure": 0.05}  # enough seizures and prosecutions to look at
COUNTED = ("seizures_published", "prosecutions_published")
# A press that is told everything at once, and statistics without error.
ALL_SEEN = {
    "seizure_published": 1.0,
    "seizure_lag_least": 0.0,
    "seizure_lag_most": 0.0,
    "prosecution_lag": 0.1,
    "prosecution_lag_sigma": 0.0,
    "listings_per_seller": 1.0,
    "listing_noise": 0.0,
    "mirror_share": 1.0,
    "mirror_noise": 0.0,
}
no_deadline = settings(deadline=None)  # the first call may compile
share = st.floats(0.0, 1.0)


def run(policies=(), seed=11, until=None, **values):
    """Return a run with many cases."""
    engine = Engine("baseline-2024", policies, seed, BUSY | values)
    engine.run(until)
    return engine


def told(world, **values):
    """Return the same run as seen by another public."""
    row = world.parameters.copy()
    for name, value in values.items():
        row[name] = value
    return world._replace(parameters=row)


def imagined(count, size=1):
    """Return events that never happened, each with draws of its own."""
    number = np.arange(count)
    return Events(np.zeros(count, np.int64), np.full(count, size), number % 50, number)


def fates(world):
    """Return the identity of every seizure and prosecution -> after how many weeks it comes out."""
    found = {}
    for events, lags in (
        (observation.seizures(world), observation.seizure_lags),
        (observation.prosecutions(world), observation.prosecution_lags),
    ):
        identity = zip([lags.__name__] * events.key.size, events.clock.tolist(), events.key.tolist(), strict=True)
        found |= dict(zip(identity, lags(world, events).tolist(), strict=True))
    return found


@pytest.fixture(scope="module")
def usual():
    return run()


# --- what happened -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "line"), [(observation.seizures, "seized"), (observation.prosecutions, "prosecutions")]
)
def test_the_events_add_up_to_the_books_of_every_week(usual, events, line):
    found = events(usual.world)
    by_week = np.bincount(found.week, weights=found.size, minlength=usual.week)
    books = observation.truth(usual.world, usual.week)[line]
    assert np.array_equal(by_week, books)
    assert books.sum() > 0


def test_chips_are_seized_in_transit_and_in_cases_and_both_are_told(usual):
    tally = usual.world.tally
    assert tally["seized_border"].sum() > 0
    assert tally["seized_cases"].sum() > 0


def test_every_event_has_draws_of_its_own(usual):
    for events in (observation.seizures(usual.world), observation.prosecutions(usual.world)):
        assert len({*zip(events.clock.tolist(), events.key.tolist(), strict=True)}) == events.week.size


# --- what is published -------------------------------------------------------------------------------------


def test_no_more_is_published_than_has_happened_by_then(usual):
    record = usual.public_record().drop(columns="starts").cumsum()
    happened = pd.DataFrame(observation.truth(usual.world, usual.week)).cumsum()
    assert (record["seizures_published"] <= happened["seized"]).all()
    assert (record["prosecutions_published"] <= happened["prosecutions"]).all()
    assert (record[[*COUNTED]].iloc[-1] > 0).all()


def test_nothing_is_published_before_it_can_be(usual):
    table = parameters()
    lags = observation.seizure_lags(usual.world, observation.seizures(usual.world))
    seen = lags[lags >= 0]
    assert seen.min() >= table["seizure_lag_least"].default
    assert seen.max() <= table["seizure_lag_most"].default
    assert set(lags[lags < 0]) == {-1}
    assert (observation.prosecution_lags(usual.world, observation.prosecutions(usual.world)) >= 0).all()


def test_what_comes_out_after_the_end_is_not_seen(usual):
    events = observation.seizures(usual.world)
    lags = observation.seizure_lags(usual.world, events)
    too_late = (lags >= 0) & (events.week + lags >= usual.week)
    assert too_late.any()
    assert usual.public_record()["seizures_published"].sum() == events.size[(lags >= 0) & ~too_late].sum()


def test_what_was_public_stays_as_it_was():
    early = run(until=100)
    before = early.public_record()
    early.run()
    pd.testing.assert_frame_equal(early.public_record()[:100], before)


def test_a_press_that_is_told_everything_at_once_knows_the_truth(usual):
    world = told(usual.world, **ALL_SEEN)
    record = pd.DataFrame(observation.public_record(world, usual.week))
    happened = pd.DataFrame(observation.truth(world, usual.week))
    for line in LINES:
        assert np.array_equal(record[line.public], happened[line.truth]), line.public


def test_where_nothing_is_seized_or_prosecuted_nothing_is_published():
    engine = Engine("baseline-2024", (), 11)
    for mechanism in ("border_exposure", "investigators"):  # 0 is outside their ranges
        engine.world.conditions[mechanism] = 0.0
    engine.run()
    record = engine.public_record()
    assert record[[*COUNTED]].to_numpy().sum() == 0
    assert record["listing_count"].sum() > 0


def test_a_silent_public_sees_nothing_however_much_happens(usual):
    told_nothing = told(usual.world, seizure_published=0.0, mirror_share=0.0)
    record = pd.DataFrame(observation.public_record(told_nothing, usual.week))
    assert record.filter(regex="seizures|mirror").to_numpy().sum() == 0


def test_before_the_first_week_the_record_is_empty():
    engine = Engine("minimal")
    assert engine.public_record().shape == (0, 1 + len(LINES))  # the day on which each week starts, and the lines


# --- the same event, the same fate -------------------------------------------------------------------------


def test_a_neutral_policy_leaves_the_record_as_it_was(usual):
    pd.testing.assert_frame_equal(run(["border=0"]).public_record(), usual.public_record())


def test_an_event_that_happens_in_two_worlds_has_the_same_fate_in_both(usual):
    one, other = fates(usual.world), fates(run(["border=1@2024-06"]).world)
    assert one != other
    both = one.keys() & other.keys()
    assert len(both) > 100
    assert all(one[event] == other[event] for event in both)


def test_another_seed_is_another_press(usual):
    events = imagined(1000)
    lags = [observation.seizure_lags(usual.world._replace(seed=seed), events) for seed in (1, 2)]
    assert not np.array_equal(*lags)


@no_deadline
@given(lower=share, higher=share)
def test_a_freer_press_publishes_the_same_and_more(usual, lower, higher):
    lower, higher = sorted((lower, higher))
    few, many = (
        observation.seizure_lags(told(usual.world, seizure_published=chance), imagined(200))
        for chance in (lower, higher)
    )
    assert np.array_equal(few[few >= 0], many[few >= 0])


# --- the record changes nothing ----------------------------------------------------------------------------


def test_reading_the_record_changes_no_bit_of_the_run(usual):
    read = run(until=60)
    for week in range(60, read.weeks, 40):
        state = hashlib.sha256(read.world.tally.tobytes()).hexdigest()
        read.public_record()
        read.public_record_by_year()
        assert hashlib.sha256(read.world.tally.tobytes()).hexdigest() == state
        read.run(week + 40)
    read.run()
    assert hashlib.sha256(read.world.tally.tobytes()).digest() == hashlib.sha256(usual.world.tally.tobytes()).digest()


@pytest.mark.parametrize("name", [name for name, row in parameters().items() if row.group == "public record"])
def test_no_parameter_of_the_record_changes_a_bit_of_the_run(usual, name):
    row = parameters()[name]
    other = run(**{name: row.low if row.default != row.low else row.high})
    assert other.world.tally.tobytes() == usual.world.tally.tobytes()


# --- lags and noise ----------------------------------------------------------------------------------------


def test_half_of_many_seizures_come_out_each_lag_as_often_as_any_other(usual):
    lags = observation.seizure_lags(usual.world, imagined(23_000))
    seen = lags[lags >= 0]
    assert seen.size / lags.size == pytest.approx(0.5, abs=0.01)
    often = np.bincount(seen)[4:]
    assert often.size == 26 - 4 + 1
    assert often == pytest.approx(np.full(often.size, 500), rel=0.15)


def test_the_middle_of_many_prosecutions_comes_out_after_half_a_year(usual):
    lags = observation.prosecution_lags(usual.world, imagined(20_000))
    assert np.median(lags) == pytest.approx(26, abs=1)
    assert np.log(lags[lags > 0]).std() == pytest.approx(0.5, abs=0.02)


@no_deadline
@given(least=st.integers(0, 26), most=st.integers(26, 520))
def test_lags_keep_to_their_bounds(usual, least, most):
    world = told(usual.world, seizure_published=1.0, seizure_lag_least=least, seizure_lag_most=most)
    lags = observation.seizure_lags(world, imagined(200))
    assert least <= lags.min()
    assert lags.max() <= most


@pytest.mark.parametrize("sigma", [0.0, 0.4, 0.5])
def test_noise_is_right_on_average_over_many_weeks(usual, sigma):
    factor = observation.noise(usual.world, 20_000, np.arange(2), sigma, 9)
    assert factor.mean(axis=0) == pytest.approx([1.0, 1.0], abs=0.02)
    assert np.log(factor).std(axis=0) == pytest.approx([sigma, sigma], abs=0.01)
    if sigma > 0.0:
        assert abs(np.corrcoef(factor.T)[0, 1]) < 0.03  # each country errs for itself
        assert abs(np.corrcoef(factor[:-1, 0], factor[1:, 0])[0, 1]) < 0.03  # and each week


@no_deadline
@given(
    events=st.lists(st.tuples(st.integers(0, 80), st.integers(0, 500), st.integers(-1, 60)), max_size=30),
    weeks=st.integers(1, 100),
)
def test_publication_moves_events_to_later_weeks_and_loses_only_the_unseen(events, weeks):
    week, size, lags = np.array(events, np.int64).reshape(-1, 3).T
    out = observation.published(Events(week, size, week, week), lags, weeks)
    by_hand = np.zeros(weeks, np.int64)
    for happened, chips, lag in events:
        if lag >= 0 and happened + lag < weeks:
            by_hand[happened + lag] += chips
    assert np.array_equal(out, by_hand)


# --- truth and record side by side -------------------------------------------------------------------------


def test_the_years_are_made_of_the_weeks(usual):
    record, happened = usual.public_record(), pd.DataFrame(observation.truth(usual.world, usual.week))
    years = usual.public_record_by_year()
    assert list(years.columns) == ["truth", "public"]
    assert list(dict.fromkeys(years.index.get_level_values("year"))) == [2023, 2024, 2025, 2026]
    first = slice(0, 52)
    for line in LINES:
        of_year = np.mean if line.of_year == "mean" else np.sum
        expected = [of_year(happened[line.truth][first]), of_year(record[line.public][first])]
        assert years.loc[2023, line.truth].tolist() == pytest.approx(expected)


def test_engine_and_mesa_model_show_the_same_record():
    model, engine = SupplyChain("minimal", rng=5), Engine("minimal", seed=5)
    model.run()
    engine.run()
    pd.testing.assert_frame_equal(model.public_record(), engine.public_record())
    pd.testing.assert_frame_equal(model.public_record_by_year(), engine.public_record_by_year())
