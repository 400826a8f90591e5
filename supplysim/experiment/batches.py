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
from supplysim.experiment.kept import WRITING

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
    found = {at: _known(each, kept) for at, each in enumerate(batches)}  # here: to start workers takes longer
    missing = [at for at, rows in found.items() if rows is None]
    before, total = len(batches) - len(missing), len(batches)
    if progress is not None and before:
        progress(before, total, None)
    told = None if progress is None else lambda done, _, rows: progress(before + done, total, rows)
    done = run_ordered(partial(batch, model=model, kept=kept), [batches[at] for at in missing], executor, workers, told)
    found |= dict(zip(missing, done, strict=True))
    return [row for rows in found.values() for row in rows or ()]


def batch(tasks: Sequence[T], model: Callable[[T], dict[str, float]], kept: Path | None) -> list[dict[str, float]]:
    """Return what the model makes of each task; known at once if these tasks were kept."""
    known = _known(tasks, kept)
    if known is not None:
        return known
    made = [model(task) for task in tasks]
    if kept is None:
        return made
    content = json.dumps(made, default=_plain).encode()
    aside = kept / f"{WRITING}{uuid4().hex}"
    with suppress(OSError):  # a cache that cannot be written is done without
        kept.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        os.replace(aside, kept / f"{_name(tasks)}-{blake2b(content, digest_size=16).hexdigest()}.json")
    return made


def _name(tasks: Sequence[Any]) -> str:
    return blake2b(json.dumps(tasks, default=_plain).encode(), digest_size=16).hexdigest()


def _known(tasks: Sequence[Any], kept: Path | None) -> list[dict[str, float]] | None:
    """Return what was kept of these tasks; None if nothing was."""
    if kept is None:
        return None
    paths = kept.glob(f"{_name(tasks)}-*.json")
    return next((found for path in paths if (found := _read(path, len(tasks)))), None)


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
