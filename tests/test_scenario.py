"""Scenario files: what they mean, how they merge, and that a wrong one is told in one line."""

import sys
from datetime import date
from types import SimpleNamespace

import pytest

from supplysim.errors import InputError
from supplysim.evidence import RETIRED, parameters
from supplysim.policies import levers
from supplysim.policies.base import Policy
from supplysim.setup.scenario import LARGEST_FILE, LONGEST_CHAIN, Scenario, available, shipped

MINIMAL = 'name = "mine"\nextends = "minimal"\n'


class Rewards(Policy):
    lever = "rewards"


@pytest.fixture(autouse=True)
def one_lever_more(monkeypatch):
    """Offer a lever whose meaning does not matter."""
    known = levers() | {"rewards": Rewards}
    for module in ("registry", "entries", "text"):
        monkeypatch.setattr(f"supplysim.policies.{module}.levers", lambda: known)


def read(text, place="mine.toml"):
    return Scenario.from_text(text, place)


def complaint(text, place="mine.toml"):
    with pytest.raises(InputError) as caught:
        read(text, place)
    message = str(caught.value)
    assert message.isprintable()  # one line, and nothing that moves a cursor
    return message


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_loads_under_its_file_name(name):
    scenario = Scenario.load(name)
    assert scenario.name == name
    assert scenario.title == available()[name]


def test_the_baseline_spans_208_weeks_and_starts_policies_after_2024():
    baseline = Scenario.load("baseline-2024")
    assert (baseline.weeks, baseline.policy_start) == (208, date(2024, 12, 30))
    assert baseline.week_of(baseline.policy_start) == 104
    assert baseline.week_of(date(2023, 1, 1)) == -1


def test_a_child_overrides_key_by_key_and_inherits_no_prose():
    scenario = read(MINIMAL + '[rules]\ndecision = "habit"\n[population]\nbuyers = 10')
    parent = Scenario.load("minimal")
    assert scenario.rules.decision == "habit"
    assert scenario.rules.triage == parent.rules.triage
    assert (scenario.population.buyers, scenario.population.end_users) == (10, 24)
    assert scenario.end == parent.end
    assert (scenario.title, scenario.question) == ("", "")


def test_a_scenario_that_extends_nothing_needs_only_a_name_and_a_period():
    scenario = read('name = "bare"\n[time]\nstart = 2024-01-01\nend = 2026-01-05')
    assert scenario.population.distributors == 160
    assert scenario.weeks == 105


def test_parameters_are_known_by_name_or_symbol_and_become_numbers():
    by_symbol, by_name = (
        read(MINIMAL + "[parameters]\nfte = 14"),
        read(MINIMAL + "[parameters]\ninvestigators = 14.0"),
    )
    assert by_symbol.parameters["investigators"] == 14.0
    assert by_symbol.hash() == by_name.hash()
    assert by_symbol.central_parameters()["investigators"] == 14.0
    assert "investigators" not in by_symbol.uncertain()
    assert "investigators" in Scenario.load("baseline-2024").uncertain()


def test_a_prior_is_sampled_and_its_median_is_central():
    scenario = read(MINIMAL + '[parameters]\nfte = { prior = "lognormal", median = 33, sigma = 0.01 }')
    assert scenario.uncertain()["investigators"].arguments == (33.0, 0.01)
    assert scenario.central_parameters()["investigators"] == pytest.approx(33)


def test_a_child_prior_replaces_the_parents_number(tmp_path):
    (tmp_path / "parent.toml").write_text(MINIMAL + "[parameters]\nfte = 14")
    prior = '{ prior = "uniform", low = 1, high = 3 }'
    child = f'name = "child"\nextends = "parent.toml"\n[parameters]\nfte = {prior}'
    assert read(child, str(tmp_path / "child.toml")).central_parameters()["investigators"] == 2


def test_the_scale_of_the_market_is_a_parameter_of_the_population():
    assert Scenario.load("minimal").central_parameters()["market_scale"] == 0.02
    assert "under [population]" in complaint(MINIMAL + "[parameters]\nmarket_scale = 2")


def test_policies_are_appended_and_one_of_the_same_lever_and_start_replaced(tmp_path):
    parent = MINIMAL + '[[policies]]\nlever = "border"\nstart = "2024-02"\n[[policies]]\nlever = "rewards"'
    (tmp_path / "parent.toml").write_text(parent)
    child = (
        'name = "child"\nextends = "parent.toml"\n[[policies]]\nlever = "border"\nintensity = 0.5\n'
        'start = 2024-02-01\n[[policies]]\nlever = "border"\nstart = 2024-03-04\ncountries = ["SG"]'
    )
    policies = read(child, str(tmp_path / "child.toml")).policies
    assert [(policy.lever, policy.intensity) for policy in policies] == [
        ("rewards", 1.0),
        ("border", 0.5),
        ("border", 1.0),
    ]
    assert policies[2].countries == ("SG",)


def test_to_toml_and_back_is_the_same_world():
    text = MINIMAL + (
        'title = "quotes \\" and \\u00e9"\nsources = ["Q001"]\n[rules]\nadaptive_inspection = true\n'
        '[parameters]\nfte = { prior = "lognormal", median = 14, sigma = 0.35 }\n'
        '[[policies]]\nlever = "border"\nstart = "2024-02"\nend = 2024-05-01\ncountries = ["SG", "MY"]'
    )
    scenario = read(text)
    assert read(scenario.to_toml()) == scenario


def test_the_hash_follows_what_changes_a_run_and_not_the_prose():
    plain = read(MINIMAL)
    assert read(MINIMAL.replace("mine", "other") + 'title = "prose"').hash() == plain.hash()
    for change in ("[rules]\ncalendar = true", "[parameters]\nfte = 3", '[[policies]]\nlever = "border"'):
        assert read(MINIMAL + change).hash() != plain.hash()


def test_with_changes_keys_and_checks_them():
    scenario = read(MINIMAL + 'title = "kept"\n[[policies]]\nlever = "border"')
    changed = scenario.with_(rules={"decision": "habit"}, parameters={"fte": 3}, policies=[Rewards(intensity=0.5)])
    assert (changed.title, changed.rules.decision, changed.parameters["investigators"]) == ("kept", "habit", 3.0)
    assert changed.policies == (Rewards(intensity=0.5),)
    assert scenario.with_(rules={"calendar": False}).policies == scenario.policies
    assert scenario.with_().hash() == scenario.hash()
    with pytest.raises(InputError, match=r"scenario mine with changes: rules\.decision = hobbit"):
        scenario.with_(rules={"decision": "hobbit"})


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("parameterz = 1", ["mine.toml: parameterz", "did you mean 'parameters'?"]),
        ("[rules]\ndecison = 'habit'", ["rules.decison", "did you mean 'decision'?"]),
        ("[rules]\ndecision = 'hobbit'", ["rules.decision = hobbit", "'habit'"]),
        ("[rules]\ncalendar = 1", ["rules.calendar = 1", "write true or false"]),
        ("[time]\nend = '2024'", ["time.end = 2024", "without quotes"]),
        ("[time]\nend = 2024-02-30", ["mine.toml: is not valid TOML", "line 4"]),
        ("[time]\nend = 2023-01-03", ["time.end = 2023-01-03", "less than a week", "choose a later end"]),
        ("[time]\nend = 2099-01-01", ["more than 1040 weeks", "choose an earlier end"]),
        ("[time]\npolicy_start = 2031-01-01", ["time.policy_start = 2031-01-01", "choose a day in between"]),
        ("[population]\nbuyers = 0", ["population.buyers = 0", "greater than or equal to 1"]),
        ("[population]\nbuyers = 1.5", ["population.buyers = 1.5", "whole number"]),
        ("[population]\nmarket_scale = inf", ["population.market_scale = inf", "finite"]),
        ("[parameters]\nftee = 3", ["parameters.ftee", "did you mean 'fte'?"]),
        ("[parameters]\nfte = -1", ["parameters.fte = -1", "its range is 0 to 2000 (FTE)"]),
        ("[parameters]\nfte = nan", ["parameters.fte = nan", "range"]),
        ("[parameters]\nfte = 0x" + "F" * 9000, ["a whole number of more than 80 digits"]),
        ("[parameters]\nfte = true", ["parameters.fte = true", "it is not a number"]),
        ("[parameters]\nfte = 3\ninvestigators = 3", ["another name of investigators"]),
        ("[parameters]\nfte = { prior = 'lognormal', median = 14 }", ["parameters.fte", "sigma missing"]),
        ("[parameters]\nfte = { prior = 'normal', mean = 9e9, sd = 1 }", ["parameters.fte", "nothing between"]),
        ("[[policies]]\nlever = 'bordr'", ["policies[0].lever = bordr", "did you mean 'border'?"]),
        ("[[policies]]\nintensity = 1", ["policies[0].lever: is missing"]),
        ("[[policies]]\nlever = 'border'\nintensity = 2", ["policies[0].intensity = 2", "between 0 and 1"]),
        ("[[policies]]\nlever = 'border'\nstrength = 2", ["policies[0].strength", "border has no such key"]),
        (
            "[[policies]]\nlever = 'border'\nstart = '2031-01'",
            ["mine.toml: policies[0].start = 2031-01-01", "the scenario ends 2024-12-30", "choose an earlier start"],
        ),
        ("[[policies]]\nlever = 'border'\nend = 2023-06-05", ["policies[0].end", "the policy starts 2024-01-01"]),
        ("[[policies]]\nlever = 'border'\nstart = '2024-13'", ["start = 2024-13", "no such day"]),
        ("[[policies]]\nlever = 'border'\ncountries = ['ZZ']", ["policies[0].countries = ZZ", "known: "]),
        (
            "[[policies]]\nlever = 'border'\n[[policies]]\nlever = 'border'\nintensity = 0.5",
            ["policies[1]", "stands there twice"],
        ),
        ("[network]\ngraph = 'ties.graphml'", ["network.graph = ties.graphml", "no such file"]),
        ("[network]\nnodes = 'nodes.csv'", ["mine.toml: network", "graph, or nodes and edges"]),
        ('"a\\u001b[31m\\nb" = 1', ["mine.toml: a"]),
    ],
)
def test_a_wrong_key_or_value_is_named_with_the_way_out(text, parts):
    message = complaint(MINIMAL + text)
    for part in parts:
        assert part in message


def test_a_name_and_a_period_are_asked_for():
    assert "mine.toml: name: is missing" in complaint('extends = "minimal"')
    assert "mine.toml: time: is missing" in complaint('name = "x"')


def test_an_error_in_a_parent_names_the_parent(tmp_path):
    (tmp_path / "parent.toml").write_text(MINIMAL + "[parameters]\nftee = 14")
    message = complaint('name = "child"\nextends = "parent.toml"', str(tmp_path / "child.toml"))
    assert message.startswith(f"{tmp_path / 'parent.toml'}: parameters.ftee")


def test_what_cannot_be_extended_is_told(tmp_path):
    here = str(tmp_path / "child.toml")
    child = 'name = "child"\nextends = "%s"'
    (tmp_path / "a.toml").write_text('name = "a"\nextends = "b.toml"')
    (tmp_path / "b.toml").write_text('name = "b"\nextends = "a.toml"')
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00\x9d")
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST_FILE + 1))
    (tmp_path / "folder.toml").mkdir()
    assert "a circle (a.toml -> b.toml -> a.toml)" in complaint(child % "a.toml", here)
    assert "extends = minimel, but there is no such scenario or file; did you mean 'minimal'?" in complaint(
        child % "minimel", here
    )
    assert "is not text in UTF-8" in complaint(child % "noise.toml", here)
    assert "larger than a megabyte" in complaint(child % "large.toml", here)
    assert "it is a folder" in complaint(child % "folder.toml", here)
    assert "cannot be read" in complaint(child % ("x" * 5000), here)
    for link in range(LONGEST_CHAIN + 1):
        (tmp_path / f"{link}.toml").write_text(f'name = "x"\nextends = "{link + 1}.toml"')
    assert f"more than {LONGEST_CHAIN} files" in complaint(child % "0.toml", here)


def test_a_text_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert Scenario.load(tmp_path / "mine.toml").name == "mine"


def test_network_files_are_found_beside_the_scenario_checked_and_hashed(tmp_path, monkeypatch):
    def check_graph(*paths):
        if paths[0].read_text() == "broken":
            raise ValueError("no node has a kind")

    monkeypatch.setitem(sys.modules, "supplysim.network.graph_check", SimpleNamespace(check_graph=check_graph))
    here, ties = str(tmp_path / "mine.toml"), tmp_path / "ties.graphml"
    text = MINIMAL + '[network]\ngraph = "ties.graphml"'
    ties.write_text("one")
    scenario = read(text, here)
    before = scenario.hash()
    assert scenario.network.files() == (str(ties),)
    assert read(scenario.to_toml(), "elsewhere.toml") == scenario
    ties.write_text("two")
    assert scenario.hash() != before
    ties.write_text("broken")
    assert "network: it is no trade network (no node has a kind); repair the file" in complaint(text, here)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, ".".join("a" * 2000) + " = 1", "\0", "a = " + "9" * 5000])
def test_hostile_text_is_an_error_of_one_line(text):
    complaint(text)


@pytest.mark.parametrize("name", RETIRED)
def test_a_parameter_of_the_first_edition_is_told_what_took_its_place(name):
    told = complaint(MINIMAL + f"[parameters]\n{name} = 0.5\n", "mine.toml")
    assert "the second edition of the rules has it no more" in told
    assert RETIRED[name].rpartition(" ")[2] in parameters()
    assert name not in parameters()
