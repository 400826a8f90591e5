"""`supplysim reproduce`: the same numbers again, elsewhere, from the provenance of a comparison alone."""

from __future__ import annotations

import json
from pathlib import Path

from supplysim.api import reproduce
from supplysim.cli.progress import RunningEstimate, progress_bar
from supplysim.cli.screen import console

FELL_SHORT = 1


def reproduce_command(provenance: Path, *, workers: int | None, out: Path | None, as_json: bool) -> int:
    """Run a comparison again and tell whether it is the same; with `out`, write all of its files there.

    Returns
    -------
    int
        Exit status: 0 if the numbers are the same to the last digit, else 1.

    Raises
    ------
    InputError
        If the file is no provenance, or not as it was written; nothing has run then.
    """
    with progress_bar(quiet=as_json) as bar:
        found = reproduce(provenance, workers=workers, progress=RunningEstimate(bar), out=out)
    if as_json:
        told = {"same": found.same, "pairs": found.study.pairs, "rows": found.rows, "why": found.why}
        print(json.dumps(told, indent=1), flush=True)
    else:
        console().print(found.text(), soft_wrap=True, markup=False, highlight=False)
        if out is not None:
            console().print(f"Files: {out / 'report.html'} and others.", soft_wrap=True, markup=False)
    return 0 if found.same else FELL_SHORT
