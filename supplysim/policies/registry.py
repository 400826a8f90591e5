"""Which levers exist: the modules of this folder, what other packages offer as entry points, and files."""

from __future__ import annotations

import logging
import os
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeGuard

from supplysim.errors import LONGEST, InputError, one_line
from supplysim.policies import lever_files
from supplysim.policies.base import GROUPS, Policy

log = logging.getLogger(__name__)

GROUP = "supplysim.policies"
FILES = "SUPPLYSIM_LEVERS"  # environment variable: files of levers, separated as the folders of PATH are
SAYS = ("title", "group", "mechanism", "response", "unknown", "payer", "burden", "sources", "ramp_weeks")
# The recommendations of CNAS (2025), in the order in which every table shows them.
SIX = ("due_diligence", "notification", "location_verification", "intelligence", "whistleblower", "enforcement_budget")


def class_name(lever: str) -> str:
    """Return the class name of a lever: ``kill_switch`` -> ``KillSwitch``."""
    return "".join(part.capitalize() for part in lever.split("_"))


def find(name: str) -> type[Policy] | None:
    """Return the lever of a name, without importing the others if it is one of this folder; None if there is none."""
    return _own(name) or levers().get(name)


@cache
def levers() -> dict[str, type[Policy]]:
    """Return every lever by name: the six recommendations first, then the others by name.

    A module of this folder is a lever when it defines a `Policy` with its own name in CamelCase. Another
    package adds levers with the entry-point group ``supplysim.policies`` (name = class); one that cannot be used is
    named in a line and left out. Files that `FILES` names, and those given to `from_file`, add levers without code.

    Raises
    ------
    InputError
        When a file that `FILES` names is wrong.
    """
    found = {**_shipped(), **_offered(), **_named(os.environ.get(FILES, "")), **_read}
    first = [name for name in SIX if name in found]
    return {name: found[name] for name in first + sorted(found.keys() - set(first))}


def from_file(path: str | Path, place: str = "levers") -> dict[str, type[Policy]]:
    """Read levers without code from a TOML file; return them by name, and know them by name from now on.

    A lever that an earlier file described under the same name is replaced. `place` is what asked for the file.

    Raises
    ------
    InputError
        When the file is wrong, or names a lever as another one is called; then nothing is changed.
    """
    return add(lever_files.read(path, place), str(path))


def add(found: Mapping[str, type[Policy]], place: str) -> dict[str, type[Policy]]:
    """Know levers of a file by name from now on, and return them; `place` is for messages."""
    _read.update(_free(found, place))
    levers.cache_clear()
    return dict(found)


_read: dict[str, type[Policy]] = {}  # levers of files that were given to `from_file`


@cache
def _named(paths: str) -> dict[str, type[Policy]]:
    """Return the levers of the files that the environment names."""
    files = [path for path in paths.split(os.pathsep) if path.strip()]
    return {name: kind for path in files for name, kind in _free(lever_files.read(path), path).items()}


def _free(found: Mapping[str, type[Policy]], place: str) -> Mapping[str, type[Policy]]:
    """Return levers of a file once their names are known to be free."""
    for name in found:
        if name in _shipped() or name in _offered():
            raise InputError(f"{place}: {name}", None, "there is another lever of that name", "choose another name")
    return found


@cache
def _shipped() -> dict[str, type[Policy]]:
    """Return the levers of this folder."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return {name: kind for name in names if (kind := _own(name))}


@cache
def _offered() -> dict[str, type[Policy]]:
    """Return the levers of other packages that can be used; say in a line each which cannot, and why."""
    found: dict[str, type[Policy]] = {}
    for point in entry_points(group=GROUP):
        try:
            kind = point.load()
            why = _unusable(kind, point.name) or ("another has that name" if point.name in found else "")
        except (Exception, SystemExit) as error:  # a package of somebody else may do anything when it is imported
            kind, why = None, f"it cannot be imported ({type(error).__name__}: {error})"
        if why:
            told = one_line(f"entry point {point.name} = {point.value}: {why}")[:300]
            log.warning("%s; it is left out: repair or remove that package", told)
        else:
            found[point.name] = kind
    return found


def _unusable(kind: object, name: str) -> str:
    """Return why something that a package offers is no lever; empty if it is one."""
    if not _is_lever(kind, name):
        return "it is no Policy with that lever name"
    silent = [said for said in SAYS if not hasattr(kind, said)]
    if silent:
        return f"it says nothing of its {', '.join(silent)}"
    if kind.group not in GROUPS:
        return f"there is no group {kind.group!r} (known: {', '.join(GROUPS)})"
    return "a lever of this package has that name" if name in _shipped() else ""


@cache
def _own(name: str) -> type[Policy] | None:
    """Return the lever that a module of this folder defines, if there is such a module and it defines one."""
    if not name.isidentifier() or len(name) > LONGEST or not Path(__file__).with_name(f"{name}.py").is_file():
        return None
    kind = getattr(import_module(f"supplysim.policies.{name}"), class_name(name), None)
    return kind if _is_lever(kind, name) else None


def _is_lever(thing: object, name: str) -> TypeGuard[type[Policy]]:
    return isinstance(thing, type) and issubclass(thing, Policy) and getattr(thing, "lever", None) == name
