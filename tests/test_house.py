"""How the house is built: imports run one way, and each room keeps to the libraries it may use."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOMES = {"supplysim": ROOT / "supplysim", "supplysim.viz": ROOT / "viz"}
# Room -> rooms and modules below it that may not know it.
ABOVE = {
    "supplysim.report": ["world", "agents", "phases", "network", "detection", "setup", "evidence", "policies"]
    + ["outputs", "engine", "model", "run", "week", "experiment"],
    "supplysim.experiment": ["world", "agents", "phases", "network", "detection", "setup", "evidence", "policies"]
    + ["outputs", "engine", "model", "run", "week"],
    "supplysim.api": ["world", "policies", "outputs", "engine", "model", "run", "experiment", "report"],
    "supplysim.cli": ["world", "policies", "outputs", "engine", "run", "experiment", "report", "lessons", "validation"],
    "supplysim.viz": ["world", "policies", "outputs", "engine", "run", "experiment", "report", "lessons"],
}
MESA = ("supplysim.model", "supplysim.agents", "supplysim.viz")


def modules(homes=HOMES):
    """Return module name -> file."""
    found = {}
    for home, folder in homes.items():
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            found[".".join([home, *(parts[:-1] if parts[-1] == "__init__" else parts)])] = path
    return found


def imported(name, path):
    """Yield what a file imports anywhere in it, in functions and for type hints too: dotted names."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def graph(files):
    """Return module -> modules of the package that it imports; the package itself is only a list of names."""
    edges = {}
    for name, path in files.items():
        edges[name] = set()
        for target in imported(name, path):
            while target and target not in files:
                target = target.rpartition(".")[0]
            if target and target not in (name, "supplysim"):
                edges[name].add(target)
    return edges


def circles(edges):
    """Return the sets of modules that can all reach one another (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def walk(one):
        index[one] = low[one] = len(index)
        stack.append(one)
        for other in edges[one]:
            if other not in index:
                walk(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], index[other])
        if low[one] == index[one]:
            place = stack.index(one)
            if len(stack) - place > 1:
                found.append(frozenset(stack[place:]))
            del stack[place:]

    for one in edges:
        if one not in index:
            walk(one)
    return found


def test_no_import_runs_in_a_circle():
    assert circles(graph(modules())) == []


def test_a_circle_is_found_wherever_the_import_stands(tmp_path):
    (tmp_path / "one.py").write_text("def f():\n    from house.two import g\n    return g\n")
    (tmp_path / "two.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .three import Three\ndef g(x: 'Three'): ...\n"
    )
    (tmp_path / "three.py").write_text("import house.one\nclass Three: ...\n")
    (tmp_path / "four.py").write_text("import house.one\n")
    assert circles(graph(modules({"house": tmp_path}))) == [frozenset({"house.one", "house.two", "house.three"})]


@pytest.mark.parametrize("room", ABOVE)
def test_no_room_knows_the_rooms_above_it(room):
    def within(name, home):
        return name == home or name.startswith(f"{home}.")

    below = [f"supplysim.{name}" for name in ABOVE[room]]
    knows = {
        (name, target)
        for name, targets in graph(modules()).items()
        if any(within(name, home) for home in below)
        for target in targets
        if within(target, room)
    }
    assert not knows


@pytest.mark.parametrize(("library", "allowed"), [("mesa", MESA), ("solara", ("supplysim.viz",))])
def test_only_some_rooms_use_a_library(library, allowed):
    users = {
        name
        for name, path in modules().items()
        for target in imported(name, path)
        if target.partition(".")[0] == library
    }
    assert users
    assert all(name.startswith(allowed) for name in users)
