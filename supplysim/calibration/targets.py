"""What a calibration may look at: published numbers about 2022 to its last year, each with how sharply it binds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from supplysim import evidence
from supplysim.evidence import Case, Quantity, table

FIRST_YEAR = 2022
LAST_YEARS = (2024, 2025)  # one calibration each; what is about a later year is for scoring, never a target
LAST_YEAR = LAST_YEARS[0]
PARTITION = "partition"  # the target is a whole distribution: see `volume`
COUNT = "count"  # of cases, where a run may well have none
KINDS = (PARTITION, COUNT, "interval", "lognormal", "floor", "ceiling")
NINETY = 1.6448536269514722  # standard deviations from the median to the ends of a 90 % interval
UNITS = {"M H100e": 1e6, "US$ bn": 1e9}  # of evidence, in those of a summary
LEAST = 1e-3  # stands for zero in a logarithm


@dataclass(frozen=True)
class Target:
    """One published number and the summary of a run that is held against it.

    Attributes
    ----------
    name, summary : str
        Its name, and the key in what `summary.summarise` returns.
    kind : str
        One of `KINDS`.
    low, central, high : float or None
        In the unit of the summary.
    scatter : float or None
        Standard deviation: of the whole target if lognormal, outside the bounds otherwise; of logarithms, or of the
        number itself if it is a count.
    period : str
        Years the number is about.
    sources : tuple of str
        Evidence ids.
    """

    name: str
    summary: str
    kind: str
    low: float | None
    central: float | None
    high: float | None
    scatter: float | None
    period: str
    sources: tuple[str, ...]

    def log_weight(self, found: np.ndarray) -> np.ndarray:
        """Return the log of the weight, 0 to 1, of runs with these summaries, shape as `found`.

        Lognormal: −½ (ln x/m)²/s². Bounds: 0 inside, −½ (ln x/bound)²/s² outside. A count: the same without
        logarithms. A partition weighs by cells, not here: 0. A summary that is missing, or 0 where the target has a
        logarithm and is not, weighs nothing.
        """
        if self.kind == PARTITION:
            return np.zeros(np.shape(found))
        assert self.scatter is not None
        with np.errstate(divide="ignore", invalid="ignore"):
            there = self._scaled(found)
            if self.kind == "lognormal":
                assert self.central is not None
                away = there - np.log(self.central)
            else:
                below = 0.0 if self.low is None else np.minimum(there - self._scaled(self.low), 0.0)
                above = 0.0 if self.high is None else np.maximum(there - self._scaled(self.high), 0.0)
                away = below + above
        return np.where(np.isnan(away), -np.inf, -0.5 * (away / self.scatter) ** 2)

    def seen(self, found: np.ndarray) -> np.ndarray:
        """Return summaries on the scale on which the public errs about them, which `scatter` is of; finite."""
        there = np.nan_to_num(np.asarray(found, dtype=float))
        return self._scaled(there if self.kind == COUNT else np.maximum(there, LEAST))

    def _scaled(self, number: np.ndarray | float) -> np.ndarray:
        plain = np.asarray(number, dtype=float)
        return plain if self.kind == COUNT else np.log(plain)


def targets(without: Iterable[str] = (), last: int = LAST_YEAR) -> tuple[Target, ...]:
    """Return the targets of ``evidence/targets.csv`` that are about years up to `last`.

    Those that cite an evidence id in `without` are left out.

    Raises
    ------
    ValueError
        If a row is about no year that any calibration may look at, or cites evidence about a year after its own.
    """
    dropped = set(without)
    held = [target for target in map(_target, table("targets")) if last_year(target.period) <= last]
    return tuple(target for target in held if not dropped & set(target.sources))


def _target(row: Mapping[str, str]) -> Target:
    name, sources = row["name"], tuple(row["sources"].split())
    if row["kind"] not in KINDS:
        raise ValueError(f"targets.csv: {name}.kind = {row['kind']!r}, but it must be one of {', '.join(KINDS)}")
    check_period(f"targets.csv: {name}", row["period"], LAST_YEARS[-1])
    last = last_year(row["period"])
    for source in sources:
        for found in evidence.resolve(source):
            if isinstance(found, Quantity):
                check_period(f"targets.csv: {name}: {source}", found.period, last)
            elif isinstance(found, Case):
                check_period(f"targets.csv: {name}: {source}", found.public, last)
    low, central, high = (_number(row[end]) for end in ("low", "central", "high"))
    scatter = _number(row["scatter"])
    if row["kind"] == "lognormal" and scatter is None:
        if low is None or high is None:
            raise ValueError(f"targets.csv: {name} has neither a scatter nor both bounds; give one of them")
        scatter = float(np.log(high / low) / 2 / NINETY)
    return Target(name, row["summary"], row["kind"], low, central, high, scatter, row["period"], sources)


def check_period(place: str, period: str, last: int = LAST_YEAR) -> None:
    """Refuse a period that is not stated or does not lie within 2022 to `last`, the last year of a calibration.

    Raises
    ------
    ValueError
        Names the place and the year.
    """
    years = _years(period)
    if not years:
        raise ValueError(f"{place}: the period {period!r} names no year, so it cannot be known to end by {last}")
    if max(years) > last or min(years) < FIRST_YEAR:
        raise ValueError(
            f"{place}: the period {period!r} leaves {FIRST_YEAR} to {last}; nothing else may be used to calibrate"
        )


def last_year(period: str) -> int:
    """Return the last year that a period names."""
    return max(_years(period))


def _years(period: str) -> list[int]:
    return [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", period)]


def _number(cell: str) -> float | None:
    """Return a typed number, or one named by evidence id and column (``Q031.low``), in chips, firms, H100e or US$."""
    if not cell:
        return None
    identity, _, column = cell.rpartition(".")
    if column not in ("low", "central", "high"):
        return float(cell)
    (row,) = evidence.resolve(identity)
    value = float(getattr(row, column))
    return value * UNITS.get(row.unit, 1.0) if isinstance(row, Quantity) else value


def log_weights(summary: Mapping[str, np.ndarray], held: Iterable[Target]) -> np.ndarray:
    """Return the summed log weights of runs under all targets, shape (runs,)."""
    return np.sum([target.log_weight(summary[target.summary]) for target in held], axis=0)
