"""Object code without numba: the same worlds to the bit, for this source and processor, or done without."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from supplysim import _compiled, _object_code

here = pytest.mark.skipif(_compiled.OBJECT_CODE is None, reason="this machine has linked no object code: no linker?")
DIGEST = """
import hashlib, sys
from supplysim.engine import Engine
engine = Engine("minimal", ["due_diligence=0.7@2023-05+border=1@2023-02"], seed=5, check=True)
engine.run()
world = engine.world
tables = [world.intermediaries, world.end_users, world.distributors, world.buyers, world.tally, world.orders]
digest = hashlib.sha256()
for table in tables:
    for name in table.dtype.names:
        digest.update(table[name].tobytes())
print(digest.hexdigest(), "numba" in sys.modules)
"""


def python(code, **settings):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@here
def test_object_code_runs_the_same_world_as_numba_and_never_loads_it():
    own, loaded = python(DIGEST)
    compiled, with_numba = python(DIGEST, SUPPLYSIM_NUMBA="1")
    assert own == compiled
    assert (loaded, with_numba) == ("False", "True")


@here
def test_a_wheel_answers_where_numba_is_not_installed():
    without = """
import importlib.metadata as metadata, sys
class Absent:
    def find_spec(self, module, *_):
        if module.partition(".")[0] in ("numba", "llvmlite"):
            raise ModuleNotFoundError(module)
known = metadata.version
def version(name):
    if name == "numba":
        raise metadata.PackageNotFoundError(name)
    return known(name)
metadata.version = version
sys.meta_path.insert(0, Absent())
import supplysim as ss
study = ss.compare("minimal", ["border=0.5"], pairs=1, workers=1)
print(study.pairs, len(study.document()["policies"]), ss.SupplyChain("minimal", rng=3).agents != [])
"""
    assert python(without) == ["1", "1", "True"]


@here
def test_every_entry_is_described_and_takes_the_words_that_it_says():
    described = json.loads(_compiled.OBJECT_CODE.with_suffix(".json").read_text())["entries"]
    assert {"run", "found_first", "fill_uniforms", "fill_normals", "pick_distributors"} == set(described)
    drawn = np.empty(3)
    arguments = (1, 2, 3, np.arange(3), 4, drawn)
    assert len(list(_object_code.words(arguments))) == described["fill_uniforms"]["words"]


def test_words_of_numbers_arrays_and_tuples():
    table = np.zeros((4, 3))
    address = table.__array_interface__["data"][0]
    assert list(_object_code.words((7, (table, -1)))) == [7, 0, 0, 12, 8, address, 4, 3, 24, 8, 2**64 - 1]


@here
def test_a_library_of_another_source_or_processor_is_not_taken(tmp_path):
    level = _object_code.processor_levels()[0]
    whole = tmp_path / _object_code.library_name("0123456789abcdef", level)
    for path in (whole, tmp_path / _object_code.library_name("feedfeedfeedfeed", "another-processor")):
        shutil.copy(_compiled.OBJECT_CODE, path)
        shutil.copy(_compiled.OBJECT_CODE.with_suffix(".json"), path.with_suffix(".json"))
    assert _object_code.find("0123456789abcdef", tmp_path) == whole
    assert _object_code.find("feedfeedfeedfeed", tmp_path) is None
    assert _object_code.find("0123456789abcdef", tmp_path / "nowhere") is None


@here
@pytest.mark.parametrize("damage", ["no library", "half a library", "no description", "another description"])
def test_a_damaged_library_is_done_without(damage, tmp_path):
    path = tmp_path / _object_code.library_name("0123456789abcdef", _object_code.processor_levels()[0])
    content = _compiled.OBJECT_CODE.read_bytes()
    path.write_bytes({"no library": b"", "half a library": content[: len(content) // 2]}.get(damage, content))
    if damage != "no description":
        described = _compiled.OBJECT_CODE.with_suffix(".json").read_text()
        told = described.replace('"symbol": "', '"symbol": "x') if damage == "another description" else described
        path.with_suffix(".json").write_text(told)
    assert _object_code.find("0123456789abcdef", tmp_path) is None


def test_the_newest_kind_of_processor_comes_first():
    levels = _object_code.processor_levels()
    assert levels == [level for level in _object_code.LEVELS if level in levels] or len(levels) == 1
