"""Recovery: truths drawn from the prior, degraded to what the public sees, and whether they are found again.

Every run of the bank is a possible truth. Two ways are tried on each: the targets alone, weighed as the
calibration does; and the targets with the public record, by regression-adjusted ABC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplysim.calibration.bank import Bank
from supplysim.calibration.targets import NINETY, Target
from supplysim.calibration.weighted import LEVELS, quantiles
from supplysim.report.published import number

if TYPE_CHECKING:
    import pandas as pd

ACCEPTED = 0.1  # share of the bank that rejection keeps
BOUNDS = ("floor", "ceiling")  # say nothing of a synthetic truth that lies within them


def scatter_of(target: Target) -> float:
    """Return the standard deviation with which the public sees a target's number, on the scale of `Target.seen`.

    The volume as uncertain as published: Q001's low end to several hundred thousand is 90 %.
    """
    if target.scatter is not None:
        return target.scatter
    low, middle = number("Q001", "low"), number("Q001", "central")
    return float(np.log(middle / low) / NINETY)


@dataclass(frozen=True)
class Seen:
    """What the public would see of every run.

    Attributes
    ----------
    targets : ndarray, shape (runs, targets)
        Log of each target's number (a count as it is), with its error.
    scatter : ndarray, shape (targets,)
        Standard deviation of these errors.
    record : ndarray, shape (runs, lines)
        Log of 1 plus each line of the public record, which is noisy already.
    """

    targets: np.ndarray
    scatter: np.ndarray
    record: np.ndarray


def degrade(bank: Bank, held: Sequence[Target], seed: int) -> Seen:
    """Return what the public would see of every run of a bank."""
    rng = np.random.default_rng(seed)
    used = [target for target in held if target.kind not in BOUNDS]
    scatter = np.array([scatter_of(target) for target in used])
    exact = _numbers(bank, used)
    lines = [name for name in bank.summary if "public:" in name]
    record = np.log1p(np.column_stack([bank.summary[name] for name in lines])) if lines else np.empty((bank.size, 0))
    return Seen(exact + scatter * rng.standard_normal(exact.shape), scatter, record)


def _numbers(bank: Bank, used: Sequence[Target]) -> np.ndarray:
    return np.column_stack([target.seen(bank.summary[target.summary]) for target in used])


def recover(bank: Bank, held: Sequence[Target], truths: int, seed: int) -> pd.DataFrame:
    """Recover the parameters of synthetic truths, spread evenly over the bank.

    Parameters
    ----------
    bank : Bank
        Runs drawn from the prior; the rest of it recovers each truth in turn.
    held : sequence of Target
        Whose numbers the public sees, with their errors.
    truths : int
    seed : int
        Of the errors.

    Returns
    -------
    DataFrame
        One row a truth, parameter and way: ``truth`` and the ``p05``, ``p50``, ``p95`` of what is found, in
        the latent space (the prior's 90 % interval is ±1.64).
    """
    import pandas as pd

    seen = degrade(bank, held, seed)
    exact = _numbers(bank, [target for target in held if target.kind not in BOUNDS])
    features = np.hstack([seen.targets, seen.record])
    centred = (features - features.mean(axis=0)) / np.maximum(features.std(axis=0), 1e-9)
    design = np.hstack([np.ones((bank.size, 1)), centred, centred**2])
    rows = []
    for truth in np.linspace(0, bank.size - 1, truths).astype(int):
        others = np.arange(bank.size) != truth
        away = (exact[others] - seen.targets[truth]) / seen.scatter
        log = -0.5 * (away * away).sum(axis=1)
        weight = np.exp(log - log.max())
        by_weight = np.array([quantiles(column, weight) for column in bank.z[others].T])
        by_regression = _adjusted(design, bank.z, truth, others)
        for way, found in (("targets", by_weight), ("targets and public record", by_regression)):
            rows += [
                {"run": truth, "way": way, "parameter": name, "truth": bank.z[truth, at]}
                | dict(zip(("p05", "p50", "p95"), found[at], strict=True))
                for at, name in enumerate(bank.names)
            ]
    return pd.DataFrame(rows)


def _adjusted(design: np.ndarray, z: np.ndarray, truth: int, others: np.ndarray) -> np.ndarray:
    """Return quantiles by regression-adjusted ABC, shape (parameters, 3).

    Semi-automatic (Fearnhead and Prangle 2012): the regression of a parameter on all that is seen is its
    summary. The nearest runs in that summary are kept and moved along it (Beaumont et al. 2002).
    """
    coefficients, *_ = np.linalg.lstsq(design[others], z[others], rcond=None)
    expected = design @ coefficients
    kept = round(ACCEPTED * others.sum())
    found = []
    for at in range(z.shape[1]):
        gap = expected[truth, at] - expected[others, at]
        nearest = np.argpartition(np.abs(gap), kept)[:kept]
        found.append(np.quantile(z[others][nearest, at] + gap[nearest], LEVELS))
    return np.array(found)


def coverage(recovered: pd.DataFrame) -> pd.DataFrame:
    """Return by way and parameter: coverage of the 90 % intervals, their width over the prior's, correlation."""
    inside = (recovered["truth"] >= recovered["p05"]) & (recovered["truth"] <= recovered["p95"])
    width = (recovered["p95"] - recovered["p05"]) / (2 * NINETY)
    table = recovered.assign(inside=inside, width=width)
    grouped = table.groupby(["way", "parameter"], sort=False)
    result = grouped.agg(truths=("truth", "size"), coverage=("inside", "mean"), width=("width", "mean"))
    result["correlation"] = grouped.apply(lambda g: g["truth"].corr(g["p50"]), include_groups=False)
    return result.reset_index()
