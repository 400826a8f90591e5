"""The report in a real browser: on a phone, on a desk and on paper."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # the stand-in

from stand_in import Less, simulate

from supplysim.api import compare

pytestmark = pytest.mark.browser

WIDE = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.wide, svg, pre') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    compare("minimal", [Less(share=s / 100) for s in range(10, 26)], 8, workers=1, simulate=simulate).save(folder)
    return folder / "report.html"


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (1200, "screen"), (680, "print")])
def test_the_report_fits_and_loads_nothing(report, browser, width, media):
    page = browser.new_page(viewport={"width": width, "height": 844})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.emulate_media(media=media)
    page.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDE) == []
    assert page.evaluate("[...document.querySelectorAll('figure svg')].every(e => e.getBBox().width > 100)")
    if media == "print":
        assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
