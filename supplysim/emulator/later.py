"""Levers that start some years after the scenario's policies do, from what was fitted to those that start with them.

What a lever does to a world, against that world, hangs on the years since its start: relative changes move along time
and meet the baseline of the years in which they come. How good that is, is tested on packages that were run so.
"""

from __future__ import annotations

import numpy as np

Layout = tuple[int, int, int]  # series by quarter, measures by year, years after the policies' start


def delayed(
    mean: np.ndarray,
    spread: np.ndarray,
    ratio: np.ndarray,
    widened: np.ndarray,
    z: np.ndarray,
    base: np.ndarray,
    layout: Layout,
    years: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and spread of differences, log ratios, added variance and z of outputs that begin `years` later.

    Parameters
    ----------
    mean, spread, ratio, widened, base : ndarray, shape (outputs,)
        Of levers that start with the scenario's policies; `base` is the mean of the baseline.
    z : ndarray, shape (levels, outputs)
    layout : tuple of int
        Outputs are quarters of each series, then years and the whole window of each measure.
    years : int

    Returns
    -------
    tuple of ndarray
        The five as they were given, and the part of each measure's whole change that is left, shape (measures,).
    """
    series, measures, late = layout
    quarters = series * 4 * late
    relative = np.where(base != 0.0, base, 1.0)
    found = [mean / relative, spread / np.abs(relative), ratio, widened, z]
    moved = [np.zeros_like(values) for values in found]
    for values, to in zip(found, moved, strict=True):
        by_quarter = values[..., :quarters].reshape(*values.shape[:-1], series, 4 * late)
        to_quarter = np.zeros_like(by_quarter)
        to_quarter[..., 4 * years :] = by_quarter[..., : 4 * (late - years)]
        by_year = values[..., quarters:].reshape(*values.shape[:-1], measures, late + 1)
        to_year = np.zeros_like(by_year)
        to_year[..., years:late] = by_year[..., : late - years]
        to_year[..., late] = by_year[..., late] if values is z else to_year[..., :late].mean(axis=-1)
        flat = [part.reshape(*values.shape[:-1], -1) for part in (to_quarter, to_year)]
        to[...] = np.concatenate(flat, axis=-1)
    mean_there, spread_there = moved[0] * relative, moved[1] * np.abs(relative)
    whole = base[quarters:].reshape(measures, late + 1)
    first = mean[quarters:].reshape(measures, late + 1)[:, late]
    of_year = mean_there[quarters:].reshape(measures, late + 1)
    usual = whole[:, :late].mean(axis=1)
    times = np.where(usual != 0.0, whole[:, late] / np.where(usual != 0.0, usual, 1.0), 1.0)  # years that are summed
    of_year[:, late] = of_year[:, :late].mean(axis=1) * times
    of_spread = spread_there[quarters:].reshape(measures, late + 1)
    of_spread[:, late] = of_spread[:, :late].mean(axis=1) * np.abs(times)
    left = np.divide(of_year[:, late], first, out=np.zeros(measures), where=first != 0.0)
    return mean_there, spread_there, moved[2], moved[3], moved[4], left
