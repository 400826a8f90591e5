"""A lever named more than once: the last word of one text, the stronger of several, never more than full strength."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.experiment.arms import arms_of
from supplysim.experiment.fingerprint import policies_hash
from supplysim.policies import Border, CloseCountry, Package, levers, parse
from supplysim.policies.entries import linked, meet, places
from supplysim.setup.scenario import Scenario
from supplysim.world.conditions import shifted
from supplysim.world.overlap import COSTS, costs, shifts

SCENARIO = Scenario.load("baseline-2024")
ALL = sorted(levers())


@cache
def base():
    """What levers need to know of the shipped world of 2023-2026."""
    return Engine(SCENARIO).before


def held(*texts: str) -> list:
    """Policies of several texts, each read on its own."""
    return [policy for text in texts for policy in parse(text, SCENARIO).policies]


def world(*texts: str) -> np.ndarray:
    return shifted(base().conditions, shifts(held(*texts), base()))


def strength(*texts: str, country: str = "SG") -> np.ndarray:
    """Strength of the border lever by week in a country, read off the share of consignments opened."""
    at = base().countries.index(country)
    moved = {shift.at[0]: shift.amount for shift in shifts(held(*texts), base()) if shift.field == "border_exposure"}
    usual = base().conditions["border_exposure"][:, at]
    reach = 7.0 * usual * base().conditions["willingness"][:, at]  # as far as the country is willing
    return np.round(moved.get(at, base().nothing()) / reach, 12)


def paid(policies) -> dict[str, np.ndarray]:
    every = list(costs(policies, base()))
    return {name: sum((cost[name] for cost in every), base().nothing()) for name in COSTS}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    names = one.dtype.names
    if names:  # a row of conditions has unused bytes between its columns
        return all(same(one[name], other[name]) for name in names)
    return one.tobytes() == other.tobytes()


def week(day: str) -> int:
    return SCENARIO.week_of(parse(f"border@{day}").policies[0].start)


def test_the_last_word_in_a_text_holds_from_its_start_and_the_first_comes_back_at_its_end():
    x = strength("border=1@2024-01+border=0.5@2025-01..2025-07")
    assert x[week("2025-01") - 1] == 1.0
    assert (x[week("2025-01") : week("2025-07")] == 0.5).all()
    assert (x[week("2025-07") :] == 1.0).all()


def test_half_from_january_and_all_from_june_is_never_more_than_all():
    x = strength("border=0.5@2024-01+border@2024-12")
    assert x[week("2024-12")] == 0.5  # it rises from what has been reached, it does not begin again at nothing
    assert (np.diff(x) >= 0.0).all()
    assert x.max() == x[-1] == 1.0


def test_the_same_again_while_it_is_being_built_up_changes_nothing():
    np.testing.assert_allclose(strength("border@2024-01+border@2024-03"), strength("border@2024-01"), atol=1e-12)


def test_later_means_by_date_and_not_by_place_in_the_text():
    assert same(world("border=0.5@2024-01+border@2024-12"), world("border@2024-12+border=0.5@2024-01"))


def test_between_texts_the_stronger_holds_by_country():
    both = "border=0.5@2024-01", "border:SG=1@2024-01"
    for country, expected in (("SG", 1.0), ("MY", 0.5)):
        assert strength(*both, country=country)[-1] == expected
    assert strength("border=1@2024-01", "border=0.5@2025-01")[-1] == 1.0  # though the half is the later one


def test_another_setting_fades_out_over_the_ramp_and_is_not_added():
    wide, narrow = "border(growth=10)@2024-01", "border(growth=2)@2025-01"
    x = strength(f"{wide}+{narrow}") * 7.0
    assert x.max() == pytest.approx(10.0)
    assert x[-1] == pytest.approx(2.0)
    assert strength(wide, narrow)[-1] * 7.0 == pytest.approx(10.0)


def test_countries_named_apart_are_countries_named_together():
    apart, together = (held("close_country:SG+close_country:MY"), held("close_country:SG,MY"))
    assert same(*(shifted(base().conditions, shifts(side, base())) for side in (apart, together)))
    assert all(np.allclose(paid(apart)[name], paid(together)[name], rtol=1e-12) for name in COSTS)


def test_what_is_paid_for_once_is_paid_once():
    office = paid(held("due_diligence"))["government_cost"]
    assert same(paid(held("due_diligence", "due_diligence:first"))["government_cost"], office)
    closing = paid(held("close_country:SG,MY"))["government_cost"]
    np.testing.assert_allclose(paid(held("close_country:SG", "close_country:SG,MY"))["government_cost"], closing)


def test_a_lever_that_the_scenario_has_in_force_is_not_added_on_top():
    standing = SCENARIO.with_(policies=[Border(intensity=0.6)])
    alone = Engine(standing).world.conditions
    assert same(Engine(standing, ["border=0.4"]).world.conditions, alone)
    assert same(Engine(standing, ["border=1"]).world.conditions, Engine(SCENARIO, ["border=1"]).world.conditions)


def test_two_things_of_one_day_in_one_text_are_refused_and_the_same_twice_is_once():
    assert parse("border+border").policies == parse("border").policies
    assert policies_hash(parse("border+border").policies) == policies_hash(parse("border").policies)
    with pytest.raises(InputError, match="twice with the same start"):
        parse("border+border=0.5", SCENARIO)
    with pytest.raises(InputError, match="twice with the same start"):
        arms_of([(Border(), Border(intensity=0.5))], SCENARIO)


def test_a_scenario_file_is_one_text_and_python_s_list_of_levers_is_one():
    entries = [Border(intensity=0.5, start="2024-01"), Border(start="2024-12")]
    wanted = world("border=0.5@2024-01+border@2024-12")
    assert same(Engine(SCENARIO, entries).world.conditions, wanted)
    filed = SCENARIO.with_(policies=entries)
    assert same(Engine(filed).world.conditions, wanted)
    assert Scenario.from_text(filed.to_toml(), "mine.toml").policies == filed.policies
    (arm,) = arms_of([tuple(entries)], SCENARIO).values()
    assert arm == parse("border=0.5@2024-01+border@2024-12", SCENARIO).policies


def test_turns_of_one_text_and_two_texts_are_never_taken_for_one_another():
    turns = linked([Border(start="2024-01"), Border(intensity=0.5, start="2024-12")])
    apart = tuple(replace(policy, beside=()) for policy in turns)
    assert turns != apart
    assert policies_hash(turns) != policies_hash(apart)
    assert Package("a", turns) != Package("a", apart)


def test_places_know_agencies_and_everywhere():
    assert places(CloseCountry(countries=("SG",))) == {"SG"}
    assert not meet(Border(countries=("SG",)), Border(countries=("MY",)))
    assert meet(Border(), Border(countries=("MY",)))


dates = st.dates(SCENARIO.start, SCENARIO.end)


@st.composite
def entries(draw, lever: str | None = None):
    """An entry of some lever within the scenario."""
    kind = levers()[draw(st.sampled_from(ALL)) if lever is None else lever]
    given = {"intensity": draw(st.sampled_from([0.0, 0.25, 1 / 3, 0.7, 1.0])), "start": draw(dates)}
    if draw(st.booleans()):
        later = st.dates(given["start"], SCENARIO.end).filter(lambda day: day > given["start"])
        if given["start"] < SCENARIO.end:
            given["end"] = draw(later)
    if kind.scopes:
        scope = kind.scopes[0]
        names = draw(st.lists(st.sampled_from(kind.choices(scope)), unique=True, max_size=3))
        if kind.needs_scope or kind.default_scope():
            names = names or kind.choices(scope)[:1]
        given[scope] = tuple(names)
    return kind(**given)


@st.composite
def texts(draw):
    """One to three texts about one lever: a package of bills that share it."""
    lever = draw(st.sampled_from(ALL))
    made = draw(st.lists(st.lists(entries(lever), min_size=1, max_size=3), min_size=1, max_size=3))
    return [linked({(e.start, tuple(sorted(places(e)))): e for e in text}.values()) for text in made]


def moved(policies) -> dict:
    return {(shift.field, tuple(shift.at)): shift.amount for shift in shifts(policies, base())}


@settings(max_examples=60, deadline=None)
@given(texts(), st.randoms())
def test_order_of_texts_changes_nothing_and_no_lever_exceeds_full_strength(bills, random):
    flat = [policy for bill in bills for policy in bill]
    shuffled = list(bills)
    random.shuffle(shuffled)
    again = [policy for bill in shuffled for policy in bill]
    here, there = moved(flat), moved(again)
    assert {key: amount.tobytes() for key, amount in here.items()} == {k: a.tobytes() for k, a in there.items()}
    assert all(same(cost, paid(again)[name]) for name, cost in paid(flat).items())
    first = {policy: replace(policy, intensity=1.0, start=SCENARIO.start, end=None, beside=()) for policy in flat}
    kind = type(flat[0])
    if kind.scopes:
        scope = kind.scopes[0]
        everywhere = tuple(code for code in kind.choices(scope) if any(code in places(p) for p in flat))
        whole = replace(next(iter(first.values())), **{scope: everywhere})
    else:
        whole = next(iter(first.values()))
    full = {key: np.abs(amount).max() for key, amount in moved([whole]).items()}
    for key, amount in here.items():
        assert np.abs(amount).max() <= full.get(key, 0.0) * (1 + 1e-9) + 1e-12, key


@settings(max_examples=60, deadline=None)
@given(entries())
def test_a_lever_joined_with_itself_is_itself_to_the_bit(entry):
    for twice in ([entry, entry], [*linked([entry, entry])]):
        here, there = (shifted(base().conditions, shifts(side, base())) for side in (twice, [entry]))
        assert same(here, there)
        assert all(same(cost, paid([entry])[name]) for name, cost in paid(twice).items())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(dates, st.sampled_from([0.2, 0.5, 1.0])), min_size=2, max_size=4, unique_by=lambda it: it[0]))
def test_the_last_entry_of_a_text_wins(turns):
    x = strength("+".join(f"border={intensity}@{day}" for day, intensity in turns if day < SCENARIO.end) or "border")
    last, intensity = max(((d, i) for d, i in turns if d < SCENARIO.end), default=(SCENARIO.policy_start, 1.0))
    settled = SCENARIO.week_of(last) + Border.ramp_weeks
    assert np.allclose(x[settled:], intensity)
    assert x.max() <= 1.0


@settings(max_examples=40, deadline=None)
@given(entries("border"), entries("border"))
def test_between_two_texts_every_country_and_week_has_the_stronger(one, other):
    together, apart = moved([one, other]), [moved([one]), moved([other])]
    for key, amount in together.items():
        sides = [side.get(key, base().nothing()) for side in apart]
        assert same(amount, np.maximum(*sides))
