"""An answer is never lost: whatever terminal, disk, folders and settings of libraries are like, numbers arrive."""

import errno
import io
import json
import os
import shutil
import sys
import warnings
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from stand_in import Less, simulate
from surroundings import SURROUNDINGS, filled, trial

from supplysim.api import compare
from supplysim.calibration.bank import Bank
from supplysim.cli import main
from supplysim.cli.cache import cache_command
from supplysim.cli.outcome import status
from supplysim.cli.screen import PLAIN, Screen, console
from supplysim.environment import CACHE, cache_root, private_folder, whole, writable_cache
from supplysim.errors import InputError
from supplysim.experiment.batches import batch
from supplysim.folders import safe, write_together
from supplysim.report import drawing, drawn_before
from supplysim.setup.scenario import Scenario

TABLES = {"comparison.csv", "ledger.csv", "burden.csv", "scorecard.csv", "ranking.csv", "variance.csv", "drivers.csv"}
TABLES |= {"worlds.csv", "pairwise.csv", "assumptions.csv", "turns.csv", "routes.csv"}


@pytest.fixture(scope="module")
def study():
    return compare("minimal", [Less(), Less(share=0.3)], 4, workers=1, simulate=simulate)


@pytest.fixture
def undrawn(tmp_path_factory, monkeypatch):
    """A cache without figures."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv(CACHE, str(folder))
    return folder


@pytest.mark.parametrize("code", ["ascii", "cp1252", "gbk", "latin-1", "cp437", "shift_jis", "koi8-r"])
def test_what_an_encoding_lacks_is_written_in_plainer_letters(code, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=code))
    told = "−12 % ± 3 … ≥ 4 \udcff 💥 ∮"
    assert status(lambda: print(told)) == 0
    sys.stdout.flush()
    text = raw.getvalue().decode(code)
    assert [number for number in ("12", "3", "4") if number not in text] == []
    assert "?" not in text
    assert all(plain.isascii() for plain in PLAIN.values())


class Broken(io.StringIO):
    def __init__(self, code):
        super().__init__()
        self.code = code

    def write(self, text):
        raise OSError(self.code, os.strerror(self.code))


@pytest.mark.parametrize(
    ("code", "ends", "said"), [(errno.EPIPE, 0, ""), (errno.ENOSPC, 2, "cannot be shown (no space")]
)
def test_a_stream_that_fails_ends_nothing_and_is_told(code, ends, said, monkeypatch, capsys):
    done = []
    monkeypatch.setattr(sys, "stdout", Broken(code))
    assert status(lambda: (print("the table"), done.append("the files"), 0)[-1]) == ends
    assert done == ["the files"]
    assert said in capsys.readouterr().err


def test_a_closed_stream_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert status(lambda: print("the table")) == 2
    assert "cannot be shown (it is closed)" in capsys.readouterr().err
    assert not Screen(None).isatty()


@pytest.mark.parametrize("text", ["[bold]a", "[/]", "[red]x[/red] [link=y]", ":smile:", "a\\[b]", "[[", "\\"])
def test_brackets_are_letters(text, capsys):
    console().print(text)
    assert capsys.readouterr().out.strip() == text


def test_a_narrow_terminal_cuts_no_number(monkeypatch):
    monkeypatch.setenv("COLUMNS", "3")
    assert console().width == 40


@pytest.mark.parametrize("letter", ["\\u0007", "\\u001b[31m", "\\u202e", "\\n", "\\uffff", "\\u0000"])
def test_control_characters_in_a_title_are_refused_when_it_is_read(letter, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(f'name = "mine"\nextends = "minimal"\ntitle = "a{letter}b"\n')
    with pytest.raises(InputError, match="title.*control character"):
        Scenario.load(str(file))


def test_a_text_that_looks_like_a_formula_stays_a_text(study, tmp_path):
    odd = replace(study.scenario, title='=HYPERLINK("x")')
    replace(study, scenario=odd).save(tmp_path)
    cell = openpyxl.load_workbook(tmp_path / "tables.xlsx")["contents"]["A1"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')
    table = safe(pd.DataFrame({"=1": ["@SUM(A1)", "-2+3", "fine", None], "number": [-1.0, 2.0, 3.0, 4.0]}))
    assert table.columns.tolist() == ["'=1", "number"]
    assert table["'=1"].tolist()[:3] == ["'@SUM(A1)", "'-2+3", "fine"]
    assert table["number"].tolist() == [-1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    "error", [ValueError("no font"), OSError(errno.ENOSPC, "full"), MemoryError(), RuntimeError("TeX")]
)
def test_what_cannot_be_drawn_costs_no_table(study, error, undrawn, tmp_path, monkeypatch, caplog):
    def fails(*_, **__):
        raise error

    (tmp_path / "effects.png").write_text("of an earlier comparison")
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", fails)
    monkeypatch.setattr("xlsxwriter.Workbook.close", fails)
    written = {path.name for path in study.save(tmp_path)}
    assert written == {*TABLES, "provenance.json", "runs.parquet", "report.html", "brief.html", "brief.docx"}
    assert {path.name for path in tmp_path.iterdir()} == written
    assert len([record for record in caplog.records if "cannot be written" in record.message]) == 2
    assert "could not be drawn" in (tmp_path / "report.html").read_text("utf-8")


def test_figures_are_the_same_under_any_settings_of_matplotlib(study, undrawn, tmp_path, monkeypatch):
    import matplotlib

    study.save(tmp_path / "plain")
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    odd = {
        "text.usetex": True,
        "font.family": "no such font",
        "savefig.bbox": "tight",
        "figure.dpi": 9,
        "svg.fonttype": "path",
    }
    shutil.rmtree(undrawn / "figures")
    with matplotlib.rc_context(odd):
        study.save(tmp_path / "odd")
        assert matplotlib.rcParams["text.usetex"]
    for path in (tmp_path / "plain").glob("*.svg"):
        assert path.read_text("utf-8") == (tmp_path / "odd" / path.name).read_text("utf-8")


PICTURES = set(drawing.FILES)


def test_a_second_process_draws_the_same_figures(study, undrawn, monkeypatch):
    here = drawing.draw(study)
    monkeypatch.delitem(sys.modules, "matplotlib")  # a process that has loaded it draws for itself
    monkeypatch.setattr(drawing, "draw", None)
    assert drawing.begin(study)() == here


def test_a_second_process_that_is_ended_costs_no_table(study, undrawn, tmp_path, monkeypatch, caplog):
    monkeypatch.delitem(sys.modules, "matplotlib")
    ended = drawing.started()
    ended.kill()
    monkeypatch.setattr(drawing, "started", lambda: ended)
    written = {path.name for path in study.save(tmp_path)}
    pages = {"report.html", "brief.html", "brief.docx"}
    assert written == {*TABLES, "provenance.json", "runs.parquet", "tables.xlsx", *pages}
    (told,) = [record.message for record in caplog.records]
    assert "effects.png" in told
    assert "was ended by signal 9" in told


@pytest.mark.parametrize("program", ["", "/no/such/program", shutil.which("true")])
def test_where_no_second_process_can_be_had_the_first_one_draws(program, study, undrawn, tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as alone:
        alone.delitem(sys.modules, "matplotlib")
        alone.setattr(sys, "executable", program)
        drawn = drawing.begin(study)
    assert drawn().keys() == PICTURES


def test_an_error_of_the_second_process_is_told(study, undrawn, tmp_path, monkeypatch, caplog):
    monkeypatch.delitem(sys.modules, "matplotlib")
    bare = drawing._bare(study)
    monkeypatch.setattr(drawing, "_bare", lambda comparison: replace(bare, runs=[]))
    study.save(tmp_path)
    (told,) = [record.message for record in caplog.records]
    assert "IndexError: list index out of range" in told


def test_figures_that_were_drawn_before_are_not_drawn_again(study, undrawn, tmp_path, monkeypatch):
    drawn = drawing.begin(study)()
    with monkeypatch.context() as nobody:
        nobody.setattr(drawing, "draw", None)
        nobody.setattr(drawing, "started", None)
        again = compare("minimal", [Less(), Less(share=0.3)], 4, workers=1, simulate=simulate)
        assert drawing.begin(again)() == drawn
    other = compare("minimal", [Less(), Less(share=0.3)], 5, workers=1, simulate=simulate)
    assert drawing.begin(other)() != drawn
    assert len([*undrawn.glob("figures/*.zip")]) == 2


def test_damaged_figures_are_drawn_again_and_old_ones_go(study, undrawn, monkeypatch):
    drawn = drawing.begin(study)()
    (kept,) = undrawn.glob("figures/*.zip")
    kept.write_bytes(kept.read_bytes()[:-9])
    assert drawing.begin(study)() == drawn
    assert kept.read_bytes()[:2] == b"PK"
    monkeypatch.setattr(drawn_before, "MOST", 2)
    for name in ("a", "b", "c"):
        drawn_before.keep(name, drawn)
    assert len([*undrawn.glob("figures/*")]) == 2
    assert drawn_before.find("c") == drawn


def test_clearing_the_cache_forgets_figures(study, undrawn):
    drawing.begin(study)()
    cache_command(clear=True, as_json=True)
    assert not (undrawn / "figures").exists()


def test_a_cache_that_takes_no_figures_is_done_without(study, undrawn):
    (undrawn / "figures").write_text("a file")
    assert drawing.begin(study)().keys() == PICTURES


def test_settings_of_numpy_pandas_and_warnings_change_no_number(study, tmp_path):
    study.save(tmp_path / "plain")
    odd = pd.option_context("mode.string_storage", "python", "display.precision", 1, "display.width", 10)
    with np.errstate(all="raise"), warnings.catch_warnings(), odd:
        warnings.simplefilter("error")
        again = compare("minimal", [Less(), Less(share=0.3)], 4, workers=1, simulate=simulate)
        again.save(tmp_path / "odd")
    assert again.to_json() == study.to_json()
    for name in TABLES:
        assert (tmp_path / "odd" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()


def test_a_file_under_its_final_name_is_whole(tmp_path):
    (tmp_path / "one").write_text("as before")

    def fails(path):
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputError, match="no space left"):
        write_together(tmp_path, {"one": fails})
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert (tmp_path / "one").read_text() == "as before"


@pytest.mark.parametrize("value", ["many", "1.5", "-1", "1e3", "99999999999", "0x10", "\u00bd"])
def test_a_wrong_value_of_the_environment_is_named(value, monkeypatch):
    monkeypatch.setenv("SUPPLYSIM_APP_QUEUE", value)
    with pytest.raises(InputError, match=r"environment variable SUPPLYSIM_APP_QUEUE.*from 1 to 100.*unset it"):
        whole("SUPPLYSIM_APP_QUEUE", 40, 1, 100)


def test_a_cache_that_is_no_folder_is_named_with_status_2(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(CACHE, str(tmp_path / "file" / "deeper"))
    assert main(["cache"]) == 2
    assert "environment variable SUPPLYSIM_CACHE" in capsys.readouterr().err


def test_without_a_home_or_a_cache_a_private_folder_serves(tmp_path, monkeypatch):
    for name in (CACHE, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("supplysim.environment.tempfile.gettempdir", lambda: str(tmp_path))
    with monkeypatch.context() as lost:
        lost.setattr("os.path.expanduser", lambda path: path)  # what it says without a home
        assert cache_root() == private_folder()
    assert private_folder().parent == tmp_path
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))  # nothing can be made below a file
    assert writable_cache("kernels") == private_folder() / "kernels"


@pytest.mark.parametrize("name", ["", "..", "runs.parquet", "calibration.md"])
def test_calibrate_looks_at_out_before_any_run(name, tmp_path, capsys):
    assert main(["calibrate", "--draws", "64", "--out", str(tmp_path / "x") + "/" + name]) == 2
    assert "--out" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PAR1xxxxPAR1", b"text", None])
def test_calibrate_tells_of_a_bank_that_is_none(content, tmp_path, capsys):
    bank = tmp_path / "runs.parquet"
    if content is None:
        pd.DataFrame({"a": ["x"]}).to_parquet(bank)
    else:
        bank.write_bytes(content)
    assert main(["calibrate", "--draws", "64", "--bank", str(bank)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "runs.parquet" in told
    with pytest.raises(InputError):
        Bank.load(bank)


def test_finished_runs_of_a_calibration_are_kept_and_damaged_ones_repeated(tmp_path):
    asked = []

    def model(task):
        asked.append(task)
        return {"delivered": np.int64(task[0]), "share": 1 / 3, "unknown": float("nan")}

    tasks = [(1, {"a": 0.1}), (2, {"a": 0.2})]
    first = batch(tasks, model, tmp_path)
    assert repr(batch(tasks, model, tmp_path)) == repr(json.loads(json.dumps(first, default=int)))
    assert len(asked) == 2
    (kept,) = tmp_path.glob("*.json")
    kept.write_bytes(kept.read_bytes()[:-3])
    batch(tasks, model, tmp_path)
    assert len(asked) == 4
    batch([(1, {"a": 0.3})], model, tmp_path)
    assert len(asked) == 5


QUICK = ("ascii", "nobody reads on", "C locale")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("kept") / "cache")


@pytest.mark.skipif(os.name != "posix", reason="goes through a shell")
@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=f"{one.kind}, {one.name}", marks=[] if one.name in QUICK else pytest.mark.slow)
        for one in SURROUNDINGS
    ],
)
def test_the_answer_reaches_its_user_in_any_surrounding(one, cache, tmp_path):
    assert trial(one, tmp_path, cache) == []
