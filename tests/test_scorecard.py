"""Burden and scorecard on a stand-in for the model that moves every measure by a known amount."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from supplysim.api import compare
from supplysim.engine import Engine
from supplysim.experiment.stakeholders import BURDENS, STAKEHOLDERS, in_words
from supplysim.experiment.statistics import FALL, NO_EFFECT, RISE
from supplysim.outputs.combining import Total
from supplysim.outputs.measures import MEASURES
from supplysim.policies.base import Policy
from supplysim.setup.scenario import Scenario

YEARS = 2
FIRST = 52
UP, DOWN = 5.0, -3.0  # what the lever adds to a measure in a year of the window


@dataclass(frozen=True, kw_only=True)
class Mover(Policy):
    """Moves every measure that `MOVES` names; costs as much as its strength says."""

    lever = "mover"
    mechanism, payer, unknown = "Moves things.", "Nobody.", "Why."


MOVES = {
    "delivered": DOWN,
    "honest_sales": DOWN,
    "licensed_h100e": UP,
    "honest_flagged": UP,
    "honest_lost": UP,
    "false_leads": DOWN,
    "prosecutions_us": UP,
    "prosecutions_host": DOWN,
    "us_cost": UP,
    "honest_fill": 0.1,
}


def simulate(scenario, policies, seed, parameters):
    flows = ("ordered", "delivered", "delivered_h100e", "in_use_h100e", "licensed_h100e", "rented_h100e")
    weekly = pd.DataFrame(dict.fromkeys(flows, 100), index=pd.RangeIndex(52 * YEARS, name="week"))
    empty = ("seized", "cancelled", "disabled", "open", "in_transit", "domestic_h100e", "offshore_h100e")
    weekly = weekly.assign(**dict.fromkeys((*empty, "government_cost", "industry_cost", "delivered_via:SG"), 0))
    noise = np.random.default_rng(seed).normal(size=(YEARS, len(MEASURES)))
    yearly = pd.DataFrame(100.0 + noise, index=[2023, 2024], columns=list(MEASURES))
    for policy in policies:
        for measure, change in MOVES.items():
            yearly.loc[2024, measure] += policy.intensity * change
        yearly.loc[2024, "honest_inspected"] += (-1) ** seed  # up in half of the pairs, down in the others
    return weekly, yearly


@pytest.fixture(scope="module")
def comparison():
    return compare("minimal", [Mover()], pairs=8, seed=2, parameters="central", workers=1, simulate=simulate)


def test_burden_has_every_burden_with_its_paired_change(comparison):
    burden = comparison.burden().set_index("measure")
    assert list(burden.index) == list(BURDENS)
    flagged = burden.loc["honest_flagged"]
    assert flagged["unit"] == "orders"
    assert flagged["change"] == pytest.approx(UP)
    assert (flagged["low"], flagged["high"]) == (pytest.approx(UP), pytest.approx(UP))
    assert (flagged["verdict"], flagged["pairs"]) == ("clear rise", 8)
    assert burden.loc["false_leads", "verdict"] == "clear fall"
    assert burden.loc["false_cases", "change"] == 0.0


def test_burden_that_goes_either_way_is_not_clear(comparison):
    inspected = comparison.burden().set_index("measure").loc["honest_inspected"]
    effect = comparison.effect("mover", "honest_inspected")
    assert (inspected["low"], inspected["high"]) == (effect.mean_low, effect.mean_high)
    assert inspected["low"] < 0.0 < inspected["high"]
    assert inspected["verdict"] == "no clear effect"


def test_scorecard_has_every_stakeholder(comparison):
    scorecard = comparison.scorecard()
    assert list(scorecard["stakeholder"].unique()) == [
        "US government",
        "transit state",
        "vendor",
        "distributor",
        "honest buyer",
    ]
    assert scorecard.groupby("stakeholder").size().between(3, 6).all()


@pytest.mark.parametrize(
    ("stakeholder", "measure", "verdict"),
    [
        ("US government", "delivered", "better"),
        ("US government", "us_cost", "worse"),
        ("US government", "prosecutions_us", "more"),
        ("US government", "false_cases_us", "no clear effect"),
        ("transit state", "prosecutions_host", "fewer"),
        ("transit state", "honest_inspected", "no clear effect"),
        ("vendor", "honest_sales", "worse"),
        ("vendor", "licensed_h100e", "better"),
        ("distributor", "honest_lost", "worse"),
        ("honest buyer", "false_leads", "better"),
        ("honest buyer", "honest_fill", "better"),
    ],
)
def test_verdict_is_the_stakeholders_own(comparison, stakeholder, measure, verdict):
    scorecard = comparison.scorecard().set_index(["stakeholder", "measure"])
    assert scorecard.loc[(stakeholder, measure), "verdict"] == verdict


def test_words_turn_with_what_is_wanted():
    assert [in_words(FALL, better) for better in ("lower", "higher", "neither")] == ["better", "worse", "fewer"]
    assert [in_words(RISE, better) for better in ("lower", "higher", "neither")] == ["worse", "better", "more"]
    assert {in_words(NO_EFFECT, better) for better in ("lower", "higher", "neither")} == {NO_EFFECT}


def test_lines_name_measures_that_exist_once_a_stakeholder():
    for lines in STAKEHOLDERS.values():
        measures = [line.measure for line in lines]
        assert len(set(measures)) == len(measures)
        assert set(measures) <= set(MEASURES)
    assert {type(MEASURES[name].made) for name in BURDENS} == {Total}


def test_flows_are_summed_over_the_window():
    averaged = {"share", "x list"}  # and stocks
    flows = {name for name, measure in MEASURES.items() if measure.unit not in averaged}
    summed = {name for name, measure in MEASURES.items() if isinstance(measure.made, Total)}
    assert flows - summed == {"in_use_h100e", "active_intermediaries", "fund_held"}
    assert flows >= summed


def test_report_shows_the_scorecard_and_the_burden(comparison, tmp_path):
    comparison.save(tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for text in ("honest buyer: share of demand that is met", "+10.0 points\nbetter", "Orders flagged", "+5 orders"):
        assert text in page
    for name in ("scorecard", "burden"):
        written = pd.read_csv(tmp_path / f"{name}.csv")
        pd.testing.assert_frame_equal(written, getattr(comparison, name)(), check_dtype=False)


def test_payers_of_the_model_share_the_costs_and_agencies_the_cases():
    run = Engine("minimal", ["border", "due_diligence", "notification", "end_use_checks"], seed=3)
    run.run()
    weekly = run.weekly()
    np.testing.assert_allclose(weekly["us_cost"] + weekly["foreign_cost"], weekly["government_cost"])
    payers = ["seller_cost", "buyer_cost", "trade_cost"]
    np.testing.assert_allclose(weekly[payers].sum(axis=1), weekly["industry_cost"])
    assert (weekly[["us_cost", "foreign_cost", *payers]].sum() > 0.0).all()
    for name in ("prosecutions", "false_cases"):
        np.testing.assert_array_equal(weekly[f"{name}_us"] + weekly[f"{name}_host"], weekly[name])
    ended = run.cases().query("outcome == 'prosecution' and agency == 0")
    assert weekly["prosecutions_us"].sum() == len(ended)


def test_honest_sales_lie_between_those_of_the_cheapest_and_the_dearest_chip():
    run = Engine("minimal", seed=3)
    run.run()
    weekly, prices = run.weekly(), run.world.chips[0]["list_price"]
    assert (weekly["honest_sales"] >= prices.min() * weekly["honest_filled"] * (1.0 - 1e-9)).all()
    assert (weekly["honest_sales"] <= prices.max() * weekly["honest_filled"] * (1.0 + 1e-9)).all()


def test_model_fills_the_scorecard():
    result = compare(Scenario.load("minimal"), ["due_diligence"], pairs=2, workers=1)
    scorecard = result.scorecard()
    assert len(scorecard) == sum(map(len, STAKEHOLDERS.values()))
    row = scorecard.set_index(["stakeholder", "measure"]).loc[("distributor", "seller_cost")]
    assert row["change"] > 0.0
    assert row["pairs"] == 2
