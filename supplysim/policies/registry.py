"""Which levers exist: the modules of this folder and whatever other packages offer as entry points."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeGuard

from supplysim.errors import LONGEST, InputError, nearest
from supplysim.policies.base import GROUPS, Policy

GROUP = "supplysim.policies"
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
    package adds levers with the entry-point group ``supplysim.policies`` (name = class).

    Raises
    ------
    InputError
        When an entry point cannot be imported, is no `Policy`, leaves out what every lever says of itself, names a
        group that there is not, or takes a name that is in use.
    """
    found: dict[str, type[Policy]] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if kind := _own(module.name):
            found[module.name] = kind
    for point in entry_points(group=GROUP):
        place = f"entry point {point.name} = {point.value}"
        try:
            kind = point.load()
        except (ImportError, AttributeError) as error:
            raise InputError(place, None, f"cannot be imported ({error})", "repair or remove that package") from error
        if not _is_lever(kind, point.name):
            raise InputError(place, None, "is no Policy with that lever name", "repair or remove that package")
        silent = [name for name in SAYS if not hasattr(kind, name)]
        if silent:
            raise InputError(place, None, f"says nothing of its {', '.join(silent)}", "add that to the class")
        if kind.group not in GROUPS:
            raise InputError(f"{place}: group", kind.group, "there is no such group", nearest(str(kind.group), GROUPS))
        if point.name in found:
            raise InputError(place, None, "takes the name of another lever", "rename it or remove that package")
        found[point.name] = kind
    first = [name for name in SIX if name in found]
    return {name: found[name] for name in first + sorted(found.keys() - set(first))}


@cache
def _own(name: str) -> type[Policy] | None:
    """Return the lever that a module of this folder defines, if there is such a module and it defines one."""
    if not name.isidentifier() or len(name) > LONGEST or not Path(__file__).with_name(f"{name}.py").is_file():
        return None
    kind = getattr(import_module(f"supplysim.policies.{name}"), class_name(name), None)
    return kind if _is_lever(kind, name) else None


def _is_lever(thing: object, name: str) -> TypeGuard[type[Policy]]:
    return isinstance(thing, type) and issubclass(thing, Policy) and getattr(thing, "lever", None) == name
