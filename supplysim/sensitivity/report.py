"""The report of the sensitivity studies: docs/sensitivity.md and its tornado figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from supplysim.edition import stamp
from supplysim.report.formatting import plain
from supplysim.report.markdown import notice, table
from supplysim.sensitivity.indices import AGREEMENT, CHANCE, FIRST, VOLUMES, Study
from supplysim.sensitivity.ranking import VOLUME_2024, VOLUME_LATER, order
from supplysim.sensitivity.sources import TOP, WIDER, Verdict, tops

if TYPE_CHECKING:
    import pandas as pd

FIGURE = "sensitivity.png"
COMMAND = "python -m supplysim.sensitivity.run"
SHOWN = 10  # factors a table, 12 a panel
UNITS = {VOLUME_2024: "log10 chips", VOLUME_LATER: "log10 chips", AGREEMENT: "rank correlation", FIRST: "probability"}


def report(
    screen: pd.DataFrame,
    indices: pd.DataFrame,
    morris: Study,
    sobol: Study,
    usual: np.ndarray,
    stability: float,
    verdicts: Sequence[Verdict],
    levers: Sequence[str],
) -> str:
    """Return the report as Markdown."""
    parts = [
        notice(COMMAND, stamp()),
        "# Sensitivity",
        "What the volume and the ranking of the six recommendations hang on. *Agreement* is the rank correlation of "
        "the six falls in deliveries (2025–26) with their usual order, the order of the mean falls; *first* is "
        f"whether the lever that usually ranks first does. The factor `{CHANCE}` is the seed: what hangs on it is "
        "luck, and its share bounds what can be said from one run. The model explores and compares; it does not "
        "forecast.",
        f"![Tornado]({FIGURE})",
        "## Ranking over the priors",
        _ranking(morris, levers),
        f"## Morris screening ({len(morris.points)} points, {len(morris.points) * (1 + len(levers))} runs)",
        *(_screened(screen, output) for output in screen["output"].unique()),
        f"## Sobol indices ({len(sobol.points)} points, {len(sobol.points) * (1 + len(levers))} runs)",
        "Of the factors that screening put first on any output; the others are held at their medians. *First* is the "
        "share of the variance that a factor explains alone, *total* with its interplay; 90 % intervals. Small "
        "negative values are noise.",
        *(_indices(indices, output) for output in indices["output"].unique()),
        "## Leave one source out",
        _sources(usual, stability, verdicts, levers),
    ]
    return "\n\n".join(parts) + "\n"


def _ranking(study: Study, levers: Sequence[str]) -> str:
    falls = study.falls
    first = np.bincount(falls.argmax(axis=1), minlength=len(levers)) / len(falls)
    rows = [
        (
            levers[at],
            " / ".join(f"{value:+.1%}" for value in np.quantile(-falls[:, at], [0.05, 0.5, 0.95])),
            f"{first[at]:.0%}",
        )
        for at in order(falls)
    ]
    return (
        "Change in chips delivered in 2025–26, over the points of the screening (no weights: the corners of the priors "
        "count as much as their middle).\n\n" + table(("lever", "5 / 50 / 95 %", "ranks first in"), rows)
    )


def _screened(screen: pd.DataFrame, output: str) -> str:
    each = screen[screen["output"] == output].sort_values("mu_star", ascending=False).head(SHOWN)
    rows = [
        (row.factor, f"{plain(row.mu_star, 2)} ± {plain(row.interval, 2)}", plain(row.mu, 2), plain(row.sigma, 2))
        for row in each.itertuples()
    ]
    return f"### {output}\n\n" + table(("factor", f"mu* ({UNITS[output]})", "mu", "sigma"), rows)


def _indices(indices: pd.DataFrame, output: str) -> str:
    each = indices[indices["output"] == output].sort_values("total", ascending=False)
    rows = [
        (row.factor, f"{row.first:.2f} ± {row.first_interval:.2f}", f"{row.total:.2f} ± {row.total_interval:.2f}")
        for row in each.itertuples()
    ]
    return f"### {output}, Sobol\n\n" + table(("factor", "first", "total"), rows)


def _sources(usual: np.ndarray, stability: float, verdicts: Sequence[Verdict], levers: Sequence[str]) -> str:
    ranked = order(usual)
    standing = ", ".join(f"{levers[at]} ({-usual[:, at].mean():+.1%})" for at in ranked)
    rows = [
        (
            " ".join(verdict.dropped.ids),
            ", ".join(verdict.dropped.parameters) or "–",
            ", ".join(verdict.dropped.targets) or "–",
            top,
            "yes" if verdict.changed else "no",
            "yes" if verdict.first_changed else "no",
            f"{verdict.share_changed:.0%}",
        )
        for verdict, top in zip(verdicts, tops(verdicts, levers), strict=True)
    ]
    two = set(ranked[:2].tolist())
    steady = sum(set(verdict.top[:2]) == two for verdict in verdicts)
    same_first = sum(not verdict.first_changed for verdict in verdicts)
    changing = [" ".join(verdict.dropped.ids) for verdict in verdicts if verdict.changed]
    rows.sort(key=lambda row: -float(row[-1].rstrip("%")))
    return (
        f"With all evidence, over {len(usual)} posterior draws: {standing}. Resampling these draws alone changes the "
        f"set of the first {TOP} in {stability:.0%} of resamples, so a source matters only if dropping it does so "
        f"clearly more often. Dropped: priors that cite it get {WIDER:g} times their spread; targets that cite it are "
        "taken out and the calibration's runs weighed again. Sources with the same consequences are dropped "
        "together. Where a target goes, other runs are drawn, so part of a change is chance.\n\n"
        f"The first lever stays the same in {same_first} of {len(verdicts)} cases, the first two in {steady}. "
        f"**The first {TOP} change without: {', '.join(changing) or 'none'}.**\n\n"
        + table(
            (
                "evidence", "parameters", "targets", f"first {TOP} without it", "other set", "other first",
                "other set in resamples",
            ),
            rows,
        )
    )  # fmt: skip


def draw(bars: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write a tornado for each output: its mean where a factor is in the lowest and in the highest third."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 8), layout="constrained")
    for axes, (output, bar) in zip(figure.subplots(2, 2).flat, bars.items(), strict=True):
        top = bar.head(12).iloc[::-1]
        rows = np.arange(len(top))
        middle = float((top["low"] + top["high"]).mean() / 2)
        axes.barh(rows, top["low"] - middle, left=middle, color="#2c6fb3", label="factor low")
        axes.barh(rows, top["high"] - middle, left=middle, color="#b3452c", label="factor high")
        axes.axvline(middle, color="#333333", lw=0.8)
        axes.set_yticks(rows, top["factor"], fontsize=8)
        axes.set(title=output, xlabel=UNITS[output] if output not in VOLUMES else "mean of log10 chips")
    figure.axes[0].legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=110)
