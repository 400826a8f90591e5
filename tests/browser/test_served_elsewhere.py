"""The app below a path, as a reverse proxy shows it; and a page that says so when it cannot load."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from conftest import PATIENCE, Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def below():
    one = Server(SUPPLYSIM_APP_PREFIX="/sim")
    yield one
    one.stop()
    assert "Traceback" not in one.log.read_text()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one = context.new_page()
    one.set_default_timeout(PATIENCE)
    yield one
    context.close()


def test_links_reloads_websockets_and_shared_links_stay_below_the_prefix(below, page):
    wrong = []
    page.on("response", lambda r: wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    page.on(
        "request", lambda r: wrong.append(r.url) if urlsplit(r.url).scheme == "http" and "/sim/" not in r.url else None
    )
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("websocket", lambda s: wrong.append(s.url) if "/sim/jupyter/" not in s.url else None)
    page.goto(f"{below.url}/sim/?p=border=0.5")
    page.wait_for_selector("[data-tile=delivered]")
    page.get_by_role("link", name="Learn", exact=True).click()
    page.wait_for_selector(".lesson-card")
    assert urlsplit(page.url).path == "/sim/learn"
    assert all(
        link.startswith("/sim/")
        for link in page.eval_on_selector_all("a.lesson-card", "a => a.map(b => b.getAttribute('href'))")
    )
    page.locator("a.lesson-card").first.click()
    page.wait_for_selector(".ask-form")
    page.wait_for_function("location.pathname.startsWith('/sim/learn/')")
    page.reload()
    page.wait_for_selector(".ask-form")
    page.get_by_role("link", name="Explore", exact=True).click()
    page.wait_for_selector("[data-tile=delivered]")
    page.wait_for_function("location.search.includes('border=0.5')")
    assert urlsplit(page.url).path == "/sim/"
    page.evaluate("navigator.clipboard.writeText = text => { window.shared = text; return Promise.resolve(); }")
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared")
    shared = page.evaluate("window.shared")
    assert shared.startswith(f"{below.url}/sim/?p=border=0.5")
    page.goto(shared)
    page.wait_for_selector("[data-tile=delivered]")
    assert page.input_value("#lever-border") == "50"
    assert wrong == []


@pytest.mark.parametrize("missing", ["**/custom.js*", "**/require.js", "**/solara-vuetify-app*.js"])
def test_a_file_that_is_missing_is_said_to_be(server, page, missing):
    page.route(missing, lambda route: route.abort())
    page.goto(server.url)
    page.wait_for_selector("#not-loaded")
    assert "could not be loaded" in page.inner_text("#not-loaded") or "stopped while loading" in page.inner_text(
        "#not-loaded"
    )
    assert page.get_by_role("button", name="Load again").is_visible()


def test_a_page_that_is_not_let_in_says_so(server, page):
    page.context.clear_cookies()
    page.route("**/*", lambda route: route.continue_())
    page.add_init_script(
        "const Own = window.WebSocket; window.WebSocket = function (url, p) { return new Own(url.replace('/channels', '/elsewhere'), p); };"
    )
    page.goto(server.url)
    page.wait_for_selector("#not-loaded")
    assert "does not let this page in" in page.inner_text("#not-loaded")


def test_without_javascript_the_page_says_what_it_needs(server, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    assert "supplysim needs JavaScript" in page.inner_text("body")
    context.close()
