"""Decide and levers in money, in a real browser: by mouse and keyboard, as links, exact runs on demand."""

import pytest
from conftest import lever

pytestmark = pytest.mark.browser
BEST = "article[data-place='0'] .main"


def test_the_budget_answers_by_keyboard_and_is_said_once(opened):
    page = opened("/decide")
    page.wait_for_selector(BEST)
    before = page.inner_text(BEST)
    page.focus("#budget")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('#budget').getAttribute('aria-valuetext') === '$12M a year'")
    page.wait_for_function(f'old => document.querySelector("{BEST}").innerText !== old', arg=before)
    page.wait_for_function("location.search.includes('d=12~us~chips')")
    page.wait_for_function("document.querySelector('[data-hook=spoken]').innerText.includes('12 million dollars')")


def test_a_link_brings_the_question_back_and_another_objective_chooses_otherwise(opened):
    page = opened("/decide?d=100~us~frontier~rule,appropriation,statute")
    page.wait_for_selector(BEST)
    assert page.input_value("#budget") == "17"
    assert page.locator(".objective .on").inner_text() == "frontier compute"
    assert page.locator("fieldset input:checked").count() == 3
    frontier = page.inner_text("article[data-place='0'] table")
    assert "Close a country" not in frontier
    page.locator(".turns button", has_text="chips delivered").click()
    page.wait_for_function("location.search.includes('d=100~us~chips~')")
    assert page.inner_text("article[data-place='0'] table") != frontier


def test_what_flips_and_what_to_find_out_stand_there_at_once(opened):
    page = opened("/decide")
    for figure in ("breaks", "unknowns", "forest", "ladder"):
        page.wait_for_selector(f"[data-figure={figure}] svg[data-title]")
    assert "quick estimate" in page.inner_text(".said")
    assert "tie" in page.inner_text("[data-hook=tie]")


def test_exact_runs_show_how_far_they_are_and_can_be_taken_back(opened):
    page = opened("/decide")
    page.get_by_role("button", name="Run it exactly").click()
    page.wait_for_selector("[data-hook=run] progress")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Run it exactly").wait_for()


def test_a_portfolio_opens_on_explore(opened):
    page = opened("/decide")
    page.get_by_role("button", name="Open in Explore").first.click()
    page.wait_for_selector("[data-figure=fan]")
    page.wait_for_function("location.pathname === '/' && location.search.includes('location_verification=1')")


def test_a_lever_is_set_in_money_by_keyboard(opened):
    page = opened("/?p=enforcement_budget=0.5")
    page.wait_for_selector("[data-figure=fan]")
    page.get_by_role("button", name="money", exact=True).click()
    slider = page.locator("#lever-enforcement_budget")
    assert slider.get_attribute("data-by") == "money"
    page.focus("#lever-enforcement_budget")
    page.keyboard.press("End")
    page.wait_for_function("location.search.includes('enforcement_budget=1')")
    assert "100 percent" in slider.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    page.wait_for_function("!location.search.includes('enforcement_budget')")
    page.get_by_role("button", name="strength", exact=True).click()
    lever(page, "enforcement_budget", 50)
    page.wait_for_function("location.search.includes('enforcement_budget=0.5')")


def test_levers_that_are_on_get_equal_money(opened):
    page = opened("/?p=enforcement_budget=1%2Bborder=1")
    page.wait_for_selector("[data-figure=fan]")
    page.get_by_role("button", name="money", exact=True).click()
    page.locator(".equal select").nth(1).select_option("10000000")
    page.wait_for_function("!/border=1(&|$)/.test(location.search) && location.search.includes('border=0.')")
    paid = [
        page.get_attribute(f"#lever-{name}", "aria-valuetext").split(" a year")[0]
        for name in ("border", "enforcement_budget")
    ]
    assert paid == ["$10 M", "$10 M"]
