"""Effects by state of the world: what is told of them, and how few runs they take."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplysim as ss
from supplysim.errors import InputError
from supplysim.experiment.assumptions import assumptions
from supplysim.experiment.by_state import FEWEST
from supplysim.experiment.drivers import drivers
from supplysim.experiment.raking import mean, weights
from supplysim.policies import Border, Package
from supplysim.report import by_state
from supplysim.setup.scenario import Scenario
from supplysim.setup.states import states_of
from tests.chance import CARD, TOML
from tests.stand_in import CALLS, Less, simulate

CHANCE = Scenario.from_text(TOML, "chance.toml").with_(policies=[])
LAW, ALWAYS = Less(when="law:passed"), Less(share=0.2)


def study(tmp_path, policies=(LAW, ALWAYS), pairs=64, scenario=CHANCE, **asked):
    return ss.compare(scenario, list(policies), pairs, simulate=simulate, workers=1, store=tmp_path, **asked)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return a study of 64 pairs: a law's lever, and one that always acts."""
    return study(tmp_path_factory.mktemp("store"))


def complaint(call, *arguments, **named):
    with pytest.raises(InputError) as caught:
        call(*arguments, **named)
    assert str(caught.value).isprintable()
    return str(caught.value)


# --- the arithmetic --------------------------------------------------------------------------------------------


def test_with_one_state_the_mean_and_its_error_are_those_of_post_stratification():
    rng = np.random.default_rng(1)
    place, values, p = np.array([0] * 7 + [1] * 13), rng.normal(size=20), np.array([0.2, 0.8])
    found = mean(values[None, :], weights(place[None, :], [p]), place[None, :])
    own = [values[place == index] for index in (0, 1)]
    assert found.value[0] == pytest.approx(sum(p * [one.mean() for one in own]))
    assert found.error[0] ** 2 == pytest.approx(sum(p**2 * [one.var(ddof=1) / one.size for one in own]))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(40, 120))
def test_weights_give_every_value_of_every_state_its_probability(seed, states, pairs):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, states)
    places = np.array([rng.integers(0, size, pairs) for size in sizes])
    wanted = [rng.dirichlet(np.full(size, 3.0)) for size in sizes]
    found = weights(places, wanted)
    if found is None:  # a value that no pair has
        assert any(len(set(place)) < size for place, size in zip(places, sizes, strict=True))
        return
    assert found.sum() == pytest.approx(1.0)
    for place, share in zip(places, wanted, strict=True):
        assert np.bincount(place, found, share.size) == pytest.approx(share, abs=1e-6)


def test_the_error_of_the_overall_effect_is_that_of_many_comparisons():
    """Over many samples the spread of the estimate is what its own error says, with states unlike one another."""
    rng, p = np.random.default_rng(3), np.array([0.3, 0.7])
    estimates, errors = [], []
    for _ in range(2_000):
        place = np.array([0] * 14 + [1] * 18)[None, :]
        values = np.where(place == 0, -10.0 + 4.0 * rng.normal(size=32), 2.0 + rng.normal(size=32))
        found = mean(values, weights(place, [p]), place)
        estimates.append(found.value[0])
        errors.append(found.error[0] ** 2)
    assert np.mean(estimates) == pytest.approx(0.3 * -10.0 + 0.7 * 2.0, abs=0.03)
    assert np.var(estimates) == pytest.approx(np.mean(errors), rel=0.08)


# --- what a study says -----------------------------------------------------------------------------------------


def test_without_the_law_the_difference_is_exactly_nothing_and_half_the_runs_are_saved(tmp_path):
    CALLS.clear()
    found = study(tmp_path, [LAW], pairs=16)
    assert len(CALLS) == 16 + 8 + sum(
        2 if pair[0].parameters.states["law"] == "passed" else 1 for pair in found.replicates
    )
    for base, law in found.runs:
        passed = base.parameters.states["law"] == "passed"
        assert (base.account == law.account) is not passed


def test_the_overall_effect_is_the_sum_over_values_of_probability_times_effect(found):
    for chances in ({}, {"law": {"passed": 0.2}}, {"law": {"passed": 0.9}, "door": {"open": 0.05}}):
        *own, overall = found.reweighted(chances).by_state(LAW.label())
        for state in ("door", "law"):
            lines = [line for line in own if line.state == state]
            assert sum(line.probability * line.mean for line in lines) == pytest.approx(overall.mean, rel=1e-6)
    assert sum(line.pairs for line in own if line.state == "law") == found.pairs


def test_probabilities_change_what_is_told_by_state_and_nothing_else(found):
    likely = found.reweighted({"law": {"passed": 1.0}})
    passed = next(line for line in likely.by_state(LAW.label()) if line.value == "passed")
    assert likely.by_state(LAW.label())[-1].mean == pytest.approx(passed.mean)
    assert likely.table().equals(found.table())
    assert found.reweighted({"law": {"passed": 0.0}}).by_state(LAW.label())[-1].mean == 0.0
    twice = found.reweighted({"law": {"passed": 0.1}}).reweighted({"door": {"open": 0.5}})
    assert [value.probability for state in twice.states for value in state.values] == [0.5, 0.5, 0.1, 0.9]
    assert "there is no such state" in complaint(found.reweighted, {"lw": {"passed": 0.3}})


def test_the_variance_between_states_is_told_apart_from_that_within(found):
    shares = {line.state: line.between for line in found.by_state(LAW.label())}
    assert shares["law"] > 0.2
    assert shares["door"] < 0.1
    assert {line.state: line.between for line in found.by_state(ALWAYS.label())}["law"] < 0.1


def test_of_few_pairs_only_their_number_is_told(tmp_path):
    found = study(tmp_path, pairs=16)
    lines = {line.value: line for line in found.by_state(ALWAYS.label())}
    assert lines["open"].pairs < FEWEST
    assert np.isnan(lines["open"].mean)
    heads, rows = by_state.table(found)
    assert heads[1].startswith("door:open p=0.35, ")
    assert rows[1][1] == "too few"


def test_a_fixed_state_is_in_every_pair_and_the_rest_is_drawn(found, tmp_path):
    drawn, found = found, study(tmp_path, [LAW], states={"law": "passed"})
    lines = {line.value: line for line in found.by_state(LAW.label())}
    assert (lines["passed"].pairs, lines["not"].pairs) == (64, 0)
    assert lines[""].mean == pytest.approx(found.effect(LAW.label()).mean, rel=0.02)
    assert by_state.table(found)[1][0][4] == "no pairs"
    assert [pair[0].parameters.states["door"] for pair in found.runs] == [
        pair[0].parameters.states["door"] for pair in drawn.runs
    ]


def test_central_parameters_answer_for_one_value_and_say_that_they_know_no_more(tmp_path):
    found = study(tmp_path, pairs=16, parameters="central")
    overall = found.by_state(ALWAYS.label())[-1]
    assert np.isnan(overall.mean)
    assert by_state.table(found)[1][1][-2:] == ("unknown", "door unknown\nlaw unknown")


def test_a_measure_that_is_unknown_in_some_pairs_is_told_of_the_others(found):
    runs = [
        tuple(replace(run, yearly=run.yearly | {"mark_up": (np.nan, np.nan)}) if run.pair < 8 else run for run in pair)
        for pair in found.runs
    ]
    overall = replace(found, runs=runs).by_state(ALWAYS.label(), "mark_up")[-1]
    assert (overall.pairs, overall.mean) == (56, 0.0)
    assert found.by_state(ALWAYS.label(), "exposed_share")[-1].pairs == 0


def test_the_interval_of_the_whole_effect_knows_the_states(found):
    """What a state explains of an effect is no chance: the interval is narrower than that of the bare pairs."""
    effect = found.effect(LAW.label())
    bare = effect.standard_error / abs(effect.mean / effect.relative)
    assert effect.relative_error < 0.7 * bare


# --- the store ---------------------------------------------------------------------------------------------------


def test_a_state_that_is_added_leaves_known_runs_known(tmp_path):
    study(tmp_path, [ALWAYS], 16, replicates=0)
    CALLS.clear()
    more = study(tmp_path, [ALWAYS, LAW], 16, replicates=0)
    passed = sum(pair[0].parameters.states["law"] == "passed" for pair in more.runs)
    assert len(CALLS) == passed  # the law's own; without it the run is the baseline's
    CALLS.clear()
    wider = CHANCE.with_(states=[*CHANCE.states, {"name": "idle", "values": [{"name": "x", "probability": 1.0}]}])
    study(tmp_path, [ALWAYS, LAW], 16, scenario=wider, replicates=0)
    assert CALLS == []


def test_other_probabilities_of_the_scenario_run_only_the_pairs_whose_state_changes(tmp_path):
    before = study(tmp_path, [ALWAYS], replicates=0)
    open_now = CHANCE.with_(states=[CHANCE.states[0].with_probabilities({"open": 0.5, "shut": 0.5})])
    CALLS.clear()
    after = study(tmp_path, [ALWAYS], scenario=open_now, replicates=0)
    changed = sum(
        one[0].parameters.states["door"] != other[0].parameters.states["door"]
        for one, other in zip(before.runs, after.runs, strict=True)
    )
    assert 0 < changed < 20
    assert len(CALLS) == 2 * changed
    assert open_now.hash() == CHANCE.hash()


def test_what_the_store_has_is_what_was_run(tmp_path):
    first, again = study(tmp_path, pairs=16), study(tmp_path, pairs=16)
    assert again.reused == sum(len(pair) for pair in [*again.runs, *again.replicates])
    assert first.state_table().equals(again.state_table())


# --- cards -------------------------------------------------------------------------------------------------------


def test_a_card_brings_its_state_into_both_runs_of_a_pair(tmp_path, ask):
    path = tmp_path / "card.toml"
    path.write_text(CARD)
    found = ss.compare(CHANCE, [str(path), "penalties"], 16, workers=1, replicates=0, store=tmp_path / "store")
    assert {*found.runs[0][0].parameters.states} == {"door", "law", "law-card"}
    for base, card, _ in found.runs:
        assert base.parameters.states == card.parameters.states
        if base.parameters.states["law-card"] == "not":
            assert base.account == card.account
    named = Package("my card", (Border(when="law-card:passed"),), found.states[-1:])
    again = ss.compare(CHANCE, [named], 16, workers=1, replicates=0, store=tmp_path / "store")
    assert [pair[1].account for pair in again.runs] == [pair[1].account for pair in found.runs]
    assert again.reused == 32


# --- on screen, in files, for machines -----------------------------------------------------------------------------


@pytest.fixture
def chance(tmp_path, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "chance.toml"
    path.write_text(TOML)
    return path


def test_the_command_line_tells_effects_by_state_and_under_other_probabilities(chance, tmp_path, ask, monkeypatch):
    monkeypatch.setattr("supplysim.report.drawing.begin", lambda *_: dict)  # figures take most of the time
    words = ("compare", chance, "-p", "border[law:passed]", "--pairs", 26, "--workers", 1)
    status, screen, _ = ask(*words)
    assert status == 0
    assert "chips, by state" in screen
    assert "no change" in screen
    status, told, _ = ask(*words, "--state-probability", "law:passed=0.2", "--json")
    document = json.loads(told)
    assert [value["probability"] for value in document["states"][1]["values"]] == [0.2, 0.8]
    assert [value["drawn_with"] for value in document["states"][1]["values"]] == [0.5, 0.5]
    effects = document["policies"][0]["states"]["delivered"]
    passed = effects["states"]["law"]["values"]["passed"]
    assert effects["overall"]["effect"] == pytest.approx(0.2 * passed["effect"])
    status, screen, _ = ask(*words, "--state-probability", "law:passed=0.2", "--out", tmp_path / "out")
    assert "law passed 0.2 (pairs were drawn with 0.5)" in " ".join(screen.split())
    rows = pd.read_csv(tmp_path / "out" / "states.csv")
    assert set(rows[rows["state"] == "law"]["probability"]) == {0.2, 0.8}
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert set(runs["state:law"]) == {"passed", "not"}
    assert "By state of the world" in (tmp_path / "out" / "report.html").read_text("utf-8")
    origin = json.loads((tmp_path / "out" / "provenance.json").read_text("utf-8"))
    assert len(origin["states"]["drawn"]["law"]) == 26
    assert "[law:passed]" in origin["policies"]["border[law:passed]"][0]
    ask("compare", "minimal", "-p", "border", "--pairs", 2, "--workers", 1, "--out", tmp_path / "out")
    assert not (tmp_path / "out" / "states.csv").exists()


def test_a_state_can_be_fixed_and_a_run_says_in_which_state_it_is(chance, ask):
    status, screen, _ = ask("run", chance, "-p", "border[law:not]", "--state", "door=open")
    words = " ".join(screen.split())
    assert status == 0
    assert "door = open, law = passed" in words
    assert "border[law:not] does not act here: law is passed (--state law=not would change that)." in words
    _, told, _ = ask("run", chance, "--pair", "7:3", "--json")
    draw = ss.experiment.parameter_draws(Scenario.load(chance), "prior", 4, 7)[3]
    assert json.loads(told)["states"] == draw.states
    _, shown, _ = ask("show", chance)
    assert "door: open 0.35 (access = 0.6), shut 0.65 (access = 0.1)" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--state", "law"), "--state = law, but it is not written name=value; write it as --state law=passed"),
        (("--state", "lw=passed"), "--state = lw, but there is no such state of the world; did you mean 'law'?"),
        (("--state", "law=psed"), "there is no such value; did you mean 'passed'?"),
        (("--state", "law=not", "--state", "law=passed"), "that state has another value already; keep one"),
        (("--set", "access=0.2"), "--set access: the state door sets it; write --state door=VALUE instead"),
        (("--state-probability", "law=0.3"), "it is not written name:value=probability"),
        (("--state-probability", "law:passed=high"), "it is no number"),
        (("--state-probability", "law:passed=1.2"), "--state-probability law:passed = 1.2, but it must lie between 0"),
        (("--state-probability", "lw:passed=0.2"), "there is no such state of the world"),
        (("--state-probability", "law:passed=0.2", "--state-probability", "law:passed=0.3"), "stands there twice"),
    ],
)
def test_a_wrong_state_on_the_command_line_is_told_before_anything_runs(chance, ask, words, part):
    status, output, error = ask("compare", chance, "-p", "border", "--pairs", 2, *words)
    assert (status, output) == (2, "")
    assert part in error
    assert error.count("\n") == 1


def test_a_scenario_without_states_tells_nothing_of_them(tmp_path):
    found = study(tmp_path, [ALWAYS], pairs=4, scenario=CHANCE.with_(states=[]))
    assert found.by_state(ALWAYS.label()) == []
    assert "states" not in found.document()
    assert not [name for name in found.run_table() if name.startswith("state:")]
    assert "the scenario has no states" in complaint(found.reweighted, {"law": {"passed": 0.3}})


def test_among_worlds_that_a_condition_kept_values_count_as_often_as_they_are(tmp_path):
    every = study(tmp_path)
    level = np.sort(every.values("baseline", "delivered", str(every.years[-1])))
    left = every.given(f"delivered_{every.years[-1]}={int(level[30])}..")
    drawn = [states_of(pair[0].parameters)["law"] for pair in left.runs]
    (law,) = (state for state in left.states if state.name == "law")
    assert FEWEST <= len(drawn) < 64
    shares = {name: drawn.count(name) / len(drawn) for name in law.names}
    assert dict(zip(law.names, law.probabilities, strict=True)) == pytest.approx(shares)


def test_a_state_may_set_a_parameter_in_one_value_and_leave_it_in_another(tmp_path):
    """As China's leave in the world of 2027: every table of enough worlds is made, and the state is no assumption."""
    values = [{"name": "open", "probability": 0.35, "set": {"access": 0.6}}, {"name": "shut", "probability": 0.65}]
    world = Scenario.load("minimal").with_(states=[{"name": "door", "values": values}])
    found = ss.compare(world, ["border", "due_diligence"], 64, workers=1, store=tmp_path / "store")
    again = ss.compare(world, ["border", "due_diligence"], 64, workers=1, store=tmp_path / "store")
    assert again.reused == len(again.runs) * 3 + len(again.replicates) * 3
    hanging = [one.parameter for arm in found.arms for one in assumptions(found, arm, "delivered")]
    assert hanging
    assert "access" not in hanging
    assert np.isfinite(found.effect("border", "delivered").relative_low)
    assert "access" not in {one.parameter for one in drivers(found)}
