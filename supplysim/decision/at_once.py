"""What the quick estimate alone says of a choice: whether it is a tie, what would flip it, and what to find out first.

Nothing runs. A lever brings something about in a portfolio; if it did only a part of that, there is a part below which
the best portfolio without it is better. Which assumption may make a lever do so little is read from exact runs of
every lever alone (`report.hangs_on`). In states of the world the estimate is rough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from supplysim.decision import words
from supplysim.decision.aims import AIMS
from supplysim.decision.emulated import typed
from supplysim.decision.portfolio import Portfolio, Searched
from supplysim.decision.sources import Sources, sources_of
from supplysim.emulator.predict import Emulator, emulator
from supplysim.experiment.effects import WINDOW
from supplysim.language import gettext, numerals
from supplysim.policies.registry import levers
from supplysim.report.formatting import percent, share
from supplysim.report.hangs_on import kept
from supplysim.report.standing import listed

DROPPED = 0.995  # a lever whose whole effect is needed for the choice to stand is one of two equals
SWING = 0.01  # of the baseline: less is not told
SAME = "smuggled"  # has no test of its own: it was judged by chips


@dataclass(frozen=True)
class Break:
    """How little a lever of a portfolio may do before another portfolio is better.

    Attributes
    ----------
    lever : str
    brings : float
        What the portfolio's change loses without it, over the mean of the baseline, 0 or more.
    share : float
        Part of that, from 0 to 1, below which `instead` leaves less.
    instead : Portfolio
        The best without the lever.
    """

    lever: str
    brings: float
    share: float
    instead: Portfolio

    def sentence(self, best: Portfolio) -> str:
        """Return it in words."""
        own = {lever for lever, _ in best.package}
        new = [called(lever) for lever, _ in self.instead.package if lever not in own]
        more = [
            called(lever) for lever, strength in self.instead.package if strength > dict(best.package).get(lever, 1)
        ]
        other = gettext("the portfolio without it")
        if new or more:
            other = listed(new) if new else gettext("more of {levers}", levers=listed(more))
        lever = called(self.lever)
        if self.share >= DROPPED:
            return gettext("{lever} or {other}: the estimate sees no difference.", lever=lever, other=other)
        if self.share <= 0.0:
            return gettext("{lever} stays as long as it does anything: nothing else would make up for it.", lever=lever)
        return gettext(
            "If {lever} did less than {share} of what is expected, {other} would be better.",
            lever=lever,
            share=share(self.share),
            other=other,
        )


@dataclass(frozen=True)
class Unknown:
    """An assumption that a lever of a portfolio hangs on.

    Attributes
    ----------
    lever, parameter : str
    low, high : float
        5 and 95 % point of its draws.
    at_low, at_high : float
        Change of chips delivered there, with the lever alone at full strength.
    flips : bool
        Whether at one of these ends the lever does so little that another portfolio is better.
    clear : bool
        Whether more than chance among all assumptions shows there.
    """

    lever: str
    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    flips: bool
    clear: bool

    @property
    def swing(self) -> float:
        """How far apart the two ends are."""
        return abs(self.at_high - self.at_low)

    @property
    def sources(self) -> Sources:
        """Who would tell."""
        return sources_of(self.parameter)

    def sentence(self) -> str:
        """Return it in words."""
        moves = gettext(
            "{factor}, {amount}: moves {lever} from {low} to {high} of chips by itself.",
            factor=words.factor(self.parameter),
            amount=words.amount(self.parameter, self.low, self.high),
            lever=called(self.lever),
            low=percent(self.at_low),
            high=percent(self.at_high),
        )
        turned = gettext("One end flips the choice, all else as expected.") if self.flips else ""
        return " ".join(filter(None, (moves, turned, self.sources.sentence())))


@dataclass(frozen=True)
class Stand:
    """What portfolios change where a state has a value.

    Attributes
    ----------
    state, value : str
    probability : float
    changes : tuple of float
        Of the objective, relative to the mean of the baseline there, in the order of the portfolios.
    """

    state: str
    value: str
    probability: float
    changes: tuple[float, ...]

    @property
    def best(self) -> int:
        """Place of the portfolio that leaves least."""
        return min(range(len(self.changes)), key=self.changes.__getitem__)

    @property
    def regret(self) -> float:
        """How much more the first portfolio leaves than the best of them."""
        return self.changes[0] - self.changes[self.best]


def called(lever: str) -> str:
    """Return a lever by its name on the screen."""
    return gettext(levers()[lever].called())


def error(known: Emulator, objective: str) -> float:
    """Return the estimate's middle error on an objective, over the mean of the baseline; 0 if it was not tested."""
    measure = AIMS["chips" if objective == SAME else objective].measures[0]
    return float(known.report.get(measure, {}).get("median_error", 0.0))


def tie(portfolios: Sequence[Portfolio], known: Emulator, objective: str) -> str:
    """Return how the best stands to the next best, in words; nothing without one that does something."""
    if len(portfolios) < 2 or not portfolios[1].package:
        return ""
    behind, wrong = portfolios[1].changes[objective] - portfolios[0].changes[objective], error(known, objective)
    own = gettext("a tie by the quick estimate") if behind < wrong else gettext("more than the estimate's own error")
    return gettext(
        "The next best is {points} points of the baseline behind; in the middle case the estimate is off by {error}: "
        "{verdict}.",
        points=numerals(f"{100 * behind:.1f}"),
        error=numerals(f"{100 * wrong:.1f}"),
        verdict=own,
    )


def breaks(found: Searched, best: Portfolio, budget: float, objective: str) -> list[Break]:
    """Return for every lever of a portfolio how little it may do, the closest to a flip first.

    Parameters
    ----------
    found : Searched
    best : Portfolio
        What the search found for the budget, US$ a year.
    budget : float
    objective : str
    """
    made, own = [], best.changes[objective]
    for lever, _ in best.package:
        fewer = found.made_of({name: strength for name, strength in best.package if name != lever})
        instead = found.without(best, lever, budget, objective)
        brings = fewer.changes[objective] - own
        if brings > 0.0:
            part = (fewer.changes[objective] - instead.changes[objective]) / brings
            made.append(Break(lever, brings, min(max(part, 0.0), 1.0), instead))
    return sorted(made, key=lambda one: (-one.share, one.lever))


def unknowns(flips: Sequence[Break]) -> tuple[str, list[Unknown]]:
    """Return how it is known, and what the levers of a portfolio hang on, what flips the choice first."""
    made, lines = kept()
    needed = {typed(one.lever): one for one in flips}
    found = []
    for line in lines:
        if line.policy not in needed:
            continue
        own, middle = needed[line.policy], (line.at_low + line.at_high) / 2.0
        least = max(line.at_low, line.at_high)  # least fall
        turned = line.stands_out and middle < 0.0 and least / middle < own.share < DROPPED
        ends = (line.low, line.high, line.at_low, line.at_high)
        found.append(Unknown(own.lever, line.parameter, *ends, turned, line.stands_out))
    told = sorted(found, key=lambda one: (not one.flips, not one.clear, -one.swing))
    first = {one.parameter: one for one in reversed(told) if one.swing >= SWING}  # of several levers, the foremost
    return made, [one for one in told if one is first.get(one.parameter)]


def by_state(portfolios: Sequence[Portfolio], scenario: str, case: Mapping[str, str], objective: str) -> list[Stand]:
    """Return what portfolios change in every value of every state that is not held for certain."""
    known = emulator(scenario)
    (measure,) = AIMS[objective].measures
    stands = []
    for state in () if known is None else known.states:
        for value in state.values if state.name not in case else ():
            here = emulator(scenario, tuple(sorted({**case, state.name: value.name}.items())))
            assert here is not None
            answers = [here.predict(dict(each.package)).effect(measure, WINDOW) for each in portfolios]
            changes = tuple(one.mean / one.level if one.level else 0.0 for one in answers)
            stands.append(Stand(state.name, value.name, value.probability, changes))
    return stands
