"""A study as one labelled array a measure (xarray), for whoever thinks in dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplysim.edition import edition
from supplysim.errors import InputError
from supplysim.experiment.comparison import Comparison
from supplysim.outputs.measures import MEASURES
from supplysim.run import BASELINE

if TYPE_CHECKING:
    import xarray as xr


def to_xarray(study: Comparison) -> xr.Dataset:
    """Return every measure, dimensions (policy, pair, year), with units, and the parameters of each pair.

    `policy` begins with "baseline", so ``d - d.sel(policy="baseline")`` are the paired effects. `parameters` has the
    dimensions (pair, parameter); what a pair does not say is NaN.

    Raises
    ------
    InputError
        If xarray is not installed.
    """
    try:
        import xarray as xr
    except ImportError as error:
        raise InputError("to_xarray", None, "xarray is not installed", 'pip install "supplysim[bridges]"') from error
    arms, dims = [BASELINE, *study.arms], ("policy", "pair", "year")
    values = {
        measure: (
            dims,
            np.stack([np.array([pair[at].yearly[measure] for pair in study.runs]) for at in range(len(arms))]),
            {"units": MEASURES[measure].unit, "long_name": MEASURES[measure].meaning} if measure in MEASURES else {},
        )
        for measure in study.measures
    }
    drawn = [pair[0].parameters for pair in study.runs]
    names = sorted({name for draw in drawn for name in draw})
    table = np.array([[draw.get(name, np.nan) for name in names] for draw in drawn]).reshape(len(drawn), len(names))
    return xr.Dataset(
        {**values, "parameters": (("pair", "parameter"), table)},
        coords={
            "policy": arms,
            "pair": [pair[0].pair for pair in study.runs],
            "year": [*study.years],
            "parameter": names,
            "seed": ("pair", [pair[0].seed for pair in study.runs]),
        },
        attrs={"scenario": study.scenario.name, "window": study.window, "edition": edition()},
    )
