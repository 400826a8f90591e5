"""Where world packs are found, and which one this process has.

A pack is a folder with `pack.toml` and CSV files of the names and columns of `supplysim/evidence/`. It is named by its
path, or by its name if it comes with the program or a package has it as an entry point of the group
``supplysim.worlds`` (the value names a module in whose folder it lies).
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from supplysim.errors import InputError, nearest
from supplysim.packs.check import MANIFEST, checked
from supplysim.packs.contents import Pack
from supplysim.packs.rows import EVIDENCE, Row, read

VARIABLE = "SUPPLYSIM_WORLD"
GROUP = "supplysim.worlds"
SHAPED = ("agencies", "channels", "chips", "classes", "countries", "vendors")  # how many there are is compiled in


def shipped() -> dict[str, Path]:
    """Return the folders of the packs that come with the program, by name."""
    beside = EVIDENCE.parent.parent / "scenarios"  # in the source tree; installed it is inside the package
    scenarios = EVIDENCE.parent / "scenarios"
    root = (scenarios if scenarios.is_dir() else beside) / "worlds"
    return {path.parent.name: path.parent for path in sorted(root.glob(f"*/{MANIFEST}"))}


def installed() -> dict[str, Path]:
    """Return the folders of all packs that have a name: those of other packages, then those of the program."""
    named: dict[str, Path] = {}
    for point in entry_points(group=GROUP):
        module = sys.modules.get(point.module)
        origin = getattr(module, "__file__", None) or _origin(point.module)
        if origin is not None:
            named[point.name] = Path(origin).parent
    return named | shipped()


def _origin(module: str) -> str | None:
    from importlib.util import find_spec

    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    return None if spec is None else spec.origin


def found(world: str | Path, place: str = "world") -> Pack:
    """Return a pack by name or folder, once it has passed the gate.

    Raises
    ------
    InputError
        If there is none, or anything in it is wrong: file, row, column, value, rule and remedy.
    """
    known = installed()
    folder = known.get(str(world)) or Path(world)
    try:
        missing = not (folder / MANIFEST).is_file()
    except (OSError, ValueError):  # no permission, or no possible name
        missing = True
    if not str(world) or missing:
        remedy = nearest(str(world), known) + f", or name a folder that holds {MANIFEST}"
        raise InputError(place, str(world), "there is no such world pack", remedy)
    return checked(folder.resolve())


@cache
def active() -> Pack | None:
    """Return the pack of this process, None for the shipped world; asked for the first time, it is settled.

    Raises
    ------
    InputError
        If `SUPPLYSIM_WORLD` names none, or one that is wrong.
    """
    told = os.environ.get(VARIABLE, "").strip()
    return found(told, f"environment variable {VARIABLE}") if told else None


def stamp() -> str:
    """Return name and fingerprint of this process's pack; nothing for the shipped world."""
    pack = active()
    return "" if pack is None else pack.stamp


def badge() -> str:
    """Return what tells results of this process's world apart, ``world: philippines``; nothing for the shipped one."""
    pack = active()
    return "" if pack is None else pack.badge


def described() -> dict[str, Any]:
    """Return what a document says of this process's world, ``{"world": {...}}``; nothing for the shipped one."""
    pack = active()
    return {} if pack is None else {"world": pack.described()}


def limits() -> str:
    """Return what this process's pack does not cover, in one paragraph; nothing for the shipped world."""
    pack = active()
    return "" if pack is None else pack.limits


def screen_words() -> dict[str, str]:
    """Return the words that screens have in place of others in this process's world."""
    pack = active()
    return {} if pack is None else dict(pack.words)


def written() -> str:
    """Return how a file names this process's pack: by its name, or its folder where the name is not known."""
    pack = active()
    return "" if pack is None else pack.name if pack.name in installed() else str(pack.folder)


def use_world(world: str | Path | None, place: str = "world") -> Pack | None:
    """Choose the world of this process, and of the worker processes that it starts; None is the shipped one.

    Parameters
    ----------
    world : str, Path or None
        Name of a pack, or a folder.
    place : str
        Who asks, for messages.

    Raises
    ------
    InputError
        If there is no such pack, anything in it is wrong, or another world has been read already.
    """
    pack = None if world is None else found(world, place)
    if "supplysim.evidence" in sys.modules:
        now = active()
        if (now and now.stamp) != (pack and pack.stamp):
            rule = f"this process has read {'the shipped world' if now is None else f'world {now.name}'} already"
            raise InputError(place, str(world), rule, "choose the world first, in a process of its own")
        return now
    if pack is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = str(pack.folder)
    active.cache_clear()
    return active()


@cache
def shape() -> str:
    """Return what compiled code has to be made anew for: a hash of how many rows tables have, nothing as shipped."""
    pack = active()
    if pack is None:
        return ""
    own, base = _shape(pack.rows), _shape(lambda name: read(EVIDENCE / f"{name}.csv"))
    return "" if own == base else "-" + hashlib.sha256(repr(own).encode()).hexdigest()[:8]


def _shape(rows: Callable[[str], list[Row]]) -> list[Any]:
    """Return how many rows tables have, where stand those whose rules these are, and what parameters there are."""
    codes = {name: [row["code"] for row in rows(name)] for name in SHAPED}
    parameters = [row["name"] for row in rows("parameters")]  # columns of the row that kernels read
    (rules,) = (row for row in rows("countries") if row["role"] == "rules")
    places = [codes["countries"].index(rules["code"]), codes["agencies"].index(rules["agency"])]
    return [*map(len, codes.values()), *places, *parameters]
