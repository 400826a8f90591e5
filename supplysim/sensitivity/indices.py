"""Which parameters the volume and the ranking of policies hang on: Morris screening, then Sobol indices (SALib).

Run as ``python -m supplysim.sensitivity.indices``; the report is docs/sensitivity.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.evidence import Prior
from supplysim.experiment.executors import run_ordered
from supplysim.run import pair_seed
from supplysim.sensitivity.ranking import LEVERS, VOLUME_2024, VOLUME_LATER, order, rank_correlation

if TYPE_CHECKING:
    import pandas as pd

CHANCE = "chance"  # a factor like the others: which seed; what hangs on it is luck
EDGES = (0.05, 0.95)  # shares of each prior between which factors vary
SEEDS = 100_000
AGREEMENT, FIRST = "agreement with the usual ranking", "the usual first ranks first"
VOLUMES = (VOLUME_2024, VOLUME_LATER)

Model = Callable[[tuple[int, dict[str, float]]], dict[str, float]]


@dataclass(frozen=True)
class Study:
    """Evaluated points of a design.

    Attributes
    ----------
    factors : tuple of str
    points : ndarray, shape (runs, factors)
        Shares of the priors.
    results : dict of str to ndarray, shape (runs,)
        What the model returned.
    """

    factors: tuple[str, ...]
    points: np.ndarray
    results: dict[str, np.ndarray]

    @property
    def falls(self) -> np.ndarray:
        """What each lever cuts, shape (runs, levers)."""
        return np.column_stack([self.results[lever] for lever in LEVERS])

    def outputs(self) -> dict[str, np.ndarray]:
        """Return what sensitivity is measured on: log volumes, and how the ranking compares with the usual one."""
        reference = self.falls.mean(axis=0)
        first = order(self.falls)[0]
        return {
            **{name: np.log10(np.maximum(self.results[name], 1.0)) for name in VOLUMES},
            AGREEMENT: rank_correlation(self.falls, reference),
            FIRST: (self.falls.argmax(axis=1) == first).astype(float),
        }


def problem(factors: Sequence[str]) -> dict[str, Any]:
    """Return the factors as SALib wants them."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [list(EDGES)] * len(factors)}


def evaluate(
    points: np.ndarray,
    factors: Sequence[str],
    priors: Mapping[str, Prior],
    model: Model,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int, int, Any], None] | None = None,
) -> Study:
    """Run the model at every point; factors that are not varied stay at their prior's median."""
    tasks = []
    for point in points:
        shares = dict.fromkeys(priors, 0.5) | dict(zip(factors, point.tolist(), strict=True))
        luck = int(shares.pop(CHANCE, 0.5) * SEEDS)
        tasks.append((pair_seed(seed, luck), {name: prior.quantile(shares[name]) for name, prior in priors.items()}))
    found = run_ordered(partial(_call, model=model), tasks, None, workers, progress)
    return Study(tuple(factors), points, {name: np.array([row[name] for row in found]) for name in found[0]})


def _call(task: tuple[int, dict[str, float]], model: Model) -> dict[str, float]:
    return model(task)


def screening(priors: Mapping[str, Prior], trajectories: int, seed: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Return factors and points of Morris' design: `trajectories` times one more than there are factors."""
    from SALib.sample import morris

    factors = (*priors, CHANCE)
    return factors, morris.sample(problem(factors), trajectories, num_levels=4, seed=seed)


def screened(study: Study, seed: int) -> pd.DataFrame:
    """Return Morris' measures, one row an output and factor.

    ``mu_star``: mean size of the change in the output when a factor crosses its range; ``interval``, half
    width of its 90 % interval; ``sigma``: spread of the changes, from curvature and interplay.
    """
    import pandas as pd
    from SALib.analyze import morris

    tables = []
    for output, values in study.outputs().items():
        found = morris.analyze(problem(study.factors), study.points, values, num_levels=4, conf_level=0.9, seed=seed)
        tables.append(
            pd.DataFrame(
                {
                    "output": output,
                    "factor": list(study.factors),
                    "mu": found["mu"],
                    "mu_star": found["mu_star"],
                    "interval": found["mu_star_conf"],
                    "sigma": found["sigma"],
                    "runs": len(study.points),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def strongest(table: pd.DataFrame, each: int) -> tuple[str, ...]:
    """Return the `each` strongest factors of every output, chance among them, in the order of strength."""
    ranked = table.sort_values("mu_star", ascending=False, kind="stable")
    found = [name for _, rows in ranked.groupby("output", sort=False) for name in rows["factor"].head(each)]
    return tuple(dict.fromkeys([*found, CHANCE]))


def sobol_points(factors: Sequence[str], base: int, seed: int) -> np.ndarray:
    """Return Saltelli's points for first-order and total indices: base times two more than there are factors."""
    from SALib.sample import sobol

    return sobol.sample(problem(factors), base, calc_second_order=False, seed=seed)


def sobol_indices(study: Study, seed: int) -> pd.DataFrame:
    """Return first-order and total Sobol indices with the half widths of their 90 % intervals."""
    import pandas as pd
    from SALib.analyze import sobol

    tables = []
    for output, values in study.outputs().items():
        found = sobol.analyze(
            problem(study.factors), values, calc_second_order=False, num_resamples=200, conf_level=0.9, seed=seed
        )
        tables.append(
            pd.DataFrame(
                {
                    "output": output,
                    "factor": list(study.factors),
                    "first": found["S1"],
                    "first_interval": found["S1_conf"],
                    "total": found["ST"],
                    "total_interval": found["ST_conf"],
                    "runs": len(study.points),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def tornado(study: Study, output: str) -> pd.DataFrame:
    """Return an output where a factor is low and where it is high, the others being equal, the widest bar first.

    Low and high are the means of the lowest and the highest third of the points; the output there is that of
    the linear regression on all factors, so that chance correlations of a small design do not count.
    """
    import pandas as pd

    values, centred = study.outputs()[output], study.points - study.points.mean(axis=0)
    slope, *_ = np.linalg.lstsq(centred, values - values.mean(), rcond=None)
    rows = []
    for at, factor in enumerate(study.factors):
        column = centred[:, at]
        low, high = np.quantile(column, [1 / 3, 2 / 3])
        ends = column[column <= low].mean(), column[column >= high].mean()
        rows.append((factor, *(values.mean() + slope[at] * end for end in ends)))
    table = pd.DataFrame(rows, columns=["factor", "low", "high"])
    return table.iloc[(table["low"] - table["high"]).abs().argsort(kind="stable")[::-1]]
