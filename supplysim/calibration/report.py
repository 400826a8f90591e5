"""The report of a calibration in words and tables: docs/calibration.md and docs/calibration-2025.md."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from supplysim import evidence
from supplysim.calibration.posterior import ROWS
from supplysim.calibration.predictive import TAIL_HIGH, TAIL_LOW, Beside, volume_holds
from supplysim.calibration.targets import LAST_YEAR, Target
from supplysim.calibration.volume import mixture
from supplysim.calibration.weighted import LEVELS
from supplysim.evidence import Quantity
from supplysim.report.formatting import plain, triple
from supplysim.report.markdown import notice, table

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.calibration.sequential import Calibration

USED_BY = {  # last year -> which comparisons are drawn from it
    2024: "It answers for every scenario whose policies start before 2026, so that 2025 can be scored.",
    2025: "It answers for scenarios whose policies start in 2026 or later; [calibration.md](calibration.md) is the one "
    "that has not looked at 2025.",
}


def names(last: int) -> tuple[str, str]:
    """Return what the report and its figure are called, by the last year that the calibration looked at."""
    stem = "calibration" if last == LAST_YEAR else f"calibration-{last}"
    return f"{stem}.md", f"{stem}.png"


def report(
    calibration: Calibration,
    made: dict[str, Any],
    held: tuple[Target, ...],
    numbers: list[Beside],
    moved: pd.DataFrame,
    pairs: pd.DataFrame,
    covered: pd.DataFrame,
) -> str:
    """Return the report as Markdown."""
    parts = [
        notice(made["command"], f"edition {made['edition']}"),
        f"# Calibration to 2022–{made['to']}",
        _opening(calibration, made),
        f"![Volume, parameters and recovery]({names(made['to'])[1]})",
        "## Prior and posterior, beside what is published",
        _numbers(numbers),
        _volume(numbers[0]),
        "## Targets",
        _targets(held, made["to"]),
        "## What moved and what did not",
        _moved(calibration, moved),
        "## Trade-offs",
        _pairs(pairs),
        "## Recovery of synthetic truths",
        _recovery(covered),
        "## What this does not show",
        _limits(made["to"]),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(calibration: Calibration, made: dict[str, Any]) -> str:
    history = ", ".join(plain(size) for size in calibration.history)
    counts = ", ".join(str(sum(proposal.counts)) for proposal in calibration.proposals)
    last = made["to"]
    return (
        f"`{made['command']}` (seed {made['seed']}, supplysim {made['versions']['supplysim']}, source "
        f"{(made['source_revision'] or 'unknown')[:12]}) ran `{made['scenario']}` from January 2023 to the end of "
        f"{last} {made['runs']:,} times, in populations of {counts}; effective sample size after each: {history}; of "
        f"all in finer cells of the volume: {calibration.effective:,.0f}. {len(calibration.priors)} parameters are "
        "uncertain; a later population follows only those of which the runs before say something clear (at most "
        f"{calibration.followed}) and draws the rest from the prior. Method: adaptive multiple importance sampling "
        "with ABC weights, and Jeffrey's rule for the volume of 2024, whose target is a distribution "
        f"(docs/decisions/0010). Nothing after {last} is a target, and no week after {last} is simulated; "
        f"`tests/test_calibration.py` checks both. {USED_BY[last]} The model explores and compares; it does not "
        "forecast."
    )


def _numbers(numbers: list[Beside]) -> str:
    rows = [
        (
            str(row.year), row.name, row.unit, triple(row.prior), triple(row.posterior), triple(row.published),
            "–" if row.distance is None else f"{row.distance:+.0%}", row.role, row.sources,
        )
        for row in numbers
    ]  # fmt: skip
    return "5 / 50 / 95 %. A *check* was never used to fit.\n\n" + table(
        ("year", "", "unit", "prior", "posterior", "published", "median, distance", "role", "evidence"), rows
    )


def _volume(volume: Beside) -> str:
    import numpy as np

    rebuilt = triple(np.quantile(mixture(), LEVELS).tolist())
    verdict = "holds" if volume_holds(volume) else "does not hold"
    return (
        f"Volume target of 2024: the published mixture rebuilt from Q031–Q039, {rebuilt} at 5 / 50 / 95 %. Aim: "
        f"median within 10 % of the published one, 90 % interval from {plain(TAIL_LOW)} or less to "
        f"{plain(TAIL_HIGH)} or more: **{verdict}**. Training and inference shares follow from the same volume by "
        "fixed denominators (Q005–Q009): "
        "they are shown, and not counted as further evidence. Of compute another study's estimate (est:E002) stands "
        "beside and is not fitted: it counts another mix of chips by another method."
    )


def _targets(held: tuple[Target, ...], last: int) -> str:
    rows = [
        (
            target.name, target.kind, triple((target.low, target.central, target.high)),
            plain(target.scatter), target.period, " ".join(target.sources),
        )
        for target in held
    ]  # fmt: skip
    return (
        table(("target", "kind", "low / centre / high", "scatter", "period", "evidence"), rows)
        + "\n\nScatter is that of logarithms, of a count that of the number itself. The lag from conduct to public "
        f"action (Q170–Q177) is no target: {'all but one' if last == LAST_YEAR else 'some'} of these became public "
        f"after {last}. Shares of routes are none: they are inputs."
    )


def _moved(calibration: Calibration, moved: pd.DataFrame) -> str:
    rows = [
        (
            row.parameter,
            triple((row.prior_p05, row.prior_median, row.prior_p95)),
            triple((row.posterior_p05, row.posterior_median, row.posterior_p95)),
            f"{row.shift:+.2f}", f"{row.spread:.2f}", f"{row.distance:.2f}", "yes" if row.moved else "no",
        )
        for row in moved.itertuples()
    ]  # fmt: skip
    still = ", ".join(f"`{name}`" for name in moved.loc[~moved["moved"], "parameter"])
    return (
        f"Effective sample size {calibration.effective:,.0f}. Shift and spread are the posterior's mean and standard "
        "deviation in standard deviations of the prior; *moved* means that the distance (Kolmogorov) is beyond what "
        "chance gives once in a hundred.\n\n"
        + table(("parameter", "prior", "posterior", "shift", "spread", "distance", "moved"), rows)
        + f"\n\n**Did not move** ({(~moved['moved']).sum()} of {len(moved)}): {still}. For these, what the model says "
        "rests on the prior, mostly an assumption: aggregates of so few years do not identify enforcement."
    )


def _pairs(pairs: pd.DataFrame) -> str:
    if pairs.empty:
        return "No pair of parameters is correlated beyond chance in the posterior."
    rows = [(row.first, row.second, f"{row.correlation:+.2f}") for row in pairs.itertuples()]
    return (
        "Pairs that the targets tie together without telling them apart (posterior correlation in the latent "
        "space).\n\n" + table(("parameter", "parameter", "correlation"), rows)
    )


def _recovery(covered: pd.DataFrame) -> str:
    rows = []
    for way, each in covered.groupby("way", sort=False):
        known = each[each["width"] < 0.9].sort_values("width")
        found = ", ".join(f"`{row.parameter}` ({row.correlation:.2f})" for row in known.itertuples()) or "none"
        low, high = each["coverage"].min(), each["coverage"].max()
        rows.append(
            (way, str(each["truths"].iloc[0]), f"{each['coverage'].mean():.1%}", f"{low:.0%} to {high:.0%}", found)
        )
    return (
        "Truths are runs of the prior bank; what is seen of each is degraded: its targets by their scatter, and the "
        "public record (published seizures and prosecutions, listings, gaps in trade statistics), which is late and "
        "noisy in itself. *Targets* weighs the bank as the calibration does; *targets and public record* is "
        "regression-adjusted ABC on the same bank. Coverage should be 90 %.\n\n"
        + table(
            (
                "seen", "truths", "coverage of 90 % intervals", "by parameter",
                "recovered: interval below 0.9 of the prior's (correlation with the truth)",
            ),
            rows,
        )
    )  # fmt: skip


def _limits(last: int) -> str:
    late = ", ".join(f"{name} ({', '.join(ids)})" for name, ids in late_sources(last).items())
    return (
        "- Volume, price, flows and seller counts move what shapes demand and capacity; enforcement, learning and "
        "most detection parameters keep their priors. Rankings of policies must be read over these priors.\n- The "
        "published volume and the seller counts come from one study, so they are not independent.\n- Priors of these "
        f"parameters cite evidence that reaches past {last}; it shaped the prior when the model was specified, "
        f"and no calibration uses it: {late}.\n- The scatter of targets published as points is an assumption.\n- "
        f"Quantiles above are of the weighted runs themselves; the shipped sample stands for them in {ROWS:,} even "
        "steps through their weight."
    )


def late_sources(last: int = LAST_YEAR) -> dict[str, list[str]]:
    """Return the uncertain parameters whose sources are about a time after a year, with these sources."""
    found = {}
    for name, parameter in evidence.parameters().items():
        ids = [
            row.id
            for row in parameter.evidence
            if isinstance(row, Quantity) and any(int(y) > last for y in re.findall(r"20\d\d", row.period))
        ]
        if parameter.prior is not None and ids:
            found[name] = ids
    return found
