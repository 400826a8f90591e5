"""Parameters as standard normal numbers: one space for every prior, its lumps and bounds included."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special

from supplysim.evidence import Prior
from supplysim.experiment.design import even_points

EDGE = 8.0  # standard deviations: beyond, a share of the prior rounds to 0 or 1


def points(parameters: int, count: int, seed: int) -> np.ndarray:
    """Return even points of each column, paired by chance, as standard normal numbers, shape (count, parameters)."""
    exponent = (count - 1).bit_length()  # whole powers of two are even
    columns = [even_points(f"column {at} of a calibration", exponent, seed)[:count] for at in range(parameters)]
    return special.ndtri(np.column_stack(columns))


def values(z: np.ndarray, priors: Mapping[str, Prior]) -> dict[str, np.ndarray]:
    """Return the parameters at points of the latent space.

    Parameters
    ----------
    z : ndarray, shape (draws, parameters)
        Standard normal under the prior; columns in the order of `priors`.
    priors : mapping of str to Prior

    Returns
    -------
    dict of str to ndarray, shape (draws,)
        In each parameter's own unit: its prior's quantile at Φ(z).
    """
    shares = special.ndtr(np.clip(z, -EDGE, EDGE))
    return {name: prior.quantile(shares[:, column]) for column, (name, prior) in enumerate(priors.items())}


def draws(z: np.ndarray, priors: Mapping[str, Prior]) -> list[dict[str, float]]:
    """Return `values` as one dict a draw, as the model takes them."""
    columns = values(z, priors)
    return [{name: float(column[row]) for name, column in columns.items()} for row in range(len(z))]


def log_prior(z: np.ndarray) -> np.ndarray:
    """Return the log density of the prior in the latent space, without its constant, shape (draws,)."""
    return -0.5 * (z * z).sum(axis=1)
