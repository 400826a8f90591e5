"""Samples that are kept on disk, so that a validation that was stopped goes on: JSON, named by what was asked.

Floats are written so that they read back as the same floats. A file that is not what was written is made again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.kept import digest, find, keep
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
    asked = digest(json.dumps([task, _makers(), {name: repr(arms[name]) for name in arms}]).encode())
    content = find(folder, asked, ".json")
    if content is not None:
        return {arm: Sample(**_read(of)) for arm, of in json.loads(content).items()}
    made = sample_pair(task, scenario, arms)
    keep(folder, asked, ".json", json.dumps({arm: _plain(vars(sample)) for arm, sample in made.items()}).encode())
    return made


@cache
def _makers() -> str:
    return digest(b"".join(Path(__file__).with_name(name).read_bytes() for name in MAKERS))


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
