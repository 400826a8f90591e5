"""What can be chosen and followed in the app: bills, levers in money, ids of evidence, figures as numbers."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("solara")

from supplysim.viz.bills import bills
from supplysim.viz.figures import explore, recording
from supplysim.viz.levers import curves, panel
from supplysim.viz.pages import contents, ids
from supplysim.viz.visit import Visit

from supplysim.decision.emulated import typed
from supplysim.decision.spending import PAID_BY, spending
from supplysim.emulator.predict import emulator
from supplysim.evidence.later import later
from supplysim.policies import levers
from supplysim.policies.doses import doses


class Nothing:
    def ask(self, job):
        self.job = job

    def withdraw(self, owner):
        pass


@pytest.fixture
def visit():
    one = Visit(pool=Nothing())
    yield one
    one.close()


@pytest.mark.parametrize("name", sorted(bills()))
def test_a_bill_sets_its_levers_as_if_it_were_law_and_the_link_brings_it_back(visit, name):
    visit.act({"do": "bill", "name": name})
    assert visit.notice == ""
    card = bills()[name]
    assert visit.state.text() == card.text
    assert tuple(visit.state.package()) == card.policies
    assert {policy.when for policy in visit.pool.job.packages[0]} == {""}
    assert "as if law" in card.note
    assert Visit(visit.link(), pool=Nothing()).state.text() == card.text


def test_a_bill_outside_the_scenario_is_one_polite_line(visit):
    visit.act({"do": "scenario", "name": "baseline-2024"})
    visit.act({"do": "bill", "name": "gain-ai"})
    assert "2027-07-01" in visit.notice
    assert visit.state.levers == {}


def test_an_unknown_bill_changes_nothing(visit):
    visit.act({"do": "bill", "name": "../x"})
    assert visit.state.levers == {}
    assert visit.notice


def test_compare_takes_a_bill(visit):
    visit.show("compare")
    visit.act({"do": "desk", "what": "add", "preset": "chip-security-act"})
    assert visit.compare.names[-1] == "Chip Security Act"
    assert visit.compare.packages[-1] == bills()["chip-security-act"].policies


def test_what_a_lever_costs_is_what_show_tells():
    for shown in panel():
        kind = levers()[shown["name"]]
        told = " ".join(doses(kind))
        for payer, (fixed, slope) in shown["money"].items():
            for strength, word in ((0.5, "half"), (1.0, "full")):
                amount = fixed + slope * strength
                text = f"${amount:,.0f}" if payer == "chip" else f"${amount / 1e6:,.1f} million"
                assert f"{text} at {word}" in told or round(amount, 6) == 0.0


def test_what_a_lever_costs_at_a_strength_is_what_a_decision_pays():
    for scenario, by_lever in curves().items():
        known = spending(scenario)
        assert {typed(lever) for lever in by_lever} <= set(known.levers)
        for lever, own in by_lever.items():
            for payer, columns in PAID_BY.items():
                paid = known.at(typed(lever), known.of(columns)[typed(lever)], np.array(own["x"]))
                np.testing.assert_allclose(own[payer][1:], paid[1:], atol=0.5)
    assert contents("explore")["curves"] == curves()


def test_every_id_that_can_be_followed_stands_on_the_evidence_page():
    tables = {table["id"]: {row[0] for row in table["rows"]} for table in contents("evidence")["tables"]}
    for cited, table in ids().items():
        assert any(row.startswith(cited) for row in tables[table])
    assert set(later()) <= ids().keys()
    assert {"Q001", "P:E14", "in:N001"} <= ids().keys()
    assert contents("explore")["ids"] == ids()


@pytest.mark.parametrize("name", explore.TITLES)
def test_a_figure_goes_home_as_numbers_with_their_unit(its_edition, name):
    table = explore.figure(name, emulator("baseline-2027").predict({"border": 0.5}))["table"]
    assert table["unit"]
    assert len(table["data"]) == len(table["rows"])
    cells = [cell for row in table["data"] for cell in row[1:]]
    assert sum(isinstance(cell, (int, float)) for cell in cells) > len(cells) / 3
    assert all(len(row) == len(table["head"]) for row in table["data"])


def test_a_long_film_has_events_in_every_part():
    events = [[week, "stop", "x", True] for week in range(416) for _ in range(40)]
    kept = recording._spread(events, 416)
    assert len(kept) <= recording.MOST_EVENTS
    assert {event[0] // 13 for event in kept} == set(range(32))
    assert recording._spread(events[:20], 416) == events[:20]


def test_a_package_of_the_usual_kind_is_in_the_menu_too():
    titles = {bill["id"]: bill["title"] for bill in contents("explore")["bills"]}
    assert titles["chip-security-act"] == "Chip Security Act"


def test_a_link_of_compare_opens_its_packages():
    visit = Visit(
        "c=A~border%3D0.5%2Bpenalties|" + f"Bill~{bills()['overwatch'].text.replace('=', '%3D').replace('+', '%2B')}",
        pool=Nothing(),
    )
    visit.show("compare")
    assert visit.compare.names == ["A", "Bill"]
    assert [[policy.lever for policy in package] for package in visit.compare.packages] == [
        ["border", "penalties"],
        3 * ["tighter_controls"],
    ]
    again = Visit(f"c={visit.view('compare')['more'].removeprefix('c=')}", pool=Nothing())
    again.show("compare")
    assert again.compare.packages == visit.compare.packages


def test_a_bill_may_move_one_lever_three_times_and_a_slider_takes_its_place():
    card = bills()["overwatch"]
    visit = Visit(pool=Nothing())
    visit.act({"do": "bill", "name": "overwatch"})
    assert visit.state.text() == card.text
    assert [policy.lever for policy in visit.state.package()] == 3 * ["tighter_controls"]
    assert Visit(visit.link(), pool=Nothing()).state.package() == visit.state.package()
    assert visit.view("explore")["levers"]["tighter_controls"]["more"] == 2
    visit.act({"do": "levers", "levers": {"tighter_controls": 0.5}, "seq": 1})
    assert [policy.intensity for policy in visit.state.package()] == [0.5]
    visit.act({"do": "levers", "levers": {"tighter_controls": 0}, "seq": 2})
    assert visit.state.package() == ()
