"""Twenty kinds of damage to a store: the answer is there, with the same bits, and never a traceback."""

import errno
import os
import shutil
import stat
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stand_in import Less, simulate

from supplysim.api import compare
from supplysim.experiment import runner
from supplysim.experiment.kept import digest
from supplysim.experiment.store import ABOUT, Store


def table(path):
    return pq.read_table(path)


def put(path, content):
    """Replace a file by one that is named by its content, as a sound one is."""
    path.unlink()
    path.with_name(f"{digest(content)}.parquet").write_bytes(content)


def put_table(path, rows):
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink)
    put(path, sink.getvalue().to_pybytes())


def replaced_by(make):
    def damage(path):
        path.unlink()
        make(path)

    return damage


def column(path, name, values):
    rows = table(path)
    return rows.set_column(rows.column_names.index(name), name, pa.array(values(rows)))


def doubled(path):
    put_table(path, pa.concat_tables([table(path)] * 2))


DAMAGES = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-9]),
    "empty": lambda path: path.write_bytes(b""),
    "random bytes": lambda path: path.write_bytes(np.random.default_rng(1).bytes(999)),
    "a bit turned": lambda path: path.write_bytes(path.read_bytes()[:50] + b"\x00" + path.read_bytes()[51:]),
    "another file's name": lambda path: path.rename(path.with_name("0" * 32 + ".parquet")),
    "a folder in its place": replaced_by(Path.mkdir),
    "a link to itself": replaced_by(lambda path: path.symlink_to(path)),
    "a link to nowhere": replaced_by(lambda path: path.symlink_to("/no such file")),
    "a pipe in its place": replaced_by(os.mkfifo),
    "not readable": lambda path: path.chmod(0),
    "no Parquet, rightly named": lambda path: put(path, b"PAR1 and nothing more PAR1"),
    "empty, rightly named": lambda path: put(path, b""),
    "other columns": lambda path: put_table(path, pa.table({"x": [1, 2]})),
    "a column missing": lambda path: put_table(path, table(path).drop_columns(["years"])),
    "text for numbers": lambda path: put_table(path, column(path, "seed", lambda rows: ["a"] * len(rows))),
    "real for whole numbers": lambda path: put_table(path, column(path, "first_week", lambda rows: [0.5] * len(rows))),
    "nothing in a column": lambda path: put_table(
        path, column(path, "account:delivered", lambda rows: [None] * len(rows))
    ),
    "no rows": lambda path: put_table(path, table(path).slice(0, 0)),
    "every row twice": doubled,
    "huge": lambda path: os.truncate(path, 2**40),
    "about: nonsense": lambda path: (path.parent / ABOUT).write_text("[1"),
    "about: a list": lambda path: (path.parent / ABOUT).write_text("[1]"),
    "about: a folder": lambda path: ((path.parent / ABOUT).unlink(), (path.parent / ABOUT).mkdir()),
    "half-written files": lambda path: (path.parent / ".writing-x").write_bytes(b"half"),
    "damaged is a file": lambda path: ((path.parents[2] / "damaged").write_text(""), path.write_bytes(b"x")),
    "the shelf is gone": lambda path: shutil.rmtree(path.parent),
    "the shelf is a file": lambda path: (shutil.rmtree(path.parent), path.parent.write_text("")),
    "the store is gone": lambda path: shutil.rmtree(path.parents[2]),
}


@pytest.fixture(scope="module")
def reference():
    return asked(False)


def asked(store):
    return compare("minimal", [Less()], 3, workers=1, store=store, simulate=simulate).to_json()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_store_costs_no_answer(damage, reference, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "EVERY", 0.0)  # a file a pair
    assert asked(tmp_path) == reference
    path = min(tmp_path.glob("rules=*/scenario=*/*.parquet"))
    DAMAGES[damage](path)
    Store(tmp_path).contents()
    assert asked(tmp_path) == reference
    assert asked(tmp_path) == reference
    Store(tmp_path).clear()


@pytest.mark.parametrize(
    "code", [errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EFBIG]
)
def test_a_store_that_takes_nothing_costs_no_answer(code, reference, tmp_path, monkeypatch, caplog):
    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("supplysim.experiment.store.os.replace", refuse)
    assert asked(tmp_path) == reference
    assert os.strerror(code).lower() in caplog.text


def test_a_store_that_cannot_be_read_costs_no_answer(reference, tmp_path, monkeypatch, caplog):
    assert asked(tmp_path) == reference
    sound = Path.stat

    def refuse(path, **settings):
        if path.suffix == ".parquet":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return sound(path, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", refuse)
        assert asked(tmp_path) == reference
    assert "cannot be read (input/output error)" in caplog.text
    assert stat.S_ISREG(next(tmp_path.glob("rules=*/scenario=*/*.parquet")).stat().st_mode)
