"""Finished runs on disk: the same question twice is instant, and a killed comparison goes on where it stopped.

A store is a folder of Parquet files, one *shelf* (folder) for each version of the rules and scenario:

    <store>/rules=<hash>/scenario=<hash>/<hash of the file's content>.parquet

A file is written aside and moved into place, so it is there as a whole or not at all, and it is named by its
content, so a damaged one is found by reading it. Several processes may use one store without locks: nobody
changes a file, two that write the same runs write the same file, and a run found twice counts once.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import stat
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from supplysim import arguments
from supplysim.environment import cache_root, reason
from supplysim.errors import InputError
from supplysim.experiment.fingerprint import rules_hash
from supplysim.experiment.kept import WRITING, digest
from supplysim.experiment.run_table import KEY, PARAMETER, QUARTERS, Entry, Key, to_runs, to_table
from supplysim.run import Run

if TYPE_CHECKING:
    import pyarrow as pa

    from supplysim.setup.scenario import Scenario

log = logging.getLogger(__name__)

ABOUT = "about.json"
DAMAGED = "damaged"
FEW = 8  # so many small files of a shelf may stay
LARGEST = 2**31  # bytes of a file; packing makes none near it
ATTEMPTS = 20  # to read a shelf whose files another process is packing


def user_folder() -> Path:
    """Return where runs are kept unless told otherwise: in the user's cache, or `SUPPLYSIM_CACHE`."""
    return cache_root() / "runs"


class Store:
    """A folder with finished runs of any number of scenarios.

    Parameters
    ----------
    folder : str or Path, optional
        Default: `user_folder`.

    Examples
    --------
    >>> store = Store("a/folder")  # doctest: +SKIP
    >>> store.query("SELECT policy, count(*) AS runs FROM runs GROUP BY policy")  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = user_folder() if folder is None else arguments.path(folder, "store")

    def shelf(self, scenario: Scenario, maker: str = "") -> Shelf:
        """Return the runs of a scenario under the present rules; `maker` sets apart what no model has run."""
        return Shelf(self, f"{rules_hash()[:24]}{maker}", scenario)

    def files(self) -> list[Path]:
        """Return the files with runs, of all scenarios and versions of the rules."""
        return sorted(self.folder.glob("rules=*/scenario=*/*.parquet"))

    def sound(self, path: Path) -> bool:
        """Return whether a file's content is what was written; a damaged one is set aside and told."""
        try:
            about = path.stat()
            if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST and digest(path.read_bytes()) == path.stem:
                return True
        except FileNotFoundError:  # packed by another process, or a link to nowhere
            if not path.is_symlink():
                return False
        except OSError as error:
            if error.errno != errno.ELOOP:
                log.warning("%s cannot be read (%s): its runs will be repeated", path, reason(error))
                return False
        self.set_aside(path)
        return False

    def set_aside(self, path: Path) -> None:
        """Put a damaged file, or whatever stands under its name, where nobody looks for runs, and tell."""
        aside = self.folder / DAMAGED / f"{path.name}-{uuid4().hex[:8]}"
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, aside)
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("%s is damaged, and stays there (%s); its runs will be repeated", path, reason(error))
            return
        log.warning("%s is damaged: set aside as %s; its runs will be repeated", path, aside)

    def query(self, sql: str) -> pa.Table:
        """Return the answer to an SQL query on the table ``runs``: one row a run, each once.

        Its columns are policy, parameters, policy_hash, seed, first_week, years, ``"yearly:MEASURE"`` (a list, one
        number a year), ``"account:ENTRY"``, ``"parameter:NAME"``, ``quarters`` (a list: the numbers of
        `outputs.quarters.kept`, quarter after quarter), and the hashes `rules` and `scenario`.
        """
        import duckdb

        with duckdb.connect() as connection:
            paths = [str(path) for path in self.files() if self.sound(path)]
            if not paths:
                raise InputError("store", self.folder, "nothing is kept there yet", "run a comparison first")
            source = connection.read_parquet(paths, hive_partitioning=True, union_by_name=True)
            source.create_view("files")
            connection.execute(f"CREATE VIEW runs AS SELECT DISTINCT ON (rules, scenario, {KEY}) * FROM files")
            return connection.sql(sql).to_arrow_table()

    def contents(self) -> list[dict[str, Any]]:
        """Return what is kept: scenario, version, runs, bytes, and whether its rules are the present ones."""
        shelves = sorted({path.parent for path in self.files()})
        return [_contents(shelf) for shelf in shelves]

    def clear(self) -> None:
        """Delete every run."""
        for folder in (*self.folder.glob("rules=*"), self.folder / DAMAGED):
            shutil.rmtree(folder, ignore_errors=True)


class Shelf:
    """The runs of one scenario under one version of the rules."""

    def __init__(self, store: Store, rules: str, scenario: Scenario) -> None:
        self.store, self.scenario = store, scenario
        self.folder = store.folder / f"rules={rules}" / f"scenario={scenario.hash()[:24]}"

    def find(self, keys: Iterable[Key], quarters: bool = False) -> dict[Key, Run]:
        """Return those of the runs that are kept; reading their quarters too takes twice as long."""
        wanted = set(keys)
        if not wanted or not os.path.isdir(self.folder):
            return {}
        try:
            return self._found(wanted, quarters)
        except InputError:
            raise
        except Exception as error:  # sound files, and yet not what is written today: the bad ones have to go
            log.warning("%s: some files hold no runs (%s): they are looked through one by one", self.folder, error)
        for path in self.sound_files():
            try:
                to_runs(self._rows([path], _selected(wanted), True))
            except Exception:
                self.store.set_aside(path)
        return self._found(wanted, quarters)

    def _found(self, wanted: set[Key], quarters: bool) -> dict[Key, Run]:
        table = self.read(_selected(wanted), quarters)
        return {key: run for key, run in to_runs(table) if key in wanted} if table is not None else {}

    def keep(self, entries: Sequence[Entry]) -> None:
        """Write runs as one file, whole or not at all.

        Raises
        ------
        InputError
            If nothing more can be written; what was written before stays.
        """
        self.write(to_table(entries))

    def write(self, table: pa.Table) -> Path:
        """Write a table as a file named by its content and return its path."""
        content = _parquet(table)
        path = self.folder / f"{digest(content)}.parquet"
        aside = self.folder / f"{WRITING}{uuid4().hex}"
        try:
            self._described()
            try:
                aside.write_bytes(content)
                os.replace(aside, path)
            finally:
                aside.unlink(missing_ok=True)
        except OSError as error:
            raise self._full(error) from error
        return path

    def read(self, wanted: Mapping[str, set[Any]] | None = None, quarters: bool = True) -> pa.Table | None:
        """Return the rows with one of the values `wanted` of a column, without parameters; None if there are none.

        A run may stand there twice, with the same numbers. Damaged files are set aside and told.
        """
        import duckdb

        for _ in range(ATTEMPTS):
            paths = self.sound_files()
            if not paths:
                return None
            try:
                return self._rows(paths, wanted or {}, quarters)
            except duckdb.IOException:  # another process has packed files in the meantime
                continue
        raise InputError("store", self.folder, "its files change faster than they can be read", "try again later")

    def _rows(self, paths: Sequence[Path], wanted: Mapping[str, set[Any]], quarters: bool) -> pa.Table:
        """Return those rows of some files without parameters; the quarters only if they are wanted."""
        import duckdb

        left_out = f"^({PARAMETER}.*{'' if quarters else f'|{QUARTERS}'})$"
        columns = f"COLUMNS(lambda name: NOT regexp_matches(name, '{left_out}'))"
        files = "read_parquet($paths, union_by_name=true, hive_partitioning=false)"
        where = " AND ".join(f"list_contains(${column}, {column})" for column in wanted)
        with duckdb.connect() as connection:
            given = {column: sorted(values) for column, values in wanted.items()} | {
                "paths": [str(path) for path in paths]
            }
            return connection.sql(f"SELECT {columns} FROM {files} WHERE {where or True}", params=given).to_arrow_table()

    def sound_files(self) -> list[Path]:
        """Return the files whose content is what was written; set others aside."""
        return [path for path in self.paths() if self.store.sound(path)]

    def paths(self) -> list[Path]:
        """Return all files with runs."""
        return sorted(self.folder.glob("*.parquet"))

    def _described(self) -> None:
        """Make the folder, and say in it for people what it holds."""
        if not os.path.exists(self.folder / ABOUT):
            self.folder.mkdir(parents=True, exist_ok=True)
            about = {"scenario": self.scenario.name, "title": self.scenario.title, "version": version("supplysim")}
            aside = self.folder / f"{WRITING}{uuid4().hex}"
            aside.write_text(json.dumps(about, indent=2), "utf-8")
            os.replace(aside, self.folder / ABOUT)

    def _full(self, error: OSError) -> InputError:
        remedy = "make room there: what was finished before is kept"
        return InputError("store", self.store.folder, f"nothing more can be written there ({reason(error)})", remedy)


def _selected(keys: Iterable[Key]) -> dict[str, set[Any]]:
    """Return column -> the values that rows of these keys have there."""
    columns = {"policy_hash": "policy", "first_week": "first_week", "seed": "seed"}
    return {column: {getattr(key, field) for key in keys} for column, field in columns.items()}


def _contents(folder: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    paths = list(folder.glob("*.parquet"))
    about: Any = None
    with suppress(OSError, ValueError, RecursionError):
        about = json.loads((folder / ABOUT).read_text("utf-8"))
    told = about if isinstance(about, dict) else {}
    rules = folder.parent.name.removeprefix("rules=")
    runs = size = 0
    for path in paths:
        with suppress(OSError, ValueError):  # a damaged file is told of when its runs are wanted
            size += path.stat().st_size
            runs += pq.read_metadata(path).num_rows if path.is_file() else 0  # a pipe would be waited for
    return {
        "scenario": str(told.get("scenario", "unknown")),
        "version": str(told.get("version", "unknown")),
        "runs": runs,
        "files": len(paths),
        "bytes": size,
        "current": rules == rules_hash()[:24],
    }


def _parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    compression = "zstd" if table.num_rows >= MANY else "lz4"
    pq.write_table(
        table, sink, compression=compression, use_dictionary=TEXT, write_statistics=False, store_schema=False
    )
    return sink.getvalue().to_pybytes()


TEXT = ["policy", "parameters", "policy_hash"]
MANY = 256  # runs from which on a smaller file is worth more time
