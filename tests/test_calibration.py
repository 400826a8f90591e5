"""Calibration: the right posterior where it is known, the right distribution of volume, and nothing after 2024."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import toy

from supplysim.calibration import targets as targets_module
from supplysim.calibration import volume
from supplysim.calibration.bank import Bank, run_bank
from supplysim.calibration.identify import moved, trade_offs
from supplysim.calibration.posterior import ROWS, load_runs, origin, save, save_runs, table
from supplysim.calibration.predictive import beside
from supplysim.calibration.recovery import coverage, recover
from supplysim.calibration.report import late_sources
from supplysim.calibration.sequential import calibrate, prior_proposal, weigh
from supplysim.calibration.summary import key, simulate, until
from supplysim.calibration.targets import LAST_YEAR, LAST_YEARS, check_period, last_year, log_weights, targets
from supplysim.calibration.weighted import distance_from_normal, effective_size, quantiles
from supplysim.cli import main
from supplysim.edition import foreign
from supplysim.engine import Engine
from supplysim.evidence import Prior, Quantity, parameters, resolve
from supplysim.evidence import table as evidence_table
from supplysim.experiment import design
from supplysim.experiment.arms import acting
from supplysim.experiment.design import POSTERIOR, POSTERIOR_2025, parameter_draws, posterior_of, posterior_origin
from supplysim.setup.scenario import Scenario


def toy_calibration(held, partitions=None, executor=None, seed=5):
    return calibrate(
        toy.PRIORS, toy.market, held, partitions, first=512, later=[256, 256], seed=seed, executor=executor, workers=1
    )


# A lognormal target of exp(level), level standard normal: the posterior is normal, by conjugacy.


def test_posterior_of_a_toy_world_is_the_known_one():
    result = toy_calibration([toy.target(np.e, 0.5)])
    level, idle = result.bank.z.T
    mean = result.weight @ level
    assert mean == pytest.approx(1.0 / 1.25, abs=0.05)
    assert result.weight @ (level - mean) ** 2 == pytest.approx(0.25 / 1.25, abs=0.03)
    assert result.weight @ idle == pytest.approx(0.0, abs=0.1)


def test_later_populations_raise_the_effective_sample_size():
    result = toy_calibration([toy.target(np.exp(2.5), 0.1)])
    assert result.history[-1] > 5 * result.history[0]
    assert result.effective == effective_size(result.weight)


def test_executor_changes_nothing():
    alone = toy_calibration([toy.target(np.e, 0.5)])
    with ThreadPoolExecutor(3) as threads:
        together = toy_calibration([toy.target(np.e, 0.5)], executor=threads)
    np.testing.assert_array_equal(alone.weight, together.weight)
    np.testing.assert_array_equal(alone.bank.z, together.bank.z)


def test_volume_takes_the_target_distribution_and_does_not_collapse():
    # Twice as wide as the prior, off its centre.
    wanted = np.exp(0.5 + 1.5 * np.random.default_rng(3).standard_normal(200_000))
    cells = volume.Partition(np.quantile(wanted, np.arange(1, 20) / 20), np.full(20, 0.05))
    result = toy_calibration([], (cells, cells))
    found = quantiles(result.bank.summary["delivered"], result.weight)
    np.testing.assert_allclose(np.log(found), np.log(np.quantile(wanted, [0.05, 0.5, 0.95])), atol=0.25)


def test_reweighting_keeps_ratios_within_cells():
    cells = volume.Partition(np.array([1.0]), np.array([0.25, 0.75]))
    weight = cells.reweighted(np.array([0.5, 0.6, 2.0]), np.array([1.0, 3.0, 5.0]))
    np.testing.assert_allclose(weight, [0.0625, 0.1875, 0.75])


def test_a_cell_without_runs_gives_its_probability_to_the_next():
    cells = volume.Partition(np.array([1.0, 5.0]), np.array([0.2, 0.3, 0.5]))
    weight = cells.reweighted(np.array([0.5, 2.0]), np.array([1.0, 1.0]))
    np.testing.assert_allclose(weight, [0.2, 0.8])


def test_a_cell_on_too_few_runs_is_joined_with_the_next():
    cells = volume.Partition(np.array([1.0, 5.0]), np.array([0.2, 0.3, 0.5]))
    found, weight = np.array([0.5, 0.5, 2.0, 2.0, 9.0]), np.array([1.0, 1.0, 1.0, 2.0, 1.0])
    np.testing.assert_allclose(cells.reweighted(found, weight, supported=1.5), [0.1, 0.1, 0.2, 0.4, 0.2])


def test_where_no_cell_has_enough_runs_the_best_one_counts():
    cells = volume.Partition(np.array([1.0]), np.array([0.2, 0.8]))
    weight = cells.reweighted(np.array([0.5, 2.0, 2.0]), np.array([1.0, 1.0, 1.0]), supported=5.0)
    np.testing.assert_allclose(weight, 1.0 / 3.0)


def test_no_weight_anywhere_is_an_error():
    with pytest.raises(ValueError, match="widen the priors or the targets"):
        volume.published().reweighted(np.array([1e5]), np.array([0.0]))


def test_rebuilt_mixture_is_the_published_distribution():
    chips = volume.mixture()
    low, middle, high = np.quantile(chips, [0.05, 0.5, 0.95])
    assert low <= 15_000
    assert middle == pytest.approx(140_000, rel=0.02)
    assert high >= 700_000
    assert 0.575 < np.mean(chips > 100_000) < 0.605  # Q002: the source's appendix gives .58 to .60


# Nothing after the last year of a calibration.


def looks_no_further(held, last):
    for target in held:
        check_period(target.name, target.period, last)
        for source in target.sources:
            for row in resolve(source):
                if isinstance(row, Quantity):
                    check_period(source, row.period, last)


def test_every_target_and_what_it_cites_ends_by_2024():
    looks_no_further(targets(), 2024)


def test_the_calibration_to_2025_has_all_targets_of_2024_and_those_of_2025_and_nothing_later():
    held = targets(last=2025)
    looks_no_further(held, 2025)
    assert {target for target in held if last_year(target.period) <= 2024} == set(targets())
    later = {target.summary for target in held if last_year(target.period) == 2025}
    assert {"2025:delivered_h100e", "2025:abroad_h100e", "2025:price_over_list:B", "2025:prosecutions_us"} < later
    assert all(name.startswith("2025:") for name in later)


@pytest.mark.parametrize("period", ["2025", "2024-2025", "2024..2026-03", "to Q1 2026", "2019"])
def test_another_period_is_refused(period):
    with pytest.raises(ValueError, match="leaves 2022 to 2024"):
        check_period("here", period)


def test_the_last_year_that_is_allowed_is_that_of_the_calibration():
    check_period("here", "2025-05..07", 2025)
    with pytest.raises(ValueError, match="leaves 2022 to 2025"):
        check_period("here", "2026", 2025)


def test_a_target_about_a_year_that_no_calibration_looks_at_is_refused(monkeypatch):
    rows = targets_module.table("targets")
    rows[-1]["period"] = "2026"
    monkeypatch.setattr(targets_module, "table", lambda _: rows)
    with pytest.raises(ValueError, match="leaves 2022 to 2025"):
        targets()


def test_a_period_without_a_year_is_refused():
    with pytest.raises(ValueError, match="names no year"):
        check_period("here", "recently")


@pytest.mark.parametrize("source", ["Q133a", "Q177", "case:C08"])
def test_a_target_that_cites_evidence_of_later_than_itself_is_refused(source, monkeypatch):
    rows = targets_module.table("targets")
    rows[0]["sources"] += f" {source}"
    monkeypatch.setattr(targets_module, "table", lambda _: rows)
    with pytest.raises(ValueError, match=f"{source}.*nothing else may be used"):
        targets()


def test_an_unknown_kind_of_target_is_refused(monkeypatch):
    rows = targets_module.table("targets")
    rows[0]["kind"] = "guess"
    monkeypatch.setattr(targets_module, "table", lambda _: rows)
    with pytest.raises(ValueError, match="must be one of"):
        targets()


def test_a_lognormal_target_without_width_is_refused(monkeypatch):
    rows = targets_module.table("targets")
    next(row for row in rows if row["name"] == "licensed")["scatter"] = ""
    monkeypatch.setattr(targets_module, "table", lambda _: rows)
    with pytest.raises(ValueError, match="neither a scatter nor both bounds"):
        targets()


@pytest.mark.parametrize(("last", "weeks"), [(2024, 104), (2025, 156)])
def test_calibration_runs_end_with_their_last_year(last, weeks):
    scenario = until(Scenario.load("history-2022-2026"), last)
    assert date(last, 12, 25) < scenario.end <= date(last, 12, 31)
    assert scenario.weeks == weeks
    assert not scenario.policies


def test_inputs_after_2024_cannot_change_a_calibration_run():
    scenario = until(Scenario.load("baseline-2024"))
    assert Engine(scenario).before.conditions.shape == (104,)  # the table of inputs ends there


def test_a_run_to_2025_tells_of_2024_what_a_run_to_2024_tells():
    scenario = Scenario.load("minimal")
    short, long = (
        simulate((3, scenario.central_parameters()), until(scenario.with_(time={"end": end}), last))
        for last, end in ((2024, scenario.end), (2025, date(2026, 1, 5)))
    )
    assert set(long) == {key(year, name) for year in LAST_YEARS for name in short}
    # A case that is open at the end of 2024 may seize what was on its way: nothing else looks back.
    same = [name for name in short if np.isfinite(short[name]) and not name.startswith("public:seizures")]
    assert {name: long[name] for name in same} == {name: short[name] for name in same}


def test_priors_that_rest_on_later_evidence_are_named():
    assert late_sources()["effort"] == ["Q177"]


# Targets and summaries.


def test_target_weights():
    within = replace(toy.target(None, 0.1), kind="interval", low=1.0, high=2.0)
    weight = np.exp(within.log_weight(np.array([1.5, 2.0 * np.exp(0.1), 0.0, np.nan])))
    np.testing.assert_allclose(weight, [1.0, np.exp(-0.5), 0.0, 0.0])
    ceiling = replace(within, kind="ceiling", low=None)
    assert ceiling.log_weight(np.array([0.0]))[0] == 0.0
    floor = replace(within, kind="floor", high=None)
    assert floor.log_weight(np.array([5.0]))[0] == 0.0


def test_a_count_is_weighed_and_seen_without_logarithms():
    cases = replace(toy.target(None, 1.5), kind="count", low=3.0, high=5.0)
    np.testing.assert_allclose(cases.log_weight(np.array([0.0, 3.0, 5.0, 8.0])), [-2.0, 0.0, 0.0, -2.0])
    np.testing.assert_array_equal(cases.seen(np.array([0.0, 2.0, np.nan])), [0.0, 2.0, 0.0])
    np.testing.assert_allclose(toy.target(1.0, 1.0).seen(np.array([0.0, np.e])), [np.log(1e-3), 1.0])


def test_dropping_a_source_drops_its_targets():
    assert "sellers" not in {target.name for target in targets(without=["Q031"])}


def test_summary_agrees_with_the_yearly_table():
    scenario = until(Scenario.load("minimal"))
    found = simulate((3, scenario.central_parameters()), scenario)
    model = Engine(scenario, seed=3)
    model.run()
    year = model.yearly().loc[LAST_YEAR]
    for name in (
        "delivered",
        "delivered_h100e",
        "mark_up",
        "prosecutions",
        "listings",
        "prosecutions_us",
        "rented_h100e",
    ):
        assert found[name] == pytest.approx(year[name], rel=1e-12)
    assert found["public:seizures"] == model.public_record()["seizures_published"].sum()
    assert log_weights({name: np.array([value]) for name, value in found.items()}, targets()).shape == (1,)


def test_numbers_of_2025_stand_beside_those_of_2024_only_where_2025_was_looked_at():
    scenario = until(Scenario.load("minimal").with_(time={"end": date(2026, 1, 5)}), 2025)
    found = simulate((3, scenario.central_parameters()), scenario)
    summary = {name: np.array([value]) for name, value in found.items()}
    weight = np.ones(1)
    assert {row.year for row in beside(summary, weight, weight)} == {2024}
    rows = {row.name: row for row in beside(summary, weight, weight, 2025) if row.year == 2025}
    assert rows["smuggled compute"].published == (189_000, 478_000, 1_285_000)
    assert rows["chips delivered"].distance is None


# Identifiability and recovery.


def test_only_what_the_target_touches_moves():
    rows = moved(toy_calibration([toy.target(np.e, 0.3)])).set_index("parameter")
    assert rows.loc["level", "moved"]
    assert not rows.loc["idle", "moved"]
    assert rows.loc["level", "spread"] < 0.5


def test_a_sum_that_is_known_shows_as_a_trade_off():
    result = toy_calibration([])
    both = result.bank.z.sum(axis=1)
    weight = np.exp(-0.5 * (both / 0.3) ** 2)
    pairs = trade_offs(replace(result, weight=weight / weight.sum()))
    assert pairs.loc[0, "correlation"] < -0.8


def test_distance_from_normal_is_that_of_the_tables():
    assert distance_from_normal(np.array([0.0]), np.array([1.0])) == pytest.approx(0.5)


def test_intervals_cover_synthetic_truths():
    z = prior_proposal(2, 2048).draw(4)
    bank = run_bank(z, np.arange(2048), toy.PRIORS, toy.market, workers=1)
    covered = coverage(recover(bank, [toy.target(1.0, 0.5)], 100, 8)).set_index(["way", "parameter"])
    assert covered["coverage"].between(0.82, 0.98).all()
    assert covered.loc[("targets", "level"), "width"] == pytest.approx(np.sqrt(0.2), abs=0.05)
    assert covered.loc[("targets and public record", "level"), "width"] < 0.45
    assert covered.loc[("targets", "idle"), "width"] == pytest.approx(1.0, abs=0.1)


def test_a_proposal_follows_what_the_runs_say_clearly_and_leaves_the_rest_to_the_prior():
    names = {f"idle{at}": Prior("normal", (0.0, 1.0)) for at in range(80)}
    priors = {"level": Prior("normal", (0.0, 1.0))} | names
    held = [toy.target(np.exp(1.0), 0.2)]
    result = calibrate(priors, toy.market, held, None, 512, [256, 256], 5, workers=1)
    proposed = [part for proposal in result.proposals[1:] for part in proposal.parts[1:]]
    assert all(part.root[0, 0] < 1.0 and part.mean[0] > 0.4 for part in proposed)
    assert result.followed < 20
    assert result.history[-1] > 2.0 * result.history[0]  # and so eighty idle parameters do not eat the weight


def test_known_runs_are_not_repeated(monkeypatch):
    before = toy_calibration([toy.target(np.e, 0.5)])
    monkeypatch.setattr("supplysim.calibration.sequential.run_bank", lambda *_: pytest.fail("was run again"))
    again = calibrate(toy.PRIORS, toy.market, [toy.target(np.e, 0.5)], None, 512, [256, 256], 5, known=before.bank)
    np.testing.assert_array_equal(again.weight, before.weight)


# Files.


def test_sample_file_carries_its_origin(tmp_path):
    result = toy_calibration([toy.target(np.e, 0.5)])
    made = origin(result, "supplysim calibrate", 5, Scenario.load("minimal"), 2024)
    save(result, made, tmp_path / "sample.parquet")
    frame = pd.read_parquet(tmp_path / "sample.parquet")
    assert list(frame) == ["level", "idle", "weight"]
    assert frame["weight"].sum() == pytest.approx(1.0)
    assert posterior_origin(tmp_path / "sample.parquet") == made


def test_the_sample_is_small_and_stands_for_all_runs():
    result = toy_calibration([toy.target(np.e, 0.5)])
    sample = table(result)
    assert len(sample) <= ROWS
    assert sample["level"].dtype == np.float32
    mean = result.weight @ result.bank.z[:, 0]
    assert sample["weight"] @ sample["level"] == pytest.approx(mean, abs=0.005)
    assert sample["level"].is_monotonic_increasing  # in the order of volume


def test_rounding_leaves_no_bound():
    result = toy_calibration([])
    bounded = {"level": Prior("uniform", (-0.1, 0.1)), "idle": Prior("uniform", (0.1, 0.7))}
    sample = table(replace(result, priors=bounded, bank=replace(result.bank, z=9.0 * np.sign(result.bank.z))))
    for name, prior in bounded.items():
        low, high = prior.bounds
        assert sample[name].astype(float).between(low, high).all()


def test_runs_can_be_weighed_again_from_their_file(tmp_path):
    held = [toy.target(np.e, 0.5)]
    result = toy_calibration(held)
    save_runs(result, tmp_path / "runs.parquet")
    bank, log_importance = load_runs(tmp_path / "runs.parquet")
    np.testing.assert_allclose(weigh(bank, log_importance, held, None), result.weight)
    assert bank.part(0, 512).size == 512


@pytest.mark.parametrize(("path", "last"), [(POSTERIOR, 2024), (POSTERIOR_2025, 2025)])
def test_shipped_sample_is_complete_or_of_other_rules_and_says_how_it_was_made(path, last):
    frame, made = pd.read_parquet(path), posterior_origin(path)
    uncertain = {name for name, parameter in parameters().items() if parameter.prior is not None}
    dated = {row["change"] for row in evidence_table("calendar")}  # without the calendar they move nothing
    missing = {*acting(uncertain, ()), "weight"} - set(frame)
    assert set(frame) <= {*uncertain, "weight"} or foreign(made["edition"])
    assert missing <= (dated if last == 2024 else set()) or foreign(made["edition"])
    assert path.stat().st_size < 750_000
    assert frame["weight"].sum() == pytest.approx(1.0)
    assert made["command"].startswith(f"supplysim calibrate --to {last} --draws")
    assert made["to"] == last
    assert {"seed", "versions", "source_revision", "scenario", "scenario_hash"} <= set(made)


def test_only_what_starts_in_2026_or_later_is_drawn_from_the_sample_that_looked_at_2025():
    assert posterior_of(Scenario.load("baseline-2024")) == POSTERIOR
    assert posterior_of(Scenario.load("history-2022-2026")) == POSTERIOR  # so that its 2025 can be scored
    assert posterior_of(Scenario.load("baseline-2027")) == POSTERIOR_2025
    moved = Scenario.load("baseline-2024").with_(time={"policy_start": date(2026, 1, 1)})
    assert posterior_of(moved) == POSTERIOR_2025


def test_posterior_draws_are_rows_of_the_sample(monkeypatch):
    sample = {"taste": np.arange(5.0), "wtp": np.arange(5.0) + 3.0, "weight": np.array([0.1, 0.0, 0.4, 0.3, 0.2])}
    monkeypatch.setattr(design, "posterior_sample", lambda _: sample)
    draws = parameter_draws(Scenario.load("baseline-2024"), "posterior", 64, 3)
    assert {(draw["taste"], draw["wtp"]) for draw in draws} == {(0.0, 3.0), (2.0, 5.0), (3.0, 6.0), (4.0, 7.0)}


def test_too_few_draws_and_a_foreign_bank_are_refused(tmp_path, capsys):
    assert main(["calibrate", "--draws", "3"]) == 2
    assert "at least 64" in capsys.readouterr().err
    assert main(["calibrate", "--draws", "64", "--bank", str(tmp_path / "none.parquet")]) == 2
    Bank(("taste",), np.zeros((64, 1)), np.arange(64), {"delivered": np.ones(64)}).save(tmp_path / "other.parquet")
    assert main(["calibrate", "--draws", "64", "--bank", str(tmp_path / "other.parquet")]) == 2
    assert "was not made with" in capsys.readouterr().err


@pytest.mark.parametrize("year", ["2026", "2023", "soon"])
def test_a_year_without_targets_is_refused(year, capsys):
    assert main(["calibrate", "--to", year]) == 2
    assert "--to" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(("last", "page"), [("2024", "calibration"), ("2025", "calibration-2025")])
def test_calibrate_from_the_command_line(last, page, tmp_path):
    out = tmp_path / "posterior.parquet"
    assert main(["calibrate", "--to", last, "--draws", "64", "--workers", "2", "--out", str(out)]) in (0, 1)
    assert {"posterior.parquet", f"{page}.md", f"{page}.png", "runs.parquet", "recovery.csv"} == {
        path.name for path in tmp_path.iterdir()
    }
    assert f"{page}.png" in (tmp_path / f"{page}.md").read_text("utf-8")
    assert posterior_origin(out)["to"] == int(last)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # pyABC's own
def test_pyabc_finds_the_same_posterior(tmp_path):
    pyabc = pytest.importorskip("pyabc")
    np.random.seed(3)  # noqa: NPY002  (pyABC draws from NumPy's global generator)
    seen = np.e * np.exp(0.5 * np.random.default_rng(1).standard_normal(10_000))

    def model(parameter):
        return {"log": parameter["level"] + 0.5 * np.random.standard_normal()}  # noqa: NPY002

    smc = pyabc.ABCSMC(
        model,
        pyabc.Distribution(level=pyabc.RV("norm", 0, 1)),
        population_size=400,
        sampler=pyabc.sampler.SingleCoreSampler(),
    )
    smc.new(f"sqlite:///{tmp_path / 'toy.db'}", {"log": float(np.log(np.median(seen)))})
    history = smc.run(minimum_epsilon=0.05, max_nr_populations=8)
    frame, weight = history.get_distribution()
    ours = toy_calibration([toy.target(np.e, 0.5)])
    theirs = quantiles(frame["level"].to_numpy(), np.asarray(weight))
    np.testing.assert_allclose(theirs, quantiles(ours.bank.z[:, 0], ours.weight), atol=0.15)
