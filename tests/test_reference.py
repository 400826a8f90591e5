"""The engine against a second model of `minimal`, firm by firm in plain Python (tests/reference)."""

import re
from pathlib import Path

import numpy as np
import pytest
from reference.world import COUNTED, World

from supplysim.engine import Engine

CHECKED = (*COUNTED, "mark_up", "active_intermediaries", "open", "in_transit")
# Worlds in which more happens: more seizures, more leads, more cases.
EVENTFUL = {"border_exposure": 0.2, "tip_exposure": 2.0, "investigators": 60.0, "case_weeks": 8.0, "effort": 5.0}
# And in which suppliers are liable, papers name many, principals come back with what is known, corridors open, and
# access binds.
ENTANGLED = EVENTFUL | {
    "complicit_share": 0.5,
    "supplier_found": 0.8,
    "named": 0.3,
    "reenter": 1.0,
    "principal_memory": 0.9,
    "corridor_barrier": 2.0,
    "access": 0.15,
    "watch_work": 4.0,
    "us_abroad": 1.0,
}


def weekly(days, name):
    return np.array([getattr(day, name) for day in days], dtype=float)


@pytest.mark.parametrize("changed", [{}, EVENTFUL, ENTANGLED], ids=["as it stands", "eventful", "entangled"])
@pytest.mark.parametrize("seed", [3, 6])
def test_both_models_agree_in_every_week(seed, changed):
    engine = Engine("minimal", seed=seed, parameters=changed)
    engine.run()
    days = World("minimal", seed, **changed).run()
    tally = engine.world.tally
    for name in CHECKED:
        ours = weekly(days, name)
        first = np.flatnonzero(~np.isclose(ours, tally[name], rtol=1e-6, atol=1e-9))
        assert first.size == 0, f"{name} differs from week {first[0]}: {ours[first[0]]} here, {tally[name][first[0]]}"
    assert np.array_equal(weekly(days, "delivered_by"), tally["delivered_by"])
    assert np.array_equal(weekly(days, "via"), tally["via"])
    assert np.array_equal(weekly(days, "leads"), tally["leads"])
    assert np.array_equal(weekly(days, "wanted_by"), tally["wanted_by"])
    assert np.array_equal(weekly(days, "granted_by"), tally["granted_by"])
    assert weekly(days, "premium") == pytest.approx(tally["premium"], abs=1e-9)


def test_the_worlds_compared_have_something_of_everything():
    days = World("minimal", 6, **ENTANGLED).run()
    happened = {name: weekly(days, name).sum() for name in COUNTED}
    assert all(happened.values()), happened


def test_a_second_model_of_another_seed_is_another_world():
    engine = Engine("minimal", seed=3)
    engine.run(30)
    other = World("minimal", 4)
    for _ in range(30):
        other.step()
    assert not np.array_equal(weekly(other.days, "ordered"), engine.world.tally["ordered"][:30])


def test_the_second_model_uses_none_of_the_rules_of_the_first():
    allowed = {"evidence", "setup.scenario"}
    for file in (Path(__file__).parent / "reference").glob("*.py"):
        used = re.findall(r"^ *(?:from|import) supplysim\.?([\w.]*)", file.read_text(), re.MULTILINE)
        assert set(used) <= allowed, file.name
