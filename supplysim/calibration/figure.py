"""Figures of a calibration: the volume of 2024 beside the published mixture, parameters that moved, coverage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplysim.calibration.volume import mixture

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.calibration.sequential import Calibration

SHOWN = 20  # parameters
BINS = np.geomspace(1e3, 2e6, 41)  # chips


def draw(calibration: Calibration, moved: pd.DataFrame, covered: pd.DataFrame, path: Path) -> None:
    """Write the three panels as one PNG file."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 5.2), layout="constrained")
    volume, shift, recovery = figure.subplots(1, 3, width_ratios=[1.1, 1, 1])
    found = calibration.bank.summary["delivered"]
    published = mixture(100_000)
    volume.hist(
        published, BINS, weights=np.full(published.size, 1 / published.size), color="#c9d3df", label="published"
    )
    volume.hist(
        found, BINS, weights=calibration.prior_weight, histtype="step", color="#8a8f98", linestyle="--", label="prior"
    )
    volume.hist(found, BINS, weights=calibration.weight, histtype="step", color="#b3452c", lw=1.8, label="posterior")
    volume.set(xscale="log", xlabel="chips delivered in 2024", ylabel="probability", title="Volume of 2024")
    volume.legend(frameon=False)
    top = moved.head(SHOWN).iloc[::-1]
    rows = np.arange(len(top))
    shift.axvspan(-1, 1, color="#eef1f5")
    shift.errorbar(top["shift"], rows, xerr=top["spread"], fmt="o", color="#b3452c", ms=4)
    shift.set_yticks(rows, top["parameter"], fontsize=7)
    shift.set(xlabel="standard deviations of the prior", title=f"Posterior of the {len(top)} that moved most")
    for way, colour in zip(covered["way"].unique(), ("#b3452c", "#2c6fb3"), strict=False):
        each = covered[covered["way"] == way]
        recovery.scatter(each["width"], 100 * each["coverage"], s=16, color=colour, label=way)
    recovery.axhline(90, color="#8a8f98", lw=0.8)
    recovery.set(
        ylim=(70, 101), xlabel="width of the 90 % interval over the prior's", ylabel="truths inside, %",
        title="Recovery of synthetic truths",
    )  # fmt: skip
    recovery.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=110)
