"""What weighted runs say of 2024, beside what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from supplysim.calibration.weighted import quantiles
from supplysim.outputs.measures import INFERENCE, TRAINING
from supplysim.report.published import number, published_volume

CENTRAL_WITHIN = 0.10  # of the published median
TAIL_LOW, TAIL_HIGH = 15_000.0, 700_000.0  # chips: the 90 % interval is to reach at least this far


@dataclass(frozen=True)
class Beside:
    """A number of 2024: its 5, 50 and 95 % quantiles before and after, and what is published."""

    name: str
    unit: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    published: tuple[float | None, float | None, float | None]
    sources: str
    role: str  # "target", or "check": never used to fit

    @property
    def distance(self) -> float | None:
        """Posterior median over the published one, minus 1; None where no median is published."""
        return None if self.published[1] is None else self.posterior[1] / self.published[1] - 1.0


def beside(summary: Mapping[str, np.ndarray], prior: np.ndarray, posterior: np.ndarray) -> list[Beside]:
    """Return the numbers of 2024 over the prior weights and the posterior weights of the same runs."""
    training = TRAINING.of(summary["delivered_h100e"])
    inference = INFERENCE.of(summary["delivered_h100e"])
    volume = published_volume()

    def published(identity: str) -> tuple[float | None, float | None, float | None]:
        return number(identity, "low"), number(identity, "central"), number(identity, "high")

    def flow(identity: str) -> tuple[None, float, None]:
        return None, 1e6 * number(identity, "central"), None

    rows: list[tuple[str, str, np.ndarray, tuple[float | None, float | None, float | None], str, str]] = [
        ("chips delivered", "chips", summary["delivered"], (volume.low, volume.median, volume.high), "Q001", "target"),
        ("share of training compute", "%", 100 * training, _percent(published("Q003")), "Q003", "check"),
        ("share of inference compute", "%", 100 * inference, _percent(published("Q004")), "Q004", "check"),
        (
            "mark-up", "x list", summary["mark_up"],
            (number("P:B13", "central"), None, number("P:B15", "central")), "P:B13 P:B15", "target",
        ),
        ("small sellers", "firms", summary["sellers"], published("Q031"), "Q031", "target"),
        ("median order", "chips", summary["order_median"], (10.0, None, 100.0), "Q069", "target"),
        ("largest order", "chips", summary["order_largest"], published("Q040"), "Q040", "target"),
        ("prosecutions", "a year", summary["prosecutions"], (None, None, 13.0), "Q151", "target"),
        ("licensed compute", "H100e", summary["licensed_h100e"], flow("Q132b"), "Q132b", "target"),
        ("domestic compute", "H100e", summary["domestic_h100e"], flow("Q132a"), "Q132a", "target"),
        ("rented compute", "H100e", summary["rented_h100e"], flow("Q132c"), "Q132c", "target"),
        ("start of trade to removal", "months", summary["case_months"], published("Q177"), "Q177", "check"),
    ]  # fmt: skip
    return [
        Beside(name, unit, _triple(found, prior), _triple(found, posterior), known, sources, role)
        for name, unit, found, known, sources, role in rows
    ]


def _percent(values: tuple[float | None, ...]) -> tuple[float | None, float | None, float | None]:
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
