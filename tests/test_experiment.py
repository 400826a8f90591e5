"""Comparisons on a stand-in for the model whose policies have a known effect."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

from supplysim.api import compare
from supplysim.cli.compare import compare_command
from supplysim.errors import InputError, RunFailed
from supplysim.experiment import Interrupted, parameter_draws, run_pairs
from supplysim.experiment.compare import answer, ask
from supplysim.experiment.fingerprint import parameters_hash
from supplysim.experiment.statistics import paired_effect
from supplysim.folders import writable_folder, write_together
from supplysim.policies.base import Policy
from supplysim.report import effects
from supplysim.report.appendix import source_revision
from supplysim.report.formatting import between, compact, count, dollars, millions, percent, relative, rough, tight
from supplysim.report.text import against_published
from supplysim.run import pair_seed
from supplysim.setup.scenario import Scenario

WEEKS = 208
FIRST = 104  # policy start of the baseline scenario
CUT = 100  # chips a week
SEIZED = 30  # of them


@dataclass(frozen=True, kw_only=True)
class Cut(Policy):
    """Keeps `CUT` chips a week from arriving at full strength and costs a million dollars a week."""

    lever = "cut"
    mechanism = "Fewer chips arrive <by decree>."
    payer = "The treasury."
    unknown = "Everything else."


def simulate(scenario, policies, seed, parameters):
    rng = np.random.default_rng(seed)
    scale = parameters["demand_scale"]
    delivered = np.round(scale * 3_000 * rng.lognormal(0.0, 0.1, WEEKS)).astype(int) + CUT
    seized = np.full(WEEKS, 50)
    cost = np.zeros(WEEKS)
    for policy in policies:
        first = FIRST if policy.start is None else scenario.week_of(policy.start)
        delivered[first:] -= int(CUT * policy.intensity)
        seized[first:] += int(SEIZED * policy.intensity)
        cost[first:] += 1e6 * policy.intensity
    weekly = pd.DataFrame(
        {
            "ordered": delivered + seized,
            "delivered": delivered,
            "seized": seized,
            "cancelled": 0,
            "disabled": 0,
            "open": 0,
            "in_transit": 0,
            "delivered_h100e": 1.5 * delivered,
            "in_use_h100e": 1.5 * np.cumsum(delivered),
            "rented_h100e": 10.0,
            "licensed_h100e": 20.0,
            "offshore_h100e": 0.0,
            "domestic_h100e": 30.0,
            "mark_up": 1.4,
            "government_cost": cost,
            "us_cost": cost,
            "foreign_cost": 0.0,
            "industry_cost": 0.0,
            "delivered_via:SG": delivered // 2,
            "delivered_via:MY": delivered - delivered // 2,
        }
    ).rename_axis("week")
    years = weekly.groupby(2023 + weekly.index // 52)
    costs = ["government_cost", "us_cost", "foreign_cost", "industry_cost"]
    yearly = years[["ordered", "delivered", "seized", *costs]].sum().astype(float)
    yearly["mark_up"] = years["mark_up"].mean()
    yearly["interdiction_rate"] = yearly["seized"] / (yearly["seized"] + yearly["delivered"])
    yearly["exposed_share"] = np.nan
    return weekly, yearly


def interrupted_in_third_pair(scenario, policies, seed, parameters):
    if seed in (pair_seed(1, 2), pair_seed(3, 0)):
        raise KeyboardInterrupt
    return simulate(scenario, policies, seed, parameters)


def failing_in_third_pair(scenario, policies, seed, parameters):
    if seed == pair_seed(1, 2) and policies:
        raise ZeroDivisionError("no investigators")
    return simulate(scenario, policies, seed, parameters)


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("baseline-2024")


@pytest.fixture(scope="module")
def comparison(scenario):
    return compare(scenario, [Cut(), Cut(intensity=0.5)], pairs=16, seed=5, workers=1, simulate=simulate)


def test_draws_are_a_prefix_of_longer_ones(scenario):
    many = parameter_draws(scenario, "prior", 100, seed=1)
    for pairs in (1, 2, 5, 64):
        assert parameter_draws(scenario, "prior", pairs, seed=1) == many[:pairs]


def test_draws_follow_the_priors(scenario):
    draws = parameter_draws(scenario, "prior", 1_024, seed=4)
    assert draws[0].keys() == scenario.uncertain().keys()
    for name, prior in scenario.uncertain().items():
        values = [draw[name] for draw in draws]
        assert np.isfinite(values).all()
        assert np.mean(np.array(values) <= prior.quantile(0.25)) >= 0.249
        middle = prior.quantile(0.5)
        assert np.mean(np.array(values) <= middle) >= 0.499
        if middle > 0.0 or prior.quantile(0.45) < 0.0:  # else half of it lies at 0, and the median beside it
            assert np.median(values) == pytest.approx(middle, rel=0.02, abs=0.02)


def test_draws_depend_on_the_seed(scenario):
    assert parameter_draws(scenario, "prior", 2, seed=1) != parameter_draws(scenario, "prior", 2, seed=2)


def test_central_draws_are_all_the_same(scenario):
    assert parameter_draws(scenario, "central", 2, seed=1) == [scenario.central_parameters()] * 2


@pytest.mark.parametrize(
    ("mode", "pairs", "message"), [("priors", 2, "did you mean 'prior'"), ("prior", 0, "from 1 to 100000")]
)
def test_draws_refuse_what_they_cannot_give(scenario, mode, pairs, message):
    with pytest.raises(InputError, match=message):
        parameter_draws(scenario, mode, pairs, seed=1)


def test_parameters_hash_ignores_order():
    assert parameters_hash({"a": 1.0, "b": 2.0}) == parameters_hash({"b": 2.0, "a": 1.0})
    assert parameters_hash({"a": 1.0}) != parameters_hash({"a": 1.5})


def test_known_effect_is_found_exactly(comparison):
    effect = comparison.effect("cut")
    assert effect.mean == effect.median == effect.p05 == effect.p95 == -CUT * (WEEKS - FIRST)
    assert (effect.pairs, effect.pairs_down) == (16, 16)
    assert comparison.effect("cut=0.5", "seized").mean == SEIZED / 2 * (WEEKS - FIRST)


def test_nothing_happens_before_the_policy_starts(comparison):
    effect = comparison.effect("cut", "delivered", "2024")
    assert (effect.p05, effect.p95, effect.mean) == (0.0, 0.0, 0.0)


def test_ledger_and_cost_of_the_known_effect(comparison):
    ledger = comparison.ledger().set_index("policy").loc["cut"]
    weeks = WEEKS - FIRST
    assert ledger["prevented"] == CUT * weeks
    assert ledger["intercepted"] == SEIZED * weeks
    assert ledger["substituted"] == (CUT - SEIZED) * weeks
    cost = comparison.cost_per_chip("cut")
    assert cost.estimate == pytest.approx(1e6 / CUT, rel=0.03)  # discounted
    assert (cost.low, cost.high) == (pytest.approx(cost.estimate), pytest.approx(cost.estimate))


def test_compute_denied_is_what_would_have_been_in_use(comparison):
    weeks = WEEKS - FIRST
    denied = 1.5 * CUT * weeks * (weeks + 1) / 2 / 52  # the fall grows by as much every week
    np.testing.assert_allclose(comparison.h100e_years_denied("cut"), denied)
    cost = comparison.cost_per_h100e_year("cut")
    assert cost.estimate == pytest.approx(comparison.extra_costs("cut").sum(axis=1).mean() / denied)
    assert comparison.cost_per_h100e_year("cut=0.5").estimate == pytest.approx(cost.estimate)


def test_costs_are_discounted_at_the_rate_of_the_scenario(scenario):
    rates = {rate: scenario.with_(parameters={"discount_rate": rate}) for rate in (0.0, 0.1)}
    weeks = np.arange(WEEKS - FIRST)
    for rate, changed in rates.items():
        result = compare(changed, [Cut()], pairs=2, workers=1, simulate=simulate)
        cost = 1e6 * ((1.0 + rate) ** (-weeks / 52)).sum()
        np.testing.assert_allclose(result.extra_costs("cut"), [[cost, 0.0]] * 2)
        assert json.loads(result.to_json())["policies"][0]["cost"]["discount_rate"] == pytest.approx(rate)


def test_costs_are_discounted_at_the_rate_of_the_pair(scenario):
    uncertain = scenario.with_(parameters={"discount_rate": {"prior": "uniform", "low": 0.0, "high": 0.2}})
    result = compare(uncertain, [Cut()], pairs=4, workers=1, simulate=simulate)
    assert list(result.discount_rates) == [draw["discount_rate"] for draw in result.draws]
    assert np.array_equal(np.argsort(result.extra_costs("cut")[:, 0]), np.argsort(-result.discount_rates))


def test_ledger_has_the_fixed_columns_then_the_split_then_intervals(comparison):
    ledger = comparison.ledger()
    names = ["prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo"]
    names += [f"substituted_{channel}" for channel in ("licensed", "rented", "offshore", "domestic", "none")]
    names += ["disabled_memo", "rerouted_noise"]
    bounds = [f"{name}_{end}" for name in names for end in ("low", "high")]
    assert list(ledger) == ["policy", *names, *bounds]
    split = ledger.filter(regex="^substituted_[a-z]+$").drop(columns=["substituted_low", "substituted_high"])
    np.testing.assert_allclose(split.sum(axis=1), ledger["substituted"])
    parts = ledger[["substituted", "intercepted", "blocked", "delayed"]]
    np.testing.assert_array_equal(parts.sum(axis=1), ledger["prevented"])
    assert (ledger["prevented_low"] == ledger["prevented_high"]).all()  # the effect is the same in every pair


def test_rerouting_has_an_interval_and_the_noise_of_unpaired_baselines(comparison):
    ledger = comparison.ledger().set_index("policy")
    rerouted = [pair.rerouted_memo for pair in comparison.ledgers["cut"]]
    effect = paired_effect(np.zeros(16), rerouted)
    assert ledger.loc["cut", "rerouted_memo_low"] == pytest.approx(effect.mean_low)
    assert ledger.loc["cut", "rerouted_memo_high"] == pytest.approx(effect.mean_high)
    assert ledger["rerouted_noise"].nunique() == 1
    assert ledger.loc["cut", "rerouted_noise"] == pytest.approx(comparison.rerouting_noise.mean())


def test_part_of_a_comparison_keeps_its_numbers(comparison):
    part = comparison.only(["cut=0.5"])
    assert list(part.arms) == ["cut=0.5"]
    assert part.effect("cut=0.5") == comparison.effect("cut=0.5")
    pd.testing.assert_frame_equal(part.ledger(), comparison.ledger().tail(1).reset_index(drop=True))
    assert list(comparison.only(["cut=0.5", "cut"]).arms) == ["cut=0.5", "cut"]


def test_table_has_every_year_and_the_window(comparison):
    table = comparison.table()
    assert list(table) == [
        "policy",
        "measure",
        "year",
        "baseline_median",
        "policy_median",
        "effect_median",
        "effect_p05",
        "effect_p95",
        "effect_mean",
        "effect_se",
        "relative_effect",
        "pairs",
        "pairs_down",
        "variance_ratio",
        "effect_low",
        "effect_high",
        "baseline_median_se",
        "policy_median_se",
        "effect_median_se",
        "relative_effect_se",
        "ratio",
        "ratio_low",
        "ratio_high",
        "worlds_low",
        "worlds_median",
        "worlds_high",
        "worlds_left_out",
        "verdict",
        "first_day",
        "last_day",
        "policy_year",
    ]
    delivered = table[(table["policy"] == "cut") & (table["measure"] == "delivered")]
    assert list(delivered["year"]) == ["2023", "2024", "2025", "2026", "2025-2026"]
    assert list(delivered["policy_year"]) == ["before", "before", "1", "2", "all"]
    assert list(delivered["first_day"])[-2:] == ["2025-12-29", "2024-12-30"]
    assert list(delivered["last_day"])[-2:] == ["2026-12-27", "2026-12-27"]
    assert (table["measure"] == "cost_per_chip_prevented").sum() == 2
    per_year = table[table["measure"] == "cost_per_h100e_year"].iloc[0]
    assert per_year["effect_mean"] == comparison.cost_per_h100e_year("cut").estimate
    assert (per_year["year"], per_year["pairs_down"]) == ("2025-2026", 16)
    unknown = table[table["measure"] == "exposed_share"]
    assert (unknown["pairs"] == 0).all()


def test_policy_starting_earlier_widens_the_window(scenario):
    early = compare(scenario, [Cut(start=date(2024, 1, 1))], pairs=2, workers=1, simulate=simulate)
    assert early.window == "2024-2026"
    assert early.ledger()["prevented"].item() == CUT * (WEEKS - 52)


def test_workers_executor_and_order_do_not_matter(scenario):
    serial = compare(scenario, [Cut()], pairs=4, workers=1, simulate=simulate)
    spawned = compare(scenario, [Cut()], pairs=4, workers=2, simulate=simulate)
    with ThreadPoolExecutor(3) as threads:
        threaded = compare(scenario, [Cut()], pairs=4, executor=threads, simulate=simulate)
    for other in (spawned, threaded):
        pd.testing.assert_frame_equal(serial.run_table(), other.run_table(), check_exact=True)
        assert serial.to_json() == other.to_json()


def test_more_pairs_keep_the_first_ones(scenario):
    few = compare(scenario, [Cut()], pairs=3, workers=1, simulate=simulate).run_table()
    more = compare(scenario, [Cut()], pairs=5, workers=1, simulate=simulate).run_table()
    pd.testing.assert_frame_equal(few, more.iloc[: len(few)], check_exact=True)


def test_progress_counts_every_pair(scenario):
    seen = []
    settings = {"workers": 1, "progress": lambda *now: seen.append(now[:2]), "simulate": simulate}
    compare(scenario, [Cut()], pairs=2, replicates=1, **settings)
    assert seen == [(1, 3), (2, 3), (3, 3)]  # the third is a pair's parameters under another seed


def test_interrupt_keeps_finished_pairs(scenario, tmp_path):
    with pytest.raises(Interrupted) as stop:
        compare(scenario, [Cut()], pairs=9, seed=1, workers=1, out=tmp_path, simulate=interrupted_in_third_pair)
    assert stop.value.comparison.pairs == 2
    assert json.loads((tmp_path / "provenance.json").read_text())["seeds"] == [pair_seed(1, 0), pair_seed(1, 1)]


def test_interrupt_in_the_first_pair_leaves_nothing(scenario, tmp_path):
    with pytest.raises(Interrupted) as stop:
        compare(scenario, [Cut()], pairs=2, seed=3, workers=1, out=tmp_path, simulate=interrupted_in_third_pair)
    assert stop.value.comparison is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_failure_names_what_to_repeat(scenario, workers):
    with pytest.raises(RunFailed, match=rf"pair 2 failed in arm 'cut' .*no investigators.*rng={pair_seed(1, 2)}"):
        compare(scenario, [Cut()], pairs=3, seed=1, workers=workers, simulate=failing_in_third_pair)


def test_fewer_than_one_worker_is_refused(scenario):
    with pytest.raises(InputError, match="workers = 0"):
        run_pairs(scenario, {}, [{}], seed=1, first_week=0, workers=0)


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ([Cut(), Cut()], "name is taken"),
        ([Cut(start=date(2031, 1, 1))], "scenario ends"),
        ([(Cut(), Cut(intensity=0.5))], "twice with the same start"),
    ],
)
def test_wrong_policies_are_refused_before_anything_runs(scenario, policies, message):
    asked = []
    with pytest.raises(InputError, match=message):
        compare(scenario, policies, pairs=1, workers=1, simulate=lambda *run: asked.append(run))
    assert asked == []


def test_rule_changes_the_scenario(scenario):
    result = compare(scenario, Cut(), pairs=1, workers=1, rule="habit", simulate=simulate)
    assert result.scenario.rules.decision == "habit"


def test_saved_files_are_complete_and_repeatable(comparison, tmp_path):
    comparison.save(tmp_path / "new" / "out")
    folder = tmp_path / "new" / "out"
    tables = ("comparison", "ledger", "burden", "scorecard", "ranking", "variance", "drivers")
    tables += ("worlds", "pairwise", "assumptions", "turns", "routes")
    figures = [f"{name}.{form}" for name in ("effects", "fan", "waterfall", "frontier") for form in ("png", "svg")]
    others = ("comparison.png", "tables.xlsx", "runs.parquet", "provenance.json")
    others += ("report.html", "brief.html", "brief.docx")
    assert {path.name for path in folder.iterdir()} == {f"{name}.csv" for name in tables} | {*figures, *others}
    assert (
        (folder / "ledger.csv")
        .read_text()
        .startswith("policy,prevented,substituted,intercepted,blocked,delayed,rerouted_memo,substituted_licensed,")
    )
    runs = pd.read_parquet(folder / "runs.parquet")
    assert len(runs) == 16 * 3 * 4
    assert not runs.duplicated(["pair", "policy", "year"]).any()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "&lt;by decree&gt;" in page


def test_unwritable_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="nothing can be written there"):
        writable_folder(tmp_path / "file")
    with pytest.raises(InputError, match="nothing can be written there"):
        write_together(tmp_path / "file" / "below", {})


def test_failed_write_leaves_the_old_files(tmp_path):
    (tmp_path / "one").write_text("old")

    def full(path):
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="no space left"):
        write_together(tmp_path, {"one": lambda path: path.write_text("new"), "two": full})
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one").read_text() == "old"


def test_json_has_no_nan(comparison):
    document = json.loads(comparison.to_json(), parse_constant=pytest.fail)
    asked = {"scenario", "pairs", "seed", "parameters", "window", "periods", "notes", "given"}
    assert asked | {"policies", "objectives", "precision", "ranking", "variance"} == set(document)
    cut = document["policies"][0]
    assert cut["name"] == "cut"
    assert cut["effects"]["delivered"]["median"] == -CUT * (WEEKS - FIRST)
    assert list(cut["ledger"]["substitutes"]) == ["licensed", "rented", "offshore", "domestic", "none"]
    assert cut["ledger"]["intervals"]["prevented"] == {"low": CUT * (WEEKS - FIRST), "high": CUT * (WEEKS - FIRST)}
    assert set(cut["cost"]) == {
        "government",
        "industry",
        "by_payer",
        "discount_rate",
        "per_chip_prevented",
        "verdict",
        "per_h100e_year_denied",
    }
    assert cut["cost"]["per_h100e_year_denied"]["verdict"] == "clear fall"
    assert cut["cost"]["by_payer"]["us"] == {"mean": 52e6, "low": 52e6, "high": 52e6}  # a million a week
    chips = cut["objectives"]["chips"]  # the stand-in reports no other objective
    assert list(cut["objectives"]) == list(document["objectives"]) == ["chips"]
    assert chips["ratio"] == cut["effects"]["delivered"]["ratio"] == chips["by_volume"]["ratio"]
    assert [(year["policy_year"], year["year"]) for year in chips["policy_years"]] == [(1, 2025), (2, 2026)]
    assert chips["policy_years"][0]["ratio"] == cut["effects"]["delivered"]["years"]["2025"]["ratio"]
    assert cut["scorecard"][0]["stakeholder"] == "US government"
    assert cut["burden"] == []  # the stand-in reports none
    told = cut["effects"]["delivered"]
    assert set(told["years"]) == {"2023", "2024", "2025", "2026"}
    assert told["ratio_low"] <= told["ratio"] == told["relative"] <= told["ratio_high"]
    assert told["ratio"] < 0.0
    assert (told["verdict"], told["years"]["2023"]["verdict"]) == ("falls", "no change")
    unknown = cut["effects"]["exposed_share"]
    assert {unknown[key] for key in ("median", "p05", "p95", "relative", "ratio", "ratio_low", "worlds_high")} == {None}
    assert unknown["verdict"] == "not clear"


def test_words_say_what_the_numbers_say(comparison, scenario):
    columns, (baseline, cut, _) = effects.main(comparison)
    assert columns == ("", "chips delivered", "9 of 10 worlds", "$M a year (US, others)")
    assert baseline[0] == "baseline"
    effect = comparison.effect("cut")
    assert cut[1] == tight(effect.relative, effect.relative_low, effect.relative_high)
    assert cut[2] == between(effect.worlds_low, effect.worlds_high)
    assert cut[3] == "52 + 0"
    _, (_, worlds, cut, _) = effects.by_year(comparison)
    assert worlds[0] == "9 of 10 worlds"
    effect = comparison.effect("cut", year="2026")
    assert cut[2] == tight(effect.relative, effect.relative_low, effect.relative_high)
    assert "140,000" in against_published(comparison)
    nothing = compare(scenario, [Cut(intensity=0.0)], pairs=2, workers=1, simulate=simulate)
    assert effects.main(nothing).rows[1][1:] == ("0 %", "0 to 0 %", "0 + 0")


def test_numbers_are_rounded_for_people():
    assert [count(x) for x in (0.0, 7.4, 999.6, 141_832.0)] == ["0", "7", "1,000", "142,000"]
    assert [compact(x) for x in (0.2, 999.7, 141_832.0, 999_600.0)] == ["0", "1k", "142k", "1M"]
    assert [compact(x, sign=True) for x in (1_234.0, -1_234.0, 0.0)] == ["+1.23k", "−1.23k", "0"]
    assert [percent(x) for x in (-0.124, 0.3, 0.001, -0.001)] == ["−12 %", "+30 %", "0 %", "0 %"]
    assert [dollars(x) for x in (24.6e6, -1.21e9, 4_321.0, 999.9e6, math.nan)] == [
        "$24.6 M",
        "−$1.21 bn",
        "$4,320",
        "$1 bn",
        "unknown",
    ]


def test_a_relative_change_is_told_as_finely_as_it_is_known():
    assert relative(-0.1236, -0.131, -0.116) == "−12.4 % ± 0.8"
    assert relative(-0.1236, -0.16, -0.09) == "−12 % ± 4"
    assert relative(-0.1236, -0.12365, -0.12355) == "−12.4 % ± 0.1"  # never ± 0 unless it is
    assert relative(0.0, 0.0, 0.0) == "0 %"
    assert relative(-0.1236, math.nan, math.nan) == "−12 %"  # one pair
    assert relative(math.nan, math.nan, math.nan) == "unknown"  # of nothing
    assert (between(-0.25, -0.04), between(math.nan, math.nan)) == ("−25 to −4 %", "")


def test_a_narrow_column_leaves_out_what_its_heading_says():
    assert tight(-0.1236, -0.131, -0.116) == "−12.4 % ±0.8"
    assert tight(-0.1236, -0.131, -0.116, unit="") == "−12.4 ±0.8"
    assert tight(-0.0001, -0.002, 0.0018, unit="") == "0.0 ±0.2"  # zero has no sign
    assert [millions(x) for x in (133.2e6, 2.93e6, 3e6, -4e4, 1e4, math.nan)] == [
        "133",
        "2.9",
        "3",
        "0",
        "0",
        "unknown",
    ]
    assert [rough(x) for x in (4.162e6, 439_000.0, 12.0)] == ["4.2M", "440k", "12"]


def test_source_revision_is_a_hash_or_unknown():
    revision = source_revision()
    assert revision is None or len(revision.removesuffix("+changes")) in (40, 64)


def told(monkeypatch, capsys, engine, as_json):
    """Return the exit status and the output of the command, run on a stand-in."""

    def stand_in(scenario, policies, pairs, **settings):
        return ask(scenario, [Cut()], pairs, **settings)

    monkeypatch.setattr("supplysim.cli.compare.ask", stand_in)
    monkeypatch.setattr("supplysim.cli.compare.answer", partial(answer, simulate=engine))
    settings = {"parameters": "prior", "rule": None, "workers": 1, "out": None, "as_json": as_json}
    status = compare_command("baseline-2024", [], pairs=4, seed=1, **settings)
    return status, capsys.readouterr()


def test_command_tells_effect_published_range_and_limits(monkeypatch, capsys):
    status, output = told(monkeypatch, capsys, simulate, as_json=False)
    assert status == 0
    for text in (
        "cut from January 2025, in 2025-2026, over 4 worlds",
        "9 of 10 worlds",
        "140,000",
        "not a forecast",
        "seed 1",
    ):
        assert text in output.out


def test_command_prints_only_json_when_asked(monkeypatch, capsys):
    status, output = told(monkeypatch, capsys, simulate, as_json=True)
    assert status == 0
    assert json.loads(output.out)["pairs"] == 4
    assert output.err == ""


def test_interrupted_command_tells_what_is_done(monkeypatch, capsys):
    status, output = told(monkeypatch, capsys, interrupted_in_third_pair, as_json=False)
    assert status == 130
    assert "2 pairs are finished and kept" in output.err
    assert "over 2 worlds" in output.out
