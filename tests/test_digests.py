"""Runs are equal to the bit to what they were: a change of results is an event, made by `make digests` and told."""

import json
import subprocess
import sys
from pathlib import Path

import digests
import pytest

KEPT = json.loads(digests.FILE.read_text())
SAME_PLATFORM = KEPT["platform"] == digests.here()


@pytest.mark.parametrize("name", digests.WORLDS)
def test_a_world_is_what_it_was(name):
    assert digests.differences(digests.digests(name), KEPT[name], SAME_PLATFORM) == []


@pytest.mark.parametrize("name", digests.PLAIN_PYTHON)
def test_plain_python_runs_the_same_world(name, monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    code = f"import json, digests; print(json.dumps(digests.digests({name!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=1200,
    )
    assert digests.differences(json.loads(done.stdout), KEPT[name], SAME_PLATFORM) == []


def test_another_seed_is_another_world(monkeypatch):
    scenario, policies, rules, seed, draw = digests.WORLDS["minimal"]
    monkeypatch.setitem(digests.WORLDS, "minimal", (scenario, policies, rules, seed + 1, draw))
    changed = digests.differences(digests.digests("minimal"), KEPT["minimal"], SAME_PLATFORM)
    assert len(changed) > 100


def test_a_last_bit_counts_only_on_the_platform_that_wrote_the_file():
    kept = {"price": ["aa", 1.0, 1.0, 1.0], "chips": ["cc"]}
    one_bit = {"price": ["ab", 1.0 + 2e-16, 1.0, 1.0], "chips": ["cc"]}
    assert digests.differences(one_bit, kept, same_platform=True) == ["price"]
    assert digests.differences(one_bit, kept, same_platform=False) == []
    assert digests.differences(one_bit | {"price": ["ab", 1.1, 1.0, 1.0]}, kept, same_platform=False) == ["price"]
    assert digests.differences(one_bit | {"chips": ["cd"]}, kept, same_platform=False) == ["chips"]
