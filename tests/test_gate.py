"""Whatever comes from Python is what a scenario file could say, or is refused in one line before a world is made."""

import math
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from supplysim.errors import InputError
from supplysim.evidence import parameters
from supplysim.policies import Border
from supplysim.run import pair_seed
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

MINIMAL = Scenario.load("minimal")


def bad_values(parameter):
    """Return eight values that no scenario file could give a parameter."""
    low, high = parameter.low, parameter.high
    below = -1e308 if low is None else low - max(1.0, abs(low))
    above = 2 * 10**400 if high is None else high + max(1.0, abs(high))
    return [math.nan, math.inf, -math.inf, "40", None, [1.0], above, True if low is None else below]


def refused(call, *arguments, **named):
    """Return the one line with which something is refused."""
    with pytest.raises(InputError) as caught:
        call(*arguments, **named)
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) < 600
    return line


@pytest.mark.parametrize("name", parameters())
def test_no_parameter_takes_what_no_file_could_say(name):
    for value in bad_values(parameters()[name]):
        assert name in refused(gate.parameters_of, {name: value}), value


@pytest.mark.parametrize("name", parameters())
def test_every_parameter_takes_its_default_as_a_number_of_numpy_too(name):
    default = parameters()[name].default
    found = gate.parameters_of({name: np.float64(default)})
    assert found == {name: default}
    assert type(found[name]) is float


@pytest.mark.parametrize("seed", [-1, 2**63, 2**70, True, 1.0, "7", None, [1], math.nan, np.bool_(True)])
def test_a_seed_is_a_whole_number_that_fits(seed):
    assert refused(gate.seed_of, seed).startswith("seed")


def test_every_pair_of_the_largest_seed_has_a_seed_of_its_own():
    seed = gate.seed_of(np.int64(2**63 - 1))
    assert len({gate.seed_of(pair_seed(seed, pair)) for pair in range(64)}) == 64


@pytest.mark.parametrize(
    "policies", [5, {"border": 1}, [Border], [[["border"]]], [None], "no_lever", [3.5], "border@2025-13-01"]
)
def test_what_is_no_policy_is_refused(policies):
    refused(gate.policies_of, policies, MINIMAL)


@pytest.mark.parametrize("start", ["2025-13-01", datetime(2025, 1, 1, 12), 2025, np.datetime64("2025-01-01")])
def test_what_is_no_date_is_refused(start):
    assert "start" in refused(Border, start=start)


def test_a_policy_object_outside_the_scenario_is_refused_as_its_text_is():
    assert "scenario ends" in refused(gate.policies_of, [Border(start="2099-01")], MINIMAL)


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": {"border_exposure": math.nan}},
        {"parameters": {"no_such": 1.0}},
        {"parameters": None},
        {"rules": {"decision": "habit"}},
        {"population": None},
        {"policies": ("border",)},
        {"policies": None},
        {"start": "2025-13-01"},
        {"end": datetime(2024, 1, 1)},
        {"end": MINIMAL.start},
        {"population": MINIMAL.population.model_copy(update={"buyers": -1})},
    ],
)
def test_a_scenario_altered_in_python_is_checked_as_its_file_would_be(changes):
    refused(gate.scenario_of, replace(MINIMAL, **changes))


def test_what_is_no_scenario_is_refused_and_a_sound_one_passes_as_it_is():
    for thing in (None, 5, {"name": "minimal"}, b"minimal"):
        refused(gate.scenario_of, thing)
    assert gate.scenario_of(MINIMAL) is MINIMAL
