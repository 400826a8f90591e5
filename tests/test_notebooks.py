"""The notebooks of the documentation: each runs from top to bottom, and none carries outputs of another time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))
SMALL = [path for path in NOTEBOOKS if path.stem != "first-steps"]  # that one: test_lessons.py
PAIRS = "24"  # fewer than twelve worlds may be left of them under a condition


def code(path: Path) -> list[str]:
    """Return the source of every code cell."""
    return [
        "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert [cell["id"] for cell in cells if cell.get("outputs")] == []
    for number, source in enumerate(code(path)):
        compile(source, f"{path.name}, cell {number}", "exec")


@pytest.mark.slow
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, monkeypatch):
    import matplotlib as mpl

    mpl.use("Agg")
    monkeypatch.setenv("SUPPLYSIM_NOTEBOOK_PAIRS", PAIRS)
    monkeypatch.setattr(sys, "path", [*sys.path])
    space = {"__name__": "notebook"}
    for number, source in enumerate(code(path)):
        exec(compile(source, f"{path.name}, cell {number}", "exec"), space)
    sys.modules.pop("port_scanners", None)
    assert space["PAIRS"] == int(PAIRS)
