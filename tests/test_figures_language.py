"""Figures in the reader's language: no word of them stands outside a message, days are those of the report."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

pytest.importorskip("solara")

from supplysim.viz import days
from supplysim.viz.figures import explore, public, recording, tiles
from supplysim.viz.figures.sayings import Saying, spoken
from supplysim.viz.headline import headline
from supplysim.viz.visit import Visit

from supplysim.language import PSEUDO, speaking
from supplysim.outputs.periods import together, years
from supplysim.run import Point
from supplysim.setup.scenario import Scenario
from tests.stand_in import Kept

KEYS = {"kind", "id", "file", "fmt", "role", "tone", "status", "code", "at", "from", "to"}  # not read by people
NAMES = re.compile(r"H100e|US\$|TFLOP/s")


def words(value, key=""):
    """Yield what stands outside the brackets of the pseudo-language."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from words(one, name)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from words(one, key)
    elif isinstance(value, str) and key not in KEYS:
        bare = value
        while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", bare)) != bare:
            bare = less
        if re.search(r"[A-Za-z]{2}", NAMES.sub("", bare)):
            yield value


@pytest.fixture(scope="module")
def summary():
    visit = Visit("s=baseline-2027&p=border%2Bdue_diligence", pool=Kept())
    yield visit.fast().answer(visit.state.package())
    visit.close()


@pytest.mark.parametrize("acted", [True, False])
@pytest.mark.parametrize("unit", ["delivered", "delivered_h100e"])
def test_no_word_of_a_figure_stands_outside_a_message(summary, unit, acted):
    with speaking(PSEUDO):
        shown = [explore.figure(name, summary, unit, 2023.0, acted) for name in explore.TITLES]
        shown += [tiles.tiles(summary, unit, acted), tiles.changed(summary, acted, unit)]
        shown += [public.figures(summary, 2023.0, acted), public.tiles(summary, acted), public.changed(summary, acted)]
        shown += [headline(summary, acted).sentence(unit), headline(summary, acted).small_print(unit)]
    assert [*words(json.loads(json.dumps(shown)))] == []


def test_a_film_is_said_in_the_language_of_who_looks():
    minimal = Scenario.load("minimal")
    film = {"worlds": [recording.shoot(minimal, (), Point(0, 7, minimal.central_parameters()), 0)]}
    with speaking(PSEUDO):
        [there] = recording.in_language(film)["worlds"]
    [here] = recording.in_language(film)["worlds"]
    assert [*words([[row[2] for row in there["events"]], there["access"]["rows"], there["access"]["head"]])] == []
    assert all("⟦" not in row[2] and row[2] for row in here["events"])
    assert [row[:2] for row in here["events"]] == [row[:2] for row in there["events"]]


def test_numbers_of_a_saying_have_the_marks_of_the_language():
    with speaking("de"):
        assert spoken([Saying("{price}", {"price": "$33,703"})]) == ["$33.703"]


@pytest.mark.parametrize("start", [date(2023, 1, 2), date(2023, 10, 2)])
@pytest.mark.parametrize("weeks", [104, 107])
def test_periods_are_called_as_in_the_report(start, weeks):
    found = years(start, weeks)
    assert [days.label(one) for one in found] == [one.label for one in found]
    if any(one.calendar_year is None for one in found):
        assert days.years([one.key for one in found], found) == together(found)
