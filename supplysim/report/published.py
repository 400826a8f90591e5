"""The published estimate that every comparison is held against: chips smuggled to China in 2024."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from supplysim import evidence

YEAR = 2024
VOLUME = "Q001"
_SEVERAL = 3  # the source says "several hundred thousand" and gives no digit; read as this many at least


@dataclass(frozen=True)
class PublishedRange:
    """Low end, median and high end of the published estimate, chips a year, and where it comes from."""

    low: float
    median: float
    high: float
    high_as_published: str
    source: str
    evidence_id: str


def number(citation: str, column: str) -> float:
    """Return the low, central or high value of a cited piece of evidence, in its unit."""
    (row,) = evidence.resolve(citation)
    return float(getattr(row, column))


@cache
def published_volume() -> PublishedRange:
    """Return the estimate of CNAS (2025) for 2024, evidence id Q001."""
    row = evidence.quantities()[VOLUME]  # a world pack may have one of its own, with digits
    return PublishedRange(
        low=number(VOLUME, "low"),
        median=number(VOLUME, "central"),
        high=_SEVERAL * 100_000.0 if row.high is None else row.high,
        high_as_published=row.text.removeprefix("high: ") if row.high is None else f"{row.high:,.0f}",
        source="CNAS (2025)",
        evidence_id=VOLUME,
    )
