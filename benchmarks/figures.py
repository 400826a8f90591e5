"""What every benchmark returns, and the reference loop that makes times comparable across machines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from supplysim.world.streams import INIT_USER, uniforms

MILLION = 1_000_000


class Figure(NamedTuple):
    """One measured number: the median of its repeats, and the lowest and highest of them."""

    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None


def figure(name: str, samples: Sequence[float], unit: str) -> Figure:
    """Return the median of repeated measurements with their range."""
    return Figure(name, float(np.median(samples)), unit, float(min(samples)), float(max(samples)))


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call in this process, s: other programs hardly disturb it."""
    started = time.process_time()
    work()
    return time.process_time() - started


def elapsed(work: Callable[[], object]) -> float:
    """Return how long one call takes by the clock, s: for work that other processes do."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def reference_seconds(slots: np.ndarray) -> float:
    """Return the time to draw one uniform number for each slot, s: what one unit of the machine is."""
    return seconds(lambda: uniforms(7, INIT_USER, 0, slots, 0))
