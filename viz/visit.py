"""A visit: one session and the pages it looks at."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from typing import Any

from supplysim.viz import url_state
from supplysim.viz.actions import MOVES
from supplysim.viz.backend import Backend, Busy
from supplysim.viz.compare_page import ComparePage
from supplysim.viz.cost import FILM_COST, cost
from supplysim.viz.decide_page import DecidePage
from supplysim.viz.figures import recording as films
from supplysim.viz.figures.sayings import Saying
from supplysim.viz.figures.tornado import tornado
from supplysim.viz.learn_page import LearnPage
from supplysim.viz.levers import PRESETS
from supplysim.viz.pages import NAMES
from supplysim.viz.present_page import PresentPage
from supplysim.viz.session import Session

from supplysim.errors import InputError
from supplysim.experiment.arms import first_week_of
from supplysim.language import ENGLISH, gettext, gettext_noop, language, preferred, speaking
from supplysim.policies import Policy, parse
from supplysim.report.formatting import share
from supplysim.run import Point

_numbers = itertools.count(1)
TWIN = (  # by what became of the order
    gettext_noop(
        "In the other world the buyer's same order was placed in week {week}: {size} chips, of which {bought} were "
        "bought; it is still open."
    ),
    gettext_noop(
        "In the other world the buyer's same order was placed in week {week}: {size} chips, of which {bought} were "
        "bought; it is filled."
    ),
    gettext_noop(
        "In the other world the buyer's same order was placed in week {week}: {size} chips, of which {bought} were "
        "bought; it is given up."
    ),
)


def in_words(policy: Policy) -> str:
    """Return a policy as a lever is called on the panel, with its strength."""
    return f"{gettext(policy.called())} {share(policy.intensity)}"


class Visit(Session):
    """A session and the pages it looks at."""

    moves: Mapping[str, Callable[[Any, dict[str, Any]], None]] = MOVES | {
        "desk": lambda visit, message: visit.compare.act(message),
        "decide": lambda visit, message: visit.decide.act(message),
        "learn": lambda visit, message: visit.learn.act(message),
        "room": lambda visit, message: visit.present.act(message),
        "watch": lambda visit, message: visit.watch(message),
        "speak": lambda visit, message: visit.speak(str(message["language"])),
    }

    def __init__(
        self,
        query: str = "",
        publish: Callable[[], None] = lambda: None,
        pool: Backend | None = None,
        party: Hashable = None,
        language: str = ENGLISH,
    ) -> None:
        self.shown = ("", "")
        self.reply: dict[str, Any] = {}
        self.film: dict[str, Any] = {}
        self._told: tuple[Any, dict[str, Any]] = (None, {})  # the film in a language
        self.filming = ""
        self._films: list[Future[dict[str, Any]]] = []
        super().__init__(query, publish, pool, party, language)
        self.compare, self.learn, self.present = ComparePage(self), LearnPage(self), PresentPage(self)
        self.decide = DecidePage(self)

    def close(self) -> None:
        """Forget the visitor."""
        for page in (self.compare, self.learn, self.present, self.decide):
            page.close()
        self._films = []
        self.pool.withdraw((self.number, "film"))
        super().close()

    # --- what the browser asks -------------------------------------------------------------------------

    def act(self, message: Any) -> None:
        """Do what the browser asks; anything malformed becomes a polite line, never an error."""
        if not isinstance(message, dict):
            return
        with self.lock:
            self.notice = ""
            try:
                move = self.moves.get(str(message.get("do")))
                if move is not None:
                    move(self, message)
            except (InputError, Busy) as error:
                self.notice = str(error)
            except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
                self.notice = gettext("That could not be read; nothing was changed.")
            if isinstance(message.get("seq"), int):
                self.seq = message["seq"]

    def speak(self, code: str) -> None:
        """Show everything in another language from now on."""
        self.language = preferred(code, self.language)
        for job in (self.job, self.alone, self.compare.job):
            if job is not None:
                job.language = self.language
        with speaking(self.language):
            self.outside = self.inside()
            self.learn.speak()
            if self.hanging is not None:
                self.hanging = None
                self._ask_alone()

    def link(self) -> str:
        """Return the query of the link to what is shown; it says the language, unless that is English."""
        return url_state.encode(self.state, **({} if self.language == ENGLISH else {"lang": self.language}))

    def address(self, name: str) -> str:
        """Return the path of what a page shows."""
        tail = {"learn": self.learn, "present": self.present}.get(name)
        return f"/{name}{tail.path()}" if tail is not None else "/" if name == "explore" else f"/{name}"

    def title(self, name: str) -> str:
        """Return what the browser calls a page."""
        page = {"learn": self.learn, "present": self.present}.get(name)
        words = page.title() if page is not None else "" if name == "explore" else gettext(NAMES[name])
        return f"{words} · supplysim" if words else "supplysim"

    # --- what is shown ---------------------------------------------------------------------------------

    def hand(self, name: str, kind: str, content: bytes) -> None:
        """Give the browser a file."""
        text = base64.b64encode(content).decode()
        self.reply = {"number": next(_numbers), "name": name, "type": kind, "base64": text}

    def show(self, name: str, tail: str = "") -> None:
        """Prepare a page that is about to be shown; `tail` is the rest of its address."""
        with self.lock:
            if (name, tail) == self.shown and name != "compare":
                return
            if name == "compare":
                self.compare.open(self.rest.get("c", ""))
            elif name == "decide":
                self.decide.open(self.rest.get("d", ""))
            elif name == "watch" and not self.film and not self.filming:
                self.watch({})
            elif name == "learn":
                self._open(self.learn.open, tail)
            elif name == "present":
                self._open(self.present.open, tail)
            self.shown = (name, tail)

    def _open(self, opener: Callable[[str], None], tail: str) -> None:
        """Open what the rest of an address names, or an older link's ``lesson``; an unknown one is said to be so."""
        wanted = tail or self.rest.pop("lesson", "")
        try:
            opener(wanted)
        except InputError as error:
            self.problems = [*self.problems, str(error)]

    def view(self, name: str) -> dict[str, Any]:
        """Return what changes on a page."""
        with self.lock:
            view = self.explore() if name == "explore" else self.common() | self.standing()
            if name == "compare":
                view |= self.compare.view()
            elif name == "decide":
                view |= {"decide": self.decide.view(), "more": self.decide.asked.link()}
            elif name == "assumptions":
                view |= {"tornado": tornado(self.job, self.progress, bool(self.state.levers))}
            elif name == "watch":
                view |= {"filming": self.filming}
            elif name == "learn":
                view |= {"learn": self.learn.view(), "tail": self.learn.path(), "notes": []}  # of another world
            elif name == "present":
                view |= {"room": self.present.view(), "tail": self.present.path()}
                view["notes"] = view["notes"] if self.present.mode == "package" else []
            return view | {"link": self.link()}

    # --- watch -----------------------------------------------------------------------------------------

    def watch(self, message: dict[str, Any]) -> None:
        """Film one world as it stands, and its twin with the package."""
        seed = url_state.seed_of(message.get("seed", self.film.get("seed", 7)))
        package = self.state.package() or parse(PRESETS["border"][1], self.scenario).policies
        scenario = self.scenario
        point, first_week = Point(0, seed, scenario.central_parameters()), first_week_of(scenario, {"": package})
        self._films = []  # what is taken back is no failure
        calls = [(films.shoot, scenario, arm, point, first_week) for arm in ((), package)]
        futures = self.pool.aside((self.number, "film"), self.party, calls, FILM_COST * cost(scenario))
        self._films, self.filming = futures, f"{seed}:{' + '.join(policy.label() for policy in package)}"

        def ready(_: Any) -> None:
            with self.lock, speaking(self.language):
                if self._films is not futures or not all(future.done() for future in futures):
                    return
                self.filming = ""
                if any(future.cancelled() or future.exception() is not None for future in futures):
                    self.notice = gettext("The run could not be filmed; try another seed.")
                else:
                    self.film = twins(*(future.result() for future in futures)) | {"seed": seed, "package": package}
            self.publish()

        for future in futures:
            future.add_done_callback(ready)

    def shown_film(self) -> dict[str, Any]:
        """Return the film in the language spoken here: the same object until either is another."""
        key = self.film.get("id"), language()
        if self._told[0] != key:
            words = {"package": " + ".join(map(in_words, self.film.get("package", ())))}
            self._told = key, films.in_language(self.film) | (words if self.film else {})
        return self._told[1]


def twins(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Return both films, every followed lot with what became of the same order in the other world."""
    for film, other in ((a, b), (b, a)):
        book = other["lots"]["orders"]
        for lot in film["lots"]["picked"].values():
            twin = book.get(lot["identity"])
            if twin is None:
                lot["twin"] = Saying(gettext_noop("In the other world this order was never placed."))
            else:
                week, size, bought, status = twin
                lot["twin"] = Saying(TWIN[status], {"week": week, "size": size, "bought": bought})
    return {"id": next(_numbers), "worlds": [{**film, "lots": film["lots"]["picked"]} for film in (a, b)]}
