"""Two worlds with the same seed differ by what a policy does and by nothing else (MODEL 13)."""

import hashlib
import itertools
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from supplysim.experiment.pairs import run_pairs
from supplysim.model import SupplyChain
from supplysim.policies.registry import levers
from supplysim.policies.text import parse
from supplysim.setup.scenario import Scenario

STRONG = ["due_diligence@2024-06", "whistleblower=0.7@2024-06", "location_verification=0.5@2024-06"]


def books(model):
    """Return every weekly tally of the weeks run, by name."""
    return {name: model.world.tally[name][: model.week] for name in model.world.tally.dtype.names}


def run(scenario="baseline-2024", policies=(), rng=3, until=None, **parameters):
    model = SupplyChain(scenario, policies, rng=rng, parameters=parameters)
    model.run(until)
    return model


def differing(one, other, first=0, last=None):
    """Return the names of tallies that differ in any of the weeks."""
    a, b = books(one), books(other)
    return {name for name in a if not np.array_equal(a[name][first:last], b[name][first:last])}


@pytest.fixture(scope="module")
def usual():
    return run()


def test_the_same_seed_gives_the_same_world_twice(usual):
    again = run()
    assert differing(usual, again) == set()
    assert usual.orders().equals(again.orders())
    assert usual.shipments().equals(again.shipments())
    assert usual.leads().equals(again.leads())


def test_another_seed_gives_another_world(usual):
    assert "delivered" in differing(usual, run(rng=4))


def named(lever):
    """Return a lever as typed; one that needs a country acts in Singapore."""
    return f"{lever}:SG" if levers()[lever].needs_scope else lever


def digest(scenario, policies=()):
    """Return a hash over every weekly tally of a run."""
    model = run(scenario, policies)
    tally = model.world.tally
    return hashlib.sha256(b"".join(tally[name].tobytes() for name in tally.dtype.names)).hexdigest()


@pytest.mark.parametrize("lever", levers())
def test_a_lever_at_strength_zero_changes_nothing_in_any_week(lever, usual):
    assert differing(usual, run(policies=[f"{named(lever)}=0"])) == set()
    assert digest("minimal", [f"{named(lever)}=0"]) == digest("minimal")


def test_all_levers_at_strength_zero_change_nothing(usual):
    assert differing(usual, run(policies=["+".join(f"{named(lever)}=0" for lever in levers())])) == set()


@pytest.mark.parametrize("lever", levers())
def test_nothing_changes_before_a_policy_starts(lever, usual):
    text = f"{named(lever)}@2025-06"
    treated = run(policies=[text])
    start = treated.world_of.week_of(parse(text).policies[0].start)
    assert differing(usual, treated, last=start) == set()
    assert differing(usual, treated, first=start)  # and then something does


def test_policies_that_end_leave_the_conditions_of_the_scenario():
    policies = [f"{named(lever)}@2024-06..2025-06" for lever in levers()]
    model = SupplyChain("baseline-2024", policies, rng=3)
    end = model.world_of.week_of(parse(policies[0]).policies[0].end)
    w = model.world
    moved = {name for name in w.conditions.dtype.names if not np.array_equal(w.conditions[name], w.baseline[name])}
    assert {
        "screening_exposure",
        "closed",
        "reporting_share",
        "switch_share",
        "exposure",
        "investigators",
        "licensed_quota",
    } <= moved
    assert "wish" not in moved
    for name in moved - {"announcing"}:
        assert w.conditions[name][end:].tobytes() == w.baseline[name][end:].tobytes(), name
    assert w.conditions["announcing"][end]  # traders hear that it ends
    assert not w.conditions["announcing"][end + 1 :].any()


def test_traders_who_hear_that_a_policy_ended_think_as_before():
    model = run(policies=["enforcement_budget@2024-06..2025-06", "whistleblower@2024-06..2025-06"])
    end = model.world_of.week_of(parse("whistleblower@2024-06..2025-06").policies[0].end)
    announced = model.world.tally["announced"]
    assert announced[end - 1] > 1.01
    assert announced[end:] == pytest.approx(1.0, abs=1e-12)


def test_the_order_of_policies_changes_nothing():
    orders = [list(order) for order in itertools.permutations(STRONG)]
    first = run(policies=orders[0])
    for order in orders[1:]:
        assert differing(first, run(policies=order)) == set()


def test_the_order_inside_a_package_of_all_levers_changes_nothing():
    everything = [named(lever) for lever in levers()]
    shuffled = random.Random(1).sample(everything, len(everything))
    assert shuffled != everything
    assert differing(run(policies=["+".join(everything)]), run(policies=["+".join(shuffled)])) == set()


def test_banning_a_firm_that_never_trades_changes_nobody_else():
    # no buyer knows the firm, nobody looks for one, and firms neither count each other nor enter
    alone = {"search": 0.0, "newcomer_reach": 0.0, "caught_public": 0.0, "entry": 0.0}
    firm = 30
    worlds = []
    for banned in (False, True):
        model = SupplyChain("baseline-2024", rng=3, parameters=alone)
        ties = model.world.buyers["seller"] == firm
        assert ties.any()
        model.world.buyers["seller"][ties] = -1
        model.world.intermediaries["active"][firm] = not banned
        model.run()
        worlds.append(model)
    kept, banned = worlds
    assert kept.world.intermediaries["orders"][firm] == 0
    assert kept.weekly()["delivered"].sum() > 10_000
    # the market counts firms and averages over them; everything that firms do is the same
    assert differing(kept, banned) <= {"active_intermediaries", "exits", "entry_signal"}
    assert kept.orders().equals(banned.orders())
    assert kept.shipments().equals(banned.shipments())


def test_holding_a_firm_that_no_buyer_knows_changes_nothing():
    worlds = []
    for held in (-1, 10_000):
        model = SupplyChain("baseline-2024", rng=3, parameters={"search": 0.0, "newcomer_reach": 0.0})
        ties = model.world.buyers["seller"] == 30
        model.world.buyers["seller"][ties] = -1
        model.world.intermediaries["hold_until"][30] = held
        model.run()
        worlds.append(model)
    assert differing(*worlds) == set()


DIGEST = """
import hashlib
from supplysim.model import SupplyChain
model = SupplyChain("minimal", ["due_diligence@2023-06+whistleblower@2023-06", "notification@2023-06"], rng=3)
model.run()
tally = model.world.tally
print(hashlib.sha256(b"".join(tally[name].tobytes() for name in tally.dtype.names)).hexdigest())
"""


def test_the_hash_seed_of_python_changes_nothing():
    environments = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    command = [sys.executable, "-c", DIGEST]
    runs = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for env in environments]
    digests = [run.communicate(timeout=600)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert digests[0] == digests[1]


def pairs(**workers):
    scenario = Scenario.load("minimal")
    arms = {"tips": parse("whistleblower", scenario).policies}
    draws = [{}, {"wtp": 2.4}, {"demand_scale": 0.5}]
    return repr(run_pairs(scenario, arms, draws, seed=3, first_week=52, **workers))


def test_runs_at_the_same_time_do_not_touch_each_other():
    with ThreadPoolExecutor(3) as threads:
        assert pairs(workers=1) == pairs(executor=threads)


@pytest.mark.slow
def test_the_number_of_worker_processes_changes_nothing():
    assert pairs(workers=1) == pairs(workers=2)
