"""Explore for whoever comes first, by keyboard, by ear, on a phone, at night, on paper; and what can be taken home."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from conftest import lever
from test_pages import no_sideways, serious

pytestmark = pytest.mark.browser


def test_explore_asks_before_it_shows_and_remembers(opened):
    page = opened("/")
    page.wait_for_selector("[data-hook=first]")
    assert page.get_by_role("button", name="Move the lever and look").is_disabled()
    page.get_by_label("fall by less than a tenth").check()
    page.get_by_role("button", name="Move the lever and look").click()
    page.wait_for_selector("[data-hook=first-answer]")
    assert "Deliveries" in page.inner_text("[data-hook=first-answer]")
    assert "You guessed: fall by less than a tenth." in page.inner_text("[data-hook=first]")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("!location.search.includes('p=')")
    page.reload()
    page.wait_for_selector("[data-tile=delivered]")
    assert page.locator("[data-hook=first]").count() == 0


def test_who_moves_a_lever_is_asked_nothing(opened):
    page = opened("/")
    page.wait_for_selector("[data-hook=first]")
    lever(page, "border", 30)
    page.wait_for_selector("[data-hook=first]", state="detached")


def test_keyboard_moves_are_said_once_and_skip_links_lead_there(opened):
    page = opened("/?s=minimal&p=border=0.2")
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    page.evaluate("""() => { window.heard = []; const e = document.querySelector('[data-hook=spoken]');
        new MutationObserver(() => window.heard.push(e.textContent)).observe(e, {childList: true, characterData: true, subtree: true}); }""")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "levers"
    page.focus("#lever-border")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("location.search.includes('border=0.28')")
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    page.wait_for_timeout(1500)
    heard = page.evaluate("window.heard")
    assert 1 <= len(heard) <= 2, heard  # the estimate may stand long enough to be said, then the exact answer
    assert heard[-1] == page.inner_text("[data-hook=changed]")


@pytest.mark.parametrize("name", ["", "compare", "watch", "assumptions", "evidence", "info"])
def test_a_small_phone_has_no_sideways_scroll(opened, name):
    page = opened(f"/{name}", width=360, height=640)
    page.wait_for_selector({"watch": "[data-lit]", "compare": "[data-figure=forest]"}.get(name, "h1"))
    page.wait_for_timeout(800)
    assert no_sideways(page)


def test_on_a_phone_the_result_stays_in_sight_while_a_lever_moves(opened):
    page = opened("/?p=border=0.2", width=360, height=640)
    page.wait_for_selector(".sticky")
    page.locator("#lever-enforcement_budget").scroll_into_view_if_needed()
    before = page.inner_text(".sticky")
    lever(page, "enforcement_budget", 90)
    page.wait_for_function(
        "old => (document.querySelector('.sticky') || {}).innerText && document.querySelector('.sticky').innerText !== old",
        arg=before,
    )
    box = page.locator(".sticky").bounding_box()
    assert 0 <= box["y"] < 640
    page.get_by_role("button", name="Details of Investigators").click()
    drawer = page.locator(".drawer").bounding_box()
    assert drawer["x"] >= 0
    assert drawer["width"] <= 360


@pytest.mark.parametrize("name", ["?p=border=0.5", "compare", "evidence", "assumptions", "info", "watch"])
def test_at_night_axe_finds_nothing_serious(opened, name):
    page = opened(f"/{name}", color_scheme="dark")
    page.wait_for_selector({"watch": "[data-lit]", "compare": "[data-figure=forest]"}.get(name, "h1"))
    page.wait_for_timeout(1000)
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(15, 15, 15)"
    assert serious(page) == []


def test_a_chart_goes_home_as_numbers_and_as_a_picture(opened):
    page = opened("/?p=border=0.5")
    page.wait_for_selector(".badge[data-n='64']", timeout=240_000)
    panel = page.locator("[data-figure=fan]")
    taken = {}
    for what in ("Numbers, CSV", "Picture, SVG", "Picture, PNG"):
        panel.get_by_role("button", name="Download Chips delivered").click()
        with page.expect_download() as waiting:
            panel.get_by_role("button", name=what).click()
        taken[what[-3:]] = Path(waiting.value.path()).read_bytes()
    rows = list(csv.DictReader(io.StringIO(taken["CSV"].decode())))
    assert rows[-1]["unit"] == "chips a quarter"
    assert float(rows[-1]["With the package: mean"]) > 1000
    assert rows[-1]["from"] == "64 exact pairs"
    assert b"Chips delivered to China" in taken["SVG"]
    assert b"supplysim, paired runs" in taken["SVG"]
    assert b"<path" in taken["SVG"]
    assert taken["PNG"].startswith(b"\x89PNG")


def test_an_id_of_evidence_leads_to_its_row(opened):
    page = opened("/?p=border=0.5")
    page.get_by_role("link", name="in:N001").click()
    page.wait_for_selector(".evidence")
    assert page.input_value("input[type=search]") == "in:N001"
    row = page.get_by_role("region", name="Evidence", exact=True).locator("tbody tr")
    assert row.count() == 1
    page.get_by_role("link", name="in:N035").click()  # from the page itself as well
    assert "in:N035" in row.first.inner_text()
    page = opened("/evidence#P:E14")
    page.wait_for_selector(".evidence tbody tr")
    assert "P:E14" in page.inner_text(".evidence tbody")


def test_a_bill_is_a_package(opened):
    page = opened("/")
    page.select_option(".toolbar select", "bill:chip-security-act")
    page.wait_for_selector("[data-hook=bill]")
    assert "as if law in every world" in page.inner_text("[data-hook=bill]")
    page.wait_for_function("location.search.includes('location_verification=1@2027-06-30')")
    assert "a year" in page.inner_text("#phys-location_verification")


def test_on_paper_there_are_no_levers_and_the_page_is_light(opened):
    page = opened("/?p=border=0.5", color_scheme="dark")
    page.wait_for_selector("[data-figure=fan] svg")
    page.emulate_media(media="print")
    assert not page.locator("#levers").is_visible()
    assert page.locator("[data-figure=fan]").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"


def test_mesas_page_has_a_way_back(browser, server):
    page = browser.new_context().new_page()
    page.goto(f"{server.url}/mesa")
    page.get_by_role("link", name="Back to supplysim").click(timeout=60_000)
    page.wait_for_selector("h1:has-text('Model information')", timeout=60_000)
    page.context.close()
