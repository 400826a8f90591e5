"""Folders that results are written to: checked before the work, and filled with whole files or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from supplysim.arguments import path
from supplysim.environment import reason
from supplysim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of something to be reckoned


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
                _synced(Path(aside) / name)
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
    folder = path(folder, "out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".writing-"):
            return folder
    except (OSError, ValueError) as error:  # ValueError: no possible name
        raise _not_writable(folder, error) from error


def safe(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts no spreadsheet takes for a formula: an apostrophe stands before those it would."""

    def told(value: Any) -> Any:
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

    def formula(column: pd.Series) -> bool:
        texts = () if column.dtype.kind in "biufcmM" else {value for value in column if isinstance(value, str)}
        return any(text.startswith(FORMULA) for text in texts)

    named = table.rename(columns=told)
    texts = {name: column.map(told) for name, column in named.items() if formula(column)}
    return named.assign(**texts) if texts else named


def _synced(path: Path) -> None:
    """Have a file on disk before it gets its name; a system that cannot promise that is believed."""
    with suppress(OSError), path.open("rb+") as file:
        os.fsync(file.fileno())


def _not_writable(folder: Path, error: BaseException) -> InputError:
    return InputError("out", str(folder), f"nothing can be written there ({reason(error)})", "choose another folder")
