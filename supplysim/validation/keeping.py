"""Samples that are kept on disk, so that a validation that was stopped goes on: JSON, named by what was asked.

Floats are written so that they read back as the same floats. A file that is not what was written is made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np

from supplysim.experiment.store import WRITING
from supplysim.validation.sampling import Sample, Task, sample_pair

if TYPE_CHECKING:
    from supplysim.policies.base import Policy
    from supplysim.setup.scenario import Scenario

MAKERS = ("arms.py", "keeping.py", "probes.py", "sampling.py", "shells.py")  # what a sample hangs on besides the rules
ARRAY = "array of"


def kept_pair(
    task: Task, scenario: Scenario, arms: Mapping[str, tuple[Policy, ...]], folder: Path
) -> dict[str, Sample]:
    """Return what `sample_pair` does, from a folder if it is there; one that cannot be written is done without."""
    asked = _digest(json.dumps([task, _makers(), {name: repr(arms[name]) for name in arms}]).encode())
    for path in folder.glob(f"{asked}-*.json"):
        with suppress(OSError, ValueError):
            content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
            if path.stem == f"{asked}-{_digest(content)}":
                return {arm: Sample(**_read(of)) for arm, of in json.loads(content).items()}
    made = sample_pair(task, scenario, arms)
    content = json.dumps({arm: _plain(vars(sample)) for arm, sample in made.items()}).encode()
    aside = folder / f"{WRITING}{uuid4().hex}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        os.replace(aside, folder / f"{asked}-{_digest(content)}.json")
    return made


@cache
def _makers() -> str:
    return _digest(b"".join(Path(__file__).with_name(name).read_bytes() for name in MAKERS))


def _plain(value: Any) -> Any:
    """Return samples as JSON holds them: an array with the kind of its numbers."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return {f"{ARRAY} {value.dtype.str}": value.tolist()}
    return value.item() if isinstance(value, np.generic) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for name, item in value.items():
        if name.startswith(ARRAY):
            return np.array(item, dtype=name.removeprefix(ARRAY).strip())
    return {name: _read(item) for name, item in value.items()}


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
