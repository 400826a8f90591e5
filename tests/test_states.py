"""States of the world: how a file says them, how they are drawn, and what a run makes of them."""

import pickle
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplysim import run
from supplysim.engine import Engine
from supplysim.errors import InputError
from supplysim.experiment.design import parameter_draws
from supplysim.policies import Border, DueDiligence, parse
from supplysim.run import SUMMARY, Point, run_arms
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import Draw, State, Value, acting, states_of, weighed
from tests.chance import CARD, TOML

CHANCE = Scenario.from_text(TOML, "chance.toml")
PLAIN = CHANCE.with_(states=[], policies=[])
HEAD = 'name = "mine"\nextends = "minimal"\n'
LAW = (
    '[[states]]\nname = "law"\nvalues = [{ name = "passed", probability = 0.3 }, { name = "not", probability = 0.7 }]\n'
)


def complaint(call, *arguments, **named):
    with pytest.raises(InputError) as caught:
        call(*arguments, **named)
    assert str(caught.value).isprintable()
    return str(caught.value)


def state(name, *chances, **sets):
    return State(name, tuple(Value(f"v{n}", chance, tuple(sets.items())) for n, chance in enumerate(chances)))


# --- in a file -------------------------------------------------------------------------------------------------


def test_a_state_has_values_with_probabilities_and_parameters_that_they_set():
    door, law = CHANCE.states
    assert (door.names, [*door.probabilities]) == (("open", "shut"), [0.35, 0.65])
    assert (door.sets("open"), law.sets("passed")) == ({"access": 0.6}, {})
    assert Scenario.from_text(CHANCE.to_toml(), "again.toml") == CHANCE


def test_a_child_replaces_a_state_of_the_same_name_and_keeps_the_others(tmp_path):
    (tmp_path / "chance.toml").write_text(TOML)
    child = Scenario.from_text(f'name = "child"\nextends = "chance.toml"\n{LAW}', str(tmp_path / "child.toml"))
    assert [(one.name, one.values[0].probability) for one in child.states] == [("door", 0.35), ("law", 0.3)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (LAW.replace("0.7", "0.6"), "states[0].values: the probabilities of its values add up to 0.9; make them"),
        (LAW.replace("0.7", "1.7"), "states[0].values[1].probability = 1.7, but it should be less than or equal to 1"),
        (LAW.replace("0.7", "nan"), "states[0].values[1].probability = nan"),
        (LAW.replace("0.7", '"7"'), "states[0].values[1].probability = 7, but it should be a valid number"),
        (LAW.replace("not", "passed"), "states[0].values[1].name = passed, but that value stands there twice"),
        (LAW + LAW, "states[1].name = law, but that state stands there twice"),
        (
            LAW.replace("probability = 0.3", "chance = 0.3"),
            "states[0].values[0].chance: there is no such key; known: name, probability, set",
        ),
        (LAW.replace("values", "value"), "states[0].value"),
        (LAW.replace('"law"', '"a law"'), "states[0].name = a law"),
        ('[[states]]\nname = "law"\nvalues = []', "states[0].values = a list"),
        ('[[states]]\nname = "law"', "states[0].values: is missing"),
        (LAW.replace("0.3", "0.3, set = { acces = 1 }"), "values[0].set.acces: there is no such parameter; did you"),
        (LAW.replace("0.3", "0.3, set = { access = -1 }"), "values[0].set.access = -1, but its range is"),
        (LAW.replace("0.3", "0.3, set = { market_scale = 2 }"), "belongs to the population"),
        (
            LAW.replace("0.3", '0.3, set = { access = { prior = "uniform", low = 0.1, high = 0.2 } }'),
            "values[0].set.access: a state sets numbers, no priors; write a number",
        ),
        (
            "".join(LAW.replace("law", name).replace("0.3", "0.3, set = { access = 0.2 }") for name in "ab"),
            "states: the states a and b both set access; let one state set it",
        ),
        (
            LAW + '[[policies]]\nlever = "border"\nwhen = "lwa:passed"',
            "policies[0].when = lwa:passed, but there is no state 'lwa'; did you mean 'law'?",
        ),
        (
            LAW + '[[policies]]\nlever = "border"\nwhen = "law:passd"',
            "policies[0].when = law:passd, but the state law has no value 'passd'; did you mean 'passed'?",
        ),
        ('[[policies]]\nlever = "border"\nwhen = "law:passed"', "there is no state 'law'; add a [[states]] block"),
        (LAW + '[[policies]]\nlever = "border"\nwhen = "law"', "when = law, but it is no state of the world with a"),
        (
            LAW + '[[policies]]\nlever = "border"\n[[policies]]\nlever = "border"\nintensity = 0.5\nwhen = "law:not"',
            "border stands there twice with the same start",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(text, part):
    assert part in complaint(Scenario.from_text, HEAD + text, "mine.toml")
    assert complaint(Scenario.from_text, HEAD + text, "mine.toml").startswith("mine.toml: ")


def test_python_is_held_to_what_a_file_may_say():
    assert "add up to 0.9" in complaint(CHANCE.with_, states=[state("a", 0.3, 0.6)])
    assert "it is no list" in complaint(CHANCE.with_, states=3)
    assert "it is no table" in complaint(CHANCE.with_, states=["law"])
    assert "both set access" in complaint(CHANCE.with_, states=[state("a", 1.0, access=0.2), CHANCE.states[0]])
    assert "there is no state 'door'" in complaint(CHANCE.with_, states=[])


def test_two_entries_of_one_lever_may_stand_in_two_values_of_a_state():
    text = HEAD + LAW
    for value, strength in (("passed", 1), ("not", 0.5)):
        text += f'[[policies]]\nlever = "border"\nintensity = {strength}\nwhen = "law:{value}"\n'
    scenario = Scenario.from_text(text, "mine.toml")
    for value, strength in (("passed", 1.0), ("not", 0.5)):
        assert scenario.settled({"law": value}).policies == (Border(intensity=strength),)


def test_the_example_of_the_handbook_is_a_scenario():
    text = Path(__file__).parents[1].joinpath("docs", "experiments.md").read_text("utf-8")
    example = next(block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[[states]]" in block)
    scenario = Scenario.from_text(example, "experiments.md")
    assert [state.name for state in scenario.states] == ["beijing", "law"]
    assert scenario.settled({"law": "passed"}).policies == (DueDiligence(intensity=0.25),)


# --- as text ---------------------------------------------------------------------------------------------------


def test_brackets_behind_a_lever_name_the_state_in_which_it_acts():
    package = parse("border(growth=3):SG=0.5@2024-02[law:passed]+due_diligence", CHANCE)
    border, other = package.policies
    assert (border.when, border.intensity, border.countries, other.when) == ("law:passed", 0.5, ("SG",), "")
    assert parse(border.label(), CHANCE).policies == (border,)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("border[law:psed]", "border.when = law:psed, but the state law has no value 'psed'; did you mean 'passed'?"),
        ("border[lw:passed]", "there is no state 'lw'; did you mean 'law'?"),
        ("border[law]", "when = law, but it is no state of the world with a value"),
        ("border[]", "names no state of the world; write it as [law:passed]"),
        ("border[law:passed]=0.5", "names a state of the world before its end; write it behind all else, as in border"),
        ("border[law:passed", "names a state of the world before its end"),
        ("border=0.5[law:passed", "intensity = 0.5[law:passed, but it is not a number"),
    ],
)
def test_a_wrong_state_in_a_text_is_told(text, part):
    assert part in complaint(parse, text, CHANCE)


def test_a_policy_object_is_checked_where_it_meets_a_scenario():
    assert "there is no state 'lw'" in complaint(gate.admit, CHANCE, [Border(when="lw:passed")])
    assert "no state of the world with a value" in complaint(Border, when="law")
    assert "there is no state 'law'" in complaint(gate.admit, "minimal", [Border(when="law:passed")])


# --- drawing ---------------------------------------------------------------------------------------------------


def test_a_state_that_is_added_moves_no_parameter_and_no_other_state():
    few, many = CHANCE, CHANCE.with_(states=[state("first", 0.5, 0.5), *CHANCE.states, state("last", 0.2, 0.8)])
    none = [dict(draw) for draw in parameter_draws(PLAIN, "prior", 32, 7)]
    two, four = (parameter_draws(scenario, "prior", 32, 7) for scenario in (few, many))
    for bare, some, more in zip(none, two, four, strict=True):
        assert bare == {**some, "access": bare["access"]} == {**more, "access": bare["access"]}
        assert some.states.items() <= more.states.items()
        assert some["access"] == more["access"] == {"open": 0.6, "shut": 0.1}[some.states["door"]]


def test_draws_do_not_depend_on_their_number_and_another_seed_draws_other_states():
    few, many, other = (parameter_draws(CHANCE, "prior", *task) for task in ((5, 7), (64, 7), (64, 8)))
    assert [draw.states for draw in few] == [draw.states for draw in many[:5]]
    assert [draw.states for draw in other] != [draw.states for draw in many]


def test_a_scenario_without_states_is_drawn_as_before():
    assert all(type(draw) is dict for draw in parameter_draws(PLAIN, "prior", 4, 7))
    assert [*map(states_of, parameter_draws(PLAIN, "central", 2, 7))] == [{}, {}]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=5).filter(any), st.integers(0, 7), st.integers(0, 2**63 - 1))
def test_a_value_comes_up_as_often_as_it_is_probable(parts, exponent, seed):
    chances = [part / sum(parts) for part in parts]
    scenario = PLAIN.with_(states=[state("s", *chances)])
    pairs = 2**exponent
    drawn = [draw.states["s"] for draw in parameter_draws(scenario, "prior", pairs, seed)]
    for place, chance in enumerate(chances):
        count = drawn.count(f"v{place}")
        assert abs(count - chance * pairs) < 2.0
        assert chance > 0.0 or count == 0


def test_two_states_are_drawn_independently_of_each_other_and_of_the_parameters():
    draws = parameter_draws(CHANCE, "prior", 1024, 7)
    door, law = (
        np.array([draw.states[name] == value for draw in draws])
        for name, value in (("door", "open"), ("law", "passed"))
    )
    assert abs((door & law).mean() - 0.35 * 0.5) < 0.04
    others = [name for name in draws[0] if len({draw[name] for draw in draws}) > 2]
    assert len(others) > 20
    for name in others:
        assert abs(np.corrcoef(law, [draw[name] for draw in draws])[0, 1]) < 0.15


def test_central_parameters_take_the_most_probable_value_of_each_state():
    (draw,) = parameter_draws(CHANCE, "central", 1, 7)
    assert draw.states == {"door": "shut", "law": "passed"}  # of equals the first
    assert draw["access"] == 0.1
    fixed = CHANCE.fixed({"door": "open"})
    assert {draw.states["door"] for draw in parameter_draws(fixed, "prior", 16, 7)} == {"open"}


def test_a_draw_keeps_its_states_on_the_way_to_a_worker():
    draw = pickle.loads(pickle.dumps(Draw({"access": 0.2}, {"law": "passed"})))
    assert (draw, draw.states) == ({"access": 0.2}, {"law": "passed"})
    assert states_of(gate.parameters_of(draw)) == {"law": "passed"}


# --- probabilities ---------------------------------------------------------------------------------------------


def test_probabilities_that_are_not_named_share_the_rest():
    (one,) = weighed([state("s", 0.2, 0.2, 0.6)], {"s": {"v2": 0.2}}, "here")
    assert [*one.probabilities] == pytest.approx([0.4, 0.4, 0.2])
    (one,) = weighed([state("s", 1.0, 0.0, 0.0)], {"s": {"v0": 0.5}}, "here")
    assert [*one.probabilities] == pytest.approx([0.5, 0.25, 0.25])


@pytest.mark.parametrize(
    ("chances", "part"),
    [
        ({"lw": {"passed": 0.3}}, "there is no such state of the world; did you mean 'law'?"),
        ({"law": {"psed": 0.3}}, "there is no such value; did you mean 'passed'?"),
        ({"law": {"passed": 1.3}}, "law:passed = 1.3, but it must lie between 0 and 1"),
        ({"law": {"passed": "most"}}, "it is not a number"),
        ({"law": {"passed": True}}, "it is not a number"),
        ({"law": {"passed": float("nan")}}, "it must lie between 0 and 1"),
        ({"law": {"passed": 0.3, "not": 0.3}}, "the probabilities add up to 0.6"),
        ({"law": {"passed": 0.8, "not": 0.8}}, "the probabilities add up to 1.6"),
        ({"law": 0.3}, "it is no table"),
        (3, "it is no table"),
    ],
)
def test_wrong_probabilities_are_told(chances, part):
    assert part in complaint(weighed, CHANCE.states, chances, "here")


def test_a_value_that_is_fixed_must_exist():
    assert "there is no such value; did you mean 'passed'?" in complaint(CHANCE.fixed, {"law": "pased"})
    assert "there is no such state of the world" in complaint(CHANCE.fixed, {"lo": "passed"})
    assert "the scenario has no states" in complaint(PLAIN.fixed, {"law": "passed"})


# --- running ---------------------------------------------------------------------------------------------------


def test_a_world_in_a_state_is_the_world_that_a_file_without_states_would_say():
    settled = CHANCE.settled({"door": "open"})
    said = PLAIN.with_(parameters={"access": 0.6}, policies=[DueDiligence(intensity=0.25)])
    assert settled.hash() == said.hash()
    point = Point(0, 5, Draw(CHANCE.central_parameters() | {"access": 0.6}, {"door": "open", "law": "not"}))
    mine = run_arms(CHANCE, {"a": (Border(when="law:not"),)}, point, SUMMARY)["a"]
    plain = run_arms(said, {"a": (Border(),)}, Point(0, 5, dict(point.parameters)), SUMMARY)["a"]
    assert mine["account"] == plain["account"]
    assert mine["quarters"].tobytes() == plain["quarters"].tobytes()


def test_worlds_in_different_states_are_kept_side_by_side_and_change_no_bit(monkeypatch):
    points = [
        Point(0, 5, Draw(CHANCE.settled(states).central_parameters(), states))
        for states in ({"door": "open", "law": "not"}, {"door": "shut", "law": "not"})
    ]
    fresh = [run_arms(CHANCE, {"a": (Border(),)}, point, SUMMARY, 20)["a"] for point in points]
    monkeypatch.setattr(run, "HERE", run.Kept(run.MOST))
    for _ in range(2):
        again = [run_arms(CHANCE, {"a": (Border(),)}, point, SUMMARY, 20)["a"] for point in points]
        assert len(run.HERE.worlds) == 2
        assert [one["quarters"].tobytes() for one in again] == [one["quarters"].tobytes() for one in fresh]


def test_without_the_law_its_policy_changes_nothing_at_all():
    point = Point(0, 5, Draw(CHANCE.settled({}).central_parameters(), {"law": "not"}))
    made = run_arms(CHANCE, {"baseline": (), "law": parse("border[law:passed]", CHANCE).policies}, point, SUMMARY)
    assert made["baseline"]["account"] == made["law"]["account"]
    assert made["baseline"]["quarters"].tobytes() == made["law"]["quarters"].tobytes()


def test_a_run_that_says_nothing_of_states_is_in_the_most_probable_world():
    engine = Engine(CHANCE, ["border[door:open]", "penalties[door:shut]"])
    assert [policy.label() for policy in engine.policies] == ["penalties"]
    assert engine.scenario.parameters["access"] == 0.1
    assert [policy.lever for policy in engine.fork(["border[door:open]", "kill_switch[door:shut]"]).policies] == [
        "kill_switch"
    ]


def test_the_hash_follows_what_states_do_and_not_how_probable_they_are():
    assert CHANCE.hash() == CHANCE.fixed({"door": "open"}).hash()
    assert (
        CHANCE.hash()
        != CHANCE.with_(
            states=[CHANCE.states[0].with_probabilities({"open": 0.35, "shut": 0.65}), state("law", 1.0)], policies=[]
        ).hash()
    )
    wider = CHANCE.states[0].table() | {"values": [{"name": "open", "probability": 1.0, "set": {"access": 0.5}}]}
    assert CHANCE.with_(states=[wider, CHANCE.states[1]]).hash() != CHANCE.hash()
    assert PLAIN.hash() == PLAIN.with_(states=[state("idle", 0.5, 0.5)]).hash()


def test_entries_of_one_text_take_turns_only_with_those_that_act():
    first, second = parse("border=0.5+border@2024-03[law:passed]", CHANCE).policies
    assert acting([first, second], {"law": "not"}) == (Border(intensity=0.5),)
    assert acting([first, second], {"law": "passed"}) == parse("border=0.5+border@2024-03").policies


# --- states that a file of policies brings -------------------------------------------------------------------------


def test_the_state_of_a_card_joins_the_world_that_it_is_compared_in(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(CARD)
    package = parse(str(path), CHANCE)
    assert [one.name for one in package.states] == ["law-card"]  # not the one that no policy asks for
    assert [one.name for one in gate.joined(CHANCE, [package, "border"]).states] == ["door", "law", "law-card"]
    assert gate.joined(CHANCE, ["border"]) is CHANCE
    engine = Engine(CHANCE, [str(path)])
    assert engine.policies == ()  # "not" is the more probable


def test_a_state_that_means_something_else_in_the_world_is_refused(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(CARD.replace("law-card", "law").replace('"not"', '"rejected"'))
    rule = "policy 'card': states: the scenario compared has another state 'law'; rename one, or give both the same"
    assert rule in complaint(gate.admit, CHANCE, [str(path)])
