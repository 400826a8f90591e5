"""Tables on screens of every width: each heading and each cell is there, whole, at 40 columns as at 200."""

import io
import re
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from rich.console import Console

from supplysim.cli import tables
from supplysim.outputs.periods import by_key
from supplysim.report import text

# By their module's name: in `supplysim.cli` a verb's function stands under the same one.
cache, compare, lessons, show, validate, listing, running = (
    import_module(f"supplysim.cli.{name}")
    for name in ("cache", "compare", "lessons", "show", "validate", "list", "run")
)

WIDTHS = (40, 60, 80, 100, 200)
ROWS = [
    ("as it stands", "200k\n± 12.2k", "", "", "", ""),
    ("[red] location_verification", "−23.1 % ± 1.4", "−41 to −4 %", "−11.6k", "$13.1 M", "none"),
    ("enforcement_budget(growth=1.33)+notification", "+1 % ± 5", "0 to +2 %", "+3", "$8,390\n−$533 to $2,140", "$7"),
]


@pytest.fixture
def screen(monkeypatch, capsys):
    """Return a function that prints something on a screen of a width: (width, callable) -> what is seen."""

    def see(width, show_it):
        monkeypatch.setenv("COLUMNS", str(width))
        capsys.readouterr()
        show_it()
        return capsys.readouterr().out

    return see


def holds(seen, width, words):
    """Assert that no line is wider than the screen, nothing is cut off, and every word is seen whole."""
    assert max(map(len, seen.splitlines())) <= width
    assert "…" not in seen
    for word in words:
        for part in re.findall(r"[^\s+(,]*[+(,]|[^\s+(,]+", word):
            assert part in seen, part


@pytest.mark.parametrize("width", WIDTHS)
def test_a_comparison_loses_no_heading_and_no_cell(screen, width):
    seen = screen(width, lambda: tables.print_table(Console(), "T [b]", text.COLUMNS, ROWS, prose=(0, 4, 5)))
    holds(seen, width, ["T [b]", *text.COLUMNS, *(cell for row in ROWS for cell in row)])


def test_a_comparison_is_a_table_at_80_columns_and_stacked_at_40(screen):
    def show_it():
        tables.print_table(Console(), "", text.COLUMNS, ROWS, prose=(0, 4, 5))

    assert "Policy: " not in screen(80, show_it)
    assert "  Chips delivered: 200k; ± 12.2k" in [line.rstrip() for line in screen(40, show_it).splitlines()]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_run_of_many_years_loses_none(screen, width):
    years = {year: {"delivered": 1000.0 + year, "mark_up": 1.5} for year in range(2023, 2034)}
    periods = by_key(date(2023, 1, 2), 11 * 52)
    seen = screen(width, lambda: running._print_yearly(years, periods, "minimal"))
    holds(seen, width, ["measure", "unit", "delivered", "mark_up", *map(str, years), *(f"{1000 + y:,}" for y in years)])


@pytest.mark.parametrize("width", WIDTHS)
def test_names_and_what_is_known_of_one_are_whole(screen, width):
    names = listing.KINDS["parameters"]()
    seen = screen(width, lambda: listing.list_command("parameters", as_json=False))
    holds(seen, width, [*names, *(word for line in names.values() for word in line.split())])
    seen = screen(width, lambda: show.show_command("fte", as_json=False))
    holds(seen, width, ["investigators", "lognormal(20,", "meaning", "2000.0"])
    whole = "".join(line.strip() for line in seen.splitlines())
    assert "countering-ai-chip-smuggling-has-become-a-national-security-priority" in whole.replace(" ", "")


@pytest.mark.parametrize("width", WIDTHS)
def test_kept_runs_scores_and_checks_of_lessons_are_whole(screen, width, monkeypatch):
    row = {"scenario": "minimal", "version": "0.1.0", "current": True, "runs": 1360, "files": 17, "bytes": 2.9e6}
    store = SimpleNamespace(folder="here", contents=lambda: [row], clear=None)
    monkeypatch.setattr(cache, "Store", lambda: store)
    seen = screen(width, lambda: cache.cache_command(clear=False, as_json=False))
    holds(
        seen, width, ["Scenario", "Version", "Rules", "Runs", "Files", "MB", "minimal", "present", "1,360", "17", "2.9"]
    )
    score = SimpleNamespace(
        id="L1", section="limits", rules="", statement="no chips without [any] demand", found="0 of 0", verdict="pass"
    )
    board = SimpleNamespace(scores=[score], rival="A rival.", failed=0)
    seen = screen(width, lambda: validate._tell(board, as_json=False, settings={}))
    holds(seen, width, ["Check", "What", "Found", "Result", "L1", *score.statement.split(), "pass"])
    check = SimpleNamespace(
        lesson="squeeze-one-port", what="the total falls", found="-11 % (-12 to -9.5 %)", passed=False
    )
    seen = screen(width, lambda: lessons._print([check]))
    holds(seen, width, ["Lesson", "What", "Found", "Holds", check.lesson, *check.found.split(), "NO"])


def test_progress_takes_a_name_with_brackets_as_it_is():
    bar = compare.progress_bar(quiet=False)
    bar.add_task("[/x] half", total=2)
    out = io.StringIO()
    Console(file=out, width=120).print(bar.get_renderable())
    assert "[/x] half" in out.getvalue()
