"""Figures that were drawn before: of the same numbers, the same program draws the same picture, so it is looked up.

Loading matplotlib and drawing take longer than all else of a comparison whose runs are known. Kept are the pictures of
the latest comparisons, in the user's cache beside the runs; a file that is not what was written is not used.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

from supplysim.edition import PACKAGE
from supplysim.environment import cache_root
from supplysim.experiment.comparison import Comparison
from supplysim.experiment.fingerprint import installed, rules_hash
from supplysim.report.brief.chart import Chart

Files = dict[str, bytes]  # name -> content

MOST = 32  # comparisons whose pictures are kept, half a megabyte each
DRAW = ("experiment", "report")  # parts of the package that say what a figure shows, beside the rules


def key(shown: Comparison, charts: Sequence[Chart]) -> str:
    """Return a fingerprint of what figures show of a comparison, and of the program that draws it."""
    told = repr(replace(shown, wall_time=0.0)), shown.scenario.hash(), repr(sorted(shown.known_effects.items()))
    return _digest("\n".join([_program(), *told, repr([*charts])]).encode())


def find(name: str) -> Files | None:
    """Return the files that were kept under a fingerprint; None if there are none, or they are damaged."""
    for path in _folder().glob(f"{name}-*.zip"):
        with suppress(OSError):
            content = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
            if path.name == _file(name, content):
                os.utime(path)
                with ZipFile(BytesIO(content)) as kept:
                    return {member: kept.read(member) for member in kept.namelist()}
    return None


def keep(name: str, files: Files) -> None:
    """Keep files, whole or not at all, and let the oldest ones go; a cache that cannot be written is done without."""
    made = BytesIO()
    with ZipFile(made, "w") as kept:  # pictures are small already
        for member, content in files.items():
            kept.writestr(member, content)
    folder, content = _folder(), made.getvalue()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / f".writing-{uuid4().hex}"
        aside.write_bytes(content)
        os.replace(aside, folder / _file(name, content))
        for path in sorted(folder.glob("*.zip"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            path.unlink()


@cache
def _program() -> str:
    """Return a fingerprint of what draws: the rules, the parts that make figures, matplotlib."""
    files = sorted(path for part in DRAW for path in (PACKAGE / part).rglob("*.py"))
    source = b"\n".join(path.read_bytes() for path in files)
    return f"{rules_hash()} {_digest(source)} {installed('matplotlib')}"


def _folder() -> Path:
    return cache_root() / "figures"


def _file(name: str, content: bytes) -> str:
    return f"{name}-{_digest(content)}.zip"


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
