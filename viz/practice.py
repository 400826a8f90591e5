"""Packages that a learner or a class wants to see, run in pairs like a lesson's own, from the lessons' seed on."""

from __future__ import annotations

from collections.abc import Mapping

from supplysim.viz.backend import Busy
from supplysim.viz.jobs import Job, World
from supplysim.viz.session import Session

from supplysim.experiment.comparison import Comparison
from supplysim.language import gettext, speaking
from supplysim.lessons.extras import with_extras
from supplysim.lessons.runs import SEED, Runs
from supplysim.policies.text import parse
from supplysim.setup.scenario import Scenario


class Practice:
    """Some packages in one world, against that world as it stands.

    Parameters
    ----------
    session : Session
        Whose pool is asked, and who is told when there is more.
    what : str
        What it is for; a later one of the same session for the same takes its place.
    scenario, parameters
        The world.
    packages : mapping of str to str
        Name -> package as the command line writes it.
    target : int
        Pairs wanted.
    """

    def __init__(
        self, session: Session, what: str, scenario: Scenario, parameters: str, packages: Mapping[str, str], target: int
    ) -> None:
        self.session, self.owner, self.target = session, (session.number, what), target
        self.packages = dict(packages)
        self.pairs, self.trouble = 0, ""
        self._made: Comparison | None = None
        arms = tuple(parse(text, scenario).policies for text in self.packages.values())
        self.job = Job(self.owner, World(scenario, SEED, parameters), arms, self._deliver, target, session.party)
        try:
            session.pool.ask(self.job)
        except Busy as error:
            self.trouble = gettext("{error}; try again in a minute", error=error)

    def withdraw(self) -> None:
        """Stop waiting."""
        self.session.pool.withdraw(self.owner)

    def _deliver(self, job: Job, pairs: int) -> None:
        with self.session.lock:
            if job.failed:
                with speaking(self.session.language):
                    self.trouble = gettext("The runs stopped: {why}.", why=job.failed)
            self.pairs = max(self.pairs, pairs)
        self.session.publish()

    def comparison(self) -> Comparison:
        """Return the pairs that are there, as the command line's comparison."""
        if self._made is None or self._made.pairs != self.pairs:
            self._made = with_extras(self.job.study([*self.packages], self.pairs))
        return self._made

    def runs(self, arms: Mapping[str, str]) -> Runs:
        """Return the pairs as a lesson reads them; `arms` names packages."""
        return Runs({"": self.comparison()}, arms)
