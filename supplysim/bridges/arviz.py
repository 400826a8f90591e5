"""ArviZ: the weighted posterior sample as draws of equal weight, with what that costs in precision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from supplysim.errors import InputError
from supplysim.experiment.design import WEIGHT, posterior_of, posterior_sample
from supplysim.experiment.even_points import even_points
from supplysim.setup import gate
from supplysim.setup.scenario import Scenario

MOST = 1_000_000


def to_arviz(scenario: str | Path | Scenario, draws: int = 1000, seed: int = 7, sample: Path | None = None) -> Any:
    """Return the posterior that a scenario's pairs are drawn from as an xarray `DataTree`: one chain, equal weights.

    Rows are drawn with probability in proportion to their weights, at even points, so that a row comes up as often as
    its weight says to within one. The attributes of the group ``posterior`` tell what the sample is worth:
    `weighted_rows`, `effective_sample_size` (sum of w)^2 / sum of w^2, and `different_rows` among the draws. Draws are
    no Markov chain, and convergence statistics of ArviZ mean nothing of them.

    Parameters
    ----------
    scenario : str, Path or Scenario
    draws : int
    seed : int
        Moves the even points.
    sample : Path, optional
        Another file of `supplysim calibrate`.

    Raises
    ------
    InputError
        If there is no sample that this edition of the rules made, or arviz-base is not installed.
    """
    try:
        from arviz_base import from_dict
    except ImportError as error:
        raise InputError("arviz", None, "arviz-base is not installed", 'pip install "supplysim[bridges]"') from error
    draws = gate.whole(draws, "draws", 1, MOST, "choose 1000, say")
    file = posterior_of(gate.scenario_of(scenario)) if sample is None else sample
    columns = posterior_sample(file)
    weight = columns.pop(WEIGHT)
    running = np.cumsum(weight) / weight.sum()
    (start,) = even_points("rows for ArviZ", 0, gate.seed_of(seed))
    rows = np.minimum(np.searchsorted(running, (np.arange(draws) + start) / draws, side="right"), len(weight) - 1)
    tree = from_dict({"posterior": {name: column[rows][None, :] for name, column in columns.items()}})
    tree["posterior"].attrs.update(
        weighted_rows=int((weight > 0).sum()),
        effective_sample_size=float(weight.sum() ** 2 / (weight**2).sum()),
        different_rows=len({*rows.tolist()}),
        sample=file.name,
    )
    return tree
