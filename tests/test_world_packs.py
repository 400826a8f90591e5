"""World packs: laid over the evidence, chosen once a process, checked before anything is run.

Worlds run in processes of their own, without compiled code: a pack that adds a country has none at first.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from supplysim.edition import STAMP
from supplysim.errors import InputError
from supplysim.packs import found, installed, use_world
from supplysim.packs.pack import shape, shipped
from supplysim.packs.rows import EVIDENCE, KEYS, overlaid, read
from supplysim.packs.words import said, said_on_page

PLAIN = {"NUMBA_DISABLE_JIT": "1"}
TEACHING = {"SUPPLYSIM_WORLD": "teaching"}


def supplysim(*words, cwd=None, **environment):
    """Return the finished process of a command line."""
    command = [sys.executable, "-m", "supplysim", *map(str, words)]
    env = {**os.environ, **PLAIN, **environment}
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, timeout=600)


SHORT = "[time]\nend = 2023-05-29\npolicy_start = 2023-02-06\n"  # twenty weeks, which plain Python runs in a moment


@pytest.fixture
def short(tmp_path):
    """Return the file of a short scenario."""
    file = tmp_path / "short.toml"
    file.write_text(f'name = "short"\nextends = "minimal"\n{SHORT}')
    return file


def python(code, **environment):
    """Return what a fresh Python prints, as JSON."""
    env = {**os.environ, **PLAIN, **environment}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def pack(tmp_path):
    """Return a copy of a shipped pack that may be edited."""
    return shutil.copytree(shipped()["philippines"], tmp_path / "mine")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# --- the tables ------------------------------------------------------------------------------------------------


def test_every_table_of_the_evidence_has_keys_that_tell_its_rows_apart():
    tables = {path.stem: read(path) for path in EVIDENCE.glob("*.csv")}
    assert set(tables) == set(KEYS)
    for name, rows in tables.items():
        if name != "series":
            assert len({tuple(row[column] for column in KEYS[name]) for row in rows}) == len(rows), name


def test_rows_of_a_key_are_replaced_where_they_stood_and_new_ones_follow():
    shipped_rows = [{"code": "A", "name": "old"}, {"code": "B", "name": "kept"}]
    own = [{"code": "C", "name": "new"}, {"code": "A", "name": "changed"}]
    names = [row["name"] for row in overlaid("vendors", shipped_rows, own)]
    assert names == ["changed", "kept", "new"]


def test_a_series_is_replaced_whole():
    series = [{"series": "a", "year": "0"}, {"series": "a", "year": "1"}, {"series": "b", "year": "0"}]
    new = overlaid("series", series, [{"series": "a", "year": "5"}])
    assert [(row["series"], row["year"]) for row in new] == [("a", "5"), ("b", "0")]


@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_packs_pass_the_gate(name):
    made = found(name)
    assert made.name == name
    assert made.not_covered
    assert name in installed()


def test_the_fingerprint_is_that_of_the_files(pack):
    before = found(pack).fingerprint
    assert before == found("philippines").fingerprint
    edit(pack / "countries.csv", "0.08", "0.09")
    assert found(pack).fingerprint != before


def test_this_process_has_the_shipped_world_and_says_so():
    assert shape() == ""
    assert use_world(None) is None
    with pytest.raises(InputError, match="this process has read the shipped world already; choose the world first"):
        use_world("philippines")


# --- the gate --------------------------------------------------------------------------------------------------

MANIFEST = [
    ('licence = "CC0-1.0"', "", "pack.toml: licence: it must be a text that is not empty"),
    ('source = "', 'source = "" #', "pack.toml: source = , but it must be a text that is not empty"),
    ('name = "philippines"', 'name = "The Philippines"', "pack.toml: name = The Philippines, but it must be small"),
    ('title = "', 'titel = "', "pack.toml: titel: there is no such key; did you mean 'title'?"),
    ("not_covered = [", "not_covered = []\nwords = [", "pack.toml: not_covered: a pack says what it leaves"),
    ('licence = "', 'instead = ["countries"]\nlicence = "', "pack.toml: instead = countries, but its shipped rows"),
    ('licence = "', "licence = ", "pack.toml: is not valid TOML"),
]
TABLES = [
    ("countries.csv", "corridor,", "coridor,", "column coridor: there is no such column; did you mean 'corridor'?"),
    ("countries.csv", "note\n", "notes\n", "column notes: there is no such column"),
    ("countries.csv", "0.08", "much", "row 1 (PH).corridor = much, but it must be a number; write one"),
    ("countries.csv", "0.08", "nan", "row 1 (PH).corridor = nan, but it must be a number"),
    ("countries.csv", "0.08", "8", "row 1 (PH).corridor = 8, but it must be from 0 to 1"),
    ("countries.csv", "REST", "RES", "row 1 (PH).agency = RES, but agencies.csv has no such code; did you mean 'REST'"),
    ("countries.csv", "1100,REST,1,,", "1100,REST,1,maker,", "role maker: one country has it, and here it is TW, PH"),
    ("countries.csv", "1100,REST,1,,", "1100,REST,1,port,", "row 1 (PH).role = port, but it must be one of empty,"),
    ("countries.csv", ",assumption,", ",,", "row 1 (PH).sources: it is empty; name its sources, or write assumption"),
    ("countries.csv", ",assumption,", ",Q999,", "row 1 (PH).sources = Q999, but there is no such evidence"),
    ("countries.csv", "PH,", ",", "row 1 ().code: it is empty"),
    ("countries.csv", ",no reported", ',"x",no reported', "line 2: 20 cells, but 19 columns"),
    ("parameters.csv", ",1,0,1000,", ",2000,0,1000,", "row 1 (corridor_ph).default = 2000, but the range is 0 to 1000"),
]


@pytest.mark.parametrize(("old", "new", "told"), MANIFEST)
def test_what_is_wrong_in_a_manifest_is_one_line(pack, old, new, told):
    edit(pack / "pack.toml", old, new)
    with pytest.raises(InputError) as error:
        found(pack)
    assert told in str(error.value)


@pytest.mark.parametrize(("file", "old", "new", "told"), TABLES)
def test_what_is_wrong_in_a_table_is_one_line_with_file_row_and_column(pack, file, old, new, told):
    edit(pack / file, old, new)
    with pytest.raises(InputError) as error:
        found(pack)
    assert f"mine/{file}" in str(error.value)
    assert told in str(error.value)


def test_a_row_twice_an_unknown_file_and_a_crossing_to_nowhere_are_refused(pack):
    countries = pack / "countries.csv"
    row = countries.read_text().splitlines()[1]
    countries.write_text(countries.read_text() + row + "\n")
    with pytest.raises(InputError, match=r"row 2 \(PH\): it stands twice"):
        found(pack)
    countries.write_text("\n".join(countries.read_text().splitlines()[:2]) + "\n")
    (pack / "crossings.csv").write_text("country,neighbour,sources\nPH,XX,assumption\n")
    with pytest.raises(InputError, match=r"row 1 \(PH XX\).neighbour = XX, but countries.csv has no such code"):
        found(pack)
    (pack / "crossings.csv").unlink()
    (pack / "country.csv").write_text("code\n")
    with pytest.raises(InputError, match="country.csv, but a world pack has no such file"):
        found(pack)


def test_codes_that_rules_name_cannot_be_added(pack):
    header = (EVIDENCE / "modes.csv").read_text().splitlines()[0]
    (pack / "modes.csv").write_text(f"{header}\nrail,rail,100,1,2,3,1,assumption,\n")
    with pytest.raises(InputError, match=r"row 1 \(rail\): the rules know no such row"):
        found(pack)


def test_a_wrong_prior_is_told_before_anything_runs(pack, tmp_path):
    edit(pack / "parameters.csv", "lognormal(1, 0.8)", "lognormal(1)")
    done = supplysim("run", "minimal", "--world", pack, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert "corridor_ph" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


# --- the doors -------------------------------------------------------------------------------------------------


def test_a_wrong_pack_ends_with_status_2_and_nothing_written(pack, tmp_path):
    edit(pack / "countries.csv", "0.08", "8")
    for door in ({"words": ("--world", pack)}, {"SUPPLYSIM_WORLD": str(pack)}):
        words = door.pop("words", ())
        done = supplysim("run", "minimal", *words, "--out", tmp_path / "out", **door)
        assert (done.returncode, done.stdout) == (2, "")
        assert "mine/countries.csv: row 1 (PH).corridor = 8" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "out").exists()


def test_every_verb_that_runs_worlds_or_shows_names_takes_a_world():
    from supplysim.cli import app

    without = set()
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        if "world" not in command.callback.__annotations__:
            without.add(name)
    assert without == {"cache"}


def test_another_country_carries_trade_the_ledger_is_exact_and_the_world_is_in_hash_and_file(pack, short):
    edit(pack / "countries.csv", "PH,Philippines,0.03,0.08,", "PH,Philippines,1,1,")
    told = python(
        f"import json, supplysim as ss; ss.use_world({str(pack)!r});"
        "from supplysim.engine import Engine; from supplysim.edition import edition; from supplysim import evidence;"
        f"engine = Engine({str(short)!r}, seed=5, check=True); engine.run();"
        "via = engine.world.tally['via'].sum(axis=0);"
        "print(json.dumps([edition(), via.tolist(), [*evidence.PLACES].index('PH'), engine.scenario.hash(),"
        "engine.scenario.to_toml()]))"
    )
    edition, via, place, hashed, toml = told
    assert STAMP.search(f"edition {edition}")[1] == edition
    assert edition.endswith(f"+philippines-{found(pack).fingerprint}")
    assert len(via) == 16
    assert via[place] > 0
    from supplysim.setup.scenario import Scenario

    assert hashed != Scenario.load(short).hash()
    assert 'world = "philippines"' in toml


@pytest.mark.slow
def test_compare_says_in_which_world_it_is_and_what_that_does_not_cover(tmp_path, short):
    words = ("compare", short, "-p", "border=0.5", "--pairs", 1, "--parameters", "central", "--workers", 1)
    where = {"SUPPLYSIM_CACHE": str(tmp_path / "cache"), "COLUMNS": "200"}
    done = supplysim(*words, "--world", "philippines", "--out", tmp_path / "out", **where)
    assert done.returncode == 0, done.stderr
    assert "world: philippines" in done.stdout
    assert "Every number about the Philippines is an assumption" in done.stdout
    made = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert made["world"]["fingerprint"] == found("philippines").fingerprint
    assert made["edition"].endswith(made["world"]["fingerprint"])
    assert "world: philippines" in (tmp_path / "out" / "report.html").read_text()
    same = supplysim(*words, "--world", "philippines", "--json", **where)
    other = supplysim(*words, "--json", **where)  # the same store
    mine, shipped_world = json.loads(same.stdout), json.loads(other.stdout)
    assert mine["world"]["name"] == "philippines"
    assert "world" not in shipped_world
    assert mine["policies"] != shipped_world["policies"]


def test_a_scenario_names_its_world(tmp_path, pack):
    scenario = tmp_path / "mine.toml"
    scenario.write_text(f'name = "mine"\nextends = "minimal"\nworld = "mine"\n{SHORT}')
    edit(pack / "pack.toml", 'name = "philippines"', 'name = "mine"')
    done = supplysim("run", scenario, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["world"]["name"] == "mine"
    done = supplysim("run", scenario, "--world", "philippines")
    assert done.returncode == 2
    assert "world = mine, but this process has read world philippines; start with --world mine" in done.stderr


def test_a_scenario_of_another_world_is_refused_in_this_process(tmp_path, pack):
    from dataclasses import replace

    from supplysim.engine import Engine
    from supplysim.setup.scenario import Scenario

    scenario = tmp_path / "mine.toml"
    scenario.write_text('name = "mine"\nextends = "minimal"\nworld = "philippines"\n')
    with pytest.raises(InputError, match="world = philippines, but this process has read the shipped world"):
        Scenario.load(scenario)
    with pytest.raises(InputError, match="scenario minimal: world = philippines-00000000, but this process has"):
        Engine(replace(Scenario.load("minimal"), world="philippines-00000000"))


def test_what_was_made_in_the_shipped_world_does_not_answer_for_another():
    foreign, refused = python(
        "import json, supplysim as ss; ss.use_world('philippines');"
        "from supplysim.edition import foreign, rules; from supplysim.emulator.predict import refusal;"
        "print(json.dumps([foreign(rules()), refusal('baseline-2027')]))"
    )
    assert foreign.startswith("made for another world (the shipped world; this is world philippines-")
    assert (
        refused
        == "No quick estimate is shipped; every answer is exact; supplysim train makes one for world: philippines"
    )


def test_a_package_offers_a_world_as_an_entry_point(tmp_path, pack):
    package = shutil.copytree(pack, tmp_path / "site" / "island_world")
    (package / "__init__.py").write_text("")
    edit(package / "pack.toml", 'name = "philippines"', 'name = "island"')
    about = tmp_path / "site" / "island_world-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: island-world\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[supplysim.worlds]\nisland = island_world\n")
    done = supplysim("list", "parameters", "--world", "island", PYTHONPATH=str(tmp_path / "site"))
    assert done.returncode == 0, done.stderr
    assert "corridor_ph" in done.stdout


def test_rows_of_shipped_packs_can_be_read_as_csv():
    for folder in shipped().values():
        for path in folder.glob("*.csv"):
            with path.open(newline="", encoding="utf-8") as file:
                assert [*csv.DictReader(file)]


# --- another good ----------------------------------------------------------------------------------------------

HARD_WIRED = re.compile(
    r"(?<![\w.:=(])(chips?|chip-\w+|H100e?|NVIDIA|B200|Rubin|China\w*|Chinese|Malaysia\w*|Singapore|Taiwan)\b", re.I
)
TYPED = re.compile(r"^(Not identified|Levers|Policies|.*(_h100e|per_chip|annual_cost).*)")


def test_the_teaching_pack_needs_no_code_of_its_own():
    assert python("import json; from supplysim.packs.pack import shape; print(json.dumps(shape()))", **TEACHING) == ""


@pytest.mark.slow
def test_another_good_runs_conserves_and_is_called_by_its_own_words(short, tmp_path):
    words = ("compare", short, "-p", "border=0.5", "--pairs", 2, "--parameters", "central", "--workers", 1)
    environment = {"SUPPLYSIM_CACHE": str(tmp_path / "cache"), "COLUMNS": "200", "NUMBA_DISABLE_JIT": "0"}
    done = supplysim(*words, "--out", tmp_path / "out", **TEACHING, **environment)
    assert done.returncode == 0, done.stderr
    assert "lenses delivered" in done.stdout
    assert "Mirrorland" in done.stdout
    assert not HARD_WIRED.findall(done.stdout)
    page = re.sub(r"<style.*?</style>|<[^>]+>", "\n", (tmp_path / "out" / "report.html").read_text(), flags=re.DOTALL)
    lines = [line for line in page.splitlines() if HARD_WIRED.search(line) and not TYPED.match(line)]
    assert not lines
    assert python(
        "import json; from supplysim.engine import Engine;"
        "engine = Engine('minimal', seed=3, check=True); engine.run();"  # checks that nothing is lost, every week
        "print(json.dumps(int(engine.world.tally['delivered'].sum()) > 0))",
        **TEACHING,
        NUMBA_DISABLE_JIT="0",
    )


def test_what_machines_read_keeps_its_words(short):
    document = json.loads(supplysim("run", short, "--json", **TEACHING, NUMBA_DISABLE_JIT="0").stdout)
    assert document["world"]["title"].startswith("An invented good")
    assert "delivered_h100e" in document["years"]["2023"]
    assert "Access to compute" not in json.dumps(document)


def test_words_are_replaced_whole_the_longest_first_and_keep_a_capital():
    told = python(
        "import json; from supplysim.packs.words import said, said_on_page;"
        "print(json.dumps([said('Chips, AI chips, microchip, per_chip and H100e/chip'),"
        'said_on_page(\'<p class="chip" aria-label="one chip">a chip</p><style>.chip{}</style>\')]))',
        **TEACHING,
    )
    assert told == [
        "Lenses, lenses, microchip, per_chip and standard lenses a lens",
        '<p class="chip" aria-label="one lens">a lens</p><style>.chip{}</style>',
    ]


def test_the_shipped_world_has_no_words_to_replace():
    assert said("chips") == "chips"
    assert said_on_page("<p>chips</p>") == "<p>chips</p>"


# --- a quick estimate of its own -------------------------------------------------------------------------------


def test_what_comes_with_the_program_is_not_trained_again_by_the_verb(tmp_path):
    done = supplysim("train", "baseline-2024", SUPPLYSIM_CACHE=str(tmp_path))
    assert done.returncode == 2
    assert "its quick estimate comes with the program; name a world pack with --world" in done.stderr
    done = supplysim("train", "basline-2024", "--world", "teaching", SUPPLYSIM_CACHE=str(tmp_path))
    assert done.returncode == 2
    assert "did you mean 'baseline-2024'?" in done.stderr


@pytest.mark.slow
def test_a_quick_estimate_is_made_for_a_world_and_answers_there_alone(tmp_path):
    where = {"SUPPLYSIM_CACHE": str(tmp_path), "NUMBA_DISABLE_JIT": "0"}
    done = supplysim("train", "minimal", "--size", "small", "--json", **TEACHING, **where)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["test_packages"] == 12
    assert f"+teaching-{found('teaching').fingerprint}.npz" in report["file"]
    ask = (
        "import json; from supplysim.emulator.predict import emulator, refusal; known = emulator('minimal');"
        "print(json.dumps([known is not None and known.predict({'border': 1.0}).effect('delivered', 'window').base[2],"
        "refusal('minimal')]))"
    )
    base, why = python(ask, **TEACHING, **where)
    assert base > 0
    assert why == ""
    assert python(ask, **where) == [False, "No quick estimate is shipped; every answer is exact"]
    none, why = python(ask, SUPPLYSIM_WORLD="philippines", **where | PLAIN)
    assert none is False
    assert why.endswith("supplysim train makes one for world: philippines")


# --- lessons ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lenses(tmp_path):
    """Return a copy of the teaching pack, which has a lesson."""
    return shutil.copytree(shipped()["teaching"], tmp_path / "glass")


def test_lessons_of_a_pack_stand_in_place_of_the_shipped_ones():
    listed, warned, score, page = python(
        "import json; from supplysim.lessons import lesson, lessons, results;"
        "from supplysim.viz.learn_page import LearnPage;"
        "from supplysim.viz.syllabus import catalogue;"
        "mine = lesson('more-boxes-opened'); after = mine.after(mine.opening.predict(2, 90), results()[mine.id]);"
        "page = LearnPage(None); page.open(mine.id);"
        "print(json.dumps([list(lessons()), 'another' in after.caution, after.right,"
        "[[it['title'], it['capstone']] for it in catalogue()] + [page.title()]]))",
        **TEACHING,
    )
    assert listed == ["more-boxes-opened"]
    assert warned is False  # its numbers are of this world, and of these rules
    assert score is True
    assert page == [["More boxes opened at the border", False], "Predict: More boxes opened at the border"]


def test_a_lesson_of_a_pack_is_listed_shown_and_answered():
    assert "more-boxes-opened" in supplysim("list", "lessons", **TEACHING).stdout
    assert "squeeze-one-port" not in supplysim("list", "lessons", **TEACHING).stdout
    words = ("lesson", "more-boxes-opened", "--choose", "3", "--predict", "90", "--json", "--world", "teaching")
    told = json.loads(supplysim(*words).stdout)
    assert told["verdict"] == "best"
    assert told["to_run_it"].endswith("--world teaching")
    assert "{{" not in told["explain"]


WRONG_LESSONS = [
    (
        'levers = ["border"]',
        'levers = ["boarder"]',
        "glass/lessons/01-more-boxes-opened.toml: setup.levers[0] = boarder",
    ),
    ('form = "percent"', 'form = "per cent"', "glass/lessons/01-more-boxes-opened.toml: findings[0].form = per cent"),
    ("number = 1", "number = 2", "glass/lessons/01-more-boxes-opened.toml: number = 2, but one is twice or missing"),
    ('key = "first"', 'key = "early"', "{{first}}, but no finding has that name"),
    ("id = ", "id ", "glass/lessons/01-more-boxes-opened.toml: is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "told"), WRONG_LESSONS)
def test_what_is_wrong_in_a_lesson_of_a_pack_is_one_line(lenses, old, new, told):
    file = lenses / "lessons" / "01-more-boxes-opened.toml"
    file.write_text(file.read_text().replace(old, new, 1))
    done = supplysim("list", "lessons", "--world", lenses)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_files_that_are_no_lessons_are_refused_with_the_pack(lenses):
    (lenses / "lessons" / "notes.txt").write_text("")
    with pytest.raises(InputError, match=r"glass/lessons = notes.txt, but only lessons and their numbers lie there"):
        found(lenses)
    (lenses / "lessons" / "notes.txt").unlink()
    (lenses / "lessons" / "01-more-boxes-opened.md").unlink()
    with pytest.raises(InputError, match=r"01-more-boxes-opened.md is missing; a lesson is two files of one name"):
        found(lenses)


def test_lessons_move_no_run_so_they_are_no_part_of_the_fingerprint(lenses):
    shutil.rmtree(lenses / "lessons")
    assert found(lenses).fingerprint == found("teaching").fingerprint


def test_a_lesson_without_its_numbers_says_how_they_are_made(lenses):
    rows = (lenses / "lessons" / "results.csv").read_text()
    words = ("lesson", "more-boxes-opened", "--choose", "3", "--predict", "90", "--world", lenses)
    (lenses / "lessons" / "results.csv").write_text("\n".join(r for r in rows.splitlines() if ",fall," not in r) + "\n")
    done = supplysim(*words)
    assert done.returncode == 2
    assert (
        "01-more-boxes-opened.toml = fall, but that number was not measured; make it with supplysim validate"
        in done.stderr
    )
    (lenses / "lessons" / "results.csv").unlink()
    done = supplysim(*words)
    assert done.returncode == 2
    assert "results.csv: cannot be read" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_pack_without_lessons_keeps_none_of_their_numbers():
    done = supplysim("validate", "--lessons", "--write", "--world", "philippines")
    assert done.returncode == 2
    assert "world philippines has no lessons of its own" in done.stderr


# --- whatever leaves the house ---------------------------------------------------------------------------------


def test_figures_and_tables_say_of_which_world_they_are():
    texts, height, columns = python(
        "import json, pandas as pd; from supplysim.report import world;"
        "from supplysim.report.figures.style import blank;"
        "drawn = blank(2.0, 0.5); axes = drawn.add_subplot(); axes.set_xlabel('Chips delivered to China');"
        "world.figure(drawn);"
        "print(json.dumps([[axes.get_xlabel(), *(text.get_text() for text in drawn.texts)],"
        "drawn.get_size_inches()[1], list(world.table(pd.DataFrame({'a': [1]})).columns)]))",
        **TEACHING,
    )
    assert texts[0] == "Lenses delivered to Mirrorland"
    assert texts[1].startswith("world: teaching · An invented good")
    assert height == pytest.approx(2.2)
    assert columns == ["a", "world"]


def test_in_the_shipped_world_figures_and_tables_stay_as_they_are():
    from supplysim.report import world

    rows, drawn = object(), object()
    assert world.table(rows) is rows
    assert world.figure(drawn) is drawn
    assert world.told() == ""


@pytest.mark.slow
def test_every_file_of_a_comparison_is_of_its_world(short, tmp_path):
    import openpyxl
    import pandas as pd
    from docx import Document

    words = ("compare", short, "-p", "border=0.5", "--pairs", 2, "--parameters", "central", "--workers", 1)
    where = {"SUPPLYSIM_CACHE": str(tmp_path / "cache"), "NUMBA_DISABLE_JIT": "0"}
    done = supplysim(*words, "--out", tmp_path / "out", **TEACHING, **where)
    assert done.returncode == 0, done.stderr
    stamp = found("teaching").stamp
    for path in (tmp_path / "out").glob("*.csv"):
        table = pd.read_csv(path)
        assert set(table["world"]) <= {stamp}, path.name
    assert set(pd.read_parquet(tmp_path / "out" / "runs.parquet")["world"]) == {stamp}
    for path in (tmp_path / "out").glob("*.svg"):
        assert "world: teaching" in path.read_text(), path.name
        assert not HARD_WIRED.search(re.sub(r"<[^>]*>", "\n", path.read_text())), path.name
    book = openpyxl.load_workbook(tmp_path / "out" / "tables.xlsx")
    assert book["contents"]["A3"].value.startswith("world: teaching")
    brief = "\n".join(one.text for one in Document(tmp_path / "out" / "brief.docx").paragraphs)
    assert "world: teaching" in brief
    assert not HARD_WIRED.search(brief)
    assert "world: teaching" in (tmp_path / "out" / "brief.html").read_text()
