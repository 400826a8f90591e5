"""Strengths and costs of levers are parameters: in the evidence, drawn once a pair, the same in every arm."""

import numpy as np
import pytest
from lever_worlds import BASE, make

from supplysim.api import compare
from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.evidence.parameters import AUTHORITIES, PAYERS
from supplysim.experiment.arms import acting
from supplysim.experiment.design import parameter_draws
from supplysim.experiment.even_points import even_points
from supplysim.policies import levers
from supplysim.policies.base import Policy
from supplysim.policies.border import Border
from supplysim.setup.scenario import Scenario

OWN = {name: kind for name, kind in levers().items() if kind.__module__.startswith("supplysim.")}
SETTINGS = {name: row for name, row in parameters().items() if row.lever}


def test_every_setting_and_cost_of_every_lever_stands_in_the_evidence():
    declared = {f"{lever}.{name}" for lever, kind in OWN.items() for name in kind.settings() if name != "intensity"}
    assert declared == set(SETTINGS)
    for row in SETTINGS.values():
        assert row.authority in AUTHORITIES
        assert bool(row.payer) == ("US$" in row.unit or row.name == "whistleblower.award_share")
        assert not row.payer or row.payer in PAYERS


def test_whatever_has_no_prior_says_why(capsys):
    without = {name: row.note for name, row in parameters().items() if row.prior is None}
    for name, reason in without.items():
        print(f"{name}: {reason}")
    assert [name for name, reason in without.items() if not reason.startswith("fixed: ")] == []
    strengths_and_costs = {name for name, row in parameters().items() if row.lever or "US$" in row.unit}
    fixed = {name for name in strengths_and_costs if parameters()[name].prior is None}
    assert fixed == {  # prices of trade itself, and choices that are off unless they are made
        "whistleblower.protection",
        "whistleblower.fund",
        "cooperation.host_staff",
        *(name for name in fixed if parameters()[name].group in ("cloud", "intermediaries", "routes")),
    }


def test_a_setting_is_the_pairs_own_unless_it_is_given():
    assert Border().growth is None
    assert Border().drawn({"border.growth": 3.0, "border.annual_cost": 1.0}).growth == 3.0
    assert Border(growth=9.0).drawn({"border.growth": 3.0, "border.annual_cost": 1.0}).growth == 9.0
    assert (Border().label(), Border(growth=7.0).label()) == ("border", "border(growth=7)")


def test_all_arms_of_a_pair_have_the_same_draw_and_pairs_differ():
    study = compare("minimal", ["border", "border=0.5"], 4, seed=3, workers=1, store=False, replicates=0)
    drawn = [[run.parameters["border.growth"] for run in pair] for pair in study.runs]
    assert all(len(set(pair)) == 1 for pair in drawn)
    assert len({pair[0] for pair in drawn}) == 4


def test_a_setting_given_in_the_scenario_or_in_the_policy_acts_alike():
    by_scenario = Scenario.load("minimal").with_(parameters={"border.growth": 40.0})
    runs = [Engine(by_scenario, ["border"], 3), Engine("minimal", ["border(growth=40)"], 3)]
    for run in runs:
        run.run()
    for one, other in zip(*(run.columns().values() for run in runs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_file_may_write_a_setting_behind_its_lever():
    text = 'extends = "minimal"\nname = "x"\ntitle = "x"\n[parameters]\nborder.growth = {value}\n'
    assert Scenario.from_text(text.replace("{value}", "9"), "x.toml").parameters["border.growth"] == 9.0
    prior = '{ prior = "uniform", low = 1, high = 3 }'
    assert (
        Scenario.from_text(text.replace("{value}", prior), "x.toml").uncertain()["border.growth"].quantile(0.5) == 2.0
    )
    with pytest.raises(InputError, match=r"border\.growth = 99.*0 to 50"):
        Scenario.from_text(text.replace("{value}", "99"), "x.toml")
    with pytest.raises(InputError, match="no such parameter"):
        Scenario.from_text(text.replace("growth", "growht").replace("{value}", "9"), "x.toml")


def test_fixing_one_number_moves_no_other():
    free = Scenario.load("minimal")
    fixed = free.with_(parameters={"investigators": 20})
    for one, other in zip(*(parameter_draws(world, "prior", 16, 5) for world in (free, fixed)), strict=True):
        assert one.keys() - other.keys() == {"investigators"}
        assert all(one[name] == value for name, value in other.items())


def test_points_of_a_name_are_even_at_every_power_of_two_and_go_together_with_no_other():
    points = np.column_stack([even_points(name, 8, 7) for name in parameters()])
    for size in (1, 2, 4, 8, 64, 256):
        cells = np.sort((points[:size] * size).astype(int), axis=0)
        np.testing.assert_array_equal(cells, np.repeat(np.arange(size)[:, None], points.shape[1], axis=1))
    together = np.corrcoef(points.T) - np.eye(points.shape[1])
    assert np.abs(together).max() < 0.35  # of 70,000 pairs by chance
    np.testing.assert_array_equal(even_points("taste_none", 5, 7), even_points("taste_none", 8, 7)[:32])


def test_only_settings_of_levers_in_force_can_matter():
    names = ["investigators", "border.growth", "kill_switch.per_chip"]
    assert acting(names, [Border()]) == ["investigators", "border.growth"]


def test_an_office_is_due_at_any_strength_and_the_rest_grows_with_it():
    cost = {x: make("intelligence", intensity=x).government_cost(BASE)[-1] * 52.0 for x in (0.0, 0.01, 0.5, 1.0)}
    office, tools = SETTINGS["intelligence.annual_cost"].default, 5.0 * SETTINGS["intelligence.per_multiple"].default
    assert cost == pytest.approx(
        {0.0: 0.0, 0.01: office + 0.01 * tools, 0.5: office + 0.5 * tools, 1.0: office + tools}
    )


def test_three_times_the_reach_costs_more():
    usual, wide = (make("intelligence", reach=reach).government_cost(BASE)[-1] for reach in (6.0, 18.0))
    assert wide > usual


def test_a_foreign_treasury_is_not_the_united_states_and_transfers_are_in_no_sum():
    assert make("targeting").government_cost(BASE).sum() == 0.0 < make("targeting").foreign_cost(BASE).sum()
    run = Engine("minimal", ["whistleblower+border+enforcement_budget"], seed=3)
    run.run()
    weekly = run.weekly()
    assert weekly["foreign_cost"].sum() > 0.0
    without = weekly["government_cost"] - weekly["us_cost"] - weekly["foreign_cost"]
    np.testing.assert_allclose(without, 0.0, atol=1e-6)
    assert (weekly["awards"] <= weekly["us_receipts"]).all()


def test_a_lever_of_another_package_brings_its_own_numbers():
    assert Policy.settings().keys() == {"intensity"}
    assert Policy.evidence() == {}
