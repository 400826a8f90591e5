"""A class's room: its code, what its phones answered, where its teacher stands; in one file that outlives a restart.

Kept of a phone: a number within the room, a random token that its browser holds, its team, its answers. No name and no
address. A room goes with all of it `KEPT_DAYS` after it was last used, or when its teacher ends it.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplysim.viz.refused import Refused
from supplysim.viz.room_file import KEPT_DAYS, TABLES, RoomFile

from supplysim.environment import data_root, whole
from supplysim.language import gettext, gettext_noop

KEPT = gettext_noop(
    "Kept: answers under a number, no names and no addresses. A room is deleted {days} days after it was last used, or "
    "at once when its teacher ends it."
)
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # none that are taken for a digit, and no words
LENGTH = 5
MOST_PHONES = 200


def kept() -> str:
    """Return what is kept of a room, and how long."""
    return gettext(KEPT, days=KEPT_DAYS)


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
        self.most = most
        self._heard: dict[str, dict[object, Callable[[], None]]] = {}
        self._file = RoomFile(file, clock)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # --- rooms -----------------------------------------------------------------------------------------

    def open(self) -> tuple[str, str]:
        """Return the code of a new room and the secret by which its teacher comes back.

        Raises
        ------
        InputError
            If there are as many as there may be.
        """
        with self._file.writing():
            self._file.forget()
            if self._file.count("rooms") >= self.most:
                raise Refused(
                    gettext("room"),
                    None,
                    gettext("{n} rooms are in use", n=self.most),
                    gettext("come back later, or end one"),
                )
            codes = ("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in iter(int, 1))
            code = next(code for code in codes if self._file.state(code) is None)
            secret = secrets.token_urlsafe(16)
            self._file.base.execute("INSERT INTO rooms VALUES (?, ?, ?, ?)", (code, secret, self._file.clock(), "{}"))
        return code, secret

    def is_teacher(self, code: str, secret: str) -> bool:
        """Return whether a secret is that of a room which is there."""
        with self._file.lock:
            row = self._file.base.execute(
                "SELECT secret FROM rooms WHERE code = ? AND used > ?", (code, self._file.since())
            )
            found = row.fetchone()
        return found is not None and secrets.compare_digest(found[0].encode(), secret.encode())

    def state(self, code: str) -> dict[str, Any]:
        """Return what a room's teacher left in it.

        Raises
        ------
        InputError
            If there is no such room (any more).
        """
        with self._file.lock:
            state = self._file.state(code)
        if state is None:
            raise Refused(
                gettext("room"), code[:20], gettext("there is no such room"), gettext("look at the wall for its code")
            )
        return state

    def keep(self, code: str, state: dict[str, Any]) -> None:
        """Keep what a teacher leaves in a room; nothing happens if that is there already."""
        text = json.dumps(state)
        with self._file.writing():
            same = self._file.base.execute("SELECT 1 FROM rooms WHERE code = ? AND state = ?", (code, text)).fetchone()
            if same is None:
                self._file.forget()
                self._file.base.execute(
                    "UPDATE rooms SET state = ?, used = ? WHERE code = ?", (text, self._file.clock(), code)
                )

    def end(self, code: str) -> None:
        """Delete a room with all that is in it."""
        with self._file.writing():
            for table in TABLES:
                self._file.base.execute(f"DELETE FROM {table} WHERE code = ?", (code,))
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
        with self._file.writing():
            number = self._file.count("phones", code) + 1
            if number > MOST_PHONES:
                raise Refused(
                    gettext("room"), code, gettext("{n} phones are in it", n=MOST_PHONES), gettext("share one")
                )
            self._file.base.execute("INSERT OR IGNORE INTO phones VALUES (?, ?, ?, '')", (code, token, number))
        self._tell(code)
        found = self.phone(code, token)
        assert found is not None
        return found

    def phone(self, code: str, token: str) -> Phone | None:
        """Return a phone's place in a room, None if it has none."""
        with self._file.lock:
            row = self._file.base.execute(
                "SELECT token, number, team FROM phones WHERE code = ? AND token = ?", (code, token)
            ).fetchone()
        return None if row is None else Phone(*row)

    def sit(self, code: str, token: str, team: str) -> None:
        """Let a phone sit with a team."""
        with self._file.writing():
            self._file.base.execute("UPDATE phones SET team = ? WHERE code = ? AND token = ?", (team, code, token))
        self._tell(code)

    def stand(self, code: str) -> None:
        """Let nobody sit with a team, and forget what the teams chose."""
        with self._file.writing():
            self._file.base.execute("UPDATE phones SET team = '' WHERE code = ?", (code,))
            self._file.base.execute("DELETE FROM choices WHERE code = ?", (code,))
        self._tell(code)

    def answer(self, code: str, question: str, token: str, option: int, sure: int = 0) -> None:
        """Take a phone's answer to a question; a later one takes its place."""
        with self._file.writing():
            self._file.base.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", (code, question, token, option, sure)
            )
            self._file.base.execute("UPDATE rooms SET used = ? WHERE code = ?", (self._file.clock(), code))
        self._tell(code)

    def choose(self, code: str, round_: int, team: str, choice: str) -> None:
        """Take a team's choice of a round, or the journalist's headline; a later one takes its place."""
        with self._file.writing():
            self._file.base.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?, ?)", (code, round_, team, choice))
        self._tell(code)

    # --- what is in a room -----------------------------------------------------------------------------

    def teams(self, code: str) -> dict[str, int]:
        """Return how many phones sit with each team; "" are those without one."""
        with self._file.lock:
            rows = self._file.base.execute("SELECT team, count(*) FROM phones WHERE code = ? GROUP BY team", (code,))
            return dict(rows.fetchall())

    def answers(self, code: str, question: str | None = None) -> list[Answer]:
        """Return the answers to a question, or to all, by question and phone."""
        with self._file.lock:
            rows = self._file.base.execute(
                "SELECT number, question, option, sure FROM answers JOIN phones USING (code, token) WHERE code = ?1 "
                "AND (?2 IS NULL OR question = ?2) ORDER BY question, number",
                (code, question),
            )
            return [Answer(*row) for row in rows.fetchall()]

    def answer_of(self, code: str, question: str, token: str) -> tuple[int, int] | None:
        """Return what a phone said to a question, option and percent; None if nothing."""
        with self._file.lock:
            return self._file.base.execute(
                "SELECT option, sure FROM answers WHERE code = ? AND question = ? AND token = ?",
                (code, question, token),
            ).fetchone()

    def choices(self, code: str, round_: int) -> dict[str, str]:
        """Return the teams' choices of a round."""
        with self._file.lock:
            rows = self._file.base.execute(
                "SELECT team, choice FROM choices WHERE code = ? AND round = ?", (code, round_)
            )
            return dict(rows.fetchall())

    # --- news ------------------------------------------------------------------------------------------

    def listen(self, code: str, who: object, told: Callable[[], None]) -> None:
        """Call `told` whenever a phone of a room does something, until `leave`."""
        with self._file.lock:
            self._heard.setdefault(code, {})[who] = told

    def leave(self, code: str, who: object) -> None:
        """Tell nothing more."""
        with self._file.lock:
            self._heard.get(code, {}).pop(who, None)

    def _tell(self, code: str) -> None:
        with self._file.lock:
            listeners = [*self._heard.get(code, {}).values()]
        for told in listeners:
            told()


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
