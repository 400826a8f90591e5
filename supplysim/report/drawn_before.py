"""Figures that were drawn before: of the same numbers, the same program draws the same picture, so it is looked up.

Loading matplotlib and drawing take longer than all else of a comparison whose runs are known. Kept are the pictures of
the latest comparisons, in the user's cache beside the runs; a file that is not what was written is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from supplysim.environment import cache_root
from supplysim.experiment import kept
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.fingerprint import installed, program_hash
from supplysim.report.brief.chart import Chart

Files = dict[str, bytes]  # name -> content

SUFFIX = ".zip"
MOST = 32  # comparisons whose pictures are kept, half a megabyte each


def key(shown: Comparison, charts: Sequence[Chart]) -> str:
    """Return a fingerprint of what figures show of a comparison, and of the program that draws it."""
    told = repr(replace(shown, wall_time=0.0)), shown.scenario.hash(), repr(sorted(shown.known_effects.items()))
    return kept.digest("\n".join([program_hash(), str(installed("matplotlib")), *told, repr([*charts])]).encode())


def find(name: str) -> Files | None:
    """Return the files that were kept under a fingerprint; None if there are none, or they are damaged."""
    content = kept.find(folder(), name, SUFFIX)
    if content is None:
        return None
    with ZipFile(BytesIO(content)) as files:
        return {member: files.read(member) for member in files.namelist()}


def keep(name: str, files: Files) -> None:
    """Keep files, whole or not at all, and let the oldest ones go; a cache that cannot be written is done without."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:  # pictures are small already
        for member, content in files.items():
            archive.writestr(member, content)
    kept.keep(folder(), name, SUFFIX, made.getvalue())
    with suppress(OSError):
        for path in sorted(folder().glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            path.unlink()


def folder() -> Path:
    """Return where pictures are kept."""
    return cache_root() / "figures"
