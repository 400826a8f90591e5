"""The file of rooms: tables, all-or-nothing writing, and rooms whose time is over."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from supplysim.errors import InputError

KEPT_DAYS = 7
SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (code TEXT PRIMARY KEY, secret TEXT, used REAL, state TEXT);
CREATE TABLE IF NOT EXISTS phones (code TEXT, token TEXT, number INTEGER, team TEXT, PRIMARY KEY (code, token));
CREATE TABLE IF NOT EXISTS answers (code TEXT, question TEXT, token TEXT, option INTEGER, sure INTEGER,
    PRIMARY KEY (code, question, token));
CREATE TABLE IF NOT EXISTS choices (code TEXT, round INTEGER, team TEXT, choice TEXT, PRIMARY KEY (code, round, team));
"""
TABLES = ("rooms", "phones", "answers", "choices")


class RoomFile:
    """Tables of rooms, phones, answers and choices in one file.

    Parameters
    ----------
    file : Path
        Made if it does not exist; with its folder.
    clock : callable
        Seconds since 1970.

    Raises
    ------
    InputError
        If nothing can be kept there.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self.base = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self.base.execute("PRAGMA journal_mode=WAL")
            self.base.execute("PRAGMA secure_delete=ON")
            self.base.executescript(SCHEMA)
            with self.writing():
                self.forget()
        except (OSError, sqlite3.Error) as error:
            remedy = "let SUPPLYSIM_DATA name a folder that can be written"
            raise InputError("rooms", str(file), f"nothing can be kept there ({error})", remedy) from error
        with suppress(OSError):
            file.chmod(0o600)

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.base.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write all or nothing."""
        with self.lock, self.base:
            self.base.execute("BEGIN IMMEDIATE")
            yield

    def since(self) -> float:
        """Return since when a room must have been used to be there."""
        return self.clock() - 86_400.0 * KEPT_DAYS

    def state(self, code: str) -> dict[str, Any] | None:
        """Return what is left in a room; None if it is not there (any more)."""
        asked = "SELECT state FROM rooms WHERE code = ? AND used > ?"
        row = self.base.execute(asked, (code, self.since())).fetchone()
        return None if row is None else json.loads(row[0])

    def count(self, table: str, code: str = "") -> int:
        """Return the number of rows of a table, of one room or of all."""
        where = " WHERE code = ?" if code else ""
        return self.base.execute(f"SELECT count(*) FROM {table}{where}", (code,) if code else ()).fetchone()[0]

    def forget(self) -> None:
        """Delete the rooms whose time is over."""
        old = [row[0] for row in self.base.execute("SELECT code FROM rooms WHERE used <= ?", (self.since(),))]
        for table in TABLES:
            self.base.executemany(f"DELETE FROM {table} WHERE code = ?", [(code,) for code in old])
