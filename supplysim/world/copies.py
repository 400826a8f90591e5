"""Copies of a world, for runs that share a past: into new memory, or into that of a run that is over."""

from __future__ import annotations

from typing import Any

import numpy as np

from supplysim.world.state import World

SHARED = ("conditions", "baseline", "scratch")  # no week writes to the first two; the third is nobody's past
COUNTED = ("orders", "shipments", "leads", "cases", "requests")  # tables of which no row beyond the count is ever read


def copied(world: World, over: World | None = None) -> World:
    """Return a world whose tables can be written to without changing this one.

    Parameters
    ----------
    world : World
    over : World, optional
        A world that nobody needs any more. Its tables are written over; those that have grown stay large.
    """
    new = _copied(world, world.counts[0].copy(), over, None if over is None else over.counts[0].copy())
    if over is not None and len(over.requests) >= len(world.requests):  # room for all that may be noted down in a week
        return new._replace(scratch=over.scratch)
    return new._replace(scratch=_copied(world.scratch, None, None, None))


def _copied(tables: Any, counts: Any, over: Any, counts_over: Any) -> Any:
    def one(name: str, value: Any) -> Any:
        target = None if over is None else getattr(over, name)
        if name in SHARED or not isinstance(value, (tuple, np.ndarray)):
            return value
        if isinstance(value, tuple):
            return _copied(value, counts, target, counts_over)
        new = _bytes(value[: counts[name]] if name in COUNTED else value)
        if target is None or target.shape[1:] != value.shape[1:] or len(target) < len(value):
            target = np.zeros(value.shape, value.dtype).view(type(value))
        else:
            written = _bytes(target[: counts_over[name]] if name in COUNTED else target)
            written[new.size :] = 0
        _bytes(target)[: new.size] = new  # as bytes: NumPy would copy column by column, ten times slower
        return target

    return tables._make(one(name, value) for name, value in zip(tables._fields, tables, strict=True))


def _bytes(table: np.ndarray) -> np.ndarray:
    return np.asarray(table).reshape(-1).view(np.uint8)
