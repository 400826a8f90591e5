"""What is known about a package: quantiles of both worlds and of the paired difference, exact or estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from supplysim.experiment.adjustment import Adjustment
from supplysim.experiment.ledger import displacement, mean_ledger
from supplysim.experiment.statistics import Interval, known_means, known_quantiles, relative_changes
from supplysim.experiment.unit_cost import cost_per_unit
from supplysim.outputs.measures import over_years
from supplysim.outputs.periods import Period
from supplysim.outputs.quarters import columns
from supplysim.run import Run

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
LOW, LOWER, MIDDLE, UPPER, HIGH = range(5)
HUNDRED = np.arange(0.5, 100.0) / 100.0  # levels of a hundred worlds
WINDOW = "window"
VOLUMES = ("delivered", "delivered_h100e")
LEDGER = ("prevented", "substituted", "intercepted", "blocked", "delayed", "rerouted_memo", "disabled_memo")
SUBSTITUTES = ("licensed", "rented", "domestic", "none")


NO_INTERVAL = Interval(np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Effect:
    """One measure in one year: quantiles (5,) of both worlds and of the difference, and how many pairs fell.

    `relative` is the mean difference over the mean of the world as it stands, with its 90 % interval: what the command
    line tells of the same pairs. An estimate has no interval. `level` is that mean, `mean` the mean difference: unlike
    quantiles, they add up over quarters, parts and places.
    """

    base: np.ndarray
    policy: np.ndarray
    diff: np.ndarray
    down: float  # share of pairs
    up: float
    relative: Interval = NO_INTERVAL
    level: float = np.nan
    mean: float = np.nan


_NOTHING = np.full(LEVELS.size, np.nan)
UNKNOWN = Effect(_NOTHING, _NOTHING, _NOTHING, 0.0, 0.0)  # of a measure that the estimate was not trained on


@dataclass(frozen=True)
class Summary:
    """A package against the scenario as it stands.

    Attributes
    ----------
    status : str
        ``"exact"`` or ``"estimate"``.
    pairs : int
        Pairs behind it (behind the training, for an estimate).
    years : tuple of int
    first_quarter : int
        First quarter of the policy window.
    series_base, series_policy, series_diff : dict of str to ndarray
        Column of a quarter -> quantiles, shape (5, quarters).
    mean_base, mean_diff : dict of str to ndarray
        Means over pairs of the same, shape (quarters,).
    worlds : dict of str to ndarray
        Of deliveries by unit: the difference over the window in a hundred worlds, the lowest first, shape (100,).
    effects : dict of (str, str) to Effect
        By measure, and year or ``"window"``.
    ledger : dict of str to float
        Mean ledger, chips.
    cost : dict
        government, industry (US$, discounted, mean), per_chip (estimate, low, high), verdict.
    """

    status: str
    pairs: int
    years: tuple[int, ...]
    first_quarter: int
    series_base: dict[str, np.ndarray]
    series_policy: dict[str, np.ndarray]
    series_diff: dict[str, np.ndarray]
    effects: dict[tuple[str, str], Effect]
    ledger: dict[str, float]
    cost: dict[str, Any]
    mean_base: dict[str, np.ndarray] = field(default_factory=dict)
    mean_diff: dict[str, np.ndarray] = field(default_factory=dict)
    worlds: dict[str, np.ndarray] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()  # of the rows of a year; none: all are calendar years

    def called(self, year: int) -> str:
        """Return what the row of a year is called: the year, or its days if it is no calendar year."""
        return next((period.label for period in self.periods if period.key == year), str(year))

    def effect(self, measure: str, year: str | int) -> Effect:
        """Return the effect on a measure in a year, the window if that year does not exist; unknown: all NaN."""
        return self.effects.get((measure, str(year))) or self.effects.get((measure, WINDOW)) or UNKNOWN


def summarise(
    base: Sequence[Run],
    policy: Sequence[Run],
    policy_years: Sequence[int],
    first_week: int,
    periods: tuple[Period, ...] = (),
    adjustment: Adjustment | None = None,
) -> Summary:
    """Return what a set of pairs says; `base` and `policy` are of the same pairs in the same order.

    `periods` are the rows of a year, by which a part of a year counts for what it is; none: all are whole.
    `adjustment` takes what is known of the pairs off the intervals, see `Comparison.adjustment`.
    """
    a, b = (np.array([run.quarters[:, : len(columns())] for run in side]) for side in (base, policy))
    years = base[0].years
    qa, qb, qd = known_quantiles(a, LEVELS), known_quantiles(b, LEVELS), known_quantiles(b - a, LEVELS)
    names = list(base[0].yearly)
    ya = {name: np.array([run.yearly[name] for run in base]) for name in names}
    yb = {name: np.array([run.yearly[name] for run in policy]) for name in names}
    window = [years.index(year) for year in policy_years]
    spans = {**{str(year): [place] for place, year in enumerate(years)}, WINDOW: window}
    keys = [(name, key) for name in names for key in spans]
    weeks = {key: [periods[place].weeks for place in places] if periods else [] for key, places in spans.items()}
    va = np.array([over_years(name, ya, spans[key], weeks[key]) for name, key in keys]).T
    vb = np.array([over_years(name, yb, spans[key], weeks[key]) for name, key in keys]).T
    unknown = ~(np.isfinite(va) & np.isfinite(vb))
    relative = _relative(va, vb, ~unknown, adjustment)
    va[unknown] = vb[unknown] = np.nan
    levels, changes = known_means(va), known_means(vb - va)
    ea, eb, ed = known_quantiles(va, LEVELS), known_quantiles(vb, LEVELS), known_quantiles(vb - va, LEVELS)
    known = np.maximum((~unknown).sum(axis=0), 1)
    down, up = (vb < va).sum(axis=0) / known, (vb > va).sum(axis=0) / known
    effects = {
        key: Effect(
            ea[:, i], eb[:, i], ed[:, i], float(down[i]), float(up[i]), relative[i], float(levels[i]), float(changes[i])
        )
        for i, key in enumerate(keys)
    }
    mean_a, mean_d = known_means(a), known_means(b - a)
    hundred = known_quantiles((vb - va)[:, [keys.index((name, WINDOW)) for name in VOLUMES]], HUNDRED)
    ledgers = [displacement(x.account, y.account) for x, y in zip(base, policy, strict=True)]
    mean = mean_ledger(ledgers)
    costs = np.array(
        [
            (y.account.government_cost - x.account.government_cost, y.account.industry_cost - x.account.industry_cost)
            for x, y in zip(base, policy, strict=True)
        ]
    )
    chip = cost_per_unit(costs.sum(axis=1), [ledger.prevented for ledger in ledgers]) if len(base) > 1 else None
    return Summary(
        status="exact",
        pairs=len(base),
        years=years,
        first_quarter=first_week // 13,
        series_base={name: qa[:, :, i] for i, name in enumerate(columns())},
        series_policy={name: qb[:, :, i] for i, name in enumerate(columns())},
        series_diff={name: qd[:, :, i] for i, name in enumerate(columns())},
        mean_base={name: mean_a[:, i] for i, name in enumerate(columns())},
        mean_diff={name: mean_d[:, i] for i, name in enumerate(columns())},
        worlds={name: hundred[:, i] for i, name in enumerate(VOLUMES)},
        effects=effects,
        ledger={name: float(getattr(mean, name)) for name in LEDGER} | dict(mean.substitutes),
        cost={
            "government": float(costs[:, 0].mean()),
            "industry": float(costs[:, 1].mean()),
            "per_chip": (chip.estimate, chip.low, chip.high) if chip else (np.nan, np.nan, np.nan),
            "verdict": chip.verdict if chip else "no clear effect",
        },
        periods=periods,
    )


def _relative(base: np.ndarray, policy: np.ndarray, known: np.ndarray, adjustment: Adjustment | None) -> list[Interval]:
    """Return the relative change of every column of (pairs, columns), over the pairs in which both sides are known."""
    found = [NO_INTERVAL] * known.shape[1]
    whole = np.flatnonzero(known.all(axis=0))
    together = relative_changes(base[:, whole].T, policy[:, whole].T, adjustment)
    for place, value, low, high in zip(whole, together.value, together.low, together.high, strict=True):
        found[place] = Interval(float(value), float(low), float(high))
    for place in np.flatnonzero(known.any(axis=0) & ~known.all(axis=0)):
        here = known[:, place]
        part = relative_changes(base[None, here, place], policy[None, here, place])
        found[place] = Interval(float(part.value[0]), float(part.low[0]), float(part.high[0]))
    return found
