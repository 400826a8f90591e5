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
    shipments = world.shipments[: world.counts[0]["shipments"]]
    shipments = shipments[(shipments["status"] == ARRIVED) & (shipments["arrives"] < whole * QUARTER)]
    quarter, chips = shipments["arrives"] // QUARTER, shipments["quantity"]
    bought = world.distributors["country"][shipments["distributor"]]
    left = world.routes.row["last"][shipments["route"]]
    found = np.zeros((whole, len(TOUCHED)))
    np.add.at(found, (quarter, bought), chips)
    elsewhere = left != bought
    np.add.at(found, (quarter[elsewhere], left[elsewhere]), chips[elsewhere])
    return found
