"""Every number that a chart writes stands in its table as well."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
GRAPHS = ("fan", "effect", "map", "sankey", "ledger", "funnel", "price", "sellers", "honest", "record", "costs")
NUMBER = re.compile(r"[−+]?\$?\d[\d.,]*(?: ?(?:bn|M|k|%))?")
# What a chart writes: not its axes, nor the published estimate, nor what only names the picture.
WRITTEN = """panel => [...panel.querySelectorAll('svg text')].filter(t => !t.closest('.grid') && !t.matches('.note-text, .begin-text, .cap') ).map(t => [...t.childNodes].map(n => n.textContent).join(' '))"""


def plain(number):
    return number.replace(" ", "").lstrip("+").rstrip(".,")


def check(panel):
    texts = panel.evaluate(WRITTEN)
    numbers = {plain(found) for text in texts for found in NUMBER.findall(re.sub(r"\d+ of \d+|H100e", "", text))}
    panel.get_by_role("button", name="Table").click()
    table = panel.locator("table").inner_text()
    known = {plain(found) for found in NUMBER.findall(table)} | set(re.findall(r"\d+", table))
    panel.get_by_role("button", name="Chart").click()
    assert len(numbers) >= 2, texts
    assert {n for n in numbers if n not in known} == set(), table


@pytest.mark.parametrize("graph", GRAPHS)
def test_explore(opened, graph):
    page = opened(f"/?p=border=0.5%2Bwhistleblower=0.5&l={graph}&r={'fan' if graph == 'effect' else 'effect'}")
    page.wait_for_selector(".badge[data-n='64']", timeout=120_000)
    panel = page.locator(f"[data-figure={graph}]")
    panel.locator("svg[data-title]").wait_for()
    check(panel)


def test_compare_and_assumptions(opened):
    page = opened("/compare")
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    for figure in ("forest", "frontier", "ledgers", "calendar"):
        check(page.locator(f"[data-figure={figure}]"))
    page.get_by_role("link", name="Assumptions", exact=True).click()
    page.wait_for_selector("[data-figure=tornado] svg", timeout=240_000)
    page.wait_for_selector(".badge[data-n='64']", timeout=120_000)
    check(page.locator("[data-figure=tornado]"))


def test_learn(opened):
    page = opened("/learn/how-a-chip-moves")
    page.locator(".ask-form .option input").first.check()
    page.locator(".sure input").first.check()
    page.get_by_role("button", name="Lock in my answer").click()
    page.wait_for_selector(".lesson-graphs svg[data-title]")
    for place in range(page.locator(".lesson-graphs .panel").count()):
        check(page.locator(".lesson-graphs .panel").nth(place))
    page.get_by_role("button", name="Explain").click()
    check(page.locator("[data-figure=ledger]"))
