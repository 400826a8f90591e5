"""Copies of a world, for runs that share a past: into new memory, or into that of a run that is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from supplysim.world.state import World

SHARED = ("conditions", "baseline", "scratch")  # no week writes to the first two; the third is nobody's past
COUNTED = ("orders", "shipments", "leads", "cases", "requests")  # tables of which no row beyond the count is ever read


def packed(world: World) -> tuple[World, dict[str, int]]:
    """Return a world without the room for further rows, to be kept and not to be run, and the room that it had."""
    counts, room = world.counts[0], {}

    def cut(tables: Any) -> Any:
        def one(name: str, value: Any) -> Any:
            if isinstance(value, tuple):
                return cut(value)
            if name not in COUNTED:
                return value
            room[name] = len(value)
            return value[: counts[name]].copy()

        return tables._make(one(name, value) for name, value in zip(tables._fields, tables, strict=True))

    return cut(world), room


def copied(world: World, over: World | None = None, room: Mapping[str, int] | None = None) -> World:
    """Return a world whose tables can be written to without changing this one.

    Parameters
    ----------
    world : World
    over : World, optional
        A world that nobody needs any more. Its tables are written over; those that have grown stay large.
    room : mapping of str to int, optional
        Rows that tables are given at least, see `packed`.
    """
    counts_over = None if over is None else over.counts[0].copy()
    new = _copied(world, world.counts[0].copy(), over, counts_over, room or {})
    if over is not None and len(over.requests) >= len(world.requests):  # room for all that may be noted down in a week
        return new._replace(scratch=over.scratch)
    return new._replace(scratch=_copied(world.scratch, None, None, None, {}))


def _copied(tables: Any, counts: Any, over: Any, counts_over: Any, room: Mapping[str, int]) -> Any:
    def one(name: str, value: Any) -> Any:
        target = None if over is None else getattr(over, name)
        if name in SHARED or not isinstance(value, (tuple, np.ndarray)):
            return value
        if isinstance(value, tuple):
            return _copied(value, counts, target, counts_over, room)
        new = _bytes(value[: counts[name]] if name in COUNTED else value)
        length = max(len(value), room.get(name, 0))
        if target is None or target.shape[1:] != value.shape[1:] or len(target) < length:
            target = np.zeros((length, *value.shape[1:]), value.dtype).view(type(value))
        else:
            written = _bytes(target[: counts_over[name]] if name in COUNTED else target)
            written[new.size :] = 0
        _bytes(target)[: new.size] = new  # as bytes: NumPy would copy column by column, ten times slower
        return target

    return tables._make(one(name, value) for name, value in zip(tables._fields, tables, strict=True))


def _bytes(table: np.ndarray) -> np.ndarray:
    return np.asarray(table).reshape(-1).view(np.uint8)
