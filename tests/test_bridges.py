"""Bridges against the real packages; those that are not installed are left out."""

from concurrent.futures import Executor
from importlib.util import find_spec

import numpy as np
import pytest

import supplysim as ss
from supplysim.bridges import arviz, ema, executors, salib
from supplysim.bridges import mesa as batches
from supplysim.bridges.points import World, uncertain
from supplysim.experiment.design import WEIGHT, posterior_sample

HERE = {"workers": 1, "store": False, "replicates": 0}
MINIMAL = ss.Scenario.load("minimal")


# --- one world at one point --------------------------------------------------------------------------------


def test_a_world_is_the_same_with_and_without_policies_but_for_them():
    world = World("minimal", ["delivered"])
    still, moved = world(fte=10.0), world(fte=10.0, border=1.0)
    assert still["delivered_change"] == 0.0
    assert moved["delivered_change"] == moved["delivered"] - still["delivered"] != 0.0
    assert World("minimal", ["delivered"])(fte=10.0, border=1.0) == moved
    assert world(**{"border.growth": 9.0, "border": 1.0}) != world(**{"border.growth": 1.0, "border": 1.0})


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: uncertain(MINIMAL, ["ftee"]), "no such uncertain parameter"),
        (lambda: uncertain(MINIMAL, []), "names nothing"),
        (lambda: World("minimal", ["deliverd"]), "did you mean 'delivered'"),
        (lambda: World("minimal")(nothing=1.0), "no such parameter"),
        (lambda: World("minimal")(border=2.0), "must lie between 0 and 1"),
    ],
)
def test_a_wrong_name_is_told(call, told):
    with pytest.raises(ss.InputError, match=told):
        call()


# --- EMA Workbench -----------------------------------------------------------------------------------------


@pytest.fixture
def workbench():
    """Return the Workbench; it warns of what it does without when it is loaded."""
    if find_spec("ema_workbench") is None:
        pytest.skip("ema-workbench is not installed")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ema_workbench
    return ema_workbench


@pytest.mark.filterwarnings("ignore")
def test_the_workbench_runs_the_model(workbench):
    model = ema.ema_model("minimal", ["border"], ["fte", "border.growth"], ["delivered"])
    experiments, outcomes = workbench.perform_experiments(model, 3, 2)
    assert len(experiments) == 6
    ends = uncertain(MINIMAL, ["fte", "border.growth"])
    assert experiments["investigators"].between(*ends["investigators"]).all()
    (row,) = experiments.head(1).to_dict("records")
    again = World("minimal", ["delivered"])(
        investigators=row["investigators"], **{"border.growth": row["border__growth"]}, border=row["border"]
    )
    assert outcomes["delivered"][0] == again["delivered"]
    assert outcomes["delivered_change"][0] == again["delivered_change"]


@pytest.mark.filterwarnings("ignore")
def test_its_experiments_are_a_design_of_ours(workbench):
    model = ema.ema_model("minimal", ["border"], ["fte"], ["delivered"])
    experiments, _ = workbench.perform_experiments(model, 2, 1)
    study = ss.compare("minimal", ["border"], draws=ema.draws(experiments, MINIMAL), **HERE)
    assert [draw["investigators"] for draw in study.draws] == experiments["investigators"].tolist()


@pytest.mark.filterwarnings("ignore")
def test_the_workbench_is_told_what_it_may_not_ask(workbench):
    with pytest.raises(ss.InputError, match="there is no such lever"):
        ema.ema_model("minimal", ["bordr"])


# --- SALib -------------------------------------------------------------------------------------------------


def test_salib_samples_are_a_design_and_a_study_its_results():
    latin = pytest.importorskip("SALib.sample.latin")
    problem = salib.problem("minimal", ["fte", "demand_scale"])
    samples = latin.sample(problem, 24, seed=3)
    draws = salib.draws(samples, problem, "minimal")
    ends = uncertain(MINIMAL, ["fte", "demand_scale"])
    assert all(draws[name].between(*ends[name]).all() for name in ends)
    study = ss.compare("minimal", ["border"], draws=draws, **HERE)
    effect = salib.results(study, "border")
    assert effect.tolist() == (study.values("border", "delivered", "2024") - salib.results(study)).tolist()
    assert [draw["demand_scale"] for draw in study.draws] == draws["demand_scale"].tolist()


def test_salib_finds_what_it_is_made_of():
    sobol = pytest.importorskip("SALib.sample.sobol")
    problem = salib.problem("minimal", ["fte", "demand_scale"])
    samples = sobol.sample(problem, 64, seed=3)
    draws = salib.draws(samples, problem, "minimal")

    class Known:  # a study whose effect is one of its parameters
        window = "2024"

        def values(self, arm, measure, year):
            return draws["demand_scale"].to_numpy() if arm == "border" else np.zeros(len(draws))

    found = salib.analyse(problem, Known(), "border", seed=1)
    assert found.loc["demand_scale", "S1"] == pytest.approx(1.0, abs=0.1)
    assert found.loc["investigators", "ST"] == pytest.approx(0.0, abs=0.05)
    with pytest.raises(ss.InputError, match="there is no such method"):
        salib.analyse(problem, Known(), method="soboll")


def test_samples_of_another_problem_are_refused():
    with pytest.raises(ss.InputError, match="the problem has 1 factors"):
        salib.draws(np.zeros((4, 2)), salib.problem("minimal", ["fte"]), "minimal")


# --- ArviZ -------------------------------------------------------------------------------------------------


@pytest.fixture
def weighted(tmp_path, monkeypatch):
    """Return a weighted sample of one parameter that no edition has to have made."""
    import pandas as pd

    from supplysim.experiment import design

    monkeypatch.setattr(design, "check_posterior", lambda path: None)
    path = tmp_path / "posterior.parquet"
    rng = np.random.default_rng(4)
    pd.DataFrame({"access": rng.uniform(0.1, 0.5, 50), WEIGHT: rng.exponential(1.0, 50)}).to_parquet(path)
    return path


def test_arviz_gets_rows_as_often_as_they_weigh(weighted):
    pytest.importorskip("arviz_base")
    tree = arviz.to_arviz("minimal", 1000, sample=weighted)
    drawn = tree["posterior"]["access"].to_numpy().ravel()
    sample = posterior_sample(weighted)
    share = sample[WEIGHT] / sample[WEIGHT].sum()
    times = np.array([(drawn == value).sum() for value in sample["access"]])
    assert np.abs(times - 1000 * share).max() <= 1.0
    told = tree["posterior"].attrs
    assert told["effective_sample_size"] == pytest.approx(1 / (share**2).sum())
    assert told["different_rows"] == (times > 0).sum()
    assert dict(tree["posterior"].sizes) == {"chain": 1, "draw": 1000}


# --- Mesa --------------------------------------------------------------------------------------------------


def test_batch_run_varies_parameters_and_levers_on_the_same_worlds():
    import mesa

    varied = {"scenario": "minimal", "fte": [10, 20], "border": [0, 1], "rng": [1, 2]}
    rows = mesa.batch_run(batches.Batch, varied, number_processes=1, max_steps=2000, display_progress=False)
    found = batches.table(rows)
    assert len(found) == 8
    assert "RunId" not in found
    one = found[(found["fte"] == 20) & (found["border"] == 1)]
    model = ss.SupplyChain("minimal", ["border"], rng=1, parameters={"fte": 20})
    model.run()
    assert one["delivered"].iloc[0] == model.weekly()["delivered"].iloc[-1]


# --- executors ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain():
    study = ss.compare("minimal", ["border"], pairs=3, **HERE)
    return study.values("border", "delivered", study.window).tolist()


@pytest.mark.parametrize("settings", [{"n_jobs": 2}, {"n_jobs": 2, "backend": "threading"}, {"n_jobs": 1}])
def test_joblib_runs_the_same_pairs(plain, settings):
    pytest.importorskip("joblib")
    with executors.JoblibExecutor(**settings) as executor:
        assert isinstance(executor, Executor)
        study = ss.compare("minimal", ["border"], pairs=3, executor=executor, store=False, replicates=0)
    assert study.values("border", "delivered", study.window).tolist() == plain


def test_a_task_that_fails_under_joblib_fails_alone():
    pytest.importorskip("joblib")
    with executors.JoblibExecutor(n_jobs=1) as executor:
        good, bad = executor.submit(int, "3"), executor.submit(int, "x")
        assert good.result(60) == 3
        with pytest.raises(ValueError, match="invalid literal"):
            bad.result(60)


def test_ray_runs_the_same_pairs(plain):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        study = ss.compare("minimal", ["border"], pairs=3, executor=executors.RayExecutor(), store=False, replicates=0)
    finally:
        ray.shutdown()
    assert study.values("border", "delivered", study.window).tolist() == plain


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("joblib", executors.JoblibExecutor),
        ("ray", executors.RayExecutor),
        ("ema_workbench", lambda: ema.ema_model("minimal", ["border"])),
        ("arviz_base", lambda: arviz.to_arviz("minimal")),
    ],
)
def test_what_is_not_installed_is_named(monkeypatch, package, call):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ss.InputError, match="is not installed"):
        call()
