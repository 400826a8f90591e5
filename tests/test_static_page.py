"""`supplysim export explore.html`: the page holds what the quick estimate knows, small, and asks nobody else."""

from __future__ import annotations

import json
import re
from base64 import b64decode

import numpy as np
import pytest

from supplysim.cli import main
from supplysim.emulator import page as static
from supplysim.emulator.predict import Emulator, cases_of, features
from supplysim.errors import InputError
from supplysim.experiment.effects import WINDOW
from supplysim.setup.scenario import Scenario
from tests.quick_estimate import MEASURES, STATES, YEARS, invented

PACKAGE = {"border": 0.35, "due_diligence": 1.0, "close_country": 0.6}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return invented(tmp_path_factory.mktemp("estimate") / "estimate.npz")


@pytest.fixture(scope="module")
def page(file):
    return static.page(file, Scenario.load("minimal"))


def told(page: str) -> dict:
    """Return the data that a page carries."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(text)


def half(text: str, columns: int) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f2").astype(float).reshape(-1, columns)


@pytest.mark.parametrize("place", range(len(cases_of(STATES))))
def test_the_numbers_of_the_page_give_what_the_estimate_says_in_every_case_of_the_states(page, file, place):
    known = told(page)
    case, columns = known["cases"][place], len(known["scale"])
    x = np.array([PACKAGE.get(lever["name"], 0.0) for lever in known["levers"]])
    f = features(x, np.array(case["indicators"]))
    mean = f @ half(known["fitted"]["mean"], columns) * known["scale"]
    estimate = Emulator.load(file, case["case"]).predict(PACKAGE)
    spans = [*map(str, YEARS[2:]), WINDOW]
    for column, (measure, span) in enumerate((m, s) for m in MEASURES[1:] for s in spans):
        effect = estimate.effect(measure, span)
        assert mean[column] / case["mean"][column] == pytest.approx(effect.relative.mean, rel=1e-3)
        np.testing.assert_allclose(case["base"][column], effect.base)
    cost = f @ half(known["fitted"]["cost"], 2)
    assert cost == pytest.approx([estimate.cost["government"] / 1e6, estimate.cost["industry"] / 1e6], rel=1e-3)


def test_a_page_is_small_whole_and_fetches_nothing(page):
    assert len(page.encode()) < 1_500_000
    assert "{{" not in page
    assert re.findall(r"""(?:src|href)=["']([^"']*)""", page) == ["http://127.0.0.1:8765/"]
    assert "default-src 'none'" in page
    assert 'name="viewport"' in page


def test_a_page_says_how_good_it_is_and_that_it_is_no_forecast(page):
    for words in ("not a forecast", "60 packages", "2.0 %", "6.0 %", "93 %", "What it cannot say"):
        assert words in page


def test_text_of_a_scenario_cannot_end_the_page(file):
    title = "</script><b>"
    page = static.page(file, Scenario.load("minimal").with_(title=title))
    assert title not in page


def test_a_scenario_without_an_estimate_is_refused():
    with pytest.raises(InputError, match="it has no quick estimate"):
        static.page_of("minimal")


def test_an_estimate_of_other_rules_is_refused(monkeypatch):
    monkeypatch.setattr(static, "emulator", lambda _: None)
    monkeypatch.setattr(static, "refusal", lambda _: "The quick estimate is not used: it was made for other countries")
    with pytest.raises(InputError, match="made for other countries; make it anew"):
        static.page_of("baseline-2024")


def test_export_writes_one_file(tmp_path, monkeypatch, capsys, file):
    monkeypatch.setattr(static, "emulator", lambda _: Emulator.load(file))
    monkeypatch.setattr(static, "FILES", {"baseline-2024": file})
    assert main(["export", str(tmp_path / "explore.html"), "--scenario", "baseline-2024"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["explore.html"]
    assert "opens from disk" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["explore.txt", "explore", ".html/"])
def test_a_name_that_is_no_page_is_refused_before_any_work(tmp_path, capsys, name):
    assert main(["export", f"{tmp_path}/{name}"]) == 2
    assert "ends in .html" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
