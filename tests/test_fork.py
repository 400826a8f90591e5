"""A run that is forked where its policies part gives the bits of a run of its own."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from supplysim.engine import Engine, first_difference
from supplysim.errors import InputError
from supplysim.outputs.account import account
from supplysim.outputs.measures import yearly_values
from supplysim.policies import levers
from supplysim.setup.scenario import Scenario

TEXTS = [f"{name}:SG" if lever.needs_scope else name for name, lever in levers().items()]
SOME = ["due_diligence=0.5@2024-03..2024-09", "location_verification+whistleblower", "close_country:SG@2024-11"]


def digest(run):
    """Return a hash of everything that the run counted."""
    tally = run.world.tally
    return hashlib.sha256(b"".join(np.ascontiguousarray(tally[n]).tobytes() for n in tally.dtype.names)).hexdigest()


def alone(scenario, policies=(), **settings):
    run = Engine(scenario, policies, **settings)
    run.run()
    return run


@pytest.fixture(scope="module")
def minimal():
    return Scenario.load("minimal")


@pytest.mark.parametrize("text", TEXTS)
def test_a_fork_under_any_lever_gives_the_bits_of_a_run_of_its_own(minimal, text):
    trunk = Engine(minimal, seed=3)
    course = trunk.course([text])
    assert course.week >= minimal.week_of(minimal.policy_start)
    trunk.run(course.week)
    branch = trunk.fork(course)
    branch.run()
    assert digest(branch) == digest(alone(minimal, [text], seed=3))


def test_the_trunk_and_all_branches_go_on_as_if_alone(minimal):
    parameters = {"wtp": 2.4, "demand_scale": 3.0}
    trunk = Engine(minimal, seed=4, parameters=parameters, check=True)
    courses = sorted(((trunk.course([text]), text) for text in SOME), key=lambda entry: entry[0].week)
    branches = {}
    for course, text in courses:
        trunk.run(course.week)
        branches[text] = trunk.fork(course)
    for run in (*branches.values(), trunk):
        run.run()
    for text, branch in branches.items():
        assert digest(branch) == digest(alone(minimal, [text], seed=4, parameters=parameters))
    assert digest(trunk) == digest(alone(minimal, seed=4, parameters=parameters))
    assert len({digest(run) for run in (*branches.values(), trunk)}) == 4


def test_policies_of_the_scenario_stay_in_force_in_a_fork(minimal):
    ruled = minimal.with_(policies=[{"lever": "border", "intensity": 0.5}])
    trunk = Engine(ruled, seed=3)
    course = trunk.course(["whistleblower"])
    trunk.run(course.week)
    branch = trunk.fork(course)
    branch.run()
    assert digest(branch) == digest(alone(ruled, ["whistleblower"], seed=3))
    assert branch.weekly().equals(alone(ruled, ["whistleblower"], seed=3).weekly())


def test_tables_that_grew_before_or_after_the_fork_change_nothing(minimal):
    policy = ["whistleblower@2024-06"]
    separate = alone(minimal, policy, seed=3)
    for grow_first in (True, False):
        trunk = Engine(minimal, seed=3)
        course = trunk.course(policy)
        trunk.run(20)
        if grow_first:
            trunk._make_room()
        trunk.run(course.week)
        branch = trunk.fork(course)
        if not grow_first:
            branch._make_room()
        branch.run()
        assert digest(branch) == digest(separate)
        assert branch.orders().equals(separate.orders())
        assert branch.leads().equals(separate.leads())


def test_memory_of_a_run_that_is_over_is_used_again_without_a_trace(minimal):
    trunk = Engine(minimal, seed=3)
    courses = [trunk.course([text]) for text in ("due_diligence", "whistleblower=0.3", "location_verification")]
    trunk.run(52)
    over = None
    for course in courses:
        if over is not None:
            over._make_room()  # also a world that has grown
        branch = trunk.fork(course, over)
        if over is not None:
            assert np.shares_memory(branch.world.orders, over.world.orders)
        branch.run()
        separate = alone(minimal, course.policies, seed=3)
        assert digest(branch) == digest(separate)
        for records in ("orders", "shipments", "leads", "cases"):
            assert getattr(branch, records)().equals(getattr(separate, records)())
        over = branch
    trunk.run()
    assert digest(trunk) == digest(alone(minimal, seed=3))


def test_a_fork_in_the_middle_of_a_policy_continues_it(minimal):
    treated = Engine(minimal, ["whistleblower"], seed=3)
    treated.run(80)
    branch = treated.fork(["whistleblower"])
    branch.run()
    assert digest(branch) == digest(alone(minimal, ["whistleblower"], seed=3))


def test_a_fork_after_its_policy_should_have_acted_is_refused(minimal):
    trunk = Engine(minimal, seed=3)
    trunk.run(80)
    with pytest.raises(InputError, match="it changes week 5[23], and week 80 comes next"):
        trunk.fork(["due_diligence"])


def test_first_difference_by_hand(minimal):
    conditions = Engine(minimal, seed=3).world.conditions
    other = conditions.copy()
    assert first_difference(conditions, other) == len(conditions)
    other["willingness"][7, 2] += 1e-9
    assert first_difference(conditions, other) == 7


def test_columns_and_tables_sum_up_to_the_same_bits(minimal):
    run = alone(minimal, ["whistleblower+border+location_verification+end_use_checks"], seed=3)
    weekly, columns = run.weekly(), run.columns()
    weekly = weekly.drop(columns="starts")
    pd.testing.assert_frame_equal(pd.DataFrame(columns), weekly, check_exact=True, check_names=False)
    years, values = yearly_values(columns, 2023)
    assert list(years) == list(run.yearly().index)
    pd.testing.assert_frame_equal(pd.DataFrame(values, index=years), run.yearly(), check_exact=True, check_names=False)
    for week in (0, 52, 60):
        assert account(columns, week, 0.03) == account(weekly, week, 0.03)


@pytest.mark.slow
def test_forks_of_the_whole_baseline_give_the_bits_of_runs_of_their_own():
    scenario = Scenario.load("baseline-2024")
    for seed in (5, 6):
        trunk = Engine(scenario, seed=seed)
        courses = [(trunk.course([text]), text) for text in (*TEXTS, "+".join(TEXTS))]
        for course, text in sorted(courses, key=lambda entry: entry[0].week):
            trunk.run(course.week)
            branch = trunk.fork(course)
            branch.run()
            assert digest(branch) == digest(alone(scenario, [text], seed=seed)), text
