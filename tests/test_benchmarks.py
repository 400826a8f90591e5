"""The benchmarks measure something; how fast the model is depends on the machine and is never tested."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # benchmarks are not installed

from benchmarks import (
    cold,
    common_numbers,
    firm_by_firm,
    floor,
    growth,
    instructions,
    memory,
    phase_times,
    speed,
    start_up,
    throughput,
    users,
)
from supplysim._object_code import processor_levels

MINIMAL = "minimal"


def assert_positive(figures):
    names = [found.name for found in figures]
    assert len(set(names)) == len(names) > 0
    for found in figures:
        numbers = [number for number in (found.value, found.low, found.high) if number is not None]
        assert all(math.isfinite(number) and number > 0.0 for number in numbers), found
        assert found.unit, found
        if found.low is not None:
            assert found.low <= found.value <= found.high, found


def test_speed_of_a_run_is_measured():
    assert_positive(speed.measure(MINIMAL, repeats=1, draws=10_000))


def test_every_phase_is_timed():
    figures = phase_times.measure(MINIMAL, repeats=1)
    phases, total, measured = figures[:-3], figures[-3], figures[-2:]
    assert [found.name for found in phases] == [phase.name for phase in phase_times.PHASES]
    # A phase that does next to nothing may fall below an empty call, and in a small world so may their sum.
    assert total.value == pytest.approx(sum(found.value for found in phases))
    assert_positive(measured)


def test_stepping_for_timing_gives_the_same_run():
    stepped, whole = (speed.Engine(MINIMAL, seed=3) for _ in range(2))
    phase_times.step_through(stepped)
    whole.run()
    np.testing.assert_array_equal(stepped.world.tally, whole.world.tally)


def test_agents_and_kernel_are_timed_on_the_same_work():
    figures = firm_by_firm.measure(MINIMAL, repeats=1, batch=50)
    assert all(math.isfinite(found.value) for found in figures)  # five firms take less than an empty call's noise
    assert_positive([found for found in figures if "one call" in found.name])


def test_agents_that_quote_other_prices_than_the_kernel_are_noticed():
    model = firm_by_firm.SupplyChain(MINIMAL, rng=7)
    model.run(10)
    for phase in range(firm_by_firm.ASKS + 1):
        model.run_phase(phase)
    firm_by_firm.assert_agreement(model)
    model.world.intermediaries["ask"] += 1
    with pytest.raises(AssertionError, match="the kernel asks"):
        firm_by_firm.assert_agreement(model)


def test_memory_is_measured_in_a_fresh_process():
    peak, imported, added, *_ = memory.measure(MINIMAL)
    assert_positive([peak, imported, added])
    assert peak.value == pytest.approx(imported.value + added.value)


def test_cold_compile_is_timed():
    assert_positive(cold.measure({"NUMBA_DISABLE_JIT": "1"}))  # leaves out the minute that compiling takes


def test_throughput_is_measured():
    assert_positive(throughput.measure(MINIMAL, pairs=1, policies=["whistleblower"], workers=(1,)))


def test_variance_ratios_are_measured():
    figures = common_numbers.measure(MINIMAL, seeds=4, levers=("due_diligence",), horizons=(26, 52))
    assert len(figures) == 4
    assert_positive(figures)


def test_a_policy_that_changes_nothing_has_an_infinite_variance_ratio():
    chips = np.array([3.0, 5.0, 9.0])
    assert common_numbers.variance_ratio(chips, chips)[0] == math.inf


def test_opposite_and_equal_worlds_bound_the_variance_ratio():
    chips = np.arange(12.0)
    assert common_numbers.variance_ratio(chips, -chips)[0] == pytest.approx(0.5)
    assert common_numbers.variance_ratio(chips, chips + np.tile([0.0, 1.0], 6))[0] > 50.0


def test_the_floor_is_below_the_run():
    run, lowest, ratio = floor.measure(MINIMAL, repeats=1)
    assert_positive([run, lowest, ratio])


@pytest.mark.slow
def test_growth_is_measured_on_worlds_of_the_size_they_say():
    figures = growth.measure(MINIMAL, repeats=1, sizes=(1, 4), weeks=8, runs=(2, 4))
    names = [found.name for found in figures]
    assert "8 weeks, 53 firms" in names
    assert "8 weeks, 212 firms" in names


def test_a_power_law_has_its_exponent():
    assert growth.exponent([10.0, 100.0, 1000.0], [2.0, 20.0, 200.0]) == pytest.approx(1.0)


@pytest.mark.slow
def test_a_repeated_question_is_timed_with_and_without_its_report():
    assert_positive(users.measure(MINIMAL, repeats=1, large=("--pairs", "2")))


@pytest.mark.slow
def test_the_worlds_users_run_need_no_more_instructions_than_when_the_rules_last_changed():
    counted = instructions.counted()
    if counted is None:
        print("NOT COUNTED: the ratio to the floor is held instead")
        ratio = floor.measure(instructions.SCENARIO, repeats=3)[-1]
        assert ratio.low < instructions.MOST_OVER_FLOOR
        return
    same = processor_levels()[:1] == [instructions.LEVEL]  # other code has other counts
    most = instructions.TOLERANCE if same else instructions.ELSEWHERE
    for kind, million in counted.items():
        assert million < most * instructions.BASELINE[kind], kind


@pytest.mark.slow
def test_start_up_is_timed_by_the_clock():
    assert_positive(start_up.measure(1))
