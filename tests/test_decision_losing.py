"""When the favourite loses: rules that are known, and none where there is nothing to tell."""

import sys
import warnings
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from benchmarks.choices import corner, made
from supplysim.decision import prim
from supplysim.decision.losing import Rule, loses, quality
from supplysim.decision.prim import box
from supplysim.decision.tree import tree


def test_a_trifle_is_no_loss():
    choices = made([[100.0, 50.0, 49.6], [100.0, 50.0, 49.0], [100.0, 50.0, 90.0]])
    assert loses(choices, "chips").tolist() == [False, True, False]


def test_quality_is_that_of_hand():
    found = quality(np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool), np.array([0.4, 0.2, 0.2, 0.2]))
    assert (found.base, found.told) == pytest.approx((0.6, 0.6))
    assert (found.precision, found.coverage) == pytest.approx((2 / 3, 2 / 3))


def test_the_tree_finds_the_corner_and_is_right_in_worlds_held_out():
    choices, lost = corner()
    found = tree(choices)
    assert found.losing == pytest.approx(lost.mean())
    (rule,) = found.rules
    assert rule.states == {"door": ("open",)}
    assert rule.ranges["wtp"][0] == pytest.approx(0.7, abs=0.03)
    assert rule.ranges["wtp"][1] == np.inf
    assert found.held_out.precision > 0.9
    assert found.held_out.coverage > 0.9
    assert found.held_out.worlds == 133
    said = " ".join(found.sentences())
    assert "Highest price that buyers pay over list (wtp) is above 0.7" in said.replace("highest", "Highest")
    assert "door is open" in said


def test_quality_comes_from_the_worlds_held_out_alone():
    choices, lost = corner(blur=0.1)
    found = tree(choices, seed=3)
    drawn = np.random.default_rng(3).permutation(400)[:267]
    rest = np.setdiff1d(np.arange(400), drawn)
    held = choices.where(np.isin(np.arange(400), rest))
    told = np.any([rule.holds(held) for rule in found.rules], axis=0)
    assert found.held_out.precision == pytest.approx(lost[rest][told].mean())
    assert found.held_out.coverage == pytest.approx(told[lost[rest]].mean())
    assert found.held_out.base == pytest.approx(lost[rest].mean())


def test_no_rule_is_told_where_losing_is_chance():
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        lost = rng.random(200) < 0.3
        values = np.column_stack([np.full(200, 100.0), np.full(200, 50.0), np.where(lost, 40.0, 90.0)])
        choices = made(values, factors=pd.DataFrame(rng.random((200, 20)), columns=[f"x{i}" for i in range(20)]))
        found = tree(choices)
        held += found.held_out.holds
        if not found.held_out.holds:
            assert "No rule tells which" in found.sentences()[1]
    assert held <= 4  # one in twenty by chance


def test_few_worlds_or_losses_give_a_sentence_and_no_tree():
    assert "64 worlds" in tree(corner(60)[0]).sentences()[1]
    assert tree(corner(60)[0]).rules == ()
    never = made([[100.0, 50.0, 90.0]] * 100, factors=pd.DataFrame({"wtp": np.arange(100.0)}))
    assert "too rare" in tree(never).sentences()[1]


def test_pairs_are_not_split_between_growing_and_judging():
    choices, lost = corner(100)
    twice = np.repeat(np.arange(100), 2)
    factors = choices.factors.loc[twice].reset_index(drop=True).assign(idle=np.random.default_rng(1).random(200))
    values = choices.of("chips")[twice]
    found = tree(made(values, factors=factors, states=choices.states.loc[twice].reset_index(drop=True), pair=twice))
    assert found.held_out.worlds == 2 * 33


def test_a_rule_says_its_ranges_and_holds_there():
    rule = Rule({"wtp": (0.2, 0.4), "taste": (-np.inf, 0.5)}, {"door": ("open", "ajar")})
    assert "between 0.2 and 0.4 x list" in rule.words()
    assert "door is open or ajar" in rule.words()
    assert rule.document()["ranges"] == {"wtp": [0.2, 0.4], "taste": [None, 0.5]}


def test_below_a_thousand_worlds_no_box_is_looked_for():
    assert "1,000 worlds" in box(corner()[0]).sentences()[0]


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(prim, "find_spec", lambda name: None)
    assert "supplysim[bridges]" in box(corner(1000)[0]).sentences()[0]


@pytest.mark.slow  # the library alone takes seconds to load
def test_the_box_finds_the_corner_and_is_judged_by_other_halves(monkeypatch):
    pytest.importorskip("ema_workbench", exc_type=ImportError)
    monkeypatch.setattr(prim, "SAMPLES", 3)
    choices, lost = corner(1000, blur=0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = box(choices)
    assert found.rule.states == {"door": ("open",)}
    assert found.rule.ranges["wtp"][0] == pytest.approx(0.7, abs=0.03)
    assert found.resampled.worlds == 500
    assert found.resampled.precision > 0.85
    assert found.resampled.coverage > 0.6
    assert found.restricted["wtp"] == 1.0


def test_a_library_of_another_version_is_asked_as_it_wants(monkeypatch):
    """Version 2 wants a threshold, version 3 has none: both are asked for a box along the same way."""
    asked = []

    class Found:
        box_lims = (pd.DataFrame({"wtp": [0.0, 1.0]}), pd.DataFrame({"wtp": [0.7, 1.0]}))

    class Second:
        def __init__(self, x, y, threshold, mass_min=0.05):
            asked.append(threshold)

        def find_box(self):
            return Found()

    class Third(Second):
        def __init__(self, x, y, mass_min=0.05):
            asked.append(None)

    table, lost = pd.DataFrame({"wtp": [0.1, 0.9]}), np.array([False, True])
    for version in (Second, Third):
        module = ModuleType("prim")
        module.Prim = version
        for name in ("ema_workbench", "ema_workbench.analysis", "ema_workbench.analysis.prim"):
            monkeypatch.setitem(sys.modules, name, module)
        assert len(prim._way(table, lost)) == 2
    assert asked == [0.0, None]
