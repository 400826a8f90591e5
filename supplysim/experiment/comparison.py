"""The result of a comparison: effects, ledger and costs of every policy, as tables and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplysim.experiment.cost import DISCOUNT_RATE, CostPerChip, cost_per_chip
from supplysim.experiment.ledger import ENTRIES, Ledger, displacement, mean_ledger
from supplysim.experiment.statistics import PairedEffect, paired_effect
from supplysim.experiment.totals import total

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from supplysim.experiment.ensemble import Run
    from supplysim.policies.base import Policy
    from supplysim.scenario import Scenario

COST_PER_CHIP = "cost_per_chip_prevented"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every policy against the scenario as it stands, pair by pair.

    Attributes
    ----------
    scenario : Scenario
    arms : dict of str to tuple of Policy
        What was compared, by name.
    runs : list of tuple of Run, length pairs
        The baseline of each pair first, then the arms in their order.
    draws : list of dict
        Parameters of each pair that was asked for.
    seed : int
        Seed of the first pair.
    parameters, rule : str
        As asked for; `rule` is None for the scenario's own.
    first_week : int
        First week of the window of ledger and costs.
    wall_time : float
        Seconds the runs took.
    """

    scenario: Scenario
    arms: dict[str, tuple[Policy, ...]]
    runs: list[tuple[Run, ...]]
    draws: list[dict[str, float]]
    seed: int
    parameters: str
    rule: str | None
    first_week: int
    wall_time: float

    @property
    def pairs(self) -> int:
        """Number of finished pairs."""
        return len(self.runs)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the yearly measures."""
        return tuple(self.runs[0][0].yearly)

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the scenario."""
        return self.runs[0][0].years

    @property
    def policy_years(self) -> tuple[int, ...]:
        """Calendar years from the one most of the first policy week lies in."""
        first = (self.scenario.start + timedelta(weeks=self.first_week, days=3)).year
        return tuple(year for year in self.years if year >= first)

    @property
    def window(self) -> str:
        """Name of these years taken together, for example ``2025-2026``."""
        first, last = self.policy_years[0], self.policy_years[-1]
        return str(first) if first == last else f"{first}-{last}"

    def values(self, arm: str, measure: str, year: str) -> np.ndarray:
        """Return a measure of an arm (or ``"baseline"``) in a year or the window, shape (pairs,)."""
        names = self.policy_years if year == self.window else (int(year),)
        years = [self.years.index(name) for name in names]
        return total(measure, self._yearly[arm], years)

    def effect(self, arm: str, measure: str = "delivered", year: str | None = None) -> PairedEffect:
        """Return the paired effect of an arm on a measure, in a year or (default) the window."""
        year = self.window if year is None else year
        return paired_effect(self.values("baseline", measure, year), self.values(arm, measure, year))

    @cached_property
    def _yearly(self) -> dict[str, dict[str, np.ndarray]]:
        """Arm -> measure -> values, shape (pairs, years)."""
        return {
            runs[0].arm: {name: np.array([run.yearly[name] for run in runs]) for name in self.measures}
            for runs in zip(*self.runs, strict=True)
        }

    @cached_property
    def ledgers(self) -> dict[str, list[Ledger]]:
        """Arm -> displacement ledger of each pair."""
        return {
            arm: [displacement(pair[0].account, pair[column].account) for pair in self.runs]
            for column, arm in enumerate(self.arms, start=1)
        }

    def extra_costs(self, arm: str) -> np.ndarray:
        """Return what an arm costs beyond the baseline, US$ discounted to its start, shape (pairs, 2).

        The columns are government and industry.
        """
        column = [*self.arms].index(arm) + 1
        accounts = [(pair[0].account, pair[column].account) for pair in self.runs]
        return np.array(
            [(b.government_cost - a.government_cost, b.industry_cost - a.industry_cost) for a, b in accounts]
        )

    def cost_per_chip(self, arm: str) -> CostPerChip:
        """Return the discounted cost of an arm for each chip it prevents over the window."""
        prevented = [ledger.prevented for ledger in self.ledgers[arm]]
        return cost_per_chip(self.extra_costs(arm).sum(axis=1), prevented)

    def table(self) -> pd.DataFrame:
        """Return one row a policy, measure and year; years are the calendar years and the window.

        Columns are those of ``comparison.csv``. `effect` is policy minus baseline; see `PairedEffect`, and
        `totals.total` for how years are taken together. The row ``cost_per_chip_prevented`` is a
        ratio of means over the window, so its median and mean are that ratio and its p05 and p95 the
        ends of the 90 % interval; all are NaN where the fall is not clear.
        """
        import pandas as pd

        return pd.DataFrame([row for arm in self.arms for row in self._rows(arm)])

    def ledger(self) -> pd.DataFrame:
        """Return the mean displacement ledger of each policy, chips; columns of ``ledger.csv``."""
        import pandas as pd

        means = {arm: mean_ledger(ledgers) for arm, ledgers in self.ledgers.items()}
        return pd.DataFrame(
            [{"policy": arm, **{entry: getattr(mean, entry) for entry in ENTRIES}} for arm, mean in means.items()]
        )

    def run_table(self) -> pd.DataFrame:
        """Return one row a run and year: pair, policy, seed, parameters, year, and every measure."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "pair": run.pair,
                    "policy": run.arm,
                    "seed": run.seed,
                    "parameters": run.parameters_hash,
                    "year": year,
                    **{measure: values[position] for measure, values in run.yearly.items()},
                    **{f"parameter:{name}": value for name, value in self.draws[run.pair].items()},
                }
                for pair in self.runs
                for run in pair
                for position, year in enumerate(run.years)
            ]
        )

    def plot(self) -> Figure:
        """Return the figure: change by policy, and the baseline against the published range."""
        from supplysim.experiment.figure import draw

        return draw(self)

    def save(self, folder: str | Path) -> list[Path]:
        """Write tables, figure, report and provenance into a folder; return the files written."""
        from supplysim.experiment.files import save

        return save(self, folder)

    def to_json(self) -> str:
        """Return the comparison over the window as JSON; what is undefined is null."""
        document = {
            "scenario": self.scenario.name,
            "pairs": self.pairs,
            "seed": self.seed,
            "parameters": self.parameters,
            "policies": [self._summary(arm) for arm in self.arms],
        }
        return json.dumps(_finite(document), indent=2)

    def _rows(self, arm: str) -> list[dict[str, Any]]:
        years = dict.fromkeys([*map(str, self.years), self.window])  # a window of one year is that year
        rows = [
            _row(arm, measure, year, self.effect(arm, measure, year)) for measure in self.measures for year in years
        ]
        cost = self.cost_per_chip(arm)
        ratio = dict.fromkeys(("policy_median", "effect_median", "effect_mean"), cost.estimate)
        bounds = {"effect_p05": cost.low, "effect_p95": cost.high}
        fall = self.effect(arm)
        counts = {"pairs": fall.pairs, "pairs_down": fall.pairs_down}
        blank = dict.fromkeys(rows[0], np.nan)
        return [
            *rows,
            {**blank, "policy": arm, "measure": COST_PER_CHIP, "year": self.window, **ratio, **bounds, **counts},
        ]

    def _summary(self, arm: str) -> dict[str, Any]:
        effects = {measure: self.effect(arm, measure) for measure in self.measures}
        mean = mean_ledger(self.ledgers[arm])
        government, industry = self.extra_costs(arm).mean(axis=0)
        cost = self.cost_per_chip(arm)
        return {
            "name": arm,
            "effects": {
                measure: {"median": e.median, "p05": e.p05, "p95": e.p95, "relative": e.relative}
                for measure, e in effects.items()
            },
            "ledger": {
                **{entry: getattr(mean, entry) for entry in ENTRIES},
                "disabled_memo": mean.disabled_memo,
                "substitutes": mean.substitutes,
            },
            "cost": {
                "government": float(government),
                "industry": float(industry),
                "discount_rate": DISCOUNT_RATE,
                "per_chip_prevented": {"estimate": cost.estimate, "low": cost.low, "high": cost.high},
                "verdict": cost.verdict,
            },
        }


def _row(arm: str, measure: str, year: str, effect: PairedEffect) -> dict[str, Any]:
    return {
        "policy": arm,
        "measure": measure,
        "year": year,
        "baseline_median": effect.baseline_median,
        "policy_median": effect.policy_median,
        "effect_median": effect.median,
        "effect_p05": effect.p05,
        "effect_p95": effect.p95,
        "effect_mean": effect.mean,
        "effect_se": effect.standard_error,
        "relative_effect": effect.relative,
        "pairs": effect.pairs,
        "pairs_down": effect.pairs_down,
        "variance_ratio": effect.variance_ratio,
    }


def _finite(value: Any) -> Any:
    """Return a JSON document with null for NaN and infinity, which JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
