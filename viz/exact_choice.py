"""Exact runs of a question of the Decide page: candidates in a few worlds, then the best in fresh ones, then findings.

The steps, worlds and numbers of pairs are those of `supplysim decide`, and so are the results.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from supplysim.viz.asked import Asked
from supplysim.viz.backend import Busy
from supplysim.viz.jobs import Job, World
from supplysim.viz.session import Session

from supplysim.decision.decide import REFINED, REPORTED, Decision, search
from supplysim.decision.portfolio import Portfolio, distinct
from supplysim.decision.question import PAIRS, question
from supplysim.errors import InputError
from supplysim.experiment.uncertainty import replicate_seed
from supplysim.language import gettext, gettext_noop, language, speaking
from supplysim.policies.text import Package, parse

FINDINGS_COST = 12.0  # of the findings, in runs of the baseline
STEPS = tuple(range(1, PAIRS))  # every pair is told of: the bar moves
CHOOSING, REPORTING, FINDING, DONE = "choosing", "reporting", "finding", "done"


class ExactChoice:
    """Runs that a visitor asked for.

    Parameters
    ----------
    session : Session
        Who is told of news.
    tell : callable
        Makes what is said of a decision and a budget in a language: called in a worker, so importable by name.
    """

    def __init__(self, session: Session, tell: Callable[[Decision, float, str], dict[str, Any]]) -> None:
        self.session, self.tell = session, tell
        self.owner = (session.number, "decide")
        self.forget()

    def forget(self) -> None:
        """Stop and forget everything."""
        self.session.pool.withdraw(self.owner)
        self.stage, self.done, self.note = "", 0, ""
        self.job: Job | None = None
        self.finding: Future[dict[str, Any]] | None = None
        self.decision: Decision | None = None
        self._told: dict[str, dict[str, Any]] = {}
        self.names: list[str] = []

    def begin(self, asked: Asked, dollars: float) -> None:
        """Ask for the runs of a question."""
        self.forget()
        self.dollars, self.language = dollars, language()
        asked_of = question(self.session.base, asked.problem(), states=dict(self.session.state.chance.certain) or None)
        self.decision = search(asked_of)
        every = distinct(self.decision.portfolios[dollars])
        if not every:
            self.note = gettext("No lever is worth its money here, so there is nothing to run.")
            return
        self._ask(CHOOSING, every, (), replicate_seed(asked_of.seed), REFINED)

    def _ask(self, stage: str, portfolios: list[Portfolio], more: tuple[Package, ...], seed: int, pairs: int) -> None:
        assert self.decision is not None
        scenario = self.decision.question.default
        packages = {each.name: parse(each.name, scenario).policies for each in portfolios}
        packages |= {each.name: each.policies for each in more}
        self.names, self.stage, self.done = [*packages], stage, 0
        world = World(scenario, seed)
        self.job = Job(self.owner, world, tuple(packages.values()), self._hear, pairs, self.session.party, steps=STEPS)
        try:
            self.session.pool.ask(self.job)
        except (Busy, InputError) as error:
            self.stage, self.job, self.note = "", None, str(error)

    def _hear(self, job: Job, pairs: int) -> None:
        """Take runs from the pool's thread."""
        with self.session.lock:
            if job is not self.job:
                return
            if job.failed:
                self.stage, self.note = "", self._said(gettext_noop("The exact runs stopped: {why}."), why=job.failed)
            else:
                self.done = pairs
                if pairs == job.target:
                    self._next(job)
        self.session.publish()

    def _next(self, job: Job) -> None:
        """Go on to fresh worlds, or to what is found in them."""
        assert self.decision is not None
        study = job.study(self.names, job.target)
        if self.stage == CHOOSING:
            self.decision = self.decision.ordered(study)
            best = self.decision.portfolios[self.dollars][:REPORTED]
            best += [*self.decision.others[self.dollars].values()]
            asked = self.decision.question
            self._ask(REPORTING, distinct(best), asked.proposals, asked.seed, asked.pairs)
            return
        self.decision, self.stage = self.decision.with_runs(study), FINDING
        self._find()

    def _find(self) -> None:
        """Ask what follows from the runs, in the language of who looks."""
        call = (self.tell, self.decision, self.dollars, self.language)
        try:
            [future] = self.session.pool.aside(self.owner, self.session.party, [call], FINDINGS_COST)
        except Busy as error:
            self.stage, self.note = "", str(error)
            return
        self.finding = future
        future.add_done_callback(self._found)

    def _found(self, future: Future[dict[str, Any]]) -> None:
        with self.session.lock:
            if future is not self.finding:
                return
            self.stage = DONE
            if future.cancelled() or future.exception() is not None:
                self.stage = ""
                self.note = self._said(gettext_noop("What follows from the runs could not be worked out."))
            else:
                self._told = {self.language: future.result()}
        self.session.publish()

    def _said(self, message: str, **values: object) -> str:
        """Return a message for who looks, from a thread that speaks no language of theirs."""
        with speaking(self.language):
            return gettext(message, **values)

    @property
    def told(self) -> dict[str, Any]:
        """What is said of the runs, in the language spoken here; nothing before, and while it changes."""
        if self._told and language() not in self._told:
            self._told, self.language, self.stage = {}, language(), FINDING
            self._find()
        return self._told.get(language(), {})

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self.stage in (CHOOSING, REPORTING, FINDING)

    def status(self) -> dict[str, Any]:
        """Return how far it is."""
        words = {
            CHOOSING: gettext("Choosing among the candidates in {n} worlds", n=REFINED),
            REPORTING: gettext("Running the best in {n} fresh worlds", n=PAIRS),
            FINDING: gettext("Working out what would flip it and what to find out first"),
        }
        target = self.job.target if self.job is not None else 0
        return {
            "state": "running" if self.running else "done" if self.stage == DONE else "idle",
            "words": words.get(self.stage, ""),
            "done": self.done,
            "target": target,
            "note": self.note,
        }
