"""The public view of Explore: published seizures and prosecutions, and nothing that only the model knows."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("solara")

from supplysim.viz.figures import public
from supplysim.viz.visit import Visit

from supplysim.emulator.predict import emulator


class Nothing:
    """A pool that runs nothing: the quick estimate answers."""

    def ask(self, job):
        pass

    def withdraw(self, owner):
        pass


@pytest.fixture
def visit(its_edition):
    one = Visit(pool=Nothing())
    one.act({"do": "levers", "levers": {"border": 1.0}})
    yield one
    one.close()


def numbers(part) -> set[str]:
    """Return the numbers of a part of the page but those of the window's name."""
    return set(re.findall(r"[0-9][0-9.,]*[kM]?", json.dumps(part, ensure_ascii=False).replace("2027–2030", "")))


def test_figures_are_those_of_what_is_published_whatever_was_chosen(visit):
    for chosen in ("fan", "map", "costs", "ledger"):
        visit.act({"do": "graph", "side": "left", "name": chosen})
        visit.act({"do": "choose", "key": "record", "value": "public"})
        view = visit.explore()
        assert [view[side]["id"] for side in ("left", "right")] == list(public.PUBLISHED)


def test_no_number_of_the_truth_is_left_on_the_page(visit):
    truth = visit.explore()
    visit.act({"do": "choose", "key": "record", "value": "public"})
    seen = visit.explore()
    hidden = numbers(truth["tiles"]) | numbers(truth["changed"])
    shown = numbers([tile["value"] for tile in seen["tiles"]]) | numbers(seen["changed"])
    assert not {number for number in hidden & shown if len(number) > 2}  # two digits meet by chance
    assert [tile.get("hidden", False) for tile in seen["tiles"]].count(True) == 4
    assert seen["hangs"] is None
    assert seen["by_state"] is None
    assert (seen["small"], seen["worlds"]) == ("", None)
    assert "nobody publishes" in seen["changed"]


def test_what_is_shown_is_the_published_series(visit):
    visit.act({"do": "choose", "key": "record", "value": "public"})
    known = visit.known
    line = visit.explore()["left"]["series"][0]
    published = known.mean_base["seizures_published"][4:]
    assert line["mid"] == pytest.approx(published.tolist(), rel=1e-3, abs=1.0)


def test_the_estimate_itself_is_not_sent(visit):
    visit.act({"do": "choose", "key": "record", "value": "public"})
    assert emulator() is not None
    assert "delivered" not in json.dumps([visit.explore()[side]["series"] for side in ("left", "right")])
