"""Whatever a user passes to a public function is accepted, or refused in one line before anything is written."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import supplysim as ss
from benchmarks.doors import doors
from benchmarks.gate import judged, odd
from supplysim import arguments
from supplysim.errors import InputError
from supplysim.lessons import lesson, runs
from supplysim.policies.text import Package

WORLD = ss.Scenario.load("minimal")


@pytest.fixture(scope="module")
def entrances(tmp_path_factory):
    return doors(tmp_path_factory.mktemp("doors"))


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_an_odd_value_at_any_door_ends_in_one_line(entrances, tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    draw = random.Random(seed)
    door, (kind, value) = draw.choice(entrances), odd(draw)
    assert judged(door, value, tmp_path) == "", (door.name, kind, value)


def test_right_values_are_accepted_at_every_door(entrances, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = {}
    for door in entrances:
        for value in door.good:
            wrong = judged(door._replace(takes=lambda value: True), value, tmp_path)
            if wrong:
                found[door.name, str(value)] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (lambda: arguments.known("bordr", ["border"], "policy", "lever"), "policy = bordr, .* did you mean 'border'"),
        (lambda: arguments.known(["border"], ["border"], "policy", "lever"), "policy = a list"),
        (lambda: arguments.items("border", "policies", "write a list"), "policies = border, but it is no list"),
        (lambda: arguments.items({}, "policies", "write a list"), "policies = a table"),
        (lambda: arguments.truth(1, "check"), "check = 1, but it is neither True nor False"),
        (lambda: arguments.path(b"out", "out"), "out = .* but it is no path"),
        (lambda: arguments.function("print", "progress", "give a function"), "progress = print, .* cannot be called"),
        (lambda: WORLD.with_(population={"market_scale": np.True_}), "market_scale = true, .* valid number"),
        (lambda: ss.Engine(WORLD, [[]]), "policies: a package holds no policy"),
        (lambda: ss.compare(WORLD, [Package("a\nb", (ss.policies.Border(),))]), "name of a package = a b, .* control"),
        (lambda: runs.run([lesson("whack-a-mole")], None), "^pairs: it is not a whole number"),
        (lambda: lesson("x" * 5000), "^.{,700}$"),
    ],
)
def test_what_an_argument_is_not_is_said_with_its_name(call, place):
    with pytest.raises(InputError, match=place):
        call()
