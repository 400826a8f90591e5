"""Folders that results are written to: checked before the work, and filled with whole files or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from supplysim.errors import InputError


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
