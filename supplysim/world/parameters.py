"""The numbers of one run as one row, ready for compiled code: `p.patience`.

`evidence/parameters.csv` is the only place where a parameter is declared; a kernel that asks for one without
a row there does not compile.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplysim.errors import InputError, nearest
from supplysim.evidence import parameters
from supplysim.world.columns import columns, real, rows

PARAMETERS = columns(**dict.fromkeys(parameters(), real))


def assemble(values: Mapping[str, float]) -> np.ndarray:
    """Return the parameters of one run, one row.

    Parameters
    ----------
    values : mapping of str to float
        Values that differ from the evidence table's defaults; the rest come from there.

    Raises
    ------
    InputError
        If a name is not in the table.
    """
    table = parameters()
    for name in values:
        if name not in table:
            raise InputError("parameters", name, "there is no such parameter", nearest(name, table))
    row = rows(PARAMETERS, 1)
    for name, parameter in table.items():
        row[name] = values.get(name, parameter.default)
    return row
