"""A teacher's side of a room: code and QR code, the tally as it comes, what phones may see, and the results as CSV."""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from typing import Any

import segno
from supplysim.viz.hosting import here
from supplysim.viz.refused import Refused
from supplysim.viz.rooms import Rooms, code_of, kept, rooms
from supplysim.viz.session import Session

from supplysim.folders import FORMULA
from supplysim.language import gettext, gettext_noop

TOGETHER = 0.3  # seconds in which what phones do is drawn together
UNREACHED = gettext_noop(
    "Phones cannot reach this server, which speaks to this machine only: start it with --host 0.0.0.0."
)


class Classroom:
    """The room that a teacher has open, if any.

    Parameters
    ----------
    session : Session
        Who is told when a phone does something.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.code = self.secret = self.page = ""
        self._rooms: Rooms | None = None
        self._lock = threading.Lock()
        self._waits = False

    @property
    def rooms(self) -> Rooms:
        """The rooms of this server; nothing is opened before somebody wants a room."""
        if self._rooms is None:
            self._rooms = rooms()
        return self._rooms

    def open(self, page: str) -> None:
        """Open a room; `page` is how the teacher's browser calls this server."""
        self.close()
        self.code, self.secret = self.rooms.open()
        self._enter(page)

    def resume(self, code: str, secret: str, page: str) -> dict[str, Any]:
        """Come back to a room and return what was left in it.

        Raises
        ------
        InputError
            If it is not there any more, or another teacher's.
        """
        code = code_of(code)
        if not code or not self.rooms.is_teacher(code, secret):
            raise Refused(gettext("room"), code, gettext("it is over"), gettext("open another one"))
        self.close()
        self.code, self.secret = code, secret
        self._enter(page)
        return self.rooms.state(code).get("teacher", {})

    def _enter(self, page: str) -> None:
        self.page = page[:200]
        self.rooms.listen(self.code, self, self._hear)

    def _hear(self) -> None:
        """Have the page drawn again, for all that thirty phones do at once in one go."""
        with self._lock:
            if self._waits:
                return
            self._waits = True
        soon = threading.Timer(TOGETHER, self._publish)
        soon.daemon = True
        soon.start()

    def _publish(self) -> None:
        with self._lock:
            self._waits = False
        self.session.publish()

    def end(self) -> None:
        """Delete the room."""
        if self.code:
            self.rooms.end(self.code)
        self.close()

    def close(self) -> None:
        """Leave the room; it stays."""
        if self.code:
            self.rooms.leave(self.code, self)
        self.code = self.secret = ""

    def keep(self, teacher: dict[str, Any], phones: dict[str, Any]) -> None:
        """Keep where the teacher stands, and what phones may see."""
        if self.code:
            self.rooms.keep(self.code, {"teacher": teacher, "phones": phones})

    def tally(self, question: str, hands: list[int]) -> list[int]:
        """Return the votes for each option: hands that were counted, and phones."""
        said = Counter(it.option for it in self.rooms.answers(self.code, question)) if self.code else Counter[int]()
        return [count + said[place] for place, count in enumerate(hands)]

    def choices(self, round_: int) -> dict[str, str]:
        """Return what the teams chose on their phones."""
        return self.rooms.choices(self.code, round_) if self.code else {}

    def tell(self, round_: int, choices: dict[str, str]) -> None:
        """Let the teams' phones see what was chosen for them on the wall, or in the round before."""
        for team, choice in choices.items() if self.code else ():
            if choice and self.choices(round_).get(team) != choice:
                self.rooms.choose(self.code, round_, team, choice)

    def anew(self) -> None:
        """Let the teams be formed anew."""
        if self.code:
            self.rooms.stand(self.code)

    def view(self, question: str) -> dict[str, Any] | None:
        """Return what the teacher's page shows of the room, None without one."""
        if not self.code:
            return None
        base, teams = here().reached(self.page), self.rooms.teams(self.code)
        address = f"{base}/room/{self.code}"
        return {
            "code": self.code,
            "secret": self.secret,
            "join": f"{base}/room".partition("://")[2] if base else "",
            "qr": segno.make(address, error="m").svg_data_uri(scale=8, border=2) if base else "",
            "trouble": "" if base else gettext(UNREACHED),
            "joined": sum(teams.values()),
            "teams": teams,
            "answered": len(self.rooms.answers(self.code, question)),
            "kept": kept(),
        }

    def results(self, questions: dict[str, tuple[list[str], list[str]]]) -> bytes:
        """Return the answers of the class as CSV, a row an answer; the first line says what is kept and how long.

        Parameters
        ----------
        questions : dict
            Question -> its options and, where the class has seen the truth, their verdicts.
        """
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([f"# Room {self.code}. {kept()}"])
        writer.writerow(["question", "phone", "answer", "sure_percent", "verdict"])
        for it in self.rooms.answers(self.code):
            options, verdicts = questions.get(it.question, ([], []))
            answer = options[it.option] if it.option < len(options) else str(it.option + 1)
            verdict = verdicts[it.option] if it.option < len(verdicts) else ""
            writer.writerow([safe(it.question), it.number, safe(answer), it.sure or "", verdict])
        return text.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
