"""States of the world in the app: held for certain, or weighed anew without new runs; told by state; in the link."""

from __future__ import annotations

import pytest

pytest.importorskip("solara")

from supplysim.viz import chance
from supplysim.viz.chance import Chance
from supplysim.viz.figures import states
from supplysim.viz.visit import Visit

from supplysim.api import compare
from supplysim.errors import InputError
from supplysim.policies import Border
from supplysim.setup.scenario import Scenario
from tests.chance import TOML

CHANCE = Scenario.from_text(TOML, "chance.toml").with_(policies=[])


class Counting:
    """A pool that counts what it is asked for."""

    def __init__(self):
        self.asked = []

    def ask(self, job):
        self.asked.append(job)

    def withdraw(self, owner):
        pass


@pytest.fixture
def visit():
    one = Visit(pool=Counting())
    one.act({"do": "upload", "name": "chance.toml", "text": TOML})
    one.act({"do": "levers", "levers": {"border": 1.0}})
    yield one
    one.close()


def test_a_scenario_with_states_shows_their_values_and_probabilities(visit):
    door, law = visit.explore()["states"]
    assert [(value["name"], value["percent"]) for value in door["values"]] == [("open", 35.0), ("shut", 65.0)]
    assert door["values"][0]["sets"] == "access = 0.6"
    assert (door["certain"], law["moved"]) == ("", False)


def test_a_value_for_certain_asks_for_other_runs_and_can_be_undone(visit):
    asked = len(visit.pool.asked)
    visit.act({"do": "state", "name": "door", "value": "open"})
    assert len(visit.pool.asked) == asked + 1
    assert visit.pool.asked[-1].world.scenario.states[0].probabilities.tolist() == [1.0, 0.0]
    assert visit.explore()["states"][0]["certain"] == "open"
    visit.act({"do": "undo"})
    assert visit.explore()["states"][0]["certain"] == ""
    assert visit.pool.asked[-1].world.scenario.states[0].probabilities.tolist() == [0.35, 0.65]


def test_a_probability_is_moved_without_new_runs(visit):
    asked = len(visit.pool.asked)
    visit.act({"do": "chance", "name": "law", "value": "passed", "p": 0.2})
    assert [value["percent"] for value in visit.explore()["states"][1]["values"]] == [20.0, 80.0]
    visit.act({"do": "chance", "name": "law"})
    assert [value["percent"] for value in visit.explore()["states"][1]["values"]] == [50.0, 50.0]
    assert len(visit.pool.asked) == asked


@pytest.mark.parametrize(
    "message",
    [
        {"do": "state", "name": "dor", "value": "open"},
        {"do": "state", "name": "door", "value": "ajar"},
        {"do": "chance", "name": "door", "value": "open", "p": 1.5},
        {"do": "chance", "name": "door", "value": "open", "p": "nan"},
    ],
)
def test_what_is_no_state_is_one_polite_line_and_changes_nothing(visit, message):
    before = visit.state
    visit.act(message)
    assert visit.notice
    assert visit.state is before


def test_another_scenario_forgets_what_was_supposed(visit):
    visit.act({"do": "state", "name": "door", "value": "open"})
    visit.act({"do": "scenario", "name": "minimal"})
    assert visit.state.chance == chance.NOTHING
    assert visit.explore()["states"] == []


def test_a_link_keeps_what_is_supposed_and_says_what_it_cannot_read():
    supposed = Chance({"door": "open"}, {"law": {"passed": 0.3}})
    assert chance.decode(chance.encode(supposed), CHANCE) == (supposed, [])
    found, problems = chance.decode({"st": "door:ajar,door", "sp": "law:passed:2,dor:x:0.1"}, CHANCE)
    assert found == chance.NOTHING
    assert len(problems) == 4
    with pytest.raises(InputError):
        chance.probability("nan")


def test_the_answer_by_state_is_the_command_lines_under_the_probabilities_supposed():
    study = compare(CHANCE, [Border()], 48, store=False)
    made = states.answer(study, "delivered", Chance(chances={"law": {"passed": 0.2}}))
    assert [row[:2] for row in made["rows"]] == [
        ["door: open", "35 %"],
        ["door: shut", "65 %"],
        ["law: passed", "20 %"],
        ["law: not", "80 %"],
    ]
    told = study.reweighted({"law": {"passed": 0.2}}).by_state("border")
    assert [row[3] for row in made["rows"]] == [states.cell(one) for one in told[:-1]]
    assert made["overall"] == states.cell(told[-1])
    certain = states.answer(study, "delivered", Chance(certain={"law": "passed"}))
    assert [row[0] for row in certain["rows"]] == ["door: open", "door: shut"]
