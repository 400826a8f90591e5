"""Pages that one follows alone: their code is run as it stands there, in an empty folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"Save this as `([\w.]+)`:\s*\Z")
PAGES = ("own-levers.md", "in-python.md", "bridges.md")
NEEDED = {"bridges.md": ("ema_workbench", "SALib", "arviz_base", "joblib"), "in-python.md": ("xarray", "tqdm")}


def blocks(page):
    """Return (language, text, what is said just before it) of every block of a page."""
    text = (DOCS / page).read_text("utf-8")
    return [(found[1], found[2], text[: found.start()]) for found in BLOCK.finditer(text)]


def follow(page, folder):
    """Save the files, then run shell and Python in the order of the page; return what was printed."""
    for language, text, before in blocks(page):
        named = FILE.search(before)
        if language == "toml" and named:
            (folder / named[1]).write_text(text)
    environment = os.environ | {"SUPPLYSIM_CACHE": str(folder / "cache"), "PATH": path(), "PYTHONWARNINGS": "ignore"}
    printed = ""
    for line in "".join(text for language, text, _ in blocks(page) if language == "sh").splitlines():
        if not line.startswith("pip "):
            printed += run(["sh", "-c", line], folder, environment)
    script = "\n".join(text for language, text, _ in blocks(page) if language == "python")
    (folder / "page.py").write_text(script)
    return printed + run([sys.executable, "page.py"], folder, environment)


def path():
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def run(command, folder, environment):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed_alone(page, tmp_path):
    for package in NEEDED.get(page, ()):
        pytest.importorskip(package)
    assert follow(page, tmp_path)


def test_a_page_that_does_not_work_is_found(tmp_path, monkeypatch):
    (tmp_path / "wrong.md").write_text("```python\nraise SystemExit(3)\n```\n")
    monkeypatch.setattr(sys.modules[__name__], "DOCS", tmp_path)
    with pytest.raises(AssertionError):
        follow("wrong.md", tmp_path)
