"""What 2024 says of each parameter: which moved, which did not, and which trade off against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.calibration import latent
from supplysim.calibration.weighted import correlations, distance_from_normal, quantiles

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.calibration.sequential import Calibration

KOLMOGOROV = 1.63  # √n times the distance that chance exceeds in 1 of 100 samples of n
WEAKEST = 0.25  # correlation below which a pair is not called a trade-off
ORDINARY = 2.58  # √n times a correlation that chance exceeds in 1 of 100


def moved(calibration: Calibration) -> pd.DataFrame:
    """Return prior against posterior, one row a parameter, the one that moved most first.

    Columns: quantiles of both in the parameter's unit; ``shift`` and ``spread``, posterior mean and
    standard deviation in standard deviations of the prior (latent space); ``distance`` of Kolmogorov
    between the two; ``moved``, whether that is more than chance gives at this effective sample size.
    """
    import pandas as pd

    z, weight = calibration.bank.z, calibration.weight
    limit = KOLMOGOROV / np.sqrt(calibration.effective)
    rows = []
    for at, (name, prior) in enumerate(calibration.priors.items()):
        column = z[:, at]
        mean = float(weight @ column)
        values = latent.values(column[:, None], {name: prior})[name]
        low, middle, high = quantiles(values, weight)
        before = [prior.quantile(level) for level in (0.05, 0.5, 0.95)]
        distance = distance_from_normal(column, weight)
        rows.append(
            {
                "parameter": name,
                "prior_p05": before[0],
                "prior_median": before[1],
                "prior_p95": before[2],
                "posterior_p05": low,
                "posterior_median": middle,
                "posterior_p95": high,
                "shift": mean,
                "spread": float(np.sqrt(weight @ (column - mean) ** 2)),
                "distance": distance,
                "moved": distance > limit,
            }
        )
    return pd.DataFrame(rows).sort_values("distance", ascending=False, ignore_index=True)


def trade_offs(calibration: Calibration) -> pd.DataFrame:
    """Return the pairs whose posterior correlation in the latent space is not chance, strongest first."""
    import pandas as pd

    matrix = correlations(calibration.bank.z, calibration.weight)
    least = max(WEAKEST, ORDINARY / np.sqrt(calibration.effective))
    names = tuple(calibration.priors)
    first, second = np.triu_indices(len(names), 1)
    rows = [
        {"first": names[i], "second": names[j], "correlation": float(matrix[i, j])}
        for i, j in zip(first, second, strict=True)
        if abs(matrix[i, j]) > least
    ]
    table = pd.DataFrame(rows, columns=["first", "second", "correlation"])
    return table.sort_values("correlation", key=abs, ascending=False, ignore_index=True)
