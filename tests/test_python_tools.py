"""What Python offers beside a comparison: own designs, sweeps, breakdowns, arrays, two studies, progress."""

import json
import sys
from datetime import date

import numpy as np
import pandas as pd
import pytest

import supplysim as ss
from supplysim.experiment import breakdown as divided
from supplysim.experiment.given_draws import given_draws
from supplysim.experiment.progress import shown
from supplysim.experiment.readable import modes

HERE = {"workers": 1, "store": False, "replicates": 0}
MINIMAL = ss.Scenario.load("minimal")


@pytest.fixture(scope="module")
def study():
    return ss.compare("minimal", ["border", "whistleblower=0.5"], pairs=3, **HERE)


# --- a design of one's own ---------------------------------------------------------------------------------


def test_any_form_of_a_design_runs_its_rows():
    frame = pd.DataFrame({"fte": np.array([10, 30], np.int32), "access": [0.2, 0.4]})
    studies = [
        ss.compare("minimal", ["border"], draws=draws, **HERE)
        for draws in (frame, frame.to_dict("list"), frame.to_dict("records"), iter(frame.to_dict("records")))
    ]
    assert all(one.pairs == 2 for one in studies)
    assert studies[0].draws == [{"investigators": 10.0, "access": 0.2}, {"investigators": 30.0, "access": 0.4}]
    assert len({tuple(one.values("border", "delivered", one.window)) for one in studies}) == 1
    assert studies[0].parameters == "given"


def test_what_a_row_leaves_out_is_central():
    (central,) = ss.compare("minimal", ["border"], 1, parameters="central", **HERE).runs
    named = {"access": MINIMAL.central_parameters()["access"]}
    (given,) = ss.compare("minimal", ["border"], draws=[named], **HERE).runs
    assert given[1].account == central[1].account


def test_effects_of_given_draws_are_plain_means():
    rng = np.random.default_rng(3)
    draws = {"demand_scale": rng.uniform(0.5, 2.0, 60), "access": np.full(60, 0.3)}
    study = ss.compare("minimal", ["border"], draws=draws, **HERE)
    effect = study.effect("border")
    base, policy = (study.values(arm, "delivered", study.window) for arm in ("baseline", "border"))
    assert study.adjustment("border") is None
    assert effect.relative == pytest.approx((policy - base).mean() / base.mean())
    assert len(study.table())
    assert study.turns() is not None


def test_a_state_may_be_a_column():
    world = MINIMAL.with_(
        states=[
            {"name": "law", "values": [{"name": "passed", "probability": 0.5}, {"name": "not", "probability": 0.5}]}
        ]
    )
    found = given_draws([{"law": "passed"}, {"law": "not"}], world)
    assert [draw.states["law"] for draw in found] == ["passed", "not"]
    with pytest.raises(ss.InputError, match="there is no such value"):
        given_draws([{"law": "perhaps"}], world)


@pytest.mark.parametrize(
    ("draws", "told"),
    [
        ({"fte": [1], "acces": [1]}, "did you mean 'access'"),
        ({"fte": [np.nan]}, "its range is 0 to 2000"),
        ({"fte": [-1]}, "its range is 0 to 2000"),
        ({"fte": ["a"]}, "it is not a number"),
        ({"fte": [1, 2], "access": [0.3]}, "different lengths"),
        ([{"fte": 1}, {"access": 0.3}], "names other parameters"),
        ([{"fte": 1, "investigators": 1}], "another name of"),
        ([], "has no row"),
        (pd.DataFrame([[1, 2]], columns=["fte", "fte"]), "two columns have the same name"),
        (np.zeros((2, 2)), "no table of names"),
        (3, "it is no list"),
    ],
)
def test_a_wrong_design_is_told_in_a_line_and_nothing_runs(draws, told):
    with pytest.raises(ss.InputError, match=told):
        ss.compare("minimal", ["border"], draws=draws, **HERE)


@pytest.mark.parametrize("also", [{"pairs": 2}, {"precision": 0.1}, {"parameters": "central"}])
def test_a_design_says_how_many_and_where_from(also):
    with pytest.raises(ss.InputError, match="the rows of draws say that"):
        ss.compare("minimal", ["border"], draws=[{"fte": 10}], **also)


# --- the same on the command line --------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path, monkeypatch, capsys):
    """Return a function that compares with a design in a file and returns status, output and errors."""
    from supplysim.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / "cache"))

    def run(*words):
        return main(["compare", "minimal", "-p", "border", *words]), *capsys.readouterr()

    return run


def test_a_design_in_a_file_is_the_same_design(asked, tmp_path):
    frame = pd.DataFrame({"fte": [10, 30], "access": [0.2, 0.4]})
    frame.to_csv("own.csv", index=False)
    frame.to_parquet("own.parquet")
    study = ss.compare("minimal", ["border"], draws=frame, **HERE)
    for name in ("own.csv", "own.parquet"):
        status, out, _ = asked("--draws", name, "--json", "--workers", "1", "--out", "out")
        assert status == 0
        assert json.loads(out)["policies"] == json.loads(study.to_json())["policies"]
    kept = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert kept["question"]["draws"] == [{"investigators": 10.0, "access": 0.2}, {"investigators": 30.0, "access": 0.4}]
    assert ss.reproduce(tmp_path / "out" / "provenance.json", workers=1).same


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ft\n10\n", "own.csv: row 1.ft: there is no such parameter; did you mean 'fte'?"),
        ("fte\n10\n-4\n", "own.csv: row 2.fte = -4.0, but its range is 0 to 2000"),
        ("fte,access\n10,\n", "own.csv: row 1.access = , but it is not a number"),
        ("fte\nnan\n", "own.csv: row 1.fte = nan, but its range is"),
        ("fte\n", "own.csv: has no row; write one row a world"),
        ("", "own.csv: is no table (the first line must name every column"),
        ("fte,access\n10\n", "own.csv: is no table (line 2: 1 cells, but 2 columns"),
        ("fte,fte\n1,2\n", "own.csv: is no table (the first line must name every column, each once)"),
    ],
)
def test_a_wrong_design_in_a_file_names_row_and_column(asked, tmp_path, content, told):
    (tmp_path / "own.csv").write_text(content)
    status, out, wrong = asked("--draws", "own.csv", "--out", "out")
    assert (status, out) == (2, "")
    assert told in wrong
    assert len(wrong.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_design_that_is_no_table_and_what_it_already_says_are_refused(asked, tmp_path):
    assert "there is no such file" in asked("--draws", "own.csv")[2]
    (tmp_path / "own.txt").write_text("fte")
    assert "it is neither CSV nor Parquet" in asked("--draws", "own.txt")[2]
    (tmp_path / "own.parquet").write_text("fte")
    assert "own.parquet: is no table" in asked("--draws", "own.parquet")[2]
    (tmp_path / "own.csv").write_bytes(b"\xff\xfe\n")
    assert "own.csv: is not text in UTF-8" in asked("--draws", "own.csv")[2]
    (tmp_path / "own.csv").write_text("fte\n10\n")
    for option, value in (("--pairs", "3"), ("--precision", "0.1"), ("--parameters", "central")):
        assert f"{option} = " in (told := asked("--draws", "own.csv", option, value)[2])
        assert "the rows of own.csv say that" in told


# --- sweep -------------------------------------------------------------------------------------------------


def test_a_sweep_has_every_point_on_the_same_pairs():
    found = ss.sweep("minimal", {"fte": [10, 20], "border": [0, 1]}, pairs=2, workers=1, store=False)
    assert len(found) == 2 * 2 * 2
    assert found.groupby(["fte", "border"])["seed"].apply(tuple).nunique() == 1
    study = ss.compare(MINIMAL.with_(parameters={"fte": 20}), ["border"], pairs=2, **HERE)
    for strength, arm in ((0, "baseline"), (1, "border")):
        rows = found[(found["fte"] == 20) & (found["border"] == strength)]
        assert rows["delivered"].tolist() == study.values(arm, "delivered", study.window).tolist()


def test_a_sweep_compares_policies_at_every_point():
    found = ss.sweep("minimal", {"fte": [10]}, ["border"], 2, measures=["seized"], workers=1, store=False)
    assert found["policy"].tolist() == ["baseline", "baseline", "border", "border"]
    assert [*found] == ["fte", "policy", "pair", "seed", "seized"]


@pytest.mark.parametrize(
    ("grid", "told"),
    [
        ({"ftee": [1]}, "no such parameter or lever"),
        ({"fte": []}, "has no value"),
        ({"fte": 3}, "it is no list"),
        ({"border": [2]}, "must lie between 0 and 1"),
        ({"fte": [-1]}, "its range is"),
        ({}, "names nothing"),
        (None, "no table"),
    ],
)
def test_a_wrong_grid_is_told_before_anything_runs(grid, told):
    with pytest.raises(ss.InputError, match=told):
        ss.sweep("minimal", grid, pairs=2, executor=object())


# --- breakdowns and measures of one's own ------------------------------------------------------------------


@pytest.mark.parametrize("by", divided.BY)
def test_the_parts_of_a_breakdown_add_up_to_what_was_delivered(study, by):
    found = study.breakdown(by, workers=1)
    for arm in study.arms:
        rows = found[found["policy"] == arm]
        for column, side in (("baseline", "baseline"), ("with_policy", arm)):
            assert rows[column].sum() == pytest.approx(study.values(side, "delivered", study.window).mean())
        assert rows["effect"].to_numpy() == pytest.approx((rows["with_policy"] - rows["baseline"]).to_numpy())


def test_routes_on_record_are_those_of_the_records(study):
    again = study.analyse(lambda run: {"SG": via(run, "SG")}, workers=1)
    known = study.breakdown("route")
    assert again["effect"].tolist() == known.loc[known["route"] == "SG", "effect"].tolist()


def via(run, country):
    from supplysim.experiment.readable import shipments

    sent = shipments(run.engine)
    here = (sent["status"] == "arrived") & (sent["arrives"] >= run.first_week) & (sent["via"] == country)
    return float(sent.loc[here, "quantity"].sum())


def test_what_is_not_told_apart_in_the_records_cannot_be_divided(study):
    with pytest.raises(ss.InputError, match="there is no such division"):
        study.breakdown("size")


@pytest.mark.parametrize("wrong", [lambda run: 3, lambda run: {"x": "y"}, 3])
def test_a_measure_returns_numbers_by_name(study, wrong):
    with pytest.raises(ss.InputError, match="measure"):
        study.analyse(wrong, workers=1)


def test_modes_are_those_of_the_route_table():
    from supplysim.evidence import table
    from supplysim.network.routes import read_routes

    row = read_routes(100.0, 50.0).row
    factor = {one["code"]: float(one["inspection"]) for one in table("modes")}
    assert [factor[mode] for mode in modes()] == row["inspection_transit"].tolist()


# --- arrays, two studies, progress, records ----------------------------------------------------------------


def test_arrays_have_the_numbers_of_the_study(study):
    pytest.importorskip("xarray")
    found = study.to_xarray()
    assert found["delivered"].dims == ("policy", "pair", "year")
    assert found["delivered"].attrs["units"] == "chips"
    window = found["delivered"].sel(policy="border", year=2024)
    assert window.to_numpy().tolist() == study.values("border", "delivered", "2024").tolist()
    first = found["parameters"].sel(pair=0).to_series().dropna()
    assert first.to_dict() == study.runs[0][0].parameters


def test_two_studies_stand_side_by_side(study):
    other = ss.compare("minimal", ["border"], pairs=2, rule="habit", **HERE)
    found = ss.beside(study, other, ("utility", "habit"), ["delivered"])
    (row,) = found.table().to_dict("records")
    assert row["policy"] == "border"
    assert row["utility: change"] == study.effect("border").relative
    assert row["habit: change"] == other.effect("border").relative
    assert "habit: change" in found._repr_html_()
    assert repr(found).startswith("<utility: minimal beside habit: minimal")


def test_studies_of_different_windows_or_policies_do_not(study):
    early = MINIMAL.with_(time={"policy_start": date(2023, 1, 2)})
    with pytest.raises(ss.InputError, match="compare both over the same years"):
        ss.beside(study, ss.compare(early, ["border"], pairs=2, **HERE))
    with pytest.raises(ss.InputError, match="no policy in common"):
        ss.beside(study, ss.compare("minimal", ["penalties"], pairs=2, **HERE))
    with pytest.raises(ss.InputError, match="no two different names"):
        ss.beside(study, study, ("a", "a"))


def test_a_bar_shows_progress(capsys):
    pytest.importorskip("tqdm")
    ss.compare("minimal", ["border"], pairs=2, progress=True, **HERE)
    assert "2/2" in capsys.readouterr().err


def test_without_tqdm_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ss.InputError, match="tqdm is not installed"), shown(True):
        pass


def test_records_have_words_for_numbers(ask, tmp_path):
    assert ask("run", "minimal", "--out", tmp_path)[0] == 0
    sent = pd.read_parquet(tmp_path / "shipments.parquet")
    for name in ("status", "chip", "vendor", "buyer_class", "bought_in", "via", "mode"):
        assert sent[name].dtype == "category"
    assert set(sent["mode"].dropna()) <= {"hand", "air", "sea", "land"}
    assert (sent["via"].isna() == (sent["route"] < 0)).all()
    orders = pd.read_parquet(tmp_path / "orders.parquet")
    assert orders["buyer_class"].notna().all()
    assert pd.read_parquet(tmp_path / "leads.parquet")["channel_name"].notna().all()
    assert pd.read_parquet(tmp_path / "cases.parquet")["agency_name"].notna().all()
