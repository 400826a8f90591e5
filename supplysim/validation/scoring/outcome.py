"""What came out: a file of published numbers, one a row, checked before anything is run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplysim import arguments
from supplysim.environment import reason
from supplysim.errors import InputError, nearest
from supplysim.validation.scoring.quantities import Counted, counted
from supplysim.validation.scoring.rules import points_between

if TYPE_CHECKING:
    import numpy as np

    from supplysim.setup.scenario import Scenario

FOLDER = Path(__file__).parents[2] / "data"
SHIPPED = {"2025": FOLDER / "outcomes-2025.csv"}
COLUMNS = ("quantity", "class", "route", "channel", "first_day", "last_day", "unit", "value", "low", "high", "source")
OPTIONAL = ("class", "route", "channel", "low", "high")
MOST = 10_000  # rows
LARGEST = 1e18  # no chips, dollars or cases come near it
POINTS = 999  # that stand for an outcome which is itself an estimate
FIT = "name one of 2025 (shipped) or a CSV file with the columns " + ",".join(COLUMNS)


@dataclass(frozen=True)
class Outcome:
    """One published number about a period.

    Attributes
    ----------
    place : str
        File and line.
    counted : Counted
    first_day, last_day : date
        Of the period, both included.
    value, low, high : float or None
        In the model's unit; with `low` and `high` it is an estimate whose 5 and 95 % these are, and `value` its median.
    source : str
        Who says so: an evidence id, or words.
    """

    place: str
    counted: Counted
    first_day: date
    last_day: date
    value: float | None
    low: float | None
    high: float | None
    source: str

    @property
    def is_estimate(self) -> bool:
        """Whether it is known by an interval."""
        return self.low is not None

    @cached_property
    def points(self) -> np.ndarray:
        """Values of equal probability that it stands for: itself, or `POINTS` of its distribution (see `rules`)."""
        import numpy as np

        if self.low is None or self.high is None:
            return np.array([self.value], dtype=float)
        return points_between(self.low, self.high, POINTS, self.value)

    @property
    def centre(self) -> float:
        """The number itself, the median of its distribution if none is given."""
        return self.value if self.value is not None else float(self.points[POINTS // 2])

    @property
    def period(self) -> str:
        """Its days, or the year if they are one."""
        whole = (self.first_day.month, self.first_day.day, self.last_day.month, self.last_day.day) == (1, 1, 12, 31)
        if whole and self.first_day.year == self.last_day.year:
            return str(self.first_day.year)
        return f"{self.first_day} to {self.last_day}"

    def weeks(self, scenario: Scenario) -> tuple[int, int]:
        """Return the first week of the period and the first after it: a week is of the period that holds its middle.

        Raises
        ------
        InputError
            If the scenario does not cover the period, or no week lies in it.
        """
        first, end = ((day - scenario.start).days for day in (self.first_day, self.last_day))
        weeks = -(-(first - 3) // 7), (end - 3) // 7 + 1
        if weeks[0] >= weeks[1]:
            raise InputError(self.place, self.period, "it holds no middle of a week", "choose at least seven days")
        if weeks[0] < 0 or weeks[1] > scenario.weeks:
            rule = f"{scenario.name} runs from {scenario.start} to {scenario.end}"
            raise InputError(self.place, self.period, rule, "choose another scenario, or leave the row out")
        return weeks


def outcomes(given: str | Path | Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the rows of a file, of a shipped one by its name, or outcomes as they are.

    Raises
    ------
    InputError
        If the file cannot be read, has no rows, or a row is wrong: one line that names file, line and column.
    """
    if not isinstance(given, (str, Path)):
        listed = arguments.items(given, "outcomes", FIT)
        for each in listed:
            arguments.one_of(Outcome, each, "outcomes", FIT)
        if not listed:
            raise InputError("outcomes", None, "there is none", FIT)
        return tuple(listed)
    path = SHIPPED.get(str(given)) or arguments.path(given, "outcomes", FIT)
    found: dict[tuple[Any, ...], Outcome] = {}
    for line, row in _rows(path):
        place = f"{path.name}, line {line}"
        outcome = _outcome(row, place)
        key = (outcome.counted.name, outcome.first_day, outcome.last_day, outcome.source)
        if key in found:
            rule = f"{found[key].place.rpartition(', ')[2]} says the same quantity, period and source"
            raise InputError(place, None, rule, "keep one of them")
        found[key] = outcome
    if not found:
        raise InputError(str(path), None, "it has no rows", "write one outcome a line below the names of the columns")
    return tuple(found.values())


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return line and cells of every row of a file with known columns; empty lines are no rows."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file, strict=True)
            names = [cell.strip() for cell in next(lines, [])]
            _check_columns(path, names)
            rows = []
            for cells in lines:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(names):
                    rule = f"{len(cells)} cells, and the first line names {len(names)} columns"
                    remedy = "put cells that hold a comma between double quotes"
                    raise InputError(f"{path.name}, line {lines.line_num}", None, rule, remedy)
                rows.append((lines.line_num, dict(zip(names, map(str.strip, cells), strict=True))))
                if len(rows) > MOST:
                    raise InputError(str(path), None, f"it has more than {MOST:,} rows", "give fewer")
            return rows
    except UnicodeDecodeError as error:
        raise InputError(str(path), None, "it is no text in UTF-8", "save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise InputError(str(path), None, f"it is no CSV ({error})", FIT) from error
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("outcomes", str(path), f"it cannot be read ({reason(error)})", FIT) from error


def _check_columns(path: Path, names: list[str]) -> None:
    """Raise InputError unless the first line names the columns, each once."""
    remedy = f"the first line is to be {','.join(COLUMNS)}; {', '.join(OPTIONAL)} may be left out"
    if len(names) == 1 and ";" in names[0]:
        raise InputError(str(path), None, "its cells are separated by semicolons", "save it with commas")
    for name in names:
        if name not in COLUMNS:
            raise InputError(f"{path.name}, line 1", name or None, "there is no such column", nearest(name, COLUMNS))
    twice = {name for name in names if names.count(name) > 1}
    missing = [name for name in COLUMNS if name not in names and name not in OPTIONAL]
    for name in (*twice, *missing):
        rule = "the column stands twice" if name in twice else "the column is missing"
        raise InputError(f"{path.name}, line 1", name, rule, remedy)


def _outcome(row: Mapping[str, str], place: str) -> Outcome:
    """Return a row as an outcome, once every cell is known to be right."""
    chip, route, channel = (row.get(name, "") for name in ("class", "route", "channel"))
    what = counted(row["quantity"], chip, route, channel, place)
    days = [_day(row[name], f"{place}: {name}") for name in ("first_day", "last_day")]
    if days[1] < days[0]:
        raise InputError(f"{place}: last_day", row["last_day"], f"the first day is {days[0]}", "exchange them")
    scale = what.scale(row["unit"], place)
    value, low, high = (_number(row.get(name, ""), f"{place}: {name}", scale) for name in ("value", "low", "high"))
    if (low is None) != (high is None):
        missing = "low" if low is None else "high"
        raise InputError(
            place, None, f"it has one end of an interval, {missing} is empty", "give both ends, or neither"
        )
    if value is None and low is None:
        raise InputError(place, None, "it has no number", "give value, or low and high (5 and 95 %), or all three")
    if low is not None and high is not None:
        if low >= high:
            raise InputError(f"{place}: low", row["low"], f"high is {row['high']}", "give a lower low, or value alone")
        if value is not None and not low <= value <= high:
            rule = f"low to high is {row['low']} to {row['high']}"
            raise InputError(f"{place}: value", row["value"], rule, "give a value between them, or leave it empty")
    if not row["source"]:
        raise InputError(f"{place}: source", None, "it is empty", "say who published it: an evidence id, or words")
    return Outcome(place, what, days[0], days[1], value, low, high, row["source"])


def _day(cell: str, place: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise InputError(place, cell or None, "it is no date", "write it as 2025-01-31") from None


def _number(cell: str, place: str, scale: float) -> float | None:
    """Return a cell as a number in the model's unit; None if it is empty."""
    if not cell:
        return None
    try:
        number = float(cell.replace("_", "x")) * scale
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not 0.0 <= number <= LARGEST:
        raise InputError(place, cell, "it is no number from 0 on", "write digits alone, for example 1250 or 0.35")
    return number
