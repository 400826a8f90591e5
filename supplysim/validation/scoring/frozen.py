"""Predictions written down before their outcomes are known: a CSV file that is never made again, and scored as it is.

One row a quantity and period, named as in a file of outcomes; `draws` are the values of the worlds in rising order, so
that every rule of `rules` can be applied years later without running anything.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplysim import arguments
from supplysim.environment import reason
from supplysim.errors import InputError
from supplysim.validation.scoring.quantities import Counted, counted
from supplysim.validation.scoring.rules import interval

if TYPE_CHECKING:
    from supplysim.validation.scoring.outcome import Outcome

NAMED = ("quantity", "class", "route", "channel", "first_day", "last_day", "unit")
COLUMNS = (*NAMED, "p05", "p50", "p95", "draws")
DIGITS = 5  # that count, of a draw
FIT = "name a file of predictions with the columns " + ",".join(COLUMNS)
HEADER = re.compile(r"# sha256 of the rows below: ([0-9a-f]{64})")


@dataclass(frozen=True)
class Predicted:
    """One quantity in one period, as it is named in files, and its draws in rising order.

    Attributes
    ----------
    quantity, chip, route, channel : str
        As in a file of outcomes; empty where the quantity is whole.
    first_day, last_day : date
    draws : ndarray, shape (worlds,)
        In the unit of the quantity; worlds in which it is unknown are left out.
    """

    quantity: str
    chip: str
    route: str
    channel: str
    first_day: date
    last_day: date
    draws: np.ndarray

    @property
    def counted(self) -> Counted:
        """The quantity as the model counts it."""
        return counted(self.quantity, self.chip, self.route, self.channel, "predictions")

    @property
    def key(self) -> tuple[str, date, date]:
        """What an outcome must be of to be scored by it."""
        return self.counted.name, self.first_day, self.last_day

    @property
    def part(self) -> str:
        """Class, route or channel; empty where the quantity is whole."""
        return self.chip or self.route or self.channel

    def cells(self) -> list[str]:
        """Return the row of the file."""
        known = np.sort(self.draws[np.isfinite(self.draws)])
        named = [self.quantity, self.chip, self.route, self.channel, str(self.first_day), str(self.last_day)]
        middle = [_short(value) for value in interval(known)] if known.size else ["", "", ""]
        return [*named, self.counted.unit, *middle, " ".join(map(_short, known))]


def write(rows: Iterable[Predicted], path: Path) -> str:
    """Write predictions as a file whose first line holds the hash of the rest; return the hash."""
    lines = [",".join(COLUMNS), *(",".join(row.cells()) for row in rows)]
    text = "\n".join(lines) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(f"# sha256 of the rows below: {digest}\n{text}", "utf-8", newline="\n")
    return digest


def read(path: str | Path) -> Mapping[tuple[str, date, date], Predicted]:
    """Return the predictions of a file by quantity, first and last day.

    Raises
    ------
    InputError
        If it is no such file, or was changed after it was written.
    """
    file = arguments.path(path, "predictions", FIT)
    try:
        head, _, text = file.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        told = reason(error) if isinstance(error, OSError) else "no text in UTF-8"
        raise InputError("predictions", str(file), f"it cannot be read ({told})", FIT) from error
    said = HEADER.fullmatch(head.rstrip("\r"))
    if said is None:
        raise InputError(f"{file.name}, line 1", None, "it holds no hash of the rows below", FIT)
    text = text.replace("\r\n", "\n")
    if hashlib.sha256(text.encode()).hexdigest() != said.group(1):
        raise InputError(file.name, None, "it was changed after it was written", "take the file as it was frozen")
    found = [_predicted(row) for row in csv.DictReader(text.splitlines())]
    return {row.key: row for row in found}


def draws_of(known: Mapping[tuple[str, date, date], Predicted], outcomes: Sequence[Outcome]) -> list[np.ndarray]:
    """Return the frozen draws of each outcome.

    Raises
    ------
    InputError
        If one is of a quantity or a period that was not predicted.
    """
    for each in outcomes:
        if (each.counted.name, each.first_day, each.last_day) not in known:
            days = sorted({(first, last) for name, first, last in known if name == each.counted.name})
            remedy = (
                f"choose one of {', '.join(f'{first} to {last}' for first, last in days)}"
                if days
                else f"choose one of {', '.join(sorted({name for name, *_ in known}))}"
            )
            raise InputError(each.place, f"{each.counted.name}, {each.period}", "it was not predicted", remedy)
    return [known[each.counted.name, each.first_day, each.last_day].draws for each in outcomes]


def _predicted(row: Mapping[str, str]) -> Predicted:
    days = (date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
    drawn = np.array(row["draws"].split(), dtype=float)
    return Predicted(row["quantity"], row["class"], row["route"], row["channel"], *days, drawn)


def _short(value: float) -> str:
    return f"{value:.{DIGITS}g}"
