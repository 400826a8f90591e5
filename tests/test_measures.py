"""Measures: one declaration is enough, and weeks, quarters, years and windows are combined as it says."""

from datetime import date

import numpy as np
import pytest

import supplysim as ss
from supplysim.cli import main
from supplysim.emulator.train import outputs
from supplysim.experiment.effects import WINDOW, summarise
from supplysim.outputs import quarters
from supplysim.outputs.combining import MEAN, SUM, Mean, Ratio, Total
from supplysim.outputs.measures import (
    MEASURES,
    WEEKS_A_QUARTER,
    Measure,
    Screen,
    by_quarter,
    over_years,
    policy_years,
    quarterly,
    yearly_values,
)
from supplysim.policies import parse
from supplysim.run import Point, run_pair
from supplysim.setup.scenario import Scenario

TRIES = Measure("tries", "attempts", "to buy from distributors", Total("purchase_orders"), Screen("Tries", "lower"))
SPLIT = Measure("split_share", "share", "lots split", Ratio("split_lots", ("purchase_orders",)))
SCENARIO = Scenario.load("minimal")
FIRST_WEEK = SCENARIO.week_of(SCENARIO.policy_start)
ARMS = ((), parse("due_diligence", SCENARIO).policies)


@pytest.fixture
def invented(monkeypatch):
    """Declare two measures that nothing else knows."""
    for measure in (TRIES, SPLIT):
        monkeypatch.setitem(MEASURES, measure.name, measure)


@pytest.fixture
def runs(invented):
    """Return one pair, summed up as for the app."""
    point = Point(0, 5, SCENARIO.central_parameters())
    return [run_pair(SCENARIO, {"": policies}, point, FIRST_WEEK)[0] for policies in ARMS]


def test_one_declaration_brings_a_measure_to_the_lists(invented, capsys):
    assert main(["list", "measures"]) == 0
    assert any(
        line.split("  ")[0] == "tries" and "to buy from distributors (attempts)" in line
        for line in capsys.readouterr().out.splitlines()
    )
    assert main(["show", "tries"]) == 0
    assert "years are added up" in capsys.readouterr().out


def test_one_declaration_brings_a_measure_to_years_quarters_and_window(runs):
    base, policy = runs
    column = quarters.columns().index("purchase_orders")
    assert policy.yearly["tries"] == tuple(policy.quarters[:, column].reshape(2, 4).sum(axis=1))
    assert sum(policy.yearly["tries"]) != sum(base.yearly["tries"]) > 0
    both = summarise([base], [policy], base.years, FIRST_WEEK)
    assert both.effect("tries", WINDOW).policy[2] == sum(policy.yearly["tries"])
    assert both.effect("tries", base.years[1]).base[2] == base.yearly["tries"][1]
    np.testing.assert_array_equal(both.series_policy["purchase_orders"][2], policy.quarters[:, column])


def test_one_declaration_brings_a_measure_to_a_comparison(invented):
    found = ss.compare(SCENARIO, ["due_diligence"], pairs=1, workers=1, store=False)
    table = found.table().set_index(["measure", "year"])
    each = [table.loc[("tries", str(year)), "effect_mean"] for year in found.policy_years]
    assert found.effect("due_diligence", "tries").mean == sum(each) != 0.0
    assert np.isfinite(table.loc[("split_share", str(found.years[0])), "baseline_median"])


def test_one_declaration_brings_a_measure_to_the_estimate(runs):
    years = runs[0].years
    names = [name for name, measure in MEASURES.items() if measure.screen]
    assert "tries" in names
    at = -(len(years) + 1) * (len(names) - names.index("tries"))
    assert tuple(outputs(runs[1], 4, years)[at:][: len(years)]) == runs[1].yearly["tries"]


def test_one_declaration_brings_a_measure_to_the_app(runs):
    pages = pytest.importorskip("supplysim.viz.pages")
    from supplysim.viz.figures.compare import forest

    assert {"id": "tries", "title": "Tries"} in pages.shared.__wrapped__()["measures"]
    both = summarise(runs[:1], runs[1:], runs[0].years, FIRST_WEEK)
    (row,) = forest(["package"], [both], "tries")["rows"]
    assert row["mid"] == sum(runs[1].yearly["tries"]) - sum(runs[0].yearly["tries"])


def test_an_estimate_made_before_a_measure_says_that_it_does_not_know_it(its_edition, invented):
    from supplysim.emulator.predict import emulator

    compare = pytest.importorskip("supplysim.viz.figures.compare")
    known = emulator()
    assert known is not None
    (row,) = compare.forest(["border"], [known.predict({"border": 1.0})], "tries")["rows"]
    assert (row["mid"], row["text"], row["words"]) == (None, "unknown", "Not in the quick estimate.")


def test_a_column_cannot_be_both_added_up_and_averaged(monkeypatch):
    monkeypatch.setitem(MEASURES, "odd", Measure("odd", "chips", "both ways", Mean("delivered")))
    with pytest.raises(ValueError, match="delivered is added up by one measure and averaged by another"):
        quarterly()


def test_quarters_are_sums_of_flows_and_means_of_prices():
    how = quarterly()
    assert (how["delivered"], how["mark_up"], how["in_use_h100e"]) == (SUM, MEAN, MEAN)
    random = np.random.default_rng(3)
    weeks = {name: random.random(2 * WEEKS_A_QUARTER + 5) for name in how}  # the last five weeks are no quarter
    found = by_quarter(weeks)
    assert found.shape == (2, len(how))
    for place, (name, of) in enumerate(how.items()):
        parts = weeks[name][: 2 * WEEKS_A_QUARTER].reshape(2, WEEKS_A_QUARTER)
        expected = parts.sum(axis=1) if of == SUM else parts.mean(axis=1)
        np.testing.assert_allclose(found[:, place], expected, rtol=1e-12)


def test_weights_of_ratios_are_measures_that_are_added_up():
    weights = {name for measure in MEASURES.values() for name in measure.made.weighing}
    assert weights == {"delivered", "seized"}
    assert all(MEASURES[name].made == Total(name) for name in weights)


def test_a_weighted_share_of_two_years_is_the_share_of_both_together():
    weeks = {name: np.repeat([1.0, 2.0], 52) for name in quarterly()}
    weeks |= {"seized": np.repeat([1.0, 6.0], 52), "delivered": np.repeat([3.0, 2.0], 52)}
    values = {name: np.array([years]) for name, years in yearly_values(weeks, 2023)[1].items()}
    assert over_years("interdiction_rate", values, [0, 1])[0] == pytest.approx(7 / 12)
    assert over_years("honest_fill", values, [0, 1])[0] == pytest.approx(1.0)


def test_the_window_begins_with_the_model_year_that_holds_the_first_week():
    years = (2023, 2024, 2025)
    assert policy_years(years, 0) == policy_years(years, 51) == policy_years(years, -4) == years
    assert policy_years(years, 52) == (2024, 2025)
    assert policy_years(years, 155) == (2025,)


@pytest.mark.parametrize(("start", "first"), [(date(2023, 7, 3), 2023), (date(2023, 1, 2), 2024)])
def test_the_window_of_a_scenario_that_starts_in_summer_holds_every_week_of_the_policy(start, first):
    """Model years begin with the scenario: by the calendar, the half year before January would be left out."""
    begin = SCENARIO.with_(time={"start": start, "policy_start": date(2024, 2, 5)})
    years = tuple(range(begin.start.year, begin.start.year + 2))
    assert policy_years(years, begin.week_of(begin.policy_start))[0] == first
