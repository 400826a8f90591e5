"""`--draws FILE`: the parameters of each world from a table that somebody else has made, one row a world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supplysim.environment import reason
from supplysim.errors import InputError, one_line
from supplysim.packs.rows import read

OPTION = "--draws"
LARGEST = 200_000_000  # bytes of a file
PLACE = re.compile(r"draws(?:\[(\d+)\])?(?:\.(.+))?")
OTHERS = {"pairs": "--pairs", "precision": "--precision", "parameters": "--parameters"}


def design(file: Path) -> list[Mapping[str, Any]]:
    """Return the rows of a CSV or Parquet file; what its names and numbers mean is checked by `supplysim.compare`.

    Raises
    ------
    InputError
        If there is no such file, or it is no table.
    """
    readers = {".csv": _csv, ".parquet": _parquet}
    kind = file.suffix.lower()
    if kind not in readers:
        raise InputError(
            OPTION, str(file), "it is neither CSV nor Parquet", "name a file that ends in .csv or .parquet"
        )
    if not file.is_file():
        rule = "it is a folder" if file.is_dir() else "there is no such file"
        raise InputError(OPTION, str(file), rule, "name a table of one row a world, one column a parameter")
    if file.stat().st_size > LARGEST:
        raise InputError(OPTION, str(file), "it is larger than 200 megabytes", "leave some rows out")
    try:
        return readers[kind](file)
    except UnicodeDecodeError as error:
        raise InputError(str(file), None, "is not text in UTF-8", "save it as UTF-8") from error
    except OSError as error:
        raise InputError(OPTION, str(file), f"it cannot be read ({reason(error)})", "name a readable file") from error
    except ValueError as error:  # pyarrow's own errors too
        told = one_line(str(error)).removeprefix(f"{file.name}, ").removeprefix(f"{file.name}: ")[:200]
        raise InputError(str(file), None, f"is no table ({told})", "correct it there") from error


def _csv(file: Path) -> list[Mapping[str, Any]]:
    return [{name: _value(cell) for name, cell in row.items()} for row in read(file)]


def _value(cell: str) -> float | str:
    """Return a number where the cell is one; a value of a state is text, and so is a slip, which is refused by name."""
    try:
        return float(cell)
    except ValueError:
        return cell


def _parquet(file: Path) -> list[Mapping[str, Any]]:
    import pandas as pd

    return pd.read_parquet(file).to_dict("records")


@contextmanager
def told_by(file: Path | None) -> Iterator[None]:
    """Let what is wrong in a design name its file, row and column, and options as they are typed."""
    try:
        yield
    except InputError as error:
        found = PLACE.fullmatch(error.place)
        if file is None or (found is None and error.place not in OTHERS):
            raise
        if found is None:
            remedy = f"leave it out, or leave out {OPTION}"
            raise InputError(OTHERS[error.place], error.value, f"the rows of {file} say that", remedy) from None
        row, column = found.groups()
        place = str(file) + (f": row {int(row) + 1}" if row else "") + (f".{column}" if column else "")
        remedy = (
            "write one row a world, one column a parameter" if error.remedy.startswith("write a Data") else error.remedy
        )
        raise InputError(place, error.value, error.rule, remedy) from None
