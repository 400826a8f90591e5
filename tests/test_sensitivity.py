"""Sensitivity: indices where they are known, forked runs, and evidence that is left out."""

import numpy as np
import pytest
import toy

from supplysim.calibration.bank import Bank
from supplysim.calibration.targets import targets
from supplysim.calibration.volume import Partition
from supplysim.engine import Engine
from supplysim.evidence import Prior, parameters
from supplysim.policies import six
from supplysim.sensitivity.indices import (
    AGREEMENT,
    CHANCE,
    FIRST,
    evaluate,
    screened,
    screening,
    sobol_indices,
    sobol_points,
    strongest,
    tornado,
)
from supplysim.sensitivity.ranking import LEVERS, VOLUME_2024, VOLUME_LATER, order, outcomes, rank_correlation
from supplysim.sensitivity.report import draw, report
from supplysim.sensitivity.run import assumptions, kept
from supplysim.sensitivity.sources import Dropped, Worlds, instability, judge, sources, widened
from supplysim.setup.scenario import Scenario

SALIB = pytest.mark.filterwarnings("ignore")  # SALib divides by the variance of outputs that never vary


def toy_screening():
    factors, points = screening(toy.PRIORS, 6, 1)
    return evaluate(points, factors, toy.PRIORS, toy.policies, 1, workers=1)


@SALIB
def test_screening_finds_what_matters_and_not_luck():
    table = screened(toy_screening(), 1)
    volume_rows = table[table["output"] == VOLUME_2024].set_index("factor")
    assert volume_rows["mu_star"].idxmax() == "level"
    assert volume_rows.loc[CHANCE, "mu_star"] == pytest.approx(0.0, abs=1e-12)
    assert strongest(table, 1)[-1] == CHANCE


@SALIB
def test_sobol_indices_are_the_known_ones():
    factors = ("level", "idle")
    study = evaluate(sobol_points(factors, 256, 1), factors, toy.PRIORS, toy.policies, 1, workers=1)
    found = sobol_indices(study, 1)
    first = found[found["output"] == VOLUME_2024].set_index("factor")["first"]
    assert first["level"] == pytest.approx(0.8, abs=0.05)
    assert first["idle"] == pytest.approx(0.2, abs=0.05)


def test_a_ranking_that_never_changes_agrees_with_itself():
    outputs = toy_screening().outputs()
    assert (outputs[AGREEMENT] == 1.0).all()
    assert (outputs[FIRST] == 1.0).all()


def test_tornado_puts_the_widest_bar_first():
    factors = ("idle", "level")
    study = evaluate(sobol_points(factors, 64, 1), factors, toy.PRIORS, toy.policies, 1, workers=1)
    bars = tornado(study, VOLUME_2024)
    assert bars.iloc[0]["factor"] == "level"
    assert bars.iloc[0]["high"] > bars.iloc[0]["low"]


def test_rank_correlation_of_reversed_ranks_is_minus_one():
    falls = np.array([[0.3, 0.2, 0.1], [0.1, 0.2, 0.3]])
    np.testing.assert_allclose(rank_correlation(falls, np.array([3.0, 2.0, 1.0])), [1.0, -1.0])
    assert order(falls[:1]).tolist() == [0, 1, 2]


def test_outcomes_are_those_of_runs_of_their_own():
    scenario = Scenario.load("minimal")
    found = outcomes((5, scenario.central_parameters()), scenario)
    for policy, lever in zip((None, six()[2]), (VOLUME_LATER, LEVERS[2]), strict=True):
        alone = Engine(scenario, () if policy is None else (policy,), seed=5)
        alone.run()
        later = float(alone.world.tally["delivered"][alone.before.policy_start :].sum())
        expected = later if policy is None else 1.0 - later / max(found[VOLUME_LATER], 1.0)
        assert found[lever] == expected


def test_outcomes_are_falls_against_the_scenario_as_it_stands():
    scenario = Scenario.load("minimal")
    found = outcomes((5, scenario.central_parameters()), scenario)
    assert set(found) == {VOLUME_2024, VOLUME_LATER, *LEVERS}
    assert all(fall < 1.0 for lever, fall in found.items() if lever in LEVERS)


# Leave one source out.


@pytest.mark.parametrize(
    ("name", "prior"),
    [
        ("demand_scale", Prior("lognormal", (1.0, 0.7), 0.02, 50.0)),
        ("spoofing", Prior("uniform", (0.0, 0.6))),
        ("complicit_share", Prior("beta", (2.0, 18.0), 0.0, 0.9)),
        ("fronts_at_start", Prior("zero_or_lognormal", (0.78, 3.2, 0.7), 0.0, 10.0)),
    ],
)
def test_widened_priors_are_wider_and_stay_in_range(name, prior):
    wide = widened(prior, parameters()[name])
    high = 0.99  # beyond the lump at zero
    assert wide.quantile(high) > prior.quantile(high)
    assert parameters()[name].allows(wide.quantile(0.001))
    assert parameters()[name].allows(wide.quantile(0.999))


def test_every_cited_source_is_dropped_once():
    priors = Scenario.load("baseline-2024").uncertain()
    groups = sources(priors)
    ids = [ref for group in groups for ref in group.ids]
    assert len(ids) == len(set(ids))
    assert {"Q001", "Q031", "Q132b", "P:V18"} <= set(ids)
    assert all(group.parameters or group.targets for group in groups)


def test_only_dropped_parameters_and_targets_change_the_draws():
    priors = dict(sorted(Scenario.load("baseline-2024").uncertain().items()))
    rng = np.random.default_rng(2)
    z = rng.standard_normal((64, len(priors)))
    ones = {target.summary: np.ones(64) for target in targets()}
    summary = ones | {"delivered": np.geomspace(1e3, 1e6, 64), "abroad_h100e": np.geomspace(2e5, 3e5, 64)}
    mostly_small = Partition(np.array([1e5]), np.array([0.95, 0.05]))
    worlds = Worlds(Bank(tuple(priors), z, np.arange(64), summary), np.zeros(64), priors, mostly_small)
    shares, wide = np.linspace(0.1, 0.9, 5), rng.standard_normal((5, len(priors)))
    usual = worlds.draws(None, shares, wide)
    without = worlds.draws(Dropped(("P:V18",), ("spoofing",), ()), shares, wide)
    assert [draw["taste"] for draw in usual] == [draw["taste"] for draw in without]
    assert [draw["spoofing"] for draw in usual] != [draw["spoofing"] for draw in without]
    free = worlds.draws(Dropped(("Q001",), (), ("volume",)), shares, wide)
    assert [draw["taste"] for draw in usual] != [draw["taste"] for draw in free]


def test_a_changed_top_three_is_told():
    usual = np.tile([0.6, 0.5, 0.4, 0.3, 0.2, 0.1], (8, 1))
    other = np.tile([0.6, 0.5, 0.1, 0.3, 0.2, 0.4], (8, 1))
    verdict = judge(Dropped(("Q001",), (), ("volume",)), usual, other, 1)
    assert verdict.changed
    assert not verdict.first_changed
    assert verdict.share_changed == 1.0
    assert instability(usual, usual, 1) == 0.0


# Documents.


@SALIB
def test_report_and_data_name_every_part(tmp_path):
    study = toy_screening()
    screen = screened(study, 1)
    sobol = evaluate(sobol_points(("level", "idle"), 16, 1), ("level", "idle"), toy.PRIORS, toy.policies, 1, workers=1)
    indices = sobol_indices(sobol, 1)
    verdicts = [judge(Dropped(("Q001",), ("level",), ()), study.falls, study.falls, 1)]
    text = report(screen, indices, study, sobol, study.falls, 0.0, verdicts, LEVERS)
    for heading in ("Ranking over the priors", "Morris screening", "Sobol indices", "Leave one source out"):
        assert f"## {heading}" in text
    assert "change without: none" in text
    draw({output: tornado(sobol, output) for output in sobol.outputs()}, tmp_path / "tornado.png")
    assert (tmp_path / "tornado.png").stat().st_size > 1000
    rows = assumptions(toy.PRIORS, screen, indices, verdicts).set_index("parameter")
    assert rows.loc["level", "top_three_changes"] == 0.0


def test_kept_studies_are_not_run_again(tmp_path):
    first = kept(tmp_path / "study.parquet", toy_screening)
    again = kept(tmp_path / "study.parquet", lambda: pytest.fail("was run again"))
    assert again.factors == first.factors
    np.testing.assert_array_equal(again.falls, first.falls)
