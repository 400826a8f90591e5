"""The shipped scenarios: short, sourced, runnable, and what their words say."""

import json
import re

import numpy as np
import pytest

from supplysim import evidence
from supplysim.cli import main
from supplysim.engine import Engine
from supplysim.policies import parse, six
from supplysim.policies.registry import SIX
from supplysim.setup.scenario import Scenario, shipped

BASELINE = Scenario.load("baseline-2024")
NAMED = [
    "bulk-fronts",
    "close-singapore",
    "cnas-six",
    "high-volume-world",
    "history-2022-2026",
    "kill-switch",
    "legal-h200",
    "low-volume-world",
    "malaysia-permit",
]
BILLS = [name for name in shipped() if Scenario.load(name).bill]
ACTS = [name for name in NAMED if Scenario.load(name).policies]
every = pytest.mark.parametrize("name", shipped())


def delivered(name, seed, until=None):
    engine = Engine(name, seed=seed)
    engine.run(until)
    return engine.world.tally["delivered"][: engine.week]


def test_the_promised_scenarios_are_there():
    assert set(NAMED) <= set(shipped())


@every
def test_a_scenario_says_what_it_asks_and_why_and_cites_what_exists(name):
    scenario = Scenario.load(name)
    assert scenario.question.endswith("?")
    assert scenario.why.endswith(".")
    assert "  " not in scenario.why
    assert all(evidence.resolve(source) for source in scenario.sources)
    for reference in re.findall(r"\b(?:P:[A-Z]|Q|bill:L)\d{2,3}\b", scenario.why):
        assert reference in scenario.sources, reference


@pytest.mark.parametrize("name", NAMED)
def test_a_scenario_states_only_how_it_differs_from_the_baseline(name):
    text = shipped()[name].read_text("utf-8")
    assert 'extends = "baseline-2024"' in text
    assert len(text.splitlines()) < 40
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", NAMED)
def test_a_scenario_runs_and_differs_from_the_baseline_only_after_its_first_policy(name):
    scenario = Scenario.load(name)
    there, usual = delivered(name, 3), delivered("baseline-2024", 3)
    assert there.sum() > 0
    assert not np.array_equal(there, usual)
    if scenario.policies:
        first = min(scenario.week_of(policy.start or scenario.policy_start) for policy in scenario.policies)
        assert np.array_equal(there[:first], usual[:first])


@pytest.mark.parametrize("name", ACTS)
def test_a_scenario_with_policies_can_stand_for_them(name):
    package = parse(name, BASELINE)
    assert package.name == name
    assert package.policies == Scenario.load(name).policies
    engine = Engine(BASELINE, [package], seed=3)
    engine.run()
    assert np.array_equal(engine.world.tally["delivered"], delivered(name, 3))


def test_an_act_can_be_compared_on_the_baseline(capsys):
    command = ["compare", "baseline-2024", "-p", "malaysia-permit", "--pairs", "2", "--workers", "1", "--json"]
    assert main(command) == 0
    (policy,) = json.loads(capsys.readouterr().out)["policies"]
    assert policy["name"] == "malaysia-permit"
    assert any(effect["median"] for effect in policy["effects"].values())


def test_the_six_are_those_of_the_report():
    policies = Scenario.load("cnas-six").policies
    assert [policy.lever for policy in policies] == list(SIX)
    assert policies == six()


def test_the_budget_request_has_the_size_of_the_evidence():
    (policy,) = parse("bis-budget-request").policies
    assert policy.growth == evidence.resolve("bill:L026")[0].central


def test_the_malaysian_permit_is_the_calendars():
    (policy,) = Scenario.load("malaysia-permit").policies
    (rule,) = (rule for rule in evidence.table("calendar") if rule["scope"] == "MY")
    assert policy.start.isoformat() == rule["date"]
    assert policy.growth == float(rule["change"]) - 1.0


def test_history_replays_the_calendar_and_has_no_other_policy():
    history = Scenario.load("history-2022-2026")
    assert history.rules.calendar
    assert not history.policies
    assert np.array_equal(delivered("history-2022-2026", 3)[:104], delivered("baseline-2024", 3)[:104])


@pytest.mark.parametrize(
    ("name", "low", "high"), [("low-volume-world", 5_000, 20_000), ("high-volume-world", 250_000, 450_000)]
)
def test_a_world_has_the_volume_that_its_title_says(name, low, high):
    volumes = [delivered(name, seed, 104)[52:].sum() for seed in range(5)]
    assert low < np.median(volumes) < high


@pytest.mark.parametrize("name", BILLS)
def test_what_is_not_enacted_is_said_to_be_so(name):
    assert re.search(r"not enacted|not in force|outcome was not found", Scenario.load(name).why)
