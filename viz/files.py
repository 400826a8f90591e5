"""What can be taken home from a comparison: CSV, XLSX, a report, packed as text for the browser."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplysim.policies import Policy

if TYPE_CHECKING:
    from supplysim.api import Study

Package = tuple[Policy, ...]


def make_file(
    kind: str,
    scenario: Any,
    arms: dict[str, Package],
    results: dict[tuple[int, int], Any],
    pairs: int,
    seed: int,
    parameters: str,
    first_week: int,
) -> bytes:
    """Return the comparison as a file of a kind; runs in a worker."""
    comparison = comparison_of(scenario, arms, results, pairs, seed, parameters, first_week)
    if kind == "csv":
        return comparison.table().to_csv(index=False).encode()
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        files = {path.suffix: path for path in comparison.save(folder)}
        return files[f".{kind}"].read_bytes()


def comparison_of(
    scenario: Any,
    arms: dict[str, Package],
    results: dict[tuple[int, int], Any],
    pairs: int,
    seed: int,
    parameters: str,
    first_week: int,
) -> Study:
    """Return the runs as the command line's comparison, without runs under a second seed."""
    from supplysim.api import Study
    from supplysim.experiment.design import parameter_draws

    draws = parameter_draws(scenario, parameters, pairs, seed)
    runs = [
        tuple(replace(results[pair, arm], pair=pair, arm=name) for arm, name in enumerate(["baseline", *arms]))
        for pair in range(pairs)
    ]
    return Study(scenario, arms, runs, draws, seed, parameters, None, first_week, 0.0)


def encoded(content: bytes) -> str:
    """Return bytes as text for the browser."""
    return base64.b64encode(content).decode()
