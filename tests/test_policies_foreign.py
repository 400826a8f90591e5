"""A lever from another package: found by its entry point, listed, shown and compared like our own."""

import json
import os
import subprocess
import sys
import tomllib

import pytest

from supplysim.policies.registry import GROUP

MODULE = '''"""A lever that another package offers."""

from dataclasses import dataclass

from supplysim.world.conditions import Shift
from supplysim.policies import Policy


@dataclass(frozen=True, kw_only=True)
class DoorToDoor(Policy):
    """Officers knock at the door of every distributor."""

    lever = "door_to_door"
    title = "Officers at every distributor"
    group = "sale"
    mechanism = "every purchase is screened"
    response = "traders buy abroad"
    unknown = "whether there are so many officers"
    payer = "government"
    burden = "distributors' time"
    sources = ("Doe 2026", "P:K01")
    ramp_weeks = 4

    def shifts(self, base):
        yield Shift("screening_exposure", self.strength(base) * 0.5)
'''
PROJECT = """[project]
name = "door-to-door"
version = "1.0"
[project.entry-points."supplysim.policies"]
door_to_door = "door_to_door:DoorToDoor"
"""


def installed(site, module=MODULE):
    """Install another package; return a function that runs the command line: words -> (status, output, errors)."""
    (site / "pyproject.toml").write_text(PROJECT)
    (site / "door_to_door.py").write_text(module)
    about = site / "door_to_door-1.0.dist-info"  # what an installer would make of the project
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: door-to-door\nVersion: 1.0\n")
    offered = tomllib.loads(PROJECT)["project"]["entry-points"][GROUP]
    lines = [f"[{GROUP}]", *(f"{name} = {target}" for name, target in offered.items())]
    (about / "entry_points.txt").write_text("\n".join(lines))

    def run(*words):
        environment = os.environ | {"PYTHONPATH": str(site), "COLUMNS": "200"}
        command = [
            sys.executable,
            "-c",
            "import sys; from supplysim.cli import main; sys.exit(main(sys.argv[1:]))",
            *map(str, words),
        ]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=1200)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Return a function that runs the command line with the other package installed: words -> output."""
    run = installed(tmp_path_factory.mktemp("site"))

    def answered(*words):
        status, output, errors = run(*words)
        assert status == 0, errors
        return output

    return answered


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('group = "sale"', 'group = "sales"', "there is no group 'sales'"),
        ("class DoorToDoor(Policy)", "class DoorToDoor", "it is no Policy with that lever name"),
        ('title = "Officers at every distributor"', "", "it says nothing of its title"),
        ("from dataclasses", "raise SystemExit(3)\nfrom dataclasses", "it cannot be imported (SystemExit: 3)"),
    ],
)
def test_a_broken_plug_in_is_named_in_a_line_and_left_out(tmp_path, old, new, told):
    run = installed(tmp_path, MODULE.replace(old, new))
    status, output, errors = run("list", "policies")
    assert status == 0
    assert "whistleblower" in output
    assert "door_to_door" not in output
    assert errors.startswith("entry point door_to_door = door_to_door:DoorToDoor: ")
    assert told in errors
    assert errors.count("\n") == 1


def test_it_is_listed_after_the_six_recommendations(ask):
    names = list(json.loads(ask("list", "policies", "--json"))["policies"])
    assert names.index("door_to_door") == names.index("end_use_checks") - 1


def test_it_has_a_card_with_its_own_sources(ask):
    card = ask("show", "door_to_door")
    assert "Officers knock at the door of every distributor." in card
    assert "Doe 2026" in card
    assert "P:K01: " in card


def test_it_is_compared_and_changes_something(ask, tmp_path):
    result = ask("compare", "minimal", "-p", "door_to_door", "--pairs", 2, "--workers", 1, "--json", "--out", tmp_path)
    (policy,) = json.loads(result)["policies"]
    assert policy["name"] == "door_to_door"
    assert any(effect["median"] for effect in policy["effects"].values())
