"""A room in a real browser: a teacher with arrow keys, phones that join, vote and sit at a desk, a restart in between."""

from __future__ import annotations

import statistics

import pytest
from conftest import PATIENCE, SHOTS, Server
from phones import lesson, told

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def own(tmp_path, browser):
    """A server of this test alone, whose rooms lie in a folder of the test."""
    from supplysim.viz import fetch

    if not fetch.complete():
        pytest.skip("the web files are not fetched: python -m supplysim.viz.fetch")
    one = Server(SUPPLYSIM_DATA=str(tmp_path), SUPPLYSIM_APP_WORKERS="1")
    yield one
    one.stop()
    assert "Traceback" not in one.log.read_text()


@pytest.fixture
def page_of(browser, own):
    contexts, complaints = [], []

    def open_page(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.goto(own.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_class_joins_votes_and_loses_nothing_when_the_server_starts_anew(page_of, own):
    SHOTS.mkdir(parents=True, exist_ok=True)
    wall = page_of("/present/squeeze-one-port", viewport={"width": 1440, "height": 900})
    wall.get_by_role("button", name="Open a room for phones").click()
    code = wall.inner_text("[data-hook=code]")
    phone = page_of(f"/room/{code}", **PHONE)
    phone.wait_for_selector("h1")
    late = page_of("/room", **PHONE)
    late.fill("#typed", code.lower())
    late.keyboard.press("Enter")
    wall.wait_for_function("document.querySelector('[data-hook=joined]').innerText.startsWith('2 phones')")
    wall.screenshot(path=str(SHOTS / "room-public.png"))
    wall.keyboard.press("ArrowRight")
    for one, place in ((phone, 2), (late, 0)):
        one.locator(".say").nth(place).click()
        one.wait_for_selector(f".say:nth-of-type({place + 1})[aria-pressed=true]")
        one.get_by_role("button", name="fairly sure").click()
        one.wait_for_selector(".row .say[aria-pressed=true]")
    wall.wait_for_function("document.querySelectorAll('.votes')[2].innerText === '1'")
    wall.screenshot(path=str(SHOTS / "room-vote.png"))
    phone.screenshot(path=str(SHOTS / "room-phone.png"))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    own.stop()
    own.start()
    wall.goto(own.url + "/present")
    wall.wait_for_function("document.querySelectorAll('.votes').length === 4")  # the very step and lesson
    assert wall.inner_text("[data-hook=code]") == code
    assert "/present/squeeze-one-port" in wall.url
    assert [it.inner_text() for it in wall.locator(".votes").all()] == ["1", "0", "1", "0"]
    wall.keyboard.press("ArrowRight")
    phone.wait_for_selector(".card")
    assert "Your answer holds" in phone.inner_text("main")
    late.wait_for_selector(".card")
    assert "Not what you said" in late.inner_text("main")
    assert "1 of 2 votes were right" in wall.inner_text(".verdict")
    wall.screenshot(path=str(SHOTS / "room-truth.png"))
    sizes = "[...document.querySelectorAll('.present p, .present li, .present b')].filter(e => e.offsetParent && e.innerText && !e.closest('.presentbar, .steps, .panel-head, .sub:not(.story .sub)')).map(e => parseFloat(getComputedStyle(e).fontSize))"
    assert min(wall.evaluate(sizes)) >= 20
    wall.keyboard.press("ArrowRight")
    wall.wait_for_selector(".remember")
    wall.screenshot(path=str(SHOTS / "room-why.png"))
    wall.emulate_media(media="print")
    assert wall.locator(".top").is_hidden()
    assert wall.locator(".remember").is_visible()


def test_teams_tick_levers_on_their_phones(page_of):
    wall = page_of("/present/roles", viewport={"width": 1440, "height": 900})
    wall.get_by_role("button", name="Open a room for phones").click()
    code = wall.inner_text("[data-hook=code]")
    phone = page_of(f"/room/{code}", **PHONE)
    phone.get_by_role("button", name="The exporting country's agency").click()
    phone.get_by_role("radio", name="full").nth(1).check()
    chosen = wall.locator("#team-agency").get_by_role("group", name="Whistleblower rewards")
    chosen.locator("label.on", has_text="full").wait_for()
    phone.screenshot(path=str(SHOTS / "room-desk.png"), full_page=True)
    wall.screenshot(path=str(SHOTS / "room-teams.png"))
    wall.keyboard.press("Escape")
    wall.get_by_role("button", name="Next: Vote").click()
    phone.get_by_role("button", name="Falls by less than a fifth").click()
    wall.wait_for_function("document.querySelectorAll('.votes')[2].innerText === '1'")


def test_thirty_phones_vote_while_the_teacher_steps(own):
    """Every phone asks every second and a half, as its page does; nothing fails and nobody waits long."""
    times, errors, wall = lesson(own.url, 30, 25.0, 5.0)
    assert errors == []
    assert wall["room"]["joined"] == 30
    assert sum(wall["tally"]) == 30
    print(told(times))
    assert statistics.median(times) < 2.0
