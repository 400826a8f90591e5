"""How much of a package's effect each of its policies brings, and which of them get in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.comparison import Comparison
from supplysim.experiment.objectives import OBJECTIVES
from supplysim.experiment.shapley import Coalitions
from supplysim.experiment.statistics import NO_EFFECT, PairedEffect, paired_effect
from supplysim.run import BASELINE

if TYPE_CHECKING:
    import pandas as pd

_AIMS = (aim.measure for aim in OBJECTIVES.values())
ATTRIBUTED = tuple(dict.fromkeys([*_AIMS, "delivered_h100e", "seized", "disabled", "in_use_h100e"]))
PACKAGE = "package"


@dataclass(frozen=True, eq=False)
class Attribution:
    """The effect of a package divided among its policies by Shapley values, pair by pair.

    Attributes
    ----------
    study : Coalitions
    comparison : Comparison
        Has an arm for every coalition of the study.
    """

    study: Coalitions
    comparison: Comparison

    @cached_property
    def _arms(self) -> list[str]:
        """Arm of every coalition of the game."""
        arms = {frozenset(policies): arm for arm, policies in self.comparison.arms.items()}
        return [arms[frozenset(policies)] if policies else BASELINE for policies in self.study.coalitions]

    def values(self, measure: str = "delivered", year: str | None = None) -> np.ndarray:
        """Return what every coalition changes against the baseline, shape (coalitions, pairs).

        Pairs in which the measure of any coalition is unknown are left out.
        """
        year = self.comparison.window if year is None else year
        levels = np.array([self.comparison.values(arm, measure, year) for arm in self._arms])
        return (levels - levels[0])[:, np.isfinite(levels).all(axis=0)]

    def shapley(self, measure: str = "delivered", year: str | None = None) -> np.ndarray:
        """Return what each policy brings, shape (members, pairs); adds up to the package's effect in every pair."""
        return self.study.game.shapley(self.values(measure, year))

    def table(self, measure: str = "delivered", year: str | None = None) -> pd.DataFrame:
        """Return one row a policy and, last, the package.

        `value` is the mean over pairs of what the policy brings, policy minus baseline in the unit of the
        measure, with its standard error and 90 % interval; `share` that over the package's effect, where
        that is clear. `alone` is the policy by itself and `last` what it adds to all the others.
        `order_error` is the further standard error from sampling orders, 0 up to six policies.
        """
        import pandas as pd

        game, values = self.study.game, self.values(measure, year)
        together = _effect(values[game.row[game.everyone]])
        mean = together.mean if together.verdict != NO_EFFECT else np.nan
        head = {"package": self.study.name, "measure": measure, "year": year or self.comparison.window}
        rows = []
        errors = game.order_error(values)
        for i, (member, value) in enumerate(zip(self.study.members, game.shapley(values), strict=True)):
            effect = _effect(value)
            alone = _effect(values[game.row[1 << i]])
            last = _effect(values[game.row[game.everyone]] - values[game.row[game.everyone ^ 1 << i]])
            rows.append(
                {"member": member, **_columns("value", effect), "share": effect.mean / mean}
                | {**_columns("alone", alone), **_columns("last", last)}
                | {"order_error": errors[i], "verdict": effect.verdict, "pairs": effect.pairs}
            )
        whole = {"member": PACKAGE, **_columns("value", together), "share": mean / mean}
        rows.append(whole | {"verdict": together.verdict, "pairs": together.pairs})
        return pd.DataFrame([head | row for row in rows])

    def interactions(self, measure: str = "delivered", year: str | None = None) -> pd.DataFrame:
        """Return one row a pair of policies: what the two bring together beyond the sum of each.

        `index` is the Shapley interaction index, the mean over what else is in force (NaN where orders are
        sampled); `first_order` is v(both) − v(one) − v(other) + v(none). Where the measure falls, a negative
        sign means that they strengthen each other, a positive one that they do the same work twice.
        """
        import pandas as pd

        game, values = self.study.game, self.values(measure, year)
        head = {"package": self.study.name, "measure": measure, "year": year or self.comparison.window}
        rows = []
        for i, j in combinations(range(game.members), 2):
            index, first_order = _effect(game.interaction(i, j, values)), _effect(game.first_order(i, j, values))
            rows.append(
                head
                | {"first": self.study.members[i], "second": self.study.members[j]}
                | {**_columns("index", index), **_columns("first_order", first_order)}
                | {"verdict": (index if game.exact else first_order).verdict, "pairs": first_order.pairs}
            )
        return pd.DataFrame(rows)

    def document(self) -> dict[str, Any]:
        """Return the tables of the measures in `ATTRIBUTED` as lists of rows."""
        return {
            "package": self.study.name,
            "exact": self.study.game.exact,
            "members": all_measures(self, Attribution.table).to_dict("records"),
            "interactions": all_measures(self, Attribution.interactions).to_dict("records"),
        }


def all_measures(attribution: Attribution, table: Callable[[Attribution, str], pd.DataFrame]) -> pd.DataFrame:
    """Return a table of an attribution for each measure in `ATTRIBUTED` that the runs report."""
    import pandas as pd

    measures = [measure for measure in ATTRIBUTED if measure in attribution.comparison.measures]
    return pd.concat([table(attribution, measure) for measure in measures], ignore_index=True)


def attribution_tables(attributions: Sequence[Attribution]) -> dict[str, pd.DataFrame]:
    """Return the tables of some attributions, one below the other, by the names of their files."""
    import pandas as pd

    return {
        name: pd.concat([all_measures(each, table) for each in attributions])
        for name, table in (("attribution", Attribution.table), ("interactions", Attribution.interactions))
    }


def _effect(values: np.ndarray) -> PairedEffect:
    return paired_effect(np.zeros(values.size), values)


def _columns(name: str, effect: PairedEffect) -> dict[str, float]:
    ends = {f"{name}_se": effect.standard_error, f"{name}_low": effect.mean_low, f"{name}_high": effect.mean_high}
    return {name: effect.mean, **ends}
