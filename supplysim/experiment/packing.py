"""Join the many small files of a shelf into few large ones, while other processes read and write it."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from supplysim.errors import InputError
from supplysim.experiment.run_table import KEY
from supplysim.experiment.store import FEW, Shelf

SMALL = 2_000_000  # bytes, some 3,000 runs; a smaller file is joined with others
FORGOTTEN = 24 * 3600.0  # seconds after which a file that was being written belongs to a process long dead


def pack(shelf: Shelf) -> None:
    """Write the rows of small files as one file, then delete those files.

    Killed in between, it leaves runs that stand in two files, which every reader counts once. Two processes
    that pack the same files write the same file. Without room, packed by another or unlike one another, they stay.
    """
    import duckdb

    with suppress(InputError, OSError, duckdb.Error):
        _pack(shelf)


def _pack(shelf: Shelf) -> None:
    import duckdb

    _clean(shelf.folder)
    small = [path for path in shelf.sound_files() if path.stat().st_size < SMALL]
    if len(small) <= FEW:
        return
    files = "read_parquet($paths, union_by_name=true, hive_partitioning=false)"
    rows = f"SELECT DISTINCT ON ({KEY}) * FROM {files} ORDER BY {KEY}"
    with duckdb.connect() as connection:
        table = connection.sql(rows, params={"paths": [str(path) for path in small]}).to_arrow_table()
    joined = shelf.write(table)
    for path in small:
        if path != joined:
            with suppress(FileNotFoundError):  # another process packed the same files
                path.unlink()


def _clean(folder: Path) -> None:
    """Remove what processes that were killed had not finished writing."""
    for path in folder.glob(".writing-*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                path.unlink()
