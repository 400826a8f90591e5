"""A visit: one session and the pages it looks at."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.actions import MOVES
from supplysim.viz.compare_page import Desk
from supplysim.viz.figures import recording as films
from supplysim.viz.figures.tornado import tornado
from supplysim.viz.files import encoded
from supplysim.viz.learn_page import Course
from supplysim.viz.levers import PRESETS
from supplysim.viz.present_page import Room
from supplysim.viz.session import Session

from supplysim.errors import InputError
from supplysim.policies import parse

_numbers = itertools.count(1)


class Visit(Session):
    """A session and the pages it looks at."""

    moves = MOVES | {
        "desk": lambda visit, message: visit.desk.act(message),
        "learn": lambda visit, message: visit.course.act(message),
        "room": lambda visit, message: visit.room.act(message),
        "watch": lambda visit, message: visit.watch(message),
    }

    def __init__(self, query: str, publish: Callable[[], None]) -> None:
        self.shown = ("", "")
        self.reply: dict[str, Any] = {}
        self.film: dict[str, Any] = {}
        self.filming = ""
        super().__init__(query, publish)
        self.desk, self.course, self.room = Desk(self), Course(self), Room(self)

    def close(self) -> None:
        """Forget the visitor."""
        for page in (self.desk, self.course, self.room):
            page.close()
        super().close()

    def link(self) -> str:
        """Return the query of the link to what is shown."""
        return url_state.encode(self.state)

    def hand(self, name: str, kind: str, content: bytes) -> None:
        """Give the browser a file."""
        self.reply = {"number": next(_numbers), "name": name, "type": kind, "base64": encoded(content)}

    def show(self, name: str, tail: str = "") -> None:
        """Prepare a page that is about to be shown; `tail` is the rest of its address."""
        with self.lock:
            if (name, tail) == self.shown and name != "compare":
                return
            if name == "compare":
                self.desk.open(self.rest.get("c", ""))
            elif name == "watch" and not self.film and not self.filming:
                self.watch({})
            elif name == "learn":
                self._open(self.course.open, tail)
            elif name == "present":
                self._open(self.room.open, tail)
            self.shown = (name, tail)

    def _open(self, opener: Callable[[str], None], tail: str) -> None:
        """Open what the rest of an address names, or an older link's ``lesson``; an unknown one is said to be so."""
        wanted = tail or self.rest.pop("lesson", "")
        try:
            if wanted:
                opener(wanted)
        except InputError as error:
            self.problems = [*self.problems, str(error)]

    def view(self, name: str) -> dict[str, Any]:
        """Return what changes on a page."""
        with self.lock:
            view = self.explore() if name == "explore" else self.common() | self.standing()
            if name == "compare":
                view |= self.desk.view()
            elif name == "assumptions":
                view |= {"tornado": tornado(self.job, self.progress, bool(self.state.levers))}
            elif name == "watch":
                view |= {"filming": self.filming}
            elif name == "learn":
                view |= {"learn": self.course.view(), "tail": self.course.path()}
            elif name == "present":
                view |= {"room": self.room.view(), "tail": self.room.path()}
            return view

    # --- watch -----------------------------------------------------------------------------------------

    def watch(self, message: dict[str, Any]) -> None:
        """Film one world as it stands, and its twin with the package."""
        seed = url_state.seed_of(message.get("seed", self.film.get("seed", 7)))
        package = self.state.package() or parse(PRESETS["border"][1], self.scenario).policies
        central = self.scenario.central_parameters()
        scenario, title = self.scenario, " + ".join(p.label() for p in package)
        self.filming = f"{seed}:{title}"
        wanted = self.filming
        futures = [self.pool.call(films.shoot, scenario, arm, seed, central) for arm in ((), package)]

        def ready(_: Any) -> None:
            with self.lock:
                if self.filming != wanted or not all(future.done() for future in futures):
                    return
                self.filming = ""
                if any(future.cancelled() or future.exception() is not None for future in futures):
                    self.notice = "The run could not be filmed; try another seed."
                else:
                    self.film = twins(*(future.result() for future in futures)) | {"seed": seed, "package": title}
            self.publish()

        for future in futures:
            future.add_done_callback(ready)


def twins(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Return both films, every followed lot with what became of the same order in the other world."""
    words = ("still open", "filled", "given up")
    for film, other in ((a, b), (b, a)):
        book = other["lots"]["orders"]
        for lot in film["lots"]["picked"].values():
            twin = book.get(lot["identity"])
            if twin is None:
                lot["twin"] = "In the other world this order was never placed."
            else:
                week, size, bought, status = twin
                lot["twin"] = (
                    f"In the other world the buyer's same order was placed in week {week}: {size} chips, "
                    f"of which {bought} were bought; it is {words[status]}."
                )
    return {"id": next(_numbers), "worlds": [{**film, "lots": film["lots"]["picked"]} for film in (a, b)]}
