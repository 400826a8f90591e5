"""What the quick estimate says of a question of the Decide page: searched once for all visitors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from supplysim.viz.asked import BUDGETS, Asked

from supplysim.decision import at_once
from supplysim.decision.portfolio import Portfolio, Searched
from supplysim.decision.spending import spending
from supplysim.emulator.predict import Emulator, emulator
from supplysim.experiment.effects import Summary
from supplysim.report.decision.words import HEADINGS

SHOWN = 3  # portfolios: the best and those that come next
Case = tuple[tuple[str, str], ...]
_ahead, _rest = ThreadPoolExecutor(1, "supplysim-budgets"), ThreadPoolExecutor(1, "supplysim-decide")


@dataclass(frozen=True, eq=False)
class Estimated:
    """The answer to a question in one world; nothing runs.

    Attributes
    ----------
    world : str
        Baseline whose quick estimate is searched.
    case : tuple of (str, str)
        States that have one value for certain.
    asked : Asked
    """

    world: str
    case: Case
    asked: Asked

    @cached_property
    def known(self) -> Emulator:
        """The quick estimate."""
        known = emulator(self.world, self.case)
        assert known is not None
        return known

    @cached_property
    def searched(self) -> Searched:
        """The search."""
        return Searched(self.asked.problem(), self.known, spending(self.world))

    @cached_property
    def found(self) -> tuple[Portfolio, ...]:
        """The best portfolio and those that come next."""
        return tuple(self.searched.best(self.asked.dollars, SHOWN))

    @property
    def best(self) -> Portfolio:
        """The best portfolio; it may be to do nothing."""
        return self.found[0]

    @cached_property
    def summaries(self) -> tuple[Summary, ...]:
        """What the portfolios probably do, as Explore has it."""
        return tuple(self.known.predict(dict(each.package)) for each in self.found)

    @cached_property
    def winners(self) -> dict[str, Portfolio]:
        """Objective -> its best portfolio for the same money."""
        return {name: self.best if name == self.asked.objective else self.of(objective=name).best for name in HEADINGS}

    @cached_property
    def breaks(self) -> list[at_once.Break]:
        """How little each lever of the best may do, the closest to a flip first."""
        return at_once.breaks(self.searched, self.best, self.asked.dollars, self.asked.objective)

    @cached_property
    def unknowns(self) -> tuple[str, list[at_once.Unknown]]:
        """What the levers of the best hang on, and how that is known."""
        return at_once.unknowns(self.breaks)

    @cached_property
    def by_state(self) -> list[at_once.Stand]:
        """What the portfolios change in each value of each state."""
        return at_once.by_state(self.found, self.world, dict(self.case), self.asked.objective)

    @property
    def tie(self) -> str:
        """How the best stands to the next best."""
        return at_once.tie(self.found, self.known, self.asked.objective)

    def of(self, budget: int | None = None, objective: str = "") -> Estimated:
        """Return the answer for another budget or objective."""
        other = replace(self.asked, budget=budget or self.asked.budget, objective=objective or self.asked.objective)
        return estimated(self.world, self.case, other)

    @property
    def whole(self) -> bool:
        """Whether what takes longest has been worked out: other objectives and states."""
        return {"winners", "by_state"} <= self.__dict__.keys()

    def ladder(self) -> dict[int, Portfolio]:
        """Return the best portfolio of every budget of the slider that has been searched so far."""
        every = {budget: self.of(budget) for budget in BUDGETS}
        return {budget: one.best for budget, one in every.items() if "found" in one.__dict__}


@lru_cache(maxsize=512)
def estimated(world: str, case: Case, asked: Asked) -> Estimated:
    """Return the answer to a question, the same one for all visitors."""
    return Estimated(world, case, asked)


def ahead(answer: Estimated, wanted: Callable[[], bool], ready: Callable[[], None]) -> None:
    """Search the other budgets of the slider in a thread, the nearest first, while they are wanted; then tell."""

    def search() -> None:
        place = BUDGETS.index(answer.asked.budget)
        for budget in sorted(BUDGETS, key=lambda each: abs(BUDGETS.index(each) - place)):
            if not wanted():
                return
            answer.of(budget).found  # noqa: B018
        ready()

    if len(answer.ladder()) < len(BUDGETS):
        _ahead.submit(search)


def rest(answer: Estimated, wanted: Callable[[], bool], ready: Callable[[], None]) -> None:
    """Work out in a thread what takes longest, if it is still wanted; then tell."""

    def work() -> None:
        if wanted():
            answer.winners, answer.by_state  # noqa: B018
            ready()

    _rest.submit(work)


def case_of(certain: Mapping[str, str]) -> Case:
    """Return states that are certain as a key."""
    return tuple(sorted(certain.items()))
