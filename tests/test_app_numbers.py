"""Every number of the Explore page, read as a visitor reads it: one statistic, one window, one verdict; sums add up."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("solara")

from supplysim.viz.figures import explore, tiles
from supplysim.viz.figures.tornado import tornado
from supplysim.viz.headline import FALLS, NOT_CLEAR, RISES, headline, held
from supplysim.viz.jobs import Job, World
from supplysim.viz.visit import Visit

from supplysim.emulator.predict import emulator
from supplysim.experiment import tables
from supplysim.experiment.effects import WINDOW
from supplysim.experiment.tables import NO_CHANGE
from supplysim.policies.text import parse
from supplysim.setup.scenario import Scenario

SCENARIO = "baseline-2027"
PACKAGES = ({"border": 1.0}, {"border": 0.5, "whistleblower": 0.5}, {"notification": 0.05}, {"penalties": 1.0})
TIMES = {"": 1.0, "k": 1e3, "M": 1e6, " bn": 1e9, " M": 1e6}
NUMBER = re.compile(r"(?P<sign>[−+]?)\$?(?P<size>\d[\d,]*\.?\d*)(?P<unit> bn| M|[kM])?(?![\d%])")


def read(text: str) -> list[tuple[float, float]]:
    """Return every number of a text with what rounding may hide of it."""
    found = []
    for match in NUMBER.finditer(text):
        unit, digits = TIMES[match["unit"] or ""], match["size"].replace(",", "")
        value = float(digits) * unit * (-1.0 if match["sign"] == "−" else 1.0)
        places = len(digits.partition(".")[2])
        whole = digits.partition(".")[0]
        step = 10.0**-places if places or len(whole) < 3 or not match["unit"] else 10.0 ** max(len(whole) - 3, 0)
        found.append((value, 0.5 * step * unit))
    return found


def agree(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) <= 1.001 * (one[1] + other[1])


class Nothing:
    """A pool that runs nothing: the quick estimate answers."""

    def ask(self, job):
        pass

    def withdraw(self, owner):
        pass


@pytest.fixture(params=PACKAGES, ids=str)
def page(its_edition, request):
    visit = Visit(pool=Nothing())
    visit.act({"do": "levers", "levers": request.param})
    view = visit.explore() | {"figures": {name: explore.figure(name, visit.known) for name in explore.TITLES}}
    yield view
    visit.close()


@pytest.fixture(scope="module")
def pairs():
    """Few exact pairs of a small world."""
    world = World(Scenario.load("minimal"), 5)
    job = Job("", world, (parse("border=0.8", world.scenario).policies,), lambda *_: None)
    job.done = [job.pairing((point, tuple(job.pairing.arms))) for point in world.points(12)]
    return job


def test_the_change_of_deliveries_is_one_number_in_tile_strip_chart_dots_and_map(page):
    tile = page["tiles"][0]
    change = read(tile["change"])[0]
    as_it_stands, policy = read(tile["range"])[0], read(tile["value"])[0]
    assert agree((as_it_stands[0] + change[0], as_it_stands[1] + change[1]), policy)
    assert read(page["right"]["callout"])[0] == change
    strip = read(page["changed"])[0]
    assert agree((abs(change[0]), change[1]), (abs(strip[0]), strip[1]))
    quarters = [row[1] for row in page["figures"]["effect"]["table"]["data"]]
    assert agree((sum(quarters), 1.0), change)
    whole = page["figures"]["map"]["table"]["rows"][-1]
    assert [agree(read(cell)[0], known) for cell, known in zip(whole[1:], (as_it_stands, policy, change), strict=True)]
    assert agree((-page["figures"]["ledger"]["table"]["data"][4][1], 1.0), change)


def test_the_quarters_of_both_worlds_add_up_to_the_tile(page):
    rows = [row for row in page["figures"]["fan"]["table"]["data"] if row[0] >= "2027"]
    tile = page["tiles"][0]
    assert agree((sum(row[1] for row in rows), 20.0), read(tile["range"])[0])
    assert agree((sum(row[4] for row in rows), 20.0), read(tile["value"])[0])


def test_the_sentence_adds_up_and_says_nothing_by_nothing(page):
    text = page["changed"]
    assert "by nothing" not in text
    entries = re.search(r"Of the (\S+) chips (?:fewer|more), (.*?)\.(?= |$)", text)
    if entries is None:
        assert "stay as they are" in text
        return
    plus, _, against = entries[2].partition("; against that, ")
    sums = [(sum(v for v, _ in read(part)), sum(e for _, e in read(part))) for part in (plus, against)]
    assert agree((sums[0][0] - sums[1][0], sums[0][1] + sums[1][1]), read(entries[1])[0])


def test_the_replacement_of_what_was_never_ordered_adds_up(page):
    text = page["figures"]["ledger"]["callout"]
    if text:
        whole, plus, against = re.fullmatch(
            r"Of (\S+) never ordered, replaced: (.*?)(?:; against that, (.*))?\.", text
        ).groups()
        parts = [read(part or "") for part in (plus, against)]
        value = sum(v for v, _ in parts[0]) - sum(v for v, _ in parts[1])
        assert agree((value, sum(e for part in parts for _, e in part)), read(whole)[0])


def test_the_verdict_is_one_word_everywhere(page):
    tile = page["tiles"][0]
    word = tile["verdict"]
    assert word in (FALLS, RISES, NOT_CLEAR, NO_CHANGE)
    assert page["right"]["callout"].endswith(f": {word}.")
    said = {
        FALLS: "Deliveries fall",
        RISES: "Deliveries rise",
        NOT_CLEAR: "is not clear",
        NO_CHANGE: "stay as they are",
    }
    assert said[word] in page["changed"]
    if page["tiles"][-1]["value"].startswith("$"):
        assert word == FALLS


def test_worlds_are_counted_once(page):
    of = re.compile(r"(fewer|more) in (about )?(\d+) of (\d+) worlds", re.IGNORECASE)
    counted = {
        of.search(text)[0].lower() for text in (page["tiles"][0]["small"], page["changed"], page["worlds"]["callout"])
    }
    assert len(counted) == 1
    dots = np.array(page["worlds"]["dots"])
    assert len(dots) == 100
    assert np.all(np.diff(dots) >= 0.0)
    assert abs((dots < 0.0).sum() - page["worlds"]["fewer"]) <= 3


def test_cost_per_chip_is_the_cost_over_the_chips(page):
    tile = page["tiles"][-1]
    if tile["value"].startswith("$"):
        (total, off), (chips, rough) = read(tile["range"])
        assert read(tile["value"])[0][0] == pytest.approx(total / chips, rel=off / total + rough / chips + 0.01)


def test_every_tile_and_time_chart_is_of_the_policy_years_and_says_where_projection_begins(page):
    assert {tile["window"] for tile in page["tiles"]} == {"2027–2030"}
    drawn = [made for made in page["figures"].values() if made["kind"] == "lines"]
    assert len(drawn) == 5
    assert all(made["projected_at"] == pytest.approx(2026.5, abs=0.01) for made in drawn)


def test_a_change_that_rounds_to_nothing_says_so(its_edition):
    known = emulator(SCENARIO).predict({"border": 0.5})
    small = {key: replace(effect, mean=1e-6) for key, effect in known.effects.items()}
    told = headline(replace(known, effects=small))
    assert told.of("delivered").amount() == "rounds to nothing"
    assert told.of("interdiction_rate").amount() == "rounds to nothing"


def test_no_lever_is_no_change(its_edition):
    told = headline(emulator(SCENARIO).predict({}), acted=True)
    assert {told.of(name).verdict for name in ("delivered", "compute_h100e", "mark_up")} == {NO_CHANGE}
    assert "stay as they are" in tiles.changed(told.summary, True)


def test_levels_hold_while_pairs_come_in_and_only_the_relative_change_moves(pairs):
    whole = pairs.summary(12)
    for few in (3, 6, 9):
        raw, shown = pairs.summary(few), held(pairs.summary(few), whole)
        for unit in ("delivered", "seized", "mark_up"):
            seen, known = headline(shown).of(unit), headline(raw).of(unit)
            assert seen.level == headline(whole).of(unit).level
            assert seen.mean / seen.level == pytest.approx(known.mean / known.level)
            assert seen.relative == known.relative
        assert sum(shown.mean_diff["delivered"]) == pytest.approx(shown.effect("delivered", WINDOW).mean)
        assert shown.ledger["prevented"] == pytest.approx(-shown.effect("delivered", WINDOW).mean)
        np.testing.assert_array_equal(shown.series_base["delivered"], whole.series_base["delivered"])
    assert held(whole, whole) is whole


def test_exact_pairs_and_the_estimate_stand_at_the_same_level(its_edition):
    known = emulator(SCENARIO)
    assert np.isfinite([values.sum() for values in known.base.mean_base.values()]).all()
    for measure in ("delivered", "seized"):
        level = known.base.effect(measure, WINDOW).level
        assert known.base.mean_base[measure][known.first_quarter :].sum() == pytest.approx(level, rel=1e-6)


def test_the_words_are_those_of_the_report(pairs):
    study = pairs.study(["border"], 12)
    summary = pairs.summary(12)
    for measure in ("delivered", "seized", "mark_up", "compute_h100e", "honest_flagged_share"):
        assert headline(summary).of(measure).verdict == tables.relative(study.effect("border", measure))["verdict"]
        assert headline(summary).of(measure).mean == pytest.approx(study.effect("border", measure).mean)


def test_what_matters_is_told_where_states_set_a_parameter_in_some_worlds_only():
    """A state of baseline-2027 sets one in the worlds that it holds in; elsewhere it has its central value."""
    world = World(Scenario.load(SCENARIO), 1)
    points = world.points(16)
    assert len({frozenset(point.parameters) for point in points}) > 1
    job = Job("", world, (), lambda *_: None)
    size = np.random.default_rng(3).uniform(1e5, 2e5, 16)
    job.done = [(SimpleNamespace(account=SimpleNamespace(delivered=one)),) * 2 for one in size]
    assert len(tornado(job, 16, acted=False)["rows"]) == 12
