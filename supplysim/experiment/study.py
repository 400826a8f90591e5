"""A comparison with its tables and what one needs to trust it: precision reached, split of variance, ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import permutations
from typing import TYPE_CHECKING, Self

import numpy as np

from supplysim import arguments
from supplysim.experiment import tables
from supplysim.experiment.assumptions import Turn, turns
from supplysim.experiment.by_state import StateEffect, effects_by_state, table_by_state
from supplysim.experiment.comparison import Comparison, Yearly
from supplysim.experiment.given import Conditions
from supplysim.experiment.objectives import aims_of
from supplysim.experiment.stakeholders import burden, scorecard
from supplysim.experiment.ties import Matches, matches
from supplysim.experiment.uncertainty import AS_IT_STANDS, MEASURE, Rank, VarianceSplit, choices, rank, split, widest
from supplysim.outputs.measures import over_years
from supplysim.run import BASELINE, Run
from supplysim.setup.states import State, states_of, weighed

if TYPE_CHECKING:
    import pandas as pd

ALL_RULES = "all"
LEADING = 3  # choices whose order is looked into
PAIRWISE = ["objective", "policy", "other", "better", "worse", "verdict", "worlds"]


@dataclass(frozen=True, eq=False)
class Study(Comparison):
    """A comparison, and the runs that say how far to trust it.

    Attributes
    ----------
    precision : float or None
        Half-width of the relative changes in deliveries that was asked for; None for a fixed number of pairs.
    replicates : list of tuple of Run
        The first pairs' parameters under another seed, see `variance`.
    by_rule : dict of str to Comparison
        The same comparison under each decision rule, this one's own included; empty unless asked for.
    reused : int
        Runs that were in the store already.
    chances : dict of str to dict of str to float
        Probabilities of values of states that count instead of the scenario's, see `reweighted`.
    """

    precision: float | None = None
    replicates: Sequence[tuple[Run, ...]] = ()
    by_rule: Mapping[str, Comparison] = field(default_factory=dict)
    reused: int = 0
    chances: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def states(self) -> tuple[State, ...]:
        """States of the world, with the probabilities by which `by_state` and `state_table` count them."""
        chances = self.chances
        if self.left is not None and not chances:  # among worlds that a condition kept, values are as often as they are
            drawn = [states_of(pair[0].parameters) for pair in self.runs]
            chances = {
                state.name: {
                    name: sum(values[state.name] == name for values in drawn) / len(drawn) for name in state.names
                }
                for state in self.scenario.states
                if not state.held
            }
        return weighed(self.scenario.states, chances, "probabilities")

    def reweighted(self, chances: Mapping[str, Mapping[str, float]]) -> Self:
        """Return the study under other probabilities of its states, ``{"law": {"passed": 0.3}}``; nothing is run.

        `by_state` and `state_table` answer for them; every other number stays over the pairs as they were drawn.
        Values that are not named share the rest as they did.

        Raises
        ------
        InputError
            If there is no such state or value, or the numbers are no probabilities.
        """
        weighed(self.scenario.states, chances, "probabilities")
        return replace(self, chances={**self.chances, **chances})

    def by_state(self, arm: str, measure: str = MEASURE, year: str | None = None) -> list[StateEffect]:
        """Return an arm's effect in each value of each state, and over all by their probabilities; see `StateEffect`.

        Nothing for a scenario without states.
        """
        place = (measure, self.window if year is None else year)
        return self.by_state_of(arm, [place])[0]

    def by_state_of(self, arm: str, places: Sequence[tuple[str, str]]) -> list[list[StateEffect]]:
        """Return `by_state` of many (measure, year) together, which takes a fraction of the time."""
        arm, states = self._of_arm(arm), self.states
        for place in places:
            self.values(arm, *place)  # whether there is such a measure and year
        return effects_by_state(self, states, arm, places) if states else [[] for _ in places]

    def state_table(self) -> pd.DataFrame:
        """Return `by_state` of every policy, measure and year; columns of ``states.csv``."""
        return table_by_state(self, self.states)

    @property
    def reached(self) -> float:
        """Widest half-width of the relative changes in deliveries, under any decision rule."""
        return max(map(widest, [self, *self.by_rule.values()]), key=lambda width: (np.isnan(width), width))

    def variance_split(self, arm: str, measure: str = MEASURE, year: str | None = None) -> VarianceSplit:
        """Return where the variance of an arm's effect comes from; of the level itself for ``"baseline"``."""
        year = self.window if year is None else year
        position = [BASELINE, *self.arms].index(arguments.known(arm, (BASELINE, *self.arms), "arm", "arm"))
        arguments.known(measure, self.runs[0][0].yearly, "measure", "measure")
        names = self._years_of(year)

        def of(pairs: Sequence[tuple[Run, ...]]) -> np.ndarray:
            years = [self.years.index(name) for name in names]
            weeks = [self.periods[name].weeks for name in names]
            sides = [
                over_years(measure, Yearly([pair[place] for pair in pairs]), years, weeks) for place in (0, position)
            ]
            return sides[1] - sides[0] if position else sides[0]

        places = {pair[0].pair: pair for pair in self.runs}
        groups = [(places[again[0].pair], again) for again in self.replicates if again[0].pair in places]
        nothing = np.zeros(0)
        first, second = (of(side) for side in zip(*groups, strict=True)) if groups else (nothing, nothing)
        return split(of(self.runs), first, second)

    def ranking(self, rule: str | None = None, measure: str = MEASURE) -> list[Rank]:
        """Return the choices ranked, over the pairs and over the decision rules that were run, or under one of them."""
        return rank(self._choices(measure, rule))

    def matches(self, measure: str = MEASURE) -> Matches:
        """Return the choices against each other on a measure, over the pairs and the decision rules that were run."""
        levels = self._choices(measure)
        return matches(levels, levels[AS_IT_STANDS])

    def leading(self, measure: str = MEASURE) -> list[str]:
        """Return the first three choices that lower a measure, by their means, the largest fall first; two at least."""
        names = [*self.matches(measure).names]
        lower = names.index(AS_IT_STANDS)
        return [name for name in names if name != AS_IT_STANDS][: max(2, min(LEADING, lower))]

    def turns(self, measure: str = MEASURE) -> list[Turn]:
        """Return where the order of the first three turns; see `assumptions`."""
        return turns(self, self.leading(measure), measure)

    def _choices(self, measure: str, rule: str | None = None) -> dict[str, np.ndarray]:
        """Return a measure over the window under each choice, shape (rules, pairs), in pairs that all rules have."""
        if rule is not None:
            arguments.known(rule, self.by_rule, "rule", "decision rule among those that were run")
        members = [self.by_rule[rule]] if rule is not None else [*self.by_rule.values()] or [self]
        common = set.intersection(*({pair[0].pair for pair in member.runs} for member in members))

        def levels(arm: str) -> np.ndarray:
            rows = []
            for member in members:
                kept = [pair[0].pair in common for pair in member.runs]
                rows.append(member.values(arm, measure, member.window)[kept])
            return np.array(rows)

        return {AS_IT_STANDS: levels(BASELINE)} | {arm: levels(arm) for arm in choices(self.arms)}

    def table(self) -> pd.DataFrame:
        """Return one row a policy, measure and year; years are the calendar years and the window.

        Columns are those of ``comparison.csv``. `effect` is policy minus baseline; see `PairedEffect`, and
        `totals.total` for how years are taken together. `effect_low` and `effect_high` are the ends of the 90 %
        interval of the mean; ``_se`` ends the name of a Monte Carlo error. The rows ``cost_per_chip_prevented`` and
        ``cost_per_h100e_year`` are ratios of means over the window, so their median and mean are that ratio
        and their p05 and p95 the ends of the 90 % interval; all are NaN where the fall is not clear.
        """
        return tables.effects(self)

    def ledger(self) -> pd.DataFrame:
        """Return the displacement ledger of each policy, chips; columns of ``ledger.csv``.

        Means over pairs: the entries, the split of `substituted`, chips disabled, and the noise floor of
        `rerouted_memo`; then ``_low`` and ``_high`` of each, the ends of the 90 % interval of the mean.
        """
        return tables.ledger(self)

    def burden(self) -> pd.DataFrame:
        """Return what each policy changes for honest trade, one row a policy and burden."""
        return burden(self)

    def scorecard(self) -> pd.DataFrame:
        """Return what each policy changes for each stakeholder; columns of ``scorecard.csv``."""
        return scorecard(self)

    def run_table(self) -> pd.DataFrame:
        """Return one row a run and year: pair, policy, seed, parameters, year, and every measure."""
        return tables.runs(self)

    def ranking_table(self) -> pd.DataFrame:
        """Return one row an objective, rule (and all of them together) and choice; columns of ``ranking.csv``."""
        import pandas as pd

        own = self.scenario.rules.decision
        rules = {ALL_RULES: None, **{rule: rule for rule in self.by_rule}} if self.by_rule else {own: None}
        return pd.DataFrame(
            [
                {"rule": name, **asdict(one), "objective": objective}
                for objective, aim in aims_of(self.measures).items()
                for name, rule in rules.items()
                for one in self.ranking(rule, aim.measure)
            ]
        )

    def pairwise_table(self) -> pd.DataFrame:
        """Return in what share of the worlds each choice beats each other one; columns of ``pairwise.csv``."""
        import pandas as pd

        rows = []
        for objective, aim in aims_of(self.measures).items():
            found = self.matches(aim.measure)
            for (i, one), (j, other) in permutations(enumerate(found.names), 2):
                shares = {"better": found.better[i, j], "worse": found.better[j, i]}
                verdict = {"verdict": found.verdict(one, other), "worlds": found.worlds}
                rows.append({"objective": objective, "policy": one, "other": other, **shares, **verdict})
        return pd.DataFrame(rows, columns=PAIRWISE)

    def turns_table(self) -> pd.DataFrame:
        """Return where the order of the first three turns, for each objective; columns of ``turns.csv``."""
        import pandas as pd

        rows = [
            {"objective": objective, **asdict(turn)}
            for objective, aim in aims_of(self.measures).items()
            for turn in self.turns(aim.measure)
        ]
        return pd.DataFrame(rows, columns=["objective", *Turn.__annotations__])

    def worlds_table(self) -> pd.DataFrame:
        """Return mean, median world and thirds of worlds by volume of each effect; columns of ``worlds.csv``."""
        return tables.worlds(self)

    def assumptions_table(self) -> pd.DataFrame:
        """Return what each effect hangs on most, and what it is at both ends; columns of ``assumptions.csv``."""
        return tables.assumed(self)

    def variance_table(self) -> pd.DataFrame:
        """Return the split of variance of deliveries and of each effect on them; columns of ``variance.csv``."""
        import pandas as pd

        return pd.DataFrame([{"policy": arm, **asdict(self.variance_split(arm))} for arm in (BASELINE, *self.arms)])

    def given(self, given: Conditions) -> Self:
        """Return the study of the worlds whose baseline fulfils conditions; of other decision rules, the same worlds.

        See `Comparison.given`.
        """
        chosen = super().given(given)
        here = {pair[0].pair for pair in chosen.runs}
        by_rule = {
            rule: replace(member, runs=[pair for pair in member.runs if pair[0].pair in here], left=chosen.left)
            for rule, member in self.by_rule.items()
        }
        return replace(chosen, by_rule=by_rule)

    def only(self, arms: Iterable[str]) -> Self:
        """Return the study of some of the arms, in the order given."""
        arms = self._some(arms)
        return replace(
            super().only(arms),
            replicates=self._chosen(self.replicates, arms),
            by_rule={rule: member.only(arms) for rule, member in self.by_rule.items()},
        )
