"""Every page in a language that nobody speaks, where a word that was never collected stands out, and in German."""

from __future__ import annotations

import re

import pytest
from test_pages import no_sideways, serious

pytestmark = pytest.mark.browser

# What a reader sees or hears: texts, and attributes that are spoken or shown; not what is marked as not to be translated.
SHOWN = """() => {
  const found = [], spared = e => e.closest('[translate=no],[lang=en],script,style,noscript');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const n = walk.currentNode; if (n.nodeValue.trim() && n.parentElement && !spared(n.parentElement)) found.push(n.nodeValue.trim()); }
  for (const e of document.querySelectorAll('[aria-label],[title],[placeholder],[alt],[aria-valuetext]'))
    if (!spared(e)) for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext']) if (e.getAttribute(name)) found.push(e.getAttribute(name));
  found.push(document.title);
  return [...new Set(found)]; }"""
# Names: of the program, chips, units, laws, places and agencies that every language calls the same, or that are typed.
NAMES = {"supplysim", "natural", "earth", "mesa", "english", "deutsch", "toml", "tflop", "my", "sg"}
TYPED = re.compile(r"\([a-z_.]+\)|\b[A-Z][a-z]+ #\d+|\b[a-z]+:[A-Z]\d+")  # parameters, made-up firms, ids of evidence
WORD = re.compile(r"[^\W\d_]{2,}")
PAGES = {
    "/": "[data-tile=delivered]",
    "/?p=border=0.4+due_diligence=0.5": "[data-hook=changed]",
    "/?p=border=0.4&rec=public": "[data-figure]",
    "/?p=border=0.4&l=ledger&r=costs": "[data-figure=ledger]",
    "/?p=border=0.4&l=sankey&r=funnel": "[data-figure=sankey]",
    "/?p=border=0.4&l=price&r=sellers": "[data-figure=price]",
    "/?p=border=0.4&l=honest&r=record": "[data-figure=honest]",
    "/?p=border=0.4&l=worlds&r=map": "[data-figure=worlds]",
    "/compare": "[data-figure=forest]",
    "/decide": "[data-figure]",
    "/learn": "h1",
    "/watch": "[data-lit]",
    "/assumptions": "h1",
    "/evidence": "h1",
    "/info": "h1",
    "/present": "h1",
}


def left_over(shown: list[str]) -> list[str]:
    """Return the texts with a word that has a vowel and no accent: the pseudo-language would have given it one."""
    plain = lambda word: word.isascii() and re.search(r"[aeiouyAEIOUY]", word) and word.lower() not in NAMES  # noqa: E731
    return [text for text in shown if any(plain(word) for word in WORD.findall(TYPED.sub("", text)))]


def spoken(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("path", PAGES)
def test_no_word_of_a_page_is_missing_from_the_catalogue(opened, path):
    page = opened(spoken(path, "en-XA"))
    page.wait_for_selector(PAGES[path])
    page.wait_for_timeout(1500)
    assert left_over(page.evaluate(SHOWN)) == []


@pytest.mark.parametrize("path", PAGES)
def test_german_fits_on_a_desk_and_on_a_phone_and_is_accessible(opened, path):
    page = opened(spoken(path, "de"))
    page.wait_for_selector(PAGES[path])
    page.wait_for_timeout(800)
    assert page.evaluate("document.documentElement.lang") == "de"
    assert serious(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(800)
    assert no_sideways(page)
