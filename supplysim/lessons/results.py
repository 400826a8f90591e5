"""What the model showed in every lesson: numbers measured once, kept beside the lessons, and how they are written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from supplysim.edition import foreign, stamp, stamped
from supplysim.errors import InputError
from supplysim.language import gettext
from supplysim.packs.pack import written as world
from supplysim.report.formatting import written

RESULTS, SERIES = "results.csv", "series.csv"
LINES = ("baseline", "policy", "difference")
TWIST = "twist"  # the number that was asked for, and the world of it, under the twist


@dataclass(frozen=True)
class Found:
    """A number over pairs: its value, 90 % interval, where single worlds lie, and in how many it is below 0.

    `value` is a mean, or the statistic that the lesson asks for; `low` and `high` the ends of its interval.
    """

    key: str
    value: float
    low: float
    high: float
    p05: float
    p95: float
    pairs: int
    pairs_below: int

    def verdict(self, bound: float = 0.0) -> str:
        """Return on which side of a bound the interval lies: below, above, or mixed."""
        return "below" if self.high < bound else "above" if self.low > bound else "mixed"


@dataclass(frozen=True)
class Point:
    """One quarter of a graph: quantiles over pairs, in the unit of the measure."""

    line: str
    measure: str
    quarter: str
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True)
class Results:
    """What the model showed in one lesson.

    Attributes
    ----------
    found : dict of str to Found
        By the key of the finding; ``ledger.prevented`` and the other entries, chips; ``nothing.0`` and
        ``solution.0``: the first condition of the goal when doing nothing, and with the solution; ``twist``.
    series : tuple of Point
        For the graphs.
    """

    found: Mapping[str, Found] = field(default_factory=dict)
    series: tuple[Point, ...] = ()

    @property
    def ledger(self) -> dict[str, Found]:
        """Return the displacement ledger by entry."""
        return {key.removeprefix("ledger."): it for key, it in self.found.items() if key.startswith("ledger.")}


@cache
def stored(folder: Path) -> dict[str, Results]:
    """Return the results that lie in a folder, by lesson.

    Raises
    ------
    InputError
        If a file is missing or is not one of ours.
    """
    found: dict[str, dict[str, Found]] = {}
    for row in _read(folder / RESULTS):
        lesson = row.pop("lesson")
        found.setdefault(lesson, {})[row["key"]] = _made(Found, row, folder / RESULTS)
    series: dict[str, list[Point]] = {}
    for row in _read(folder / SERIES):
        series.setdefault(row.pop("lesson"), []).append(_made(Point, row, folder / SERIES))
    return {lesson: Results(numbers, tuple(series.get(lesson, ()))) for lesson, numbers in found.items()}


def provenance(folder: Path) -> str:
    """Return the line that says how, when and by which edition of the rules the results were made."""
    with (folder / RESULTS).open(encoding="utf-8") as file:
        made = file.readline().removeprefix("#").strip()
    other = foreign(stamped(made))
    return f"{made}; {other}" if other else made


def warning(folder: Path) -> str:
    """Return a sentence to stand behind the numbers if another edition of the rules made them."""
    other = foreign(stamped(provenance(folder)))
    return f" {gettext('The numbers of this lesson were {made}.', made=other)}" if other else ""


def write(folder: Path, made: str, results: Mapping[str, Results]) -> None:
    """Write the results of lessons, over those that lie there; `made` says how they were made."""
    _write(folder / RESULTS, made, Found, ((lesson, it) for lesson in results for it in results[lesson].found.values()))
    _write(folder / SERIES, made, Point, ((lesson, it) for lesson in results for it in results[lesson].series))
    stored.cache_clear()


def remedy() -> str:
    """Return how the numbers of this world's lessons are made."""
    return "make it with supplysim validate --lessons --write" + (f" --world {world()}" if world() else "")


def _read(path: Path) -> Iterable[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("#")))
    except OSError as error:
        raise InputError(str(path), None, f"cannot be read ({error.strerror})", remedy()) from error


def _write(path: Path, made: str, kind: type[Any], rows: Iterable[tuple[str, Any]]) -> None:
    names = [f.name for f in fields(kind)]
    new = path.with_suffix(".new")  # a killed writer leaves what was there
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {made}; {stamp()}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["lesson", *names])
        for lesson, row in rows:
            writer.writerow([lesson, *(_shortened(getattr(row, name)) for name in names)])
    new.replace(path)


def _shortened(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value


def _made(kind: type[Any], row: Mapping[str, str], path: Path) -> Any:
    try:
        return kind(
            **{f.name: {"str": str, "float": float, "int": int}[str(f.type)](row[f.name]) for f in fields(kind)}
        )
    except (KeyError, ValueError) as error:
        raise InputError(str(path), None, f"is no file of results ({error})", "make it again") from error


def values(found: Mapping[str, Found], forms: Mapping[str, str]) -> dict[str, str]:
    """Return what stands for the names in double braces in a lesson's text.

    ``key`` is the number, ``key.size`` the same without its sign, ``key.interval`` its 90 % interval (``−25 % and
    −18 %``) and ``key.range`` where single worlds lie, ``key.pairs`` in how many pairs it is below the bound, and
    ``key.rose`` in how many it is not, for example ``61 of 64``.
    """
    texts: dict[str, str] = {}
    for key, it in found.items():
        form = forms.get(key, "count")
        texts[key] = written(it.value, form)
        texts[f"{key}.size"] = written(abs(it.value), "share" if form == "percent" else form)
        for name, low, high in (("interval", it.low, it.high), ("range", it.p05, it.p95)):
            texts[f"{key}.{name}"] = gettext("{low} and {high}", low=written(low, form), high=written(high, form))
        for name, count in (("pairs", it.pairs_below), ("rose", it.pairs - it.pairs_below)):
            texts[f"{key}.{name}"] = gettext("{n} of {all}", n=count, all=it.pairs)
    return texts
