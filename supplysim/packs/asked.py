"""Which world a scenario file asks for: `world = "..."`, read before anything of the evidence is."""

from __future__ import annotations

import os
import tomllib
from contextlib import suppress
from pathlib import Path

from supplysim.errors import InputError
from supplysim.packs.pack import active, found, installed

LONGEST_CHAIN = 20  # files that extend one another


def asked_by(scenario: str | Path) -> str | None:
    """Return the world that a scenario file names, or one that it extends; None if it names none or cannot be read."""
    path = Path(scenario)
    with suppress(OSError, ValueError, RecursionError):  # the gate of scenarios tells what is wrong
        for _ in range(LONGEST_CHAIN):
            document = tomllib.loads(path.read_text("utf-8-sig"))
            if isinstance(document.get("world"), str):
                return _located(document["world"], path.parent)
            path = path.parent / document.get("extends", "")
    return None


def check_world(world: str, base: Path, place: str) -> None:
    """Refuse a scenario of another world than this process's; `base` is the folder of its file."""
    wanted, now = found(_located(world, base), place), active()
    if now is None or wanted.stamp != now.stamp:
        rule = f"this process has read {'the shipped world' if now is None else f'world {now.name}'}"
        remedy = f"start with --world {world}, or call supplysim.use_world before anything else"
        raise InputError(place, world, rule, remedy)


def _located(world: str, base: Path) -> str:
    """Return the name of a pack as it is, a folder as it lies beside the file that names it."""
    return world if world in installed() else os.path.join(base, world)
