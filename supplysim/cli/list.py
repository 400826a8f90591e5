"""`supplysim list`: names with one line each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from supplysim.cli.options import english_only
from supplysim.errors import one_line


def _scenarios() -> dict[str, str]:
    from supplysim.setup.scenario import available

    return available()


def _policies() -> dict[str, str]:
    from supplysim.policies import levers

    return {name: lever.title for name, lever in levers().items()}


def _conditions() -> dict[str, str]:
    from supplysim.policies.movable import movable

    def told(along: str) -> str:
        return f", one each of {along}" if along else ""

    return {name: f"{one.meaning} ({one.range}{told(one.along)})" for name, one in movable().items()}


def _measures() -> dict[str, str]:
    from supplysim.outputs.measures import MEASURES

    return {name: f"{measure.meaning} ({measure.unit})" for name, measure in MEASURES.items()}


def _parameters() -> dict[str, str]:
    from supplysim.evidence import parameters

    def end(value: float | None) -> str:
        return "anything" if value is None else f"{value:g}"

    return {
        name: f"{p.meaning} ({p.default:g} {p.unit}; {end(p.low)} to {end(p.high)}; {', '.join(p.sources)})"
        for name, p in parameters().items()
    }


def _lessons() -> dict[str, str]:
    from supplysim.lessons import titles

    return titles()


KINDS: dict[str, Callable[[], dict[str, str]]] = {
    "scenarios": _scenarios,
    "policies": _policies,
    "conditions": _conditions,
    "measures": _measures,
    "lessons": _lessons,
    "parameters": _parameters,
}


COUNTED = ("conditions", "parameters")  # too many for the list of everything


def list_command(kind: str | None, *, as_json: bool) -> None:
    """Print the names of one kind, or of every kind with conditions and parameters only counted.

    Raises
    ------
    InputError
        If something else than lessons is asked for in another language.
    """
    if kind != "lessons":
        english_only("names other than those of lessons are listed")
    listed = {name: names() for name, names in KINDS.items() if kind in (None, name)}
    if as_json:
        print(json.dumps(listed, indent=1))
        return
    if kind is not None:
        _print_names(listed[kind])
        return
    for name, rows in listed.items():
        print(f"{name}:")
        if name in COUNTED:
            print(f"{len(rows)} of them: supplysim list {name}")
        else:
            _print_names(rows)
            print()


def _print_names(rows: dict[str, str]) -> None:
    """Print names, one line each for other programs; a person's screen wraps what is longer beside its name."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS"):
        from rich.console import Console

        from supplysim.cli.tables import print_facts

        print_facts(Console(), [(name, one_line(line)) for name, line in rows.items()])
        return
    width = max(map(len, rows), default=0)
    for name, line in rows.items():
        print(f"{name:<{width}}  {one_line(line)}")
