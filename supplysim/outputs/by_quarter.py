"""A run by quarters: flows added up, levels averaged. Apart from the names in `quarters.py`, it loads compiled code."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplysim.outputs.observation import announced
from supplysim.outputs.quarters import MEANS, PUBLIC, QUARTER, SUMS, TOUCHED
from supplysim.world.records import ARRIVED
from supplysim.world.state import World


def quarters(weekly: Mapping[str, np.ndarray], world: World) -> np.ndarray:
    """Return a run by quarters, shape (quarters, KEPT); a last part of a quarter is left out.

    Parameters
    ----------
    weekly : mapping of str to ndarray, shape (weeks,)
        As `Engine.columns` gives it.
    world : World
        Of the same run.
    """
    weeks = len(weekly[SUMS[0]])
    published = announced(world, weeks)
    columns = [*(weekly[name] for name in (*SUMS, *MEANS)), *(published[name] for name in PUBLIC)]
    whole = weeks // QUARTER
    used = np.stack(columns, axis=1).astype(float)[: whole * QUARTER].reshape(whole, QUARTER, -1)
    first, last = len(SUMS), len(SUMS) + len(MEANS)
    parts = [used[:, :, :first].sum(axis=1), used[:, :, first:last].mean(axis=1), used[:, :, last:].sum(axis=1)]
    return np.concatenate([*parts, touched(world, whole)], axis=1)


def touched(world: World, whole: int) -> np.ndarray:
    """Return arrived chips by every country they were bought in or last left from, shape (quarters, countries)."""
    sent = world.shipments[: world.counts[0]["shipments"]]
    row = np.flatnonzero((sent["status"] == ARRIVED) & (sent["arrives"] < whole * QUARTER))
    cell, chips = sent["arrives"][row] // QUARTER * len(TOUCHED), sent["quantity"][row]
    bought = world.distributors["country"][sent["distributor"][row]]
    left = world.routes.row["last"][sent["route"][row]]
    elsewhere = left != bought
    cells = np.concatenate([cell + bought, (cell + left)[elsewhere]])
    found = np.bincount(cells, np.concatenate([chips, chips[elsewhere]]), minlength=whole * len(TOUCHED))
    return found.reshape(whole, -1)
