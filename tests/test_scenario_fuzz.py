"""Whatever a scenario file holds, the loader answers with a Scenario or with one line."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from supplysim.errors import InputError
from supplysim.policies.entries import build
from supplysim.setup.scenario import Scenario, shipped
from supplysim.setup.schema import toml_lines

ODD = st.one_of(
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.text(max_size=12),
    st.dates(),
    st.sampled_from(["minimal", "habit", "border", "SG", "2024-06", 0.5, 1e308, 5e-324, date(2024, 3, 1), [], [""]]),
)
KEYS = ["fte", "investigators", "taste", "market_scale", "start", "end", "policy_start", "decision", "triage"]
KEYS += ["buyers", "graph", "nodes", "edges", "lever", "intensity", "countries", "vendors", "prior", "when", "x"]
PRIOR = st.fixed_dictionaries(
    {"prior": st.sampled_from(["lognormal", "normal", "uniform", "beta", "zero_or_lognormal", "fixed"])},
    optional=dict.fromkeys(("median", "sigma", "mean", "sd", "low", "high", "a", "b", "p_zero"), ODD),
)
TABLE = st.dictionaries(st.sampled_from(KEYS), ODD | PRIOR, max_size=3)
VALUE = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b"]) | ODD, "probability": st.sampled_from([0.0, 0.5, 1.0, 1]) | ODD},
    optional={"set": st.dictionaries(st.sampled_from(["fte", "taste", "x"]), ODD | PRIOR, max_size=2) | ODD, "x": ODD},
)
STATE = st.fixed_dictionaries(
    {"name": st.sampled_from(["law", "door"]) | ODD, "values": st.lists(VALUE, max_size=3) | ODD}, optional={"x": ODD}
)
DOCUMENT = st.fixed_dictionaries(
    {"name": st.just("mine") | ODD, "extends": st.just("minimal") | ODD},
    optional={
        "title": ODD,
        "time": TABLE,
        "parameters": st.dictionaries(st.sampled_from(["fte", "taste", "entry"]), ODD | PRIOR, max_size=2) | TABLE,
        "rules": TABLE | ODD,
        "population": TABLE,
        "network": TABLE,
        "states": st.lists(STATE | TABLE, max_size=2) | ODD,
        "policies": st.lists(
            st.fixed_dictionaries({"lever": st.just("border")}, optional={"when": st.just("law:a")}) | TABLE, max_size=3
        )
        | ODD,
        "policy": TABLE,
    },
)
QUICK = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answer(read, *arguments):
    """Return what was read, or None when it was refused in one printable line."""
    message = ""
    try:
        return read(*arguments)
    except InputError as error:
        message = str(error)
    assert message.isprintable()
    assert 0 < len(message) < 2000
    return None


def scenario_or_one_line(text):
    scenario = answer(Scenario.from_text, text, "mine.toml")
    if scenario is not None:
        assert Scenario.from_text(scenario.to_toml(), "again.toml") == scenario
        assert scenario.settled({}).settled({}) == scenario.settled({})
        assert scenario.central_parameters().keys() >= scenario.uncertain().keys()


@QUICK
@given(DOCUMENT)
@example({"name": "x", "extends": "minimal", "parameters": {"fte": {"prior": "normal", "mean": 1e308, "sd": 5e-324}}})
@example(
    {"name": "x", "extends": "minimal", "parameters": {"fte": {"prior": "lognormal", "median": 9, "sigma": 1e308}}}
)
def test_any_document_is_a_scenario_or_an_error_of_one_line(document):
    scenario_or_one_line("\n".join(toml_lines(document)))


@QUICK
@given(st.data())
def test_any_damage_to_a_file_is_a_scenario_or_an_error_of_one_line(data):
    text = shipped()[data.draw(st.sampled_from(sorted(shipped())))].read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 20))
        patch = data.draw(st.text(max_size=6) | st.sampled_from(["=", "[", "]", '"', "\n", "#", "-", "9", "true"]))
        text = text[:start] + patch + text[start + length :]
    scenario_or_one_line(text)


@QUICK
@given(TABLE)
def test_any_policy_table_is_a_policy_or_an_error_of_one_line(table):
    answer(build, {"lever": "border"} | table, "mine.toml: policies[0]")


@QUICK
@given(st.binary(max_size=200))
def test_any_bytes_are_a_scenario_or_an_error_of_one_line(tmp_path, content):
    (tmp_path / "noise.toml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        Scenario.load(tmp_path / "noise.toml")
    assert str(caught.value).isprintable()
