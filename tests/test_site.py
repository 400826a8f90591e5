"""The site: every link leads somewhere, every page is in the navigation, and reading fetches nothing."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
FETCHED = re.compile(r"""<(?:script|img|iframe|link)[^>]*?\s(?:src|href)="?(?:https?:)?//[^">]*""")
needs_mkdocs = pytest.mark.skipif(
    not all(map(find_spec, ("mkdocs", "material", "mkdocstrings"))), reason='pip install "supplysim[docs]"'
)


def links(page: Path) -> list[str]:
    """Return the targets of a page's links to files; what stands in code is no link."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.S)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:|#", target)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_files_leads_to_a_file(page):
    assert [target for target in links(page) if not (page.parent / target.split("#")[0]).exists()] == []


@needs_mkdocs
def test_a_page_that_nobody_named_stands_under_reference():
    from docs.site.pages import navigation

    full = navigation([{"Cards": "policies/"}, {"Reference": ["odd.md"]}], ["new.md", "odd.md", "policies/border.md"])
    assert full == [{"Cards": ["policies/border.md"]}, {"Reference": ["odd.md", "new.md"]}]


@pytest.mark.slow
@needs_mkdocs
def test_the_site_is_built_without_a_warning_and_fetches_nothing(tmp_path, monkeypatch):
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    build(load_config(str(ROOT / "docs" / "site" / "mkdocs.yml"), site_dir=str(tmp_path), strict=True))
    told = {str(page.relative_to(tmp_path)): page.read_text("utf-8") for page in tmp_path.rglob("*.html")}
    for name in ("index.html", "python.html", "command-line.html", "odd.html", "notebooks/first-steps.html"):
        assert "md-nav" in told[name], name
    assert "supplysim compare" in told["command-line.html"]
    assert "SupplyChain" in told["python.html"]
    assert "Whistleblower" in (tmp_path / "search" / "search_index.js").read_text("utf-8")
    fetched = {found for page in told.values() for found in FETCHED.findall(page) if 'rel="canonical"' not in found}
    assert fetched == set()
