"""One way to run a world: arms share the weeks in which they are equal, and nothing else changes a bit."""

import ast
from pathlib import Path

import numpy as np
import pytest

import supplysim
from supplysim.engine import Engine
from supplysim.policies import parse
from supplysim.run import HERE, MOST, SUMMARY, Drive, Kept, Point, RunFailed, run_arms, run_pair
from supplysim.setup.scenario import Scenario
from supplysim.world.conservation import ConservationError

PACKAGE = Path(supplysim.__file__).parent
VIZ = Path(__file__).parents[1] / "viz"  # installed as supplysim.viz
SCENARIO = Scenario.load("minimal")
FIRST = SCENARIO.week_of(SCENARIO.policy_start)
ARMS = {"baseline": (), "both": parse("border+due_diligence=0.5", SCENARIO).policies}
OUTPUTS = {"columns": lambda run: {name: column.copy() for name, column in run.columns.items()}}


def point(seed=3, pair=0):
    return Point(pair, seed, SCENARIO.central_parameters())


def alone(policies):
    engine = Engine(SCENARIO, policies, 3, SCENARIO.central_parameters())
    engine.run()
    return engine.columns()


def equal(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(HERE, "most", MOST)
    monkeypatch.setattr(HERE, "worlds", {})
    monkeypatch.setattr(HERE, "family", ())
    return HERE


def test_arms_that_share_their_past_are_equal_to_the_bit_to_runs_from_week_0():
    made = run_arms(SCENARIO, ARMS, point(), OUTPUTS, FIRST)
    assert list(made) == list(ARMS)
    assert all(equal(made[arm]["columns"], alone(policies)) for arm, policies in ARMS.items())


def test_a_kept_world_stays_where_it_is_and_changes_no_bit(kept):
    run_arms(SCENARIO, {"baseline": ()}, point(), OUTPUTS, FIRST)
    ((world, room),) = kept.worlds.values()
    assert world.week == FIRST
    assert len(world.world.orders) < room["orders"]
    made = run_arms(SCENARIO, ARMS, point(), OUTPUTS, FIRST)
    assert world.week == FIRST
    assert all(equal(made[arm]["columns"], alone(policies)) for arm, policies in ARMS.items())


def test_kept_worlds_are_few_those_of_the_first_pairs_and_of_one_scenario():
    kept = Kept(MOST)
    for pair in (*range(2, MOST + 5), 0, 1):
        kept.at(SCENARIO, point(seed=100 - pair, pair=pair), 4)
    assert sorted(pair for pair, *_ in kept.worlds) == list(range(MOST))
    kept.at(SCENARIO.with_(rules={"decision": "habit"}), point(1), 4)
    assert len(kept.worlds) == 1


def test_an_arm_can_be_driven_from_a_week_of_its_own():
    weeks = []

    def stepwise(engine):
        while engine.week < engine.weeks:
            weeks.append(engine.week)
            engine.run(engine.week + 1)

    made = run_arms(SCENARIO, ARMS, point(), OUTPUTS, FIRST, {"baseline": Drive(FIRST - 4, stepwise)})
    assert weeks == list(range(FIRST - 4, SCENARIO.weeks))
    assert all(equal(made[arm]["columns"], alone(policies)) for arm, policies in ARMS.items())


def test_an_arm_cannot_be_driven_from_before_the_past_that_is_kept(kept):
    with pytest.raises(RunFailed, match="driven from week 3, and the shared past ends in week"):
        run_arms(SCENARIO, ARMS, point(), OUTPUTS, FIRST, {"baseline": Drive(3, lambda engine: None)})


def test_what_is_kept_of_a_run_adds_up():
    run, _ = run_pair(SCENARIO, ARMS, point(), FIRST)
    from supplysim.outputs.quarters import kept

    delivered = run.quarters[:, kept().index("delivered")]
    assert delivered.sum() == sum(run.yearly["delivered"])
    assert delivered[FIRST // 13 :].sum() == run.account.delivered
    touched = [name for name in kept() if name.startswith("touched:")]
    assert run.quarters[:, [kept().index(name) for name in touched]].sum() >= delivered.sum() > 0


def test_a_run_that_fails_says_how_to_repeat_it():
    def fails(run):
        raise ArithmeticError("no")

    with pytest.raises(
        RunFailed, match=r"pair 0 failed in arm 'baseline' \(ArithmeticError: no\); repeat it with rng=3"
    ):
        run_arms(SCENARIO, {"baseline": ()}, point(), SUMMARY | {"mine": fails}, FIRST)


def test_a_checked_run_stops_in_the_week_in_which_chips_are_lost():
    def lose(engine):
        engine.world.distributors["stock"][0, 0] -= 1

    with pytest.raises(RunFailed, match="ConservationError") as failed:
        run_arms(SCENARIO, {"baseline": ()}, point(), OUTPUTS, 0, {"baseline": Drive(4, lose)}, check=True)
    assert isinstance(failed.value.__cause__, ConservationError)


MAY_BUILD_AN_ENGINE = {"run.py", "engine.py", "model.py", "compile.py", "cli/run.py"}  # the last: one run, on screen


def names_called(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def names_used(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]


def modules_with(names, wanted):
    files = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    files |= {f"viz/{path.relative_to(VIZ).as_posix()}": path for path in VIZ.rglob("*.py")}
    trees = {module: ast.parse(path.read_text("utf-8")) for module, path in files.items()}
    return {module for module, tree in trees.items() if wanted in names(tree)}


def test_worlds_are_run_in_one_place():
    builders = modules_with(names_called, "Engine")
    assert "run.py" in builders
    assert builders <= MAY_BUILD_AN_ENGINE


def test_there_is_one_pool_of_processes():
    assert modules_with(names_used, "ProcessPoolExecutor") == {"experiment/pool.py"}
