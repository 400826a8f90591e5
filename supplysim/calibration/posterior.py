"""The posterior sample as a file: one column a parameter and ``weight``, and in its metadata how it was made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.calibration import latent
from supplysim.calibration.bank import Bank
from supplysim.calibration.sequential import Calibration
from supplysim.edition import edition
from supplysim.experiment.design import ORIGIN, POSTERIOR, WEIGHT
from supplysim.report.appendix import source_revision, versions

if TYPE_CHECKING:
    import pandas as pd

SHIPPED = POSTERIOR
IMPORTANCE = "log_importance"
KEPT = 0.9999  # of the weight; the other runs are not worth a row
LEAST = 1000  # draws


def table(calibration: Calibration) -> pd.DataFrame:
    """Return the draws that hold `KEPT` of the weight, at least `LEAST` if there are as many.

    In the order of their volume: an even sample of rows by weight is then even over volumes.
    """
    import pandas as pd

    order = np.argsort(-calibration.weight, kind="stable")
    share = np.cumsum(calibration.weight[order])
    kept = order[: max(LEAST, int(np.searchsorted(share, KEPT)) + 1)]
    kept = kept[np.argsort(calibration.bank.summary["delivered"][kept], kind="stable")]
    columns = latent.values(calibration.bank.z[kept], calibration.priors)
    weight = calibration.weight[kept]
    return pd.DataFrame(columns | {WEIGHT: weight / weight.sum()})


def origin(calibration: Calibration, command: str, seed: int, scenario_hash: str) -> dict[str, Any]:
    """Return what is needed to make the sample again."""
    return {
        "command": command,
        "seed": seed,
        "versions": versions(),
        "source_revision": source_revision(),
        "edition": edition(),
        "scenario_hash": scenario_hash,
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


def load_origin(path: Path = SHIPPED) -> dict[str, Any]:
    """Return how a sample was made."""
    import pyarrow.parquet as pq

    return json.loads(pq.read_schema(path).metadata[ORIGIN])
