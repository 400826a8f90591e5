"""Lessons in a real browser: three by keyboard alone, and for every lesson nothing of the result before a prediction."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import SHOTS

from supplysim.lessons import lesson, lessons, results
from supplysim.report.formatting import written

pytestmark = pytest.mark.browser


def secrets(name):
    """Return what a lesson finds, as kept and as written, less what its question says anyway."""
    mine, numbers = lesson(name), results()[name]
    told = {f"{value:.6g}" for it in numbers.found.values() for value in (it.value, it.low, it.high, it.p05, it.p95)}
    told |= {f"{value:.6g}" for point in numbers.series for value in (point.p50, point.p95)}
    told |= {written(it.value, mine.forms.get(key, "count")) for key, it in numbers.found.items()}
    told |= {mine.prose[section].split("{{")[0].strip()[:60] for section in ("Explain", "Remember")}
    told |= {line[:60] for question in mine.document.check for line in (question.question, *question.rubric)}
    open_text = json.dumps(mine.opening.__dict__, default=str, ensure_ascii=False)
    return {text for text in told if len(text.strip("+−-0.,")) >= 5 and text not in open_text}


def leaked(hidden, sent):
    """Return the secrets in what was sent; a whole number counts by itself, not within a session's id."""
    return [
        text for text in hidden if re.search(rf"(?<![\w.]){text}(?!\w)" if text.isdigit() else re.escape(text), sent)
    ]


@pytest.mark.parametrize("name", list(lessons()))
def test_nothing_of_the_result_reaches_the_browser_before_the_prediction(opened, name):
    frames = []
    page = opened(f"/learn/{name}", listen=frames)
    page.wait_for_selector(".ask-form")
    page.wait_for_timeout(700)
    before = page.content() + "".join(frames)
    assert lesson(name).document.predict.question in before
    assert len(frames) > 3
    hidden = secrets(name)
    assert len(hidden) > 20
    assert leaked(hidden, before) == []
    assert page.locator(".steps button:disabled").count() == 6
    page.locator(".ask-form .option input").first.check()
    page.locator(".sure input").first.check()
    page.get_by_role("button", name="Lock in my answer").click()
    page.wait_for_selector(".lesson[data-step=run]")
    page.wait_for_selector("svg[data-title]")
    after = "".join(frames)
    assert [text for text in hidden if text in after]  # the check above can fail: now it is there


def tab_to(page, label, most=80):
    """Press Tab until the focus is on what a reader would call `label`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(() => { const e = document.activeElement; const l = e.labels && e.labels[0]; return (e.getAttribute('aria-label') || (l && l.innerText) || e.innerText || '').trim(); })()"
        )
        if name.startswith(label):
            return
    raise AssertionError(f"Tab never reaches {label!r}")


@pytest.mark.parametrize("name", ["how-a-chip-moves", "squeeze-one-port", "record-seizures"])
def test_a_whole_lesson_by_keyboard_alone(opened, name):
    mine = lesson(name).document
    page = opened(f"/learn/{name}")
    page.wait_for_selector(".ask-form")
    tab_to(page, mine.predict.options[0].text)
    page.keyboard.press("ArrowDown")  # the second answer
    tab_to(page, "a guess")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Lock in my answer")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lesson[data-step=run]")
    assert mine.predict.options[1].text in page.inner_text(".result")
    for title, step in (("Notice", "notice"), ("Explain", "explain"), ("Try", "try")):
        tab_to(page, f"Next: {title}")
        page.keyboard.press("Enter")
        page.wait_for_selector(f".lesson[data-step={step}]")
    for term in mine.try_.solution.split("+"):
        lever, _, level = term.partition("=")
        row = page.locator(f"input[name='try-{lever}']")
        row.first.focus()
        for _ in range(1 + mine.try_.levels.index(float(level or 1.0))):
            page.keyboard.press("ArrowRight")
    tab_to(page, "Run 64 pairs")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('[data-hook=tried]') && document.querySelector('[data-hook=tried]').innerText.startsWith('Goal reached')",
        timeout=240_000,
    )
    tab_to(page, "Next: Twist")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lesson[data-step=twist]")
    tab_to(page, mine.predict.options[0].text)
    page.keyboard.press("Space")
    tab_to(page, "a guess")
    page.keyboard.press("Space")
    tab_to(page, "Lock in my answer")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.prose-card').innerText.includes('Now:')", timeout=5_000)
    tab_to(page, "Next: Check")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lesson[data-step=check]")
    for place, question in enumerate(mine.check):
        box = page.locator(".checkq").nth(place)
        if question.options:
            box.locator("input").first.focus()
            page.keyboard.press("Space")
        else:
            box.locator("textarea").focus()
            page.keyboard.type("Out of how many, and who pays?")
        tab_to(page, "Answer" if question.options else "Done")
        page.keyboard.press("Enter")
        box.locator(".rubric").wait_for()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"lesson-{name}.png"))
    tab_to(page, "All lessons")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lesson-card.done")
    assert "2 predictions" in page.inner_text(".score")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download my record").click()
    record = json.loads(Path(waiting.value.path()).read_text("utf-8"))["record"][0]
    assert record["lesson"] == name
    assert record["prediction"] == mine.predict.options[1].text
    page.reload()
    page.wait_for_selector(".lesson-card.done")  # the browser kept it


def test_a_hint_waits_until_it_is_asked_for(opened):
    page = opened("/learn?lesson=squeeze-one-port")
    page.locator(".ask-form .option input").nth(2).check()
    page.locator(".sure input").nth(1).check()
    page.get_by_role("button", name="Lock in my answer").click()
    page.get_by_role("button", name="Try").click()
    hint = lesson("squeeze-one-port").document.try_.hint
    page.wait_for_selector(".task")
    assert hint not in page.content()
    page.get_by_role("button", name="Give me a hint").click()
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=hint)


def test_present_counts_hands_and_waits_for_the_truth(opened):
    frames = []
    page = opened("/present/squeeze-one-port", listen=frames)
    page.wait_for_selector(".story")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".bets")
    page.get_by_role("button", name="One hand more").nth(2).click()
    page.wait_for_function("document.querySelectorAll('.votes')[2].innerText === '1'")
    hidden = secrets("squeeze-one-port")
    assert leaked(hidden, page.content() + "".join(frames)) == []
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".verdict")
    assert "1 of 1 vote was right" in page.inner_text(".verdict")
    page.wait_for_selector(".answers[data-title]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".remember")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".verdict")
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=str(SHOTS / "present-lesson.png"))


def test_the_role_play_ticks_merges_briefs_and_debriefs(opened):
    page = opened("/present/roles")
    page.wait_for_selector("#team-agency")
    agency = page.locator("#team-agency")
    for row in range(agency.locator("fieldset").count()):  # no more can be ticked than may be moved
        full = agency.locator("fieldset").nth(row).get_by_role("radio", name="full")
        if full.is_enabled():
            full.check()
    told = agency.locator("p[aria-live]").inner_text()
    assert told.split(" of ")[0] == told.split(" of ")[1].split()[0]
    for row in range(agency.locator("fieldset").count()):
        agency.locator("fieldset").nth(row).get_by_role("radio", name="off").check()
    agency.get_by_role("group", name="Whistleblower rewards").get_by_role("radio", name="full").check()
    page.locator("#team-singapore fieldset").first.get_by_role("radio", name="50 %").check()
    page.get_by_role("button", name="Merge and run").click()
    page.wait_for_selector(".bets")
    page.get_by_role("button", name="One hand more").nth(1).click()
    page.get_by_role("button", name="Next: Each desk").click()
    page.get_by_role("button", name="The journalist").click(timeout=240_000)
    page.wait_for_selector(".briefing")
    assert "in the news" in page.inner_text(".briefing")
    assert page.locator(".briefing tbody tr").count() == 2
    assert page.locator("[data-hook=debrief]").count() == 0
    page.get_by_role("button", name="Next: Debrief").click()
    page.wait_for_selector("[data-hook=debrief] svg[data-title]")
    assert "votes were right" in page.inner_text("[data-hook=debrief]")
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=str(SHOTS / "present-roles.png"))
