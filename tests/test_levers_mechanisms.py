"""What each new mechanism does in a world, where the answer is known beforehand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lever_worlds import BASE, MY, SG

from supplysim.agents.intermediary import unnoticed_lot
from supplysim.detection import channels
from supplysim.model import SupplyChain
from supplysim.setup.scenario import Scenario
from supplysim.validation.probes import SuddenPenalties
from supplysim.week import PHASES

NAMES = [phase.name for phase in PHASES]
HK = BASE.countries.index("HK")
BASELINE = Scenario.load("baseline-2024")
DAY, WEEK = "2024-07-01", 78
no_deadline = settings(deadline=None)  # the first call may compile


def run(*policies, until=None, check=False, **parameters):
    model = SupplyChain(BASELINE, policies, rng=3, parameters=parameters, check=check)
    model.run(until)
    return model


@pytest.fixture(scope="module")
def usual():
    return run()


def before(phase, week, *policies, **parameters):
    """Return a model that stands just before a phase of a week."""
    model = run(*policies, until=week, **parameters)
    for index in range(NAMES.index(phase)):
        model.run_phase(index)
    return model


# --- a closed country ---------------------------------------------------------------------------------------


def bought_there(model, country):
    """Return the weeks in which traders bought in a country."""
    shipments = model.shipments()
    seller = model.world.distributors["country"][shipments["distributor"]]
    return shipments["week"][seller == country]


def test_traders_buy_nothing_in_a_closed_country_and_go_on_elsewhere(usual):
    closed = run(f"close_country:SG@{DAY}")
    assert (bought_there(usual, SG) >= WEEK).sum() > 100
    assert (bought_there(closed, SG) < WEEK).sum() > 100
    assert not (bought_there(closed, SG) >= WEEK).any()
    assert (bought_there(closed, MY) >= WEEK).sum() > (bought_there(usual, MY) >= WEEK).sum()


def test_half_a_closure_refuses_about_half_the_purchases():
    half = run(f"close_country:SG=0.5@{DAY}")
    assert (bought_there(half, SG) >= WEEK).any()
    assert half.world.tally["refused"][WEEK:].sum() > 0


def test_honest_orders_go_on_in_a_closed_country_and_wait_for_papers(usual):
    closed = run(f"close_country:SG@{DAY}", until=WEEK + 20)
    tally, other = closed.world.tally[WEEK : WEEK + 20], usual.world.tally[WEEK : WEEK + 20]
    assert tally["honest_filled"].sum() > 0.9 * other["honest_filled"].sum()
    assert tally["honest_delay"].sum() > other["honest_delay"].sum()
    waiting = closed.world.delayed[: closed.world.counts[0]["delayed"]]
    assert set(np.unique(waiting["due"] - waiting["placed"])) <= {2, 4}  # papers, or a flag


def test_an_alarm_raises_beliefs_once_and_by_what_it_says():
    model = before("policy", WEEK, f"close_country:SG@{DAY}", announcement=0.0)
    firms = model.world.intermediaries
    for expected in (15.0, 0.0):
        earlier = firms["hop_losses"].copy()
        model.run_phase(NAMES.index("policy"))
        change = firms["hop_losses"] - earlier
        assert change[firms["active"], SG] == pytest.approx(expected)
        assert not np.delete(change, SG, axis=1).any()
        for index in range(1, len(NAMES)):
            model.run_phase(index)


# --- chips with a feature -----------------------------------------------------------------------------------


def test_an_off_switch_disables_only_diverted_chips_that_carry_it():
    model = run("kill_switch:second@2023-01-02", check=True)
    chips, tally = model.world.chips[0], model.world.tally
    generations = chips["h100e"].size
    disabled = chips["disabled"].reshape(-1, generations).sum(axis=1)
    assert disabled[1] > 0
    assert disabled[[0, 2]].sum() == 0
    assert tally["disabled"].sum() == chips["disabled"].sum() == tally["disabled_by"].sum()
    assert (tally["disabled"].cumsum() <= tally["delivered_switched"].cumsum()).all()


def test_nothing_is_disabled_while_no_chip_carries_the_switch():
    model = SupplyChain(BASELINE, ["kill_switch@2023-01-02"], rng=3, check=True)
    model.world.conditions["switch_share"] = 0.0
    model.run()
    assert model.world.conditions["disable_hazard"].max() > 0.0
    assert model.world.tally["delivered"].sum() > 0
    assert model.world.tally["disabled"].sum() + model.world.tally["honest_disabled"].sum() == 0


def test_honest_chips_disabled_in_error_are_counted():
    often, never = (run("kill_switch@2023-01-02", check=True, false_disable=rate) for rate in (0.5, 0.0))
    assert often.world.tally["honest_disabled"].sum() == often.world.chips[0]["honest_disabled"].sum() > 0
    assert never.world.tally["honest_disabled"].sum() == 0
    assert never.world.tally["disabled"].sum() > 0


def test_buyers_want_fewer_chips_that_may_be_switched_off():
    worth, less = (
        run("kill_switch@2023-01-02", disable_believed=believed, bypass_max=0.0, spoofing=0.0, featured_avoidance=0.0)
        for believed in (0.0, 1.0)
    )
    assert less.world.tally["ordered"].sum() < worth.world.tally["ordered"].sum()


def place_leads(model):
    return model.world.tally["leads"][:, channels.LOCATION].sum()


def test_places_are_checked_only_where_a_rule_says_so():
    switch = run("kill_switch@2023-01-02")
    assert switch.world.tally["delivered_switched"].sum() > 0
    assert place_leads(switch) == 0
    assert place_leads(run("location_verification@2023-01-02")) > 0


def flagged_sites(country, skill=0.0, spoofing=0.0):
    """Return how many of the same firms a week of place checks flags if all sat in one country."""
    model = before("detection", 120, "location_verification@2023-01-02", location_exposure=1.0)
    model.world.parameters["spoofing"] = model.world.market["bypass"] = spoofing
    firms = model.world.intermediaries
    firms["country"], firms["sophistication"], firms["reports_at_risk"] = country, skill, 10.0
    earlier = model.world.tally["leads"][120, channels.LOCATION, 1]
    model.run_phase(NAMES.index("detection"))
    return int(model.world.tally["leads"][120, channels.LOCATION, 1] - earlier)


def test_a_site_beside_china_is_told_apart_less_than_one_far_away():
    clarity = BASE.conditions["place_clarity"][0]
    assert clarity[HK] == pytest.approx(1 - np.exp(-25 / 100))
    assert clarity[SG] == pytest.approx(1 - np.exp(-1900 / 100))
    assert 0 < flagged_sites(HK) < 0.6 * flagged_sites(SG)


def test_a_perfect_spoofer_is_hardly_ever_flagged():
    open_book = flagged_sites(SG, skill=1.0, spoofing=0.0)
    assert open_book > 0
    assert flagged_sites(SG, skill=1.0, spoofing=1.0) <= 0.1 * open_book
    assert flagged_sites(SG, skill=0.0, spoofing=1.0) < open_book  # evasion is learned: skill only adds to it


# --- lots below the size to be notified ---------------------------------------------------------------------


def test_traders_split_lots_only_if_they_can_and_have_a_reason():
    def split(*policies, **parameters):
        return run(*policies, **parameters).world.tally["split_lots"].sum()

    rule = f"notification@{DAY}"
    assert split(rule, splitting=0.0) == 0
    assert split(splitting=1.0) == 0
    assert 0 < split(rule, splitting=0.3) < split(rule, splitting=1.0)
    assert split(rule, splitting=1.0, notification_size=1e5) == 0


@no_deadline
@given(lot=st.integers(1, 5000), kept=st.integers(0, 8000), size=st.integers(2, 1000))
def test_a_split_lot_is_the_largest_that_stays_unnoticed(lot, kept, size):
    small = unnoticed_lot(lot, kept, float(size))
    assert 0 <= small <= lot
    if lot + kept < size:
        assert small == lot
    else:
        assert small + kept * small // lot < size
        assert (small + 1) * (lot + kept) > (size - 1) * lot


def test_what_is_smaller_than_the_size_is_never_notified():
    large, every = (run(f"notification@{DAY}", notification_size=size) for size in (1e5, 1.0))
    assert large.world.tally["notifications"].sum() == 0
    assert every.world.tally["notifications"].sum() > 0
    assert large.world.tally["leads"][:, channels.NOTIFICATION].sum() == 0
    assert every.world.tally["leads"][:, channels.NOTIFICATION, 1].sum() > 0


# --- legal, rented and licensed compute ---------------------------------------------------------------------


def after(model, name, first=WEEK + 13):
    return model.world.tally[name][first:].sum()


def test_identity_checks_leave_less_to_rent_and_send_buyers_to_smugglers(usual):
    checked = run(f"remote_kyc@{DAY}")
    stock, other = checked.world.tally["rentable_stock"], usual.world.tally["rentable_stock"]
    assert (stock[: WEEK + 1] == other[: WEEK + 1]).all()
    assert (stock[WEEK + 1 :] < other[WEEK + 1 :]).all()
    assert stock[WEEK + 52] == pytest.approx(0.2 * other[WEEK + 52], rel=0.05)
    assert after(checked, "rented_h100e") < after(usual, "rented_h100e")
    assert after(checked, "ordered") > after(usual, "ordered")


def test_licences_for_a_class_take_its_trade_from_smugglers(usual):
    half, whole = (run(f"legal_supply:H200={share}@{DAY}") for share in (0.5, 1.0))
    assert after(usual, "ordered") > after(half, "ordered") > after(whole, "ordered")
    assert after(usual, "licensed_h100e") < after(half, "licensed_h100e") < after(whole, "licensed_h100e")


def test_licences_sell_no_more_than_they_cover():
    covered = run(f"legal_supply:H200@{DAY}")
    offered = covered.world.conditions["licensed_quota"].sum(axis=1) / 52.0
    assert (covered.world.tally["licensed_h100e"] <= offered * (1 + 1e-12)).all()


def test_headquarters_close_the_way_offshore_and_inputs_lower_domestic_compute(usual):
    shut, fewer = run(f"parent_headquarters@{DAY}"), run("domestic_inputs@2023-01-02")
    assert after(shut, "offshore_h100e") == pytest.approx(0.1 * after(usual, "offshore_h100e"), rel=0.01)
    assert after(fewer, "domestic_h100e") < 0.75 * after(usual, "domestic_h100e")
    assert after(fewer, "ordered") > after(usual, "ordered")


def test_a_graded_duty_flags_large_honest_orders_as_well(usual):
    graded = run("graded_duty@2023-01-02")
    assert graded.world.tally["honest_flagged"].sum() > usual.world.tally["honest_flagged"].sum()
    assert graded.world.tally["refused_orders"].sum() > usual.world.tally["refused_orders"].sum()
    every = run("graded_duty@2023-01-02", graded_size=1e6)
    assert every.world.tally["honest_flagged"].sum() == usual.world.tally["honest_flagged"].sum()


def test_tighter_controls_move_no_chip_that_was_sold_and_end_licensed_sales(usual):
    tight = run(f"tighter_controls@{DAY}")
    there, as_usual = (run(*policies, until=WEEK) for policies in ([f"tighter_controls@{DAY}"], []))
    for stock in ("deployed", "in_transit", "seized", "minted"):
        assert np.array_equal(there.world.chips[stock], as_usual.world.chips[stock]), stock
    for model in (there, as_usual):
        model.run(WEEK + 1)
    for stock in ("deployed", "seized"):  # what is under way arrives as before
        assert np.array_equal(there.world.chips[stock], as_usual.world.chips[stock]), stock
    licensed, other = tight.world.tally["licensed_h100e"], usual.world.tally["licensed_h100e"]
    assert (licensed[:WEEK] == other[:WEEK]).all()
    assert (licensed[WEEK:] < other[WEEK:]).all()
    assert licensed[WEEK:].sum() < 0.2 * other[WEEK:].sum()


# --- cases and penalties ------------------------------------------------------------------------------------


def youngest(model, country):
    """Return the age of the youngest case that ended on a firm or user of a country and was not left to lapse."""
    cases = model.cases()
    slots = model.world.intermediaries.size
    ended = cases[(cases["closed"] >= 0) & (cases["outcome"] != "lapsed")]
    where = np.concatenate([model.world.intermediaries["country"], model.world.end_users["country"]])
    home = where[ended["target"]]
    users = ended["target"] >= slots  # a slot's next firm may sit elsewhere, an end user stays
    ages = (ended["closed"] - ended["opened"])[users & (home == country)]
    return ages.min() if len(ages) else None


def test_cooperation_shortens_cases_where_it_is_agreed():
    many = {"investigators": 400.0, "effort": 1.0, "prior_log_odds": 0.0}
    usual, partner = run(**many), run("cooperation:MY@2023-01-02", **many)
    assert youngest(usual, MY) == youngest(usual, SG) == 26
    assert youngest(partner, SG) == 26
    assert youngest(partner, MY) == 19  # 30 % shorter, in whole weeks


def both_know(model, country):
    """Return the share of an agency's dossiers on a country's firms that the US bureau has as well."""
    office = model.world.office
    where = np.concatenate([model.world.intermediaries["country"], model.world.end_users["country"]])
    listed = office.desks["listed"][:, where == country]
    host = office.agency_of[country]
    return (listed[0] & listed[host]).sum() / listed[host].sum()


def test_cooperation_copies_leads_to_the_other_agency_where_it_is_agreed():
    usual, partner = run(), run("cooperation:MY@2023-01-02")
    assert both_know(partner, MY) > both_know(usual, MY)
    assert both_know(partner, MY) > both_know(partner, SG)


def test_higher_fines_raise_what_traders_expect_to_lose():
    long_in_force = SuddenPenalties(start=date(2023, 1, 2))
    model, heavy = (before("asks", 0, *policies, fine_multiple=0.5) for policies in ([], [long_in_force]))
    for world in (model, heavy):
        world.run_phase(NAMES.index("asks"))
    asks, more = (world.world.intermediaries["ask"][world.world.intermediaries["active"]] for world in (model, heavy))
    assert (more >= asks).all()
    assert (more > asks).any()


def test_penalties_catch_nobody_more_often():
    ordinary, heavy = BASE.conditions, SupplyChain(BASELINE, ["penalties"], rng=3).world.conditions
    for name in ("exposure", "sensitivity", "threshold", "investigators", "border_exposure", "screening_exposure"):
        assert np.array_equal(ordinary[name], heavy[name]), name
