"""Compiled and plain Python runs are one model, and compiled code is never older than its source."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from supplysim import _compiled
from supplysim.model import SupplyChain

PACKAGE = Path(_compiled.__file__).parent
POLICIES = ("due_diligence@2023-02+location_verification@2023-02", "whistleblower@2023-02")
FRONTS = {"fronts_at_start": 2}
WORLDS = {"minimal": 104, "baseline-2024": 3}  # weeks that plain Python runs in seconds


def fingerprints(world, inside=""):
    """Return a hash of every column of the world; whole rows would include padding, which holds anything."""
    found = {}
    for name, value in zip(world._fields, world, strict=True):
        if hasattr(value, "_fields"):
            found |= fingerprints(value, f"{inside}{name}.")
        elif isinstance(value, np.ndarray):
            for field in value.dtype.names or [None]:
                column = np.ascontiguousarray(value if field is None else value[field])
                found[f"{inside}{name}.{field}"] = hashlib.sha256(column.tobytes()).hexdigest()
    return found


def world_after(scenario):
    model = SupplyChain(scenario, POLICIES if scenario == "minimal" else (), rng=3, check=True)
    model.run(WORLDS[scenario])
    return fingerprints(model.world)


def python(code, cwd=None, **environment):
    """Return what a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def uncompiled():
    code = (
        f"import json, sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
        "from test_compiled import WORLDS, world_after, _compiled; assert not _compiled.COMPILED;"
        "print(json.dumps({name: world_after(name) for name in WORLDS}))"
    )
    return json.loads(python(code, NUMBA_DISABLE_JIT="1"))


@pytest.mark.parametrize("scenario", WORLDS)
def test_plain_python_runs_the_same_world_to_the_bit(scenario, uncompiled):
    compiled = world_after(scenario)
    assert len(compiled) > 500
    assert {name for name in compiled if compiled[name] != uncompiled[scenario][name]} == set()


def test_fingerprints_notice_one_changed_number():
    model = SupplyChain("minimal", rng=3)
    before = fingerprints(model.world)
    model.world.office.desks["evidence"][2, 5] = 1e-300
    after = fingerprints(model.world)
    assert {name for name in after if after[name] != before[name]} == {"office.desks.evidence"}


# Calls a rule in one file whose result depends on a callee in another.
RULE = """
from supplysim import _compiled
from supplysim.agents.intermediary import participation_chance
print(_compiled.PACKAGE, _compiled.source_hash(), participation_chance(1.0, 0.0, 1.0, 5.0))
"""


def copied(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "supplysim", ignore=shutil.ignore_patterns("__pycache__", "objects"))
    return tmp_path / "supplysim"


def test_a_changed_rule_never_runs_from_an_old_cache(tmp_path):
    package = copied(tmp_path)

    def run():
        printed = python(RULE, tmp_path, PYTHONPATH=str(tmp_path), SUPPLYSIM_CACHE=str(tmp_path / "cache"))
        where, source, value = printed.rsplit(maxsplit=2)
        assert Path(where) == package
        return source, float(value)

    first, chance = run()
    assert chance == 0.5
    assert list((tmp_path / "cache").rglob("*.nbi"))  # so there is a cache that could be stale
    callee = package / "detection" / "signal.py"
    text = callee.read_text()
    assert text.count("return 1.0 / (1.0 + math.exp(-x))") == 1
    callee.write_text(text.replace("return 1.0 / (1.0 + math.exp(-x))", "return 0.25"))
    second, chance = run()
    assert chance == 0.25
    assert second != first


def is_hashed(file):
    return any(file == PACKAGE / name or PACKAGE / name in file.parents for name in _compiled.KERNEL_SOURCES)


def holds_kernels(tree):
    return any(
        isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id in ("rule", "kernel") for mark in node.decorator_list)
        for node in ast.walk(tree)
    )


def used_by_kernels(tree):
    """Return the names that a file's compiled functions read."""
    return {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id in ("rule", "kernel") for mark in node.decorator_list)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }


def sources():
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text())
        if holds_kernels(tree):
            yield file, tree


def test_every_file_with_a_kernel_is_hashed():
    found = [file for file, _ in sources()]
    assert len(found) > 20
    assert [file.name for file in found if not is_hashed(file)] == []


def test_every_constant_that_kernels_freeze_comes_from_a_hashed_file():
    # numba compiles the value of a global into the code, wherever it was imported from; and how it compiles
    # is said by the decorators of `_compiled.py`
    missing = set()
    for _, tree in sources():
        used = used_by_kernels(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("supplysim."):
                path = PACKAGE.joinpath(*node.module.split(".")[1:])
                file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
                if {alias.name for alias in node.names} & used and not is_hashed(file):
                    missing.add(file.name)
    assert missing == set()


@pytest.mark.parametrize("package", ["solara", "dask", "matplotlib", "pandas", "mesa"])
def test_the_package_can_be_imported_without_heavy_ones(package):
    printed = python("import sys, supplysim; print(*sys.modules)")
    assert package not in printed.split()


def test_the_model_can_be_run_without_app_or_plots():
    code = "import sys, supplysim; supplysim.SupplyChain('minimal').run(1); print(*sys.modules)"
    assert {"solara", "dask", "matplotlib", "ipyvuetify"}.isdisjoint(python(code).split())


@pytest.mark.slow
def test_kernels_stay_inside_their_arrays(tmp_path):
    code = (
        "import supplysim;"
        f"model = supplysim.SupplyChain('minimal', {POLICIES!r}, rng=3, parameters={FRONTS}, check=True);"
        "model.run(); print(int(model.weekly()['delivered'].sum()))"
    )
    printed = python(code, NUMBA_BOUNDSCHECK="1", SUPPLYSIM_CACHE=str(tmp_path))
    assert int(printed) > 0
