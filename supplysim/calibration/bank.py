"""A bank of runs: points of the latent space, the model's summary at each, and the density they were drawn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim import arguments
from supplysim.calibration import latent
from supplysim.calibration.summary import simulate
from supplysim.environment import reason
from supplysim.errors import InputError
from supplysim.evidence import Prior
from supplysim.experiment.batches import in_batches

if TYPE_CHECKING:
    from supplysim.setup.scenario import Scenario

Model = Callable[[tuple[int, dict[str, float]]], dict[str, float]]


@dataclass(frozen=True)
class Bank:
    """Runs of one scenario.

    Attributes
    ----------
    names : tuple of str, length P
        Uncertain parameters, in the order of the columns of `z`.
    z : ndarray, shape (runs, P)
        Points of the latent space.
    seeds : ndarray of int64, shape (runs,)
        Model seeds.
    summary : dict of str to ndarray, shape (runs,)
        What `simulate` returned.
    """

    names: tuple[str, ...]
    z: np.ndarray
    seeds: np.ndarray
    summary: dict[str, np.ndarray]

    @property
    def size(self) -> int:
        """Number of runs."""
        return len(self.z)

    def part(self, first: int, last: int) -> Bank:
        """Return the runs from `first` up to, not including, `last`."""
        chosen = slice(first, last)
        summary = {name: column[chosen] for name, column in self.summary.items()}
        return Bank(self.names, self.z[chosen], self.seeds[chosen], summary)

    def joined(self, other: Bank) -> Bank:
        """Return the runs of both, these first."""
        summary = {name: np.concatenate([column, other.summary[name]]) for name, column in self.summary.items()}
        return Bank(self.names, np.vstack([self.z, other.z]), np.concatenate([self.seeds, other.seeds]), summary)

    def save(self, path: Path) -> None:
        """Write the bank as one Parquet file."""
        import pandas as pd

        columns = {f"z:{name}": self.z[:, at] for at, name in enumerate(self.names)}
        pd.DataFrame(columns | {"seed": self.seeds} | self.summary).to_parquet(path, index=False)

    @classmethod
    def load(cls, path: Path) -> Bank:
        """Read a bank that `save` wrote.

        Raises
        ------
        InputError
            If the file cannot be read, or holds something else.
        """
        import pandas as pd
        import pyarrow as pa

        path = arguments.path(path, "bank", "name the runs.parquet of a calibration")
        remedy = "name the runs.parquet of a calibration"
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError, MemoryError, pa.ArrowException) as error:
            raise InputError(str(path), None, f"cannot be read as runs ({reason(error)})", remedy) from error
        names = tuple(str(column)[2:] for column in table if str(column).startswith("z:"))
        if "seed" not in table or not names or not all(kind.kind in "iuf" for kind in table.dtypes.map(np.dtype)):
            raise InputError(str(path), None, "holds no runs: columns z:PARAMETER, seed and numbers", remedy)
        rest = {
            str(name): table[name].to_numpy() for name in table if not str(name).startswith("z:") and name != "seed"
        }
        return cls(names, table[[f"z:{name}" for name in names]].to_numpy(), table["seed"].to_numpy(), rest)


def run_bank(
    z: np.ndarray,
    seeds: np.ndarray,
    priors: Mapping[str, Prior],
    model: Model,
    executor: Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
    kept: Path | None = None,
) -> Bank:
    """Run the model at every point.

    Parameters
    ----------
    z : ndarray, shape (runs, parameters)
    seeds : ndarray of int, shape (runs,)
    priors : mapping of str to Prior
        One a column of `z`.
    model : callable
        Takes (seed, parameters), returns named numbers; importable by name.
    executor, workers, progress
        See `run_ordered`; progress counts batches of runs.
    kept : Path, optional
        Folder in which finished batches are kept, and found when the same is asked again.
    """
    arguments.function(model, "model", "give a function of (seed, parameters)")
    for name, prior in arguments.table(priors, "priors", "give scenario.uncertain()").items():
        arguments.one_of(Prior, prior, f"priors: {name}", 'write Prior("normal", (0.0, 1.0))')
    z, seeds = _numbers(z, "z", "f", 2), _numbers(seeds, "seeds", "iu", 1)
    if z.shape != (len(seeds), len(priors)):
        rule = f"its shape is {z.shape}, and there are {len(seeds)} seeds and {len(priors)} priors"
        raise InputError("z", None, rule, "give one row a run and one column a prior")
    kept = None if kept is None else arguments.path(kept, "kept")
    tasks = list(zip(seeds.tolist(), latent.draws(z, priors), strict=True))
    results = in_batches(model, tasks, executor, workers, progress, kept)
    summary = {name: np.array([row[name] for row in results]) for name in results[0]}
    return Bank(tuple(priors), z, seeds, summary)


def _numbers(given: Any, place: str, kinds: str, dimensions: int) -> np.ndarray:
    """Return an array of finite numbers, at least one, or raise InputError."""
    sound = isinstance(given, np.ndarray) and given.dtype.kind in kinds and given.ndim == dimensions and given.size
    if not sound or not np.isfinite(given).all():
        rule = f"it is no array of {'finite' if 'f' in kinds else 'whole'} numbers with {dimensions} dimension(s)"
        raise InputError(place, given, rule, "give an array of numpy")
    return given


def model_of(scenario: Scenario) -> Model:
    """Return the model of a scenario as `run_bank` takes it."""
    return partial(simulate, scenario=scenario)
