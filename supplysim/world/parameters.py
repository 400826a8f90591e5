"""The numbers of one run as one row, ready for compiled code: `p.patience`.

`evidence/parameters.csv` is the only place where a parameter is declared; a kernel that asks for one without
a row there does not compile. Settings of levers never reach a kernel: policies move conditions by them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import numpy as np

from supplysim.errors import InputError, nearest
from supplysim.evidence import admissible, parameters
from supplysim.world.columns import columns, real, rows

WORLD = {name: parameter for name, parameter in parameters().items() if not parameter.lever}
PARAMETERS = columns(**dict.fromkeys(WORLD, real))
DEFAULTS = {name: parameter.default for name, parameter in WORLD.items()}
LARGEST = sys.float_info.max
LOW = np.array([-LARGEST if one.low is None else one.low for one in WORLD.values()])
HIGH = np.array([LARGEST if one.high is None else one.high for one in WORLD.values()])


def assemble(values: Mapping[str, float], extreme: bool = False) -> np.ndarray:
    """Return the parameters of one run, one row.

    Parameters
    ----------
    values : mapping of str to float
        Values that differ from the evidence table's defaults; the rest come from there. Settings are left out.
    extreme : bool
        Whether they may lie beyond their ranges, see `evidence.Extreme`.

    Raises
    ------
    InputError
        If a name is not in the table, or a value lies outside its range there.
    """
    for name in values:
        if name not in parameters():
            raise InputError("parameters", name, "there is no such parameter", nearest(name, parameters()))
    numbers = np.array([values.get(name, default) for name, default in DEFAULTS.items()], real)
    outside = ~np.isfinite(numbers) if extreme else ~((numbers >= LOW) & (numbers <= HIGH))  # nan is outside
    for place in np.flatnonzero(outside):
        name = [*DEFAULTS][place]
        admissible(values[name], parameters()[name], f"parameters.{name}")
    row = rows(PARAMETERS, 1)
    row.view(real)[:] = numbers
    return row
