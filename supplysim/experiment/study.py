"""A comparison with what one needs to trust and to use it: precision reached, split of variance, ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.comparison import Comparison, Yearly
from supplysim.experiment.ensemble import BASELINE
from supplysim.experiment.precision import MEASURE, half_widths, widest
from supplysim.experiment.ranking import AS_IT_STANDS, Rank, choices, rank
from supplysim.experiment.variance import VarianceSplit, split
from supplysim.outputs.measures import over_years

if TYPE_CHECKING:
    import pandas as pd

    from supplysim.experiment.attribution import Attribution
    from supplysim.experiment.laboratory import Pair

ALL_RULES = "all"


@dataclass(frozen=True, eq=False)
class Study(Comparison):
    """A comparison, and the runs that say how far to trust it.

    Attributes
    ----------
    precision : float or None
        Half-width of the effects on deliveries that was asked for, over the baseline; None for a fixed number of pairs.
    replicates : list of tuple of Run
        The first pairs' parameters under another seed, see `variance`.
    by_rule : dict of str to Comparison
        The same comparison under each decision rule, this one's own included; empty unless asked for.
    reused : int
        Runs that were in the store already.
    """

    precision: float | None = None
    replicates: Sequence[Pair] = ()
    by_rule: Mapping[str, Comparison] = field(default_factory=dict)
    reused: int = 0

    @property
    def reached(self) -> float:
        """Widest half-width of the effects on deliveries over the baseline, under any decision rule."""
        return max(map(widest, [self, *self.by_rule.values()]), key=lambda width: (np.isnan(width), width))

    def variance_split(self, arm: str, measure: str = MEASURE, year: str | None = None) -> VarianceSplit:
        """Return where the variance of an arm's effect comes from; of the level itself for ``"baseline"``."""
        year = self.window if year is None else year
        position = [BASELINE, *self.arms].index(arm)

        def of(pairs: Sequence[Pair]) -> np.ndarray:
            names = self.policy_years if year == self.window else (int(year),)
            years = [self.years.index(name) for name in names]
            sides = [over_years(measure, Yearly([pair[place] for pair in pairs]), years) for place in (0, position)]
            return sides[1] - sides[0] if position else sides[0]

        places = {pair[0].pair: pair for pair in self.runs}
        groups = [(places[again[0].pair], again) for again in self.replicates if again[0].pair in places]
        nothing = np.zeros(0)
        first, second = (of(side) for side in zip(*groups, strict=True)) if groups else (nothing, nothing)
        return split(of(self.runs), first, second)

    def ranking(self, rule: str | None = None) -> list[Rank]:
        """Return the choices ranked, over the pairs and over the decision rules that were run, or under one of them."""
        members = [self.by_rule[rule]] if rule is not None else [*self.by_rule.values()] or [self]
        common = set.intersection(*({pair[0].pair for pair in member.runs} for member in members))

        def delivered(arm: str) -> np.ndarray:
            rows = []
            for member in members:
                kept = [pair[0].pair in common for pair in member.runs]
                rows.append(member.values(arm, MEASURE, member.window)[kept])
            return np.array(rows)

        return rank({AS_IT_STANDS: delivered(BASELINE)} | {arm: delivered(arm) for arm in choices(self.arms)})

    def ranking_table(self) -> pd.DataFrame:
        """Return one row a rule (and all of them together) and choice; columns of ``ranking.csv``."""
        import pandas as pd

        own = self.scenario.rules.decision
        rules = {ALL_RULES: None, **{rule: rule for rule in self.by_rule}} if self.by_rule else {own: None}
        return pd.DataFrame(
            [{"rule": name, **asdict(one)} for name, rule in rules.items() for one in self.ranking(rule)]
        )

    def variance_table(self) -> pd.DataFrame:
        """Return the split of variance of deliveries and of each effect on them; columns of ``variance.csv``."""
        import pandas as pd

        return pd.DataFrame([{"policy": arm, **asdict(self.variance_split(arm))} for arm in (BASELINE, *self.arms)])

    def only(self, arms: Iterable[str]) -> Study:
        """Return the study of some of the arms, in the order given."""
        arms = list(arms)
        columns = [0, *([*self.arms].index(arm) + 1 for arm in arms)]
        return replace(
            self,
            arms={arm: self.arms[arm] for arm in arms},
            runs=[tuple(pair[column] for column in columns) for pair in self.runs],
            replicates=[tuple(pair[column] for column in columns) for pair in self.replicates],
            by_rule={rule: member.only(arms) for rule, member in self.by_rule.items()},
        )

    def save(self, folder: str | Path, attributions: Sequence[Attribution] = ()) -> list[Path]:
        """Write tables, figures, report and provenance into a folder; return the files written.

        With `attributions`, what the packages are made of as well.
        """
        from supplysim.report.files import save

        return save(self, folder, attributions)

    def document(self) -> dict[str, Any]:
        """Return the comparison over the window as tables of names and numbers, with what tells how far to trust it."""
        return super().document() | {
            "precision": {"asked": self.precision, "reached": self.reached, "by_policy": half_widths(self)},
            "ranking": [{"rule": row.pop("rule"), **row} for row in self.ranking_table().to_dict("records")],
            "variance": self.variance_table().to_dict("records"),
        }
