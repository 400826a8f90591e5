"""How a measure is made: weeks combined into a span, and years into the window of a policy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

SUM, MEAN = "sum", "mean"  # how a weekly column is combined over a quarter
EXA_PER_TERA = 1e-6
WEEKS_A_YEAR, WEEKS_A_QUARTER = 52, 13


class Span(NamedTuple):
    """What measures are made of: the sum of every weekly column over some weeks, and how many weeks."""

    sums: Mapping[str, float]
    weeks: int


@dataclass(frozen=True)
class Combining(ABC):
    """How weekly columns become a measure: `columns` and `over_span` are each kind's own."""

    @property
    @abstractmethod
    def columns(self) -> dict[str, str]:
        """Weekly columns it is made of -> `SUM` or `MEAN`, how a quarter combines them."""

    @property
    def weighing(self) -> tuple[str, ...]:
        """Measures whose sum weighs the years; none: all years weigh the same."""
        return ()

    @property
    def in_words(self) -> str:
        """How years are taken together."""
        return "mean of the years" + (f", weighted by {' + '.join(self.weighing)}" if self.weighing else "")

    @abstractmethod
    def over_span(self, span: Span) -> float:
        """Return the measure over some weeks; NaN where it is undefined."""

    def over_years(self, values: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
        """Return it over several years, shape (runs,), from its values and those of `weighing`, (runs, years)."""
        return averaged(values, weights)


@dataclass(frozen=True)
class Total(Combining):
    """The sum of a weekly column, over weeks and over years."""

    column: str

    @property
    def columns(self) -> dict[str, str]:
        """The column, added up."""
        return {self.column: SUM}

    @property
    def in_words(self) -> str:
        """How years are taken together."""
        return "years are added up"

    def over_span(self, span: Span) -> float:
        """Return the sum over some weeks."""
        return span.sums[self.column]

    def over_years(self, values: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
        """Return the sum over years, shape (runs,)."""
        return values.sum(axis=1)


@dataclass(frozen=True)
class Mean(Combining):
    """The mean of a weekly column, over weeks and over years: of prices and of stocks."""

    column: str

    @property
    def columns(self) -> dict[str, str]:
        """The column, averaged."""
        return {self.column: MEAN}

    def over_span(self, span: Span) -> float:
        """Return the mean of some weeks."""
        return span.sums[self.column] / span.weeks


@dataclass(frozen=True)
class Ratio(Combining):
    """A sum over other sums, NaN where those are zero.

    Parameters
    ----------
    part : str
        Weekly column.
    whole : tuple of str
        Weekly columns, added up.
    weights : tuple of str
        Measures whose sum weighs the years: with those that the ratio is a share of, it is the ratio over the
        whole window.
    """

    part: str
    whole: tuple[str, ...]
    weights: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """Part and whole, added up."""
        return dict.fromkeys((self.part, *self.whole), SUM)

    @property
    def weighing(self) -> tuple[str, ...]:
        """Measures whose sum weighs the years."""
        return self.weights

    def over_span(self, span: Span) -> float:
        """Return the ratio of the sums over some weeks."""
        base = sum(span.sums[column] for column in self.whole)
        return span.sums[self.part] / base if base else float("nan")


@dataclass(frozen=True)
class ComputeShare(Combining):
    """Smuggled compute over all that China acquired in a year, by the published convention (MODEL 11).

    Parameters
    ----------
    per_chip : float
        Throughput of an H100, TFLOP/s.
    others : float
        Licensed and domestic compute of 2024, EFLOP/s.
    """

    per_chip: float
    others: float

    @property
    def columns(self) -> dict[str, str]:
        """Smuggled compute, added up."""
        return {"delivered_h100e": SUM}

    def of(self, h100e: Any, years: float = 1.0) -> Any:
        """Return the share for amounts of smuggled compute, H100e in some years."""
        smuggled = h100e * self.per_chip * EXA_PER_TERA
        return smuggled / (smuggled + self.others * years)

    def over_span(self, span: Span) -> float:
        """Return the share over some weeks."""
        return float(self.of(span.sums["delivered_h100e"], span.weeks / WEEKS_A_YEAR))


def averaged(values: np.ndarray, weights: Sequence[np.ndarray] = ()) -> np.ndarray:
    """Return the mean over years, shape (runs,); a year without a value does not count, NaN if none has one.

    Parameters
    ----------
    values : ndarray, shape (runs, years)
    weights : sequence of ndarray, shape (runs, years)
        Their sum is the weight of a year; none: all weigh the same.
    """
    import numpy as np

    weight = np.sum(weights, axis=0) if weights else np.ones_like(values)
    known = np.isfinite(values)
    whole = np.where(known, weight, 0.0).sum(axis=1)
    weighted = np.where(known, values * weight, 0.0).sum(axis=1)
    return np.divide(weighted, whole, out=np.full(whole.shape, np.nan), where=whole > 0.0)
