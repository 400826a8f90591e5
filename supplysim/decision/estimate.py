"""What it is worth to know something, estimated: fits to the worlds, to the worlds in other orders, and resampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from supplysim.decision.choices import Choices
from supplysim.decision.smooth import Smoother, scores_of, spline, wild
from supplysim.decision.sources import Sources, sources_of
from supplysim.decision.telling import telling

PERMUTED, RESAMPLED = 100, 100
LOW, HIGH = 0.05, 0.95
CHANCE = 0.90  # quantile of the most valuable group under permutation
FAINT = 0.3  # of the line of a factor in a group that does not tell the options apart: it is shrunk so much more
BINS = 64  # of worlds along a straight line: enough for its mean gain
FEWEST = 32  # worlds
EVERYTHING = "everything"


@dataclass(frozen=True)
class Worth:
    """What it is worth to know something before choosing.

    Attributes
    ----------
    name : str
        A factor, a state, a group, or `EVERYTHING`.
    kind : {"factor", "state", "group", "everything"}
    value, low, high : float
        In the objective's unit over the window, with the 90 % interval.
    relative : float
        `value` over the mean of the baseline.
    dollars : float or None
        `value` at the stated worth of a unit, US$; None if none was stated.
    clear : bool
        Whether chance among all of its kind would hardly bring so much about.
    sources : Sources
        Who would tell.
    """

    name: str
    kind: str
    value: float
    low: float
    high: float
    relative: float
    dollars: float | None
    clear: bool
    sources: Sources


class Estimate(NamedTuple):
    """What it is worth to know something; what its fit finds, and in each permutation."""

    worth: Worth
    raw: float
    by_chance: np.ndarray


def clear(groups: Sequence[Estimate]) -> list[Worth]:
    """Return groups, clear if their fit finds more than the best of them does by chance (Westfall and Young 1993)."""
    if not groups:
        return []
    bar = float(np.quantile(np.max([one.by_chance for one in groups], axis=0), CHANCE))
    return [replace(one.worth, clear=one.raw > bar) for one in groups]


class Worlds:
    """What each option is behind the best by mean in every world, and what the telling factors explain of it."""

    def __init__(self, choices: Choices, objective: str, seed: int) -> None:
        self.choices, self.weight = choices, choices.weights
        self.values = choices.of(objective)
        self.behind = self.values - self.values[:, [choices.best(objective)]]
        stream = np.random.default_rng(seed)
        worlds = choices.worlds
        self.orders = np.column_stack([stream.permutation(worlds) for _ in range(PERMUTED)])
        self.signs = stream.choice([-1.0, 1.0], size=(worlds, RESAMPLED))
        pairs, place = np.unique(choices.pair, return_inverse=True)
        self.counts = stream.multinomial(len(pairs), np.full(len(pairs), 1.0 / len(pairs)), RESAMPLED)[:, place]
        self.found_by_chance: dict[tuple[bytes, object], np.ndarray] = {}
        self.telling = telling(choices, objective) if worlds >= FEWEST else []
        self.explained, self.rest = self._explained()

    def _explained(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return what each telling factor and each state explains, and what all leave, each shape (worlds, options)."""
        columns = {name: spline(self._scores(name)) for name in self.telling}
        columns |= {name: self._values(name) for name in self.choices.states}
        if not columns:
            return {}, self.behind
        model = Smoother(np.hstack([*columns.values()]), self.weight)
        coefficients = model.coefficients(self.behind)
        ends = np.cumsum([one.shape[1] for one in columns.values()])[:-1]
        parts = zip(np.split(model.columns, ends, axis=1), np.split(coefficients, ends), strict=True)
        explained = {name: part @ own for name, (part, own) in zip(columns, parts, strict=True)}
        return explained, self.behind - sum(explained.values())

    def _scores(self, name: str) -> np.ndarray:
        return scores_of(self.choices.factors[name].to_numpy(dtype=float))

    def _values(self, name: str) -> np.ndarray:
        """Return a column for each value of a state, 1 where a world has it."""
        own = self.choices.states[name]
        return np.column_stack([(own == value).to_numpy(dtype=float) for value in sorted(own.unique())])

    def of_factors(self, name: str, kind: str, names: Sequence[str]) -> Estimate:
        """Return what it is worth to know some factors: of many, those that do not tell count for little."""
        columns = []
        for one in names:
            scores = self._scores(one)
            columns.append(spline(scores) if one in self.telling or len(names) == 1 else FAINT * scores[:, None])
        found = self._estimate(name, kind, np.hstack(columns), names)
        if kind == "factor" and name not in self.telling:
            return found._replace(worth=replace(found.worth, clear=False))
        return found

    def of_states(self, name: str, kind: str, names: Sequence[str]) -> Estimate:
        """Return what it is worth to know some states."""
        return self._estimate(name, kind, np.hstack([self._values(one) for one in names]), names)

    def _estimate(self, name: str, kind: str, columns: np.ndarray, names: Sequence[str]) -> Estimate:
        target = self.rest + sum(self.explained[one] for one in names if one in self.explained)
        deaf = self.choices.deaf(names)
        if deaf[0]:  # settings of levers that the baseline has not: what an option without them changes is the same
            target = target - target[:, [0]]
            target[:, deaf] = self.weight @ target[:, deaf]
        model = Smoother(columns, self.weight)
        fitted = model.fitted(target)
        raw = float(self._gain(fitted[:, :, None])[0])
        alone = len(names) == 1 and names[0] not in self.explained
        key = (deaf.tobytes(), np.sort(columns[:, 0]).tobytes() if alone else (*names,))
        by_chance = self._by_chance(model, target, key)
        average = float(by_chance.mean())
        value = max(raw - average, 0.0)
        above = float(np.quantile(by_chance, HIGH))
        low, high = max(raw - above, 0.0), value + max(above - average, 0.0)
        if low > 0.0:
            again = self._gain(self._fitted(model, wild(fitted, target, self.signs)))
            down, up = value + np.quantile(again - again.mean(), (LOW, HIGH))
            low, high = float(np.clip(down, 0.0, low)), max(float(up), high)
        if kind == "factor":
            high = max(high, self._at_most(columns[:, 0], target))
        worth = Worth(name, kind, value, low, high, np.nan, None, raw > above, sources_of(name, kind))
        return Estimate(worth, raw, by_chance)

    def _by_chance(self, model: Smoother, target: np.ndarray, key: tuple[bytes, object]) -> np.ndarray:
        """Return what the fit finds with the worlds in other orders, shape (permutations,).

        Factors by themselves that do not tell have the same target, and columns that are the same but for their order:
        chance makes the same of all of them, and they share a key.
        """
        if key not in self.found_by_chance:
            permuted = np.stack([column[self.orders] for column in target.T], axis=1)
            self.found_by_chance[key] = self._gain(self._fitted(model, permuted))
        return self.found_by_chance[key]

    def _at_most(self, line: np.ndarray, target: np.ndarray) -> float:
        """Return the 95 % point over resampled worlds of what a straight line finds that is not shrunk.

        A fit that is shrunk to nothing says that a factor may be worth nothing, and not how much it may be worth.
        """
        away = line - self.weight @ line
        onto = away * self.weight / max(self.weight @ away**2, 1e-12)
        middle, slope = self.weight @ target, onto @ target
        rest = target - middle - np.outer(away, slope)
        means = middle[:, None] + (self.weight[:, None] * rest).T @ self.signs
        slopes = slope[:, None] + (onto[:, None] * rest).T @ self.signs
        bins = np.array_split(np.argsort(away, kind="stable"), min(BINS, len(away)))
        weight = np.array([self.weight[here].sum() for here in bins])
        at = np.array([self.weight[here] @ away[here] for here in bins]) / np.maximum(weight, 1e-12)
        least = (means + np.multiply.outer(at, slopes)).min(axis=1)
        return float(np.quantile(means.min(axis=0) - weight @ least, HIGH))

    def everything(self) -> Worth:
        """Return the mean regret of the best option by mean, with its 90 % interval over resampled worlds."""
        weights = self.counts * self.weight
        weights = weights / weights.sum(axis=1, keepdims=True)
        least = self.values.min(axis=1)
        low, high = np.quantile((weights @ self.values).min(axis=1) - weights @ least, (LOW, HIGH))
        value = float((self.weight @ self.values).min() - self.weight @ least)
        of = EVERYTHING
        return Worth(of, of, value, float(low), float(high), np.nan, None, value > 0.0, sources_of(of, of))

    def _fitted(self, model: Smoother, targets: np.ndarray) -> np.ndarray:
        return model.fitted(targets.reshape(len(self.weight), -1)).reshape(targets.shape)

    def _gain(self, fitted: np.ndarray) -> np.ndarray:
        """Return what it is worth to choose by a fit, shape (samples,), of the shape (worlds, options, samples)."""
        means = np.tensordot(self.weight, fitted, axes=1)
        return means.min(axis=0) - self.weight @ fitted.min(axis=1)
