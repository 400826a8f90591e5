"""A class's room: its code, what its phones answered, where its teacher stands; in one file that outlives a restart.

Kept of a phone: a number within the room, a random token that its browser holds, its team, its answers. No name and no
address. A room goes with all of it `KEPT_DAYS` after it was last used, or when its teacher ends it.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplysim.environment import data_root, whole
from supplysim.errors import InputError

KEPT_DAYS = 7
KEPT = (
    f"Kept: answers under a number, no names and no addresses. A room is deleted {KEPT_DAYS} days after it was last "
    "used, or at once when its teacher ends it."
)
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # none that are taken for a digit, and no words
LENGTH = 5
MOST_PHONES = 200
SCHEMA = """
CREATE TABLE IF NOT EXISTS rooms (code TEXT PRIMARY KEY, secret TEXT, used REAL, state TEXT);
CREATE TABLE IF NOT EXISTS phones (code TEXT, token TEXT, number INTEGER, team TEXT, PRIMARY KEY (code, token));
CREATE TABLE IF NOT EXISTS answers (code TEXT, question TEXT, token TEXT, option INTEGER, sure INTEGER,
    PRIMARY KEY (code, question, token));
CREATE TABLE IF NOT EXISTS choices (code TEXT, round INTEGER, team TEXT, choice TEXT, PRIMARY KEY (code, round, team));
"""
TABLES = ("rooms", "phones", "answers", "choices")


@dataclass(frozen=True)
class Phone:
    """A phone in a room: its number there, and the team of the role play it sits with ("" for none)."""

    token: str
    number: int
    team: str


@dataclass(frozen=True)
class Answer:
    """What a phone said: option by place, and how sure, percent (0 if it was not asked)."""

    number: int
    question: str
    option: int
    sure: int


class Rooms:
    """The rooms of a server.

    Parameters
    ----------
    file : Path
        Made if it does not exist; with its folder.
    most : int
        Rooms at a time.
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, file: Path, most: int = 50, clock: Callable[[], float] = time.time) -> None:
        self.most, self._clock = most, clock
        self._lock = threading.RLock()
        self._heard: dict[str, dict[object, Callable[[], None]]] = {}
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA secure_delete=ON")
            self._base.executescript(SCHEMA)
            with self._writing():
                self._forget()
        except (OSError, sqlite3.Error) as error:
            remedy = "let SUPPLYSIM_DATA name a folder that can be written"
            raise InputError("rooms", str(file), f"nothing can be kept there ({error})", remedy) from error
        with suppress(OSError):
            file.chmod(0o600)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    # --- rooms -----------------------------------------------------------------------------------------

    def open(self) -> tuple[str, str]:
        """Return the code of a new room and the secret by which its teacher comes back.

        Raises
        ------
        InputError
            If there are as many as there may be.
        """
        with self._writing():
            self._forget()
            if self._count("rooms") >= self.most:
                raise InputError("room", None, f"{self.most} rooms are in use", "come back later, or end one")
            codes = ("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in iter(int, 1))
            code = next(code for code in codes if self._state(code) is None)
            secret = secrets.token_urlsafe(16)
            self._base.execute("INSERT INTO rooms VALUES (?, ?, ?, ?)", (code, secret, self._clock(), "{}"))
        return code, secret

    def is_teacher(self, code: str, secret: str) -> bool:
        """Return whether a secret is that of a room which is there."""
        with self._lock:
            row = self._base.execute("SELECT secret FROM rooms WHERE code = ? AND used > ?", (code, self._since()))
            found = row.fetchone()
        return found is not None and secrets.compare_digest(found[0].encode(), secret.encode())

    def state(self, code: str) -> dict[str, Any]:
        """Return what a room's teacher left in it.

        Raises
        ------
        InputError
            If there is no such room (any more).
        """
        with self._lock:
            state = self._state(code)
        if state is None:
            raise InputError("room", code[:20], "there is no such room", "look at the wall for its code")
        return state

    def keep(self, code: str, state: dict[str, Any]) -> None:
        """Keep what a teacher leaves in a room; nothing happens if that is there already."""
        text = json.dumps(state)
        with self._writing():
            same = self._base.execute("SELECT 1 FROM rooms WHERE code = ? AND state = ?", (code, text)).fetchone()
            if same is None:
                self._forget()
                self._base.execute("UPDATE rooms SET state = ?, used = ? WHERE code = ?", (text, self._clock(), code))

    def end(self, code: str) -> None:
        """Delete a room with all that is in it."""
        with self._writing():
            for table in TABLES:
                self._base.execute(f"DELETE FROM {table} WHERE code = ?", (code,))
        self._tell(code)

    # --- phones ----------------------------------------------------------------------------------------

    def join(self, code: str, token: str) -> Phone:
        """Return a phone's place in a room, a new one if it has none.

        Raises
        ------
        InputError
            If there is no such room, or it is full.
        """
        self.state(code)
        phone = self.phone(code, token)
        if phone is not None:
            return phone
        with self._writing():
            number = self._count("phones", code) + 1
            if number > MOST_PHONES:
                raise InputError("room", code, f"{MOST_PHONES} phones are in it", "share one")
            self._base.execute("INSERT OR IGNORE INTO phones VALUES (?, ?, ?, '')", (code, token, number))
        self._tell(code)
        found = self.phone(code, token)
        assert found is not None
        return found

    def phone(self, code: str, token: str) -> Phone | None:
        """Return a phone's place in a room, None if it has none."""
        with self._lock:
            row = self._base.execute(
                "SELECT token, number, team FROM phones WHERE code = ? AND token = ?", (code, token)
            ).fetchone()
        return None if row is None else Phone(*row)

    def sit(self, code: str, token: str, team: str) -> None:
        """Let a phone sit with a team."""
        with self._writing():
            self._base.execute("UPDATE phones SET team = ? WHERE code = ? AND token = ?", (team, code, token))
        self._tell(code)

    def stand(self, code: str) -> None:
        """Let nobody sit with a team, and forget what the teams chose."""
        with self._writing():
            self._base.execute("UPDATE phones SET team = '' WHERE code = ?", (code,))
            self._base.execute("DELETE FROM choices WHERE code = ?", (code,))
        self._tell(code)

    def answer(self, code: str, question: str, token: str, option: int, sure: int = 0) -> None:
        """Take a phone's answer to a question; a later one takes its place."""
        with self._writing():
            self._base.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", (code, question, token, option, sure)
            )
            self._base.execute("UPDATE rooms SET used = ? WHERE code = ?", (self._clock(), code))
        self._tell(code)

    def choose(self, code: str, round_: int, team: str, choice: str) -> None:
        """Take a team's choice of a round, or the journalist's headline; a later one takes its place."""
        with self._writing():
            self._base.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?, ?)", (code, round_, team, choice))
        self._tell(code)

    # --- what is in a room -----------------------------------------------------------------------------

    def teams(self, code: str) -> dict[str, int]:
        """Return how many phones sit with each team; "" are those without one."""
        with self._lock:
            rows = self._base.execute("SELECT team, count(*) FROM phones WHERE code = ? GROUP BY team", (code,))
            return dict(rows.fetchall())

    def answers(self, code: str, question: str | None = None) -> list[Answer]:
        """Return the answers to a question, or to all, by question and phone."""
        with self._lock:
            rows = self._base.execute(
                "SELECT number, question, option, sure FROM answers JOIN phones USING (code, token) WHERE code = ?1 "
                "AND (?2 IS NULL OR question = ?2) ORDER BY question, number",
                (code, question),
            )
            return [Answer(*row) for row in rows.fetchall()]

    def answer_of(self, code: str, question: str, token: str) -> tuple[int, int] | None:
        """Return what a phone said to a question, option and percent; None if nothing."""
        with self._lock:
            return self._base.execute(
                "SELECT option, sure FROM answers WHERE code = ? AND question = ? AND token = ?",
                (code, question, token),
            ).fetchone()

    def choices(self, code: str, round_: int) -> dict[str, str]:
        """Return the teams' choices of a round."""
        with self._lock:
            rows = self._base.execute("SELECT team, choice FROM choices WHERE code = ? AND round = ?", (code, round_))
            return dict(rows.fetchall())

    # --- news ------------------------------------------------------------------------------------------

    def listen(self, code: str, who: object, told: Callable[[], None]) -> None:
        """Call `told` whenever a phone of a room does something, until `leave`."""
        with self._lock:
            self._heard.setdefault(code, {})[who] = told

    def leave(self, code: str, who: object) -> None:
        """Tell nothing more."""
        with self._lock:
            self._heard.get(code, {}).pop(who, None)

    def _tell(self, code: str) -> None:
        with self._lock:
            listeners = [*self._heard.get(code, {}).values()]
        for told in listeners:
            told()

    # --- the file --------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write all or nothing."""
        with self._lock, self._base:
            self._base.execute("BEGIN IMMEDIATE")
            yield

    def _since(self) -> float:
        return self._clock() - 86_400.0 * KEPT_DAYS

    def _state(self, code: str) -> dict[str, Any] | None:
        asked = "SELECT state FROM rooms WHERE code = ? AND used > ?"
        row = self._base.execute(asked, (code, self._since())).fetchone()
        return None if row is None else json.loads(row[0])

    def _count(self, table: str, code: str = "") -> int:
        where = " WHERE code = ?" if code else ""
        return self._base.execute(f"SELECT count(*) FROM {table}{where}", (code,) if code else ()).fetchone()[0]

    def _forget(self) -> None:
        """Delete the rooms whose time is over."""
        old = [row[0] for row in self._base.execute("SELECT code FROM rooms WHERE used <= ?", (self._since(),))]
        for table in TABLES:
            self._base.executemany(f"DELETE FROM {table} WHERE code = ?", [(code,) for code in old])


def code_of(text: str) -> str:
    """Return a room's code as it is kept, whichever way it was typed; "" if it can be none."""
    code = "".join(text.split()).upper().replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


_rooms: Rooms | None = None
_lock = threading.Lock()


def rooms() -> Rooms:
    """Return the rooms of this process.

    Raises
    ------
    InputError
        If nothing can be kept.
    """
    global _rooms
    with _lock:
        if _rooms is None:
            _rooms = Rooms(data_root() / "rooms.sqlite", whole("SUPPLYSIM_APP_ROOMS", 50, 0, 10_000))
        return _rooms


def use(these: Rooms | None) -> None:
    """Let these be the rooms of this process; None: those of the user's data folder, from the next time on."""
    global _rooms
    with _lock:
        _rooms = these
