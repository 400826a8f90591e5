"""Write a comparison into a folder: all files complete, or none."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from supplysim.errors import InputError
from supplysim.experiment.provenance import source_revision, versions

if TYPE_CHECKING:
    from supplysim.experiment.comparison import Comparison


def save(comparison: Comparison, folder: str | Path) -> list[Path]:
    """Write the files of a comparison and return their paths.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    from supplysim.experiment.report import html

    origin = provenance(comparison)
    drawing = BytesIO()
    comparison.plot().savefig(drawing, format="png")
    picture = drawing.getvalue()
    writers: dict[str, Callable[[Path], Any]] = {
        "comparison.csv": lambda path: comparison.table().to_csv(path, index=False),
        "ledger.csv": lambda path: comparison.ledger().to_csv(path, index=False),
        "burden.csv": lambda path: comparison.burden().to_csv(path, index=False),
        "scorecard.csv": lambda path: comparison.scorecard().to_csv(path, index=False),
        "runs.parquet": lambda path: comparison.run_table().to_parquet(path, index=False),
        "comparison.png": lambda path: path.write_bytes(picture),
        "report.html": lambda path: path.write_text(html(comparison, origin, picture), encoding="utf-8"),
        "provenance.json": lambda path: path.write_text(json.dumps(origin, indent=2) + "\n"),
    }
    return write_together(folder, writers)


def write_together(folder: str | Path, writers: dict[str, Callable[[Path], Any]]) -> list[Path]:
    """Let each writer write its file, in order, aside; when all are complete move them into the folder.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist.
    writers : dict of str to callable
        File name -> function that writes to the path it is given.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    folder = writable_folder(folder)
    try:
        with TemporaryDirectory(dir=folder, prefix=".writing-") as aside:
            for name, write in writers.items():
                write(Path(aside) / name)
            for name in writers:
                os.replace(Path(aside) / name, folder / name)
    except OSError as error:
        raise _not_writable(folder, error) from error
    return [folder / name for name in writers]


def writable_folder(folder: str | Path) -> Path:
    """Return the folder, made if necessary, once it is known that files can be written there.

    Raises
    ------
    InputError
        If they cannot.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".writing-"):
            return folder
    except OSError as error:
        raise _not_writable(folder, error) from error


def _not_writable(folder: Path, error: OSError) -> InputError:
    reason = (error.strerror or str(error)).lower()
    return InputError("out", folder, f"nothing can be written there ({reason})", "choose another folder")


def provenance(comparison: Comparison) -> dict[str, Any]:
    """Return what is needed to repeat a comparison and to trust that it was."""
    return {
        "versions": versions(),
        "source_revision": source_revision(),
        "scenario": {"name": comparison.scenario.name, "hash": comparison.scenario.hash()},
        "policies": {arm: [repr(policy) for policy in policies] for arm, policies in comparison.arms.items()},
        "parameters": {
            "from": comparison.parameters,
            "rule": comparison.rule,
            "hashes": [pair[0].parameters_hash for pair in comparison.runs],
        },
        "seeds": [pair[0].seed for pair in comparison.runs],
        "pairs_asked": len(comparison.draws),
        "pairs_finished": comparison.pairs,
        "platform": {"system": platform.system(), "machine": platform.machine()},
        "wall_time_seconds": round(comparison.wall_time, 3),
    }
