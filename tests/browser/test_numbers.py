"""Every number that a chart writes stands in its table as well."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
GRAPHS = (
    "fan",
    "effect",
    "worlds",
    "map",
    "sankey",
    "ledger",
    "funnel",
    "price",
    "sellers",
    "honest",
    "record",
    "costs",
)
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
    assert len(numbers) >= 2 or panel.locator(".world, .waffle").count() == 100, texts
    assert {n for n in numbers if n not in known} == set(), table


def value(text):
    """Return the first number of a text, in ones."""
    sign, size, unit = re.search(r"([−+]?)\$?(\d[\d,]*\.?\d*)(k|M| bn| M)?", text).groups()
    times = {None: 1.0, "k": 1e3, "M": 1e6, " M": 1e6, " bn": 1e9}[unit]
    return float(size.replace(",", "")) * times * (-1.0 if sign == "−" else 1.0)


def near(one, other, rounding=0.01):
    return abs(one - other) <= rounding * max(abs(one), abs(other))


@pytest.mark.parametrize("package", ["border=1", "border=0.5%2Bwhistleblower=0.5", "intelligence=0.1"])
def test_the_screen_has_one_answer(opened, package):
    """Tile, strip, chart, dots, small print and table by state: one statistic, one window, one verdict."""
    page = opened(f"/?p={package}&r=effect", width=390, height=844)
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    tile = page.locator("[data-tile=delivered]")
    change, level = value(tile.locator(".t-change").inner_text()), value(tile.locator(".t-range").inner_text())
    assert near(level + change, value(tile.locator(".t-value").inner_text()))
    strip = page.inner_text("[data-hook=changed]")
    assert near(abs(change), abs(value(strip)))
    callout = page.inner_text("[data-figure=effect] .callout")
    assert near(change, value(callout))
    assert near(change, value(page.inner_text(".sticky")))
    verdict = callout.rstrip(".").split(": ")[-1]
    assert verdict in tile.inner_text()
    assert verdict in page.inner_text(".sticky")
    assert {"falls": "fall by", "rises": "rise by", "not clear": "not clear"}[verdict] in strip
    share = re.search(r"\(([−+]?\d+) %\)", strip)[1]
    assert f"({share} %)" in tile.inner_text()
    overall = page.locator("tr", has_text="All, by these probabilities").inner_text()
    assert (
        abs(int(share.replace("−", "-")) - float(re.search(r"([−+]?\d+\.?\d*) %", overall)[1].replace("−", "-"))) <= 0.5
    )
    counted = re.compile(r"(\d+) of 64 worlds")
    known = {counted.search(text)[1] for text in (strip, tile.inner_text(), page.inner_text(".strip-dots"))}
    assert len(known) == 1
    entries = re.search(r"Of the (\S+) chips (?:fewer|more), (.*?)\.(?= |$)", strip)
    plus, _, against = entries[2].partition("; against that, ")
    parts = [sum(value(found) for found in re.findall(r"\d[\d.,]*[kM]?(?= )", part)) for part in (plus, against)]
    assert near(parts[0] - parts[1], value(entries[1]), 0.02)
    windows = set(re.findall(r"20\d\d–20\d\d", page.inner_text(".explore")))
    assert windows == {"2027–2030"}


def test_levels_hold_while_exact_pairs_come_in(opened):
    page = opened("/?p=border=0.37%2Bpenalties=0.41")
    seen = page.evaluate("""() => new Promise(done => { const seen = [], look = () => {
        const badge = document.querySelector('.badge'), range = document.querySelector('[data-tile=delivered] .t-range');
        if (range) seen.push(range.innerText); if (badge && badge.dataset.n === '64') done([...new Set(seen)]); else setTimeout(look, 40); }; look(); })""")
    assert len(seen) == 1
    assert "as it stands" in seen[0]


def test_the_public_view_shows_no_number_of_the_truth(opened):
    page = opened("/?s=minimal&p=border=1")
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    truth = set(re.findall(r"\d[\d.,]*[kM]", page.inner_text(".tiles") + page.inner_text(".strip")))
    page.get_by_role("button", name="What the public sees").click()
    page.wait_for_selector(".hiddenly")
    assert len(truth) >= 4
    assert truth & set(re.findall(r"\d[\d.,]*[kM]", page.inner_text(".tiles") + page.inner_text(".strip"))) == set()
    assert page.locator(".sticky, .strip-dots, [data-hook=first]").count() == 0


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
    asked = page.locator("[data-figure=asked]")
    answer = NUMBER.findall(asked.locator(".model b").inner_text())
    asked.get_by_role("button", name="Table").click()
    assert {plain(found) for found in answer} <= {plain(found) for found in NUMBER.findall(asked.inner_text())}
    for place in range(1, page.locator(".lesson-graphs .panel").count()):
        check(page.locator(".lesson-graphs .panel").nth(place))
    page.get_by_role("button", name="Explain").click()
    check(page.locator("[data-figure=ledger]"))
