"""The Compare page: two to five packages, run together, and what can be taken home."""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import Future
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

from supplysim.viz import url_state
from supplysim.viz.backend import Busy
from supplysim.viz.bills import bills
from supplysim.viz.cost import FILE_COST, cost
from supplysim.viz.figures import compare as figures
from supplysim.viz.jobs import Job, World
from supplysim.viz.levers import PRESETS
from supplysim.viz.refused import Refused
from supplysim.viz.session import Session

from supplysim.api import Study
from supplysim.errors import InputError, one_line
from supplysim.experiment.effects import Summary
from supplysim.language import ENGLISH, gettext, gettext_noop, speaking
from supplysim.outputs.measures import on_screen
from supplysim.policies import Policy, parse

Package = tuple[Policy, ...]
UNNAMED, FROM_EXPLORE = gettext_noop("Package"), gettext_noop("From Explore")
MOST, FEWEST = 5, 1
START = ("six", "investigate", "border")
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "toml": "application/zip",
    "html": "text/html",
}


class ComparePage:
    """Packages side by side.

    Parameters
    ----------
    session : Session
        Whose scenario and seed are used, and who is told of news.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.names: list[str] = []
        self.packages: list[Package] = []
        self.summaries: list[Summary | None] = []
        self.measure = "delivered"
        self.job: Job | None = None
        self.progress = 0
        self.asked = False
        self.note = ""
        self.file: Future[bytes] | None = None

    # --- what is compared ------------------------------------------------------------------------------

    def open(self, text: str) -> None:
        """Take the packages of a link, or the usual ones."""
        if self.asked:
            return
        self.asked = True
        for piece in text.split("|")[:MOST]:
            name, _, levers = piece.partition("~")
            if not levers:
                continue
            found, wrong = url_state.read_terms(unquote(levers), self.session.scenario)
            self.session.problems += wrong
            if found:
                self._put(unquote(name)[:40], tuple(found))
        if not self.names:
            for key in START:
                title, levers = PRESETS[key]
                self._put(title, parse(levers, self.session.scenario).policies)
        self.run()

    def _put(self, name: str, package: Package) -> None:
        base = re.sub(r"[^\w .,:&()+-]", " ", one_line(name)).strip()[:40] or UNNAMED
        name, number = base, 2
        while name in self.names or name == "baseline":
            name, number = f"{base} {number}", number + 1
        self.names.append(name)
        self.packages.append(package)
        self.summaries.append(None)

    def _named(self, key: str) -> tuple[str, Package]:
        """Return what is set on Explore, a bill, or one of the ready packages, and what it is called."""
        scenario = self.session.scenario
        if key == "explore":
            return FROM_EXPLORE, self.session.state.package()
        if key in bills():
            return bills()[key].title, tuple(url_state.checked(p, scenario, "bill") for p in bills()[key].policies)
        title, levers = PRESETS[key]
        return title, parse(levers, scenario).policies

    def act(self, message: dict[str, Any]) -> None:
        """Do what the browser asks of this page."""
        what = message.get("what")
        if what == "add":
            if len(self.names) >= MOST:
                raise Refused(
                    gettext("package"),
                    None,
                    gettext("{n} are the most that can be compared", n=MOST),
                    gettext("take one away first"),
                )
            name, package = self._named(str(message.get("preset")))
            if not package:
                raise Refused(
                    gettext("package"), None, gettext("it has no levers"), gettext("move a lever on Explore first")
                )
            self._put(name, package)
            self.run()
        elif what == "remove" and len(self.names) > FEWEST:
            place = int(message["place"])
            if 0 <= place < len(self.names):
                for column in (self.names, self.packages, self.summaries):
                    del column[place]  # type: ignore[attr-defined]
                self.run()
        elif what == "measure" and message.get("name") in on_screen():
            self.measure = message["name"]
        elif what == "edit":
            place = int(message["place"])
            if 0 <= place < len(self.packages):
                self.session.change(self.session.state.holding(self.packages[place]))
        elif what == "download" and message.get("kind") in KINDS:
            self.download(message["kind"])

    def run(self) -> None:
        """Estimate what can be estimated, and ask for exact runs of all."""
        known = self.session.fast()
        for place, package in enumerate(self.packages):
            self.summaries[place] = known.answer(package) if known and known.unknown(package) is None else None
        self.progress = 0
        state = self.session.state
        self.job = Job(
            (self.session.number, "compare"),
            World(self.session.scenario, state.seed, state.source),
            tuple(self.packages),
            self._deliver,
            party=self.session.party,
        )
        try:
            self.session.pool.ask(self.job)
            self.note = ""
        except Busy as error:
            self.job, self.note = None, gettext("{why}; what is shown are estimates", why=error)
        except InputError as error:
            self.job, self.note = None, str(error)

    def _deliver(self, job: Job, pairs: int) -> None:
        with self.session.lock:
            if job is not self.job:
                return
            if job.failed:
                self.note = gettext("The exact runs stopped: {why}.", why=job.failed)
            elif pairs:
                self.summaries = [self.session.at_level(job, pairs, arm) for arm in range(1, job.arms)]
                self.progress = pairs
        self.session.publish()

    def close(self) -> None:
        """Stop waiting."""
        self.file = None
        for what in ("compare", "file"):
            self.session.pool.withdraw((self.session.number, what))

    # --- what is shown ---------------------------------------------------------------------------------

    def link(self) -> str:
        """Return the packages as the value of the link's key ``c``."""
        text = "|".join(
            f"{quote(name)}~{quote('+'.join(map(url_state.term, package)))}"
            for name, package in zip(self.names, self.packages, strict=True)
        )
        return "c=" + quote(text)

    def badge(self) -> dict[str, Any]:
        """Return how sure the numbers are."""
        target = self.job.target if self.job else 64
        if self.progress:
            return {
                "state": "exact",
                "text": gettext("exact {pairs}", pairs=self.progress),
                "n": self.progress,
                "target": target,
            }
        if any(summary is None for summary in self.summaries):
            return {"state": "waiting", "text": gettext("running"), "n": 0, "target": target}
        return {"state": "estimate", "text": gettext("estimate"), "n": 0, "target": target}

    def view(self) -> dict[str, Any]:
        """Return what the page shows."""
        called = [gettext(name) for name in self.names]  # ready packages; what somebody named stays
        shown = [(n, s) for n, s in zip(called, self.summaries, strict=True) if s is not None]
        names, known = [n for n, _ in shown], [s for _, s in shown]
        view: dict[str, Any] = {
            "badge": self.badge(),
            "cards": figures.cards(called, self.packages, self.summaries),
            "measure": self.measure,
            "more": self.link(),
            "calendar": figures.calendar(called, self.packages, self.session.scenario),
            "room": len(self.names) < MOST,
            "note": self.note,
            "busy": self.note,
            "outside": "",
        }
        if known:
            view |= {
                "forest": figures.forest(names, known, self.measure),
                "ledgers": figures.ledgers(names, known),
                "frontier": figures.frontier(names, known),
            }
        return view

    # --- what can be taken home ------------------------------------------------------------------------

    def download(self, kind: str) -> None:
        """Make a file in a worker and hand it to the browser when it is there."""
        if kind == "toml":
            self.session.hand("supplysim-packages.zip", KINDS[kind], self.toml())
            return
        if not self.progress or self.job is None:
            raise Refused(
                gettext("download"), None, gettext("the exact runs are not there yet"), gettext("wait a few seconds")
            )
        study, session = self.job.study(self.names, self.progress), self.session
        self.file = None  # what is taken back is no failure
        owner, price = (session.number, "file"), FILE_COST * cost(session.scenario)
        [future] = session.pool.aside(owner, session.party, [(make_file, kind, study)], price)
        self.file = future

        def ready(done: Any) -> None:
            with self.session.lock, speaking(self.session.language):
                if self.file is not done:
                    return  # another was asked for since
                if done.cancelled() or done.exception() is not None:
                    self.session.notice = gettext("The file could not be made.")
                else:
                    self.session.hand(f"supplysim-comparison.{kind}", KINDS[kind], done.result())
            self.session.publish()

        future.add_done_callback(ready)

    def toml(self) -> bytes:
        """Return every package as a scenario file, zipped."""
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, package in zip(self.names, self.packages, strict=True):
                file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "package"
                archive.writestr(
                    f"{file}.toml", self.session.scenario.with_(policies=list(package), name=file, title=name).to_toml()
                )
        return box.getvalue()


def make_file(kind: str, study: Study) -> bytes:
    """Return a comparison as a file of a kind, in English; runs in a worker."""
    with speaking(ENGLISH), TemporaryDirectory() as folder:
        if kind == "csv":
            return study.table().to_csv(index=False).encode()
        files = {path.name: path for path in study.save(folder)}
        return files[{"html": "report.html", "xlsx": "tables.xlsx"}[kind]].read_bytes()
