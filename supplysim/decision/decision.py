"""The answer: for every budget the portfolios, what exact runs say of them, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from supplysim.decision.aims import AIMS, reported
from supplysim.decision.apart import Apart
from supplysim.decision.choices import Choices, choices_of
from supplysim.decision.findings import Findings, find
from supplysim.decision.portfolio import Portfolio
from supplysim.decision.problem import BURDEN, MILLION
from supplysim.decision.question import Question
from supplysim.errors import InputError
from supplysim.experiment.objectives import PAYERS
from supplysim.experiment.statistics import Interval, mean_interval, quantiles
from supplysim.experiment.ties import BETTER, TIE, WORSE, matches
from supplysim.language import gettext, numerals
from supplysim.run import BASELINE

if TYPE_CHECKING:
    from supplysim.api import Study

OVER = 1.05  # of a budget: what costs more in the worlds of the report is said to do so


@dataclass(frozen=True)
class Told:
    """What exact runs say of an option.

    Attributes
    ----------
    changes : dict of str to PairedEffect
        By objective, over the window.
    cost, burden : Interval
        US$ a year of the payer and of honest trade: mean over worlds and its 90 % interval.
    cost_worlds : tuple of float
        5 and 95 % of worlds.
    """

    changes: dict[str, Any]
    cost: Interval
    cost_worlds: tuple[float, float]
    burden: Interval


@dataclass(frozen=True)
class Against:
    """One option against another in the same worlds.

    Attributes
    ----------
    difference : Interval
        Of what is left of the objective, relative to the mean of the baseline: below 0 the first is better.
    better : float
        Share of worlds in which the first leaves less by more than a trifle.
    verdict : str
        ``"better"``, ``"worse"`` or ``"tie"``, see `experiment.ties`; better only where the interval excludes 0 too.
    """

    difference: Interval
    better: float
    verdict: str


@dataclass(frozen=True, eq=False)
class Decision:
    """What to fund.

    Attributes
    ----------
    question : Question
    portfolios : dict of float to list of Portfolio
        Budget, US$ a year -> candidates, the best first.
    others : dict of float to dict of str to Portfolio
        Budget -> objective -> the best for another objective.
    frontier : list of Portfolio
        None of which is beaten in effect, cost and burden, by the quick estimate.
    accuracy : dict
        Measure -> how well the quick estimate did on packages that it had not seen.
    later : dict of str to dict of int to float
        Portfolio -> years after the policies' start -> change of the objective over the same years if it begins so much
        later, by the quick estimate.
    waiting : dict of str to dict of str to float
        Portfolio -> its lever -> the same change if that lever alone begins a year later.
    study : Study or None
        Exact runs; None for a quick answer.
    beside : Decision or None
        With beliefs: the same question under the shipped assumptions, where that was asked.
    apart : Apart or None
        What each assumption of one's own does alone, where that was asked.
    """

    question: Question
    portfolios: dict[float, list[Portfolio]]
    others: dict[float, dict[str, Portfolio]]
    frontier: Sequence[Portfolio]
    accuracy: Mapping[str, Any]
    later: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    waiting: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    study: Study | None = None
    beside: Decision | None = None
    apart: Apart | None = None

    def __repr__(self) -> str:
        """Return the portfolios, a line each budget."""
        lines = [f"{amount(budget)}: {self.best(budget).name or 'nothing'}" for budget in self.portfolios]
        return f"<Decision ({'quick' if self.study is None else 'exact'}) {'; '.join(lines)}>"

    @property
    def budgets(self) -> tuple[float, ...]:
        """US$ a year, ascending."""
        return self.question.problem.budgets

    @property
    def measure(self) -> str:
        """Measure of the objective; of chips where the least burden is sought."""
        return AIMS[self.question.problem.aim].measures[0]

    def best(self, budget: float) -> Portfolio:
        """Return the best portfolio of a budget."""
        return self.portfolios[budget][0]

    def runner_up(self, budget: float) -> Portfolio | None:
        """Return the second, which has other levers; None if there is none."""
        listed = self.portfolios[budget]
        return listed[1] if len(listed) > 1 and listed[1].package else None

    # --- exact runs --------------------------------------------------------------------------------------------

    def ordered(self, refined: Study) -> Self:
        """Return it with the candidates of every budget in the order that exact runs give them."""
        level = refined.values(BASELINE, self.measure, refined.window).mean()

        def left(each: Portfolio) -> float:
            if not each.package:
                return float(level)
            return float(refined.values(each.name, self.measure, refined.window).mean())

        if self.question.problem.objective == BURDEN:
            return self
        return replace(self, portfolios={b: sorted(listed, key=left) for b, listed in self.portfolios.items()})

    def with_runs(self, study: Study) -> Self:
        """Return it with the exact runs of fresh worlds."""
        return replace(self, study=study)

    @property
    def exact(self) -> Study:
        """The exact runs.

        Raises
        ------
        LookupError
            If nothing has run: the answer is quick.
        """
        if self.study is None:
            raise LookupError("this decision was only searched; decide without quick runs it")
        return self.study

    def told(self, name: str) -> Told:
        """Return what exact runs say of an option, by its name in the study."""
        study = self.exact
        paid = self.cost(name)
        low, high = quantiles(paid, (0.05, 0.95))[0]
        return Told(
            changes={aim: study.effect(name, measure) for aim, measure in self.measures.items()},
            cost=mean_interval(paid),
            cost_worlds=(float(low), float(high)),
            burden=mean_interval(study.cost_a_year(name, AIMS[BURDEN].measures)),
        )

    def cost(self, name: str) -> np.ndarray:
        """Return US$ a year that an option costs the payer in every world, receipts taken off where that was asked."""
        asked, study = self.question.problem, self.exact
        payers = PAYERS if asked.payer == "all" else {asked.payer: PAYERS[asked.payer]}
        paid = study.cost_a_year(name, [measure for measures in payers.values() for measure in measures])
        if asked.net and "us" in payers:
            paid = paid - study.cost_a_year(name, ("us_receipts",))
        return paid

    def against(self, one: str, other: str, measure: str | None = None) -> Against:
        """Return how an option stands to another, ``"baseline"`` among them."""
        study, measure = self.exact, measure or self.measure
        base, first, second = (study.values(name, measure, study.window) for name in (BASELINE, one, other))
        difference = mean_interval((first - second) / base.mean())
        pair = matches({"one": first, "other": second}, base)
        share = float(pair.better[pair.names.index("one"), pair.names.index("other")])
        verdict = pair.verdict("one", "other")
        if (verdict == BETTER and difference.high >= 0.0) or (verdict == WORSE and difference.low <= 0.0):
            verdict = TIE
        return Against(difference, share, verdict)

    @cached_property
    def options(self) -> tuple[str, ...]:
        """Names of everything that was run."""
        return tuple(self.exact.arms)

    def affordable(self, budget: float) -> list[str]:
        """Return the options whose mean cost a budget pays, the largest mean fall of the objective first."""
        found = [name for name in self.options if self.cost(name).mean() <= OVER * budget]
        return sorted(found, key=lambda name: float(self.exact.effect(name, self.measure).mean))

    def dominated(self) -> dict[str, str]:
        """Return the proposals that something cheaper beats, each with the cheapest option that does.

        A proposal is dominated where the other costs no more on the mean, its mean effect is larger, and it is not
        merely by the error of simulation.
        """
        found = {}
        for each in self.question.proposals:
            cost = self.cost(each.name).mean()
            better = [
                name
                for name in self.options
                if name != each.name
                and self.cost(name).mean() <= cost
                and self.against(name, each.name).difference.high < 0.0
            ]
            if better:
                found[each.name] = min(better, key=lambda name: (float(self.cost(name).mean()), name))
        return found

    def called(self, budget: float) -> dict[str, str]:
        """Return what a budget pays of what was run -> what to call it there: the best, the next best and so on."""
        paid = self.affordable(budget)
        return {name: label for name, label in self.roles(budget).items() if name in paid}

    def roles(self, budget: float) -> dict[str, str]:
        """Return the options of a budget, whether it pays them or not -> what to call them there."""
        second = self.runner_up(budget)
        names = {self.best(budget).name: gettext("the best portfolio")}
        if second is not None:
            names.setdefault(second.name, gettext("the next best"))
        for aim, each in self.others[budget].items():
            names.setdefault(each.name, gettext("the best for {aim}", aim=gettext(AIMS[aim].words)))
        for proposal in self.question.proposals:
            names.setdefault(proposal.name, proposal.name)
        return names

    @cached_property
    def choices(self) -> Choices:
        """The table of options and worlds that findings read."""
        return choices_of(self.exact)

    def findings(self, budget: float, worth: float | None = None) -> Findings:
        """Return how robust the choice of a budget is, what flips it, when it loses and what to find out first.

        Parameters
        ----------
        budget : float
            US$ a year, one of `budgets`.
        worth : float, optional
            US$ of a unit of the objective, at which information is told in money as well; the problem's if left out.

        Raises
        ------
        LookupError
            If nothing has run.
        InputError
            If there is no such budget, or nothing to choose from that it pays.
        """
        if budget not in self.budgets:
            raise InputError("budget", budget, "it was not asked for", f"choose one of {[*self.budgets]}")
        worth = self.question.problem.worth if worth is None else worth
        key = budget, worth
        if key not in self._findings:
            options = self.choices.among(self.called(budget))
            asked = self.question.problem
            self._findings[key] = find(options, asked.aim, worth, target=asked.target)
        return self._findings[key]

    @cached_property
    def _findings(self) -> dict[tuple[float, float | None], Findings]:
        return {}

    def winners(self, budget: float) -> dict[str, str]:
        """Return objective -> the affordable option with the largest mean fall of it."""
        study, found = self.exact, {}
        for aim, measure in self.measures.items():
            means = [(float(study.effect(name, measure).mean), name) for name in self.affordable(budget)]
            if means:
                found[aim] = min(means)[1]
        return found

    @property
    def measures(self) -> dict[str, str]:
        """Objective -> its measure, of those that are one and that the runs report."""
        found = reported(self.exact.measures)
        return {name: aim.measures[0] for name, aim in found.items() if name != BURDEN}


def amount(money: float) -> str:
    """Return a budget: ``$30M``."""
    return gettext("${n}M", n=numerals(f"{money / MILLION:g}"))
