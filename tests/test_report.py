"""The report: one page that needs nothing from elsewhere, says what the tables say, and holds for any comparison."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pandas as pd
import pytest
from stand_in import Less, simulate

from supplysim.api import compare
from supplysim.experiment import drivers
from supplysim.experiment.attribution import Attribution
from supplysim.experiment.shapley import plan, with_coalitions
from supplysim.policies import Package
from supplysim.report.figures import PICTURES
from supplysim.report.figures.charts import on_frontier
from supplysim.report.figures.style import LINES, label
from supplysim.report.formatting import between, compact, dollars, relative, tight
from supplysim.report.html import svg
from supplysim.report.text import answer
from supplysim.report.workbook import SHEETS
from supplysim.setup.scenario import Scenario

LONG = "+".join(f"a_very_long_name_of_a_policy={share}@2025-06..2026-06" for share in range(7))
HEADINGS = (
    "What each policy changes",
    "Year by year, against the scenario as it stands",
    "For which worlds it is true",
    "Where the chips went instead",
    "Cost against effect",
    "Who gains and who loses",
    "Which single choice is best, and how surely",
    "Chance and ignorance",
    "Assumptions that matter",
    "What is not identified",
    "Where this comes from",
)
LOADS = {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}


class Page(HTMLParser):
    """Collects what a page loads, its headings, and the tables' heads and rows."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.headings, self.tags, self.ids = [], [], [], []
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.inside = tag
        self.loads += [value for name, value in attributes if name in LOADS and not value.startswith("#")]
        self.ids += [value for name, value in attributes if name == "id"]

    def handle_data(self, data):
        if self.inside == "h2":
            self.headings.append(data)
        self.inside = None


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("minimal")


def asked(scenario, policies, pairs=16, **settings):
    settings = {"seed": 1} | settings
    return compare(scenario, policies, pairs, workers=1, simulate=simulate, **settings)


def later(scenario, share):
    return Less(share=share, start=scenario.policy_start + timedelta(weeks=1))


def saved(study, folder, attributions=()):
    study.save(folder, attributions)
    text = (folder / "report.html").read_text(encoding="utf-8")
    return text, Page(text)


@pytest.fixture(scope="module")
def two(scenario):
    return asked(scenario, [Less(), Less(share=0.3)])


def test_the_page_loads_nothing_and_has_every_section(two, tmp_path):
    text, page = saved(two, tmp_path)
    assert page.loads == []
    assert not re.search(r"https?://|@import|url\((?!#)", text)
    assert page.headings == list(HEADINGS)
    assert "script" not in page.tags
    assert page.tags.count("svg") == page.tags.count("figcaption") == len(PICTURES)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("thead") == page.tags.count("table")
    assert "@media print" in text
    assert "width=device-width" in text
    assert "not a forecast" in text


def test_the_words_are_the_numbers_of_the_tables(two, tmp_path):
    text, _ = saved(two, tmp_path)
    table = pd.read_csv(tmp_path / "comparison.csv", dtype={"year": str})
    delivered = table[(table["measure"] == "delivered") & (table["year"] == two.window)]
    told = answer(two)
    assert f'<p class="answer">{told}</p>' in text
    assert len(delivered) == 2
    large = re.sub("</?small>", "", text)  # errors of simulation stand in small type
    assert large != text
    for _, row in delivered.iterrows():
        change = relative(row["ratio"], row["ratio_low"], row["ratio_high"])
        spread = between(row["worlds_low"], row["worlds_high"])
        chips = f"{compact(row['effect_mean'], sign=True)} chips"
        assert f"{row['policy']} ({change}; 9 of 10 worlds {spread}; {chips})" in told
        assert f"<td>{tight(row['ratio'], row['ratio_low'], row['ratio_high'])}</td><td>{spread}</td>" in large
    costs = table[table["measure"] == "cost_per_chip_prevented"].set_index("policy")
    best = costs.loc[costs["effect_mean"].idxmin()]
    assert f"{dollars(best['effect_mean'])} ({dollars(best['effect_low'])} to {dollars(best['effect_high'])})" in told
    ledger = pd.read_csv(tmp_path / "ledger.csv").iloc[0]
    assert compact(ledger["prevented"], sign=True) in text
    against = pd.read_csv(tmp_path / "pairwise.csv").set_index(["policy", "other"])
    first = delivered.loc[delivered["ratio"].idxmin(), "policy"]
    assert (against.loc[first, "better"] == 1.0).all()
    assert f"{first} does more than each other policy in 100 of 100 worlds" in told
    assert "takes 48 worlds or more to tell" in told  # 16 were run: no order without what decides it


def test_a_single_policy_at_fixed_parameters(scenario, tmp_path):
    text, page = saved(asked(scenario, [Less(intensity=0.0)], pairs=1, parameters="central"), tmp_path)
    assert "Which single choice is best, and how surely" not in page.headings
    assert "no policy clearly lowers deliveries" in text
    assert "No uncertain parameter stands out" in text
    assert not re.search(r"\bnan\b", re.sub("<[^>]*>", "", text).lower())


def test_sixteen_policies_and_long_names(scenario, tmp_path):
    arms = [Package(LONG, (Less(share=0.99),)), *(Less(share=number / 100.0) for number in range(11, 26))]
    study = asked(scenario, arms, pairs=4)
    text, page = saved(study, tmp_path)
    assert page.loads == []
    assert all(f"{number}. " in text for number in range(1, 17))
    assert text.count('aria-label="Scorecard"') == 4
    assert f"1. {LONG}</th>" in text
    assert label(LONG).count("\n") < LINES
    for picture in PICTURES:
        assert (tmp_path / f"{picture.name}.png").read_bytes().startswith(b"\x89PNG")
    assert on_frontier(study)[-1] == LONG


def test_an_attribution_has_a_section_and_tables(scenario, tmp_path):
    study = plan(scenario, [Less(), later(scenario, 0.3)])
    arms = {study.name: study.policies}
    whole = asked(scenario, with_coalitions(arms, [study]), pairs=4)
    text, page = saved(whole.only(list(arms)), tmp_path, [Attribution(study, whole)])
    assert f"What brings the effect of {study.name}" in page.headings
    assert "Shapley value" in text
    assert {"attribution", "interactions"} <= set(openpyxl.load_workbook(tmp_path / "tables.xlsx").sheetnames)
    assert list(pd.read_csv(tmp_path / "attribution.csv")["member"].unique())[-1] == "package"
    saved(whole.only(list(arms)), tmp_path)  # without: no table of an earlier comparison stays beside the new ones
    assert not list(tmp_path.glob("attribution*")) + list(tmp_path.glob("interactions*"))


def test_several_rules_are_told_apart(scenario, tmp_path):
    text, _ = saved(asked(scenario, [Less(), Less(share=0.3)], pairs=4, rules="all"), tmp_path)
    assert "Choice (decision rule)" in text
    assert "(habit)" in text


def test_the_workbook_says_what_its_sheets_hold(two, tmp_path):
    two.save(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    first, *others = book.sheetnames
    told = {row[0].value: row[1].value for row in book[first].iter_rows(min_row=4)}
    assert told == {name: SHEETS[name] for name in others}
    for name in set(others) - {"comparison", "provenance", "burden"}:  # the stand-in reports no burden
        assert book[name].max_row == 1 + len(pd.read_csv(tmp_path / f"{name}.csv"))
    head, *rows = book["comparison"].iter_rows(values_only=True)
    assert {row[head.index("year")] for row in rows} == {two.window}
    assert rows[0][head.index("effect_mean")] == two.effect("less", two.measures[0]).mean


def test_parameters_that_matter_are_found_and_others_are_not(two):
    found = {(one.policy, one.parameter): one for one in drivers.drivers(two)}
    volume = found["baseline", "demand_scale"]
    assert volume.matters
    assert 0.9 < volume.low < volume.high <= volume.correlation == 1.0
    assert sum(one.matters for one in found.values()) == 1
    draws = [two.draws[pair[0].pair]["taste"] for pair in two.runs]
    level = two.values("baseline", "delivered", two.window)
    by_hand = pd.Series(draws).corr(pd.Series(level), method="spearman")
    assert found["baseline", "taste"].correlation == pytest.approx(by_hand)


def test_a_notebook_shows_the_tables_that_stand_first_and_a_line_names_the_question(two):
    assert len(repr(two)) < 200
    assert repr(two).startswith("<Study of ")
    shown = two._repr_html_()
    for heading in ("chips delivered", "9 of 10 worlds", "by year", "not a forecast"):
        assert heading in shown


def test_the_same_comparison_gives_the_same_picture(two):
    assert svg(PICTURES[0].draw(two)) == svg(PICTURES[0].draw(two))


def test_the_frontier_leaves_out_what_a_cheaper_policy_outdoes(scenario):
    cheap = Less(share=0.3)
    dear, weak = ((Less(share=0.1), later(scenario, share)) for share in (0.4, 0.12))
    study = asked(scenario, [cheap, Package("dear", dear), Package("weak", weak)], pairs=8)
    assert on_frontier(study) == [cheap.label(), "dear"]
    assert np.isfinite(study.cost_per_chip("weak").estimate)
