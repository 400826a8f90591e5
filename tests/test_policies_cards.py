"""Policy cards: complete for every lever, and the committed pages are those that the levers give."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from supplysim.policies import levers
from supplysim.policies.base import Policy
from supplysim.policies.cards import INDEX, card, page, pages, sources

FOLDER = Path(__file__).parents[1] / "docs" / "policies"
HEADINGS = [
    "What it does",
    "How it acts here",
    "How traders respond",
    "At no, half and full strength",
    "Which law it is",
    "Who pays",
    "Who is burdened",
    "Settings",
    "How soon",
    "Where",
    "At half strength from June 2025",
    "What is not known",
    "Sources",
]
by_lever = pytest.mark.parametrize("lever", levers())


@by_lever
def test_a_card_answers_every_question(lever):
    texts = card(levers()[lever])
    assert list(texts) == HEADINGS
    assert all(lines and all(lines) for lines in texts.values())
    assert len(texts["Settings"]) == len(levers()[lever].settings())


@by_lever
def test_the_example_on_a_card_can_be_typed(lever):
    from supplysim.policies import parse

    (line,) = card(levers()[lever])["At half strength from June 2025"]
    (policy,) = parse(line.split(" -p ")[1]).policies
    assert (policy.lever, policy.intensity) == (lever, 0.5)


def test_the_committed_pages_are_those_that_the_levers_give():
    committed = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert committed == pages(), "run: python -m supplysim.policies.cards docs/policies"


def test_the_index_names_every_page_once():
    links = re.findall(r"\((\w+\.md)\)", pages()[INDEX])
    assert links == [f"{lever}.md" for lever in levers()]


def test_the_pages_are_written_by_one_command(tmp_path):
    command = [sys.executable, "-m", "supplysim.policies.cards"]
    subprocess.run([*command, str(tmp_path / "new")], check=True, timeout=1200)
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(pages())
    assert "FOLDER" in subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200).stderr


def test_a_source_that_is_cited_twice_stands_there_once():
    assert sources(["P:W01", "P:W02", "assumption", "Doe 2026"]) == [
        ("P:W01, P:W02: PolicyBrief: H.R. 6322", "https://policybrief.co/legislation/hr6322-119"),
        ("assumption: no source was found", ""),
        ("Doe 2026", ""),
    ]


def test_a_lever_of_another_package_without_a_docstring_shows_its_title():
    class Quiet(Policy):
        lever, title, group = "quiet", "Less noise", "elsewhere"
        mechanism, response, unknown = "noise is turned down", "whispering", "how loud it was"
        payer, burden, sources, ramp_weeks = "nobody", "nobody", (), 0

    assert card(Quiet)["What it does"] == ["Less noise."]
    assert "`quiet`: elsewhere" in page(Quiet)
