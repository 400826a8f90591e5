"""The page without a server, from disk, in a browser: its numbers are those of the estimate, by keyboard and on a phone."""

from __future__ import annotations

import os

import numpy as np
import pytest

from supplysim.emulator import page as static
from supplysim.emulator.predict import Emulator, cases_of
from supplysim.experiment.effects import WINDOW
from supplysim.setup.scenario import Scenario
from tests.browser.conftest import SHOTS
from tests.quick_estimate import MEASURES, STATES, YEARS, invented

pytestmark = pytest.mark.browser
PACKAGES = ({}, {"border": 0.35}, {"due_diligence": 1.0, "close_country": 0.6, "kill_switch": 0.05, "targeting": 0.8})


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return invented(tmp_path_factory.mktemp("estimate") / "estimate.npz")


@pytest.fixture
def opened_from_disk(browser, file, tmp_path):
    """Open the page without a network; nothing may have gone wrong on it."""
    path, complaints, contexts = tmp_path / "explore.html", [], []
    path.write_text(static.page(file, Scenario.load("baseline-2027")), "utf-8")

    def open_page(width=1280, height=900, link="", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{path.as_uri()}{link}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("package", PACKAGES, ids=str)
def test_the_script_computes_what_the_estimate_does(opened_from_disk, file, package):
    page = opened_from_disk()
    spans = [*map(str, YEARS[2:]), WINDOW]
    for place, case in enumerate(cases_of(STATES)):
        said = page.evaluate("([package, place]) => predict(package, place)", [package, place])
        estimate = Emulator.load(file, case).predict(package)
        for column, (measure, span) in enumerate((m, s) for m in MEASURES[1:] for s in spans):
            effect = estimate.effect(measure, span)
            np.testing.assert_allclose(said["diff"][column], effect.diff, rtol=1e-3, atol=1e-6)
            np.testing.assert_allclose(said["level"][column], effect.policy, rtol=1e-3)
            if package:
                assert said["relative"][column] == pytest.approx(effect.relative.mean, rel=1e-3)
        money = [estimate.cost["government"] / 1e6, estimate.cost["industry"] / 1e6]
        np.testing.assert_allclose(said["cost"], money, rtol=1e-3, atol=0.01)  # ten thousand US$ of half precision


def test_a_lever_moves_by_keyboard_and_the_page_says_the_command(opened_from_disk):
    page = opened_from_disk()
    assert page.inner_text("#summary") == "Move a lever: nothing is changed yet."
    page.focus("#lever-border")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.inner_text("#amount-border").startswith("4.5 %")
    assert page.inner_text("#command") == "supplysim compare baseline-2027 -p border=0.5"
    assert "Nine of ten worlds" in page.inner_text("#summary")
    page.select_option("#state-beijing", "open")
    assert page.inner_text("#command").endswith(" --state beijing=open")
    page.keyboard.press("Tab")
    page.click("#reset")
    assert page.inner_text("#summary") == "Move a lever: nothing is changed yet."


def test_a_link_brings_levers_and_states_back_and_forgets_what_it_does_not_know(opened_from_disk):
    page = opened_from_disk(link="#border=0.5&state.beijing=shut&nonsense=1&penalties=7")
    assert page.inner_text("#command") == "supplysim compare baseline-2027 -p border=0.5 --state beijing=shut"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 900)])
def test_nothing_is_wider_than_the_screen(opened_from_disk, width, height):
    page = opened_from_disk(width, height, link="#border=0.5&due_diligence=0.8&state.beijing=shut")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    os.makedirs(SHOTS, exist_ok=True)
    page.screenshot(path=SHOTS / f"static-{width}.png", full_page=True)
