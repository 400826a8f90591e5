"""The world of 2027 to 2030: the history until its states begin, to the bit, and what the dated rules of 2025-26 do."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.evidence import table
from supplysim.experiment.design import parameter_draws
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of

SMALL = {"distributors": 40, "end_users": 200, "intermediaries": 90, "buyers": 60, "market_scale": 0.1}
LAST_WEEK_OF_2026 = 208


def world(name: str, weeks: int, **parameters: float) -> Engine:
    scenario = Scenario.load(name).with_(population=SMALL, parameters=parameters)
    engine = Engine(scenario, seed=3)
    engine.run(weeks)
    return engine


@pytest.fixture(scope="module")
def history() -> Engine:
    return world("history-2022-2026", LAST_WEEK_OF_2026)


@pytest.mark.parametrize("state", [{}, {"beijing_leave": 1.0}, {"affiliates_screening": 0.05}])
def test_until_the_states_begin_it_is_the_history_to_the_bit(history, state):
    now = world("baseline-2027", LAST_WEEK_OF_2026, **state)
    for name in history.world.tally.dtype.names:
        np.testing.assert_array_equal(
            now.world.tally[name][:LAST_WEEK_OF_2026], history.world.tally[name][:LAST_WEEK_OF_2026], err_msg=name
        )
    assert now.world.orders.tobytes()[: 10**6] == history.world.orders.tobytes()[: 10**6]


def test_from_2027_on_each_state_moves_what_it_is_about():
    usual = world("baseline-2027", 212).world.conditions
    opened = world("baseline-2027", 212, beijing_leave=1.0).world.conditions
    listed = world("baseline-2027", 212, affiliates_screening=0.05).world.conditions
    assert (opened["licensed_leave"][208:] == 1.0).all()
    assert (usual["licensed_leave"][208:] == 0.05).all()
    np.testing.assert_allclose(listed["screening_exposure"][208:] - usual["screening_exposure"][208:], 0.05)


def test_pairs_have_the_states_as_often_as_they_are_probable():
    draws = parameter_draws(Scenario.load("baseline-2027"), "prior", 64, 7)
    found = [states_of(draw) for draw in draws]
    assert sum(each["beijing"] == "open" for each in found) == pytest.approx(0.35 * 64, abs=1)
    assert sum(each["affiliates"] == "in-force" for each in found) == pytest.approx(32, abs=1)


def test_dated_rules_move_conditions_from_their_day_on_by_the_parameter_that_they_name(history):
    now = history.scenario
    conditions, values = history.world.conditions, now.central_parameters()
    week = {row["rule"]: now.week_of(date.fromisoformat(row["date"])) for row in table("calendar")}
    mandate = week["state-funded data centres in China buy domestic chips alone"]
    institute = [row["code"] for row in table("classes")].index("institute")
    taste = conditions["foreign_taste"]
    assert (taste[mandate:, institute] == values["mandate_taste"]).all()
    assert not taste[:mandate].any()
    assert not np.delete(taste, institute, axis=1).any()
    uae = [row["code"] for row in table("countries")].index("AE")
    left = week["UAE out of the country groups that need a licence"]
    assert conditions["access"][left, uae] == pytest.approx(values["uae_access"] * conditions["access"][left - 1, uae])
    staff = conditions["investigators"][:, 0]
    hired = week["appropriation of fiscal year 2026"]
    assert staff[hired + 26] / staff[hired] == pytest.approx(1.0 + (values["staff_2026"] - 1.0) / 2.0)


def test_location_software_of_owners_who_opt_in_reports_to_nobody_until_somebody_looks():
    """In this small world to the chip; in a large one stocks of two sorts are shared out in other whole chips."""
    without, opted = (world("baseline-2027", 230, opt_in=share) for share in (0.0, 0.25))
    assert opted.world.conditions["reporting_share"][200].tolist() == [0.25, 0.0, 0.0]
    assert (without.world.tally["delivered"] == opted.world.tally["delivered"]).all()


def test_a_policy_that_starts_after_the_end_is_refused():
    with pytest.raises(InputError, match="2031"):
        Scenario.load("baseline-2027").with_(policies=[{"lever": "border", "start": date(2031, 1, 6)}])
