"""Many runs boiled down to named numbers, in batches that are kept as they are done: what was stopped goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np

from supplysim.experiment.executors import run_ordered
from supplysim.experiment.store import WRITING

T = TypeVar("T")
SIZE = 25  # runs a batch: a task of one run would spend its time on the queue


def in_batches(
    model: Callable[[T], dict[str, float]],
    tasks: Sequence[T],
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    kept: Path | None = None,
) -> list[dict[str, float]]:
    """Return what the model makes of each task, in their order.

    Parameters
    ----------
    model : callable
        Takes a task, returns named numbers; importable by name.
    tasks : sequence
        What JSON can write: a batch is known again by it.
    executor, workers, progress
        See `run_ordered`; progress counts batches of `SIZE` tasks.
    kept : Path, optional
        Folder in which finished batches are kept, and found when the same is asked again.
    """
    batches = [tasks[start : start + SIZE] for start in range(0, len(tasks), SIZE)]
    done = run_ordered(partial(batch, model=model, kept=kept), batches, executor, workers, progress)
    return [row for rows in done for row in rows]


def batch(tasks: Sequence[T], model: Callable[[T], dict[str, float]], kept: Path | None) -> list[dict[str, float]]:
    """Return what the model makes of each task; known at once if these tasks were kept."""
    if kept is None:
        return [model(task) for task in tasks]
    asked = blake2b(json.dumps(tasks, default=_plain).encode(), digest_size=16).hexdigest()
    known = next((found for path in kept.glob(f"{asked}-*.json") if (found := _read(path, len(tasks)))), None)
    if known is not None:
        return known
    made = [model(task) for task in tasks]
    content = json.dumps(made, default=_plain).encode()
    aside = kept / f"{WRITING}{uuid4().hex}"
    with suppress(OSError):  # a cache that cannot be written is done without
        kept.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        os.replace(aside, kept / f"{asked}-{blake2b(content, digest_size=16).hexdigest()}.json")
    return made


def _plain(value: np.generic) -> Any:
    """Return a number of numpy as Python's, whole ones whole."""
    return value.item()


def _read(path: Path, rows: int) -> list[dict[str, float]] | None:
    """Return what was kept; None if the file is not what was written."""
    with suppress(OSError, ValueError):
        content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
        if path.stem.endswith(f"-{blake2b(content, digest_size=16).hexdigest()}"):
            found = json.loads(content)
            return found if len(found) == rows else None
    return None
