"""The posterior sample as a file: one column a parameter and ``weight``, and in its metadata how it was made.

What is shipped is small: `ROWS` draws that stand for all runs by their weights, in 32-bit numbers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.calibration import latent
from supplysim.calibration.bank import Bank
from supplysim.calibration.sequential import Calibration
from supplysim.edition import edition
from supplysim.evidence import Prior
from supplysim.experiment.design import ORIGIN, WEIGHT
from supplysim.report.appendix import source_revision, versions

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.setup.scenario import Scenario

IMPORTANCE = "log_importance"
ROWS = 1024  # even steps through the weight; the runs behind them are worth fewer


def table(calibration: Calibration) -> pd.DataFrame:
    """Return the runs met on `ROWS` even steps through the weight, in the order of their volume.

    The weight of each is how often it was met. An even sample of rows by weight is even over volumes.
    """
    import pandas as pd

    order = np.argsort(calibration.bank.summary["delivered"], kind="stable")
    share = np.cumsum(calibration.weight[order])
    steps = (np.arange(ROWS) + 0.5) / ROWS * share[-1]
    kept, met = np.unique(np.searchsorted(share, steps), return_counts=True)
    columns = latent.values(calibration.bank.z[order[kept]], calibration.priors)
    short = {name: _short(column, calibration.priors[name]) for name, column in columns.items()}
    return pd.DataFrame(short | {WEIGHT: met / ROWS})


def _short(column: np.ndarray, prior: Prior) -> np.ndarray:
    """Return 32-bit numbers that, rounded, have not left the prior's bounds."""
    (low, high), short = prior.bounds, column.astype(np.float32)
    rounded = short.astype(float)
    short = np.where((rounded > high) & (column <= high), np.nextafter(short, np.float32(-np.inf)), short)
    return np.where((rounded < low) & (column >= low), np.nextafter(short, np.float32(np.inf)), short)


def origin(calibration: Calibration, command: str, seed: int, scenario: Scenario, last: int) -> dict[str, Any]:
    """Return what is needed to make the sample again, and the last year that it has looked at."""
    return {
        "to": last,
        "command": command,
        "seed": seed,
        "versions": versions(),
        "source_revision": source_revision(),
        "edition": edition(),
        "scenario": scenario.name,
        "scenario_hash": scenario.hash(),
        "runs": calibration.bank.size,
        "effective_sample_size": round(calibration.effective, 1),
    }


def save(calibration: Calibration, made: dict[str, Any], path: Path) -> None:
    """Write the sample with its origin."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sample = pa.Table.from_pandas(table(calibration), preserve_index=False)
    pq.write_table(sample.replace_schema_metadata({ORIGIN: json.dumps(made)}), path, compression="zstd")


def save_runs(calibration: Calibration, path: Path) -> None:
    """Write all runs of a calibration, with their importance: what it takes to weigh them again."""
    bank = calibration.bank
    extended = bank.summary | {IMPORTANCE: calibration.log_importance}
    Bank(bank.names, bank.z, bank.seeds, extended).save(path)


def load_runs(path: Path) -> tuple[Bank, np.ndarray]:
    """Return the runs that `save_runs` wrote, and the log of prior over proposal density of each."""
    bank = Bank.load(path)
    return bank, bank.summary.pop(IMPORTANCE)
