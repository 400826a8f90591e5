"""Random numbers are pure functions of their key: the common random numbers behind every comparison."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from supplysim.detection.channels import NAMES
from supplysim.world import streams

no_deadline = settings(deadline=None)  # the first call may compile
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
keys = st.integers(0, 2**63 - 1)
small = st.integers(0, 10_000)


def finalise(z):
    """The mixing step of MODEL 13, in plain Python integers."""
    z ^= z >> 30
    z = z * 0xBF58476D1CE4E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def reference(seed, stream, clock, key, sub):
    """H(seed, stream, clock, key, sub) of MODEL 13, in plain Python integers."""
    state = 0x243F6A8885A308D3
    for x in (seed, stream, clock, sub):
        state = finalise(state ^ int(x) * GOLDEN & MASK)
    return ((finalise(state ^ key * GOLDEN & MASK) >> 11) + 0.5) * 2.0**-53


@no_deadline
@given(seed=keys, stream=small, clock=keys, key=keys, sub=small)
@example(seed=0, stream=0, clock=0, key=0, sub=0)
@example(seed=7, stream=streams.BUYER_ORDER, clock=0, key=259 << 20, sub=2)
def test_a_draw_is_the_published_function_of_its_key(seed, stream, clock, key, sub):
    u = streams.draw(seed, stream, clock, key, sub)
    assert u == reference(seed, stream, clock, key, sub)
    assert 0.0 < u < 1.0


@no_deadline
@given(seed=small, stream=small, clock=small, slot=small, sub=small)
def test_a_draw_taken_step_by_step_is_the_same_draw(seed, stream, clock, slot, sub):
    whole = streams.draw(seed, stream, clock, slot, sub)
    clock = np.uint64(streams.clock_key(seed, stream, clock))
    assert streams.uniform(np.uint64(streams.sub_key(clock, sub)), slot) == whole


@no_deadline
@given(seed=small, stream=small, clock=small, slot=small, sub=small)
def test_the_draws_of_many_slots_are_the_draws_of_each(seed, stream, clock, slot, sub):
    many = streams.uniforms(seed, stream, clock, np.array([slot, slot + 1]), sub)
    assert many.tolist() == [streams.draw(seed, stream, clock, i, sub) for i in (slot, slot + 1)]


# Every coordinate that kernels count up must give independent, uniform draws.
@pytest.mark.parametrize("counted", ["seed", "stream", "clock", "slot", "sub"])
def test_draws_are_uniform_and_unrelated_along_every_coordinate(counted):
    place = {"seed": 7, "stream": 3, "clock": 11, "slot": 5, "sub": 1}
    u = np.array([streams.draw(**(place | {counted: i})) for i in range(20_000)])
    counts = np.histogram(u, bins=100, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > 1e-4
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4.0 / math.sqrt(u.size)


@no_deadline
@given(st.floats(min_value=2.0**-54, max_value=1.0 - 2.0**-53))
@example(2.0**-54)
@example(1.0 - 2.0**-53)
@example(0.5)
def test_normal_is_the_inverse_of_the_normal_distribution(u):
    assert streams.normal(u) == pytest.approx(ndtri(u), rel=1e-13, abs=1e-13)


def test_normals_of_many_slots_are_the_normals_of_each():
    slots = np.arange(50)
    each = [streams.normal(streams.draw(1, 2, 3, slot, 4)) for slot in slots]
    assert streams.normals(1, 2, 3, slots, 4).tolist() == each


def test_a_lognormal_has_its_median_and_spread():
    assert streams.lognormal(0.5, 20.0, 1.2) == 20.0
    assert streams.lognormal(stats.norm.cdf(1.0), 20.0, 1.2) == pytest.approx(20.0 * math.exp(1.2))


def test_every_process_has_a_stream_of_its_own():
    named = {name: number for name, number in vars(streams).items() if re.fullmatch("[A-Z][A-Z_]+", name)}
    numbers = [number for name, number in named.items() if isinstance(number, np.integer)]
    numbers += [streams.CHANNEL + channel for channel in range(1, len(NAMES))]
    assert len(set(numbers)) == len(numbers)


def test_no_kernel_types_a_stream_as_a_number():
    # a stream that is not named in streams.py could be used twice
    source = Path(streams.__file__).parent
    files = [file for file in source.rglob("*.py") if "analysis" not in file.parts]  # draws figures, and no world
    call = r"(?<![.\w])(?:clock_key|stream_key|draw|uniforms|normals)\(\s*\w+,\s*(\w+)"
    typed = [
        (file.name, stream)
        for file in files
        for stream in re.findall(call, file.read_text())
        if not stream.isupper() and stream != "stream"
    ]
    assert typed == []


def test_looking_through_a_block_finds_what_its_slots_draw():
    key = streams.stream_key(7, streams.CHANNEL, 3, 1)
    drawn = [streams.uniform(key, slot) for slot in range(300)]
    for first, last in ((0, 300), (0, 64), (64, 65), (250, 300), (9, 9)):
        for chance in (0.0, 1e-3, 0.01, 0.2):
            assert streams.any_below(key, first, last, chance) == any(u < chance for u in drawn[first:last])
