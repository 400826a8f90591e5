"""What is released: one version everywhere, and archives that hold every file that the program reads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOMES = {"supplysim": "supplysim", "viz": "supplysim/viz", "scenarios": "supplysim/scenarios"}
MADE = ("__pycache__", "objects")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_one_version_stands_in_project_citation_and_codemeta():
    (cited,) = re.findall(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M)
    described = json.loads((ROOT / "docs" / "codemeta.json").read_text("utf-8"))
    assert {cited, described["version"]} == {project()["version"]}


def test_the_changelog_tells_of_what_is_not_released_or_of_this_version():
    heads = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert heads[0] in ("Unreleased", project()["version"])


def test_licence_and_python_are_the_same_everywhere():
    described = json.loads((ROOT / "docs" / "codemeta.json").read_text("utf-8"))
    assert described["license"].endswith(project()["license"])
    assert f"license: {project()['license']}" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert described["runtimePlatform"] == f"Python {project()['requires-python']}"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Return a copy of the source tree whose web files are whole, though made of nothing."""
    copy = tmp_path_factory.mktemp("release") / "tree"
    copy.mkdir()
    for name in HOMES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns(*MADE, "cdn"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    shutil.copytree(ROOT / "docs", copy / "docs", ignore=shutil.ignore_patterns("writers", "*.png", *MADE))
    return copy


def build(tree: Path) -> subprocess.CompletedProcess:
    """Build both archives, the wheel from the archive of the source."""
    words = (sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist", ".")
    return subprocess.run(words, cwd=tree, capture_output=True, text=True, timeout=600)


@pytest.mark.slow
def test_no_archive_is_made_without_the_web_files(tree):
    pytest.importorskip("build")
    done = build(tree)
    assert done.returncode != 0
    assert "python -m supplysim.viz.fetch" in done.stdout + done.stderr
    assert not list(tree.glob("dist/*"))


@pytest.mark.slow
def test_both_archives_hold_every_file_of_the_package(tree):
    pytest.importorskip("build")
    from supplysim.viz.fetch import pinned

    web = tree / "viz" / "assets" / "cdn"
    web.mkdir(parents=True)
    (web / "page.js").write_text("")
    (web / ".complete").write_text(pinned())
    done = build(tree)
    assert done.returncode == 0, done.stderr
    wanted = {
        f"{home}/{path.relative_to(tree / name).as_posix()}": path.relative_to(tree).as_posix()
        for name, home in HOMES.items()
        for path in (tree / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "egg-info" not in str(path)
    }
    assert {"supplysim/py.typed", "supplysim/viz/assets/cdn/.complete", "supplysim/emulator/page.js"} <= wanted.keys()
    (wheel,), (source,) = tree.glob("dist/*.whl"), tree.glob("dist/*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        assert wanted.keys() - set(archive.namelist()) == set()
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert set(wanted.values()) - names == set()
    assert {"pyproject.toml", "setup.py", "README.md", "LICENSE"} <= names
