"""CONTRIBUTING.md: what it tells a newcomer to write works as written."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
from lever_worlds import BASE

from supplysim.outputs import measures
from supplysim.world.state import TALLY

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")


def example(heading: str) -> str:
    """Return the Python below a heading."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]


def test_the_lever_moves_what_it_says(tmp_path, monkeypatch):
    file = tmp_path / "port_scanners.py"
    file.write_text(example("Add a policy"), "utf-8")
    spec = importlib.util.spec_from_file_location("port_scanners", file)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "port_scanners", module)
    spec.loader.exec_module(module)
    lever = module.PortScanners()
    shifts = list(lever.shifts(BASE))
    assert {shift.field for shift in shifts} == {"border_exposure"}
    moved = lever.physical()
    assert moved.full / moved.without == 1 + lever.factor
    row = shifts[0].at[0]
    usual = BASE.conditions["border_exposure"][-1, row]
    np.testing.assert_allclose(shifts[0].amount[-1], lever.factor * usual)
    assert lever.government_cost(BASE)[-1] > 0.0
    assert not any(shift.amount.any() for shift in module.PortScanners(intensity=0.0).shifts(BASE))


def test_the_measures_are_made_of_columns_of_the_week(monkeypatch):
    named = {name: getattr(measures, name) for name in ("Measure", "Ratio", "Total")}
    for measure in eval(f"[{example('Add a measure')}]", named):
        assert measure.name not in measures.MEASURES
        assert set(measure.made.columns) <= set(TALLY.names)
        monkeypatch.setitem(measures.MEASURES, measure.name, measure)
    assert {"split_lots", "purchase_orders"} <= measures.quarterly().keys()
