"""What weighted runs say of the calibrated years, beside what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from supplysim.calibration.summary import key
from supplysim.calibration.targets import LAST_YEAR, LAST_YEARS, UNITS
from supplysim.calibration.weighted import quantiles
from supplysim.outputs.measures import INFERENCE, TRAINING
from supplysim.report.published import number, published_volume

CENTRAL_WITHIN = 0.10  # of the published median
TAIL_LOW, TAIL_HIGH = 15_000.0, 700_000.0  # chips: the 90 % interval is to reach at least this far
NOTHING = (None, None, None)

Published = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class Beside:
    """A number of a year: its 5, 50 and 95 % quantiles before and after, and what is published."""

    year: int
    name: str
    unit: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    published: Published
    sources: str
    role: str  # "target"; "check": never used to fit; or "not published"

    @property
    def distance(self) -> float | None:
        """Posterior median over the published one, minus 1; None where no median is published."""
        return self.posterior[1] / self.published[1] - 1.0 if self.published[1] else None


def beside(
    summary: Mapping[str, np.ndarray], prior: np.ndarray, posterior: np.ndarray, last: int = LAST_YEAR
) -> list[Beside]:
    """Return numbers of the years to `last`, over the prior weights and the posterior weights of the same runs."""
    rows = _of_2024(summary) + (_of_2025(summary) if last >= LAST_YEARS[1] else [])
    return [
        Beside(year, name, unit, _triple(found, prior), _triple(found, posterior), known, sources, role)
        for year, name, unit, found, known, sources, role in rows
    ]


Row = tuple[int, str, str, np.ndarray, Published, str, str]


def _of_2024(summary: Mapping[str, np.ndarray]) -> list[Row]:
    training = TRAINING.of(summary["delivered_h100e"])
    inference = INFERENCE.of(summary["delivered_h100e"])
    volume = published_volume()
    rows: list[tuple[str, str, np.ndarray, Published, str, str]] = [
        ("chips delivered", "chips", summary["delivered"], (volume.low, volume.median, volume.high), "Q001", "target"),
        ("smuggled compute", "H100e", summary["delivered_h100e"], _published("est:E002"), "est:E002", "check"),
        ("share of training compute", "%", 100 * training, _percent(_published("Q003")), "Q003", "check"),
        ("share of inference compute", "%", 100 * inference, _percent(_published("Q004")), "Q004", "check"),
        (
            "mark-up", "x list", summary["mark_up"],
            (number("P:B13", "central"), None, number("P:B15", "central")), "P:B13 P:B15", "target",
        ),
        ("small sellers", "firms", summary["sellers"], _published("Q031"), "Q031", "target"),
        ("median order", "chips", summary["order_median"], (10.0, None, 100.0), "Q069", "target"),
        ("largest order", "chips", summary["order_largest"], _published("Q040"), "Q040", "target"),
        ("prosecutions", "a year", summary["prosecutions"], (None, None, 13.0), "Q151", "target"),
        (
            "US prosecutions, 2023 and 2024", "cases", summary["prosecutions_us_so_far"],
            (None, 0.0, None), "enf:F002 enf:F003", "target",
        ),
        ("licensed compute", "H100e", summary["licensed_h100e"], _flow("Q132b"), "Q132b", "target"),
        ("domestic compute", "H100e", summary["domestic_h100e"], _flow("Q132a"), "Q132a", "target"),
        ("rented and offshore compute", "H100e", summary["abroad_h100e"], _flow("Q132c"), "Q132c", "target"),
        ("start of trade to removal", "months", summary["case_months"], _published("Q177"), "Q177", "check"),
    ]  # fmt: skip
    return [(2024, *row) for row in rows]


def _of_2025(summary: Mapping[str, np.ndarray]) -> list[Row]:
    def of(name: str) -> np.ndarray:
        return summary[key(2025, name)]

    price = (number("dem:D096", "central"), None, number("dem:D095", "central"))
    value = (number("est:E006", "low") * UNITS["US$ bn"] / 1e6, None, None)
    cases = (number("enf:F004", "low"), number("enf:F004", "central"), number("enf:F004", "high"))
    host = (None, number("enf:F008", "central"), None)
    rows: list[tuple[str, str, np.ndarray, Published, str, str]] = [
        ("chips delivered", "chips", of("delivered"), NOTHING, "–", "not published"),
        ("smuggled compute", "H100e", of("delivered_h100e"), _published("est:E003"), "est:E003", "target"),
        ("price of class B", "x list", of("price_over_list:B"), price, "dem:D095 dem:D096", "target"),
        ("value paid", "million US$", of("value") / 1e6, value, "est:E006", "target"),
        ("US prosecutions", "cases", of("prosecutions_us"), cases, "enf:F004", "target"),
        ("prosecutions by hosts", "cases", of("prosecutions_host"), host, "enf:F008", "target"),
        ("licensed compute", "H100e", of("licensed_h100e"), _flow("Q133b"), "Q133b", "target"),
        ("domestic compute", "H100e", of("domestic_h100e"), _flow("Q133a"), "Q133a", "target"),
        ("rented and offshore compute", "H100e", of("abroad_h100e"), _flow("Q133c"), "Q133c", "target"),
    ]
    return [(2025, *row) for row in rows]


def _published(identity: str) -> Published:
    return number(identity, "low"), number(identity, "central"), number(identity, "high")


def _flow(identity: str) -> Published:
    return None, UNITS["M H100e"] * number(identity, "central"), None


def _percent(values: Published) -> Published:
    low, central, high = (None if value is None else 100 * value for value in values)
    return low, central, high


def _triple(found: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = quantiles(found, weight)
    return float(low), float(middle), float(high)


def volume_holds(volume: Beside) -> bool:
    """Return whether the volume is centred and as wide as it must be."""
    assert volume.distance is not None
    low, _, high = volume.posterior
    return abs(volume.distance) <= CENTRAL_WITHIN and low <= TAIL_LOW and high >= TAIL_HIGH
