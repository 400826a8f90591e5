"""Write a comparison into a folder: all files complete, or none."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from supplysim.edition import edition
from supplysim.errors import InputError
from supplysim.report.provenance import source_revision, versions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.comparison import Comparison
    from supplysim.experiment.study import Study


def save(study: Study, folder: str | Path, attributions: Sequence[Attribution] = ()) -> list[Path]:
    """Write the files of a comparison, and of what its packages are made of, and return their paths.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    from supplysim.experiment import drivers
    from supplysim.experiment.attribution import attribution_tables
    from supplysim.report import workbook
    from supplysim.report.figures import PICTURES
    from supplysim.report.html import svg
    from supplysim.report.page import html

    origin = provenance(study)
    tables = {
        "comparison": study.table(),
        "ledger": study.ledger(),
        "burden": study.burden(),
        "scorecard": study.scorecard(),
        "ranking": study.ranking_table(),
        "variance": study.variance_table(),
        "drivers": drivers.table(study),
        **(attribution_tables(attributions) if attributions else {}),
    }
    overall = tables["comparison"]["year"] == study.window
    sheets = tables | {"comparison": tables["comparison"][overall]}  # every year would take longer than all the rest
    figures = {picture.name: picture.draw(study) for picture in PICTURES}
    images = {name: svg(figure) for name, figure in figures.items()}
    writers: dict[str, Callable[[Path], Any]] = {
        **{f"{name}.csv": partial(_csv, table) for name, table in tables.items()},
        "tables.xlsx": lambda path: workbook.write(path, sheets, origin, study.scenario.title),
        "runs.parquet": lambda path: study.run_table().to_parquet(path, index=False),
        "comparison.png": lambda path: study.plot().savefig(path),
        "report.html": partial(_text, html(study, origin, images, attributions)),
        "provenance.json": partial(_text, json.dumps(origin, indent=2) + "\n"),
    }
    for name, figure in figures.items():
        writers[f"{name}.png"] = partial(_png, figure)
        writers[f"{name}.svg"] = partial(_text, images[name])
    written = write_together(folder, writers)
    if not attributions:  # those of an earlier comparison would stand beside this one's numbers
        for name in ("attribution.csv", "interactions.csv"):
            (Path(folder) / name).unlink(missing_ok=True)
    return written


def _csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False)


def _png(figure: Figure, path: Path) -> None:
    figure.savefig(path)


def _text(content: str, path: Path) -> None:
    path.write_text(content, encoding="utf-8")


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
        "edition": edition(),
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
