"""Quantiles, correlations and distances of weighted draws."""

from __future__ import annotations

import numpy as np
from scipy import special

LEVELS = (0.05, 0.5, 0.95)


def effective_size(weight: np.ndarray) -> float:
    """Return (Σ w)² / Σ w²: how many equal draws the weighted ones are worth (Kish); 0 without weight."""
    squares = (weight * weight).sum()
    return float(weight.sum() ** 2 / squares) if squares > 0.0 else 0.0


def quantiles(found: np.ndarray, weight: np.ndarray, levels: tuple[float, ...] = LEVELS) -> np.ndarray:
    """Return weighted quantiles; draws that are not known (NaN) do not count."""
    known = np.isfinite(found) & (weight > 0.0)
    order = np.argsort(found[known], kind="stable")
    values, share = found[known][order], np.cumsum(weight[known][order])
    middle = (share - 0.5 * weight[known][order]) / share[-1]
    return np.interp(levels, middle, values)


def correlations(z: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the weighted correlation matrix of the columns."""
    away = (z - weight @ z / weight.sum()) * np.sqrt(weight)[:, None]
    covariance = away.T @ away
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)


def distance_from_normal(z: np.ndarray, weight: np.ndarray) -> float:
    """Return the largest distance of the weighted distribution function from the standard normal's (Kolmogorov)."""
    order = np.argsort(z, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    before = np.concatenate([[0.0], share[:-1]])
    expected = special.ndtr(z[order])
    return float(np.maximum(np.abs(share - expected), np.abs(before - expected)).max())
