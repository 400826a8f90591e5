"""A run by quarters: flows added up, levels averaged. Apart from the names in `quarters.py`, it loads compiled code."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplysim.outputs.measures import WEEKS_A_QUARTER, by_quarter
from supplysim.outputs.observation import announced
from supplysim.outputs.quarters import PUBLIC, TOUCHED
from supplysim.world.records import ARRIVED
from supplysim.world.state import World


def quarters(weekly: Mapping[str, np.ndarray], world: World) -> np.ndarray:
    """Return a run by quarters, shape (quarters, `quarters.kept`); a last part of a quarter is left out.

    Parameters
    ----------
    weekly : mapping of str to ndarray, shape (weeks,)
        As `Engine.columns` gives it.
    world : World
        Of the same run.
    """
    shown = by_quarter(weekly)
    published = announced(world, len(next(iter(weekly.values()))))
    weeks = np.array([published[name] for name in PUBLIC], dtype=float)[:, : len(shown) * WEEKS_A_QUARTER]
    record = weeks.reshape(len(PUBLIC), len(shown), WEEKS_A_QUARTER).sum(axis=2).T
    return np.concatenate([shown, record, touched(world, len(shown))], axis=1)


def touched(world: World, whole: int) -> np.ndarray:
    """Return arrived chips by every country they were bought in or last left from, shape (quarters, countries)."""
    sent = world.shipments[: world.counts[0]["shipments"]]
    row = np.flatnonzero((sent["status"] == ARRIVED) & (sent["arrives"] < whole * WEEKS_A_QUARTER))
    cell, chips = sent["arrives"][row] // WEEKS_A_QUARTER * len(TOUCHED), sent["quantity"][row]
    bought = world.distributors["country"][sent["distributor"][row]]
    left = world.routes.row["last"][sent["route"][row]]
    elsewhere = left != bought
    cells = np.concatenate([cell + bought, (cell + left)[elsewhere]])
    found = np.bincount(cells, np.concatenate([chips, chips[elsewhere]]), minlength=whole * len(TOUCHED))
    return found.reshape(whole, -1)
