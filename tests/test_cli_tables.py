"""Tables on screens of every width: each heading and each cell is there, whole, at 40 columns as at 200."""

import io
import re
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from rich.console import Console

from supplysim.cli import progress, tables
from supplysim.outputs.periods import by_key

# By their module's name: in `supplysim.cli` a verb's function stands under the same one.
cache, compare, lessons, show, validate, listing, running = (
    import_module(f"supplysim.cli.{name}")
    for name in ("cache", "compare", "lessons", "show", "validate", "list", "run")
)

WIDTHS = (40, 60, 80, 100, 200)
COLUMNS = ("", "chips delivered", "9 of 10 worlds", "China's compute, %", "frontier compute, %")
COLUMNS += ("$M a year (public, industry)",)
ROWS = [
    ("baseline", "440k", "110k to 1.1M", "4.2M H100e", "1.5M", ""),
    ("location_verification", "−23.1 % ±1.4", "−41 to −4 %", "−11.6 ±0.2", "−20.8 ±2.5", "9.9 + 130"),
    ("[red] all six", "+1 % ±5", "0 to +2 %", "+3 ±1", "0", "0 + 1.3"),
]
LONG = ("enforcement_budget(growth=1.33)+notification+location_verification(reach=0.25)", *ROWS[1][1:])


def shown(rows):
    tables.print_table(Console(), "T [b]", COLUMNS, rows, prose=(0,), names_above=True)


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
@pytest.mark.parametrize("rows", [ROWS, [*ROWS, LONG], [*ROWS, ("x" * 59, *LONG[1:])]])
def test_a_comparison_loses_no_heading_and_no_cell(screen, width, rows):
    seen = screen(width, lambda: shown(rows))
    words = ["T [b]", *COLUMNS, *(cell for row in rows for cell in row)]
    holds(seen, width, [word for word in words if len(word) <= width])


def test_a_comparison_is_a_table_at_80_columns_and_stacked_at_40(screen):
    lines = [line.rstrip() for line in screen(80, lambda: shown(ROWS)).splitlines()]
    assert any(line.startswith("location_verification −23.1 % ±1.4") for line in lines)
    assert "  chips delivered: −23.1 % ±1.4" in [line.rstrip() for line in screen(40, lambda: shown(ROWS)).splitlines()]


def test_a_name_too_long_for_its_column_stands_above_its_numbers(screen):
    lines = [line.rstrip() for line in screen(80, lambda: shown([*ROWS, ("x" * 59, *LONG[1:])])).splitlines()]
    place = lines.index("x" * 59)
    assert lines[place + 1].split() == " ".join(LONG[1:]).split()


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
    bar = progress.progress_bar(quiet=False)
    bar.add_task("[/x] half", total=2)
    out = io.StringIO()
    Console(file=out, width=120).print(bar.get_renderable())
    assert "[/x] half" in out.getvalue()
