"""Policies as typed: every form is read, every mistake is told with the nearest known name."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplysim.policies
from supplysim.errors import InputError
from supplysim.policies import Border, CloseCountry, levers, parse, registry, six
from supplysim.policies.base import Policy, setting
from supplysim.policies.entries import build, table_of
from supplysim.policies.text import FORMS
from supplysim.setup.scenario import Scenario


class Rewards(Policy):
    """Anybody who reports diversion is paid."""

    lever, title, group = "rewards", "Paid reports", "information"
    mechanism, response, unknown = "more people report", "smaller circles", "who knows what"
    payer, burden, sources, ramp_weeks = "government", "false reports", ("somebody 2026",), 4

    @classmethod
    def settings(cls):
        return super().settings() | {"award_share": dict(setting(0.2, "share", "award", 0.0, 0.3).metadata)}


class Silent(Policy):
    lever, title = "silent", "Nobody knows what this does"


@pytest.fixture
def with_rewards(monkeypatch):
    known = levers() | {"rewards": Rewards}
    for module in ("registry", "entries", "text"):
        monkeypatch.setattr(f"supplysim.policies.{module}.levers", lambda: known)


def complaint(text, scenario=None):
    with pytest.raises(InputError) as caught:
        parse(text, scenario)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.usefixtures("with_rewards")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("border", Border()),
        ("border=0.5", Border(intensity=0.5)),
        ("border=0.5@2025-06", Border(intensity=0.5, start=date(2025, 6, 1))),
        ("border@2025-06-02", Border(start=date(2025, 6, 2))),
        ("border=0.5@2025-06..2026-06", Border(intensity=0.5, start=date(2025, 6, 1), end=date(2026, 6, 1))),
        ("border@..2026-06", Border(end=date(2026, 6, 1))),
        ("close_country:SG=0.3", CloseCountry(intensity=0.3, countries=("SG",))),
        (" border:SG,MY ", Border(countries=("SG", "MY"))),
    ],
)
def test_every_form_is_read(text, expected):
    package = parse(text, Scenario.load("baseline-2024"))
    assert package.policies == (expected,)
    assert package.name == text.strip()


@pytest.mark.usefixtures("with_rewards")
def test_plus_joins_a_package():
    package = parse("border=0.5 + rewards@2025-06")
    assert [policy.lever for policy in package.policies] == ["border", "rewards"]
    assert package.name == "border=0.5 + rewards@2025-06"


@pytest.mark.usefixtures("with_rewards")
def test_a_scenario_file_stands_for_its_policies(tmp_path):
    path = tmp_path / "with+plus=and@.toml"
    path.write_text('name = "mine"\nextends = "baseline-2024"\n[[policies]]\nlever = "border"')
    package = parse(str(path))
    assert (package.name, package.policies) == ("mine", (Border(),))


@pytest.mark.usefixtures("with_rewards")
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bordr=0.5", "there is no lever 'bordr'; did you mean 'border'?"),
        ("baselin-2024", "did you mean 'baseline-2024'?"),
        ("baseline-2024", "that scenario has no policies"),
        ("", FORMS),
        ("border+", FORMS),
        ("border=", "it is not a number"),
        ("border=half", "intensity = half, but it is not a number"),
        ("border=2", "border.intensity = 2.0, but it must lie between 0 and 1"),
        ("border=nan", "it must lie between 0 and 1"),
        ("border@", "it is not a date"),
        ("border@2025-06..", "it is not a date"),
        ("border@soon", "border.start = soon, but it is not a date"),
        ("border@2025-02-30", "there is no such day"),
        ("border@2031-01", "border.start = 2031-01-01, but the scenario ends 2026-12-28; choose an earlier start"),
        ("border@2020-01", "the scenario starts 2023-01-02"),
        ("border@2025-06..2030-01", "border.end = 2030-01-01, but the scenario ends 2026-12-28"),
        ("border@2025-06..2025-05", "border.end = 2025-05-01, but the policy starts 2025-06-01"),
        ("border@..2024-06", "the policy starts 2024-12-30"),
        ("border+border=0.5", "border stands there twice"),
        ("border+border@2024-12-30", "border stands there twice"),
        ("close_country", "name the country, as in close_country:SG"),
        ("close_country:SX", "close_country knows no 'SX'"),
        ("border:CN", "border knows no 'CN'"),
        ("border:first", "border knows no 'first'"),
        ("cooperation:US", "cooperation knows no 'US'"),
        ("legal_supply:H20", "legal_supply knows no 'H20'"),
        ("whistleblower:SG", "whistleblower knows no 'SG'; leave the names out: it acts everywhere"),
        ("mine.toml", "there is no such scenario or file"),
        ("border\x1b[31m", "there is no lever"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(text, part):
    assert part in complaint(text, Scenario.load("baseline-2024"))


@pytest.mark.usefixtures("with_rewards")
def test_the_same_lever_may_stand_twice_with_other_dates_or_countries():
    parse("border@2025-01..2025-06+border@2025-06+border:SG@2025-06", Scenario.load("baseline-2024"))


@pytest.mark.usefixtures("with_rewards")
def test_a_table_may_set_what_a_lever_declares():
    with pytest.raises(InputError, match=r"award_share = 0\.9, but it must lie between 0 and 0\.3"):
        build({"lever": "rewards", "award_share": 0.9}, "mine.toml: policies[0]")
    with pytest.raises(InputError, match=r"award_shar: rewards has no such key; did you mean 'award_share'\?"):
        build({"lever": "rewards", "award_shar": 0.1}, "mine.toml: policies[0]")
    with pytest.raises(InputError, match="it is not a list of names"):
        build({"lever": "border", "countries": "SG"}, "mine.toml: policies[0]")


@pytest.mark.usefixtures("with_rewards")
def test_a_table_of_a_policy_builds_the_same_policy():
    policy = Border(intensity=0.5, start=date(2025, 6, 2), end=date(2026, 1, 5), countries=("SG",))
    assert build(table_of(policy), "there") == policy


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="border+=@.:-0129SG,é\x00\n", max_size=30) | st.text(max_size=20))
def test_any_text_is_a_package_or_an_error_of_one_line(text):
    message = "read"
    try:
        parse(text)
    except InputError as error:
        message = str(error)
    assert message.isprintable()


def test_the_six_recommendations_come_first_and_in_order():
    assert [policy.lever for policy in six()] == list(registry.SIX) == list(levers())[:6]


def test_every_lever_is_an_attribute_under_its_class_name():
    for lever in levers().values():
        assert getattr(supplysim.policies, lever.__name__) is lever
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = supplysim.policies.Nothing


@pytest.fixture
def entry_point(monkeypatch):
    """Offer one entry point as another package would, and forget it afterwards."""

    def offer(name, load):
        monkeypatch.setattr(
            registry, "entry_points", lambda group: [SimpleNamespace(name=name, value="pkg:Thing", load=load)]
        )
        registry._offered.cache_clear()
        levers.cache_clear()

    yield offer
    monkeypatch.undo()
    registry._offered.cache_clear()
    levers.cache_clear()


def test_another_package_can_add_a_lever(entry_point):
    entry_point("rewards", lambda: Rewards)
    assert levers()["rewards"] is Rewards
    assert supplysim.policies.Rewards is Rewards


def fail():
    raise ImportError("no module named pkg")


@pytest.mark.parametrize(
    ("name", "load", "part"),
    [
        ("rewards", fail, "it cannot be imported (ImportError: no module named pkg)"),
        ("rewards", lambda: dict, "it is no Policy with that lever name"),
        ("other", lambda: Rewards, "it is no Policy with that lever name"),
        ("border", lambda: Border, "a lever of this package has that name"),
        (
            "silent",
            lambda: Silent,
            "it says nothing of its group, mechanism, response, unknown, payer, burden, sources",
        ),
    ],
)
def test_a_broken_lever_of_another_package_is_named_and_left_out(entry_point, caplog, name, load, part):
    known = set(levers())
    entry_point(name, load)
    assert set(levers()) == known
    (told,) = caplog.messages
    assert told.startswith(f"entry point {name} = pkg:Thing: {part}")
    assert "it is left out" in told
