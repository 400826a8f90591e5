"""Two pages for a decision maker: what they say, in two digits, and that they are two pages."""

import logging
import re
from dataclasses import replace

import numpy as np
import pytest
from stand_in import Less, simulate

from supplysim.api import compare
from supplysim.errors import InputError
from supplysim.experiment.ledger import Ledger
from supplysim.policies import six
from supplysim.policies.text import Package
from supplysim.report import text, ways
from supplysim.report.brief.budget import CALENDAR, FISCAL, _fiscal, budget
from supplysim.report.brief.chart import Chart, Row
from supplysim.report.brief.content import NOT_A_FORECAST, Findings, Section, brief, foremost
from supplysim.report.brief.page import html
from supplysim.report.brief.words import amount, falls, millions, percent, plain, two

MINE = {
    name: {"range": ends, "source": "A rather long title of a source, volume 12, page 345", "why": "As it is " * 12}
    for name, ends in (
        ("investigators", [20, 40]),
        ("demand_scale", [1, 2]),
        ("patience", [6, 9]),
        ("access", [0.1, 0.3]),
    )
} | {"due_diligence.sensitivity": {"range": [0.2, 0.5], "source": "Interviews", "why": "Less."}}


@pytest.fixture(scope="module")
def study():
    """Return a comparison of the model itself, with quarters."""
    return compare("minimal", ["due_diligence", "border=0.5@2024-03"], 12, workers=1, store=False)


@pytest.fixture(scope="module")
def invented():
    arms = [Less(share=s / 100) for s in range(10, 19)]
    return compare("minimal", arms, 12, workers=1, simulate=simulate, beliefs=MINE)


def test_numbers_have_two_digits():
    assert [two(n) for n in (12.36, 4.126, 0.0634, 9.96, 123.4, 0.0)] == ["12", "4.1", "0.063", "10", "120", "0"]
    assert [amount(n) for n in (439_123, 9.17e6, 86.4, 9_960)] == ["440 thousand", "9.2 million", "86", "10 thousand"]
    assert [percent(c) for c in (-0.1236, 0.041, 0.0001)] == ["12 %", "4.1 %", "0 %"]
    assert [millions(d) for d in (66.4e6, 1.26e6, 100.0)] == ["66", "1.3", "0"]


def test_a_spread_is_said_with_its_direction():
    assert falls(-0.25, -0.041) == "falls by between 4.1 and 25 %"
    assert falls(0.02, 0.3) == "rises by between 2 and 30 %".replace("2 and", "2.0 and")
    assert falls(-0.25, 0.03) == "changes by between −25 % and +3.0 %"
    assert falls(-0.1, -0.1) == "falls by 10 %"


def test_the_headline_is_the_spread_over_worlds_then_the_average(study):
    told = brief(study)
    assert told.answer.startswith("In 9 of 10 worlds the number of chips smuggled to China ")
    found = study.effect(foremost(study))
    assert falls(found.worlds_low, found.worlds_high) in told.answer
    assert percent(found.relative) in told.answer
    assert told.answer.index("9 of 10") < told.answer.index("on average")


def test_policies_have_plain_names(study):
    assert plain(study) == {
        "due_diligence": "Know your customer",
        "border=0.5@2024-03": "Border inspections (0.5@2024-03)",
    }


def test_every_chart_has_one_claim_and_its_numbers(study):
    first, second = brief(study).every_chart()[:2]
    assert "Know your customer" in first.claim
    assert [row.middle for row in first.rows] == sorted(study.effect(arm).relative for arm in study.arms)
    assert "compute" in second.claim
    assert len(second.rows) == 3


def test_the_budget_is_by_fiscal_year_and_adds_up(study):
    (heads, rows), note = budget(study, "due_diligence")
    assert heads[0] == "Fiscal year"
    assert [row[0] for row in rows] == ["2024 (3 quarters)", "2025 (1 quarter)", "All years"]
    assert FISCAL in note
    years = dict(_fiscal(study, "due_diligence", ["us_cost", "industry_cost"]))
    total = sum(years.values())
    for place, measure in enumerate(("us_cost", "industry_cost")):
        wanted = study.values("due_diligence", measure, "2024") - study.values("baseline", measure, "2024")
        assert total[:, place] == pytest.approx(wanted)


def test_without_quarters_the_years_say_that_they_are_calendar_years(study):
    bare = [tuple(replace(run, quarters=np.empty((0, 0))) for run in pair) for pair in study.runs]
    (heads, rows), note = budget(replace(study, runs=bare), "due_diligence")
    assert (heads[0], [row[0] for row in rows]) == ("Year", ["2024"])
    assert CALENDAR in note


def test_costs_that_runs_do_not_report_have_no_column(invented):
    (heads, rows), note = budget(invented, next(iter(invented.arms)))
    assert heads == ("Year", "Private-sector mandate")
    assert rows == [("2024", "52")]
    assert CALENDAR in note


def test_it_says_what_it_is_and_what_was_changed(study, invented):
    page = html(brief(study), {})
    assert NOT_A_FORECAST.replace("'", "&#x27;") in page
    assert "What a range does not cover" in page
    assert "CNAS, Countering AI Chip Smuggling" in page
    assert "supplysim reproduce provenance.json" in page
    assert "of your own" not in page
    assert "could not be drawn" in page  # no picture was given
    changed = html(brief(invented), {})
    assert changed.index("5 assumptions of your own") < changed.index('class="answer"')
    assert "A rather long title of a source" in changed


def test_a_decision_adds_its_own(study):
    chart = Chart("brief-own", "A claim of its own", "A note.", (Row("one", -0.2, -0.1, 0.0),), 5.0)
    section = Section("Budgets", ("Ten million buy this.",), (("Budget", "Buys"), [("10", "x")]), chart)
    told = brief(study, Findings("Fund the border first.", "border=0.5@2024-03", ["It is cheapest."], [section]))
    page = html(told, {})
    assert told.answer == "Fund the border first."
    assert told.every_chart()[0] is chart
    assert page.index("Fund the border first.") < page.index("It is cheapest.") < page.index("Ten million buy this.")
    assert "Border inspections (0.5@2024-03)” costs" in page
    with pytest.raises(InputError, match="not compared"):
        brief(study, Findings("x", "whistleblower"))


def test_beside_every_report(tmp_path, study):
    written = {path.name for path in study.save(tmp_path)}
    assert {"brief.html", "brief.docx"} <= written
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert page.count("<svg") == len(brief(study).every_chart()) >= 2
    assert "http" not in re.sub(r"https?://www\.w3\.org\S*", "", page)
    docx = pytest.importorskip("docx").Document(str(tmp_path / "brief.docx"))
    told = "\n".join(paragraph.text for paragraph in docx.paragraphs)
    assert brief(study).answer in told
    assert len(docx.inline_shapes) == len(brief(study).every_chart())
    assert docx.tables[0].rows[0].cells[0].text == "Fiscal year"


def test_without_python_docx_one_line_says_what_to_install(tmp_path, study, monkeypatch, caplog):
    (tmp_path / "brief.docx").write_bytes(b"of an earlier comparison")
    monkeypatch.setattr("supplysim.report.files.find_spec", lambda name: None)
    with caplog.at_level(logging.WARNING):
        written = {path.name for path in study.save(tmp_path)}
    assert "brief.html" in written
    assert not (tmp_path / "brief.docx").exists()
    (line,) = [record.getMessage() for record in caplog.records if "docx" in record.getMessage()]
    assert 'pip install "supplysim[decide]"' in line


# --- what became of the prevented chips --------------------------------------------------------------------

SHARE = re.compile(r"\((−?[\d.]+) %\)")


class _Ledgers:
    """A comparison that has ledgers and nothing else."""

    def __init__(self, parts):
        self.pairs = len(parts)
        self.ledgers = {
            "x": [Ledger(sum(row), *row, rerouted_memo=0.0, disabled_memo=0.0, substitutes={}) for row in parts]
        }


@pytest.mark.parametrize("middle", [(500, 300, 200, 10), (800, -20, -300, 400), (100, 1200, -500, 3), (5, 5, 5, 5)])
@pytest.mark.parametrize("noise", [1.0, 50.0, 2000.0])
@pytest.mark.parametrize("seed", range(4))
def test_no_share_is_above_the_whole_or_below_nothing(middle, noise, seed):
    parts = np.random.default_rng(seed).normal(middle, noise, (32, 4))
    study = _Ledgers(parts.tolist())
    prevented, found = ways.ways(study, "x")
    said = ways.said(study, "x")
    assert all(0.0 <= float(share.replace("−", "-")) <= 100.0 for share in SHARE.findall(said))
    assert "−" not in said
    for way in found:
        assert abs(way.chips.mean) > (way.chips.high - way.chips.low) / 2.0
        assert not np.isfinite(way.share) or 0.0 < way.share <= 1.0
    assert said == "" or prevented.low > 0.0


def test_a_part_that_falls_is_said_in_chips_and_then_no_share_is():
    parts = np.random.default_rng(1).normal((900, 300, -200, 0), 1.0, (32, 4))
    said = ways.said(_Ledgers(parts.tolist()), "x")
    assert said.startswith("Of the 1k ± 1 chips prevented 900 ± 0 were never ordered from an intermediary")
    assert "200 ± 0 fewer were refused or dropped than without the policy" in said
    assert "%" not in said
    assert "waited" not in said  # its error covers zero


def test_parts_that_add_up_have_shares():
    parts = np.random.default_rng(1).normal((600, 300, 100, 0), 1.0, (32, 4))
    assert SHARE.findall(ways.said(_Ledgers(parts.tolist()), "x")) == ["60", "30", "10"]


def test_the_answer_of_the_report_says_the_same(study):
    told = ways.said(study, foremost(study))
    assert told == "" or told in text.answer(study)


# --- on paper ----------------------------------------------------------------------------------------------


def _pages(path):
    """Return how many sheets Chromium prints, and how far the fuller one is filled, as a share."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        try:
            browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("there is no Chromium here")
        page = browser.new_page()
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        printed = page.pdf(prefer_css_page_size=True)
        browser.close()
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.slow
@pytest.mark.browser
def test_it_prints_on_two_sheets_whatever_was_compared(tmp_path, study, invented):
    long = [Package(f"the policy number {number} that somebody gave a very long name to", six()) for number in range(8)]
    every = {
        "few": study,
        "many": invented,
        "six": compare("minimal", [*six(), six()], 2, workers=1, store=False),
        "long": compare("minimal", long, 2, workers=1, store=False, beliefs=MINE),
        "one": compare("minimal", [Less(share=0.1)], 2, workers=1, simulate=simulate),
    }
    for name, each in every.items():
        each.save(tmp_path / name)
        assert _pages(tmp_path / name / "brief.html") == 2, name
