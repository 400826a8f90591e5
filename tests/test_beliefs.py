"""Assumptions of one's own: read from a file, put into a world, told first, and set beside the shipped ones."""

import json

import numpy as np
import pytest

import supplysim as ss
from supplysim.errors import InputError
from supplysim.evidence import Prior, parameters
from supplysim.experiment.beliefs import beliefs_of
from supplysim.experiment.beside import ALL, TOGETHER
from supplysim.experiment.compare import ask as question_of
from supplysim.experiment.design import learnt, parameter_draws
from supplysim.experiment.executors import Interrupted
from supplysim.experiment.ranges import prior_between

SAID = {"source": "a plan, p. 4", "why": "they hired"}
MINE = """
[investigators]
range = [30, 80]
source = "Staffing plan, p. 4"
why = "The agency has hired."

["due_diligence.sensitivity"]
value = 0.3
source = "Interviews"
why = "Screening tells less."
"""
ARMS = ["due_diligence", "enforcement_budget"]


@pytest.fixture
def world():
    return ss.Scenario.load("minimal")


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE)
    return path


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("beliefs")
    path = folder / "mine.toml"
    path.write_text(MINE)
    how = {"workers": 1, "store": folder / "store", "out": folder / "out"}
    return ss.compare("minimal", ARMS, 8, beliefs=path, beside="default", **how), folder


def test_a_file_becomes_a_world_in_which_nothing_else_is_changed(mine, world):
    found = beliefs_of(mine, world)
    assert found.names == ("investigators", "due_diligence.sensitivity")
    changed = found.world
    assert changed.parameters["due_diligence.sensitivity"] == 0.3
    believed = changed.uncertain()["investigators"]
    assert believed.kind == "lognormal"  # the family of the shipped prior
    assert [believed.quantile(share) for share in (0.05, 0.95)] == pytest.approx([30, 80], rel=1e-6)
    assert changed.with_(title=world.title, parameters={}).rules == world.rules
    assert "with 2 own assumptions" in changed.title


def test_draws_of_all_else_stay_the_same_and_a_changed_one_keeps_its_order(mine, world):
    changed = beliefs_of(mine, world).world
    before, after = (parameter_draws(one, "prior", 16, 7) for one in (world, changed))
    others = before[0].keys() - {"investigators", "due_diligence.sensitivity"}
    assert others
    assert all(before[row][name] == after[row][name] for row in range(16) for name in others)
    order = [np.argsort([draw["investigators"] for draw in draws]).tolist() for draws in (before, after)]
    assert order[0] == order[1]
    assert all("due_diligence.sensitivity" not in draw for draw in after)


def test_the_table_of_a_lever_and_a_quoted_name_say_the_same(world):
    nested = beliefs_of({"due_diligence": {"sensitivity": {"value": 0.3, **SAID}}}, world)
    assert beliefs_of({"due_diligence.sensitivity": {"value": 0.3, **SAID}}, world).items == nested.items


def test_a_symbol_and_a_prior_are_taken_as_in_a_scenario(world):
    found = beliefs_of({"fte": {"prior": "lognormal", "median": 50, "sigma": 0.2, **SAID}}, world)
    assert found.names == ("investigators",)
    assert found.world.uncertain()["investigators"].quantile(0.5) == pytest.approx(50)


@pytest.mark.parametrize("share", [(0.1, 0.9), (0.3, 0.6)])
def test_every_family_can_take_a_range(share):
    for name, parameter in parameters().items():
        if parameter.prior is None:
            continue
        low, high = (parameter.prior.quantile(end) for end in share)
        if parameter.prior.kind == "zero_or_lognormal" and low == 0.0:
            continue
        found = prior_between(parameter, parameter.prior, low, high, name)
        assert found.kind == parameter.prior.kind
        if found.kind != "zero_or_lognormal":
            ends = [found.quantile(end) for end in (0.05, 0.95)]
            assert ends == pytest.approx([low, high], abs=0.06 * (high - low))


def test_a_uniform_range_stays_inside_the_parameters_range():
    parameter = parameters()["due_diligence.coverage"]
    found = prior_between(parameter, Prior("uniform", (0.75, 1.0)), 0.8, 1.0, "x")
    assert found.arguments == pytest.approx((0.8 - 0.2 / 18, 1.0))


def test_a_lump_at_zero_stays():
    parameter = parameters()["whistleblower.annual_cost"]
    found = prior_between(parameter, parameter.prior, 1e6, 4e6, "x")
    assert parameter.prior.kind == found.kind == "zero_or_lognormal"
    assert found.arguments == pytest.approx((parameter.prior.arguments[0], 2e6, np.log(4) / (2 * 1.6448536)))


@pytest.mark.parametrize(
    ("table", "place", "words"),
    [
        ({"investigatorz": {"value": 3, **SAID}}, "investigatorz", "did you mean 'investigators'"),
        ({"investigators": {"value": 3, "range": [1, 2], **SAID}}, "investigators", "it has value and range"),
        ({"investigators": SAID}, "investigators", "neither value nor range"),
        ({"investigators": {"value": -3, **SAID}}, "investigators.value", "its range is 0 to 2000"),
        ({"investigators": {"value": float("nan"), **SAID}}, "investigators.value", "its range is"),
        ({"investigators": {"value": True, **SAID}}, "investigators.value", "not a number"),
        ({"investigators": {"value": 3, "why": "y"}}, "investigators.source", "is missing"),
        ({"investigators": {"value": 3, "source": " ", "why": "y"}}, "investigators.source", "is empty"),
        ({"investigators": {"value": 3, "source": "a\x1bb", "why": "y"}}, "investigators.source", "control"),
        ({"investigators": {"value": 3, "sorce": "x", **SAID}}, "investigators.sorce", "did you mean 'source'"),
        ({"investigators": {"prior": "lognormal", "medain": 3, "sigma": 1, **SAID}}, "investigators", "'median'"),
        ({"investigators": {"range": [5, 3], **SAID}}, "investigators.range", "not below the high one"),
        ({"investigators": {"range": [5], **SAID}}, "investigators.range", "it holds 1 numbers"),
        ({"investigators": {"range": [0, 30], **SAID}}, "investigators.range", "begins above zero"),
        ({"investigators": {"value": 3, **SAID}, "fte": {"value": 4, **SAID}}, "fte", "another name"),
        ({"investigators": 3}, "investigators", "no table"),
        ({"market_scale": {"range": [1, 2], **SAID}}, "market_scale", "not uncertain"),
        ({"stop_sale": {"value": 3, **SAID}}, "stop_sale", "set stop_odds"),
        ({}, "beliefs", "holds no assumption"),
    ],
)
def test_what_is_wrong_is_one_message_with_place_and_remedy(world, table, place, words):
    with pytest.raises(InputError) as error:
        beliefs_of(table, world)
    assert str(error.value).startswith("beliefs")
    assert error.value.place.endswith(place)
    assert words in str(error.value)


def test_a_file_that_is_none_is_refused_before_anything_runs(ask, tmp_path):
    for name, content, words in (
        ("broken.toml", b"[investigators\n", "not valid TOML"),
        ("letters.toml", b"\xff\xfe\x00", "not text in UTF-8"),
        ("large.toml", b"#" * 1_000_002, "larger than a megabyte"),
        ("no.toml", None, "there is no such file"),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        status, out, err = ask("compare", "minimal", "--beliefs", path, "--out", tmp_path / "out")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert words in err
    assert not (tmp_path / "out").exists()


def test_a_parameter_cannot_be_set_or_belong_to_a_state_as_well(ask, mine, tmp_path):
    status, _, err = ask("compare", "minimal", "--beliefs", mine, "--set", "fte=20")
    assert status == 2
    assert "mine.toml has it too" in err
    path = tmp_path / "state.toml"
    path.write_text('[beijing_leave]\nvalue = 0.5\nsource = "x"\nwhy = "y"\n')
    for verb in ("compare", "run"):
        status, _, err = ask(verb, "baseline-2027", "--beliefs", path)
        assert status == 2
        assert "the state beijing sets it" in err


def test_beside_needs_beliefs_and_no_condition(mine):
    for how, words in (
        ({"beside": "default"}, "no assumptions of its own"),
        ({"beside": "other", "beliefs": mine}, "no such world"),
        ({"beside": "default", "beliefs": mine, "given": "chips_2024=0.."}, "condition"),
    ):
        with pytest.raises(InputError, match=words):
            ss.compare("minimal", ARMS, 4, **how)


def test_a_belief_counts_in_every_mode_of_parameters(mine, world, monkeypatch):
    changed = beliefs_of(mine, world).world
    sample = {"investigators": np.array([20.0, 21.0]), "demand_scale": np.array([1.0, 2.0]), "weight": np.ones(2)}
    monkeypatch.setattr("supplysim.experiment.design.posterior_sample", lambda path: sample)
    assert "investigators" not in learnt(changed)
    drawn = parameter_draws(changed, "posterior", 8, 7)
    assert not {draw["investigators"] for draw in drawn} & {20.0, 21.0}
    assert {draw["demand_scale"] for draw in drawn} <= {1.0, 2.0}
    central = question_of(world, ARMS, 2, parameters="central", beliefs=mine)
    assert central.draws[0]["investigators"] == pytest.approx(np.sqrt(30 * 80), rel=1e-6)
    assert "only its middle counts" in central.beliefs.notes("central")[0]


def test_the_same_numbers_as_a_scenario_that_has_them(tmp_path, mine, world):
    how = {"workers": 1, "store": tmp_path / "store"}
    believed = ss.compare(world, ["due_diligence"], 2, beliefs=mine, **how)
    written = ss.compare(world.with_(parameters=dict(believed.scenario.parameters)), ["due_diligence"], 2, **how)
    assert believed.table().equals(written.table())


def test_both_worlds_and_each_assumption_alone(beside):
    study, folder = beside
    found = study.beside
    assert [*found.alone] == ["investigators", "due_diligence.sensitivity"]
    again = ss.compare("minimal", ARMS, 8, replicates=0, workers=1, store=folder / "store")
    assert again.reused == 24
    assert again.table().equals(found.default.table())
    moved = {one.world: one for one in found.moved("due_diligence")}
    wanted = study.effect("due_diligence").relative - again.effect("due_diligence").relative
    assert moved[ALL].change == pytest.approx(wanted)
    alone = [moved[name].change for name in found.alone]
    assert moved[TOGETHER].change == pytest.approx(moved[ALL].change - sum(alone))
    assert moved[ALL].low < moved[ALL].change < moved[ALL].high


def test_an_assumption_that_no_policy_feels_makes_no_difference(beside):
    moved = {one.world: one for one in beside[0].beside.moved("enforcement_budget")}
    idle = moved["due_diligence.sensitivity"]
    assert (idle.change, idle.low, idle.high) == (0.0, 0.0, 0.0)


def test_what_was_assumed_stands_first_and_everywhere(beside):
    study, folder = beside
    out = folder / "out"
    page = (out / "report.html").read_text()
    assert page.index("These answers rest on 2 assumptions of your own") < page.index('class="answer"')
    assert page.count("Staffing plan, p. 4") >= 2  # the table, and provenance
    assert "Your assumptions beside the shipped ones" in page
    assert "30 to 80 FTE" in (out / "beliefs.csv").read_text()
    assert "acting together" in (out / "beside.csv").read_text()
    told = json.loads((out / "provenance.json").read_text())["beliefs"]
    assert [one["name"] for one in told] == ["investigators", "due_diligence.sensitivity"]
    assert told[0]["range"] == [30, 80]
    assert told[0]["why"] == "The agency has hired."
    document = json.loads(study.to_json())
    assert document["beliefs"] == told
    assert {row["world"] for row in document["beside"]} == {"default", ALL, TOGETHER, *study.beside.alone}
    from openpyxl import load_workbook

    assert {"beliefs", "beside"} <= set(load_workbook(out / "tables.xlsx").sheetnames)


def test_the_screen_tells_both(ask, mine, tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path))
    status, out, _ = ask(
        *("compare", "minimal", "-p", "due_diligence", "--pairs", 2, "--workers", 1),
        *("--beliefs", mine, "--beside", "default"),
    )
    assert status == 0
    told = " ".join(out.split())
    assert told.index("rest on 2 assumptions of your own") < told.index("Under your own assumptions")
    assert told.index("Under your own assumptions") < told.rindex("As shipped")
    assert "acting together" in told


def test_a_single_run_takes_beliefs(ask, mine):
    status, out, _ = ask("run", "minimal", "--beliefs", mine, "--json")
    document = json.loads(out)
    assert status == 0
    assert [one["name"] for one in document["beliefs"]] == ["investigators", "due_diligence.sensitivity"]
    status, out, _ = ask("run", "minimal", "--beliefs", mine, "--pair", "7:1", "--json")
    assert status == 0
    assert json.loads(out)["years"] != document["years"]


def test_stopped_beside_keeps_the_answer_under_the_beliefs(mine, tmp_path):
    calls = []

    def progress(done, total, runs):
        calls.append(done)
        if len(calls) == 3:  # two pairs are done: the shipped world is running
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stop:
        ss.compare(
            *("minimal", ["due_diligence"], 2),
            **{"replicates": 0, "beliefs": mine, "beside": "default", "workers": 1, "store": tmp_path},
            progress=progress,
        )
    assert stop.value.comparison.pairs == 2
    assert stop.value.comparison.beliefs is not None
